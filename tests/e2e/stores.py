#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Into real stores over the http sink, which are killed and started again on the way:
what they have in the end is what was collected, to the bit."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import formats  # noqa: E402

RESTARTS = e2e.times("ROOKERY_RESTARTS", 4, under=2)


def configure(c, store, more=""):
    """Each run has one sample of each series; a file beside it has the truth."""
    c.config(["{ id: gen, plugin: generator, interval: 20ms, "
              "options: { samples: 50, series: 50 } }"],
             sinks=["{ id: truth, type: file, from: oldest, batch: { max_age: 0s }, "
                    f"options: {{ path: {c.path('truth.ndjson')} }} }}",
                    "{ id: store, type: http, from: oldest, batch: { max_age: 0s }, "
                    f"retry: {{ first: 10ms, most: 100ms }}, {store} }}"], journal=more)


def lines(context):
    path = context.path("truth.ndjson")
    return context.read("truth.ndjson").count("\n") if os.path.exists(path) else 0


def run_while_it_restarts(c, start, process):
    """Kills the store and starts it again while the agent writes to it; then all that was
    collected is delivered."""
    agent = c.run_agent()
    for _ in range(RESTARTS):
        seen = lines(c)
        e2e.wait_until(lambda s=seen: lines(c) > s + 500)
        process.kill()
        agent.wait_for_log("store: cannot send")
        process = start()
    assert agent.stop() in (0, 1), agent.log()
    result = c.rookery("run", "--once", "--config", c.path("rookery.yaml"))
    assert result.returncode == 0, result.stderr
    return process


def influxdb_has_all_and_nothing_twice(c):
    address, start = formats.influx_server(c)
    process = start()
    formats.influx_ask(address, "CREATE DATABASE r")
    configure(c, f"format: influx, options: {{ url: \"{address}/write?db=r&precision=ns\" }}")
    run_while_it_restarts(c, start, process)

    def order(point):
        return point[2], point[3].get("value"), point[1]
    found = sorted(formats.influx_points(address), key=order)
    truth = sorted(map(formats.influx_point, c.records("truth.ndjson")), key=order)
    formats.assert_equal(found, truth)
    assert len(truth) > 500 * RESTARTS


def prometheus_has_all_and_nothing_twice(c):
    port = formats.free_port()
    configure(c, "format: prometheus_remote_write, options: { url: "
              f"\"http://127.0.0.1:{port}/api/v1/write\" }}")

    def start():
        # Without this window Prometheus refuses a batch that comes again (docs/FORMATS.md).
        return formats.prometheus_start(c, "tsdb", port,
                                        "storage: { tsdb: { out_of_order_time_window: 1h } }")[1]
    run_while_it_restarts(c, start, start())
    truth = {(record["labels"]["number"], record["value"],
              formats.nanoseconds(record["time"]) // 10**6)
             for record in c.records("truth.ndjson")}
    found = {(labels["number"], value, at) for labels, value, at in
             formats.prometheus_samples(f"http://127.0.0.1:{port}", time.time() + 10)}
    wanted = {(number, formats.bits(float(value)), at) for number, value, at in truth}
    assert found == wanted, (len(found), len(wanted))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
