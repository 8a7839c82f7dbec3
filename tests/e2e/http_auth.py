#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink and who it is to the receiver: tokens that are fetched, AWS' signature."""

import base64
import hashlib
import json
import os
import shutil
import signal
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import sigv4  # noqa: E402
from receiver import Answer, Receiver, Socket, read_request  # noqa: E402


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
    sizes = []
    for path, options in rows:
        samples = 500 if sizes else 4000
        receiver = Receiver(lambda request, n: Answer() if n % 2 else Answer(503))
        c.config([generator(samples, "10s")], sinks=[sink(receiver.url("/" + path), options).replace(
            "max_age: 0s", "max_age: 0s, max_bytes: 8MiB")])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        assert receiver.values() == list(range(samples))
        for request in receiver.requests:
            sigv4.check(request, "AKIDEXAMPLE", "sEcReT/+key", "eu-central-1", "aoss")
            assert "session_token" not in options or (
                request.headers["X-Amz-Security-Token"] == "to+ken/of=the session")
            assert not request.path.startswith("/?") or request.path == (
                "/?B=2&a=&a-b=x%20y%26z%3D%C3%A4%2B%2F&b=1"), request.path
        shutil.rmtree(c.path("state"))
        sizes.append(max(len(request.sent) for request in receiver.requests))
    assert sizes[0] > 1 << 20, sizes


# ---- OAuth 2.0 ---------------------------------------------------------------------


def granted(token="t-1", **more):
    return Answer(200, {"Content-Type": "application/json"},
                  json.dumps({"access_token": token, "token_type": "Bearer", **more}).encode())


def oauth2(tokens, more=""):
    return (f"oauth2: {{ token_url: \"{tokens.url('/token')}\", client_id: \"mail agent\", "
            f"client_secret: \"gehe&im:1\" {more} }}")


def bearers(receiver):
    return [request.headers["Authorization"] for request in receiver.requests]


def a_token_is_fetched_once_and_borne(c):
    for auth in ("basic", "body"):
        tokens = Receiver(lambda request, n: granted("AbC.-_~+/=", expires_in=3600))
        receiver = Receiver(lambda request, n: Answer() if n % 2 else Answer(500))
        c.config([generator(1000, "10s")], sinks=[sink(receiver.url(), oauth2(
            tokens, f", scope: \"metrics.write a&b\", audience: \"https://in\", client_auth: {auth}"))])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        assert receiver.values() == list(range(1000)) and len(receiver.requests) > 1
        assert set(bearers(receiver)) == {"Bearer AbC.-_~+/="}
        assert len(tokens.requests) == 1
        asked = tokens.requests[0]
        assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
        # Encoded, then a user and a password (RFC 6749, section 2.3.1).
        basic = "Basic " + base64.b64encode(b"mail%20agent:gehe%26im%3A1").decode()
        assert asked.headers["Authorization"] == (basic if auth == "basic" else None)
        assert asked.body.decode() == (
            "grant_type=client_credentials&scope=metrics.write%20a%26b&audience=https%3A%2F%2Fin"
            + ("&client_id=mail%20agent&client_secret=gehe%26im%3A1" if auth == "body" else ""))
        shutil.rmtree(c.path("state"))


def a_token_is_fetched_anew_before_it_ends(c):
    tokens = Receiver(lambda request, n: granted(f"t-{n}", expires_in="1" if n % 2 else 1))
    receiver = Receiver()
    c.config([generator(1, "10ms")], sinks=[sink(receiver.url(), oauth2(tokens))])
    agent = c.run_agent()
    e2e.wait_until(lambda: len(tokens.requests) >= 3)
    e2e.wait_until(lambda: "Bearer t-2" in bearers(receiver))
    assert agent.stop() == 0, agent.log()
    seen = bearers(receiver)
    assert seen == sorted(seen) and "cannot" not in agent.log(), agent.log()


def a_token_that_is_taken_back_is_fetched_anew_once(c):
    """Before the sink is parked, and again when it is tried again."""
    tokens = Receiver(lambda request, n: granted(f"t-{n}"))
    taken_back = {"Bearer t-0", "Bearer t-1", "Bearer t-2"}
    receiver = Receiver(lambda request, n: Answer(
        401 if request.headers["Authorization"] in taken_back else 204))
    c.config([generator(10, "10s")], sinks=[sink(receiver.url(), oauth2(tokens))])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert receiver.values() == list(range(10))
    # What was fetched for this very request and is refused is not fetched anew.
    assert bearers(receiver)[:4] == [f"Bearer t-{n}" for n in (0, 0, 1, 1)], bearers(receiver)
    assert "cannot send: HTTP 401 (failed 1 times)" in result.stderr, result.stderr
    assert "t-" not in result.stderr.replace("t-id", ""), result.stderr


