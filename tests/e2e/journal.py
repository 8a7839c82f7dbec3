#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The journal seen from outside: damage, size, statistics."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402


def stat(context):
    result = context.rookery("journal", "stat", "--json", "--state-dir", context.path("state"))
    assert result.returncode == 0, result
    return json.loads(result.stdout)


def segments(context):
    folder = context.path("state/journal")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if name.endswith(".segment"))


def fill(context, frames):
    """Frames of ten samples each, none of them delivered."""
    context.config(["{ id: gen, plugin: generator, "
                    f"options: {{ samples: {frames * 10}, series: 10, part: 10 }} }}"], sinks=[])
    result = context.run_once()
    assert result.returncode == 0, result.stderr


def deliver(context):
    """Delivers what the journal holds, and nothing else."""
    context.config([])
    result = context.run_once()
    assert result.returncode == 0, result.stderr
    return context.records("out.ndjson"), result.stderr


def stat_counts_what_is_there(c):
    fill(c, 20)
    found = stat(c)
    assert (found["frames"], found["samples"], found["damaged"]) == (20, 200, 0), found
    assert found["first_sequence"] == 1 and found["end_sequence"] == 21, found
    assert found["cursors"] == []
    deliver(c)
    cursor = stat(c)["cursors"][0]
    assert (cursor["id"], cursor["sequence"]) == ("out", 21), cursor
    text = c.rookery("journal", "stat", "--config", c.path("rookery.yaml")).stdout
    assert "cursor out       at frame 21" in text, text


def a_damaged_frame_is_set_aside_and_the_rest_is_delivered(c):
    fill(c, 30)
    path = segments(c)[0]
    with open(path, "r+b") as file:
        data = file.read()
        frames = [at for at in range(len(data)) if data.startswith(b"rkfr", at)]
        assert len(frames) == 30
        for frame, offset in ((0, 60), (11, 10), (12, 0)):
            file.seek(frames[frame] + offset)
            file.write(b"\xa5\x5a\xa5")
    records, messages = deliver(c)
    lost = {frame * 10 + i for frame in (0, 11, 12) for i in range(10)}
    assert [record["value"] for record in records] == [
        value for value in range(300) if value not in lost]
    # The definitions of the first frame came from the .series file.
    assert all(record["labels"]["esp.vendor"] == "sendgrid" for record in records)
    quarantine = c.path("state/journal/quarantine")
    found = sorted(name for name in os.listdir(quarantine) if not name.endswith(".reason"))
    assert len(found) == 2, found
    for name in found:
        assert os.path.exists(os.path.join(quarantine, name + ".reason"))
    assert messages.count("are damaged: set aside in") == 2, messages


def a_damaged_header_is_set_aside_and_all_behind_it_is_delivered(c):
    fill(c, 5)
    fill(c, 5)
    first = segments(c)[0]
    with open(first, "r+b") as file:
        file.write(b"garbage")
    records, messages = deliver(c)
    assert len(records) == 100
    assert "wrote 1 damaged headers anew" in messages, messages
    assert os.path.exists(
        c.path("state/journal/quarantine/" + os.path.basename(first) + ".0.reason"))


def a_newer_version_is_refused_and_nothing_is_touched(c):
    import struct  # pylint: disable=import-outside-toplevel
    import zlib  # pylint: disable=import-outside-toplevel,unused-import
    fill(c, 3)
    path = segments(c)[0]
    with open(path, "r+b") as file:
        header = bytearray(file.read(48))
        header[8:12] = struct.pack("<I", 2)
        header[44:48] = struct.pack("<I", crc32c(header[:44]))
        file.seek(0)
        file.write(header)
    with open(path, "rb") as file:
        before = file.read()
    c.config([])
    result = c.run_once()
    assert result.returncode == 1
    assert "was written by a newer version of rookery; nothing was changed" in result.stderr
    with open(path, "rb") as file:
        assert file.read() == before


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def a_sink_begins_now_or_with_the_oldest(c):
    fill(c, 4)
    c.config([], sinks=[
        f"{{ id: now, type: file, options: {{ path: {c.path('now')} }} }}",
        f"{{ id: all, type: file, from: oldest, options: {{ path: {c.path('all')} }} }}"])
    assert c.run_once().returncode == 0
    assert len(c.records("all")) == 40 and not os.path.exists(c.path("now"))


def a_sink_that_lags_holds_up_no_other(c):
    c.write("blocked", "")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 20 } }"], sinks=[
        f"{{ id: slow, type: file, from: oldest, options: {{ path: {c.path('blocked/x')} }} }}",
        "{ id: fast, type: file, from: oldest, batch: { max_age: 0s }, "
        f"options: {{ path: {c.path('fast')} }} }}"])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("fast"))
                   and len(c.read("fast").splitlines()) > 400)
    os.remove(c.path("blocked"))
    agent.stop()
    c.config([], sinks=[
        f"{{ id: slow, type: file, options: {{ path: {c.path('blocked/x')} }} }}"])
    assert c.run_once().returncode == 0
    fast = [record["id"] for record in c.records("fast")]
    assert [record["id"] for record in c.records("blocked/x")][:len(fast)] == fast


def system_health_takes_at_most_16_bytes_a_sample(c):
    c.config(["{ id: host, plugin: system_health, interval: 20ms }"], sinks=[],
             journal="{ sync: never }")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.isdir(c.path("state/journal")) and stat(c)["frames"] >= 100)
    assert agent.stop() == 0, agent.log()
    found = stat(c)
    series = sum(os.path.getsize(path.replace(".segment", ".series")) for path in segments(c))
    assert (found["bytes"] + series) / found["samples"] <= 16, (found, series)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
