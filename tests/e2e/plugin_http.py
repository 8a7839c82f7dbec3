#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What plugins get of rk.http/1: the real binary, a plugin that asks what its options say,
and servers that check and misbehave."""

import base64
import email.utils
import gzip
import json
import os
import socket
import ssl
import stat
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import sigv4  # noqa: E402
from certificates import Certificates  # noqa: E402
from web import Reply, Web, closed_port, pour, wait_for_end  # noqa: E402


def collector(url, private=True, name="api", isolation="process", **options):
    options.setdefault("url", url)
    return json.dumps({"id": name, "plugin": "fetch", "private_addresses": private,
                       "isolation": isolation, "options": options})


def collect(c, url, private=True, status=0, arguments=(), **options):
    """Runs it once; returns the samples by their names, and what was said."""
    c.config([collector(url, private, **options)])
    result = c.rookery("collect", "api", "--once", "--print", "--config",
                       c.path("rookery.yaml"), *arguments)
    assert result.returncode == status, (result.returncode, result.stdout, result.stderr)
    found = {}
    for line in result.stdout.splitlines():
        record = json.loads(line)
        found.setdefault(record["metric"].removeprefix("test.http."), []).append(
            record["value"])
    return found, result.stderr


def fails(c, url, line, **options):
    """The operator's line says why."""
    _, said = collect(c, url, status=1, **options)
    assert line in said, said
    return said


# ---- asking ---------------------------------------------------------------


def an_order_is_sent_as_it_says(c):
    with Web(lambda request, n: Reply(201, "made", {"X-Thing": "1"})) as web:
        found, said = collect(
            c, web.url("/a/b?x=1#fragment"), method="PUT", body="{}", log_body=True,
            query={"from": "2026-11-01 &ü", "to": ""}, headers={"X-Team": "mail"})
        request, = web.requests
        assert request.method == "PUT" and request.body == b"{}"
        assert request.path == "/a/b?x=1&from=2026-11-01%20%26%C3%BC&to=", request.path
        assert request.headers["X-Team"] == "mail"
        assert request.headers["User-Agent"] == "rookery"
        assert request.headers["Content-Type"] is None and request.headers["Expect"] is None
        assert found["status"] == [201] and found["size"] == [4] and found["attempts"] == [1]
        assert found["first_byte"][0] > 0
        assert ": made" in said, said


def an_empty_body_is_told_as_such(c):
    with Web() as web:
        collect(c, web.url(), method="POST")
        assert web.requests[0].headers["Content-Length"] == "0"
        assert web.requests[0].headers["Content-Type"] is None


def packed_bodies_come_out_plain(c):
    with Web(lambda request, n: Reply(200, gzip.compress(b"x" * 1000),
                                      {"Content-Encoding": "gzip"})) as web:
        found, _ = collect(c, web.url())
        assert found["size"] == [1000]
        assert "gzip" in web.requests[0].headers["Accept-Encoding"]


