# SPDX-License-Identifier: Apache-2.0
"""A folder in which an agent lives several times, with the shim faults.so in most of its
lives: what all campaigns share."""

import os
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import oracle  # noqa: E402
import servers  # noqa: E402

SHIM = os.path.join(e2e.BUILD, "tests", "crash", "faults.so")
COUNT = struct.Struct("=32sQQQ")
PATIENCE = 30

# agent/journal/format.h
SEGMENT_HEADER_SIZE = 48
FRAME_HEADER_SIZE = 48


class Failed(Exception):
    """What an agent did and must never do."""


class Counts:
    """How often each point was hit, and how often a fault fired there."""

    def __init__(self):
        self.takes_bytes, self.hits, self.fired = {}, {}, {}

    def add(self, path):
        with open(path, "rb") as file:
            for name, takes_bytes, hits, fired in COUNT.iter_unpack(file.read()):
                name = name.rstrip(b"\0").decode()
                if not name:
                    continue  # the process has made the file, and has not begun yet
                self.takes_bytes[name] = bool(takes_bytes)
                self.hits[name] = self.hits.get(name, 0) + hits
                self.fired[name] = self.fired.get(name, 0) + fired
        return self


class Life:
    """One process of the agent."""

    def __init__(self, chain, faults, once):
        self.chain, self.faults = chain, faults
        self.counts_path = chain.c.path("counts")
        self.log_path = chain.c.path("agent.log")
        for path in (self.counts_path, self.log_path):
            if os.path.exists(path):
                os.remove(path)
        environment = dict(
            chain.c.environment, LD_PRELOAD=SHIM, ROOKERY_FAULT_FOLDER=chain.c.folder,
            ROOKERY_FAULT_COUNTS=self.counts_path, ROOKERY_FAULTS=",".join(faults))
        self.agent = chain.c.run_agent(*(["--once"] if once else []),
                                       environment=environment)
        self.poll = select.poll()
        self.pidfd = os.pidfd_open(self.agent.pid)
        self.poll.register(self.pidfd, select.POLLIN)

    def ended(self, seconds):
        """Waits; the exit status (negative: a signal), or None."""
        if not self.poll.poll(seconds * 1000):
            return None
        return self.agent.process.wait()

    def counts(self):
        return Counts().add(self.counts_path)

    def wait_for(self, what):
        """Until what(counts) is true or the agent ended, of which it returns the latter."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # Its counts may be looked at before the process made the file.
            if os.path.exists(self.counts_path) and what(self.counts()):
                return False
            if self.ended(0.005) is not None:
                return True
        raise Failed("does not go on")

    def stop(self):
        self.agent.process.send_signal(signal.SIGTERM)
        status = self.ended(PATIENCE)
        if status is None:
            raise Failed("does not stop")
        return status

    def log(self):
        return self.agent.log()

    def finish(self):
        """What is known when it is over: counts, and what the journal holds now."""
        os.close(self.pidfd)
        self.chain.c.processes.remove(self.agent)
        if os.path.exists(self.counts_path):
            self.chain.campaign.counts.add(self.counts_path)
        self.chain.lives.add(self.agent.pid)
        self.chain.kept |= self.chain.committed()


class Chain:
    """Lives in one folder, one after the other. `sync` is that of the journal."""

    def __init__(self, campaign, sync):
        self.campaign, self.sync = campaign, sync
        self.history = []
        self.c = self.keeper = None
        self.renew()

    def renew(self):
        """A folder without a past."""
        self.close()
        self.c = e2e.Context(tempfile.mkdtemp(prefix="rookery-crash-"))
        self.c.under = []
        self.kept, self.lives, self.damaged, self.history = set(), set(), set(), []
        self.c.config(
            ["{ id: gen, plugin: generator, isolation: none, interval: 10ms, options: { "
             f"samples: {oracle.SAMPLES_OF_A_RUN}, series: {oracle.SERIES}, "
             f"part: {oracle.SAMPLES_OF_A_PART} }} }}"],
            sinks=["{ id: out, from: oldest, batch: { max_age: 0s }, "
                   "retry: { first: 10ms, most: 20ms }, "
                   + (self.http() if self.campaign.over_http else self.file()) + " }"],
            journal=f"{{ sync: {self.sync}, segment_size: 64KiB }}")

    def file(self):
        return (f"type: file, options: {{ path: {self.c.path('out/out.ndjson')}, "
                "rotate: { size: 128KiB }, compress: gzip }")

    def http(self):
        """To a hostile receiver, which dies, too; agents wait until it is there."""
        self.keeper = servers.Keeper(self.c, "", str(self.campaign.dice.random()))
        self.keeper.launch()
        return f"type: http, options: {{ url: \"{self.keeper.url()}\" }}"

    def frames(self, *arguments):
        """The words of each line that the reader of frames prints."""
        folder = self.c.path("state/journal")
        if not os.path.isdir(folder):
            return []
        result = subprocess.run(
            [os.path.join(e2e.BUILD, "tests", "support", "frames"), folder, *arguments],
            capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise Failed(f"the journal cannot be read: {result.stderr}")
        return [line.split() for line in result.stdout.splitlines()]

    def committed(self):
        return {(life, int(number)) for life, number in self.frames()}

    def damage(self):
        """Flips a bit in the first frame of the oldest segment, which defines what those
        behind it use. Its own samples are gone then, and those alone."""
        folder = self.c.path("state/journal")
        oldest = min(name for name in os.listdir(folder) if name.endswith(".segment"))
        with open(os.path.join(folder, oldest), "r+b") as file:
            file.seek(SEGMENT_HEADER_SIZE + FRAME_HEADER_SIZE + 10)
            byte = file.read(1)[0] ^ 1
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte]))
        self.history.append("damage")
        left = self.committed()
        if len(self.kept - left) > oracle.SAMPLES_OF_A_PART:
            raise Failed(f"one damaged frame takes {len(self.kept - left)} samples")
        self.damaged |= self.kept - left
        self.kept &= left

    def places(self):
        """(segment, begin, end) of the frame of each sample."""
        return {(life, int(number)): (name, int(begin), int(end))
                for life, number, name, begin, end in self.frames("places")}

    def flip(self, dice, places):
        """Flips bits at one random place of a random segment. Returns the samples whose
        frame has one of these bytes; no others may be missing afterwards."""
        folder = self.c.path("state/journal")
        name = dice.choice(sorted(n for n in os.listdir(folder) if n.endswith(".segment")))
        with open(os.path.join(folder, name), "r+b") as file:
            size = file.seek(0, os.SEEK_END)
            begin = dice.randrange(size)
            end = min(size, begin + dice.choice((1, 1, 1, 16, 512)))
            file.seek(begin)
            changed = bytes(byte ^ dice.randint(1, 255) for byte in file.read(end - begin))
            file.seek(begin)
            file.write(changed)
        self.history.append(f"{name} {begin}..{end}")
        hit = {key for key, (segment, first, last) in places.items()
               if segment == name and begin < last and end > first}
        self.damaged |= hit
        self.kept -= hit
        return hit

    def is_set_aside(self, segment, begin, end):
        """Whether the quarantine has these bytes of a segment, and says why."""
        folder = self.c.path("state/journal/quarantine")
        names = os.listdir(folder) if os.path.isdir(folder) else []
        for name in names:
            first = name.removeprefix(segment + ".")
            if first.isdigit() and name + ".reason" in names and int(first) <= begin and (
                    int(first) + os.path.getsize(os.path.join(folder, name)) >= end):
                return True
        return False

    def damage_header(self):
        """Flips a bit in the header of the oldest segment: its samples stay."""
        folder = self.c.path("state/journal")
        oldest = min(name for name in os.listdir(folder) if name.endswith(".segment"))
        with open(os.path.join(folder, oldest), "r+b") as file:
            byte = file.read(1)[0] ^ 1
            file.seek(0)
            file.write(bytes([byte]))
        self.history.append("damaged header")

    def live(self, faults, once=False):
        self.history.append(",".join(faults) or "-")
        return Life(self, faults, once)

    def check(self, may_fail=False):
        """One more life without faults, which ends in order; then the oracle. What the
        agent says may be doubled, may be."""
        life = self.live([], once=True)
        status = life.ended(PATIENCE)
        log = life.log()
        life.finish()
        if status != 0:
            raise Failed(f"a life without faults ends with {status}:\n{log}")
        self.campaign.restarts += 1
        try:
            verdict = oracle.judge(self.c.path("out"), self, may_fail)
        except (oracle.Wrong, OSError, EOFError) as error:
            raise Failed(str(error)) from error
        if "may be doubled" in log:
            verdict.doubled = []
        if self.keeper:
            self.campaign.take_notes(self.keeper.notes())
        self.campaign.take(verdict)
        if not verdict.is_good():
            raise Failed(f"{verdict}\n{log[-2000:]}")
        return verdict

    def close(self):
        if self.keeper:
            self.keeper.process.kill()
            self.keeper = None
        if self.c:
            self.c.finish()
            shutil.rmtree(self.c.folder, ignore_errors=True)
