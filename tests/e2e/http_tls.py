#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink over TLS: who is trusted, who is let in, and certificates that are
replaced while the agent runs."""

import os
import shutil
import socket
import ssl
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from certificates import Authority  # noqa: E402
from receiver import Receiver  # noqa: E402


WEAK = "DEFAULT@SECLEVEL=0"


def sink(receiver, options, url=None):
    return ("{ id: out, type: http, from: oldest, batch: { max_age: 0s }, "
            "retry: { first: 10ms, most: 50ms }, "
            f"options: {{ url: \"{url or receiver.url()}\", {options} }} }}")


def configure(c, sink_text):
    c.config(["{ id: gen, plugin: generator, interval: 50ms, options: { samples: 10 } }"],
             sinks=[sink_text])


def serve(authority, name="server", client=False, least=None, ciphers=None,
          asked=None, **more):
    """asked: a list that gets each name that a client asks for (SNI)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if asked is not None:
        context.sni_callback = lambda connection, name, context: asked.append(name)
    context.load_cert_chain(*authority.issue(name, **more))
    if client:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.cert)
    if ciphers:
        context.set_ciphers(ciphers)
    if least:
        context.minimum_version = context.maximum_version = least
    return Receiver(context=context)


def delivers(c, receiver, options):
    configure(c, sink(receiver, options))
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert receiver.values() == list(range(10)), receiver.values()


def fails_with(c, receiver, options, message, url=None):
    """It is tried again and again, told of, and nothing arrives."""
    configure(c, sink(receiver, options, url))
    agent = c.run_agent()
    agent.wait_for_log("out: cannot send: ")
    agent.kill()
    line = next(line for line in agent.log().splitlines() if "cannot send" in line)
    assert message in line, line
    assert receiver.requests == []
    os.remove(agent.log_path)
    shutil.rmtree(c.path("state"))


def only_known_authorities_are_trusted(c):
    authority = Authority(c.path("tls"))
    stranger = Authority(c.path("tls"), "stranger")
    receiver = serve(authority)
    fails_with(c, receiver, "", "unable to get local issuer certificate")
    fails_with(c, receiver, f"tls: {{ ca_file: {stranger.cert} }}",
               "unable to get local issuer certificate")
    delivers(c, receiver, f"tls: {{ ca_file: {authority.cert} }}")


def the_name_must_be_right(c):
    authority = Authority(c.path("tls"))
    receiver = serve(authority, address="DNS:elsewhere.example")
    fails_with(c, receiver, f"tls: {{ ca_file: {authority.cert} }}", "no alternative certificate subject name matches")


def a_servers_name_is_asked_for_and_checked(c):
    """... where the URL has an address or another name; SNI, Host and check are one."""
    authority = Authority(c.path("tls"))
    asked = []
    receiver = serve(authority, address="DNS:collect.example", asked=asked)
    ca = f"ca_file: {authority.cert}"
    fails_with(c, receiver, f"tls: {{ {ca}, server_name: other.example }}",
               "no alternative certificate subject name matches target host name 'other.example'")
    assert asked == ["other.example"] * len(asked) and asked
    asked.clear()
    for url in (receiver.url(), receiver.url().replace("127.0.0.1", "localhost")):
        configure(c, sink(receiver, f"tls: {{ {ca}, server_name: collect.example }}", url))
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        shutil.rmtree(c.path("state"))
    assert asked == ["collect.example"] * 2, asked
    assert all(request.headers["Host"] == f"collect.example:{receiver.port}"
               for request in receiver.requests)
    assert receiver.values() == list(range(10)) * 2, receiver.values()


def expired_certificates_are_refused_in_words(c):
    authority = Authority(c.path("tls"))
    receiver = serve(authority, expired=True)
    fails_with(c, receiver, f"tls: {{ ca_file: {authority.cert} }}",
               "SSL certificate problem: certificate has expired")


def without_verification_all_is_taken(c):
    delivers(c, serve(Authority(c.path("tls")), address="DNS:elsewhere.example"),
             "tls: { verify: false }")


def old_versions_of_tls_are_refused(c):
    """By a server that does speak TLS 1.1, which Debian's openssl has to be talked into."""
    authority = Authority(c.path("tls"))
    receiver = serve(authority, least=ssl.TLSVersion.TLSv1_1, ciphers=WEAK)
    context = ssl.create_default_context(cafile=authority.cert)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers(WEAK)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", receiver.port)),
                             server_hostname="127.0.0.1") as client:
        assert client.version() == "TLSv1.1"
    fails_with(c, receiver, f"tls: {{ ca_file: {authority.cert} }}",
               "alert protocol version")


def a_client_certificate_is_shown(c):
    authority = Authority(c.path("tls"))
    cert, key = authority.issue("client")
    receiver = serve(authority, client=True)
    # With TLS 1.3 the connection may be gone before the reason is read.
    fails_with(c, receiver, f"tls: {{ ca_file: {authority.cert} }}", "cannot send")
    delivers(c, receiver, f"tls: {{ ca_file: {authority.cert}, cert_file: {cert}, "
             f"key_file: {key} }}")


def a_replaced_certificate_counts_for_the_next_connection(c):
    authority = Authority(c.path("tls"))
    cert, key = authority.issue("client", expired=True)
    receiver = serve(authority, client=True)
    configure(c, sink(receiver, f"tls: {{ ca_file: {authority.cert}, cert_file: {cert}, "
                      f"key_file: {key} }}"))
    agent = c.run_agent()
    # The peer may go without a word: what is wrong is told all the same.
    agent.wait_for_log(f"; our certificate '{cert}' has expired (failed 1 times)")
    assert receiver.requests == []
    authority.issue("client")
    agent.wait_for_log("delivers again")
    told = agent.log().count("has expired")
    e2e.wait_until(lambda: len(receiver.values()) >= 20)
    # A connection that lives on is replaced as well.
    before = {request.peer for request in receiver.requests}
    authority.issue("client")
    e2e.wait_until(lambda: {request.peer for request in receiver.requests} - before)
    assert agent.stop() == 0, agent.log()
    assert agent.log().count("has expired") == told, agent.log()
    values = receiver.values()
    assert values == list(range(len(values)))


def replaced_authorities_count_for_the_next_connection(c):
    authority = Authority(c.path("tls"))
    trusted = shutil.copy(Authority(c.path("tls"), "stranger").cert, c.path("trusted.crt"))
    receiver = serve(authority)
    configure(c, sink(receiver, f"tls: {{ ca_file: {trusted} }}"))
    agent = c.run_agent()
    agent.wait_for_log("cannot send: SSL certificate problem: unable to get local issuer")
    assert receiver.requests == []
    os.replace(shutil.copy(authority.cert, c.path("new.crt")), trusted)
    agent.wait_for_log("delivers again")
    assert agent.stop() == 0, agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
