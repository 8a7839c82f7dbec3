#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink and who it is to the receiver: AWS' signature."""

import hashlib
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import sigv4  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402


def sink(url, options):
    return ("{ id: out, type: http, from: oldest, batch: { max_age: 0s }, "
            "retry: { first: 10ms, most: 50ms }, "
            f"options: {{ url: \"{url}\", {options} }} }}")


def generator(samples=10, interval="50ms"):
    return f"{{ id: gen, plugin: generator, interval: {interval}, options: {{ samples: {samples} }} }}"


# ---- AWS ------------------------------------------------------------------------

# From AWS' test suite (aws-sig-v4-test-suite.zip, described at
# https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html).
SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SUITE_HOST, SUITE_DATE = ("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")
SUITE = [
    ("get-vanilla", "GET", "/", [], b"",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", [], b"",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("post-vanilla", "POST", "/", [], b"",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-x-www-form-urlencoded", "POST", "/",
     [("Content-Type", "application/x-www-form-urlencoded")], b"Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
]


def the_checker_knows_the_published_vectors(c):
    assert c
    for name, method, target, more, body, signature in SUITE:
        headers = [SUITE_HOST, SUITE_DATE, *more]
        canonical = sigv4.canonical_request(
            method, target, headers, sorted(key.lower() for key, _ in headers),
            hashlib.sha256(body).hexdigest())
        own = sigv4.sign(SUITE_SECRET, "20150830/us-east-1/service/aws4_request",
                         SUITE_DATE[1], canonical)
        assert own == signature, name


AWS = ("aws_sigv4: { region: eu-central-1, service: aoss, access_key: AKIDEXAMPLE, "
       "secret_key: \"sEcReT/+key\"%s }")


def requests_are_signed_for_aws(c):
    """What was packed, with parameters that need sorting and encoding, retried, and with a
    body beyond the megabyte from which libcurl asks before it sends."""
    rows = [
        ("", AWS % ""),
        ("", "compress: gzip, method: PUT, headers: { X-Team: mail }, "
         + AWS % ", session_token: \"to+ken/of=the session\""),
        ("", "query: { b: 1, a-b: \"x y&z=ä+/\", a: \"\", B: 2 }, " + AWS % ""),
        ("_bulk~1/x.y", "compress: zstd, " + AWS % ""),
    ]
    for path, options in rows:
        receiver = Receiver(lambda request, n: Answer() if n % 2 else Answer(503))
        c.config([generator(9000, "10s")], sinks=[sink(receiver.url("/" + path), options).replace(
            "max_age: 0s", "max_age: 0s, max_bytes: 8MiB")])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        assert receiver.values() == list(range(9000))
        for request in receiver.requests:
            sigv4.check(request, "AKIDEXAMPLE", "sEcReT/+key", "eu-central-1", "aoss")
            assert "session_token" not in options or (
                request.headers["X-Amz-Security-Token"] == "to+ken/of=the session")
            assert not request.path.startswith("/?") or request.path == (
                "/?B=2&a=&a-b=x%20y%26z%3D%C3%A4%2B%2F&b=1"), request.path
        shutil.rmtree(c.path("state"))
    assert max(len(request.sent) for request in receiver.requests) > 1000


# ---- what cannot be ---------------------------------------------------------------


def options_that_exclude_each_other_are_told(c):
    oauth2 = "oauth2: { token_url: \"https://t/t\", client_id: i, client_secret: s }"
    rows = [
        (f"bearer: x, {oauth2}", "'bearer' and 'oauth2' exclude each other"),
        ("basic: { user: x }, bearer: y", "'basic' and 'bearer' exclude each other"),
        (f"basic: {{ user: x }}, {AWS % ''}", "'basic' and 'aws_sigv4' exclude each other"),
        ("basic: { password: y }", "missing required option 'user'"),
        ("oauth2: { token_url: \"https://t/t\", client_id: i }",
         "missing required option 'client_secret'"),
        ("url: \"http://127.0.0.1/in?a=1&%64b=x\", query: { db: y }",
         "the parameter 'db' stands in 'url' already"),
        ("url: \"http://127.0.0.1/in?a=1\", " + AWS % "", "signs parameters in 'query'"),
        ("url: \"http://127.0.0.1/a%20b\", " + AWS % "", "can sign no path but"),
        ("url: \"http://127.0.0.1/a//b\", " + AWS % "", "can sign no path but"),
        ("url: \"ftp://127.0.0.1/\"", "'url' must begin with http:// or https://"),
        ("url: \"127.0.0.1/in\"", "'url' is no address"),
        ("url: \"http://127.0.0.1:99999/\"", "'url' is no address: Port number"),
        ("url: \"http://me:geheim@127.0.0.1/\"", "'url' must not name a user: set 'basic'"),
        ("url: \"https://127.0.0.1/\", tls: { server_name: \"a:b\" }", "'a:b' is no name of a host"),
        ("url: \"http://127.0.0.1/\", tls: { server_name: a }", "'server_name' needs an 'https://'"),
        ("url: \"https://127.0.0.1/\", oauth2: { token_url: x, client_id: i, client_secret: s }",
         "'oauth2.token_url' is no address"),
    ]
    for options, message in rows:
        text = sink("http://127.0.0.1/", options)
        if options.startswith("url:"):
            text = text.replace("url: \"http://127.0.0.1/\", ", "", 1)
        c.config([], sinks=[text])
        result = c.rookery("validate", c.path("rookery.yaml"))
        assert result.returncode == 2 and message in result.stderr, (options, result.stderr)
        assert "rookery.yaml:7:" in result.stderr, result.stderr
        c.config([], sinks=[text.replace("type: http,", "type: http, enabled: false,")])
        assert "exclude" not in c.rookery("validate", c.path("rookery.yaml")).stderr


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
