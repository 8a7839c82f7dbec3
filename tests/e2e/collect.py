#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What is collected, and what it looks like on the outside."""

import math
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from sample_id import sample_id  # noqa: E402

KINDS = ("gauge", "delta", "cumulative")
CONFIDENCES = ("exact", "approximate", "directional")


def nanoseconds(text):
    whole, _, fraction = text.rstrip("Z").partition(".")
    seconds = int(subprocess.run(["date", "-u", "-d", whole + "Z", "+%s"], check=True,
                                 capture_output=True, text=True).stdout)
    return seconds * 10**9 + int(fraction.ljust(9, "0") or 0)


def once_writes_at_least_100_samples_of_this_machine(c):
    c.config(["{ id: host, plugin: system_health }"])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    records = c.records("out.ndjson")
    assert len(records) >= 100, len(records)
    for record in records:
        assert record["kind"] in KINDS, record
        assert record["confidence"] in CONFIDENCES, record
        assert record["unit"], record
        assert math.isfinite(record["value"]), record
        assert (record["collector"], record["plugin"], record["host"]) == (
            "host", "system_health", "mx1"), record
    assert len({record["id"] for record in records}) == len(records)


def jq_reads_every_line(c):
    c.config(["{ id: host, plugin: system_health }"])
    assert c.run_once().returncode == 0
    lines = len(c.read("out.ndjson").splitlines())
    result = subprocess.run(
        ["jq", "-r", 'select(.unit and .kind and .confidence and (.value | type == "number")) | .id',
         c.path("out.ndjson")], check=True, capture_output=True, text=True)
    assert len(result.stdout.splitlines()) == lines


def ids_are_those_of_a_second_implementation(c):
    c.config(["{ id: host, plugin: system_health }", "{ id: gen, plugin: generator, "
              "identity: pair/gen, options: { samples: 20, series: 3 } }"])
    assert c.run_once().returncode == 0
    times = {}
    for record in c.records("out.ndjson"):
        identity = {"host": "mx1/host", "gen": "pair/gen"}[record["collector"]]
        for name in ("time", "start"):
            text = record.get(name)
            if text and text not in times:
                times[text] = nanoseconds(text)
        assert record["id"] == sample_id(
            identity, record["metric"], record["kind"], record["unit"], record["labels"],
            times[record["time"]], times.get(record.get("start"), 0)), record


def decimals_and_doubles_come_out_exactly(c):
    c.config(["{ id: gen, plugin: generator, options: { samples: 3000, reals: true } }"])
    assert c.run_once().returncode == 0
    records = c.records("out.ndjson")
    assert [record["value"] for record in records] == [i / 7 for i in range(3000)]


def tenant_labels_and_identity_come_from_configuration(c):
    c.config(["{ id: gen, plugin: generator, tenant: acme, labels: { site: fra }, "
              "options: { samples: 1, series: 1 } }"])
    assert c.run_once().returncode == 0
    record = c.records("out.ndjson")[0]
    assert record["tenant"] == "acme"
    assert record["labels"]["site"] == "fra"
    assert list(record["labels"]) == sorted(record["labels"])


def a_stream_is_kept_as_it_goes_and_ends_at_the_stop(c):
    c.config(["{ id: s, plugin: stream }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out.ndjson"))
                   and len(c.read("out.ndjson").splitlines()) >= 50)
    assert agent.stop() == 0, agent.log()
    values = [record["value"] for record in c.records("out.ndjson")]
    assert values == list(range(len(values))), values[:100]
    assert "hangs" not in agent.log() and "failed" not in agent.log(), agent.log()


def a_stream_that_ends_is_opened_again(c):
    c.config(["{ id: s, plugin: stream, interval: 10ms, options: { ends: true } }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out.ndjson"))
                   and len(c.read("out.ndjson").splitlines()) >= 30)
    assert agent.stop() == 0, agent.log()


def once_ends_a_stream(c):
    c.config(["{ id: s, plugin: stream, timeout: 200ms }"])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert c.records("out.ndjson")


def events_have_their_phases_and_keys(c):
    c.config(["{ id: odd, plugin: odd, options: { events: true } }"])
    assert c.run_once().returncode == 0
    events = [record for record in c.records("out.ndjson") if "event" in record]
    assert [(event["phase"], event.get("key")) for event in events] == [
        ("begin", "inc-1"), ("update", "inc-1"), ("end", "inc-1"), ("once", None)], events
    assert events[0]["severity"] == "high" and events[0]["follow_up"] is True
    assert events[0]["insight"] == "The vendor reports a delay."
    assert events[0]["labels"] == {"vendor.name": "sendgrid"}
    assert events[0]["details"] == {"minutes": "12"}


def what_a_plugin_emits_against_the_rules_is_left_out_and_told(c):
    c.config(["{ id: odd, plugin: odd, max_series: 5, options: { wrong: true } }"])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    records = c.records("out.ndjson")
    assert [record["value"] for record in records if record["metric"] == "odd.good"] == [1, 2]
    for text in ("is no finite number", "does not start before its time",
                 "is not declared by metric", "series 4711 is not registered",
                 "more than 5 series (max_series)", "is not among the collector's 'tenants'",
                 "an event has no insight", "claims another confidence"):
        assert result.stderr.count(text) == 1, (text, result.stderr)


def strings_are_valid_utf8_whatever_the_plugin_gave(c):
    c.config(["{ id: odd, plugin: odd, options: { bytes: true } }"])
    assert c.run_once().returncode == 0
    with open(c.path("out.ndjson"), "rb") as file:
        file.read().decode("utf-8")
    values = [record["labels"]["text"] for record in c.records("out.ndjson")
              if record["metric"] == "odd.text"]
    assert values == ["a\ufffdb", 'quote " back \\\\ tab \t', "\ufffd\ufffd/"], values


def collect_prints_and_touches_nothing(c):
    c.config(["{ id: host, plugin: system_health }"])
    result = c.rookery("collect", "host", "--once", "--print", "--config",
                       c.path("rookery.yaml"))
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.splitlines()) >= 100
    assert not os.path.exists(c.path("state")) and not os.path.exists(c.path("out.ndjson"))
    result = c.rookery("collect", "hots", "--config", c.path("rookery.yaml"))
    assert result.returncode == 2 and "did you mean 'host'?" in result.stderr, result


def a_run_that_fails_makes_once_exit_1(c):
    c.config(["{ id: odd, plugin: odd, options: { fail: true } }"])
    result = c.run_once()
    assert result.returncode == 1, result
    assert "odd: run failed: the source is closed; next try in" in result.stderr, result.stderr


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
