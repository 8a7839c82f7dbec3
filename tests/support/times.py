# SPDX-License-Identifier: Apache-2.0
"""Times as texts, for tests."""

import datetime
import re


def nanoseconds(text):
    """Since 1970, of `2026-11-20T00:00:00.5Z`, or with a blank and without the Z."""
    match = re.fullmatch(r"(\d+)-(\d+)-(\d+)[T ](\d+):(\d+):(\d+)(?:\.(\d+))?Z?", text)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    # Days from 1970 on, by the proleptic calendar of the standard library.
    days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return seconds * 10**9 + int((match.group(7) or "").ljust(9, "0"))
