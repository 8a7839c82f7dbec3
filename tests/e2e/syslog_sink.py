#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The syslog sink against a real rsyslogd: what it parsed is compared field by field with
what was sent; and against receivers of the test's own, that behave badly."""

import os
import shutil
import socket
import ssl
import struct
import sys
import threading
import warnings

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import syslog_peers as peers  # noqa: E402
from certificates import Certificates  # noqa: E402
from ports import free_port  # noqa: E402
from rsyslog import Rsyslog, listens, listens_udp  # noqa: E402
from syslog_agent import (PATIENT, check, ended, generator, run_once, sink, tls)  # noqa: E402


def rfc5424_goes_over_syslog_and_nothing_else_does(c):
    for kind, options, wrong in (("syslog", 'address: "udp://[::1]:514"', "ndjson"),
                                 ("file", "path: /tmp/x", "rfc5424")):
        entry = f"id: out, type: {kind}, options: {{ {options} }}"
        config = c.config([generator()], sinks=[f"{{ {entry}, format: {wrong} }}"])
        result = c.rookery("validate", config)
        assert result.returncode == 2, result.stderr
        assert f"a sink of type '{kind}' cannot carry the format '{wrong}'" in (
            result.stdout + result.stderr), result
        config = c.config([generator()], sinks=[f"{{ {entry} }}"])
        assert c.rookery("validate", config).returncode == 0
    config = c.config([generator()], sinks=[
        "{ id: out, type: syslog, options: { address: 'tcp://host' } }"])
    result = c.rookery("run", "--once", "--config", config)
    assert result.returncode != 0 and "'tcp://host' is no address" in result.stderr, result


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


# ---- TLS --------------------------------------------------------------------


def tls_server(c, certificates, driver="ossl", mode="x509/certvalid"):
    port = free_port()
    folder = certificates.folder
    server = Rsyslog(
        c, [("imtcp", f' streamDriver.name="{driver}" streamDriver.mode="1" '
             f'streamDriver.authMode="{mode}"')],
        f'input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="in")',
        tls=f'defaultNetstreamDriver="{driver}" '
            f'defaultNetstreamDriverCAFile="{folder}/ca.pem" '
            f'defaultNetstreamDriverCertFile="{folder}/server.pem" '
            f'defaultNetstreamDriverKeyFile="{folder}/server.key"')
    return server.start(listens(port)), port


def both_show_certificates(c):
    certificates = Certificates(c.path("tls"))
    server, port = tls_server(c, certificates)
    run_once(c, f"tls://localhost:{port}", options=tls(certificates))
    check(server.wait_for(1000), 1000)


def fails_and_says(c, address, options, *says):
    """Nothing counts as delivered, and what is wrong is told."""
    c.config([generator(100)], sinks=[sink(address, options)], agent=PATIENT)
    agent = c.run_agent("--once")
    for text in says:
        agent.wait_for_log(text)
    return agent


def a_server_that_is_not_trusted_gets_nothing(c):
    certificates, other = Certificates(c.path("tls")), Certificates(c.path("other"))
    server, port = tls_server(c, certificates)
    agent = fails_and_says(c, f"tls://127.0.0.1:{port}", tls(certificates, ca="../other/ca.pem"),
                           "the receiver's certificate is refused")
    agent.kill()
    assert not server.messages(), agent.log()
    agent = fails_and_says(c, f"tls://127.0.0.1:{port}",
                           tls(certificates, more="server_name: elsewhere.example"),
                           "hostname mismatch")
    agent.kill()
    assert not server.messages(), agent.log()
    assert other.cert != certificates.cert


def a_certificate_is_for_the_address_or_refused(c):
    certificates = Certificates(c.path("tls"))
    certificates.issue("server", "DNS:localhost,IP:127.0.0.2")
    server, port = tls_server(c, certificates, mode="anon")
    agent = fails_and_says(c, f"tls://127.0.0.1:{port}", tls(certificates, None),
                           "IP address mismatch")
    agent.kill()
    assert not server.messages(), agent.log()


def an_old_version_of_tls_is_not_spoken(c):
    certificates = Certificates(c.path("tls"))
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.load_cert_chain(certificates.path("server.pem"), certificates.path("server.key"))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1

    def serve(connection, take):
        with old.wrap_socket(connection, server_side=True) as secure:
            peers.octet_counted(secure, take)

    peer = peers.Peer([], serve)
    agent = fails_and_says(c, f"tls://127.0.0.1:{peer.port}", tls(certificates, None),
                           "cannot send")
    agent.kill()
    assert not peer.taken and "TLS failed" in agent.log(), agent.log()


