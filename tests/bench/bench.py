#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a sample costs, beside collectd and beside what the machine allows, in one run:
1,000,000 samples of 1,000 series with 4 labels, through journal and file sink.

CPU is user and system time of the whole process. Runs alternate, so that a machine
whose speed drifts does so for all; the median counts, and ratios are what to quote."""

import argparse
import glob
import json
import os
import shutil
import signal
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


class Rookery:
    name = "rookery, durable journal and NDJSON file"

    def __init__(self, folder, samples):
        self.folder, self.samples = folder, samples
        self.environment = dict(os.environ, LD_BIND_NOW="1",
                                ROOKERY_PLUGIN_PATH=os.path.join(BUILD, "tests", "plugins"))
        self.journal_bytes = self.line_bytes = 0

    def run(self):
        state, out = (os.path.join(self.folder, name) for name in ("state", "out.ndjson"))
        config = os.path.join(self.folder, "rookery.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                f"agent: {{ host: mx1, state_dir: {state}, stop_timeout: 5m }}\n"
                "collectors:\n  - { id: gen, plugin: generator, options: "
                f"{{ samples: {self.samples}, series: 1000 }} }}\n"
                "sinks:\n  - { id: out, type: file, from: oldest, options: "
                f"{{ path: {out} }} }}\n")
        cost = measured([os.path.join(BUILD, "rookery"), "run", "--once", "--config", config],
                        self.environment)
        assert line_count(out) == self.samples
        files = glob.glob(os.path.join(state, "journal", "*.se*"))
        self.journal_bytes = sum(map(os.path.getsize, files)) / self.samples
        self.line_bytes = os.path.getsize(out) / self.samples
        shutil.rmtree(state)
        os.remove(out)
        return cost


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
    """The same bytes as the file sink writes, in pieces of 1 MiB with fdatasync."""
    name = "the machine: as many bytes, 1 MiB each, fdatasync"

    def __init__(self, folder, samples):
        self.path, self.samples = os.path.join(folder, "raw"), samples
        self.line_bytes = 365

    def run(self):
        piece, left = bytes(1 << 20), int(self.samples * self.line_bytes)
        before = os.times()
        fd = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        while left > 0:
            left -= os.write(fd, piece[:left])
            os.fdatasync(fd)
        os.close(fd)
        after = os.times()
        os.remove(self.path)
        return (after.user - before.user) + (after.system - before.system), 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="figures for programs")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="rookery-bench-")
    try:
        rookery = Rookery(folder, options.samples)
        machine = Machine(folder, options.samples)
        sides = [rookery, Collectd(folder, options.samples), machine]
        costs = {side.name: [] for side in sides}
        for _ in range(options.runs):
            for side in sides:
                costs[side.name].append(side.run())
                machine.line_bytes = rookery.line_bytes
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
    print(f"{'':52} {'CPU a sample':>14} {'peak memory':>12} {'ratio':>7}")
    for name, row in rows.items():
        peak = f"{row['peak_kib'] / 1024:.1f} MiB" if row["peak_kib"] else "-"
        print(f"{name:52} {row['cpu_us']:11.3f} us {peak:>12} {row['cpu_us'] / ours:7.2f}")
    print(f"\njournal: {rookery.journal_bytes:.2f} bytes a sample; "
          f"lines of {rookery.line_bytes:.0f} bytes")


if __name__ == "__main__":
    main()
