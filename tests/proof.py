#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs checks against real software and prints what they measured as tables:

    proof.py formats        each format, as its readers and stores give it back
    proof.py stores [CASE]  a million samples into each store, which ends on the way
    proof.py hang           a receiver that hangs for 60 s, and what else goes on
    proof.py rogue          plugins that harm whoever hosts them
    proof.py kills          a child that is killed a thousand times while it collects

Ends with 1 where a check failed, or measured nothing. What is in a table comes from the
lines that the checks wrote (support/figures.py)."""

import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def print_table(heads, rows):
    """Texts to the left, numbers to the right."""
    texts = [[f"{cell:,}" if isinstance(cell, int) else f"{cell:.2f}"
              if isinstance(cell, float) else cell for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *texts)]
    for line, cells in [(heads, heads), *zip(texts, rows)]:
        first = cells if cells is not heads else rows[0] if rows else heads
        print("  ".join(text.ljust(width) if isinstance(cell, str) else text.rjust(width)
                        for text, width, cell in zip(line, widths, first)).rstrip())
    print()


def formats(figures):
    """What the seeds of a check measured, added up."""
    sums = {}
    for line in figures:
        row = sums.setdefault((line["format"], line["reader"]), [0, 0, 0])
        for i, name in enumerate(("sent", "read", "equal")):
            row[i] += line[name]
    print_table(["format", "read by", "sent", "read back", "equal"],
                [[*names, *numbers] for names, numbers in sorted(sums.items())])


def stores(figures):
    names = ("transport", "format", "server", "ends", "sent", "read", "lost", "doubled",
             "unequal", "again", "held", "seconds")
    heads = ["transport", "format", "server", "ended", "sent", "read back", "lost", "doubled",
             "unequal", "known again", "bytes in buffers", "seconds"]
    print_table(heads, [[line.get(name, "-") for name in names] for line in figures])


def hang(figures):
    rows = []
    whats = (("loop", "the loop's answer"), ("sink", "lag of the other sink"),
             ("apart", "between two runs"))
    for what, name in whats:
        for line in figures:
            rows.append([name, line["receiver"], *line[what]])
        if len(figures) == 2:
            rows.append([name, "ratio", *(b / a for a, b in zip(*(f[what] for f in figures)))])
    print_table(["milliseconds", "the receiver", "median", "99 %", "most"], rows)


def rogue(figures):
    print_table(["it does", "in", "what the agent says", "runs of others missed"],
                [[line["does"], line["call"], line["said"][:150], line["missed"]]
                 for line in figures])


def child_kills(figures):
    names = ("kills", "parts", "missing", "doubled", "zombies", "descriptors", "kilobytes")
    print_table(["killed", "numbers kept", "missing", "doubled", "zombies", "descriptors more",
                 "KiB more"], [[line[name] for name in names] for line in figures])


LONG = {"ROOKERY_SAMPLES": "1000000", "ROOKERY_RESTARTS": "20"}

# Of each: the files with its checks, what makes them long, and what prints its figures.
PROOFS = {
    "formats": (["formats.py", "syslog_readers.py", "syslog_stores.py", "stores.py"], {},
                {"formats": formats, "stores": stores}),
    "stores": (["stores.py"], LONG, {"stores": stores}),
    "rogue": (["rogue.py"], {}, {"rogue": rogue}),
    "kills": (["isolation.py"], {"ROOKERY_CHILD_KILLS": "1000"}, {"child_kills": child_kills}),
    "hang": (["hang.py"], {"ROOKERY_HANG": "60"}, {"hang": hang}),
}


def main():
    name, *cases = sys.argv[1:]
    files, environment, tables = PROOFS[name]
    with tempfile.NamedTemporaryFile(prefix="rookery-figures-") as measured:
        environment = {**environment, **os.environ, "ROOKERY_FIGURES": measured.name}
        failed = [file for file in files if subprocess.run(
            ["/usr/bin/python3", os.path.join(HERE, "e2e", file), *cases],
            env=environment, check=False).returncode != 0]
        lines = [json.loads(line) for line in measured]
    for table, what in tables.items():
        figures = [line for line in lines if line["table"] == table]
        if figures:
            what(figures)
        else:
            failed.append(f"nothing measured for '{table}'")
    for what in failed:
        print(f"failed: {what}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
