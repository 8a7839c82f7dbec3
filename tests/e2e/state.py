#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The state of collectors: it is kept with the samples that it stands for, whatever
happens to the agent, and people can look at it and change it."""

import json
import os
import random
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

KILLS = int(os.environ.get("ROOKERY_KILLS", "60"))


def numbers(records):
    return [record["value"] for record in records if record.get("metric") == "test.number"]


def begun(records):
    return [record for record in records if record.get("event") == "test.counting"]


def check(context):
    """No number is missing, none is there twice, and the event began once."""
    found = numbers(context.records("out.ndjson"))
    assert found == list(range(len(found))), next(
        (found[max(0, i - 3):i + 3] for i, n in enumerate(found) if n != i), None)
    assert len(begun(context.records("out.ndjson"))) == 1
    return len(found)


def collectors(c, interval="10ms", options=""):
    return [f"{{ id: count, plugin: bookmark, interval: {interval}, options: {{ {options} }} }}"]


def size(c, name):
    return os.path.getsize(c.path(name)) if os.path.exists(c.path(name)) else 0


def a_counter_goes_on_where_it_stopped(c):
    c.config(collectors(c))
    last = 0
    for _ in range(5):
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        now = check(c)
        assert now > last
        last = now


def kill_many_times(c, kills, journal):
    dice = random.Random(815)
    c.config(collectors(c), journal=journal)
    for _ in range(kills):
        agent = c.run_agent()
        agent.wait_for_log("runs; collectors: 1")
        seen = size(c, "out.ndjson")
        if dice.random() < 0.8:
            e2e.wait_until(lambda s=seen: size(c, "out.ndjson") > s)
        time.sleep(dice.random() * 0.03)  # die at any moment, not at a chosen one
        agent.kill()
        os.remove(agent.log_path)
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    return check(c)


def kills_part_no_state_from_its_samples(c):
    assert kill_many_times(c, KILLS, "{ sync: commit }") > KILLS


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
