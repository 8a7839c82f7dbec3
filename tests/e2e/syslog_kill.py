#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Receivers of syslog that are killed with -9 on the way: what is lost and what is doubled
is counted, and is no more than docs/DELIVERY.md says."""

import os
import signal
import sys
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import tcp_receiver  # noqa: E402
from ports import free_port  # noqa: E402
from rsyslog import Rsyslog, listens  # noqa: E402
from syslog_agent import PATIENT, ended, generator, sink  # noqa: E402
from syslog_peers import held_by  # noqa: E402

KILLS = 3
BATCH = 500


def started(c, address, n):
    c.config([generator(n)], agent=PATIENT,
             sinks=[sink(address, batch=f"max_age: 0s, max_count: {BATCH}")])
    return c.run_agent("--once")


def doubled(values):
    return sum(times - 1 for times in Counter(values).values())


# ---- plain TCP -------------------------------------------------------------------


def at_rest(port, agent):
    """Stops the agent; what both sockets hold once nothing moves any more. Nothing, and the
    agent goes on, where the receiver's has room for all of it."""
    agent.process.send_signal(signal.SIGSTOP)
    seen = []

    def rests():
        # An acknowledgement may take 200 ms (tcp(7)): 50 looks of 5 ms.
        seen.append(held_by(port))
        return len(seen) > 50 and len(set(seen[-50:])) == 1
    e2e.wait_until(rests)
    if seen[-1][0] == 0:
        agent.process.send_signal(signal.SIGCONT)
        return None
    return sum(seen[-1])


def kill_while_it_is_sent_to(receiver, agent):
    """Returns how many bytes both sockets held."""
    seen = receiver.size()
    e2e.wait_until(lambda: receiver.size() > seen + 200000)
    receiver.process.process.send_signal(signal.SIGSTOP)
    held = e2e.wait_until(lambda: at_rest(receiver.port, agent))
    receiver.process.kill()
    receiver.start()
    agent.process.send_signal(signal.SIGCONT)
    return held


def tcp_loses_what_both_buffers_held_and_no_more(c):
    n = e2e.times("SYSLOG_SAMPLES", 20000, 6000)
    receiver = tcp_receiver.Receiver(c)
    receiver.start()
    agent = started(c, f"tcp://127.0.0.1:{receiver.port}", n)
    held = sum(kill_while_it_is_sent_to(receiver, agent) for _ in range(KILLS))
    assert ended(agent) == 0, agent.log()
    e2e.wait_until(lambda: receiver.last() == n - 1)
    sizes = receiver.sizes()
    there, largest = dict(sizes), max(size for _, size in sizes)
    lost = n - len(there)
    print(f"{KILLS} kills: {lost} of {n} lost, {doubled([value for value, _ in sizes])} doubled; "
          f"the sockets held {held} bytes")
    # What the receiver had read and not kept, and a message that was cut, each time.
    assert lost * min(there.values()) <= held + KILLS * (tcp_receiver.READ + largest), (lost, held)
    assert agent.log().count("not acknowledged and may be lost") >= KILLS, agent.log()


# ---- RELP ------------------------------------------------------------------------


def relp_loses_nothing_and_doubles_a_batch_at_most(c):
    n = e2e.times("SYSLOG_SAMPLES", 20000, 4000)
    port = free_port()
    server = Rsyslog(c, [("imrelp", ' ruleset="in"')],
                     f'input(type="imrelp" address="127.0.0.1" port="{port}" maxDataSize="64k")')
    server.start(listens(port))
    agent = started(c, f"relp://127.0.0.1:{port}", n)
    for _ in range(KILLS):
        seen = server.count()
        e2e.wait_until(lambda s=seen: server.count() > s + n // (2 * KILLS))
        server.process.kill()
        server.start(listens(port))
    agent.wait_for_log("delivers again")
    assert ended(agent) == 0, agent.log()
    values = [int(message.parameters["value"]) for message in server.messages()]
    assert set(values) == set(range(n)), sorted(set(range(n)) - set(values))[:10]
    print(f"{KILLS} kills: 0 of {n} lost, {doubled(values)} doubled")
    assert doubled(values) <= KILLS * BATCH


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
