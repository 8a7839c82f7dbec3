#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tree of a machine with 256 CPUs: two readings of /proc/stat."""

import pathlib

CPUS = 256
BTIME = 1700000000


def stat(step):
    rows = [
        [100 * number + 40 * step, number, 50 + 10 * step, 9000 + 50 * step, 0, 1, 2, 3]
        for number in range(CPUS)
    ]
    total = [sum(column) for column in zip(*rows)]
    lines = ["cpu  " + " ".join(map(str, total)) + " 0 0"]
    lines += [
        f"cpu{number} " + " ".join(map(str, row)) + " 0 0"
        for number, row in enumerate(rows)
    ]
    lines += ["intr " + " ".join(["0"] * 4000), f"btime {BTIME}", "processes 9"]
    return "\n".join(lines) + "\n"


def main():
    tree = pathlib.Path(__file__).parent / "many_cpus"
    for folder, step in (("proc", 0), ("next/proc", 1)):
        (tree / folder).mkdir(parents=True, exist_ok=True)
        (tree / folder / "stat").write_text(stat(step))
    (tree / "now").write_text(f"{BTIME + 100}\n")


main()
