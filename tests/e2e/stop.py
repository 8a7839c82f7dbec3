#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How it ends: in order, within a bound, and at once when it is told twice."""

import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402


def sigterm_delivers_what_was_committed_and_exits_0(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 50, part: 10 } }"],
             sinks=["{ id: out, type: file, from: oldest, batch: { max_age: 1h }, "
                    f"options: {{ path: {c.path('out.ndjson')} }} }}"],
             journal="{ sync: 1h }")
    agent = c.run_agent()
    e2e.wait_until(lambda: "samples" in c.rookery(
        "journal", "stat", "--state-dir", c.path("state")).stdout and stat(c)["samples"] >= 200)
    assert agent.stop() == 0, agent.log()
    assert len(c.records("out.ndjson")) == stat(c)["samples"]
    assert "told to stop (Terminated)" in agent.log()


def stat(context):
    import json  # pylint: disable=import-outside-toplevel
    return json.loads(context.rookery("journal", "stat", "--json", "--state-dir",
                                      context.path("state")).stdout)


def a_busy_run_is_cancelled_at_the_stop(c):
    c.config(["{ id: odd, plugin: odd, options: { busy: true } }"], agent="  log_level: debug")
    agent = c.run_agent()
    agent.wait_for_log("odd: starting -> running")
    assert agent.stop() == 0, agent.log()
    assert "running -> late" in agent.log(), agent.log()


def a_run_that_hangs_is_parked_and_the_stop_still_ends(c):
    c.config(["{ id: odd, plugin: odd, isolation: none, timeout: 50ms, options: { hang: true } }",
              "{ id: gen, plugin: generator, options: { samples: 5 } }"])
    agent = c.run_agent()
    agent.wait_for_log("odd: a run hangs: it is left behind")
    before = len(c.read("out.ndjson").splitlines())
    e2e.wait_until(lambda: len(c.read("out.ndjson").splitlines()) > before)
    assert agent.stop() == 1
    assert "left behind: 1 of 2 collectors" in agent.log(), agent.log()
    c.records("out.ndjson")


def a_stop_that_hangs_is_left_behind(c):
    c.config(["{ id: odd, plugin: odd, isolation: none, options: { hang_in_stop: true } }"])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    e2e.wait_until(lambda: os.path.exists(c.path("out.ndjson")))
    assert agent.stop() == 1
    assert "odd: its stop hangs" in agent.log(), agent.log()


def a_second_signal_ends_it_at_once(c):
    c.config(["{ id: odd, plugin: odd, timeout: 1h, options: { hang: true } }"],
             agent="  log_level: debug")
    agent = c.run_agent()
    agent.wait_for_log("odd: starting -> running")
    agent.process.send_signal(signal.SIGTERM)
    agent.wait_for_log("told to stop (Terminated)")
    agent.process.send_signal(signal.SIGTERM)
    assert agent.process.wait(e2e.PATIENCE) == 1
    assert "a second time (Terminated): ending at once" in agent.log(), agent.log()


def sighup_does_not_kill_it_while_it_starts_or_runs(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 5 } }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("state")))
    for _ in range(50):
        agent.process.send_signal(signal.SIGHUP)
        time.sleep(0.002)
    agent.wait_for_log("runs; collectors: 1")
    agent.process.send_signal(signal.SIGHUP)
    assert agent.stop() == 0, agent.log()


def a_second_agent_on_the_same_state_is_refused_with_the_pid(c):
    c.config(["{ id: gen, plugin: generator }"])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    result = c.run_once()
    assert result.returncode == 1, result
    assert f"another agent (pid {agent.pid}) uses '{c.path('state')}'" in result.stderr, result
    assert agent.stop() == 0


def ready_is_told_to_systemd_and_stopping_too(c):
    import socket  # pylint: disable=import-outside-toplevel
    path = c.path("notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(e2e.PATIENCE)
        c.environment["NOTIFY_SOCKET"] = path
        c.environment["WATCHDOG_USEC"] = "200000"
        c.config(["{ id: gen, plugin: generator }"])
        agent = c.run_agent()
        assert listener.recv(100) == b"READY=1"
        assert os.path.isdir(c.path("state/journal"))
        assert listener.recv(100) == b"WATCHDOG=1"
        assert listener.recv(100) == b"WATCHDOG=1"
        assert agent.stop() == 0
        said = listener.recv(100)
        while said == b"WATCHDOG=1":
            said = listener.recv(100)
        assert said == b"STOPPING=1"


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
