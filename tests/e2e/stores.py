#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Into real stores, which are killed and started again on the way: what they have in the
end is what was collected. Short here; `./dev stores` makes it a million samples each."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import figures  # noqa: E402
import servers  # noqa: E402
from store import (Acknowledged, Decimals, Lines, Points, Remote, Streamed,  # noqa: E402
                   Syslogd, samples_of_lines)

SAMPLES = e2e.times("ROOKERY_SAMPLES", 4000, under=400)
RESTARTS = e2e.times("ROOKERY_RESTARTS", 4, under=1)
SERIES = min(1000, SAMPLES // 80)


# ---- the campaign --------------------------------------------------------------


class Truth:
    """The file beside the store, into which all goes that was collected."""

    def __init__(self, c):
        self.path, self.size, self.count = c.path("truth.ndjson"), 0, 0

    def lines(self):
        """How many there are now."""
        if os.path.exists(self.path):
            with open(self.path, "rb") as file:
                file.seek(self.size)
                while new := file.read(1 << 20):
                    self.size += len(new)
                    self.count += new.count(b"\n")
        return self.count

    def wait_for(self, n):
        e2e.wait_until(lambda: self.lines() >= n)


def configure(c, store, truth):
    """Each run has one sample of each series, all of one magnitude."""
    c.config(["{ id: gen, plugin: generator, interval: 20ms, options: { reals: true, "
              f"first: 10000000, apart: 1, samples: {SERIES}, series: {SERIES} }} }}"],
             sinks=["{ id: truth, type: file, from: oldest, batch: { max_age: 0s }, "
                    f"options: {{ path: {truth.path} }} }}",
                    "{ id: store, from: oldest, batch: { max_age: 0s }, "
                    f"retry: {{ first: 10ms, most: 100ms }}, {store.sink()} }}"],
             agent="  stop_timeout: 10m")


def collect(c, store, truth):
    """The store ends and starts again while the agent writes to it; then all that was
    collected is delivered."""
    agent = c.run_agent()
    step = SAMPLES // (RESTARTS + 1)
    for i in range(RESTARTS):
        truth.wait_for(step * (i + 1))
        store.end(agent)
        truth.wait_for(truth.lines() + step // 4)  # which have to wait for the store
        store.server.start()
    truth.wait_for(SAMPLES)
    assert agent.stop() == 0, agent.log()
    assert "cannot send" in agent.log(), agent.log()
    result = c.run_once()
    assert result.returncode == 0, result.stderr


def judge(store, truth):
    """Compares; the figures."""
    sent, read = {}, 0
    for (life, series, at), value in samples_of_lines(truth.path):
        sent[life, series, at // store.grain] = value
    missing, doubled, unequal = set(sent), 0, 0
    for key, value in store.samples():
        read += 1
        unequal += key not in sent or not store.is_equal(value, sent[key])
        doubled += key not in missing
        missing.discard(key)
    assert len(sent) == truth.lines(), "two samples of one series at one time"
    return {"sent": len(sent), "read": read, "lost": len(missing), "doubled": doubled,
            "unequal": unequal}


def campaign(c, store):
    truth = Truth(c)
    store.server.start()
    configure(c, store, truth)
    begun = time.monotonic()
    collect(c, store, truth)
    seconds = time.monotonic() - begun
    found = dict(judge(store, truth), ends=RESTARTS)
    figures.add("stores", transport=store.transport, format=store.form, server=store.server.name(),
                **found, **store.more(), seconds=seconds)
    assert found["sent"] >= SAMPLES
    store.check(found)


# ---- cases -----------------------------------------------------------------------


def our_own_receiver_has_all_and_nothing_twice(c):
    campaign(c, Lines(servers.Keeper(c)))


def influxdb_has_all_and_nothing_twice(c):
    campaign(c, Points(servers.Influx(c)))


def prometheus_has_all_and_nothing_twice(c):
    # Without this window Prometheus refuses a batch that comes again (docs/FORMATS.md).
    campaign(c, Remote(servers.Prometheus(c, window="1h")))


def victoriametrics_has_all_and_nothing_twice(c):
    campaign(c, Decimals(servers.VictoriaMetrics(c)))


def rsyslog_loses_nothing_over_relp(c):
    campaign(c, Acknowledged(Syslogd(c, "imrelp", ' ruleset="in"', 'maxDataSize="64k"')))


def rsyslog_loses_over_tcp_what_the_buffers_held(c):
    campaign(c, Streamed(Syslogd(c, "imptcp", more='ruleset="in"')))


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
