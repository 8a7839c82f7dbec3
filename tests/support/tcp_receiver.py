#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A receiver that can be killed. tcp_receiver.py PORT FILE keeps what comes, of each connection
in a file of its own, FILE.1 and so on; it has no more in its hands than one read of READ
bytes."""

import glob
import os
import socket
import sys

import e2e
from ports import free_port
from syslog_peers import VALUE

READ = 4096


class Receiver:
    """That program, and what it has kept of octet-counted messages."""

    def __init__(self, c):
        self.c, self.port, self.name = c, free_port(), c.path("received")

    def start(self):
        self.process = e2e.Process(
            [sys.executable, __file__, str(self.port), self.name],
            self.c.path("receiver.log"), dict(os.environ))
        self.c.processes.append(self.process)

    def files(self):
        return glob.glob(self.name + ".*")

    def size(self):
        return sum(map(os.path.getsize, self.files()))

    def last(self):
        """The value of the last message that there is in full."""
        with open(max(self.files(), key=os.path.getctime), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            tail = file.read()
        found = VALUE.findall(tail)
        return int(found[-1]) if found and tail.endswith(b"}") else None

    def sizes(self):
        """Of each message that is there in full, by its value, as often as it is there."""
        found = []
        for path in self.files():
            with open(path, "rb") as file:
                found += read_messages(file.read())
        return found


def read_messages(stream):
    at = 0
    while at < len(stream):
        begin = stream.find(b" ", at) + 1
        size = int(stream[at:begin]) if begin > 0 else len(stream)
        at = begin + size
        if begin > 0 and at <= len(stream):
            yield int(VALUE.search(stream, begin).group(1)), size


def main():
    port, name = int(sys.argv[1]), sys.argv[2]
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 18)
        server.bind(("127.0.0.1", port))
        server.listen(1)
        while True:
            connection, _ = server.accept()
            number = 1
            while os.path.exists(f"{name}.{number}"):
                number += 1
            out = os.open(f"{name}.{number}", os.O_CREAT | os.O_WRONLY, 0o600)
            while piece := connection.recv(READ):
                os.write(out, piece)
            os.close(out)
            connection.close()


if __name__ == "__main__":
    main()
