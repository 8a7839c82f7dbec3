#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The syslog sink against a real rsyslogd: what it parsed is compared field by field with
what was sent; and against receivers of the test's own, that behave badly."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from rsyslog import (Certificates, Rsyslog, free_port, listens, listens_udp)  # noqa: E402


def sink(address, options="", more=""):
    return ("{ id: out, type: syslog, format: rfc5424, from: oldest, "
            f"batch: {{ max_age: 0s }}, retry: {{ first: 10ms, most: 50ms }}, {more} "
            f"options: {{ address: \"{address}\", {options} }} }}")


def generator(samples=1000, interval="10s", more=""):
    return (f"{{ id: gen, plugin: generator, interval: {interval}, "
            f"options: {{ samples: {samples}, series: 50, part: 500, {more} }} }}")


def run_once(c, address, samples=1000, options="", more=""):
    c.config([generator(samples)], sinks=[sink(address, options, more)])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    return result


def check(messages, n):
    for message in messages:
        assert (message.pri, message.host, message.app, message.msgid) == (
            "134", "mx1", "rookery", "test.count"), vars(message)
        assert message.id == "rookery@32473", message.data
        message.check()
    assert sorted(int(m.parameters["value"]) for m in messages) == list(range(n))


def udp_datagrams_arrive_and_are_parsed(c):
    port = free_port(socket.SOCK_DGRAM)
    server = Rsyslog(c, [("imudp", "")],
                     f'input(type="imudp" address="127.0.0.1" port="{port}" ruleset="in" '
                     'rcvbufSize="4m")')
    server.start(listens_udp(port))
    run_once(c, f"udp://127.0.0.1:{port}", samples=200)
    check(server.wait_for(200), 200)


def tcp_server(c, more=""):
    port = free_port()
    server = Rsyslog(c, [("imptcp", "")],
                     f'input(type="imptcp" address="127.0.0.1" port="{port}" ruleset="in" {more})')
    return server.start(listens(port)), port


def tcp_streams_arrive_with_octet_counting(c):
    server, port = tcp_server(c)
    run_once(c, f"tcp://localhost:{port}")
    check(server.wait_for(1000), 1000)


def tcp_streams_arrive_with_newlines(c):
    server, port = tcp_server(c, 'supportOctetCountedFraming="off"')
    run_once(c, f"tcp://127.0.0.1:{port}", options="framing: newline")
    check(server.wait_for(1000), 1000)


def relp_server(c, more="", **rest):
    port = free_port()
    server = Rsyslog(c, [("imrelp", ' ruleset="in"' + rest.pop("module", ""))],
                     f'input(type="imrelp" address="127.0.0.1" port="{port}" '
                     f'maxDataSize="64k" {more})', **rest)
    return server.start(listens(port)), port


def relp_acknowledges(c):
    server, port = relp_server(c)
    run_once(c, f"relp://127.0.0.1:{port}")
    check(server.messages(), 1000)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
