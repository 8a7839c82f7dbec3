#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Kills the agent at every named point, damages its journal, lets every call fail and
takes its memory away; then starts it once more and looks whether anything is lost,
invented or doubled.

    crash.py [--minutes N] [--seed N] [CAMPAIGN]...

Beside those, it runs the programs that lose power, damage files and receive badly.
Without --minutes each campaign runs once, in its short form; with it they take turns,
with other dice and more of everything, until the time is over. Prints a line for each
campaign and exits with 1 where a number is not 0 that must be, or where a point of
points.h was never hit."""

import argparse
import collections
import concurrent.futures
import os
import random
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import lives  # noqa: E402

SYNCS = ("commit", "100ms", "never")
WORKERS = min(4, os.cpu_count() or 1)

# Points that only the first start in a folder passes.
FIRST = {"cursor.created", "cursor.headed", "cursor.settled", "cursor.renamed", "cursors.synced"}

# Where the journal was damaged after this death.
DAMAGE = "frame.written:after:2"

# Points that a start passes only after what the life before died of.
AFTER = {
    "segment.cut": "frame.written:half:2",
    "piece.created": "frame.written:half:2",
    "piece.written": "frame.written:half:2",
    "reason.created": DAMAGE,
    "reason.written": DAMAGE,
    "file.cut": "batch.sent:half:2",
    "cursor.opened": "frame.written:after:2",
    "cursor.read": "frame.written:after:2",
    "series.opened": DAMAGE,
    "series.read": DAMAGE,
    "snapshot.opened": "snapshot.renamed:after:2",
    "snapshot.read": "snapshot.renamed:after:2",
}

# Points that a life passes only where another call fails in it.
WITH = {"reserve.released": "frame.written:full:2:2"}

# How often a start alone passes them: no higher hit is waited for.
ONCE = set(AFTER) | set(WITH) | FIRST | {
    "lock.opened", "lock.written", "reserve.opened", "reserve.filled", "reserve.cut"}


# Points of the one sink and of the other.
OF_FILES = {"file", "files", "batch", "copy", "original"}
OF_HTTP = {"request", "answer"}


class Campaign:
    def __init__(self, name, seed, long):
        self.name, self.seed, self.long = name, seed, long
        self.over_http = name == "http"
        self.dice = random.Random(f"{name} {seed}")
        self.lock = threading.Lock()
        self.counts = lives.Counts()
        self.runs = self.crashes = self.given_up = self.restarts = self.flips = 0
        self.is_cut_short = False
        self.samples = self.lost = self.invented = self.doubled = 0
        self.failures = []
        self.notes = collections.Counter()

    def take_notes(self, notes):
        """Of a receiver, about the batches of a folder."""
        with self.lock:
            self.notes += notes
        if notes["other"]:
            raise lives.Failed("a batch came again with other bytes")

    def take(self, verdict):
        with self.lock:
            self.samples += verdict.samples
            self.lost += len(verdict.lost)
            self.invented += len(verdict.invented)
            self.doubled += len(verdict.doubled)

    def fails(self, chain, error):
        with self.lock:
            self.failures.append(f"sync {chain.sync}, lives {chain.history}: {error}")

    def points(self):
        """Those that it tries."""
        if self.name == "damage":
            return []
        if self.name == "memory":
            return ["memory.taken"]
        others = OF_FILES if self.over_http else OF_HTTP
        return [point for point in self.counts.hits
                if point != "memory.taken" and point.partition(".")[0] not in others]

    def line(self):
        details = [f"libraries gave up {self.given_up} times"] if self.given_up else []
        details += [f"{self.flips} flips"] if self.flips else []
        if self.notes:
            details += [f"batches {self.notes['new']}, came again {self.notes['same']} times"]
        details += ["the time ended before all was tried"] if self.is_cut_short else []
        return (f"crash.{self.name}: seed {self.seed}, runs {self.runs}, "
                f"crashes {self.crashes}, restarts {self.restarts}, "
                f"samples {self.samples}, lost {self.lost}, invented {self.invented}, "
                f"doubled {self.doubled}, failed {len(self.failures)}"
                + "".join(f"; {detail}" for detail in details))


def whens(campaign, point):
    return ("before", "half", "after") if campaign.counts.takes_bytes[point] else (
        "before", "after")


# ---- kill --------------------------------------------------------------------


def die(chain, faults):
    """A life that ends where it is told to."""
    life = chain.live(faults)
    status = life.ended(lives.PATIENCE)
    if status != -9:
        chain.c.finish()
        life.finish()
        raise lives.Failed(f"ends with {status} instead of dying:\n{life.log()[-2000:]}")
    life.finish()
    chain.campaign.crashes += 1
    chain.campaign.runs += 1


def prepare(chain, point, may_fail):
    """Makes what the point needs in order to be passed."""
    if point in FIRST or AFTER.get(point) == DAMAGE:
        chain.check(may_fail)
        chain.renew()
    if point in AFTER:
        die(chain, [AFTER[point]])
        if AFTER[point] == DAMAGE:
            chain.damage()


def die_at(chain, point, when, n):
    may_fail = point in WITH
    prepare(chain, point, may_fail)
    others = [WITH[point]] if point in WITH else []
    die(chain, [*others, f"{point}:{when}:{1 if point in ONCE else n}"])
    if may_fail:
        chain.check(may_fail)
        chain.renew()


def kill_chain(campaign, sync, deaths):
    """All these deaths in a row; every few of them the oracle looks."""
    chain = lives.Chain(campaign, sync)
    try:
        for i, (point, when, n) in enumerate(deaths):
            die_at(chain, point, when, n)
            if i % 8 == 7:
                chain.check()
                chain.renew()
        chain.check()
    except lives.Failed as error:
        campaign.fails(chain, error)
    finally:
        chain.close()


def header_chain(campaign, sync, when):
    """A start writes a damaged header of a segment anew, and dies there."""
    chain = lives.Chain(campaign, sync)
    try:
        die(chain, [DAMAGE])
        chain.damage_header()
        die(chain, [f"segment.headed:{when}:1"])
        chain.check()
    except lives.Failed as error:
        campaign.fails(chain, error)
    finally:
        chain.close()


# With sync: never there are none.
SYNCED = {"cursor.synced", "frame.synced", "definitions.synced"}


def modes_of(point):
    return [sync for sync in SYNCS if sync != "never" or point not in SYNCED]


def some_modes_of(campaign, point):
    """Over HTTP, the short form tries each death in one of them."""
    modes = modes_of(point)
    is_short = campaign.over_http and not campaign.long
    return [campaign.dice.choice(modes)] if is_short else modes


def numbers_of(campaign, point):
    if point in ONCE:
        return [1]
    if not campaign.long:
        return [campaign.dice.randint(1, 2)]
    return range(1, campaign.dice.randint(1, 12) + 1)


def kill(campaign):
    """Every point, before, in and behind it, in each mode of sync, at the n-th hit: in
    the short form the dice say at which; in the long one at the first few of them, and
    lower ones come first."""
    deaths = {sync: [] for sync in SYNCS}
    for point in campaign.points():
        for when in whens(campaign, point):
            for sync in some_modes_of(campaign, point):
                deaths[sync] += [(point, when, n) for n in numbers_of(campaign, point)]
    work = [(header_chain, campaign.dice.choice(SYNCS), when)
            for when in ("before", "half", "after")]
    for sync, some in deaths.items():
        campaign.dice.shuffle(some)
        some.sort(key=lambda death: death[2])
        work += [(kill_chain, sync, some[i:i + 16]) for i in range(0, len(some), 16)]
    return sorted(work, key=lambda item: item[2][0][2] if item[0] is kill_chain else 0)


def http(campaign):
    """The same deaths, of an agent that writes to a receiver which refuses, takes without
    a word, resets and dies as well."""
    return kill(campaign)


# ---- damage ------------------------------------------------------------------


def damage_round(chain):
    """A few lives, of which the last delivers nothing, perhaps; then bits change."""
    dice = chain.campaign.dice
    chain.renew()
    for i in range(dice.randint(1, 3)):
        faults = [f"frame.written:after:{dice.randint(2, 30)}"]
        if i > 0 or dice.random() < 0.7:
            faults.append("batch.sent:EIO:1:1000000")
        die(chain, faults)
    hit, places = set(), chain.places()
    for _ in range(dice.randint(1, 5)):
        hit |= chain.flip(dice, places)
        chain.campaign.flips += 1
    verdict = chain.check()
    for key in hit - verdict.arrived:
        if not chain.is_set_aside(*places[key]):
            raise lives.Failed(f"sample {key} is gone, and nobody tells of {places[key]}")


def damage_chain(campaign, sync, rounds):
    chain = lives.Chain(campaign, sync)
    try:
        for _ in range(rounds):
            damage_round(chain)
    except lives.Failed as error:
        campaign.fails(chain, error)
    finally:
        chain.close()


def damage(campaign):
    """Bits change in segments between two lives: the agent starts, delivers every frame
    that is whole, and sets aside every other one."""
    rounds = 1000 if campaign.long else 24
    return [(damage_chain, SYNCS[i % len(SYNCS)], 4) for i in range(rounds // 4)]


# ---- errors ------------------------------------------------------------------

# Where nothing has to be told: the next start does what was not done; the pid in the
# lock is for people; where a folder was not synced another segment is made at once; it
# is listed to find old snapshots, and at a start, which fails and says so.
QUIET = {"segment.removed", "series.removed", "lock.written", "segments.synced",
         "snapshot.removed", "segments.listed"}

# Another segment is made at once, before anything is refused; and a start looks for newer
# versions before it reads, so that what is opened is opened twice: the second failure in
# a row is the first to tell of.
MADE_AGAIN = {"segment.created", "segment.headed", "segment.settled",
              "series.created", "series.headed", "series.settled"}

# Written at the beginning of a file: what is left of a short write goes behind that, and
# is another point.
AT_ONCE = {"lock.written", "segment.headed", "series.headed", "cursor.headed",
           "cursor.overwritten", "snapshot.written"}


def errors_of(campaign, point):
    all_have = ("ENOSPC", "EIO", "EINTR", "EMFILE")
    if point in AT_ONCE or point.endswith(".read"):
        return all_have + ("short",)
    return all_have + (("short", "full") if campaign.counts.takes_bytes[point] else ())


def must_tell(point, error, times):
    made_again = point in MADE_AGAIN or point.endswith((".opened", ".read", ".listed"))
    # Up to three snapshots are looked at for newer versions before one of them is read.
    enough = 4 if point.startswith("snapshot.") and made_again else 2
    if point in QUIET or (made_again and times < enough):
        return False
    return error not in ("EINTR", "short")


def has_told(log):
    return any(f" {level} " in log for level in ("error", "warning", "notice"))


def check_end(life, status, point, error, times, once=False):
    """What every life must keep to at which a call failed; one that runs once may end
    with the failure of its run."""
    log = life.log()
    if status is None:
        raise lives.Failed(f"does not end:\n{log}")
    if status < 0:
        raise lives.Failed(f"dies of signal {-status}:\n{log}")
    if status == 1 and " error " in log and (once or "runs; collectors" not in log):
        return  # refused to start, with a reason
    if status != 0:
        raise lives.Failed(f"ends with {status}:\n{log}")
    if must_tell(point, error, times) and not has_told(log):
        raise lives.Failed("does not tell of it")


def fail_and_go_on(chain, point, error, n, more=()):
    """A call fails, some times in a row (and other calls with it); then all goes on by
    itself."""
    times = chain.campaign.dice.randint(2 if error == "full" else 1, 4)
    if point in WITH:
        more = (*more, WITH[point])
    life = chain.live([*more, f"{point}:{error}:{n}:{times}"])
    try:
        fired = life.wait_for(lambda counts: counts.fired.get(point, 0) > 0)
        if not fired:
            before = life.counts().hits
            life.wait_for(lambda counts: all(counts.hits[at] > before[at] + 2
                                             for at in ("frame.written", "batch.synced")))
        status = life.ended(0)
        status = life.stop() if status is None else status
        check_end(life, status, point, error, times)
    except lives.Failed as failure:
        raise lives.Failed(f"{failure}\n{life.log()[-2000:]}") from failure
    finally:
        chain.c.finish()
        life.finish()
        chain.campaign.runs += 1


def error_chain(campaign, sync, cases):
    chain = lives.Chain(campaign, sync)
    try:
        for i, (point, error, n, *more) in enumerate(cases):
            if not more:
                prepare(chain, point, may_fail=True)
            fail_and_go_on(chain, point, error, 1 if point in ONCE else n, more)
            if i % 4 == 3:
                chain.check(may_fail=True)
                chain.renew()
        chain.check(may_fail=True)
    except lives.Failed as failure:
        campaign.fails(chain, failure)
    finally:
        chain.close()


def error_series(campaign, sync, point, error):
    """The first hit fails, then the second, until a life that runs once has no more."""
    chain = lives.Chain(campaign, sync)
    fired, n = True, 0
    try:
        while fired:
            n += 1
            prepare(chain, point, may_fail=True)
            times = 2 if error == "full" else 1
            others = [WITH[point]] if point in WITH else []
            life = chain.live([*others, f"{point}:{error}:{n}:{times}"], once=True)
            status = life.ended(lives.PATIENCE)
            chain.c.finish()
            fired = life.counts().fired[point] > 0
            life.finish()
            campaign.runs += 1
            check_end(life, status, point, error if fired else "EINTR", times, once=True)
            chain.check(may_fail=True)
            chain.renew()
    except lives.Failed as failure:
        campaign.fails(chain, failure)
    finally:
        chain.close()


# What once lost samples, or stopped the journal: tried each time.
KNOWN = [
    ("never", "frame.written", "EIO", 1),  # the next segment had the same name
    ("100ms", "frame.written", "EIO", 2),  # what was not synced was never delivered
    ("commit", "series.opened", "EMFILE", 1),  # undamaged frames were not understood
    ("commit", "series.read", "EIO", 1),
    ("commit", "files.listed", "EMFILE", 2),  # a file was put aside under a used name
    ("commit", "folder.made", "ENOSPC", 3),  # refused without a word
]

# What is to clean up behind a failure fails as well.
PAIRS = [
    ("segment.cut", "EIO", 1, "frame.written:full:2:3"),
    ("segment.cut", "EIO", 1, "definitions.written:full:2:3"),
    ("file.cut", "EIO", 1, "batch.sent:full:2:5"),
    ("series.removed", "EIO", 1, "segment.created:EIO:2:2"),
]


def errors(campaign):
    """Every point and error, two errors of each point in the short form; the mode of
    sync and the hit are the dice's."""
    cases = []
    for point in campaign.points():
        these = errors_of(campaign, point)
        if not campaign.long:
            these = campaign.dice.sample(these, 2)
        cases += [(point, error, campaign.dice.randint(1, 12 if campaign.long else 3))
                  for error in these]
    campaign.dice.shuffle(cases)
    work = [(error_chain, sync, [case]) for sync, *case in KNOWN]
    work += [(error_chain, sync, [pair]) for pair in PAIRS for sync in
             (SYNCS if campaign.long else [campaign.dice.choice(SYNCS)])]
    for i in range(0, len(cases), 12):
        syncs = [sync for sync in SYNCS
                 if all(sync in modes_of(case[0]) for case in cases[i:i + 12])]
        work.append((error_chain, campaign.dice.choice(syncs), cases[i:i + 12]))
    if campaign.long:
        work += [(error_series, campaign.dice.choice(modes_of(point)), point, error)
                 for point, error, _ in cases]
    return work