# ---- servers that misbehave ------------------------------------------------


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HOSTILE = [
    ("slow headers", wait_for_end, "HTTP|timed out", {"timeout": "100ms"}),
    ("an endless body", pour(CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n"),
     "the body is larger than 1048576 bytes", {}),
    ("endless headers", pour(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"y" * 1000 + b"\r\n"),
     "the headers of the answer are larger", {}),
    ("an endless header", pour(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096), "", {}),
    ("a gzip bomb", Reply(200, gzip.compress(bytes(64 << 20)), {"Content-Encoding": "gzip"}),
     "the body is larger than 1048576 bytes", {}),
    ("no gzip", Reply(200, b"plain", {"Content-Encoding": "gzip"}), "encoding", {}),
    ("a body cut off", Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"),
     "transfer closed with 95 bytes remaining", {}),
    ("bad chunks", Reply(raw=CHUNKED + b"zz\r\nhello\r\n"), "", {}),
    ("garbage", Reply(raw=b"\x00\xff\x16garbage\r\n\r\n"), "HTTP/0.9", {}),
    ("nothing", Reply(raw=b""), "Empty reply from server", {}),
    ("headers cut off", Reply(raw=b"HTTP/1.1 200 OK\r\nX-A: 1\r\n"), "", {}),
    ("a loop", Reply(302, b"", {"Location": "/"}), "it is redirected more than 5 times",
     {"redirects": 5}),
    ("another scheme", Reply(302, b"", {"Location": "file:///etc/passwd"}),
     "it is not of http or https", {"redirects": 5}),
    ("a redirect that is not followed", Reply(302, b"", {"Location": "/"}), "HTTP 302", {}),
    ("no access", Reply(403, "not you"), "HTTP 403: not you", {}),
]


def what_servers_do_wrong_ends_the_run_with_a_line(c):
    for name, behaviour, line, options in HOSTILE:
        with Web(lambda request, n, reply=behaviour: reply) as web:
            _, said = collect(c, web.url(), status=1, **options)
            assert any(part in said for part in line.split("|")), (name, said)
            assert f"'{web.url()}" in said, (name, said)


def a_server_that_is_not_there_is_told(c):
    fails(c, f"http://127.0.0.1:{closed_port()}/", "Failed to connect", attempts=2)


def what_is_no_request_is_told(c):
    fails(c, "ftp://127.0.0.1/", "it is not of http or https")
    fails(c, "http://me:geheim@127.0.0.1/", "it has a user in it")
    fails(c, "http://127.0.0.1/", "its headers has no name", headers={"X-A": "1\r\nX-B: 2"})
    fails(c, "http://127.0.0.1/", "the host's own", headers={"content-length": "5"})


# ---- again -----------------------------------------------------------------


def retries_wait_for_what_the_server_asks(c):
    for is_date in (False, True):
        times = []

        def answer(request, n, is_date=is_date, times=times):
            times.append(time.monotonic())
            # A date has whole seconds.
            value = email.utils.formatdate(time.time() + 2, usegmt=True) if is_date else "1"
            return Reply(200, "ok") if n else Reply(429, "slow down", {"Retry-After": value})

        with Web(answer) as web:
            found, _ = collect(c, web.url(), attempts=3)
            assert found["status"] == [200] and found["attempts"] == [2]
            assert times[1] - times[0] >= 0.9, times


def only_what_may_be_repeated_is(c):
    rows = [("GET", False, 503, 2), ("POST", False, 503, 1), ("POST", True, 503, 2),
            ("GET", False, 404, 1), ("GET", False, 501, 1)]
    for method, repeatable, status, times in rows:
        with Web(lambda request, n, status=status: Reply(status, "no")) as web:
            fails(c, web.url(), f"HTTP {status}: no", method=method, attempts=2,
                  repeatable=repeatable)
            assert len(web.requests) == times, (method, status)


def a_pause_that_is_too_long_is_not_waited_for(c):
    with Web(lambda request, n: Reply(503, "", {"Retry-After": "3600"})) as web:
        fails(c, web.url(), "HTTP 503", attempts=5)
        assert len(web.requests) == 1


# ---- redirects -------------------------------------------------------------


def nothing_secret_goes_along_to_another_host(c):
    for scheme, more in (("bearer", {}), ("basic", {"auth_name": "me"}),
                         ("header", {"auth_name": "X-Key"}), ("query", {"auth_name": "key"}),
                         ("aws_sigv4", {"auth_name": "AKID", "region": "r", "service": "s"})):
        with Web() as other, Web(lambda request, n, url=other.url("/b"): Reply(
                307, b"", {"Location": url})) as web:
            collect(c, web.url("/a"), redirects=2, scheme=scheme, secret="gEh3im",
                    method="POST", body="body gEh3im", headers={"X-Own": "own"}, **more)
            first, second = web.requests[0], other.requests[0]
            assert second.path == "/b" and second.body == b""
            assert second.headers["X-Own"] is None
            assert "gEh3im" not in str(second.headers) + second.path
            assert second.headers["Authorization"] is None
            assert first.headers["X-Own"] == "own"


def a_redirect_on_the_same_host_keeps_who_asks(c):
    with Web(lambda request, n: Reply(200) if n else Reply(
            303, b"", {"Location": "b?c=d"})) as web:
        collect(c, web.url("/x/a"), redirects=1, scheme="bearer", secret="t0ken",
                method="POST", body="what")
        assert [request.method for request in web.requests] == ["POST", "GET"]
        assert web.requests[1].path == "/x/b?c=d"
        assert web.requests[1].headers["Authorization"] == "Bearer t0ken"


# ---- addresses -------------------------------------------------------------


def private_addresses_are_refused_unless_configured(c):
    with Web() as web:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):
            fails(c, web.url(host=host), "private or special", private=False)
        assert not web.requests
        # ... also where the environment names a proxy, which would be asked instead.
        c.environment["http_proxy"] = web.url()
        fails(c, "http://127.0.0.1:1/", "private or special", private=False)
        del c.environment["http_proxy"]
        assert not web.requests
        collect(c, web.url())
        assert len(web.requests) == 1
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        fails(c, f"http://127.0.0.1:{listener.getsockname()[1]}/", "private or special",
              private=False)
        try:
            listener.accept()
            raise AssertionError("somebody connected")
        except BlockingIOError:
            pass


