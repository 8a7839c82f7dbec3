#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sinks that take a part of what is collected: each its own, all of it together, also
when the agent is killed; and what nobody wants is in nobody's way."""

import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402

KILLS = e2e.times("ROOKERY_KILLS", 100, under=12) // 3
# Series have numbers from 0 on, and the sample i is of the series i modulo their number.
ODD, EVEN = "labels: { number: '*[13579]' }", "labels: { number: '*[!13579]' }"


def file_sink(c, name, match, batch="max_age: 0s"):
    return (f"{{ id: {name}, type: file, from: oldest, batch: {{ {batch} }}, "
            f"match: [{match}], options: {{ path: {c.path(name + '.ndjson')} }} }}")


def generator(options, interval="10ms"):
    return f"{{ id: gen, plugin: generator, interval: {interval}, options: {{ {options} }} }}"


def each_sink_gets_its_own_and_together_they_get_all(c):
    c.config([generator("samples: 999, series: 50, events: 3", "10s"),
              "{ id: other, plugin: generator, tenant: acme, interval: 10s, "
              "options: { samples: 100, series: 50 } }"],
             sinks=[file_sink(c, "odd", f"{{ collector: gen, metric: 'test.*', {ODD} }}"),
                    file_sink(c, "even", f"{{ collector: g?n, {EVEN} }}"),
                    file_sink(c, "alerts", "{ event: '*' }"),
                    file_sink(c, "acme", "{ tenant: ac*, plugin: generator, metric: '*' }"),
                    file_sink(c, "some", "{ event: test.event }, { tenant: acme, metric: '*' }"),
                    file_sink(c, "nothing", "{ metric: nobody.has.this }")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    odd, even, alerts, acme = (
        c.records(name + ".ndjson") for name in ("odd", "even", "alerts", "acme"))
    assert [record["value"] for record in odd] == list(range(1, 999, 2))
    assert [record["value"] for record in even] == list(range(0, 999, 2))
    assert [record["key"] for record in alerts] == ["0", "1", "2"]
    assert [record["value"] for record in acme] == list(range(100))
    assert {record["tenant"] for record in acme} == {"acme"}
    some = [record["id"] for record in c.records("some.ndjson")]
    assert sorted(some) == sorted(record["id"] for record in alerts + acme)
    path = c.path("nothing.ndjson")
    assert not os.path.exists(path) or c.read("nothing.ndjson") == ""


def check_lives(records, kept):
    """kept: the numbers of a life that belong here. No line is doubled, none is missing
    in front of the last one."""
    found = [(int(record["labels"]["life"]), record["value"]) for record in records]
    assert len(found) == len(set(found)), f"{len(found) - len(set(found))} lines are doubled"
    lives = {}
    for life, number in found:
        lives.setdefault(life, []).append(number)
    for life, numbers in lives.items():
        expected = [n for n in range(numbers[-1] + 1) if kept(n)]
        assert numbers == expected, f"life {life} has gaps or lost its order"
    return {life: numbers[-1] for life, numbers in lives.items()}


def kills_lose_and_double_nothing_of_either(c):
    dice = random.Random(4711)
    c.config([generator("samples: 7, series: 8, part: 3, of_agent: true")],
             sinks=[file_sink(c, "odd", f"{{ {ODD} }}"), file_sink(c, "even", f"{{ {EVEN} }}")],
             journal="{ sync: 50ms, segment_size: 64KiB }")

    def size():
        return sum(os.path.getsize(c.path(name)) for name in ("odd.ndjson", "even.ndjson")
                   if os.path.exists(c.path(name)))

    for _ in range(KILLS):
        agent = c.run_agent()
        agent.wait_for_log("runs; collectors: 1")
        before = size()
        if dice.random() < 0.8:
            e2e.wait_until(lambda b=before: size() > b)
        time.sleep(dice.random() * 0.03)  # die at any moment, not at a chosen one
        agent.kill()
        os.remove(agent.log_path)
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    for name in ("odd", "even"):
        e2e.wait_until(lambda n=name: f'"life":"{agent.pid}"' in c.read(n + ".ndjson"))
    assert agent.stop() == 0, agent.log()
    ends = [check_lives(c.records("odd.ndjson"), lambda n: n % 2 == 1),
            check_lives(c.records("even.ndjson"), lambda n: n % 2 == 0)]
    # A life ends for both where its last frame did: three samples, or the one behind.
    for life, last in ends[0].items():
        assert abs(ends[1].get(life, -1) - last) <= 1, (life, last, ends[1].get(life))
    assert len(ends[0]) > KILLS / 4, len(ends[0])  # of the others, none got so far


def what_fits_nothing_moves_the_cursor_and_frees_the_journal(c):
    c.config([generator("samples: 5000, series: 100")],
             sinks=[file_sink(c, "nothing", "{ metric: nobody.has.this }")],
             journal="{ sync: 50ms, segment_size: 64KiB }")
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")

    def stat():
        result = c.rookery("journal", "stat", "--json", "--config", c.path("rookery.yaml"))
        assert result.returncode == 0, result
        return json.loads(result.stdout)

    found = e2e.wait_until(lambda: (now := stat())["first_sequence"] > 50 and now)
    assert found["segments"] <= 5, found
    assert agent.stop() == 0, agent.log()
    found = stat()
    cursor = found["cursors"][0]
    assert (cursor["sequence"], cursor["index"]) == (found["end_sequence"], 0), found
    assert cursor["lost_samples"] == 0 and cursor["batch_records"] == 0, found


def a_collector_drops_and_keeps_series(c):
    options = ("interval: 10s, "
               "options: { samples: 100, series: 50, events: 1 }")
    c.config([f"{{ id: all, plugin: generator, {options} }}",
              f"{{ id: odd, plugin: generator, keep: [{{ {ODD} }}], {options} }}",
              "{ id: some, plugin: generator, keep: [{ metric: 'test.*' }], "
              f"drop: [{{ {ODD} }}, {{ metric: test.count, labels: {{ number: '4?' }} }}], "
              f"{options} }}",
              f"{{ id: none, plugin: generator, drop: [{{ metric: '*' }}], {options} }}"])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    found = {}
    for record in c.records("out.ndjson"):
        key = "events" if "event" in record else "values"
        found.setdefault(record["collector"], {}).setdefault(key, []).append(record)
    values = {name: [record["value"] for record in kinds.get("values", [])]
              for name, kinds in found.items()}
    assert values["all"] == list(range(100))
    assert values["odd"] == list(range(1, 100, 2))
    assert values["some"] == [n for n in range(0, 100, 2) if n % 50 < 40]
    assert values["none"] == []
    for name in ("all", "odd", "some", "none"):
        assert len(found[name]["events"]) == 1, name


def a_sink_sets_labels_and_a_prefix_and_ids_stay(c):
    shaped = file_sink(c, "shaped", f"{{ {ODD} }}")
    c.config([generator("samples: 100, series: 50, events: 2", "10s")],
             sinks=[file_sink(c, "plain", f"{{ {ODD} }}, {{ event: '*' }}"),
                    shaped.replace("type: file,", "type: file, prefix: mail., "
                                   "labels: { site: fra, number: none },")
                    .replace(" } }]", " } }, { event: '*' }]")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    plain, records = c.records("plain.ndjson"), c.records("shaped.ndjson")
    assert len(plain) == 52 and [r["id"] for r in plain] == [r["id"] for r in records]
    for before, after in zip(plain, records):
        assert after["labels"] == before["labels"] | {"site": "fra", "number": "none"}, after
        if "metric" in before:
            assert after["metric"] == "mail." + before["metric"], after


def the_poison_among_what_matches_goes_to_the_dead_letters(c):
    def answer(request, n):
        return Answer(422, body=b"no") if b'"value":317,' in request.body else Answer()

    receiver = Receiver(answer)
    c.config([generator("samples: 1000, series: 50, part: 500", "10s")],
             sinks=[f"{{ id: out, type: http, from: oldest, batch: {{ max_age: 0s }}, "
                    f"match: [{{ {ODD} }}], options: {{ url: \"{receiver.url()}\" }} }}"])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert not receiver.faults, receiver.faults
    assert receiver.values() == [n for n in range(1, 1000, 2) if n != 317]
    letters = [json.loads(line) for line in c.read("state/dead-letters/out.ndjson").splitlines()]
    assert [letter["record"]["value"] for letter in letters] == [317], letters


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
