#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A disk that is really full: a tmpfs in a mount namespace of the test's own, which
needs root; and a process that runs out of descriptors."""

import ctypes
import errno
import json
import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

CLONE_NEWNS = 0x20000  # linux/sched.h
MS_REC, MS_PRIVATE, MNT_DETACH = 0x4000, 0x40000, 2  # sys/mount.h


def is_private(libc):
    """Keeps what is mounted from now on to this namespace. In a chroot whose root is no
    mount point that cannot be said; it is seen outside until the test unmounts it."""
    return (libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None) == 0
            or ctypes.get_errno() == errno.EINVAL)


def mount_small_disk(context, size):
    """A tmpfs at the folder's "disk", which none but this test and its agents see."""
    libc = ctypes.CDLL(None, use_errno=True)
    path = context.path("disk")
    os.makedirs(path)
    if (libc.unshare(CLONE_NEWNS) or not is_private(libc)
            or libc.mount(b"small", path.encode(), b"tmpfs", 0, f"size={size}".encode())):
        error = os.strerror(ctypes.get_errno())
        raise AssertionError(
            f"this test mounts a small tmpfs in a namespace of its own: {error}; run it as root "
            "(CAP_SYS_ADMIN)")
    return path


def free(path):
    status = os.statvfs(path)
    return status.f_bavail * status.f_bsize


def fill_up(path):
    """Leaves no byte. Returns the file that holds the space."""
    name = os.path.join(path, "ballast")
    with open(name, "ab", buffering=0) as file:
        while free(path) > 0:
            try:
                file.write(b"x" * 4096)
            except OSError:
                break
    return name


def config(context, sinks, journal):
    context.config(["{ id: gen, plugin: generator, interval: 20ms, "
                    "options: { samples: 100, series: 100, events: 100 } }",
                    "{ id: count, plugin: bookmark, interval: 20ms, timeout: 30s }"], sinks=sinks,
                   journal=journal)
    text = context.read("rookery.yaml").replace(context.path("state"), context.path("disk/state"))
    context.write("rookery.yaml", text)


def lines(context, name):
    with open(context.path(name), encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.endswith("\n")]


def stat(context):
    result = context.rookery("journal", "stat", "--json", "--state-dir",
                             context.path("disk/state"))
    assert result.returncode == 0, result
    return json.loads(result.stdout)


def unmount(path):
    ctypes.CDLL(None).umount2(path.encode(), MNT_DETACH)


def check_order(records):
    """Nothing is doubled, and all came in its order; no bookmark parted from its numbers."""
    observed = [record["observed"] for record in records]
    assert observed == sorted(observed)
    counted = [record["value"] for record in records if record.get("metric") == "test.number"]
    assert counted == list(range(len(counted))), "a state is not where its samples are"
    others = [record["id"] for record in records if record.get("metric") != "test.number"]
    assert len(set(others)) == len(others), "something is doubled"


def a_full_disk_stops_appends_and_nothing_else(c):
    disk = mount_small_disk(c, "12m")
    out = ("{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
           f"options: {{ path: {c.path('out')} }} }}")
    slow = ("{ id: slow, type: file, from: oldest, batch: { max_age: 0s }, "
            f"retry: {{ first: 10ms, most: 50ms }}, options: {{ path: {c.path('blocked/x')} }} }}")
    c.write("blocked", "")
    config(c, [out, slow], "{ sync: commit, segment_size: 256KiB, max_size: 1GiB, reserve: 512KiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out")) and stat(c)["bytes"] > 4 << 20)
    assert os.path.getsize(os.path.join(disk, "state/journal/reserve")) == 1 << 19
    ballast = fill_up(disk)
    agent.wait_for_log("journal: cannot write: No space left on device")
    fill_up(disk)  # what was given up and not needed is taken by somebody else
    # What is committed is delivered and acknowledged while the disk is full.
    end = stat(c)["end_sequence"]
    e2e.wait_until(lambda: {cursor["id"]: cursor["sequence"] for cursor in stat(c)["cursors"]}
                   .get("out") == end)
    # A part of what waits is freed by a delivery that catches up: collection goes on.
    os.remove(c.path("blocked"))
    agent.wait_for_log("journal: writes again")
    e2e.wait_until(lambda: stat(c)["end_sequence"] > end + 20)
    os.remove(ballast)
    e2e.wait_until(lambda: '"event":"rookery.journal.full"' in c.read("out")
                   and c.read("out").count('"event":"rookery.journal.full"') >= 2)
    e2e.wait_until(lambda: os.path.exists(os.path.join(disk, "state/journal/reserve")))
    assert agent.stop() == 0, agent.log()
    records, others = lines(c, "out"), lines(c, "blocked/x")
    check_order(records)
    assert [record["id"] for record in records] == [record["id"] for record in others]
    found = stat(c)
    assert found["damaged"] == 0, found
    events = [record["phase"] for record in records
              if record.get("event") == "rookery.journal.full"]
    assert events[:2] == ["begin", "end"], events
    unmount(disk)


