#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An include only ever points down the floors of docs/ARCHITECTURE.md: a file may
include what stands on its own floor or below. Plugins and the SDK stand apart."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# From the roof down. A file right in agent/ belongs to the floor that its name begins with.
FLOORS = ["main", "commands", "agent", "catalogue", "notify", "admin", "insight", "deliver",
          "encode", "collect", "isolate", "host", "net", "journal", "config", "model", "loop",
          "base"]

# The child that hosts isolated plugins links neither configuration nor journal, so
# these floors must not include them although they stand above.
APART = {"host": {"journal", "config"}, "model": {"config"}}


def floor_of(path):
    parts = path.split("/")
    return parts[0] if len(parts) > 1 else os.path.splitext(parts[0])[0].split("_")[0]


def problems_of(path, text):
    own = floor_of(path)
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'#include "([^"]+)"', line)
        if not found:
            continue
        name = found.group(1)
        beside = os.path.join(os.path.dirname(path), name)
        target = beside if os.path.exists(os.path.join(ROOT, "agent", beside)) else name
        if not os.path.exists(os.path.join(ROOT, "agent", target)):
            yield f"agent/{path}:{number}: there is no '{name}'"
            continue
        other = floor_of(target)
        if FLOORS.index(other) < FLOORS.index(own):
            yield f"agent/{path}:{number}: {own} must not include {other}: it stands above"
        if other in APART.get(own, ()):
            yield f"agent/{path}:{number}: {own} must not include {other}: it is linked without"


def main():
    found = []
    for folder, _, names in os.walk(os.path.join(ROOT, "agent")):
        for name in sorted(names):
            if name.endswith((".c", ".h")):
                path = os.path.relpath(os.path.join(folder, name), os.path.join(ROOT, "agent"))
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found += problems_of(path, file.read())
    header = os.path.join(ROOT, "sdk/include/rookery")
    for folder, _, names in os.walk(header):
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                for include in re.findall(r"#include (\S+)", file.read()):
                    if include not in ("<stdbool.h>", "<stddef.h>", "<stdint.h>") and \
                            not include.startswith("<rookery/"):
                        found.append(f"{folder}/{name}: the SDK includes {include}")
    for name in sorted(os.listdir(os.path.join(ROOT, "sdk/src"))):
        if name.endswith((".c", ".h")):
            with open(os.path.join(ROOT, "sdk/src", name), encoding="utf-8") as file:
                for include in re.findall(r'#include "([^"]+)"', file.read()):
                    if "/" in include:
                        found.append(f"sdk/src/{name}: the SDK stands on nothing: {include}")
    for folder, _, names in os.walk(os.path.join(ROOT, "plugins")):
        for name in names:
            if name.endswith((".c", ".h")):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    for include in re.findall(r'#include "([^"]+)"', file.read()):
                        if "/" in include:
                            found.append(f"{folder}/{name}: plugins must not include {include}")
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


main()
