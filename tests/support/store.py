# SPDX-License-Identifier: Apache-2.0
"""Servers as stores of what the counting generator made: how the agent writes to one, and
what it has then."""

import json
import time

import servers
from times import nanoseconds

MILLISECOND = 10**6


class Store:
    """How the agent writes to a server, and what that has then. A sample is known by life
    (of the generator), series and time, as exact as the store has it."""
    transport, form, grain = "http", None, 1

    def __init__(self, server):
        self.server = server

    def sink(self):
        """The rest of the sink's configuration."""
        return f"type: http, format: {self.form}, options: {{ url: \"{self.url()}\" }}"

    def url(self):
        return self.server.url()

    def end(self):
        self.server.process.kill()

    def samples(self):
        """(life, series, time), value of each that it has."""
        raise NotImplementedError

    def is_equal(self, read, sent):
        return servers.bits(read) == servers.bits(sent)

    def more(self):
        """Further figures."""
        return {}

    def check(self, found):
        """What must be true of the figures."""
        assert found["sent"] == found["read"], found
        assert (found["lost"], found["doubled"], found["unequal"]) == (0, 0, 0), found


def samples_of_lines(path):
    with open(path, encoding="utf-8") as file:
        for record in map(json.loads, file):
            labels = record["labels"]
            yield (labels["life"], labels["number"], nanoseconds(record["time"])), (
                float(record["value"]))


class Lines(Store):
    """Our own receiver, which knows a batch that comes again by its id."""
    form = "ndjson"

    def samples(self):
        return samples_of_lines(self.server.lines())

    def more(self):
        notes = self.server.notes()
        assert not notes["other"], "an id came with two contents"
        return {"again": notes["same"]}


class Points(Store):
    form = "influx"

    def samples(self):
        answer = self.server.ask('SELECT value FROM "test.count" GROUP BY life, "number"', float)
        for series in answer["series"]:
            tags = series["tags"]
            for at, value in series["values"]:
                yield (tags["life"], tags["number"], at), value


class Remote(Store):
    form, grain = "prometheus_remote_write", MILLISECOND
    metric = "test_count"

    def samples(self):
        for labels, value, at in self.server.samples(time.time() + 10):
            if labels["__name__"] == self.metric:
                yield (labels["life"], labels["number"], at), value


class Decimals(Remote):
    """Line protocol into VictoriaMetrics, which keeps decimals, and nothing that was not yet
    on its disk when it is killed; so it is stopped."""
    form, metric = "influx", "test.count_value"

    def url(self):
        return self.server.influx_url()

    def end(self):
        assert self.server.process.stop() == 0, self.server.process.log()

    def is_equal(self, read, sent):
        return abs(read - sent) <= 1e-9 * abs(sent)