def a_proxy_is_judged_by_its_own_address(c):
    with Web(lambda request, n: Reply(200, "by proxy")) as proxy:
        fails(c, "http://api.example/x", "private or special", private=False,
              proxy=proxy.url())
        collect(c, "http://api.example/x", proxy=proxy.url())
        assert proxy.requests[0].path == "http://api.example/x"


def a_connection_of_somebody_else_is_no_way_in(c):
    """Both are of one agent, which keeps connections for all."""
    with Web(lambda request, n: Reply(200, "ok")) as web:
        c.config([collector(web.url("/may"), True, "may"),
                  collector(web.url("/mayn't"), False, "maynt")])
        text = c.read("rookery.yaml").replace('"plugin"', '"interval": "50ms", "plugin"')
        c.write("rookery.yaml", text)
        agent = c.run_agent()
        e2e.wait_until(lambda: len(web.requests) > 2 and "private or special" in agent.log())
        seen = len(web.requests)
        e2e.wait_until(lambda: len(web.requests) > seen + 10)
        agent.stop()
        assert {request.path for request in web.requests} == {"/may"}


# ---- validators ------------------------------------------------------------


def what_has_not_changed_is_not_sent_again(c):
    def answer(request, n):
        if request.headers["If-None-Match"] == '"v1"':
            return Reply(304)
        return Reply(200, "kept body", {"ETag": '"v1"'})

    with Web(answer) as web:
        found, said = collect(c, web.url(), times=3, log_body=True)
        assert found["cached"] == [0, 1, 1] and found["size"] == [9, 9, 9]
        assert found["status"] == [200, 200, 200]
        assert said.count("kept body") == 3


def what_must_not_be_kept_is_asked_anew(c):
    for headers in ({"ETag": '"a"', "Cache-Control": "private, no-store"}, {},
                    {"Last-Modified": "yesterday", "Vary": "*"}):
        with Web(lambda request, n, headers=headers: Reply(200, "b", headers)) as web:
            collect(c, web.url(), times=2)
            assert not any("If-None-Match" in request.headers or
                           "If-Modified-Since" in request.headers for request in web.requests)


# ---- budgets ---------------------------------------------------------------


# Long enough for what is sent, and waited out by what is not.
PATIENCE = "20s" if e2e.UNDER else "1s"


def an_account_has_one_budget(c):
    """Three collectors, three requests at once and no more for an hour."""
    with Web() as web:
        c.config([collector(web.url(), name=f"api-{i}", account="vendor/acme", rate=0.0001,
                            times=2, burst=3, patience=PATIENCE) for i in range(3)])
        result = c.run_once()
        assert "the budget of its account is spent" in result.stderr, result.stderr
        assert len(web.requests) == 3, len(web.requests)


