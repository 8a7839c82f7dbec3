#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Samples that a store has already, or will not take beside those it has: counted, taken
for no poison and in nobody's way."""

import json
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import servers  # noqa: E402

GENERATOR = ("{ id: gen, plugin: generator, interval: 10ms, "
             "options: { samples: 50, series: 50 } }")


def sink(name, form, url):
    return (f"{{ id: {name}, type: http, format: {form}, from: oldest, "
            "batch: { max_age: 0s }, retry: { first: 10ms, most: 100ms }, "
            f"options: {{ url: \"{url}\" }} }}")


def status(context, name):
    """What the running agent says of a sink; nothing while it cannot be asked."""
    result = context.rookery("journal", "stat", "--json", "--config",
                             context.path("rookery.yaml"))
    sinks = (json.loads(result.stdout or "{}").get("agent") or {}).get("sinks", [])
    return next((entry for entry in sinks if entry["id"] == name), {})


def what_prometheus_has_already_is_counted_and_no_poison(c):
    """Without an out-of-order window it refuses a batch whole that comes again."""
    url = servers.Prometheus(c).start().url()
    first, again = (sink(name, "prometheus_remote_write", url) for name in ("first", "again"))
    c.config([GENERATOR], sinks=[first])
    agent = c.run_agent()
    # Several samples of each series: those but the last are older than what it has.
    e2e.wait_until(lambda: status(c, "first").get("records", 0) > 200)
    assert agent.stop() == 0, agent.log()
    c.config([], sinks=[first, again])
    agent = c.run_agent(log="again.log")
    e2e.wait_until(lambda: status(c, "again").get("outdated", 0) > 200)
    agent.wait_for_log("again: ")
    e2e.wait_until(lambda: status(c, "again")["backlog_bytes"] == 0)
    text = c.rookery("journal", "stat", "--config", c.path("rookery.yaml")).stdout
    assert re.search("cursor again .* records came too late", text), text
    found = status(c, "again")
    assert found["dead_letters"] == found["failures"] == 0, found
    assert agent.stop() == 0, agent.log()
    assert "the receiver has them already, has newer ones, or finds them too old" in agent.log()
    assert re.search("out of order|duplicate", agent.log()), agent.log()
    assert not os.path.exists(c.path("state/dead-letters"))


def influxdb_takes_the_others_where_it_drops_some(c):
    """A field that is an integer there already takes no doubles."""
    store = servers.Influx(c).start()
    # Types are a shard's, which holds a week.
    store.write(f"test.count value=1i {time.time_ns()}\n".encode())
    c.config([GENERATOR], sinks=[sink("store", "influx", store.url())])
    agent = c.run_agent()
    e2e.wait_until(lambda: status(c, "store").get("outdated", 0) > 200)
    found = status(c, "store")
    assert found["dead_letters"] == found["failures"] == 0, found
    assert agent.stop() == 0, agent.log()
    assert "partial write: field type conflict" in agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
