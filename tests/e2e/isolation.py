#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where a plugin runs: in a process that all its collectors share, in one of its own, or in
the agent. What it reports is the same; what ends is its process alone."""

import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e
import figures

MODES = ("process", "own_process", "none")
KILLS = e2e.times("ROOKERY_CHILD_KILLS", 20, 5)


def children_of(agent):
    """The processes that the agent has made, by their number, with their arguments."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{name}/cmdline", encoding="utf-8") as file:
                arguments = file.read().rstrip("\0").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == agent.pid:
            found[int(name)] = (state, arguments)
    return found


def hosts_of(agent):
    """Those that host plugins, and what they are for."""
    return {pid: arguments[1] for pid, (_, arguments) in children_of(agent).items()
            if arguments[0] == "plugin-host" and not arguments[1].startswith("describe ")}


def lines(c, name="out.ndjson"):
    return c.records(name) if os.path.exists(c.path(name)) else []


# ---- the same in all modes ----------------------------------------------------

def what_is_collected(c, mode):
    """All that one run of each plugin reports, but for what changes from run to run."""
    c.config([f"{{ id: host, plugin: system_health, isolation: {mode} }}",
              f"{{ id: gen, plugin: generator, isolation: {mode}, tenant: acme, "
              "labels: { site: fra }, options: { samples: 2500, series: 40, events: 3, "
              "reals: true, part: 700 } }",
              f"{{ id: odd, plugin: odd, isolation: {mode}, max_series: 5, tenants: [b], "
              "options: { wrong: true, bytes: true, events: true } }",
              f"{{ id: mark, plugin: bookmark, isolation: {mode}, "
              "drop: [{ metric: nothing }] }"])
    run = c.run_once()
    assert run.returncode == 0, run.stderr
    records = c.records("out.ndjson")
    os.remove(c.path("out.ndjson"))
    e2e.shutil.rmtree(c.path("state"))
    found = set()
    for record in records:
        labels = {k: v for k, v in record.get("labels", {}).items() if k not in ("life", "pid")}
        found.add((record["collector"], record.get("metric"), record.get("type"),
                   record.get("kind"), record.get("unit"), record.get("confidence"),
                   record.get("tenant"), record.get("insight"), str(sorted(labels.items())),
                   record.get("value") if record["collector"] in ("gen", "mark") else None))
    told = {re.sub("^[^ ]* ", "", line) for line in run.stderr.splitlines()
            if " warning " in line}
    return found, told


def every_mode_reports_the_same(c):
    first, first_told = what_is_collected(c, MODES[0])
    assert len(first) > 2600, len(first)
    for mode in MODES[1:]:
        found, told = what_is_collected(c, mode)
        assert found == first, (mode, sorted(map(str, found ^ first))[:10])
        assert told == first_told, (mode, told ^ first_told)


def collectors_share_a_process_or_have_their_own(c):
    few = "plugin: generator, interval: 1s, options: { samples: 1 }"
    c.config([f"{{ id: a, {few} }}", f"{{ id: b, {few} }}",
              f"{{ id: own, {few}, isolation: own_process }}",
              f"{{ id: here, {few}, isolation: none }}",
              "{ id: other, plugin: odd, interval: 1s }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: {r["collector"] for r in lines(c)} ==
                   {"a", "b", "own", "here", "other"})
    assert sorted(hosts_of(agent).values()) == ["generator", "odd", "own"], hosts_of(agent)
    assert agent.stop() == 0, agent.log()
    for pid in hosts_of(agent):
        assert not os.path.exists(f"/proc/{pid}"), pid


# ---- the end of a process -----------------------------------------------------

def a_process_that_dies_fails_its_runs_which_run_again_at_once(c):
    c.config(["{ id: slow, plugin: odd, interval: 1h, timeout: 1m, options: { busy: true } }",
              "{ id: gen, plugin: generator, interval: 50ms, options: { samples: 1 } }"],
             agent="  log_level: debug")
    agent = c.run_agent()
    agent.wait_for_log("slow: starting -> running")
    pid = next(pid for pid, name in hosts_of(agent).items() if name == "odd")
    os.kill(pid, signal.SIGKILL)
    agent.wait_for_log("slow: runs again: the process of plugin 'odd' died: SIGKILL")
    e2e.wait_until(lambda: any(r["collector"] == "slow" for r in lines(c)))
    assert agent.log().count("slow: starting -> running") == 2, agent.log()
    assert "gen: run failed" not in agent.log(), agent.log()
    assert agent.stop() == 0, agent.log()


def who_crashes_twice_gets_a_process_of_its_own(c):
    c.config(["{ id: bad, plugin: rogue, interval: 10ms, options: { does: segfault } }",
              "{ id: good, plugin: rogue, interval: 20ms, "
              "options: { does: emit_nan, in: cancel } }"])
    agent = c.run_agent()
    agent.wait_for_log("error bad: the process of plugin 'rogue' died: SIGSEGV")
    log = agent.log()
    assert log.count("error rogue: the process of plugin 'rogue' died: SIGSEGV") == 2, log
    assert "run failed: the process of plugin 'rogue' died: SIGSEGV at 0x0 in collect" in log
    assert agent.stop() in (0, 1)


def one_that_dies_too_often_is_left_alone(c):
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 1 } }"])
    agent = c.run_agent()
    for _ in range(4):
        pid = next(iter(e2e.wait_until(lambda: hosts_of(agent))))
        os.kill(pid, signal.SIGKILL)
        e2e.wait_until(lambda p=pid: p not in hosts_of(agent))
    agent.wait_for_log("4 deaths in 10m")
    agent.process.send_signal(signal.SIGHUP)  # a reload tries at once
    e2e.wait_until(lambda: hosts_of(agent))
    assert agent.stop() == 0, agent.log()


