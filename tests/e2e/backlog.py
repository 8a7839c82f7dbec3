#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A sink that is down: what waits for it, what it gives up, who waits, and that none
of it is held in memory. ROOKERY_BACKLOG_MIB makes the backlog larger (256)."""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

BACKLOG_MIB = e2e.times("ROOKERY_BACKLOG_MIB", 256, under=48)
MIB = 1 << 20


def most_memory(agent):
    """The largest resident size so far, in MiB."""
    with open(f"/proc/{agent.pid}/status", encoding="utf-8") as file:
        return int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1]) / 1024


def journal_size(context):
    size, folder = 0, context.path("state/journal")
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        try:
            size += os.path.getsize(os.path.join(folder, name)) * name.endswith(".segment")
        except FileNotFoundError:
            pass  # it was delivered
    return size


def sink(context, more=""):
    """A sink that is down as long as a file stands where its folder should be."""
    return ("{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
            f"retry: {{ most: 100ms, first: 10ms }}, {more} "
            f"options: {{ path: {context.path('blocked/out')} }} }}")


def values(context, names=("blocked/out",)):
    for name in names:
        with open(context.path(name), encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)


def a_large_backlog_drains_in_little_memory(c):
    c.write("blocked", "")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, "
              "options: { samples: 10, series: 10, events: 1000 } }"], sinks=[sink(c)],
             journal="{ max_size: 4GiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: journal_size(c) >= BACKLOG_MIB * MIB, patience=600)
    assert agent.stop() == 0 or "not all is delivered" in agent.log(), agent.log()
    os.remove(c.path("blocked"))
    c.config([], sinks=[sink(c)], journal="{ max_size: 4GiB }")
    drain = c.run_agent()
    # Only the newest segment is left when the others are delivered.
    e2e.wait_until(lambda: journal_size(c) < 33 * MIB, patience=600)
    used = most_memory(drain)
    assert drain.stop() == 0, drain.log()
    print(f"{os.path.getsize(c.path('blocked/out')) / MIB:.0f} MiB delivered with {used:.1f} MiB")
    assert used < 64 or e2e.UNDER or "san" in e2e.BUILD, used
    keys = [int(record["key"]) for record in values(c) if "event" in record]
    assert keys == list(range(len(keys))) and len(keys) * 2048 > 0.9 * BACKLOG_MIB * MIB


def beyond_its_bound_a_sink_loses_the_oldest_and_says_so(c):
    c.write("blocked", "")
    other = ("{ id: other, type: file, from: oldest, batch: { max_age: 0s }, "
             f"options: {{ path: {c.path('other')} }} }}")
    c.config(["{ id: gen, plugin: generator, interval: 20ms, options: { samples: 150 } }"],
             sinks=[sink(c, "max_size: 256KiB,"), other],
             journal="{ sync: 10ms, segment_size: 64KiB }")
    agent = c.run_agent()
    agent.wait_for_log("out: begins to lose")
    e2e.wait_until(lambda: '"event":"rookery.sink.losing"' in c.read("other"))
    e2e.wait_until(lambda: stat(c)["cursors"][0]["lost_samples"] > 5000)
    e2e.wait_until(lambda: journal_size(c) < 512 << 10)
    os.remove(c.path("blocked"))
    agent.wait_for_log("out: loses no more")
    e2e.wait_until(lambda: c.read("other").count('"event":"rookery.sink.losing"') == 2)
    assert agent.stop() == 0, agent.log()
    assert agent.log().count("begins to lose") == 1, agent.log()
    lost = {cursor["id"]: cursor["lost_samples"] for cursor in stat(c)["cursors"]}
    got = [record["value"] for record in values(c) if "metric" in record]
    everything = [record["value"] for record in values(c, ["other"]) if "metric" in record]
    assert len(set(got)) == len(got) and everything == list(range(len(everything)))
    assert (lost["other"], lost["out"]) == (0, len(everything) - len(got)), (lost, len(got))
    begin, end = [record for record in values(c, ["other"]) if "event" in record]
    assert (begin["phase"], end["phase"], begin["key"]) == ("begin", "end", "out"), begin
    assert begin["collector"] == begin["plugin"] == "rookery" and begin["action"], begin
    assert begin["severity"] == "high" and begin["follow_up"], begin
    assert int(end["details"]["lost_samples"]) == lost["out"], (end, lost)
    text = c.rookery("journal", "stat", "--config", c.path("rookery.yaml")).stdout
    assert re.search(rf"^cursor out .*; lost \d+ frames, {lost['out']} samples", text, re.M), text


def stat(context):
    result = context.rookery("journal", "stat", "--json", "--state-dir", context.path("state"))
    assert result.returncode == 0, result
    found = json.loads(result.stdout)
    found["cursors"].sort(key=lambda cursor: cursor["id"] != "out")
    return found


def a_sink_that_blocks_lets_collectors_wait_and_loses_nothing(c):
    c.write("blocked", "")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, timeout: 200ms, "
              "options: { samples: 1000 } }"],
             sinks=[sink(c, "max_size: 256KiB, when_full: block,")],
             journal="{ sync: 10ms, segment_size: 64KiB }")
    agent = c.run_agent()
    agent.wait_for_log("collectors wait until it has caught up")
    before = stat(c)["frames"]
    os.remove(c.path("blocked"))
    e2e.wait_until(lambda: stat(c)["cursors"][0].get("sequence", 0) > before + 50)
    assert agent.stop() == 0, agent.log()
    got = [record["value"] for record in values(c)]
    assert got == list(range(len(got))) and len(got) > before * 1000
    assert "run failed" not in agent.log(), agent.log()


def a_stop_does_not_wait_for_a_sink_that_blocks(c):
    c.write("blocked", "")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 1000 } }"],
             sinks=[sink(c, "max_size: 256KiB, when_full: block,")],
             agent="  stop_timeout: 2s",
             journal="{ sync: 10ms, segment_size: 64KiB }")
    agent = c.run_agent()
    agent.wait_for_log("collectors wait until it has caught up")
    agent.stop()
    assert "left behind" not in agent.log(), agent.log()
    os.remove(c.path("blocked"))
    c.config([], sinks=[sink(c)])
    assert c.run_once().returncode == 0
    got = [record["value"] for record in values(c)]
    assert got == list(range(len(got)))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
