#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Dead letters: what a receiver refuses for good is kept alone, can be looked at, and is
delivered once the receiver takes it; nothing is lost on the way, whenever the agent dies."""

import json
import os
import random
import re
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import servers  # noqa: E402
from receiver import Answer, Picky, Receiver  # noqa: E402

BATCH = e2e.times("ROOKERY_BATCH", 5000, under=500)
POISON = BATCH * 3 // 5 + 17


def sink(url, more=""):
    return ("{ id: out, type: http, from: oldest, "
            f"batch: {{ max_age: 0s, max_count: {BATCH}, max_bytes: 16MiB }}, "
            f"retry: {{ first: 10ms, most: 50ms }}, {more} options: {{ url: \"{url}\" }} }}")


def collect(c, n=BATCH, series=50, more=""):
    """So many samples in the journal, for sinks that come later."""
    c.config([f"{{ id: gen, plugin: generator, interval: 1h, "
              f"options: {{ samples: {n}, series: {series}, part: 500, {more} }} }}"], sinks=[])
    result = c.run_once()
    assert result.returncode == 0, result.stderr


def letters(c, sink_id="out"):
    shown = deadletter(c, "show", sink_id, "--json").stdout
    return [json.loads(line) for line in shown.splitlines()]


def deadletter(c, verb, *more):
    return c.rookery("deadletter", verb, "--state-dir", c.path("state"), *more)


def values_of(kept):
    return [letter["record"]["value"] for letter in kept]


def run_with(c, receiver, more=""):
    c.config([], sinks=[sink(receiver.url(), more)])
    return c.run_agent()


def delivered(receiver, n):
    return e2e.wait_until(lambda: len(set(receiver.values())) >= n)


def a_poison_record_is_kept_alone_and_replayed(c):
    collect(c)
    receiver = Picky(POISON)
    agent = run_with(c, receiver)
    agent.wait_for_log("1 record went to the dead letters")
    delivered(receiver, BATCH - 1)
    assert sorted(receiver.values()) == [n for n in range(BATCH) if n != POISON]
    assert max(len(request.records()) for request in receiver.requests) == BATCH
    assert values_of(letters(c)) == [POISON]
    kept = letters(c)[0]["record"]
    # It is still refused: it stays, with the new answer.
    receiver.status = 400
    result = deadletter(c, "replay", "out")
    assert result.returncode == 1 and "1 were refused again" in result.stdout, result
    assert "is odd" in result.stdout
    assert [letter["status"] for letter in letters(c)] == [400]
    receiver.poisons.clear()
    result = deadletter(c, "replay", "out")
    assert result.returncode == 0, (result, agent.log())
    assert "1 letters of 'out' were delivered" in result.stdout
    assert letters(c) == [] and not os.path.exists(c.path("state/dead-letters/out.ndjson"))
    assert sorted(receiver.values()) == list(range(BATCH))
    assert receiver.records()[-1] == kept and not receiver.faults
    assert agent.stop() == 0, agent.log()


def at_influxdb_too(c):
    """InfluxDB takes no time after the last but one nanosecond there is, ever; another
    store does."""
    store = servers.Influx(c).start()
    # InfluxDB has one point of a series and a time: each is a series of its own.
    collect(c, series=BATCH, more=f"at_the_end: {POISON}")
    c.config([], sinks=[sink(store.url(), "format: influx,")])
    agent = c.run_agent()
    agent.wait_for_log("1 record went to the dead letters")

    def found():
        return sorted(struct.unpack("<d", point[3]["value"])[0]
                      for point in store.points())
    e2e.wait_until(lambda: len(found()) >= BATCH - 1)
    assert found() == [n for n in range(BATCH) if n != POISON]
    assert values_of(letters(c)) == [POISON]
    result = deadletter(c, "replay", "out")
    assert result.returncode == 1 and "unable to parse" in result.stdout, result
    receiver = Receiver()
    c.config([], sinks=[sink(receiver.url(), "format: influx,")])
    assert c.rookery("reload", "--config", c.path("rookery.yaml")).returncode == 0
    result = deadletter(c, "replay", "out")
    assert result.returncode == 0, (result, agent.log())
    last = receiver.requests[-1].body.decode()
    assert re.fullmatch(rf"test\.count,.* value={POISON},.* {2**63 - 1}\n", last), last
    assert letters(c) == []
    assert agent.stop() == 0, agent.log()


def refuse_all(c, n):
    """All of them are dead letters."""
    collect(c, n)
    receiver = Receiver(lambda request, k: Answer(422, body=b"odd"))
    c.config([], sinks=[sink(receiver.url())])
    assert c.run_once().returncode == 0
    assert values_of(letters(c)) == list(range(n))
    receiver.close()


def each_batch_of_letters_is_searched_for_poison_for_itself(c):
    """64 requests are for one batch (docs/DELIVERY.md), and not for all."""
    n, most = e2e.times("ROOKERY_LETTERS", 300, under=150), 25
    refuse_all(c, n)
    receiver = Picky(*range(17, n, most))
    c.config([], sinks=[sink(receiver.url()).replace(f"max_count: {BATCH}",
                                                     f"max_count: {most}")])
    agent = c.run_agent()
    agent.wait_for_log("runs;")
    result = deadletter(c, "replay", "out")
    assert f"{n - n // most} letters of 'out' were delivered" in result.stdout, result
    assert values_of(letters(c)) == list(range(17, n, most))
    assert sorted(receiver.values()) == [value for value in range(n) if value % most != 17]
    assert agent.stop() == 0, agent.log()


def kills_during_a_replay_lose_nothing(c):
    kills, most = e2e.times("ROOKERY_KILLS", 6, under=2), 20
    n = 60 * kills + 40
    refuse_all(c, n)
    dice, arrived, agents = random.Random(), threading.Event(), []

    def answer(request, k):
        arrived.set()
        return Answer()

    receiver = Receiver(answer)
    c.config([], sinks=[sink(receiver.url()).replace(f"max_count: {BATCH}",
                                                     f"max_count: {most}")])
    for life in range(kills):
        agents.append(c.run_agent(log=f"life-{life}.log"))
        agents[-1].wait_for_log("runs;")
        asking = threading.Thread(target=deadletter, args=(c, "replay", "out"))
        arrived.clear()
        asking.start()
        for _ in range(dice.randrange(1, 4)):
            if not letters(c):
                break
            arrived.wait(e2e.PATIENCE)
            arrived.clear()
        agents[-1].kill()
        asking.join()
    agent = c.run_agent(log="last.log")
    agent.wait_for_log("runs;")
    result = deadletter(c, "replay", "out")
    assert result.returncode == 0, (result, agent.log())
    assert letters(c) == []
    came = [record for request in receiver.requests for record in request.records()]
    assert {record["value"] for record in came} == set(range(n))
    assert len({json.dumps(record) for record in came}) == n
    doubled = len(came) - n
    print(f"{kills} kills, {n} letters, {doubled} came twice, "
          f"{len(receiver.records()) - n} of them under another batch id")
    assert doubled <= kills * most
    assert not receiver.faults, receiver.faults
    assert agent.stop() == 0, agent.log()


def who_cannot_deliver_keeps_the_letters(c):
    refuse_all(c, 30)
    result = deadletter(c, "replay", "out")
    assert result.returncode == 1 and "no agent runs in" in result.stderr, result
    receiver = Picky()
    receiver.down = True
    agent = run_with(c, receiver)
    agent.wait_for_log("runs;")
    result = deadletter(c, "replay", "out")
    assert result.returncode == 1, result
    assert "30 were not tried and stay" in result.stdout and "HTTP 503" in result.stdout, result
    assert len(receiver.requests) == 1
    result = deadletter(c, "replay", "none")
    assert "no sink of this id runs" in result.stderr and result.returncode == 1, result
    assert len(letters(c)) == 30
    assert agent.stop() == 0, agent.log()


def a_stop_in_the_middle_keeps_what_was_not_answered(c):
    refuse_all(c, 30)
    held, released = threading.Event(), threading.Event()

    def answer(request, k):
        if k == 1:
            held.set()
            released.wait(e2e.PATIENCE)
        return Answer()

    receiver = Receiver(answer)
    c.config([], sinks=[sink(receiver.url()).replace(f"max_count: {BATCH}", "max_count: 10")])
    agent = c.run_agent()
    agent.wait_for_log("runs;")
    asking = threading.Thread(target=deadletter, args=(c, "replay", "out"))
    asking.start()
    held.wait(e2e.PATIENCE)
    # What was taken is no letter any more before the next batch is sent.
    assert values_of(letters(c)) == list(range(10, 30))
    result = deadletter(c, "purge", "--all")
    assert result.returncode == 1 and "are being replayed" in result.stderr, result
    # The sink leaves, and its request is given up.
    c.config([], sinks=[])
    assert c.rookery("reload", "--config", c.path("rookery.yaml")).returncode == 0
    asking.join()
    released.set()
    agent.wait_for_log("replayed dead letters: 10 delivered, 0 refused again, 20 not tried")
    assert values_of(letters(c)) == list(range(10, 30))
    assert agent.stop() == 0, agent.log()


def letters_are_listed_shown_and_removed(c):
    collect(c, 40)
    receiver = Picky(7, 13)
    agent = run_with(c, receiver)
    e2e.wait_until(lambda: len(letters(c)) == 2)
    listed, = json.loads(deadletter(c, "list", "--json").stdout)
    lines = c.read("state/dead-letters/out.ndjson")
    assert (listed["sink"], listed["letters"], listed["bytes"]) == ("out", 2, len(lines)), listed
    assert (listed["status"], listed["why"]) == (422, "HTTP 422: value 13 is odd"), listed
    first, second = letters(c)
    assert (listed["oldest"], listed["newest"]) == (first["refused"], second["refused"])
    assert "2 letters" in deadletter(c, "list").stdout
    shown = deadletter(c, "show", "out", "--limit", "1").stdout
    assert "test.count 13 " in shown and "value 13 is odd" in shown and "count 7" not in shown
    assert '"esp.vendor":"sendgrid"' in shown and first["refused"] not in shown.split("refused")[0]
    stat = json.loads(c.rookery("journal", "stat", "--json", "--state-dir",
                                c.path("state")).stdout)
    assert stat["cursors"][0]["letters"] == 2 and stat["agent"]["sinks"][0]["dead_letters"] == 2
    for wrong in (["purge"], ["purge", "out", "--all"], ["show"], ["replay"], ["show", "../x"],
                  ["purge", "out", "--before", "noon"], ["show", "out", "--limit", "few"]):
        assert deadletter(c, *wrong).returncode == 2, wrong
    # One is removed by the agent, the other where none runs; a sink that is gone has letters
    # like any other.
    result = deadletter(c, "purge", "out", "--before", second["refused"])
    assert result.stdout == "1 letters were removed\n", result
    assert values_of(letters(c)) == [13]
    os.rename(c.path("state/dead-letters/out.ndjson"), c.path("state/dead-letters/old.ndjson.1"))
    assert agent.stop() == 0, agent.log()
    assert values_of(letters(c, "old")) == [13]
    assert deadletter(c, "purge", "out").stdout == "0 letters were removed\n"
    assert deadletter(c, "purge", "--all").stdout == "1 letters were removed\n"
    assert os.listdir(c.path("state/dead-letters")) == []


def what_a_format_leaves_out_is_counted(c):
    c.config(["{ id: gen, plugin: generator, interval: 1h, options: { samples: 5, events: 3 } }"],
             sinks=[])
    assert c.run_once().returncode == 0
    receiver = Receiver()
    c.config([], sinks=[sink(receiver.url(), "format: prometheus_remote_write,")])
    agent = c.run_agent()
    agent.wait_for_log("runs;")

    def stat(*more):
        return c.rookery("journal", "stat", "--state-dir", c.path("state"), *more).stdout
    e2e.wait_until(lambda: json.loads(stat("--json"))["agent"]["sinks"][0]["left_out"] == 3)
    assert "3 events have no place in its format" in stat()
    assert agent.stop() == 0, agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
