#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Files and functions stay small: prints the largest ten of each and fails beyond the
limits of docs/STYLE.md. Function lengths are pmccabe's."""

import subprocess
import sys

MOST_LINES = 600
MOST_FUNCTION_LINES = 70
MOST_COMPLEXITY = 20


def main():
    files = subprocess.run(["git", "ls-files", "agent/*.[ch]", "plugins/*.[ch]", "sdk/*.[ch]"],
                           check=True, capture_output=True, text=True).stdout.split()
    lengths = []
    for path in files:
        with open(path, encoding="utf-8") as file:
            lengths.append((sum(1 for _ in file), path))
    rows = subprocess.run(["pmccabe", *[path for path in files if path.endswith(".c")]],
                          check=True, capture_output=True, text=True).stdout.splitlines()
    functions = []
    for row in rows:
        complexity, _, _, _, lines, where = row.split("\t", 5)
        functions.append((int(lines), int(complexity), where.strip()))
    print("longest files:")
    for lines, path in sorted(lengths, reverse=True)[:10]:
        print(f"  {lines:4} {path}")
    print("longest functions (lines, complexity):")
    for lines, complexity, where in sorted(functions, reverse=True)[:10]:
        print(f"  {lines:4} {complexity:3} {where}")
    bad = [f"{path}: {lines} lines" for lines, path in lengths if lines > MOST_LINES]
    bad += [f"{where}: {lines} lines, complexity {complexity}"
            for lines, complexity, where in functions
            if lines > MOST_FUNCTION_LINES or complexity > MOST_COMPLEXITY]
    for line in bad:
        print("too large: " + line)
    sys.exit(1 if bad else 0)


main()
