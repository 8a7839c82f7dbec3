# SPDX-License-Identifier: Apache-2.0
"""AWS Signature Version 4 as a receiver checks it, written from AWS' description alone
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)
and tried on its published test vectors (http_auth.py)."""

import hashlib
import hmac
import re
import urllib.parse

UNRESERVED = "-._~"  # beside letters and digits, which quote() leaves alone


def encode(text):
    return urllib.parse.quote(text, safe=UNRESERVED)


def canonical_query(query):
    """Names and values decoded, encoded again, sorted by name and then value."""
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    return "&".join(f"{name}={value}" for name, value in sorted(
        (encode(urllib.parse.unquote(name)), encode(urllib.parse.unquote(value)))
        for name, value in pairs))


def canonical_path(path):
    """Encoded once more as it was sent, but for S3, and without empty segments."""
    return re.sub("/+", "/", urllib.parse.quote(path, safe="/" + UNRESERVED)) or "/"


def canonical_request(method, target, headers, signed, payload_hash):
    """headers: a list of (name, value)."""
    path, _, query = target.partition("?")
    lines = []
    for name in signed:
        values = [" ".join(value.split()) for key, value in headers if key.lower() == name]
        assert values, f"'{name}' was signed and not sent"
        lines.append(f"{name}:{','.join(values)}\n")
    return "\n".join([method, canonical_path(path), canonical_query(query), "".join(lines),
                      ";".join(signed), payload_hash])


def sign(secret, scope, date, canonical):
    """The signature in hexadecimal digits; scope: DAY/REGION/SERVICE/aws4_request."""
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def check(request, access_key, secret, region, service):
    """Raises where the request's signature is not that of its method, target, headers and
    body, or leaves out what it must cover."""
    headers = request.headers.items()
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)",
        request.headers["Authorization"])
    assert found, request.headers["Authorization"]
    key, scope, names, signature = found.groups()
    signed, date = names.split(";"), request.headers["X-Amz-Date"]
    payload = hashlib.sha256(request.sent).hexdigest()
    assert key == access_key, key
    assert scope == f"{date[:8]}/{region}/{service}/aws4_request", scope
    assert signed == sorted(signed) and "host" in signed, signed
    assert {name.lower() for name in request.headers if name.lower().startswith("x-amz-")} <= set(
        signed), signed
    assert request.headers["X-Amz-Content-Sha256"] == payload
    own = sign(secret, scope, date, canonical_request(
        request.method, request.path, headers, signed, payload))
    assert own == signature, (own, signature, names, request.path, headers)
