#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink against receivers that break every rule, and agents that die: nothing is
lost, what comes again has the same id and the same bytes, and nothing waits for ever."""

import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import kill  # noqa: E402
import receiver as peers  # noqa: E402
from receiver import Answer, Receiver, Socket  # noqa: E402

KILLS = e2e.times("ROOKERY_KILLS", 40, under=8)


def sink(url, options=""):
    return ("{ id: out, type: http, from: oldest, batch: { max_age: 0s }, "
            "retry: { first: 10ms, most: 20ms }, "
            f"options: {{ url: \"{url}\", {options} }} }}")


def generator(samples=7, interval="10ms"):
    return (f"{{ id: gen, plugin: generator, interval: {interval}, "
            f"options: {{ samples: {samples}, series: 7, part: 3 }} }}")


# ---- kills --------------------------------------------------------------------


def kills_and_a_hostile_receiver_lose_and_double_nothing(c):
    dice = random.Random(1812)
    receiver = Receiver(peers.hostility(dice))
    c.config([generator()], sinks=[sink(receiver.url())],
             journal="{ sync: 50ms, segment_size: 64KiB }")
    kept = set()
    for _ in range(KILLS):
        agent = c.run_agent()
        agent.wait_for_log("runs; collectors: 1")
        seen = len(receiver.requests)
        e2e.wait_until(lambda s=seen: len(receiver.requests) > s)
        time.sleep(dice.random() * 0.03)  # die at any moment, not at a chosen one
        agent.kill()
        kept |= kill.committed(c)
    receiver.answer = lambda request, n: Answer()
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert not receiver.faults, receiver.faults
    kill.check(receiver.records(), kept)
    again = len(receiver.requests) - len(receiver.batches)
    assert again > 0, "nothing came again"
    assert len(kept) > KILLS


# ---- broken answers --------------------------------------------------------------


def resets_at_once(connection):
    peers.reset(connection)


def resets_within_the_body(connection):
    connection.recv(100)
    peers.reset(connection)


def resets_behind_the_body(connection):
    peers.read_request(connection)
    peers.reset(connection)


def closes_behind_the_body(connection):
    peers.read_request(connection)


def answers_garbage(connection):
    peers.read_request(connection)
    connection.sendall(b"\x00\xff" * 5000)


def breaks_off_in_the_status(connection):
    peers.read_request(connection)
    connection.sendall(b"HTTP/1.1 20")


def breaks_off_in_the_headers(connection):
    peers.read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def chunks_badly(connection):
    peers.read_request(connection)
    connection.sendall(b"HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n")


def sends_headers_without_end(connection):
    peers.read_request(connection)
    connection.sendall(b"HTTP/1.1 500 No\r\n")
    while True:
        connection.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")


def never_answers(connection):
    peers.read_request(connection)
    connection.recv(1)


def never_reads(connection):
    connection.recv(1)
    time.sleep(10)  # until the sink has given up


HOSTILE = [resets_at_once, resets_within_the_body, resets_behind_the_body,
           closes_behind_the_body, answers_garbage, breaks_off_in_the_status,
           breaks_off_in_the_headers, chunks_badly, sends_headers_without_end,
           never_answers, never_reads]


def broken_answers_are_failures_and_nothing_more(c):
    receiver = Receiver()
    front = Socket(HOSTILE, receiver)
    c.config([generator(50000, "10s")], sinks=[sink(
        front.url(), "timeout: { idle: 1s, total: 2s }")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert not front.behaviours, front.behaviours
    assert receiver.values() == list(range(50000)) and not receiver.faults
    assert "cannot send" in result.stderr, result.stderr


def an_answer_without_end_counts_by_its_status(c):
    def endless(status):
        def behave(connection):
            peers.read_request(connection)
            connection.sendall(f"HTTP/1.1 {status} X\r\n\r\n".encode())
            while True:
                connection.sendall(b"x" * 65536)
        return behave

    receiver = Receiver()
    front = Socket([endless(503), endless(204 - 4)], receiver)
    c.config([generator(10, "10s")], sinks=[sink(front.url())])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert not front.behaviours
    # The second took its batch: a status of 2xx is one, whatever follows. What was not in
    # that batch is the receiver's.
    values = receiver.values()
    assert values == list(range(10 - len(values), 10)) and len(values) < 10, values


# ---- others are not held up ---------------------------------------------------------


def a_receiver_that_hangs_slows_nothing_else_and_no_stop(c):
    receiver = Receiver()
    front = Socket([never_answers] * 1000, receiver)
    other = ("{ id: other, type: file, from: oldest, batch: { max_age: 0s }, "
             f"options: {{ path: {c.path('other')} }} }}")
    c.config([generator(10)], sinks=[sink(front.url(), "timeout: { idle: 10m, total: 1h }"),
                                     other], agent="  stop_timeout: 300ms")
    agent = c.run_agent()
    e2e.wait_until(lambda: len(front.behaviours) < 1000)
    begun = time.monotonic()
    e2e.wait_until(lambda: os.path.exists(c.path("other"))
                   and c.read("other").count("\n") > 1000)
    assert time.monotonic() - begun < e2e.PATIENCE / 2
    assert agent.stop() in (0, 1), agent.log()
    text = c.read("other")
    numbers = [record["value"] for record in c.records("other")]
    assert numbers == list(range(len(numbers))) and text
    # Nothing of it was acknowledged: the next start delivers all.
    front.behaviours.clear()
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert receiver.values()[:len(numbers)] == numbers


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
