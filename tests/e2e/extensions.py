#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The host's services for plugins that wait without blocking, or learn of their metrics
when they run."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402


def values(context, metric):
    if not os.path.exists(context.path("out.ndjson")):
        return []
    return [record["value"] for record in context.records("out.ndjson")
            if record["metric"] == metric]


def a_plugin_waits_on_the_loop_over_many_runs(c):
    c.config(["{ id: p, plugin: pulse }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: len(values(c, "pulse.count")) >= 30)
    assert agent.stop() == 0, agent.log()
    found = values(c, "pulse.count")
    assert found == list(range(len(found))), found
    assert "failed" not in agent.log() and "hangs" not in agent.log(), agent.log()


def a_run_that_waits_too_long_is_cancelled_and_the_next_one_works(c):
    c.config(["{ id: p, plugin: pulse, timeout: 100ms, options: { beats: 3, every: 1h } }"])
    agent = c.run_agent()
    agent.wait_for_log("it took longer than 100ms (timeout)")
    assert agent.stop() == 0, agent.log()
    assert "hangs" not in agent.log(), agent.log()



def metrics_that_are_found_arrive_as_they_were_defined(c):
    c.config(["{ id: f, plugin: finder }"])
    agent = c.run_agent()
    e2e.wait_until(lambda: values(c, "found.in_run_4"))
    assert agent.stop() == 0, agent.log()
    records = c.records("out.ndjson")
    assert [record["metric"] for record in records] == [
        f"found.in_run_{i}" for i in range(len(records))], records
    for i, record in enumerate(records):
        assert (record["value"], record["unit"], record["kind"], record["confidence"],
                record["labels"]) == (i, "{run}", "gauge", "approximate",
                                      {"found.by": "finder"}), record
    told = "defines metric 'found.in_run_0', which is there with another kind, unit"
    assert agent.log().count(told) == 1, agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
