#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Dates and zones of the library for plugins, beside Python's datetime, email.utils and
zoneinfo: whatever those write is read as the same time, and back."""

import datetime
import email.utils
import os
import random
import subprocess
import sys
import time
import zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from e2e import BUILD, UNDER, main, times  # noqa: E402

RFC3339, PLAIN, DAY, MAIL, HTTP, COMPACT = (1 << n for n in range(6))
ANY = 31
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
SECOND = 10 ** 9


def ask(lines):
    done = subprocess.run([*UNDER, os.path.join(BUILD, "tests/support/sdk_times")],
                          input="".join(line + "\n" for line in lines), check=True,
                          capture_output=True, text=True)
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines), (len(answers), len(lines))
    return answers


def some_times(n, seed):
    dice = random.Random(seed)
    for _ in range(n):
        yield EPOCH + datetime.timedelta(seconds=dice.randrange(-9223372036, 9223372036),
                                         microseconds=dice.randrange(10 ** 6))


def nanoseconds(when):
    return (when - EPOCH) // datetime.timedelta(microseconds=1) * 1000


def whole(when):
    return nanoseconds(when) // SECOND * SECOND


def compare(rows):
    """Lines with what is expected of each."""
    for (line, expected), answer in zip(rows, ask([line for line, _ in rows])):
        assert answer == str(expected), (line, expected, answer)


def dates_of_python_are_read(c):
    rows = []
    dice = random.Random(1)
    for when in some_times(times("ROOKERY_DATES", 3000, 300), 2):
        zone = datetime.timezone(datetime.timedelta(minutes=dice.randrange(-840, 841)))
        local = when.astimezone(zone)
        plain = when.replace(tzinfo=None)
        rows += [
            (f"read\t{ANY}\t{local.isoformat()}", nanoseconds(when)),
            (f"read\t{ANY}\t{plain.isoformat(' ')}", nanoseconds(when)),
            (f"read\t{ANY}\t{when:%Y-%m-%d}", whole(when) // (86400 * SECOND) * 86400 * SECOND),
            (f"read\t{COMPACT}\t{when:%Y%m%dT%H%M%SZ}", whole(when)),
            (f"read\t{ANY}\t{email.utils.format_datetime(local)}", whole(when)),
            (f"read\t{HTTP}\t{email.utils.format_datetime(when, usegmt=True)}", whole(when)),
            (f"read\t{HTTP}\t{time.asctime(when.timetuple())}", whole(when)),
        ]
    # The first day in the range has its beginning outside of it.
    compare([row for row in rows if -2 ** 63 <= row[1] < 2 ** 63])


def dates_are_written_as_python_does(c):
    rows = []
    for when in some_times(times("ROOKERY_DATES", 3000, 300), 3):
        ns = nanoseconds(when)
        rows += [
            (f"write\t{HTTP}\t{ns}", email.utils.format_datetime(when, usegmt=True)),
            (f"write\t{MAIL}\t{ns}", email.utils.format_datetime(when)),
            (f"write\t{DAY}\t{ns}", f"{when:%Y-%m-%d}"),
            (f"write\t{PLAIN}\t{whole(when)}", f"{when:%Y-%m-%d %H:%M:%S}"),
            (f"write\t{RFC3339}\t{whole(when)}", f"{when:%Y-%m-%dT%H:%M:%SZ}"),
        ]
    compare(rows)


def readings_near_changes(zone, first, last):
    """Each half hour of the days in which the clocks are changed."""
    day = datetime.datetime(first, 1, 1)
    step = datetime.timedelta(days=1)
    before = day.replace(tzinfo=zone).utcoffset()
    while day.year <= last:
        after = (day + step).replace(tzinfo=zone).utcoffset()
        if after != before:
            yield from (day + datetime.timedelta(minutes=30 * n) for n in range(-4, 52))
        before = after
        day += step


def readings_of_clocks_are_found_as_python_does(c):
    dice = random.Random(4)
    rows = []
    names = sorted(zoneinfo.available_timezones())
    assert len(names) > 400, len(names)
    for name in names[::times("ROOKERY_ZONES", 1, 20)]:
        zone = zoneinfo.ZoneInfo(name)
        year = dice.randrange(1901, 2099)
        readings = list(readings_near_changes(zone, year, year))
        readings += readings_near_changes(zone, 2026, 2026)
        readings += [datetime.datetime(1900, 1, 2) +
                     datetime.timedelta(seconds=dice.randrange(200 * 365 * 86400))
                     for _ in range(20)]
        for local in readings:
            first = local.replace(tzinfo=zone, fold=0)
            second = local.replace(tzinfo=zone, fold=1)
            found = 0
            if first.utcoffset() != second.utcoffset():
                found = 1 if first.utcoffset() > second.utcoffset() else 2
            ns = nanoseconds(first.astimezone(datetime.timezone.utc))
            rows.append((f"local\t{name} {local:%Y %m %d %H %M %S}", f"{ns} {found}"))
    assert any(row[1].endswith(" 1") for row in rows)
    assert any(row[1].endswith(" 2") for row in rows)
    compare(rows)


if __name__ == "__main__":
    main(sys.modules[__name__])
