#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a sample costs, beside collectd and beside what the machine allows, in one run:
1,000,000 samples of 1,000 series with 4 labels, through the journal into a file, and over
HTTP and as syslog over TCP to receivers that throw away what they read, in processes of
their own.

CPU is user and system time of the whole process. Runs alternate, so that a machine
whose speed drifts does so for all; the median counts, and ratios are what to quote."""

import argparse
import glob
import json
import multiprocessing
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "release")
PATIENCE = 600


def measured(arguments, environment, until=None):
    """Runs a program to its end, or until something holds and then SIGTERM; returns
    (CPU seconds, peak KiB)."""
    process = subprocess.Popen(arguments, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    end = time.monotonic() + PATIENCE
    while until and not until():
        if process.poll() is not None or time.monotonic() > end:
            sys.exit(f"{arguments[0]} ended early: {process.stderr.read().decode()[-2000:]}")
        time.sleep(0.05)
    if until:
        process.send_signal(signal.SIGTERM)
    process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{arguments[0]} exited with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def line_count(path):
    if not os.path.exists(path):
        return 0
    with open(path, "rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


class SinkHole:
    """Reads what is sent, and counts records and bytes; what that costs is its own."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.records, self.bytes = (multiprocessing.Value("q", 0) for _ in range(2))
        self.process = multiprocessing.Process(target=self.run, daemon=True)
        self.process.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            with connection:
                self.read(connection)

    def settle(self, records):
        """Waits until so many are there; how many bytes they had."""
        end = time.monotonic() + PATIENCE
        while self.records.value < records and time.monotonic() < end:
            time.sleep(0.01)
        assert self.records.value == records, self.records.value
        size = self.bytes.value
        self.records.value = self.bytes.value = 0
        return size


class HttpHole(SinkHole):
    def read(self, connection):
        with connection.makefile("rb", 1 << 20) as stream:
            while self.answer(connection, stream):
                pass

    def answer(self, connection, stream):
        size, line = 0, stream.readline()
        if not line:
            return False
        while line not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                size = int(line.partition(b":")[2])
            line = stream.readline()
        body = stream.read(size)
        self.bytes.value += size
        self.records.value += body.count(b"\n")
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        return True


class SyslogHole(SinkHole):
    """Counts the heads of messages, also one that comes in two pieces."""
    head = b"<134>1 "

    def read(self, connection):
        rest = b""
        while piece := connection.recv(1 << 20):
            self.bytes.value += len(piece)
            piece = rest + piece
            self.records.value += piece.count(self.head)
            rest = piece[1 - len(self.head):]


class Rookery:
    """Into a file; journal_bytes and line_bytes are what a sample took."""
    name = "rookery, durable journal and NDJSON file"

    def __init__(self, folder, samples):
        self.folder, self.samples = folder, samples
        self.out = os.path.join(folder, "out.ndjson")
        self.environment = dict(os.environ, LD_BIND_NOW="1",
                                ROOKERY_PLUGIN_PATH=os.path.join(BUILD, "tests", "plugins"))
        self.journal_bytes = self.line_bytes = 0

    def sink(self):
        return f"type: file, options: {{ path: {self.out} }}"

    def settle(self):
        """Looks at what arrived, and takes it away."""
        assert line_count(self.out) == self.samples
        self.line_bytes = os.path.getsize(self.out) / self.samples
        os.remove(self.out)

    def run(self):
        state = os.path.join(self.folder, "state")
        config = os.path.join(self.folder, "rookery.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                f"agent: {{ host: mx1, state_dir: {state}, stop_timeout: 5m }}\n"
                "collectors:\n  - { id: gen, plugin: generator, options: "
                f"{{ samples: {self.samples}, series: 1000 }} }}\n"
                f"sinks:\n  - {{ id: out, from: oldest, {self.sink()} }}\n")
        cost = measured([os.path.join(BUILD, "rookery"), "run", "--once", "--config", config],
                        self.environment)
        files = glob.glob(os.path.join(state, "journal", "*.se*"))
        self.journal_bytes = sum(map(os.path.getsize, files)) / self.samples
        shutil.rmtree(state)
        self.settle()
        return cost


class RookeryHttp(Rookery):
    name = "rookery, durable journal and NDJSON over HTTP"

    def __init__(self, folder, samples, hole):
        super().__init__(folder, samples)
        self.hole = hole

    def sink(self):
        return f"type: http, options: {{ url: \"http://127.0.0.1:{self.hole.port}/in\" }}"

    def settle(self):
        self.line_bytes = self.hole.settle(self.samples) / self.samples


class RookerySyslog(RookeryHttp):
    name = "rookery, durable journal and syslog over TCP"

    def sink(self):
        return f"type: syslog, options: {{ address: \"tcp://127.0.0.1:{self.hole.port}\" }}"


