#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""rfc5424 as two readers understand it that are not ours, rsyslog and syslog-ng: what each
made of the structured data is compared field by field with what was sent."""

import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import figures  # noqa: E402
import formats  # noqa: E402
from certificates import Certificates  # noqa: E402
from ports import free_port  # noqa: E402
from rsyslog import Rsyslog, listens, listens_udp  # noqa: E402
from syslog_agent import (check, run_once, tls)  # noqa: E402
from syslog_ng import SyslogNg  # noqa: E402

# ---- what our sink sends to syslog-ng ------------------------------------------


def syslog_ng_reads_datagrams(c):
    port = free_port(socket.SOCK_DGRAM)
    server = SyslogNg(c, f'syslog(transport("udp") ip("127.0.0.1") port({port}) '
                         'so-rcvbuf(4194304));')
    server.start(listens_udp(port))
    run_once(c, f"udp://127.0.0.1:{port}", samples=200)
    check(server.wait_for(200), 200)


def syslog_ng_reads_a_stream(c):
    port = free_port()
    server = SyslogNg(c, f'syslog(transport("tcp") ip("127.0.0.1") port({port}));')
    server.start(listens(port))
    run_once(c, f"tcp://127.0.0.1:{port}")
    check(server.wait_for(1000), 1000)


def syslog_ng_and_we_show_certificates(c):
    certificates = Certificates(c.path("tls"))
    port = free_port()
    server = SyslogNg(c, f'''syslog(transport("tls") ip("127.0.0.1") port({port}) tls(
        key-file("{certificates.path("server.key")}")
        cert-file("{certificates.path("server.pem")}")
        ca-file("{certificates.cert}") peer-verify(required-trusted)));''')
    server.start(listens(port))
    run_once(c, f"tls://localhost:{port}", options=tls(certificates))
    check(server.wait_for(1000), 1000)


# ---- texts that careless writers get wrong ---------------------------------------


def rsyslog_on(c, port):
    return Rsyslog(c, [("imptcp", "")], 'input(type="imptcp" address="127.0.0.1" '
                   f'port="{port}" ruleset="in")')


def syslog_ng_on(c, port):
    return SyslogNg(c, f'syslog(transport("tcp") ip("127.0.0.1") port({port}));')


def texts_of_any_kind_are_what_was_sent(c):
    for make in (rsyslog_on, syslog_ng_on):
        port = free_port()
        server = make(c, port).start(listens(port))
        truth = []
        with socket.create_connection(("127.0.0.1", port)) as connection:
            for seed in list(formats.SEEDS)[:5]:
                connection.sendall(formats.body("rfc5424", "all", seed))
                truth += formats.truth("all", seed)
        messages = server.wait_for(len(truth))
        figures.compare("rfc5424", server.name(),
                        [formats.parsed(message.message) for message in messages], truth)
        for message in messages:
            record = message.check()
            assert message.msgid == record.get("metric", record.get("event"))
        server.process.kill()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
