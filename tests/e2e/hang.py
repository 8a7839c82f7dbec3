#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A receiver that hangs slows nothing else: two agents run at the same time, one with such
a receiver and one whose receiver answers. Of both are measured: how long the loop takes to
answer its control socket; how old a sample is when the other sink's file has it; and how
far the collector's runs are apart. Short here; `./dev hang` lets it hang for 60 s, and
prints the figures."""

import json
import os
import socket
import statistics
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import figures  # noqa: E402
import receiver as peers  # noqa: E402
from times import nanoseconds  # noqa: E402

SECONDS = e2e.times("ROOKERY_HANG", 0, under=0)
RUNS = 100
SAMPLES = 10


class Side:
    """An agent with its receiver, and what is seen of it."""

    def __init__(self, c, name, behaviours):
        self.c = e2e.Context(c.path(name))
        os.mkdir(self.c.folder)
        self.c.processes = c.processes
        self.receiver = peers.Receiver()
        self.front = peers.Socket(behaviours, self.receiver)
        self.loop, self.sink, self.runs = [], [], []  # milliseconds
        self.last, self.status = None, {}
        self.c.config(
            ["{ id: gen, plugin: generator, interval: 10ms, "
             f"options: {{ samples: {SAMPLES}, series: {SAMPLES} }} }}"],
            sinks=["{ id: hanging, type: http, from: oldest, batch: { max_age: 0s }, options: { "
                   f"url: \"{self.front.url()}\", timeout: {{ idle: 1h, total: 1h }} }} }}",
                   "{ id: other, type: file, from: oldest, batch: { max_age: 0s }, "
                   f"options: {{ path: {self.c.path('other')} }} }}"],
            agent="  stop_timeout: 300ms")

    def ask(self):
        """Of the loop, which answers between two other things."""
        begun = time.monotonic()
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(self.c.path("state/control"))
            control.sendall(b'{"command":"status"}\n')
            with control.makefile() as answer:
                self.status = json.load(answer)
        self.loop.append((time.monotonic() - begun) * 1e3)

    def watch(self, is_over):
        """Reads the other sink's file as it grows, and asks in between."""
        asked, path = 0.0, self.c.path("other")
        e2e.wait_until(lambda: os.path.exists(path))
        with open(path, "rb") as file:
            rest = b""
            while not is_over():
                new = file.read()
                now = time.time_ns()
                *lines, rest = (rest + new).split(b"\n")
                for line in lines[::SAMPLES]:
                    self.see(json.loads(line), now)
                if time.monotonic() - asked > 0.01:
                    asked = time.monotonic()
                    self.ask()
                time.sleep(0.001)

    def see(self, record, now):
        observed = nanoseconds(record["observed"])
        self.sink.append((now - observed) / 1e6)
        if self.last:
            self.runs.append((observed - self.last) / 1e6)
        self.last = observed

    def figures(self):
        return {what: [statistics.median(found), statistics.quantiles(found, n=100)[98],
                       max(found)]
                for what, found in (("loop", self.loop), ("sink", self.sink),
                                    ("apart", self.runs))}


def never_answers(connection):
    peers.read_request(connection)
    connection.recv(1)


def a_receiver_that_hangs_slows_no_loop_no_sink_and_no_collector(c):
    sides = [Side(c, "answers", []), Side(c, "hangs", [never_answers] * 1000)]
    agents = [side.c.run_agent() for side in sides]
    hangs = sides[1]
    e2e.wait_until(lambda: len(hangs.front.behaviours) < 1000)
    end = time.monotonic() + SECONDS

    def is_over():
        return time.monotonic() > end and all(len(side.runs) >= RUNS for side in sides)
    watchers = [threading.Thread(target=side.watch, args=(is_over,), daemon=True)
                for side in sides]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join(SECONDS + e2e.PATIENCE)
        assert not watcher.is_alive(), [len(side.runs) for side in sides]
    for side in sides:
        side.ask()
        figures.add("hang", receiver=os.path.basename(side.c.folder), seconds=SECONDS,
                    runs=len(side.runs), **side.figures())
    hanging, other = hangs.status["sinks"]
    assert (hanging["id"], hanging["records"], hanging["failures"]) == ("hanging", 0, 0)
    assert other["records"] >= RUNS * SAMPLES and hangs.status["collectors"][0]["failed"] == 0
    for side, agent in zip(sides, agents):
        assert agent.stop() in (0, 1), agent.log()
        numbers = [record["value"] for record in side.c.records("other")]
        assert numbers == list(range(len(numbers)))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
