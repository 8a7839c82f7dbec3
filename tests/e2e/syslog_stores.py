#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The recipe of packaging/stores that brings records into PostgreSQL by way of rsyslog: its
files as they are, but for addresses and where the driver lies."""

import json
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import figures  # noqa: E402
import formats  # noqa: E402
from postgresql import Rows  # noqa: E402
from syslog_agent import PATIENT, ended, generator, sink  # noqa: E402

TIMES = ("time", "start", "observed")


def number(text):
    """All digits that were written, where they were written without an exponent."""
    value = Decimal(text)
    return value.as_tuple() if value.as_tuple().exponent <= 0 else value


def assert_is_record(row, record):
    """Field by field; times to half of a microsecond."""
    row = {name: value for name, value in row.items() if value is not None}
    row["id"] = row["id"].replace("-", "")
    assert set(row) == set(record), (row, record)
    for name, value in record.items():
        if name in TIMES:
            off = formats.nanoseconds(row[name].removesuffix("+00:00")) - formats.nanoseconds(value)
            assert row[name].endswith("+00:00") and abs(off) <= 500, (row, record)
        elif name == "value":
            assert number(row[name]) == number(value), (row, record)
        else:
            assert row[name] == value, (name, row, record)


def assert_are_records(rows, records):
    """How many there are, each equal to one of these."""
    truth = {record["id"]: record for record in records}
    e2e.wait_until(lambda: rows.count() >= len(truth))
    found = rows.all()
    for row in found:
        assert_is_record(row, truth.pop(row["id"].replace("-", "")))
    assert not truth
    return len(found)


def records_are_rows_to_the_last_digit(c):
    rows = Rows(c)
    for seed in list(formats.SEEDS)[:2]:
        rows.send(formats.body("rfc5424", "all", seed))
        n = assert_are_records(rows, formats.truth("all", seed))
        rows.database.run("-c", "truncate rookery")
        figures.add("formats", format="rfc5424", sent=formats.N, read=n, equal=n,
                    reader=figures.version("postgresql-15") + ", by rsyslog")


def the_telling_stays_that_was_observed_last(c):
    def tell(value, observed):
        text = json.dumps(dict(record, value=value, observed=observed))
        message = f"<134>1 - mx1 rookery - - - {text}".encode()
        rows.send(b"%d %s" % (len(message), message))

    rows, record = Rows(c), json.loads(formats.body("ndjson", "samples", 1, 1))
    tell(1, "2025-11-21T03:00:00Z")
    tell(2, "2025-11-21T04:00:00Z")
    tell(3, "2025-11-21T03:30:00Z")
    record["id"] = "0" * 32
    tell(4, "2025-11-21T03:00:00Z")  # behind the others, on one connection
    e2e.wait_until(lambda: rows.count() == 2)
    assert sorted(row["value"] for row in rows.all()) == ["2", "4"]


def nothing_is_lost_or_there_twice_while_the_store_is_away(c):
    n, crashes = 1000, 2
    rows = Rows(c)
    truth = (f"{{ id: truth, type: file, from: oldest, batch: {{ max_age: 0s }}, "
             f"options: {{ path: {c.path('truth.ndjson')} }} }}")
    address = f"relp://127.0.0.1:{rows.relp}"
    # Samples of one series and time are tellings of one fact: each has a series of its own.
    c.config([generator(n, series=n, more="events: 5")], agent=PATIENT,
             sinks=[truth, sink(address, batch="max_age: 0s, max_count: 100")])
    agent = c.run_agent("--once")
    for i in range(crashes):
        e2e.wait_until(lambda i=i: rows.count() > n * (i + 1) // (crashes + 2))
        rows.database.crash()
        rows.database.start()
    assert ended(agent) == 0, agent.log()
    records = [formats.parsed(line) for line in c.read("truth.ndjson").split("\n")[:-1]]
    assert len(records) == n + 5
    assert_are_records(rows, records)
    # All of them once more.
    c.config([generator(0)], agent=PATIENT, sinks=[sink(address).replace("id: out", "id: again")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert_are_records(rows, records)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