def what_a_token_server_does_wrong_is_told(c):
    """Each of these comes once, then a token does, and nothing is lost."""
    long = b"{\"access_token\": \"" + b"x" * 70000 + b"\"}"
    rows = [
        (Answer(401, body=json.dumps({
            "error": "invalid_client", "error_description": "gehe&im:1 is\nwrong"}).encode()),
         "cannot get a token: HTTP 401: invalid_client: ********* is?wrong"),
        (Answer(400, body=b"{\"error\": \"invalid_scope\"}"),
         "cannot get a token: HTTP 400: invalid_scope"),
        (Answer(404, body=b"<html>"), "cannot get a token: HTTP 404"),
        (Answer(302, {"Location": "http://127.0.0.1:1/"}), "cannot get a token: HTTP 302"),
        (Answer(503), "cannot get a token: HTTP 503"),
        (Answer(200, close="instead"), "cannot get a token: Empty reply from server"),
        (Answer(200, body=long), "cannot get a token: the answer is longer than 64 KiB"),
        (Answer(200, body=b"<html>"), "cannot get a token: the answer is no JSON object"),
        (Answer(200, body=b"{}"), "cannot get a token: the answer has no 'access_token'"),
        (granted("a\r\nX: y"), "cannot get a token: the token cannot stand in a header"),
    ]
    for fault, message in rows:
        tokens = Receiver(lambda request, n, fault=fault: granted() if n else fault)
        receiver = Receiver()
        c.config([generator(10, "10s")], sinks=[sink(receiver.url(), oauth2(tokens))])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        assert message in result.stderr and "gehe" not in result.stderr, (message, result.stderr)
        assert receiver.values() == list(range(10)) and set(bearers(receiver)) == {"Bearer t-1"}
        shutil.rmtree(c.path("state"))


def whom_the_token_server_refuses_is_tried_slowly(c):
    def next_try(status):
        tokens = Receiver(lambda request, n: Answer(status))
        c.config([generator(10)], sinks=[sink(
            Receiver().url(), oauth2(tokens)).replace("most: 50ms", "most: 1h")])
        agent = c.run_agent()
        agent.wait_for_log("cannot get a token: ")
        agent.kill()
        line = next(line for line in agent.log().splitlines() if "cannot get" in line)
        os.remove(agent.log_path)
        shutil.rmtree(c.path("state"))
        return line.rpartition(" ")[2]

    assert next_try(401) == "1h" and next_try(400) == "1h" and next_try(503).endswith("ms")


def a_token_server_that_hangs_holds_up_nothing(c):
    """Neither the end of its sink nor a stop."""
    gone = threading.Event()

    def hangs(connection):
        read_request(connection)
        connection.recv(1)
        gone.set()

    tokens, receiver = Socket([hangs, hangs], None), Receiver()

    def configure(sinks):
        c.config([generator(10, "50ms")], sinks=sinks, agent="  stop_timeout: 300ms")

    for ends in (lambda agent: configure([]) or agent.process.send_signal(signal.SIGHUP),
                 lambda agent: agent.stop()):
        gone.clear()
        left = len(tokens.behaviours)
        configure([sink(receiver.url(), oauth2(tokens))])
        agent = c.run_agent()
        e2e.wait_until(lambda left=left: len(tokens.behaviours) < left)
        ends(agent)
        assert gone.wait(e2e.PATIENCE)
        assert agent.process.poll() is not None or agent.stop() in (0, 1), agent.log()
    assert receiver.requests == []


def nothing_that_a_receiver_repeats_tells_a_secret(c):
    def repeats(request, n):
        shown = [request.headers[name] or "" for name in ("Authorization", "X-Key")]
        return Answer(400 if n == 1 else 204 if n else 500, body=" ".join(shown).encode())

    rows = [("bearer: tok-geheim", "Bearer **********"),
            (oauth2(Receiver(lambda request, n: granted("tok-geheim"))), "Bearer **********"),
            ("secret_headers: [{ name: X-Key, value: tok-geheim }]", " **********")]
    for options, told in rows:
        c.config([generator(1, "10s")], sinks=[sink(Receiver(repeats).url(), options)])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        assert f"HTTP 500: {told}" in result.stderr and "geheim" not in result.stderr, result.stderr
        letters = c.read("state/dead-letters/out.ndjson")
        assert "HTTP 400" in letters and "geheim" not in letters, letters
        shutil.rmtree(c.path("state"))


def nor_does_what_a_store_says_of_one_record(c):
    item = {"index": {"status": 400, "error": {"type": "odd", "reason": "of Bearer tok-geheim"}}}
    says = json.dumps({"errors": True, "items": [item]}).encode()
    receiver = Receiver(lambda request, n: Answer(200, {"Content-Type": "application/json"}, says))
    tokens = Receiver(lambda request, n: granted("tok-geheim"))
    text = sink(receiver.url(), oauth2(tokens)).replace("http,", "http, format: elasticsearch,", 1)
    c.config([generator(1, "10s")], sinks=[text])
    result = c.run_once()
    letters = c.read("state/dead-letters/out.ndjson")
    assert "odd: of Bearer **********" in letters and "geheim" not in letters, letters
    assert "geheim" not in result.stderr, result.stderr


# ---- what cannot be ---------------------------------------------------------------


def options_that_exclude_each_other_are_told(c):
    oauth2 = "oauth2: { token_url: \"https://t/t\", client_id: i, client_secret: s }"
    rows = [
        (f"bearer: x, {oauth2}", "'bearer' and 'oauth2' exclude each other"),
        ("basic: { user: x }, bearer: y", "'basic' and 'bearer' exclude each other"),
        (f"basic: {{ user: x }}, {AWS % ''}", "'basic' and 'aws_sigv4' exclude each other"),
        ("redirects: 1, secret_headers: [{ name: X-Key, value: y }]",
         "'redirects' and 'secret_headers' exclude each other"),
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