def the_agent_takes_its_processes_along(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 1 } }",
              "{ id: hang, plugin: rogue, options: { does: loop_deaf } }"])
    agent = c.run_agent()
    pids = list(e2e.wait_until(lambda: len(hosts_of(agent)) == 2 and hosts_of(agent)))
    agent.kill()
    e2e.wait_until(lambda: not any(os.path.exists(f"/proc/{pid}/exe") for pid in pids))


def a_stop_ends_what_hangs(c):
    c.config(["{ id: odd, plugin: odd, options: { hang_in_stop: true } }",
              "{ id: loop, plugin: rogue, timeout: 1h, options: { does: loop_deaf } }"],
             agent="  stop_timeout: 20s")
    agent = c.run_agent()
    e2e.wait_until(lambda: any(r["collector"] == "odd" for r in lines(c)))
    e2e.wait_until(lambda: len(hosts_of(agent)) == 2)
    assert agent.stop() == 0, agent.log()
    assert "odd: its stop took longer than 5s: its process is killed" in agent.log(), agent.log()


def status_of(pid, name):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(rf"^{name}:\s+(\d+)", file.read(), re.M).group(1))


def kills_during_collection_lose_and_double_nothing(c):
    """What a run has committed is there, once, however often its process ends."""
    c.config(["{ id: mark, plugin: bookmark, interval: 10ms }"],
             journal="{ sync: 50ms, segment_size: 1MiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: len(lines(c)) > 0)
    descriptors = len(os.listdir(f"/proc/{agent.pid}/fd"))
    killed = memory = 0
    while killed < KILLS:
        if not memory and killed >= KILLS / 4:  # behind the first reloads
            memory = status_of(agent.pid, "VmRSS")
        size = os.path.getsize(c.path("out.ndjson"))
        e2e.wait_until(lambda s=size: os.path.getsize(c.path("out.ndjson")) > s)
        hosts = hosts_of(agent)
        time.sleep(0.02 * (killed % 7) / 7)  # die at any moment, not at a chosen one
        for pid in hosts:
            try:
                os.kill(pid, signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                pass  # it was not needed any more
        e2e.wait_until(lambda h=hosts: not set(h) & set(hosts_of(agent)))
        agent.process.send_signal(signal.SIGHUP)  # else the plugin is left alone

    def zombies():
        return [pid for pid, (state, _) in children_of(agent).items() if state == "Z"]

    def more_descriptors():
        return len(os.listdir(f"/proc/{agent.pid}/fd")) - descriptors

    # The last reload and the last child may be under way.
    e2e.wait_until(lambda: more_descriptors() <= 4 and not zombies())
    more, dead = more_descriptors(), len(zombies())
    grown = status_of(agent.pid, "VmRSS") - memory
    assert agent.stop() == 0, agent.log()
    values = [record["value"] for record in lines(c) if "value" in record]
    figures.add("child_kills", kills=killed, parts=len(values),
                missing=len(set(range(max(values) + 1)) - set(values)),
                doubled=len(values) - len(set(values)), zombies=dead,
                descriptors=more, kilobytes=grown)
    assert len(values) == len(set(values)), "doubled"
    assert sorted(values) == list(range(min(values), max(values) + 1)), "missing"


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
