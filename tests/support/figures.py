# SPDX-License-Identifier: Apache-2.0
"""What checks have measured: each adds a line of JSON to the file that ROOKERY_FIGURES
names, where it does, and tests/proof.py makes tables of them."""

import functools
import json
import os
import subprocess


def add(table, **figures):
    path = os.environ.get("ROOKERY_FIGURES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(dict(figures, table=table)) + "\n")


@functools.cache
def version(package):
    """A Debian package's name with the version of what is in it."""
    run = subprocess.run(["dpkg-query", "-W", "-f=${source:Upstream-Version}", package],
                         capture_output=True, text=True, check=True)
    return f"{package} {run.stdout.partition('~')[0].partition('+')[0]}"


@functools.cache
def module(name):
    """A package of npm with its version."""
    path = os.path.join(os.path.dirname(__file__), "..", "npm", "package.json")
    with open(path, encoding="utf-8") as file:
        return f"npm {name} {json.load(file)['dependencies'][name]}"


def compare(form, reader, read, expected):
    """What a reader made of a format, beside what it must have made; fails where these
    differ. Of both, an element is a record, in the same order."""
    read, expected = list(read), list(expected)
    equal = sum(is_so == should_be for is_so, should_be in zip(read, expected))
    add("formats", format=form, reader=reader, sent=len(expected), read=len(read), equal=equal)
    for number, (is_so, should_be) in enumerate(zip(read, expected)):
        assert is_so == should_be, f"record {number}:\n{is_so}\n{should_be}"
    assert len(read) == len(expected), (len(read), len(expected))
