#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The file sink: names, rotation, compression, and files that others touch."""

import csv
import gzip
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402


def sink(options, more=""):
    return ("{ id: out, type: file, from: oldest, batch: { max_age: 0s, max_count: 100 }"
            f"{more}, options: {{ {options} }} }}")


def names(context, start):
    return sorted(name for name in os.listdir(context.folder) if name.startswith(start))


def lines_of(context, name):
    opener = gzip.open if name.endswith(".gz") else open
    with opener(context.path(name), "rt", encoding="utf-8") as file:
        return file.read().splitlines()


def number_of(name):
    found = re.search(r"\.(\d+)(\.gz)?$", name)
    return int(found.group(1)) if found else 10**9


def values_in_order(context, start):
    found = []
    for name in sorted(names(context, start), key=number_of):
        found += [json.loads(line)["value"] for line in lines_of(context, name)]
    return found


def the_path_carries_the_time_in_utc(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 3 } }"],
             sinks=[sink(f'path: "{c.path("%Y/%m/x-%Y-%m-%d.ndjson")}"')])
    c.environment["TZ"] = "Pacific/Auckland"
    assert c.run_once().returncode == 0
    found = subprocess.run(["find", c.folder, "-name", "x-*"], check=True, capture_output=True,
                           text=True).stdout.split()
    assert len(found) == 1, found
    with open(found[0], encoding="utf-8") as file:
        observed = json.loads(file.readline())["observed"]
    year, month, day = observed[:10].split("-")
    assert found[0] == c.path(f"{year}/{month}/x-{year}-{month}-{day}.ndjson")


def a_full_file_is_put_aside_with_growing_numbers(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 2000, series: 10 } }"],
             sinks=[sink(f"path: {c.path('out')}, rotate: {{ size: 64KiB }}")])
    assert c.run_once().returncode == 0
    found = names(c, "out")
    assert len(found) > 5 and "out.1" in found, found
    for name in found:
        assert os.path.getsize(c.path(name)) < 128 << 10, name
    assert values_in_order(c, "out") == list(range(2000))


def a_file_is_closed_at_the_multiple_of_its_time(c):
    c.config(["{ id: gen, plugin: generator, interval: 20ms, options: { samples: 1 } }"],
             sinks=[sink(f"path: {c.path('out')}, rotate: {{ every: 1s }}")])
    agent = c.run_agent()
    e2e.wait_until(lambda: len(names(c, "out")) >= 4)
    assert agent.stop() == 0
    for name in names(c, "out"):
        seconds = {json.loads(line)["observed"][:19] for line in lines_of(c, name)}
        assert len(seconds) == 1, (name, seconds)
    values = values_in_order(c, "out")
    assert values == list(range(len(values)))


def closed_files_are_compressed_and_nothing_else_is_touched(c):
    c.write("out.notes", "mine")
    c.write("output", "mine too")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, "
              "options: { samples: 200, series: 10 } }"],
             sinks=[sink(f"path: {c.path('out')}, rotate: {{ size: 64KiB }}, compress: gzip")])
    agent = c.run_agent()
    e2e.wait_until(lambda: len([n for n in names(c, "out") if n.endswith(".gz")]) >= 3)
    assert agent.stop() == 0, agent.log()
    assert not [name for name in names(c, "out") if name.endswith(".part")]
    assert c.read("out.notes") == "mine" and c.read("output") == "mine too"
    os.remove(c.path("out.notes"))
    os.remove(c.path("output"))
    values = values_in_order(c, "out")
    assert values == list(range(len(values)))


def what_a_crash_left_uncompressed_is_compressed_later(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 1 } }"],
             sinks=[sink(f"path: {c.path('out')}, rotate: {{ size: 1GiB }}, compress: gzip")])
    assert c.run_once().returncode == 0
    c.write("out.7", '{"value":1}\n')
    c.write("out.7.gz.part", "half of it")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out.7.gz")) and not os.path.exists(c.path("out.7")))
    assert agent.stop() == 0
    assert lines_of(c, "out.7.gz") == ['{"value":1}']
    assert not os.path.exists(c.path("out.7.gz.part"))


def a_file_that_was_moved_away_is_begun_anew(c):
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 5 } }"],
             sinks=[sink(f"path: {c.path('out')}")])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out")) and len(lines_of(c, "out")) > 20)
    os.rename(c.path("out"), c.path("moved"))
    e2e.wait_until(lambda: os.path.exists(c.path("out")) and len(lines_of(c, "out")) > 20)
    assert agent.stop() == 0, agent.log()
    values = [json.loads(line)["value"] for name in ("moved", "out") for line in lines_of(c, name)]
    assert values == list(range(len(values)))