# ---- memory ------------------------------------------------------------------

EXIT_GIVEN_UP = 98  # of faults.c

def has_given_up(status, log):
    """libuv and the dynamic linker end the process themselves at some allocations, of
    which nobody asks the agent: as harmless as a kill."""
    return status == EXIT_GIVEN_UP or (
        status == 127 and "cannot allocate memory for thread-local data" in log)


def memory_chain(campaign, sync, numbers):
    """Each of these allocations fails, in a life that runs once."""
    chain = lives.Chain(campaign, sync)
    try:
        for i, n in enumerate(numbers):
            life = chain.live([f"memory.taken:ENOMEM:{n}"], once=True)
            status, log = life.ended(lives.PATIENCE), life.log()
            chain.c.finish()
            life.finish()
            campaign.runs += 1
            if has_given_up(status, log):
                campaign.given_up += 1
            elif status not in (0, 1, 2):
                raise lives.Failed(f"ends with {status}:\n{log}")
            elif status != 0 and not log:
                raise lives.Failed(f"ends with {status} and no word")
            if i % 8 == 7:
                chain.check(may_fail=True)
                chain.renew()
        chain.check(may_fail=True)
    except lives.Failed as failure:
        campaign.fails(chain, failure)
    finally:
        chain.close()


def memory(campaign):
    """The n-th allocation of a life fails: any n in the short form, each in the long."""
    highest = campaign.counts.hits["memory.taken"]
    numbers = list(range(1, highest + 1))
    campaign.dice.shuffle(numbers)
    if not campaign.long:
        numbers = numbers[:48]
    return [(memory_chain, SYNCS[i // 8 % len(SYNCS)], numbers[i:i + 8])
            for i in range(0, len(numbers), 8)]


CAMPAIGNS = {"kill": kill, "http": http, "damage": damage, "errors": errors, "memory": memory}


# ---- running them --------------------------------------------------------------


def learn_points(campaign):
    """Which points there are: a life without faults tells."""
    chain = lives.Chain(campaign, "commit")
    try:
        chain.check()
        campaign.samples = campaign.restarts = 0
    finally:
        chain.close()


def run_campaign(name, seed, long, end):
    campaign = Campaign(name, seed, long)
    learn_points(campaign)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for what, *arguments in CAMPAIGNS[name](campaign):
            pool.submit(unless_over, campaign, end, what, *arguments)
    if not campaign.is_cut_short:
        campaign.failures += [f"the point {point} was never hit"
                              for point in campaign.points()
                              if campaign.counts.fired[point] == 0]
    print(campaign.line(), flush=True)
    for failure in campaign.failures:
        print(f"  {failure}", flush=True)
    return not campaign.failures


def unless_over(campaign, end, what, *arguments):
    if end and time.monotonic() >= end:
        campaign.is_cut_short = True
        return
    try:
        what(campaign, *arguments)
    except Exception as error:  # pylint: disable=broad-except
        campaign.failures.append(f"{what.__name__}: {error!r}")


# The campaigns that keep the whole world in one process; each ends with 1 where
# anything is lost, invented or doubled, and says which seed repeats it.
PROGRAMS = {
    "power.commit": ("power", "--mode", "commit"),
    "power.interval": ("power", "--mode", "interval"),
    "power.never": ("power", "--mode", "never"),
    "power.file": ("power", "--mode", "file", "--points", "1600"),
    "power.gzip": ("power", "--mode", "gzip"),
    "model": ("model",),
    "flip": ("flip",),
    "receiver": ("hostile",),
}


def run_program(name, seed, long, end):
    """As many rounds as its short form has, or for its share of the time."""
    program, *arguments = PROGRAMS[name]
    path = os.path.join(lives.e2e.BUILD, "tests", "crash", program)
    if long:
        arguments += ["--minutes", str(max(0.0, end - time.monotonic()) / 60 + 0.001)]
    # Far from those of the pass before: a round takes one seed.
    result = subprocess.run([path, *arguments, "--seed", str(1 + (seed - 1) * 10000000)],
                            capture_output=True, text=True, check=False)
    counts = result.stdout.strip().partition(": ")[2]
    print(f"crash.{name}: seed {seed}, {counts}", flush=True)
    if result.returncode != 0:
        print(f"  ends with {result.returncode}: {result.stderr.strip()}", flush=True)
    return result.returncode == 0


def run_pass(names, seed, end):
    """Each of them once. Until `end`, where there is one, all have the same share of the
    time that is left."""
    good = True
    for i, name in enumerate(names):
        now = time.monotonic()
        share = end and now + max(0.0, end - now) / (len(names) - i)
        run = run_campaign if name in CAMPAIGNS else run_program
        good &= run(name, seed, bool(end), share)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, help="go on for so long")
    parser.add_argument("--seed", type=int, help="the dice of an earlier run")
    parser.add_argument("campaign", nargs="*", choices=[[], *CAMPAIGNS, *PROGRAMS],
                        help="these alone")
    arguments = parser.parse_args()
    long = arguments.minutes is not None
    seed = arguments.seed
    if seed is None:
        seed = random.SystemRandom().randrange(1 << 32) if long else 1
    end = time.monotonic() + arguments.minutes * 60 if long else None
    good = True
    while True:
        good &= run_pass(arguments.campaign or [*PROGRAMS, *CAMPAIGNS], seed, end)
        seed += 1
        if not end or time.monotonic() >= end:
            sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
