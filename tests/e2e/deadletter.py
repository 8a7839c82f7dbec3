#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Dead letters: what a receiver refuses for good is kept alone, can be looked at, and is
delivered once the receiver takes it; nothing is lost on the way, whenever the agent dies."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from receiver import Picky  # noqa: E402

BATCH = e2e.times("ROOKERY_BATCH", 5000, under=500)
POISON = BATCH * 3 // 5 + 17


def sink(url, more=""):
    return ("{ id: out, type: http, from: oldest, "
            f"batch: {{ max_age: 0s, max_count: {BATCH}, max_bytes: 16MiB }}, "
            f"retry: {{ first: 10ms, most: 50ms }}, {more} options: {{ url: \"{url}\" }} }}")


def collect(c, n=None):
    """So many samples in the journal, for sinks that come later."""
    c.config([f"{{ id: gen, plugin: generator, interval: 1h, "
              f"options: {{ samples: {n or BATCH}, series: 50, part: 500 }} }}"], sinks=[])
    result = c.run_once()
    assert result.returncode == 0, result.stderr


def letters(c, sink_id="out"):
    shown = deadletter(c, "show", sink_id, "--json").stdout
    return [json.loads(line) for line in shown.splitlines()]


def deadletter(c, verb, *more):
    return c.rookery("deadletter", verb, "--state-dir", c.path("state"), *more)


def values_of(kept):
    return [letter["record"]["value"] for letter in kept]


def run_with(c, receiver, more=""):
    c.config([], sinks=[sink(receiver.url(), more)])
    return c.run_agent()


def delivered(receiver, n):
    return e2e.wait_until(lambda: len(set(receiver.values())) >= n)


def a_poison_record_is_kept_alone_and_replayed(c):
    collect(c)
    receiver = Picky(POISON)
    agent = run_with(c, receiver)
    agent.wait_for_log("1 record went to the dead letters")
    delivered(receiver, BATCH - 1)
    assert sorted(receiver.values()) == [n for n in range(BATCH) if n != POISON]
    assert max(len(request.records()) for request in receiver.requests) == BATCH
    assert values_of(letters(c)) == [POISON]
    kept = letters(c)[0]["record"]
    # It is still refused: it stays, with the new answer.
    receiver.status = 400
    result = deadletter(c, "replay", "out")
    assert result.returncode == 1 and "1 were refused again" in result.stdout, result
    assert "is odd" in result.stdout
    assert [letter["status"] for letter in letters(c)] == [400]
    receiver.poisons.clear()
    result = deadletter(c, "replay", "out")
    assert result.returncode == 0, (result, agent.log())
    assert "1 letters of 'out' were delivered" in result.stdout
    assert letters(c) == [] and not os.path.exists(c.path("state/dead-letters/out.ndjson"))
    assert sorted(receiver.values()) == list(range(BATCH))
    assert receiver.records()[-1] == kept and not receiver.faults
    assert agent.stop() == 0, agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
