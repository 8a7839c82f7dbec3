#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink against nginx in front of a receiver: TLS with client certificates, HTTP/2,
IPv6, and the faults that such a front has. What arrives behind it is there once."""

import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from certificates import Authority  # noqa: E402
from nginx import Nginx  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402


def sink(front, options="", batch=""):
    return (f"{{ id: out, type: http, from: oldest, batch: {{ max_age: 0s {batch} }}, "
            "retry: { first: 10ms, most: 50ms }, "
            f"options: {{ url: \"{front.url()}\", {options} }} }}")


def generator(samples, interval="10s"):
    return (f"{{ id: gen, plugin: generator, interval: {interval}, "
            f"options: {{ samples: {samples}, series: 10 }} }}")


def delivers(c, receiver, samples, sink_text):
    """All of it, once; returns what the agent said."""
    c.config([generator(samples)], sinks=[sink_text])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert receiver.values() == list(range(samples)), (len(receiver.values()), result.stderr)
    assert not receiver.faults and not os.path.exists(c.path("state/dead-letters/out.ndjson"))
    return result.stderr


def statuses(front):
    return [line[0] for line in front.log()]


# ---- TLS ------------------------------------------------------------------------


def secure(c, authority, receiver, host="127.0.0.1"):
    address = f"IP:{host}"
    return Nginx(c, receiver, host=host, tls=authority.issue("front", address=address),
                 server=f"ssl_client_certificate {authority.cert}; ssl_verify_client on;")


def certificates_and_http2_over_both_families(c):
    authority = Authority(c.path("tls"))
    cert, key = authority.issue("client")
    tls = f"tls: {{ ca_file: {authority.cert}, cert_file: {cert}, key_file: {key} }}"
    for host in ("127.0.0.1", "::1"):
        receiver = Receiver()
        front = secure(c, authority, receiver, host)
        delivers(c, receiver, 3000, sink(front, "compress: zstd, " + tls, ", max_count: 500"))
        assert front.log() == [["204", "HTTP/2.0", "SUCCESS"]] * 6, front.log()
        shutil.rmtree(c.path("state"))
        shutil.rmtree(c.path("nginx"))


def a_certificate_that_nginx_does_not_want_is_no_poison(c):
    """It answers 400 and means 403: nobody is let in, and nothing is wrong with the batch."""
    authority = Authority(c.path("tls"))
    receiver = Receiver()
    front = secure(c, authority, receiver)
    cert, key = authority.issue("client", expired=True)
    rows = [("", "HTTP 400: 400 No required SSL certificate was sent"),
            (f"cert_file: {cert}, key_file: {key}", "HTTP 400: 400 The SSL certificate error")]
    for own, message in rows:
        c.config([generator(10, "20ms")], sinks=[sink(
            front, f"tls: {{ ca_file: {authority.cert}, {own} }}")], agent="  stop_timeout: 300ms")
        agent = c.run_agent()
        agent.wait_for_log("cannot send: " + message)
        if not own:
            agent.stop()
            shutil.rmtree(c.path("state"))
    # Connections on which nginx has seen the old certificate live on, and so do sessions
    # that could be resumed: neither is used again.
    authority.issue("client")
    agent.wait_for_log("delivers again")
    told = agent.log().count("cannot send")
    seen = len(receiver.requests)
    e2e.wait_until(lambda: len(receiver.requests) > seen + 20)
    assert agent.log().count("cannot send") == told, agent.log()
    agent.stop()
    assert not os.path.exists(c.path("state/dead-letters/out.ndjson"))
    values = receiver.values()
    assert values == list(range(len(values))) and not receiver.faults


# ---- faults ----------------------------------------------------------------------

LIMIT = {"http": "limit_req_zone $binary_remote_addr zone=z:1m rate=%dr/s;",
         "location": "limit_req zone=z; limit_req_status 429;"}


def too_many_requests_are_spread(c):
    receiver = Receiver()
    front = Nginx(c, receiver, http=LIMIT["http"] % 20, location=LIMIT["location"])
    delivers(c, receiver, 200, sink(front, batch=", max_count: 20"))
    assert statuses(front).count("204") == 10 and "429" in statuses(front), statuses(front)


def too_many_requests_come_back_when_they_are_asked_to(c):
    receiver = Receiver()
    front = Nginx(c, receiver, http=LIMIT["http"] % 2, location=LIMIT["location"],
                  server="error_page 429 = @later; location @later { "
                         "add_header Retry-After 1 always; return 429; }")
    said = delivers(c, receiver, 40, sink(front, batch=", max_count: 20"))
    assert "HTTP 429" in said and "next try in 1s" in said, said
    assert statuses(front) == ["204", "429", "204"], statuses(front)


def too_large_a_body_is_halved(c):
    receiver = Receiver()
    front = Nginx(c, receiver, server="client_max_body_size 32k;")
    delivers(c, receiver, 2000, sink(front))
    assert "413" in statuses(front) and max(len(r.sent) for r in receiver.requests) <= 32 << 10
    # The size that was found is kept: not each batch is tried too large.
    assert statuses(front).count("413") <= 6, statuses(front)


def a_receiver_that_is_away_is_waited_for(c):
    receiver = Receiver(asleep=True)
    front = Nginx(c, receiver)
    c.config([generator(10, "20ms")], sinks=[sink(front)])
    agent = c.run_agent()
    agent.wait_for_log("cannot send: HTTP 502")
    receiver.wake()
    agent.wait_for_log("delivers again")
    e2e.wait_until(lambda: len(receiver.values()) >= 100)
    assert agent.stop() == 0, agent.log()
    values = receiver.values()
    assert values == list(range(len(values))) and not receiver.faults


def slow_answers_and_slow_receivers_cost_time_alone(c):
    """limit_rate holds back the body of an answer, of which the status is enough; a receiver
    that says nothing is a 504."""
    def answer(request, n):
        if n == 0:
            e2e.wait_until(lambda: "504" in statuses(front))
            return Answer(500)
        return Answer(200, body=b"x" * 20000)

    receiver = Receiver(answer)
    front = Nginx(c, receiver, location="limit_rate 1000; proxy_read_timeout 200ms; "
                                        "proxy_next_upstream off;")
    said = delivers(c, receiver, 20, sink(
        front, "timeout: { idle: 1s, total: 2s }", ", max_count: 20"))
    assert "HTTP 504: 504" in said, said


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
