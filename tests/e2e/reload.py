#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A reload touches what changed, and nothing else; a wrong configuration changes nothing."""

import concurrent.futures
import json
import os
import signal
import socket
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

RELOADS = e2e.times("ROOKERY_RELOADS", 40, under=8)


def generator(name, labels="", options="samples: 5"):
    return (f"{{ id: {name}, plugin: generator, interval: 10ms, labels: {{ {labels} }}, "
            f"options: {{ {options} }} }}")


def reload(context):
    return context.rookery("reload", "--state-dir", context.path("state"))


def ask(context, request):
    """Sends bytes to the control socket and returns the reply."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(e2e.PATIENCE)
        client.connect(context.path("state/control"))
        client.sendall(request)
        reply = b""
        while piece := client.recv(65536):
            reply += piece
    return json.loads(reply)


def has_lines(context, name, n, holding="", since=0):
    """Waits for so many lines with this text, from a byte of the file on."""
    def there_are():
        if not os.path.exists(context.path(name)):
            return False
        with open(context.path(name), encoding="utf-8") as file:
            file.seek(since)
            return sum(holding in line for line in file) >= n
    e2e.wait_until(there_are)


def values_of(records, collector, **labels):
    return [record["value"] for record in records if record["collector"] == collector
            and labels.items() <= record["labels"].items()]


def a_new_collector_starts_and_the_others_go_on(c):
    c.config([generator("first")])
    agent = c.run_agent()
    has_lines(c, "out.ndjson", 10)
    c.config([generator("first"), generator("second")])
    result = reload(c)
    assert result.returncode == 0, result
    assert ("collectors: 1 as before, 0 changed, 1 new, 0 gone; "
            "sinks: 1 as before, 0 changed, 0 new, 0 gone") in result.stdout, result
    has_lines(c, "out.ndjson", 20, '"collector":"second"')
    assert agent.stop() == 0, agent.log()
    for name in ("first", "second"):
        values = values_of(c.records("out.ndjson"), name)
        assert values == list(range(len(values))), (name, values)


def sighup_reloads(c):
    c.config([generator("first")])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    c.config([generator("other")])
    agent.process.send_signal(signal.SIGHUP)
    agent.wait_for_log("reloaded; collectors: 0 as before, 0 changed, 1 new, 1 gone")
    has_lines(c, "out.ndjson", 20, '"collector":"other"')
    assert agent.stop() == 0, agent.log()


def what_changed_starts_anew_with_its_options(c):
    c.config([generator("gen", "round: '1'"), generator("still")])
    agent = c.run_agent()
    has_lines(c, "out.ndjson", 10, '"round":"1"')
    c.config([generator("gen", "round: '2'", "samples: 7"), generator("still")])
    result = reload(c)
    assert "collectors: 1 as before, 1 changed, 0 new, 0 gone" in result.stdout, result
    has_lines(c, "out.ndjson", 10, '"round":"2"')
    assert agent.stop() == 0, agent.log()
    records = c.records("out.ndjson")
    for labels in ({"round": "1"}, {"round": "2"}):
        values = values_of(records, "gen", **labels)
        assert values == list(range(len(values))) and values, (labels, values)
    values = values_of(records, "still")
    assert values == list(range(len(values))), values


def a_wrong_configuration_changes_nothing_and_says_so(c):
    c.config([generator("gen")])
    agent = c.run_agent()
    has_lines(c, "out.ndjson", 10)
    c.config([generator("gen"), "{ id: x, plugin: generatr }"])
    result = reload(c)
    assert result.returncode == 1 and result.stdout == "", result
    assert "nothing was changed" in result.stderr, result
    assert "rookery.yaml:7:22: error: there is no plugin 'generatr'" in result.stderr, result
    assert "the reload was refused and nothing was changed" in agent.log(), agent.log()
    has_lines(c, "out.ndjson", len(c.read("out.ndjson").splitlines()) + 10)
    c.config([generator("gen")])
    assert reload(c).returncode == 0
    assert agent.stop() == 0, agent.log()
    values = values_of(c.records("out.ndjson"), "gen")
    assert values == list(range(len(values))), values


def sinks_come_go_and_change(c):
    def sink(name, path, more=""):
        return (f"{{ id: {name}, type: file, from: oldest, batch: {{ max_age: 0s }}, {more} "
                f"options: {{ path: {c.path(path)} }} }}")
    c.config([generator("gen")], sinks=[sink("a", "a.ndjson"), sink("b", "b.ndjson")])
    agent = c.run_agent()
    has_lines(c, "a.ndjson", 10)
    has_lines(c, "b.ndjson", 10)
    c.config([generator("gen")], sinks=[sink("a", "a2.ndjson"), sink("c", "c.ndjson")])
    result = reload(c)
    assert "sinks: 0 as before, 1 changed, 1 new, 1 gone" in result.stdout, result
    has_lines(c, "a2.ndjson", 10)
    has_lines(c, "c.ndjson", 10)
    end = os.path.getsize(c.path("b.ndjson"))
    assert agent.stop() == 0, agent.log()
    assert os.path.getsize(c.path("b.ndjson")) == end
    values = values_of(c.records("a.ndjson") + c.records("a2.ndjson"), "gen")
    assert values == list(range(len(values))), values
    values = values_of(c.records("c.ndjson"), "gen")
    assert values == list(range(len(values))), values


def what_counts_from_the_next_start_is_told(c):
    path = c.config([generator("gen")])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    text = c.read("rookery.yaml").replace("host: mx1", "host: mx2").replace(
        "sync: commit", "sync: 1s")
    c.write(os.path.basename(path), text)
    result = reload(c)
    assert result.returncode == 0, result
    assert "agent.host and agent.state_dir count from the next start" in result.stdout, result
    assert "journal.sync, segment_size and reserve count from the next start" in (
        result.stdout), result
    has_lines(c, "out.ndjson", 10)
    assert agent.stop() == 0, agent.log()
    assert {record["host"] for record in c.records("out.ndjson")} == {"mx1"}


def the_journals_bounds_count_at_once(c):
    c.write("blocked", "")
    sinks = ["{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
             "retry: { first: 10ms, most: 50ms }, "
             f"options: {{ path: {c.path('blocked/out')} }} }}"]

    def configure(bounds):
        c.config([generator("gen", options="samples: 2000")], sinks=sinks,
                 journal=f"{{ sync: 10ms, "
                 f"segment_size: 64KiB, {bounds} }}")

    def segments():
        return [name for name in os.listdir(c.path("state/journal"))
                if name.endswith(".segment")]

    configure("max_size: 1GiB")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.isdir(c.path("state/journal")) and len(segments()) > 4)
    assert "beyond journal.max_size" not in agent.log()
    configure("max_size: 128KiB")
    assert "next start" not in reload(c).stdout
    agent.wait_for_log("beyond journal.max_size")
    e2e.wait_until(lambda: len(segments()) <= 3)
    agent.kill()


def a_collector_that_hangs_is_left_behind_and_replaced(c):
    c.config(["{ id: odd, plugin: odd, isolation: none, timeout: 300ms, options: { hang: true } }"])
    agent = c.run_agent()
    agent.wait_for_log("hangs: it is left behind")
    c.config(["{ id: odd, plugin: odd }"])
    assert reload(c).returncode == 0
    has_lines(c, "out.ndjson", 3)
    agent.process.send_signal(signal.SIGTERM)
    agent.process.wait(e2e.PATIENCE)


def without_an_agent_it_says_so(c):
    c.config([generator("gen")])
    result = c.rookery("reload", "--config", c.path("rookery.yaml"))
    assert result.returncode == 1 and "no agent runs" in result.stderr, result


def the_control_socket_keeps_its_bounds(c):
    c.config([generator("gen")])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    mode = os.stat(c.path("state/control")).st_mode
    assert stat.S_ISSOCK(mode) and stat.S_IMODE(mode) == 0o660, oct(mode)
    assert ask(c, b"nonsense\n") == {"ok": False,
                                     "error": "the request is no JSON object on one line"}
    assert ask(c, b'{"command":"dance"}\n')["error"] == "there is no such command"
    assert ask(c, b"[" * (1 << 20))["error"] == "the request is too large"
    crowd = []
    for _ in range(16):
        crowd.append(socket.socket(socket.AF_UNIX))
        crowd[-1].connect(c.path("state/control"))
    with concurrent.futures.ThreadPoolExecutor(1) as one_more:
        late = one_more.submit(ask, c, b'{"command":"status"}\n')
        e2e.wait_until(late.running)
        for client in crowd:
            client.close()
        reply = late.result(e2e.PATIENCE)
    assert reply["pid"] == agent.pid, reply
    assert reply["collectors"][0]["id"] == "gen" and reply["sinks"][0]["id"] == "out", reply
    assert agent.stop() == 0, agent.log()
    assert not os.path.exists(c.path("state/control"))


def a_stop_during_a_reload_ends_in_order(c):
    c.config([generator(f"gen{i}") for i in range(20)])
    agent = c.run_agent()
    has_lines(c, "out.ndjson", 100)
    c.config([generator(f"gen{i}", "round: '2'") for i in range(20)])
    agent.process.send_signal(signal.SIGHUP)
    assert agent.stop() == 0, agent.log()
    c.records("out.ndjson")


def many_reloads_under_load_lose_and_double_nothing(c):
    def write(i, broken):
        sinks = ["{ id: out, type: file, from: oldest, batch: { max_age: %dms }, "
                 "options: { path: %s } }" % (i // 2 % 3, c.path("out.ndjson"))]
        c.config([generator("steady", options="samples: 10, series: 10"),
                  generator("changing", f"round: '{i}'", "samples: 3, part: 2"),
                  generator("comes_and_goes", f"round: '{i}'") if i % 3 == 0 else
                  "{ id: other, plugin: generator }",
                  "{ id: broken, plugin: nobody }" if broken else
                  "{ id: off, plugin: generator, enabled: false }"], sinks=sinks)

    write(0, False)
    agent = c.run_agent()
    has_lines(c, "out.ndjson", 1)
    done = 0
    for i in range(1, RELOADS + 1):
        broken = i % 5 == 0
        since = os.path.getsize(c.path("out.ndjson"))
        write(i, broken)
        result = reload(c)
        assert result.returncode == (1 if broken else 0), (i, result, agent.log()[-2000:])
        done += not broken
        if not broken:
            has_lines(c, "out.ndjson", 1, f'"round":"{i}"', since)
    assert agent.stop() == 0, agent.log()
    records = c.records("out.ndjson")
    assert len({record["id"] for record in records}) == len(records)
    values = values_of(records, "steady")
    assert values == list(range(len(values))), "the steady collector was touched"
    for i in range(RELOADS + 1):
        for name in ("changing", "comes_and_goes"):
            values = values_of(records, name, round=str(i))
            assert values == list(range(len(values))), (name, i, values)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
