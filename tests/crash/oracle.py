# SPDX-License-Identifier: Apache-2.0
"""What must be true of the lines that arrived, whatever happened on their way. The
counting generator numbers the samples of each of its lives from 0 on."""

import gzip
import json
import os
import re

# Of the generator: how many samples a run and a part of it have, and over how many series
# they go.
SAMPLES_OF_A_RUN = 300
SAMPLES_OF_A_PART = 100
SERIES = 900

NAME = re.compile(r"out\.ndjson(?:\.(\d+)(\.gz)?)?")


class Wrong(Exception):
    """A file that no crash may leave behind."""


def read_file(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        return file.read()


def is_left_over(folder, name, names):
    """Whether a file is there beside its own compressed copy: the death came between the
    two, and the next start removes the original. It counts once then."""
    copy = name + ".gz"
    if copy not in names:
        return False
    times = {os.stat(os.path.join(folder, which)).st_mtime_ns for which in (name, copy)}
    return len(times) == 1 and (
        read_file(os.path.join(folder, name)) == read_file(os.path.join(folder, copy)))


def arrived_lines(folder):
    """All lines in the order in which they were written."""
    names = [name for name in os.listdir(folder) if not name.endswith(".part")]
    wrong = [name for name in names if not NAME.fullmatch(name)]
    if wrong:
        raise Wrong(f"nobody knows these files: {wrong}")
    lines = []
    for name in sorted(names, key=lambda n: int(NAME.fullmatch(n)[1] or 1 << 62)):
        if is_left_over(folder, name, names):
            continue
        text = read_file(os.path.join(folder, name))
        if text and not text.endswith(b"\n"):
            raise Wrong(f"the last line of '{name}' is torn")
        lines += text.splitlines()
    return lines


def number_of(line, lives):
    """(life, number) of a line; None where no generator can have made it."""
    try:
        record = json.loads(line)
        labels = record["labels"]
        life, number = labels["life"], record["value"]
        known = int(life.partition(".")[0]) in lives
        good = (record["metric"] == "test.count" and record["host"] == "mx1" and
                record["collector"] == "gen" and labels["esp.vendor"] == "sendgrid" and
                int(labels["number"]) == number % SERIES and len(record["id"]) == 32)
        return (life, number) if known and good else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


OWN_EVENTS = {"rookery.journal.failing", "rookery.journal.full", "rookery.sink.losing"}


class OwnEvents:
    """What the agent tells of itself on the way: each key begins and ends in turn. A
    death takes the end with it, and its next life begins anew; no id comes twice."""

    def __init__(self, may_be_cut):
        self.may_be_cut = may_be_cut
        self.open, self.ids = set(), set()

    def takes(self, line):
        """Whether it is one of them, and one that may stand here."""
        try:
            event = json.loads(line)
            if event["collector"] != "rookery" or event["event"] not in OWN_EVENTS:
                return False
            topic, phase, name = (event["event"], event["key"]), event["phase"], event["id"]
            good = (event["plugin"] == "rookery" and event["host"] == "mx1" and
                    event["insight"] and event["time"] <= event["observed"] and
                    len(name) == 32 and name not in self.ids)
        except (ValueError, KeyError, TypeError):
            return False
        self.ids.add(name)
        if phase == "begin":
            good = good and (self.may_be_cut or topic not in self.open)
            self.open.add(topic)
        else:
            good = good and phase == "end" and topic in self.open and "start" in event
            self.open.discard(topic)
        return bool(good)


class Verdict:
    def __init__(self):
        self.samples = 0
        self.arrived = set()
        self.lost, self.invented, self.doubled = [], [], []

    def is_good(self):
        return not (self.lost or self.invented or self.doubled)

    def __str__(self):
        return "; ".join(f"{name}: {len(what)}, such as {what[:5]}" for name, what in
                         (("lost", self.lost), ("invented", self.invented),
                          ("doubled", self.doubled)) if what)


def missing_of_life(numbers, may_fail):
    """What is missing in front of the highest number. A failure takes the rest of a run
    with it, of which another part may have been on its way already: only the last run of
    a life may have holes then."""
    last = max(numbers)
    end = last - last % SAMPLES_OF_A_RUN if may_fail else last
    return set(range(end)) - numbers


def judge(folder, chain, may_fail):
    """chain.kept: what its journal was seen to hold; lives: pids of all agents; damaged:
    what damage to the journal took. may_fail: whether parts were lost before they were
    committed, of which the agent told."""
    verdict = Verdict()
    by_life, highest = {}, {}
    # Each life but the last may have ended while something went on.
    events = OwnEvents(may_be_cut=len(chain.lives) > 1)
    for line in arrived_lines(folder):
        key = number_of(line, chain.lives)
        if key is None and events.takes(line):
            continue
        if key is None:
            verdict.invented.append(line[:200])
            continue
        life, number = key
        numbers = by_life.setdefault(life, set())
        if number in numbers:
            verdict.doubled.append(key)
        elif number < highest.get(life, -1):
            verdict.invented.append(("out of order", key))
        numbers.add(number)
        highest[life] = number
        verdict.samples += 1
    lost = {(life, number) for life, number in chain.kept
            if number not in by_life.get(life, ())}
    for life, numbers in by_life.items():
        lost |= {(life, number) for number in missing_of_life(numbers, may_fail)}
    verdict.lost = sorted(lost - chain.damaged)
    verdict.arrived = {(life, number) for life in by_life for number in by_life[life]}
    return verdict
