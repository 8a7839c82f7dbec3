#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 while it collects: nothing committed is missing, no line is doubled."""

import os
import random
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

KILLS = e2e.times("ROOKERY_KILLS", 100, under=12)


def committed(context):
    """What the journal holds now: (life, number) of each sample, by a reader of its
    own that looks at the frames alone."""
    result = subprocess.run([os.path.join(e2e.BUILD, "tests", "support", "frames"),
                             context.path("state/journal")],
                            check=True, capture_output=True, text=True)
    return {tuple(map(int, line.split())) for line in result.stdout.splitlines()}


def growth(context, name):
    """Changes whenever something is written to the file, also to a new one."""
    try:
        status = os.stat(context.path(name))
        return status.st_ino, status.st_size
    except FileNotFoundError:
        return None


def last_lines(context, name):
    """Of the end of a file; it may be put aside at any time."""
    try:
        with open(context.path(name), "rb") as file:
            file.seek(max(0, os.path.getsize(context.path(name)) - 10000))
            return file.read()
    except FileNotFoundError:
        return b""


def kill_many_times(c, kills, sinks=None):
    dice = random.Random(4711)
    c.config(["{ id: gen, plugin: generator, interval: 10ms, "
              "options: { samples: 7, series: 7, part: 3, of_agent: true } }"], sinks=sinks,
             journal="{ sync: 50ms, segment_size: 64KiB }")
    kept = set()
    for _ in range(kills):
        agent = c.run_agent()
        agent.wait_for_log("runs; collectors: 1")
        seen = growth(c, "out.ndjson")
        if dice.random() < 0.8:
            e2e.wait_until(lambda s=seen: growth(c, "out.ndjson") != s)
        time.sleep(dice.random() * 0.03)  # die at any moment, not at a chosen one
        agent.kill()
        os.remove(agent.log_path)
        kept |= committed(c)
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    e2e.wait_until(lambda: f'"life":"{agent.pid}"'.encode() in last_lines(c, "out.ndjson"))
    assert agent.stop() == 0, agent.log()
    return kept


def check(records, kept):
    found = [(int(record["labels"]["life"]), record["value"]) for record in records]
    assert len(found) == len(set(found)), f"{len(found) - len(set(found))} lines are doubled"
    assert kept <= set(found), f"missing: {sorted(kept - set(found))[:10]}"
    lives = {}
    for life, number in found:
        lives.setdefault(life, []).append(number)
    for life, numbers in lives.items():
        assert numbers == list(range(len(numbers))), f"life {life} has gaps or lost its order"
    assert len({record["id"] for record in records}) == len(records)


def a_hundred_kills_lose_and_double_nothing(c):
    kept = kill_many_times(c, KILLS)
    assert len(kept) > KILLS
    check(c.records("out.ndjson"), kept)


def kills_while_files_rotate_and_are_compressed(c):
    sinks = ["{ id: out, type: file, from: oldest, batch: { max_age: 0s }, options: { "
             f"path: {c.path('out.ndjson')}, rotate: {{ size: 4KiB }}, compress: gzip }} }}"]
    kept = kill_many_times(c, max(KILLS // 4, 5), sinks=sinks)
    lines = []
    names = [name for name in os.listdir(c.folder) if name.startswith("out.ndjson")]
    assert all(re.fullmatch(r"out\.ndjson(\.\d+(\.gz)?)?", name) for name in names), names
    for name in sorted(names, key=lambda n: int((n.split(".") + ["1000000000"])[2])):
        reader = ["gzip", "-dc"] if name.endswith(".gz") else ["cat"]
        text = subprocess.run(reader + [c.path(name)], check=True, capture_output=True,
                              text=True).stdout
        assert text.endswith("\n") or text == "", name
        lines += text.splitlines()
    c.write("all.ndjson", "".join(line + "\n" for line in lines))
    assert len(names) > 3, names
    check(c.records("all.ndjson"), kept)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
