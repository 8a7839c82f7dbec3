# SPDX-License-Identifier: Apache-2.0
"""Ports of 127.0.0.1 for servers that cannot choose one themselves."""

import random
import socket

FIRST = 12000
DICE = random.SystemRandom()


def first_of_clients():
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        return int(file.read().split()[0])


def free_port(kind=socket.SOCK_STREAM):
    """One that nobody has. The kernel gives no client a port of this range, so that none
    has it either when the server comes up, and again after it was killed."""
    while True:
        port = DICE.randrange(FIRST, max(first_of_clients(), FIRST + 4000))
        with socket.socket(socket.AF_INET, kind) as taken:
            try:
                taken.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