def a_refused_certificate_of_ours_loses_nothing(c):
    """TLS 1.3 refuses it behind the handshake, when a batch might be written already."""
    for driver in ("ossl", "gtls"):
        c.folder = c.path(driver)
        os.makedirs(c.folder)
        certificates, other = Certificates(c.path("tls")), Certificates(c.path("other"))
        server, port = tls_server(c, certificates, driver)
        for name in ("stranger.pem", "stranger.key"):
            os.link(other.path(name.replace("stranger", "client")), certificates.path(name))
        agent = fails_and_says(c, f"tls://127.0.0.1:{port}", tls(certificates, "stranger"),
                               "cannot send")
        # The right one takes its place on disk: the next connection shows it.
        for end in (".pem", ".key"):
            os.rename(certificates.path("client" + end), certificates.path("stranger" + end))
        agent.wait_for_log("delivers again")
        check(server.wait_for(100), 100)
        assert ended(agent) == 0, agent.log()
        server.process.kill()


def an_expired_certificate_is_refused_with_a_readable_message(c):
    certificates = Certificates(c.path("tls"))
    certificates.issue("server", expired=True)
    server, port = tls_server(c, certificates, mode="anon")
    agent = fails_and_says(c, f"tls://127.0.0.1:{port}", tls(certificates, None),
                           "the receiver's certificate is refused: certificate has expired")
    agent.kill()
    assert not server.messages(), agent.log()


def files_of_tls_that_cannot_be_read_are_told(c):
    certificates = Certificates(c.path("tls"))
    c.write("tls/broken.pem", "no certificate")
    agent = fails_and_says(c, "tls://127.0.0.1:1", tls(certificates, "broken"),
                           f"cannot read the certificate '{c.path('tls/broken.pem')}': no start")
    agent.kill()


def relp_goes_over_tls(c):
    certificates = Certificates(c.path("tls"))
    server, port = relp_server(
        c, f'tls="on" tls.authMode="certvalid" tls.caCert="{certificates.cert}" '
        f'tls.myCert="{certificates.path("server.pem")}" '
        f'tls.myPrivKey="{certificates.path("server.key")}"',
        module=' tls.tlslib="openssl"')
    run_once(c, f"relps://127.0.0.1:{port}", options=tls(certificates))
    check(server.messages(), 1000)


# ---- receivers that behave badly ----------------------------------------------


IMPATIENT = f"timeout: {{ connect: {e2e.times('SYSLOG_CONNECT_MS', 300, 5000)}ms, idle: 300ms }},"


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def stays_silent(connection, take=None):
    """Until the other side gives up."""
    while connection.recv(65536):
        pass


def delivers_in_the_end(c, peer, scheme, samples=500, says="cannot send", options=IMPATIENT):
    c.config([generator(samples)], agent=PATIENT,
             sinks=[sink(f"{scheme}://127.0.0.1:{peer.port}", options)])
    agent = c.run_agent("--once")
    agent.wait_for_log(says)
    e2e.wait_until(lambda: set(peer.values()) == set(range(samples)))
    agent.wait_for_log("delivers again")
    assert ended(agent) == 0, agent.log()
    return agent


def relp_survives_whatever_the_server_does(c):
    bad = {
        "no answer": stays_silent,
        "the receiver closed it": lambda connection: connection.recv(100) and connection.close(),
        "the connection broke": lambda connection: connection.recv(1) and reset(connection),
        "is no RELP": lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n"),
        "does not take RELP's syslog": lambda connection: (
            connection.recv(1), connection.sendall(b"1 rsp 11 500 no RELP\n")),
        "an answer to nothing that was sent": lambda connection: (
            connection.recv(1000),
            connection.sendall(b"1 rsp 22 200 OK\ncommands=syslog\n999 rsp 6 200 OK\n")),
        "does not take a message": lambda connection: (
            peers.relp_open(connection), connection.sendall(b"2 rsp 8 500 full\n")),
        "the receiver ends the session": lambda connection: (
            peers.relp_open(connection), connection.sendall(b"0 serverclose 0\n")),
        "what came is no answer": lambda connection: (
            peers.relp_open(connection), connection.sendall(b"2 syslog 2 ab\n")),
        # What comes over the next connection is not the rest of this answer.
        "the connection ended": lambda connection: (
            peers.relp_open(connection), connection.sendall(b"2 rsp 600 200 ")),
    }
    for says, behaves in bad.items():
        peer = peers.Peer([behaves, peers.relp_dies_after(7)], peers.relp)
        delivers_in_the_end(c, peer, "relp", says=says)
        shutil.rmtree(c.path("state"))