def a_vendors_own_word_holds_the_account(c):
    with Web(lambda request, n: Reply(200, "", {
            "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "3600"})) as web:
        fails(c, web.url(), "the budget of its account is spent", account="vendor/acme",
              rate=1000, burst=1000, times=2, patience=PATIENCE)
        assert len(web.requests) == 1


# ---- who asks --------------------------------------------------------------


def each_scheme_says_who_asks(c):
    basic = "Basic " + base64.b64encode(b"me:pa:ss").decode()
    rows = [("bearer", "t0ken", {}, "Authorization", "Bearer t0ken"),
            ("basic", "pa:ss", {"auth_name": "me"}, "Authorization", basic),
            ("header", "k3y", {"auth_name": "X-Api-Key"}, "X-Api-Key", "k3y")]
    for scheme, secret, more, name, value in rows:
        with Web() as web:
            collect(c, web.url(), scheme=scheme, secret=secret, **more)
            assert web.requests[0].headers[name] == value
    with Web() as web:
        collect(c, web.url("/?a=1"), scheme="query", secret="k&y", auth_name="api key")
        assert web.requests[0].path == "/?a=1&api%20key=k%26y"


def requests_are_signed_for_aws(c):
    for path, more in (("/", {}), ("/a b/~x", {}), ("/", {"query": {
            "b": "1", "a-b": "x y&z=ä+/", "a": "", "B": "2", "a1": "*"}}),
            ("/q", {"method": "POST", "body": "x=1", "token": "to+ken/of="})):
        with Web() as web:
            collect(c, web.url(path.replace(" ", "%20")), scheme="aws_sigv4", auth_name="AKIDEXAMPLE",
                    secret="sEcReT/+key", region="eu-central-1", service="ce", **more)
            sigv4.check(web.requests[0], "AKIDEXAMPLE", "sEcReT/+key", "eu-central-1", "ce")


def granted(token, **more):
    return Reply(200, json.dumps({"access_token": token, "token_type": "Bearer", **more}),
                 {"Content-Type": "application/json"})


def a_token_is_fetched_once_and_anew_when_it_is_refused(c):
    with Web(lambda request, n: granted(f"t-{n}")) as tokens, Web(
            lambda request, n: Reply(401 if request.headers["Authorization"] == "Bearer t-0"
                                     and n > 1 else 200)) as web:
        found, _ = collect(c, web.url(), scheme="oauth2", auth_name="mail agent", times=4,
                           secret="gehe&im:1", token_url=tokens.url("/token"), scope="a b")
        assert found["status"] == [200] * 4
        assert [request.headers["Authorization"] for request in web.requests] == (
            ["Bearer t-0"] * 3 + ["Bearer t-1"] * 2)
        asked = tokens.requests[0]
        assert asked.method == "POST" and len(tokens.requests) == 2
        assert asked.body == b"grant_type=client_credentials&scope=a%20b"
        assert asked.headers["Authorization"] == "Basic " + base64.b64encode(
            b"mail%20agent:gehe%26im%3A1").decode()


def a_token_that_is_refused_ends_the_run_with_a_line(c):
    with Web(lambda request, n: Reply(400, json.dumps(
            {"error": "invalid_grant", "error_description": "r-1 is old"}))) as tokens:
        said = fails(c, "http://127.0.0.1:1/", "cannot get a token: HTTP 400: invalid_grant",
                     scheme="oauth2", auth_name="me", secret="s3", token="r-first",
                     token_url=tokens.url("/token"), in_body=True)
        assert "r-first" not in said
        assert tokens.requests[0].body == (
            b"grant_type=refresh_token&refresh_token=r-first&client_id=me&client_secret=s3")


def rotating_tokens_outlive_the_agent(c):
    """Each is good for one use alone."""
    good = ["r-0"]

    def token(request, n):
        given = request.body.decode().split("refresh_token=")[1].split("&")[0]
        if given != good[-1]:
            return Reply(400, json.dumps({"error": "invalid_grant"}))
        good.append(f"r-{len(good)}")
        return granted(f"t-{len(good)}", refresh_token=good[-1])

    with Web(token) as tokens, Web() as web:
        options = {"scheme": "oauth2", "auth_name": "me", "secret": "s3cr3t", "token": "r-0",
                   "token_url": tokens.url("/token")}
        c.config([collector(web.url(), isolation="none", **options)])
        for _ in range(3):
            result = c.run_once()
            assert result.returncode == 0 and "cannot keep" not in result.stderr, result.stderr
        assert len(web.requests) == 3 and len(good) == 4
        folder = c.path("state/secrets")
        name, = os.listdir(folder)
        assert name.startswith("api.") and c.read(f"state/secrets/{name}") == "r-3"
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600
        for base, _, names in os.walk(c.path("state")):
            for other in names:
                path = os.path.join(base, other)
                with open(path, "rb") as file:
                    assert name == other or b"r-3" not in file.read(), path


# ---- secrets ---------------------------------------------------------------


CANARY = "cAnArY-7f3e9b"


def no_secret_leaves(c):
    """A server that repeats what it was shown, in every way, at the highest level."""
    def answer(request, n):
        shown = f"{request.path} {request.headers} {request.body.decode()}"
        return Reply(500, shown.replace("\n", " "), {"X-Echo": "1"})

    def token(request, n):
        basic = request.headers["Authorization"].split()[1]
        return Reply(400, json.dumps({"error": "no", "error_description": " ".join(
            [basic, base64.b64decode(basic).decode(), request.body.decode()])}))

    with Web(answer) as web, Web(token) as tokens:
        for scheme, more in (("bearer", {}), ("basic", {"auth_name": "me"}),
                             ("header", {"auth_name": "X-Key"}),
                             ("query", {"auth_name": "key"}),
                             ("aws_sigv4", {"auth_name": "A", "region": "r", "service": "s",
                                            "token": CANARY + "-2"}),
                             ("oauth2", {"auth_name": "me", "token": CANARY + "-2",
                                         "token_url": tokens.url()})):
            c.config([collector(web.url(), scheme=scheme, secret=CANARY, log_body=True,
                                **more)], agent="  log_level: debug")
            result = c.run_once()
            said = result.stdout + result.stderr
            assert "HTTP" in said
            assert CANARY not in said, said
            assert base64.b64encode(f"me:{CANARY}".encode()).decode()[:24] not in said, said
        for base, _, names in os.walk(c.path("state")):
            for name in names:
                with open(os.path.join(base, name), "rb") as file:
                    assert CANARY.encode() not in file.read(), name


# ---- pages -----------------------------------------------------------------


def pages_are_walked_to_their_end(c):
    def by_link(request, n):
        return Reply(200, f"page {n}", {"Link": [
            '</first>; rel="first"', f'<?page={n + 1}>; rel="prefetch next"'] if n < 3 else []})

    def by_cursor(request, n):
        return Reply(200, f"page {n}", {"X-Cursor": f"c {n}"} if n < 3 else {})

    def by_number(request, n):
        return Reply(200, f"page {n}" if n < 3 else "")

    rows = [("links", by_link, {}, "/?page=3"),
            ("cursors", by_cursor, {"parameter": "after"}, "/?after=c%202"),
            ("numbers", by_number, {"parameter": "page"}, "/?page=4"),
            ("offsets", by_number, {"parameter": "offset", "items": 100}, "/?offset=300")]
    for paging, answer, more, last in rows:
        with Web(answer) as web:
            collect(c, web.url(), paging=paging, **more)
            assert len(web.requests) == 4, paging
            assert web.requests[-1].path == last, web.requests[-1].path


def pages_without_end_end(c):
    rows = [("cursors", lambda request, n: Reply(200, str(n), {"X-Cursor": "same"}), 2, {}),
            ("numbers", lambda request, n: Reply(200, "the last one"), 2, {}),
            ("numbers", lambda request, n: Reply(200, str(n)), 5, {"max_pages": 5}),
            ("links", lambda request, n: Reply(200, str(n), {
                "Link": '<http://elsewhere.example/>; rel=next'}), 1, {})]
    for paging, answer, times, more in rows:
        with Web(answer) as web:
            fails(c, web.url(), "its pages have no end", paging=paging, parameter="p", **more)
            assert len(web.requests) == times, (paging, len(web.requests))


# ---- TLS -------------------------------------------------------------------


def certificates_are_checked_and_their_end_is_told(c):
    certificates = Certificates(c.path("tls"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(c.path("tls/server.pem"), c.path("tls/server.key"))
    with Web(lambda request, n: Reply(200, "over TLS"), context) as web:
        found, _ = collect(c, web.url(), ca_file=certificates.cert, times=2)
        left = found["certificate.ends"][0] - time.time()
        assert 86400 < left < 3 * 86400, left
        assert len(found["certificate.ends"]) == 2
        fails(c, web.url(), "certificate", attempts=3)
        assert len(web.requests) == 2
    certificates.issue("old", expired=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(c.path("tls/old.pem"), c.path("tls/old.key"))
    with Web(context=context) as web:
        fails(c, web.url(), "expired", ca_file=certificates.cert)


# ---- recordings ------------------------------------------------------------


def read_folder(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            found[name] = file.read()
    return found


def what_was_recorded_is_played_again_without_network_and_secrets(c):
    """A token, pages, a validator, a failure and a retry, in the time of the recording."""
    def answer(request, n):
        if n == 1:
            return Reply(503, "not now")
        etag = {"ETag": '"v"', "Set-Cookie": "session=" + CANARY}
        return Reply(304) if request.headers["If-None-Match"] else Reply(
            200, "größe \0", etag)

    tapes = c.path("tapes")
    with Web(answer) as web, Web(lambda request, n: granted(
            CANARY + "-t", refresh_token=CANARY + "-r")) as tokens:
        options = {"scheme": "oauth2", "auth_name": "me", "secret": CANARY, "times": 3,
                   "token": CANARY + "-0", "token_url": tokens.url("/t"), "attempts": 2,
                   "log_body": True}
        url = web.url("/a?b=c")
        found, said = collect(c, url, arguments=("--record", tapes), **options)
        assert found["attempts"] == [1, 2, 1] and found["cached"] == [0, 1, 1], found
    files = read_folder(tapes)
    assert not [name for name, text in files.items() if CANARY.encode() in text], files
    first = json.loads(files["0002.json"])
    assert first["request"]["url"] == url
    assert "Authorization: -" in first["request"]["headers"]
    assert files["0002.answer"].decode() == "größe \0"
    again, said_again = collect(c, url, arguments=("--replay", tapes), **options)
    assert again == found
    bodies = [line.split(" notice api: ")[1] for line in said_again.splitlines()
              if " notice api: " in line]
    assert len(bodies) == 3 and len(set(bodies)) > 1
    when = first["answered"][:19]
    assert str(int(time.mktime(time.strptime(when, "%Y-%m-%dT%H:%M:%S")) - time.timezone)
               ) in bodies[0], (when, bodies)
    assert not os.path.exists(c.path("state/secrets.new"))


def the_query_of_a_recording_has_no_secret(c):
    for scheme in ("query", "header", "basic", "bearer"):
        with Web(lambda request, n: Reply(200, "ok")) as web:
            collect(c, web.url("/a"), arguments=("--record", c.path(scheme)), scheme=scheme,
                    secret=CANARY, auth_name="key")
        files = read_folder(c.path(scheme))
        basic = base64.b64encode(f"key:{CANARY}".encode())
        assert not [text for text in files.values() if CANARY.encode() in text or basic in text]
        url = json.loads(files["0001.json"])["request"]["url"]
        assert url.endswith("/a?key=-" if scheme == "query" else "/a"), url
        collect(c, url.split("?")[0], arguments=("--replay", c.path(scheme)), scheme=scheme,
                secret="another", auth_name="key")


def a_secret_that_a_server_sends_back_in_an_address_stays_one(c):
    """With a redirect, and then with the address of the next page."""
    def answer(request, n):
        if n == 0:
            return Reply(302, b"", {"Location": f"/b?key={CANARY}&x=1"})
        return Reply(200, f"page {n}", {"Link": f'<?key={CANARY}&page={n}>; rel=next'}
                     if n < 3 else {})

    options = {"scheme": "query", "secret": CANARY, "auth_name": "key", "paging": "links",
               "redirects": 1, "log_body": True}
    with Web(answer) as web:
        url = web.url("/a")
        found, said = collect(c, url, arguments=("--record", c.path("tapes")), **options)
        assert CANARY not in said, said
        assert [request.path.count(CANARY) for request in web.requests] == [1] * 4, [
            request.path for request in web.requests]
    assert not [1 for text in read_folder(c.path("tapes")).values() if CANARY.encode() in text]
    again, _ = collect(c, url, arguments=("--replay", c.path("tapes")), **options)
    assert again == found


def a_failure_is_played_again(c):
    url = f"http://127.0.0.1:{closed_port()}/"
    collect(c, url, status=1, arguments=("--record", c.path("tapes")))
    collect(c, url, status=1, arguments=("--replay", c.path("tapes")))
    with open(c.path("tapes/0001.json"), encoding="utf-8") as file:
        assert json.load(file)["answer"]["error"] == "ECONNREFUSED"


def people_write_recordings_by_hand(c):
    tape = {"request": {"method": "GET", "url": "https://api.example/v1"},
            "answer": {"status": 200, "headers": ["X-A: 1"], "body": {"a": [1, 2]}}}
    c.write("tapes/1.json", json.dumps(tape))
    found, said = collect(c, "https://api.example/v1", private=False, log_body=True,
                          arguments=("--replay", c.path("tapes")))
    assert found["size"] == [11] and '{"a":[1,2]}' in said
    for url, more in (("https://api.example/v2", {}), ("https://api.example/v1", {"times": 2}),
                      ("https://api.example/v1", {"body": "x", "method": "POST"})):
        fails(c, url, "has no answer to this", arguments=("--replay", c.path("tapes")), **more)


def a_recording_that_is_none_is_told(c):
    for text, line in (("[]", "it is no JSON object"), ("{", "it is no JSON object: line 1"),
                       ("{}", "'request' has no 'method'"),
                       ('{"request": {"method": "GET", "url": "u"}, "answer": {}}',
                        "'answer' has no 'status'"),
                       ('{"request": {"method": "GET", "url": "u"}, "answer": '
                        '{"status": 200, "body_file": "../x"}}', "not of the same folder")):
        c.write("tapes/1.json", text)
        said = fails(c, "https://api.example/", line, arguments=(
            "--replay", c.path("tapes")))
        assert "tapes/1.json'" in said
    fails(c, "https://api.example/", "No such file", arguments=("--replay", c.path("none")))


# ---- ends ------------------------------------------------------------------


def a_run_that_is_too_long_is_cancelled_with_its_request(c):
    with Web(lambda request, n: wait_for_end) as web:
        c.config([collector(web.url())])
        c.write("rookery.yaml", c.read("rookery.yaml").replace(
            '"plugin"', '"timeout": "500ms", "plugin"'))
        result = c.run_once()
        assert result.returncode == 1, result.stderr
        agent = c.run_agent()
        e2e.wait_until(lambda: len(web.requests) >= 2)
        agent.stop()


def a_request_that_is_cancelled_is_told_of_no_more(c):
    with Web() as web:
        found, _ = collect(c, web.url(), times=5, cancel_after=2)
        assert len(found["status"]) == 2


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
