# SPDX-License-Identifier: Apache-2.0
"""Stores that people have, started on 127.0.0.1 in the folder of a test, which they keep
their data in: so they can be killed and started again. Each tells what it holds."""

import collections
import json
import os
import shutil
import socket
import struct
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal

import e2e
import figures
from ports import free_port


def bits(real):
    """A double for comparison: to the bit, but for the sign of zero."""
    return struct.pack("<d", real + 0.0)


def post(address, content, headers=None):
    """The status and what the server says."""
    request = urllib.request.Request(address, content, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=e2e.PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Server:
    """What a kind of server has of its own: its program with its arguments, the page that
    tells when it is up, and the Debian package it is from."""
    package, page = None, "/"

    def __init__(self, c, folder="store"):
        self.c, self.folder = c, c.path(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def arguments(self):
        raise NotImplementedError

    def name(self):
        return figures.version(self.package)

    def launch(self):
        """Without waiting for it; who calls this ends it, too."""
        self.process = e2e.Process(self.arguments(), self.folder.rstrip("/") + ".log",
                                   dict(os.environ, HOME=self.folder))

    def start(self):
        """Returns itself once it answers."""
        self.launch()
        self.c.processes.append(self.process)

        def is_up():
            assert self.process.process.poll() is None, self.process.log()
            return self.answers()
        e2e.wait_until(is_up)
        return self

    def answers(self):
        try:
            with urllib.request.urlopen(self.address + self.page, timeout=5):
                return True
        except OSError:
            return False


class Influx(Server):
    """InfluxDB 1.6: keeps nanoseconds and doubles as they are."""
    package, page = "influxdb", "/ping"

    def arguments(self):
        config = self.path("influxd.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f"""
reporting-disabled = true
bind-address = "127.0.0.1:{free_port()}"
[meta]
dir = "{self.path('meta')}"
[data]
dir = "{self.path('data')}"
wal-dir = "{self.path('wal')}"
[http]
bind-address = "127.0.0.1:{self.port}"
log-enabled = false
[monitor]
store-enabled = false
""")
        return ["influxd", "run", "-config", config]

    def start(self):
        super().start()
        self.ask("CREATE DATABASE r")
        return self

    def url(self):
        return self.address + "/write?db=r&precision=ns"

    def ask(self, query, number=Decimal):
        form = urllib.parse.urlencode({"db": "r", "epoch": "ns", "q": query}).encode()
        with urllib.request.urlopen(self.address + "/query", form,
                                    timeout=e2e.PATIENCE) as answer:
            return json.loads(answer.read(), parse_float=number)["results"][0]

    def write(self, lines):
        status, why = post(self.url(), lines)
        assert status == 204, why

    def points(self):
        """All of them: measurement, tags, nanoseconds, fields."""
        for series in self.ask("SELECT * FROM /.*/ GROUP BY *").get("series", []):
            tags = tuple(sorted((key, text) for key, text in series["tags"].items() if text))
            for row in series["values"]:
                fields = {key: value for key, value in zip(series["columns"], row)
                          if value is not None}
                at = int(fields.pop("time"))
                if "value" in fields:
                    fields["value"] = bits(float(fields["value"]))
                if "details" in fields:
                    fields["details"] = json.loads(fields["details"])
                yield series["name"], tags, at, fields


class Prometheus(Server):
    """`window`: how long what is out of order is taken; without one a batch that comes again
    is refused."""
    package, page = "prometheus", "/-/ready"

    def __init__(self, c, folder="store", window=None):
        super().__init__(c, folder)
        self.window = window

    def arguments(self):
        config = self.path("prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            if self.window:
                file.write(f"storage: {{ tsdb: {{ out_of_order_time_window: {self.window} }} }}\n")
        return ["prometheus", "--web.enable-remote-write-receiver", f"--config.file={config}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                f"--storage.tsdb.path={self.path('tsdb')}",
                "--storage.tsdb.retention.time=100y"]

    def url(self):
        return self.address + "/api/v1/write"

    def write(self, content):
        """The status and what the server says."""
        return post(self.url(), content, {
            "Content-Type": "application/x-protobuf", "Content-Encoding": "snappy",
            "X-Prometheus-Remote-Write-Version": "0.1.0"})

    def samples(self, end):
        """Those of the day before a time in seconds: labels, value, milliseconds."""
        form = urllib.parse.urlencode({"query": '{__name__!=""}[1d]', "time": end}).encode()
        with urllib.request.urlopen(self.address + "/api/v1/query", form,
                                    timeout=e2e.PATIENCE) as answer:
            for series in json.load(answer)["data"]["result"]:
                for seconds, value in series["values"]:
                    yield series["metric"], float(value), round(float(seconds) * 1000)


class VictoriaMetrics(Prometheus):
    """Keeps milliseconds, and values as decimals; it forgets the last seconds before a kill,
    of which it said that it had them."""
    package, page = "victoria-metrics", "/health"
    starts = 0

    def launch(self):
        self.starts += 1
        super().launch()

    def answers(self):
        """Until it says that it has started, SIGTERM ends it like a kill."""
        said = self.process.log().count("started VictoriaMetrics in")
        return super().answers() and said == self.starts

    def arguments(self):
        return ["victoria-metrics", f"-httpListenAddr=127.0.0.1:{self.port}",
                f"-storageDataPath={self.path('data')}", "-retentionPeriod=100y",
                "-search.latencyOffset=0s", "-dedup.minScrapeInterval=1ms",
                "-loggerLevel=INFO"]

    def start_empty(self):
        """Without what it had, and without the one that runs."""
        if self.process:
            self.process.kill()
            shutil.rmtree(self.folder)
        return self.start()

    def influx_url(self):
        return self.address + "/write?precision=ns"

    def samples(self, end=None):
        """All that it has: labels, value, milliseconds. Without an end it would be the last
        full second, and what it was given last would not be there before a flush."""
        urllib.request.urlopen(self.address + "/internal/force_flush", timeout=60).close()
        form = urllib.parse.urlencode({"match[]": '{__name__!=""}',
                                       "end": end or time.time() + 10}).encode()
        with urllib.request.urlopen(self.address + "/api/v1/export", form,
                                    timeout=e2e.PATIENCE) as answer:
            for line in answer:
                series = json.loads(line)
                for value, at in zip(series["values"], series["timestamps"]):
                    yield series["metric"], value, at


class Keeper(Server):
    """A receiver of our own, in a process of its own (keeper.py). Its lines are `lines`."""

    def __init__(self, c, folder="store", *arguments):
        super().__init__(c, folder)
        self.more = arguments

    def name(self):
        return "our own receiver"

    def arguments(self):
        return [sys.executable, os.path.join(os.path.dirname(__file__), "keeper.py"),
                self.folder, str(self.port), *self.more]

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
            return True
        except OSError:
            return False

    def url(self):
        return self.address + "/in"

    def lines(self):
        return self.path("out/out.ndjson")

    def notes(self):
        """How many batches it took for the first time (new), again (same), and under an id
        of another one (other)."""
        with open(self.path("index"), encoding="ascii") as file:
            return collections.Counter(line.partition(" ")[0] for line in file)