def collection_resumes_by_itself_when_space_is_back(c):
    disk = mount_small_disk(c, "6m")
    out = ("{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
           f"options: {{ path: {c.path('out')} }} }}")
    config(c, [out], "{ sync: 10ms, reserve: 512KiB }")
    agent = c.run_agent()

    def failures():
        return agent.log().count("journal: cannot write: ")

    e2e.wait_until(lambda: os.path.exists(c.path("out")))
    # The one segment fills the disk: it is closed, delivered and removed, again and again.
    e2e.wait_until(lambda: agent.log().count("writes again") >= 2)
    ballast = fill_up(disk)
    full = failures()
    e2e.wait_until(lambda: failures() > full or failures() > agent.log().count("writes again"))
    os.remove(ballast)
    e2e.wait_until(lambda: failures() == agent.log().count("writes again"))
    size = os.path.getsize(c.path("out"))
    e2e.wait_until(lambda: os.path.getsize(c.path("out")) > size + 1e6)
    assert agent.stop() == 0, agent.log()
    check_order(lines(c, "out"))
    unmount(disk)


def an_agent_starts_on_a_full_disk_with_what_it_kept(c):
    disk = mount_small_disk(c, "16m")
    out = ("{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
           f"options: {{ path: {c.path('out')} }} }}")
    config(c, [out], "{ sync: commit, segment_size: 64KiB, reserve: 1MiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out")) and os.path.getsize(c.path("out")) > 1e5)
    agent.kill()
    ballast = fill_up(disk)
    again = c.run_agent(log="again.log")
    again.wait_for_log("runs; collectors: 2")
    again.wait_for_log("cannot write: No space left")
    os.remove(ballast)
    again.wait_for_log("writes again")
    size = os.path.getsize(c.path("out"))
    e2e.wait_until(lambda: os.path.getsize(c.path("out")) > size + 1e5)
    assert again.stop() == 0, again.log()
    check_order(lines(c, "out"))
    unmount(disk)


def no_descriptors_is_told_once_and_over_by_itself(c):
    out = ("{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
           f"retry: {{ first: 10ms, most: 50ms }}, options: {{ path: {c.path('out')}, "
           "rotate: { size: 64KiB } } }")
    c.config(["{ id: gen, plugin: generator, interval: 10ms, "
              "options: { samples: 1000, series: 1000 } }"], sinks=[out],
             journal="{ sync: 10ms, segment_size: 64KiB }")
    agent = c.run_agent()
    e2e.wait_until(lambda: os.path.exists(c.path("out.1")))
    before = resource.prlimit(agent.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(agent.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    agent.wait_for_log("journal: cannot write: Too many open files")
    agent.wait_for_log("out: cannot ")
    resource.prlimit(agent.pid, resource.RLIMIT_NOFILE, before)
    agent.wait_for_log("journal: writes again")
    agent.wait_for_log("out: delivers again")
    assert agent.stop() == 0, agent.log()
    assert agent.log().count("journal: cannot write: ") == 1, agent.log()
    assert agent.log().count("out: cannot ") == 1, agent.log()
    names = [name for name in os.listdir(c.folder) if name.startswith("out")]
    names.sort(key=lambda name: int((name.split(".") + ["1000000000"])[1]))
    check_order([record for name in names for record in lines(c, name)])


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
