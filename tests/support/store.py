# SPDX-License-Identifier: Apache-2.0
"""Servers as stores of what the counting generator made: how the agent writes to one, and
what it has then."""

import json
import os
import signal
import time

import e2e
import rsyslog
import servers
from ports import free_port
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

    def end(self, _agent):
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


def sample_of(record):
    labels = record["labels"]
    key = labels["life"], labels["number"], nanoseconds(record["time"])
    return key, float(record["value"])


def samples_of_lines(path):
    with open(path, encoding="utf-8") as file:
        yield from (sample_of(json.loads(line)) for line in file)


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

    def end(self, _agent):
        status = self.server.process.stop()
        assert status == 0, (status, self.server.process.log())

    def is_equal(self, read, sent):
        return abs(read - sent) <= 1e-9 * abs(sent)


# ---- syslog ------------------------------------------------------------------


class Syslogd:
    """rsyslogd with one of its inputs; `declared` goes to the module of it, `more` to the
    input."""

    def __init__(self, c, module, declared="", more=""):
        self.port = free_port()
        self.rsyslog = rsyslog.Rsyslog(c, [(module, declared)], f'input(type="{module}" '
                                       f'address="127.0.0.1" port="{self.port}" {more})')
        self.name, self.out = self.rsyslog.name, self.rsyslog.out

    @property
    def process(self):
        return self.rsyslog.process

    def start(self):
        self.rsyslog.start(rsyslog.listens(self.port))

    def connections(self):
        """Of each end of one: whether it is the server's, its state, bytes to be sent and to
        be read."""
        with open("/proc/net/tcp", encoding="ascii") as file:
            for line in list(file)[1:]:
                _, *ends, state, queues = line.split()[:5]
                ports = [int(end.partition(":")[2], 16) for end in ends]
                if self.port in ports and state != "0A":  # nor the one that listens
                    yield ports[0] == self.port, state, *(
                        int(queue, 16) for queue in queues.split(":"))


class Acknowledged(Store):
    """RELP: what was not acknowledged when the receiver was killed comes again, and it
    knows no ids. The line that it was at when it was killed is torn."""
    transport, form = "relp", "rfc5424"

    def sink(self):
        return ("type: syslog, options: { address: "
                f"\"{self.transport}://127.0.0.1:{self.server.port}\" }}")

    def samples(self):
        with open(self.server.out, encoding="utf-8") as file:
            for line in file:
                try:
                    yield sample_of(json.loads(json.loads(line)["message"]))
                except ValueError:
                    pass

    def check(self, found):
        assert (found["lost"], found["unequal"]) == (0, 0), found


class Streamed(Acknowledged):
    """Plain TCP does not tell what the peer has read: what stood in the buffers of both
    sockets when it was killed is lost, and what rsyslogd had read and not yet written."""
    transport = "tcp"
    read_at_once = 128 << 10  # imptcp's own buffer
    least_size = 300  # of a message; its JSON alone is larger

    held = 0

    def end(self, agent):
        """While the agent stands still, so that the buffers can be looked at."""
        os.kill(agent.pid, signal.SIGSTOP)
        for _, _, to_send, to_read in self.server.connections():
            self.held += to_send + to_read
        super().end(agent)
        os.kill(agent.pid, signal.SIGCONT)

    def samples(self):
        def is_read():
            return not any(is_ours and state in ("01", "08")
                           for is_ours, state, *_ in self.server.connections())
        e2e.wait_until(is_read)
        return super().samples()

    def more(self):
        return {"held": self.held}

    def check(self, found):
        assert found["unequal"] == 0, found
        most = self.held + found["ends"] * self.read_at_once
        assert found["lost"] * self.least_size <= most, (found, self.held)