class Collectd:
    name = "collectd, write_log as JSON through logfile"

    def __init__(self, folder, samples):
        self.folder, self.samples = folder, samples
        plugins = os.path.join(folder, "collectd-plugins")
        os.mkdir(plugins)
        # One PluginDir, and it takes no links: copy what is needed.
        for name in ("logfile", "write_log"):
            shutil.copy(f"/usr/lib/collectd/{name}.so", plugins)
        include = "/usr/include/collectd"
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O2", "-DHAVE_CONFIG_H", f"-I{include}",
             f"-I{include}/core", f"-I{include}/core/daemon", "-o",
             os.path.join(plugins, "generator.so"),
             os.path.join(ROOT, "tests", "bench", "collectd_generator.c")], check=True)
        self.log = os.path.join(folder, "collectd.log")
        self.config = os.path.join(folder, "collectd.conf")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(f'''BaseDir "{folder}"
PIDFile "{folder}/collectd.pid"
PluginDir "{plugins}"
TypesDB "/usr/share/collectd/types.db"
Interval 3600
ReadThreads 1
WriteThreads 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel info
  File "{self.log}"
  Timestamp false
</Plugin>
LoadPlugin write_log
<Plugin write_log>
  Format JSON
</Plugin>
LoadPlugin generator
''')

    def run(self):
        if os.path.exists(self.log):
            os.remove(self.log)
        cost = measured(["/usr/sbin/collectd", "-f", "-C", self.config],
                        dict(os.environ, COUNT=str(self.samples)),
                        until=lambda: line_count(self.log) >= 2 * self.samples)
        return cost


class Machine:
    """As many bytes as the sink writes, without an agent: what is left for one to save."""

    def __init__(self, folder, agent):
        self.path, self.agent = os.path.join(folder, "raw"), agent

    def write(self, left):
        raise NotImplementedError

    def clear(self):
        pass

    def run(self):
        before = os.times()
        self.write(int(self.agent.samples * self.agent.line_bytes))
        after = os.times()
        self.clear()
        return (after.user - before.user) + (after.system - before.system), 0


class MachineFile(Machine):
    """In pieces of 1 MiB with fdatasync."""
    name = "the machine: as many bytes, 1 MiB each, fdatasync"

    def write(self, left):
        piece = bytes(1 << 20)
        fd = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        while left > 0:
            left -= os.write(fd, piece[:left])
            os.fdatasync(fd)
        os.close(fd)

    def clear(self):
        os.remove(self.path)


class MachineHttp(Machine):
    """In requests of 1 MiB over one connection to the same receiver, each when the one
    before was answered: what the kernel takes for that, whatever library one uses."""
    name = "the machine: as many bytes, 1 MiB a request, a socket"

    def write(self, left):
        piece = bytes(1 << 20)
        with socket.create_connection(("127.0.0.1", self.agent.hole.port)) as connection:
            while left > 0:
                n = min(left, len(piece))
                connection.sendall(
                    f"POST /in HTTP/1.1\r\nContent-Length: {n}\r\n\r\n".encode())
                connection.sendall(memoryview(piece)[:n])
                assert connection.recv(4096).startswith(b"HTTP/1.1 204")
                left -= n

    def clear(self):
        self.agent.hole.records.value = self.agent.hole.bytes.value = 0


class MachineStream(MachineHttp):
    """In pieces of 1 MiB, of which nothing is heard again."""
    name = "the machine: as many bytes, 1 MiB each, a socket"

    def write(self, left):
        piece = bytes(1 << 20)
        with socket.create_connection(("127.0.0.1", self.agent.hole.port)) as connection:
            while left > 0:
                n = min(left, len(piece))
                connection.sendall(memoryview(piece)[:n])
                left -= n
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)  # until it has read all


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="rookery-bench-")
    try:
        rookery = Rookery(folder, options.samples)
        http = RookeryHttp(folder, options.samples, HttpHole())
        syslog = RookerySyslog(folder, options.samples, SyslogHole())
        sides = [rookery, MachineFile(folder, rookery), http, MachineHttp(folder, http),
                 syslog, MachineStream(folder, syslog), Collectd(folder, options.samples)]
        costs = {side.name: [] for side in sides}
        for _ in range(options.runs):
            for side in sides:
                costs[side.name].append(side.run())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    rows = {}
    for name, runs in costs.items():
        cpu = statistics.median(run[0] for run in runs) / options.samples * 1e6
        rows[name] = {"cpu_us": cpu, "peak_kib": statistics.median(run[1] for run in runs)}
    ours = rows[rookery.name]["cpu_us"]
    if options.json:
        print(json.dumps({"rows": rows, "journal_bytes": rookery.journal_bytes,
                          "line_bytes": rookery.line_bytes}, indent=2))
        return
    print(f"{options.samples} samples, median of {options.runs} runs\n")
    print(f"{'':54} {'CPU a sample':>14} {'peak memory':>12} {'ratio':>7}")
    for name, row in rows.items():
        peak = f"{row['peak_kib'] / 1024:.1f} MiB" if row["peak_kib"] else "-"
        print(f"{name:54} {row['cpu_us']:11.3f} us {peak:>12} {row['cpu_us'] / ours:7.2f}")
    print(f"\njournal: {rookery.journal_bytes:.2f} bytes a sample; "
          f"lines of {rookery.line_bytes:.0f} bytes")


if __name__ == "__main__":
    main()
