#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What plugins do that harms whoever hosts them: the agent tells what it was, and it and
all other collectors go on."""

import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e
import figures

HUNG = "a run took longer than 1s and did not end when it was asked to: its process is killed"
LATE = "calls done although no run is open: ignored"

# What it does, in which call, and what the operator reads of it.
CRASHES = [
    ("segfault", "start", "died: SIGSEGV at 0x0 in start, in write_nowhere"),
    ("segfault", "collect", "died: SIGSEGV at 0x0 in collect, in write_nowhere"),
    ("segfault", "cancel", "died: SIGSEGV at 0x0 in cancel, in write_nowhere"),
    ("segfault", "stop", "died: SIGSEGV at 0x0 in stop, in write_nowhere"),
    ("abort", "collect", "died: SIGABRT in collect, in does_abort"),
    ("exit", "collect", r"died: it called exit\(0\) in collect"),
    ("close_all", "collect", "died: "),
]
HANGS = [
    ("loop", "start", "its start took longer than 5s: its process is killed"),
    ("loop", "collect", HUNG),
    ("loop_deaf", "collect", HUNG),
    ("never_end", "collect", HUNG),
]
FLOODS = [
    ("take_memory", "collect", "run failed: got a part of 10 GiB"),
    ("take_descriptors", "collect",
     "run failed: got a part of 100000 descriptors: Too many open files"),
    ("take_threads", "collect",
     "run failed: got a part of 100000 threads: Resource temporarily unavailable"),
    ("fork", "collect", "run failed: starts a process, but its 'needs' lack RK_NEED_EXEC"),
    ("write", "collect", "the plugin's process writes: to standard output"),
    ("write", "collect", "its plugin's process says too much: [0-9]+ lines dropped"),
    ("log", "collect", "says too much: [0-9]+ lines dropped"),
    ("make_series", "collect", r"more than 10000 series \(max_series\)"),
    ("say_much", "collect", "a value of label 'text' of metric 'rogue.text' has more than 1024"),
]
MISTAKES = [
    ("change_all", "collect", None),
    ("end_twice", "collect", LATE),
    ("end_elsewhere", "collect", LATE),
    ("end_twice", "stop", LATE),
    ("emit_nan", "collect", "a sample of metric 'rogue.good' is no finite number"),
    ("say_bytes", "collect", "bytes: a"),
]


def lines_of(agent, name):
    return [line for line in agent.log().splitlines() if f" {name}: " in line]


def said(agent, name, what):
    """The first line about a collector that says so, without its time."""
    for line in lines_of(agent, name):
        if re.search(what, line):
            return line.split(" ", 1)[1]
    return None


def witness(c):
    if not os.path.exists(c.path("out.ndjson")):
        return []
    return [record["value"] for record in c.records("out.ndjson")
            if record["collector"] == "gen"]


def wait_for_witness(c, more):
    n = len(witness(c)) + more
    e2e.wait_until(lambda: len(witness(c)) >= n)


def play(c, pack, timeout="60s"):
    """All of a pack at once, each in a process of its own, beside a collector of another
    plugin, until each was told of and the other one has gone on behind that."""
    names = [f"bad-{i}" for i in range(len(pack))]
    c.config([f"{{ id: {name}, plugin: rogue, isolation: own_process, timeout: {timeout}, "
              f"options: {{ does: {does}, in: {call} }} }}"
              for name, (does, call, _) in zip(names, pack)]
             + ["{ id: gen, plugin: generator, interval: 200ms, "
                "options: { samples: 1, series: 1 } }"])
    agent = c.run_agent()
    for name, (_, call, what) in zip(names, pack):
        if what and call != "stop":
            e2e.wait_until(lambda n=name, w=what: said(agent, n, w))
    wait_for_witness(c, 5)
    agent.stop()
    values = witness(c)
    assert values == list(range(len(values))), values
    missed = len(lines_of(agent, "gen"))
    for name, (does, call, what) in zip(names, pack):
        line = said(agent, name, what) if what else "(nothing: only its own process changed)"
        assert line, f"{does} in {call}:\n" + "\n".join(lines_of(agent, name))
        figures.add("rogue", does=does, call=call, said=line, missed=missed)


def what_crashes_ends_its_own_process_alone(c):
    play(c, CRASHES, timeout="1s")  # which is when they are asked to cancel


def what_hangs_is_killed(c):
    play(c, HANGS, timeout="1s")


def what_takes_too_much_gets_no_more(c):
    # A sanitizer's own memory has no bound (docs/ISOLATION.md, Limits).
    sanitized = os.path.basename(e2e.BUILD) in ("asan", "tsan")
    play(c, [row for row in FLOODS
             if not (sanitized and row[0] in ("take_memory", "take_threads"))])


def what_breaks_the_contract_is_told(c):
    play(c, MISTAKES)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
