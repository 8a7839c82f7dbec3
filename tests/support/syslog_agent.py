# SPDX-License-Identifier: Apache-2.0
"""Agents with a syslog sink, for the tests of it."""

import e2e


def sink(address, options="", more="", batch="max_age: 0s"):
    return ("{ id: out, type: syslog, from: oldest, "
            f"batch: {{ {batch} }}, retry: {{ first: 10ms, most: 50ms }}, {more} "
            f"options: {{ address: \"{address}\", {options} }} }}")


def generator(samples=1000, interval="10s", series=50, more=""):
    return (f"{{ id: gen, plugin: generator, interval: {interval}, "
            f"options: {{ samples: {samples}, series: {series}, part: 500, {more} }} }}")


PATIENT = "  stop_timeout: 5m"


def run_once(c, address, samples=1000, options="", more=""):
    c.config([generator(samples)], sinks=[sink(address, options, more)])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    return result


def ended(agent):
    """The exit status of a run --once, which ends when all is delivered."""
    return agent.process.wait(e2e.PATIENCE)


def check(messages, n):
    for message in messages:
        assert (message.pri, message.host, message.app, message.msgid) == (
            "134", "mx1", "rookery", "test.count"), vars(message)
        assert message.id == "rookery@32473", message.data
        message.check()
    assert sorted(int(m.parameters["value"]) for m in messages) == list(range(n))


def tls(certificates, client="client", ca="ca.pem", more=""):
    own = ""
    if client:
        own = (f"cert_file: {certificates.path(client + '.pem')}, "
               f"key_file: {certificates.path(client + '.key')},")
    return f"tls: {{ ca_file: {certificates.path(ca)}, {own} {more} }}"