def relp_answers_may_come_in_any_order_and_in_pieces(c):
    peer = peers.Peer([], peers.relp_backwards)
    run_once(c, f"relp://127.0.0.1:{peer.port}")
    assert sorted(peer.values()) == list(range(1000))


def a_stream_that_is_not_read_or_breaks_is_given_up(c):
    given_up = threading.Event()

    def reads_nothing(connection):
        assert given_up.wait(e2e.PATIENCE)
        connection.close()

    def breaks(connection):
        connection.recv(100)
        reset(connection)

    for says, behaves in (("cannot write", reads_nothing), ("cannot ", breaks)):
        peer = peers.Peer([behaves], peers.octet_counted, room=4096)
        n = 20000
        c.config([generator(n)], agent=PATIENT,
                 sinks=[sink(f"tcp://127.0.0.1:{peer.port}", IMPATIENT)])
        agent = c.run_agent("--once")
        agent.wait_for_log(says)
        given_up.set()
        agent.wait_for_log("delivers again")
        e2e.wait_until(lambda p=peer: n - 1 in p.values())
        assert ended(agent) == 0, agent.log()
        # What the first connection took and nobody read is gone; the rest is there.
        assert len(set(peer.values())) >= n - 15000, len(peer.values())
        shutil.rmtree(c.path("state"))


def nobody_is_there_or_has_time_for_tls(c):
    peer = peers.Peer([], stays_silent)
    # One certificate is read in time, those of the system not always.
    options = IMPATIENT + tls(Certificates(c.path("tls")), None)
    agent = fails_and_says(c, f"tls://127.0.0.1:{peer.port}", options,
                           "no end of the TLS handshake")
    agent.kill()
    agent = fails_and_says(c, f"tcp://127.0.0.1:{free_port()}", IMPATIENT, "Connection refused")
    agent.kill()
    agent = fails_and_says(c, "udp://no..name:514", IMPATIENT, "cannot resolve")
    agent.kill()


def a_stop_ends_whatever_is_under_way(c):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        silent = peers.Peer([], stays_silent)
        for address in (f"tcp://127.0.0.1:{port}", f"tls://127.0.0.1:{silent.port}",
                        f"relp://127.0.0.1:{silent.port}", f"relps://127.0.0.1:{silent.port}"):
            c.config([generator(100, "20ms")], sinks=[sink(address)],
                     agent="  stop_timeout: 200ms")
            before = peers.connections_to(int(address.rpartition(":")[2]))
            agent = c.run_agent()
            e2e.wait_until(lambda a=address, b=before: peers.connections_to(
                int(a.rpartition(":")[2])) > b)
            assert agent.stop() == 1, agent.log()
            assert "not all is delivered" in agent.log(), agent.log()
            shutil.rmtree(c.path("state"))
        for one in crowd:
            one.close()


# ---- datagrams ------------------------------------------------------------------


def datagrams_to_nobody_come_again(c):
    # Few enough for the receiver's buffer, whatever else the machine does.
    port = free_port(socket.SOCK_DGRAM)
    # One a batch: what is said of the last one counts, too.
    c.config([generator(30)], agent=PATIENT,
             sinks=[sink(f"udp://127.0.0.1:{port}", batch="max_age: 0s, max_count: 1")])
    agent = c.run_agent("--once")
    agent.wait_for_log("Connection refused")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", port))
        seen = peers.datagrams(server, 30)
        assert ended(agent) == 0, agent.log()
    assert set(seen) == set(range(30))


def a_local_socket_that_is_full_is_waited_for(c):
    path = c.path("log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        c.config([generator(1000)], sinks=[sink(f"unix:{path}", IMPATIENT)], agent=PATIENT)
        agent = c.run_agent("--once")
        agent.wait_for_log("the receiver does not read")
        seen = peers.datagrams(server, 1000)
        assert ended(agent) == 0, agent.log()
    assert set(seen) == set(range(1000))


def no_datagram_is_longer_than_configured(c):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        for most, sure in ((600, b'"] '), (480, b" - ")):
            c.config([generator(100)], sinks=[
                sink(f"udp://127.0.0.1:{server.getsockname()[1]}", f"max_datagram: {most}B")])
            result = c.run_once()
            assert result.returncode == 0, result.stderr
            assert "longer than 'max_datagram'" in result.stderr, result.stderr
            for _ in range(100):
                message = server.recv(65536)
                assert len(message) <= most and sure in message + b" ", message
            shutil.rmtree(c.path("state"))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