def a_file_that_was_cut_goes_on_at_its_end(c):
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 5 } }"],
             sinks=[sink(f"path: {c.path('out')}")])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out")) and os.path.getsize(c.path("out")) > 9999)
    os.truncate(c.path("out"), 0)
    agent.wait_for_log("was changed by somebody else: going on at its end")
    e2e.wait_until(lambda: os.path.getsize(c.path("out")) > 9999)
    assert agent.stop() == 0
    for record in c.records("out"):
        assert record["metric"] == "test.count"


def forget_the_last_acknowledgement(context):
    """As if the agent had died between the write to the file and the acknowledgement: of
    the cursor's two slots, the older one recorded the batch before it was sent."""
    with open(context.path("state/cursors/out.cursor"), "r+b") as file:
        slots = [file.read(4096), file.read(4096)]
        counters = [int.from_bytes(slot[8:16], "little") for slot in slots]
        file.seek(4096 * counters.index(max(counters)))
        file.write(bytes(4096))


def a_batch_that_was_not_acknowledged_is_cut_off_and_written_again(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 40, series: 4 } }"],
             sinks=[sink(f"path: {c.path('out')}")])
    assert c.run_once().returncode == 0
    assert c.run_once().returncode == 0
    whole = c.read("out")
    forget_the_last_acknowledgement(c)
    with open(c.path("out"), "a", encoding="utf-8") as file:
        file.write('{"half":')
    c.config([], sinks=[sink(f"path: {c.path('out')}")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert "that were not acknowledged" in result.stderr, result.stderr
    assert c.read("out") == whole


def standard_output_carries_data_alone(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 40 } }"],
             sinks=[sink('path: "-"')])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert [json.loads(line)["value"] for line in result.stdout.splitlines()] == list(range(40))


def csv_is_read_by_another_reader(c):
    c.config(["{ id: gen, plugin: generator, tenant: 'a, \"b\"', options: { samples: 250 } }",
              "{ id: odd, plugin: odd, options: { events: true, bytes: true } }"],
             sinks=[sink(f"path: {c.path('out.csv')}", ", format: csv"),
                    "{ id: json, type: file, from: oldest, "
                    f"options: {{ path: {c.path('out.ndjson')} }} }}"])
    assert c.run_once().returncode == 0
    with open(c.path("out.csv"), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, strict=True))
    records = c.records("out.ndjson")
    assert len(rows) == len(records)
    assert None not in rows[0] and len(rows[0]) == 24, rows[0]
    for row, record in zip(rows, records):
        assert row["id"] == record["id"] and row["observed"] == record["observed"]
        assert row["tenant"] == record.get("tenant", "")
        assert json.loads(row["labels"] or "{}") == record["labels"]
        if "event" in record:
            assert (row["record"], row["type"], row["phase"], row["insight"]) == (
                "event", record["event"], record["phase"], record["insight"])
        else:
            assert (row["record"], row["metric"], row["unit"]) == (
                "sample", record["metric"], record["unit"])
            assert float(row["value"]) == record["value"]


def each_csv_file_begins_with_the_header(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 1000 } }"],
             sinks=[sink(f"path: {c.path('out.csv')}, rotate: {{ size: 64KiB }}", ", format: csv")])
    assert c.run_once().returncode == 0
    assert c.run_once().returncode == 0
    found = names(c, "out.csv")
    assert len(found) > 2, found
    for name in found:
        lines = lines_of(c, name)
        assert lines[0].startswith("record,time,start,observed,metric,"), lines[0]
        assert sum(line.startswith("record,") for line in lines) == 1, name


def decimals_can_be_texts(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 2 } }"],
             sinks=[sink(f"path: {c.path('out')}", ", decimals: string")])
    assert c.run_once().returncode == 0
    assert [record["value"] for record in c.records("out")] == ["0", "1"]


def a_folder_that_cannot_be_written_is_told_and_tried_again(c):
    c.write("blocked", "a file where a folder should be")
    c.config(["{ id: gen, plugin: generator, interval: 20ms, options: { samples: 3 } }"],
             sinks=[sink(f"path: {c.path('blocked/out')}", ", retry: { first: 10ms, most: 50ms }")])
    agent = c.run_agent()
    agent.wait_for_log("out: cannot prepare a batch: Not a directory")
    os.remove(c.path("blocked"))
    agent.wait_for_log("out: delivers again after")
    assert agent.stop() == 0, agent.log()
    assert agent.log().count("cannot prepare a batch") < 5, agent.log()
    values = [record["value"] for record in c.records("blocked/out")]
    assert values == list(range(len(values)))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
