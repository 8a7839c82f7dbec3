#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The state of collectors: it is kept with the samples that it stands for, whatever
happens to the agent, and people can look at it and change it."""

import json
import os
import random
import struct
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

KILLS = e2e.times("ROOKERY_KILLS", 60, under=10)
LOOKS = e2e.times("ROOKERY_LOOKS", 50, under=5)


def numbers(records):
    return [record["value"] for record in records if record.get("metric") == "test.number"]


def begun(records):
    return [record for record in records if record.get("event") == "test.counting"]


def check(context):
    """No number is missing, none is there twice, and the event began once."""
    found = numbers(context.records("out.ndjson"))
    assert found == list(range(len(found))), next(
        (found[max(0, i - 3):i + 3] for i, n in enumerate(found) if n != i), None)
    assert len(begun(context.records("out.ndjson"))) == 1
    return len(found)


def collectors(c, interval="10ms", options=""):
    # A start may take longer than so short an interval, which would be its timeout.
    return [f"{{ id: count, plugin: bookmark, interval: {interval}, timeout: 30s, "
            f"options: {{ {options} }} }}"]


def size(c, name):
    return os.path.getsize(c.path(name)) if os.path.exists(c.path(name)) else 0


def a_counter_goes_on_where_it_stopped(c):
    c.config(collectors(c))
    last = 0
    for _ in range(5):
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        now = check(c)
        assert now > last
        last = now


def kill_many_times(c, kills, journal, options=""):
    dice = random.Random(815)
    c.config(collectors(c, options=options), journal=journal)
    for _ in range(kills):
        agent = c.run_agent()
        agent.wait_for_log("runs; collectors: 1")
        seen = size(c, "out.ndjson")
        if dice.random() < 0.8:
            e2e.wait_until(lambda s=seen: size(c, "out.ndjson") > s)
        time.sleep(dice.random() * 0.03)  # die at any moment, not at a chosen one
        agent.kill()
        os.remove(agent.log_path)
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    return check(c)


def kills_part_no_state_from_its_samples(c):
    assert kill_many_times(c, KILLS, "{ sync: commit }") > KILLS


def kills_while_segments_rotate_and_are_removed(c):
    assert kill_many_times(c, KILLS, "{ sync: 20ms, segment_size: 64KiB }",
                           "samples: 200, parts: 5") > KILLS
    segments = [name for name in os.listdir(c.path("state/journal"))
                if name.endswith(".segment")]
    first = min(int(name.split("-")[0]) for name in segments)
    assert first > 1, "no segment was ever removed"


def a_failed_run_moves_no_bookmark(c):
    c.config(collectors(c, options="fail_every: 3, parts: 3"))
    agent = c.run_agent()
    e2e.wait_until(lambda: agent.log().count("it was told to fail") > 0
                   and size(c, "out.ndjson") > 100000)
    assert agent.stop() == 0, agent.log()
    assert check(c) > 100


def a_collector_that_comes_back_finds_its_state(c):
    c.config(collectors(c))
    c.run_once()
    last = check(c)
    c.config(["{ id: other, plugin: bookmark }"], sinks=[])
    assert c.run_once().returncode == 0
    c.config(collectors(c))
    assert c.run_once().returncode == 0
    found = [record["value"] for record in c.records("out.ndjson")
             if record["collector"] == "count" and "metric" in record]
    assert found == list(range(len(found))) and len(found) > last


# ---- snapshots ------------------------------------------------------------


def snapshots(context):
    folder = context.path("state/journal")
    names = [name for name in os.listdir(folder) if name.startswith("states.")]
    return [os.path.join(folder, name)
            for name in sorted(names, key=lambda name: int(name.split(".")[1]))]


def damage(path):
    with open(path, "r+b") as file:
        file.seek(-1, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([byte[0] ^ 0xff]))


def runs(c, n, journal=""):
    c.config(collectors(c), journal=journal)
    for _ in range(n):
        result = c.run_once()
        assert result.returncode == 0, result.stderr
    return result


def the_last_two_snapshots_are_kept(c):
    runs(c, 5)
    assert [path.rsplit(".", 1)[1] for path in snapshots(c)] == ["4", "5"]


def a_damaged_snapshot_loses_nothing_and_is_told(c):
    runs(c, 3)
    newest = snapshots(c)[-1]
    damage(newest)
    result = runs(c, 1)
    assert f"'{newest}' is damaged" in result.stderr, result.stderr
    assert os.path.exists(c.path("state/journal/quarantine/" + os.path.basename(newest)))
    check(c)


def without_a_sound_snapshot_the_journal_has_the_states(c):
    runs(c, 2)  # no segment is removed yet
    for path in snapshots(c):
        damage(path)
    assert runs(c, 1).stderr.count("is damaged") == 2
    check(c)


def a_snapshot_of_a_newer_version_refuses_the_start_and_nothing_is_touched(c):
    runs(c, 2)
    newest = snapshots(c)[-1]
    with open(newest, "r+b") as file:
        header = bytearray(file.read(60))
        header[8] = 2
        file.seek(0)
        file.write(header + struct.pack("<I", crc32c(header)))
    before = {name: os.stat(os.path.join(c.path("state/journal"), name)).st_mtime_ns
              for name in os.listdir(c.path("state/journal"))}
    result = c.run_once()
    assert result.returncode != 0
    assert f"'{newest}' was written by a newer version" in result.stderr, result.stderr
    after = {name: os.stat(os.path.join(c.path("state/journal"), name)).st_mtime_ns
             for name in os.listdir(c.path("state/journal"))}
    assert before == after


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


# ---- the command ----------------------------------------------------------


def state(context, *arguments, status=0):
    result = context.rookery("state", *arguments, "--config", context.path("rookery.yaml"))
    assert result.returncode == status, result
    return result.stderr if status else result.stdout


def a_person_sees_and_changes_a_state(c):
    runs(c, 1)
    n = check(c)
    value = struct.pack("<q", n)
    assert state(c, "get", "count", "next") == f"hex:{value.hex()}\n"
    entry = json.loads(state(c, "get", "count", "next", "--json"))
    assert entry == {"collector": "count", "key": "next", "size": 8, "hex": value.hex()}
    assert "!event" not in state(c, "list")
    assert "!event/test.counting/numbers" in state(c, "list", "count", "--all")
    assert state(c, "set", "count", "name", "Jürgen") == ""
    assert state(c, "get", "count", "name") == "Jürgen\n"
    assert [entry["key"] for entry in json.loads(state(c, "list", "--json"))] == ["name", "next"]
    with open(c.path("bytes"), "wb") as file:
        file.write(struct.pack("<q", 1000))
    state(c, "set", "count", "next", "--file", c.path("bytes"))
    assert c.run_once().returncode == 0
    assert numbers(c.records("out.ndjson"))[n] == 1000
    state(c, "remove", "count", "name")
    assert "no key 'name'" in state(c, "get", "count", "name", status=1)
    state(c, "reset", "count")
    assert "has no state" in state(c, "list", "count", status=1)
    assert "!event" in state(c, "list", "count", "--all")
    assert c.run_once().returncode == 0
    assert numbers(c.records("out.ndjson")).count(0) == 2
    assert len(begun(c.records("out.ndjson"))) == 1
    state(c, "reset", "count", "--all")
    assert c.run_once().returncode == 0
    assert len(begun(c.records("out.ndjson"))) == 2


def mistakes_are_told(c):
    runs(c, 1)
    assert "no collector has the id 'cuont'" in state(c, "set", "cuont", "a", "b", status=2)
    assert "one of the agent's own" in state(c, "remove", "count", "!event/x", status=1)
    assert "has no key 'a'" in state(c, "remove", "count", "a", status=1)
    assert "is no key" in state(c, "set", "count", "", "b", status=1)
    assert "'other' has no state" in state(c, "reset", "other", status=1)
    assert "a value or --file" in state(c, "set", "count", "a", status=2)
    assert "what?" in state(c, "lits", status=2)
    big = c.write("big", "x" * (300 << 10))
    assert "cannot read" in state(c, "set", "count", "a", "--file", big, status=1)
    result = c.rookery("state", "list", "--state-dir", c.path("nothing"))
    assert result.returncode == 1 and "cannot read the states" in result.stderr, result
    assert not os.path.exists(c.path("nothing"))


def beside_a_running_agent_one_can_look(c):
    c.config(collectors(c, interval="10ms", options="samples: 200, parts: 5"),
             journal="{ sync: 20ms, segment_size: 64KiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: size(c, "out.ndjson") > 0)
    last = -1
    for _ in range(LOOKS):
        raw = c.rookery("state", "get", "count", "next", "--raw", "--config",
                        c.path("rookery.yaml"), text=False)
        assert raw.returncode == 0, raw
        now = struct.unpack("<q", raw.stdout)[0]
        assert now >= last, "it went back"
        last = now
    assert agent.stop() == 0, agent.log()
    check(c)


def a_running_agent_makes_the_change_between_two_runs(c):
    c.config(collectors(c, interval="10ms", options="samples: 20, parts: 2")
             + ["{ id: other, plugin: generator, options: { samples: 5 } }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: size(c, "out.ndjson") > 0)
    state(c, "set", "count", "note", "by hand")
    assert state(c, "get", "count", "note") == "by hand\n"
    next_value = 1 << 40
    c.write("next", "")
    with open(c.path("next"), "wb") as file:
        file.write(struct.pack("<q", next_value))
    state(c, "set", "count", "next", "--file", c.path("next"))
    e2e.wait_until(lambda: f'"value":{next_value + 100},' in c.read("out.ndjson"))
    state(c, "remove", "count", "note")
    assert "no key" in state(c, "get", "count", "note", status=1)
    assert "note" in state(c, "remove", "count", "note", status=1)
    state(c, "reset", "count")
    e2e.wait_until(lambda: numbers(c.records("out.ndjson")).count(0) == 2)
    state(c, "set", "nobody_yet", "a", "b", "--state-dir", c.path("state"))
    assert agent.stop() == 0, agent.log()
    values = numbers(c.records("out.ndjson"))
    first = values.index(next_value)
    assert values[:first] == list(range(first)), values[:first]
    again = values.index(0, first)
    assert values[first:again] == list(range(next_value, next_value + again - first))
    assert values[again:] == list(range(len(values) - again))
    others = [record["value"] for record in c.records("out.ndjson")
              if record["collector"] == "other"]
    assert others == list(range(len(others))), "another collector was touched"


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
