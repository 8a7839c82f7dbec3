# SPDX-License-Identifier: Apache-2.0
"""Receivers of syslog of the test's own: each connection is served by a function of the
next behaviour, which may be a bad one; what the good ones read is kept."""

import inspect
import re
import socket
import threading

VALUE = re.compile(rb' value="(\d+)"')


def read_number(file):
    """A number and the byte behind it; None at the end."""
    digits = b""
    while True:
        byte = file.read(1)
        if not byte.isdigit():
            return (int(digits), byte) if digits else None
        digits += byte


def octet_counted(connection, take):
    with connection.makefile("rb") as file:
        while found := read_number(file):
            message = file.read(found[0])
            if len(message) < found[0]:
                return
            take(message)


class RelpFrames:
    """Reads frames and answers them."""

    def __init__(self, connection):
        self.connection, self.file = connection, connection.makefile("rb")

    def read(self):
        """(txnr, command, data), or None at the end."""
        found = read_number(self.file)
        if not found:
            return None
        command = b""
        while (byte := self.file.read(1)) not in (b" ", b""):
            command += byte
        size, behind = read_number(self.file)
        data = self.file.read(size) if behind == b" " else b""
        if behind == b" ":
            assert self.file.read(1) == b"\n"
        return found[0], command, data

    def answer(self, txnr, data=b"200 OK"):
        self.connection.sendall(b"%d rsp %d %s\n" % (txnr, len(data), data))

    def open(self):
        txnr, command, data = self.read()
        assert (txnr, command) == (1, b"open") and b"commands=syslog" in data, data
        self.answer(txnr, b"200 OK\nrelp_version=0\ncommands=syslog")


def relp_open(connection):
    frames = RelpFrames(connection)
    frames.open()
    frames.read()


def relp(connection, take):
    frames = RelpFrames(connection)
    frames.open()
    while (frame := frames.read()) and frame[1] == b"syslog":
        take(frame[2])
        frames.answer(frame[0])


def relp_dies_after(n):
    """Takes and answers so many, and is gone."""
    def serve(connection, take):
        frames = RelpFrames(connection)
        frames.open()
        for _ in range(n):
            txnr, _, message = frames.read()
            take(message)
            frames.answer(txnr)
    return serve


def relp_backwards(connection, take):
    """Answers three at a time from the last to the first, byte by byte; alone what ends."""
    frames, waiting = RelpFrames(connection), []
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    frames.open()
    connection.settimeout(None)
    while (frame := frames.read()) and frame[1] == b"syslog":
        take(frame[2])
        waiting.append(frame[0])
        if len(waiting) == 4:
            for txnr in reversed(waiting):
                for byte in b"%d rsp 6 200 OK\n" % txnr:
                    connection.sendall(bytes([byte]))
            waiting = []


class Peer:
    """bad: what serves the first connections, one each; good: the others."""

    def __init__(self, bad, good, room=None):
        self.bad, self.good, self.taken = list(bad), good, []
        self.server = socket.socket()
        if room:
            self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.server.bind(("127.0.0.1", 0))
        self.server.listen(16)
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.server.accept()
            serve = self.bad.pop(0) if self.bad else self.good
            threading.Thread(target=self.serve, args=(connection, serve), daemon=True).start()

    def serve(self, connection, serve):
        try:
            if "take" in inspect.signature(serve).parameters:
                serve(connection, self.taken.append)
            else:
                serve(connection)
        except OSError:
            pass
        connection.close()

    def values(self):
        return [int(VALUE.search(message).group(1)) for message in list(self.taken)]


def datagrams(server, n):
    """The values of what comes until n different ones came."""
    seen = []
    server.settimeout(60)
    while len(set(seen)) < n:
        seen.append(int(VALUE.search(server.recv(65536)).group(1)))
    return seen


def sockets():
    """Those of TCP on this machine: local and remote end, state, bytes to send, to read."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in file.readlines()[1:]:
            _, local, remote, state, queues = line.split()[:5]
            yield (local, remote, state, *(int(queue, 16) for queue in queues.split(":")))


def connections_to(port):
    """How many there are on this machine, begun or open, from their client's side."""
    end = f"0100007F:{port:04X}"
    return sum(remote == end and state in ("01", "02") for _, remote, state, _, _ in sockets())


def held_by(port):
    """Bytes on their way to a server: not acknowledged on our side, not read on its."""
    end = f"0100007F:{port:04X}"
    found = list(sockets())
    return (sum(unsent for _, remote, _, unsent, _ in found if remote == end),
            sum(unread for local, _, state, _, unread in found if local == end and state != "0A"))
