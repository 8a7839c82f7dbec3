#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""rookery journal list, check, repair, export and cursors: on journals that are whole,
damaged or newer, and beside an agent that writes."""

import json
import os
import shutil
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

LOOKS = e2e.times("ROOKERY_LOOKS", 25, under=4)
SAMPLES = 100 if e2e.UNDER else 3000  # a run: what makes an agent busy
SMALL = "{ sync: commit, segment_size: 64KiB }"
COMMANDS = [("stat",), ("list",), ("check",), ("repair",), ("export",), ("cursors",)]
NEWER = "was written by a newer version of rookery; nothing was changed"


def journal(c, *arguments, status=0, config="rookery.yaml"):
    """Runs one of the commands, expects an exit status, returns what it printed."""
    result = c.rookery("journal", *arguments, "--config", c.path(config))
    assert result.returncode == status, (arguments, result)
    return result


def journal_json(c, *arguments, status=0):
    return json.loads(journal(c, *arguments, "--json", status=status).stdout)


def configure(c, frames=0, sinks=None, settings=""):
    """A generator of parts of ten samples, or none at all."""
    collectors = ["{ id: gen, plugin: generator, "
                  f"options: {{ samples: {frames * 10}, series: 10, part: 10 }} }}"]
    c.config(collectors if frames else [], sinks=[] if sinks is None else sinks,
             journal=settings)


def run(c, *arguments, **more):
    configure(c, *arguments, **more)
    result = c.run_once()
    assert result.returncode == 0, result.stderr


def sink(c, name, more=""):
    return (f"{{ id: {name}, type: file, from: oldest, batch: {{ max_age: 0s }}, {more} "
            f"options: {{ path: {c.path(name)} }} }}")


def files(c, suffix):
    folder = c.path("state/journal")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder)
                  if name.endswith(suffix))


def snapshot(context):
    """Every file of the journal and the cursors, byte by byte."""
    found = {}
    for name in ("journal", "cursors"):
        for folder, _, names in os.walk(context.path(f"state/{name}")):
            for file in names:
                with open(os.path.join(folder, file), "rb") as opened:
                    found[os.path.join(folder, file)] = opened.read()
    return found


def overwrite(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def frames_of(path):
    """Where the frames of a file begin, and where the last one ends."""
    with open(path, "rb") as file:
        data = file.read()
    found, at = [], 48
    while at + 48 <= len(data):
        found.append(at)
        at += 48 + struct.unpack_from("<I", data, at + 32)[0]
    return found, at


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def values(text):
    records = map(json.loads, text.splitlines())
    return [record["value"] for record in records if "metric" in record]


# ---- list and check ---------------------------------------------------------


def list_tells_of_segments_and_cursors(c):
    run(c, 400, sinks=[sink(c, "old")])
    run(c, 300, settings=SMALL)
    run(c, 200, settings=SMALL)
    found = journal_json(c, "list")
    assert found["agent"] is None
    segments = found["segments"]
    assert len(segments) > 2 and all(segment["sealed"] for segment in segments)
    assert [segment["last"] + 1 for segment in segments[:-1]] == [
        segment["first"] for segment in segments[1:]]
    assert len({segment["epoch"] for segment in segments}) >= 2
    assert segments[-1]["last"] == 900
    for segment in segments:
        assert segment["frames"] == segment["last"] - segment["first"] + 1
        assert segment["samples"] == segment["frames"] * 10 and segment["damaged"] == 0
    behind = [segment for segment in segments if segment["first"] > 400]
    cursor, = found["cursors"]
    assert (cursor["sink"], cursor["configured"], cursor["sequence"]) == ("old", False, 401)
    assert cursor["frames_behind"] == 500 and cursor["frames_lost"] == 0, cursor
    assert cursor["bytes_behind"] == sum(segment["bytes"] - 48 for segment in behind)
    configure(c, sinks=[sink(c, "old")])
    assert journal_json(c, "list")["cursors"][0]["configured"] is True
    text = journal(c, "list").stdout
    assert f"{segments[0]['epoch']}" in text and "sealed" in text and "old  " in text


def check_finds_a_whole_journal_fine(c):
    run(c, 400, sinks=[sink(c, "out")], settings=SMALL)
    run(c, 300, sinks=[sink(c, "slow", "enabled: false,")], settings=SMALL)
    before = snapshot(c)
    found = journal_json(c, "check")
    assert found["n_faults"] == 0 and found["faults"] == [] and found["cursors"] == 1
    assert found["samples"] == found["frames"] * 10 >= 3000, found
    assert ": fine\n" in journal(c, "check").stdout
    assert snapshot(c) == before


def check_tells_each_fault_with_its_place(c):
    run(c, 3000, settings=SMALL)
    configure(c, sinks=[sink(c, "out")])
    paths = files(c, ".segment")
    starts, _ = frames_of(paths[0])
    overwrite(paths[0], starts[3] + 60, b"\xa5\x5a")
    overwrite(paths[1], 3, b"garbage")
    series = files(c, ".series")[2]
    overwrite(series, frames_of(series)[0][0] + 50, b"\xa5\x5a")
    c.write("state/cursors/broken.cursor", "x" * 8192)
    found = journal_json(c, "check", status=1)
    kinds = {fault["kind"]: fault for fault in found["faults"]}
    assert sorted(kinds) == ["cursor", "damaged", "header", "missing", "series"], found
    assert found["n_faults"] == 5
    damaged = kinds["damaged"]
    assert (damaged["file"], damaged["begin"], damaged["end"], damaged["sequence"]) == (
        paths[0], starts[3], starts[4], 4), damaged
    assert kinds["header"]["file"] == paths[1]
    assert kinds["missing"]["file"] == paths[2] and "expected to begin" in kinds[
        "missing"]["what"]
    assert kinds["series"]["file"] == series
    assert kinds["cursor"]["file"].endswith("broken.cursor")
    text = journal(c, "check", status=1).stdout
    assert f"{paths[0]}: bytes {starts[3]} to {starts[4]}: frame 4: " in text, text


def check_tells_of_samples_that_nobody_defines(c):
    run(c, 5)
    path, series = files(c, ".segment")[0], files(c, ".series")[0]
    overwrite(path, frames_of(path)[0][0] + 60, b"\xa5\x5a")
    overwrite(series, frames_of(series)[0][0] + 60, b"\xa5\x5a")
    kinds = [fault["kind"] for fault in journal_json(c, "check", status=1)["faults"]]
    assert sorted(set(kinds)) == ["damaged", "undefined"], kinds
    assert kinds.count("undefined") == 4


def check_tells_of_a_cursor_that_points_nowhere(c):
    run(c, 5, sinks=[sink(c, "out")])
    path, offset = c.path("state/cursors/out.cursor"), 4096
    with open(path, "rb") as file:
        slots = file.read()
    newest = max((0, 4096), key=lambda at: struct.unpack_from("<Q", slots, at + 8)[0])
    slot = bytearray(slots[newest:newest + offset])
    struct.pack_into("<Q", slot, 24, 77)
    struct.pack_into("<I", slot, 4, crc32c(slot[8:]))
    overwrite(path, newest, slot)
    fault, = journal_json(c, "check", status=1)["faults"]
    assert fault["kind"] == "cursor" and "ends before frame 6" in fault["what"], fault


# ---- repair -----------------------------------------------------------------


def repair_puts_a_damaged_journal_in_order_once(c):
    run(c, 3000, settings=SMALL)
    paths = files(c, ".segment")
    starts, _ = frames_of(paths[0])
    overwrite(paths[0], starts[3] + 60, b"\xa5\x5a")
    overwrite(paths[1], 3, b"garbage")
    series = files(c, ".series")
    overwrite(series[0], 20, b"\xa5\x5a")
    os.remove(series[2])
    lone = c.path("state/journal/00000000000000009999-00000000000000ff.series")
    shutil.copy(series[1], lone)
    _, end = frames_of(paths[-1])
    with open(paths[-1], "r+b") as file:
        file.truncate(end - 5)
    journal(c, "check", status=1)
    done = journal_json(c, "repair")
    assert done["left"] == [] and len(done["done"]) == 6, done
    text = "\n".join(done["done"])
    for part in ("cut a tail of ", f"{paths[1]}: its header is damaged: written anew",
                 f"{paths[0]}: bytes {starts[3]} to {starts[4]} are damaged",
                 f"{series[0]}: made anew", f"{series[2]}: made anew",
                 f"{lone}: its segment is gone"):
        assert part in text, (part, text)
    quarantine = c.path("state/journal/quarantine")
    names = sorted(name for name in os.listdir(quarantine) if not name.endswith(".reason"))
    assert len(names) == 5, names
    assert f"{os.path.basename(paths[1])}.0" in names, names
    assert all(os.path.exists(os.path.join(quarantine, f"{name}.reason")) for name in names)
    # Nothing is left to do, and the damage that is set aside is no fault any more.
    before = snapshot(c)
    assert journal(c, "repair").stdout == "fine: there is nothing to repair\n"
    assert snapshot(c) == before
    found = journal_json(c, "check")
    assert found["n_faults"] == 0 and found["set_aside"] == 1, found
    # All the rest is delivered, with definitions that the rebuilt files hold.
    overwrite(paths[0], starts[0] + 60, b"\xa5\x5a")
    run(c, sinks=[sink(c, "out")])
    lost = set(range(30, 40)) | set(range(10)) | set(range(29990, 30000))
    assert values(c.read("out")) == [value for value in range(30000) if value not in lost]


def a_rebuilt_series_file_is_the_same_as_before(c):
    run(c, 50)
    series = files(c, ".series")[0]
    with open(series, "rb") as file:
        before = file.read()
    overwrite(series, 70, b"\xa5\x5a")
    assert "made anew" in journal(c, "repair").stdout
    with open(series, "rb") as file:
        assert file.read() == before


def a_rebuilt_series_file_keeps_what_damaged_frames_defined(c):
    c.config(["{ id: one, plugin: generator, options: { samples: 10, series: 10 } }",
              "{ id: two, plugin: generator, options: { samples: 10, series: 10 } }"], sinks=[])
    assert c.run_once().returncode == 0
    path, series = files(c, ".segment")[0], files(c, ".series")[0]
    with open(series, "rb") as file:
        before = file.read()
    overwrite(path, frames_of(path)[0][0] + 60, b"\xa5\x5a")
    overwrite(series, 20, b"\xa5\x5a")
    assert "made anew" in journal(c, "repair").stdout
    with open(series, "rb") as file:
        assert file.read() == before


def repair_and_changes_of_cursors_are_refused_beside_an_agent(c):
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 20 } }"])
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    for arguments in (("repair",), ("cursors", "drop", "x"), ("cursors", "adopt", "x", "out")):
        result = journal(c, *arguments, status=1)
        assert f"an agent (pid {agent.pid}) uses '{c.path('state')}'" in result.stderr, result
        assert result.stdout == ""
    assert agent.stop() == 0, agent.log()
    assert journal(c, "repair").returncode == 0


# ---- export -----------------------------------------------------------------


def export_writes_what_a_sink_writes(c):
    run(c, sinks=[sink(c, "late")])  # its cursor alone: the journal is empty
    c.config(["{ id: gen, plugin: generator, options: { samples: 5000, part: 7 } }",
              "{ id: host, plugin: system_health }"],
             sinks=[sink(c, "ndjson", "format: ndjson,"), sink(c, "csv", "format: csv,")])
    c.rookery("run", "--once", "--config", c.path("rookery.yaml"))
    journal(c, "export", "--format", "ndjson", "--output", c.path("export.ndjson"))
    assert c.read("export.ndjson") == c.read("ndjson") != ""
    assert journal(c, "export", "--format=csv").stdout == c.read("csv")
    # What a sink has not taken yet is all of it, or nothing.
    assert journal(c, "export", "--sink", "late").stdout == c.read("ndjson")
    assert journal(c, "export", "--sink", "ndjson").stdout == ""


def export_takes_a_range_of_frames(c):
    run(c, 300, settings=SMALL)
    run(c, 300, settings=SMALL)
    segments = journal_json(c, "list")["segments"]
    first = next(s for s in segments if s["first"] <= 5 <= s["last"])["epoch"]
    last = next(s for s in segments if s["first"] <= 450 <= s["last"])["epoch"]

    def export(*arguments, **more):
        return journal(c, "export", *arguments, **more)

    begin, end = f"{first}:5", f"{last}:450"
    numbers = list(range(3000)) * 2
    assert values(export("--from", begin, "--to", end).stdout) == numbers[40:4500]
    assert values(export("--from", end).stdout) == numbers[4490:]
    assert values(export("--from", "oldest", "--to", begin).stdout) == numbers[:50]
    assert values(export("--from", begin, "--to", begin).stdout) == numbers[40:50]
    assert "there is no segment" in export("--from", f"{'0' * 16}:5", status=1).stderr
    for wrong in ("5", "x:5", f"{first}:", f"{first}:x", f"{first[1:]}:5"):
        assert "no EPOCH:SEQUENCE" in export("--from", wrong, status=2).stderr
    assert export("--format", "xml", status=2).stdout == ""
    assert export("--sink", "nobody", status=1).stdout == ""


def export_passes_over_damage_and_tells_how_much(c):
    run(c, 300, settings=SMALL)
    path = files(c, ".segment")[0]
    starts, _ = frames_of(path)
    for frame in (0, 11, 12):
        overwrite(path, starts[frame] + 60, b"\xa5\x5a")
    before = snapshot(c)
    result = journal(c, "export", status=1)
    lost = {frame * 10 + i for frame in (0, 11, 12) for i in range(10)}
    assert values(result.stdout) == [value for value in range(3000) if value not in lost]
    assert "exported 2970 records; passed over 3 damaged frames" in result.stderr, result.stderr
    assert snapshot(c) == before


def export_tells_of_frames_that_a_sink_missed(c):
    run(c, 700, sinks=[sink(c, "out")], settings=SMALL)
    run(c, 1500, settings=SMALL)
    first = journal_json(c, "list")["segments"]
    for path in files(c, ".segment")[:2] + files(c, ".series")[:2]:
        os.remove(path)
    left = journal_json(c, "list")
    gone = left["segments"][0]["first"] - 701
    assert left["segments"] == first[2:] and gone > 0
    assert left["cursors"][0]["frames_lost"] == gone, left
    assert journal(c, "check").returncode == 0, "that is how segments go"
    result = journal(c, "export", "--sink", "out", status=1)
    assert values(result.stdout) == list(range(gone * 10, 15000))
    assert f"{gone} frames were removed" in result.stderr, result.stderr


# ---- beside an agent --------------------------------------------------------


def commands_that_read_are_safe_beside_an_agent_under_load(c):
    c.config(["{ id: gen, plugin: generator, interval: 10ms, "
              f"options: {{ samples: {SAMPLES}, series: 50, part: 100 }} }}"],
             sinks=["{ id: out, type: file, from: oldest, batch: { max_age: 0s }, options: { "
                    f"path: {c.path('out')}, rotate: {{ size: 4MiB }} }} }}"],
             journal="{ sync: 20ms, segment_size: 64KiB, max_size: 1MiB }")
    agent = c.run_agent()
    agent.wait_for_log("runs; collectors: 1")
    ends = set()
    for _ in range(LOOKS):
        found = journal_json(c, "list")
        assert found["agent"] == agent.pid
        assert [segment["sealed"] for segment in found["segments"]].count(False) == 1, found
        ends.add(found["segments"][-1]["last"])
        checked = journal_json(c, "check")
        assert checked["n_faults"] == 0 and checked["agent_runs"] is True, checked
        journal(c, "stat")
        # A segment may be removed while it is read: then that is told, nothing else.
        result = c.rookery("journal", "export", "--state-dir", c.path("state"))
        assert result.returncode == 0 or (
            "over 0 damaged frames and 0 records" in result.stderr), result.stderr
        numbers = values(result.stdout)
        assert numbers == sorted(set(numbers))
    assert len(ends) > 2, "the agent did not write meanwhile"
    assert agent.stop() == 0, agent.log()
    assert "quarantine" not in os.listdir(c.path("state/journal"))


def stat_asks_the_agent_what_only_it_knows(c):
    c.write("blocked", "")
    sinks = ["{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
             "retry: { first: 10ms, most: 50ms }, "
             f"options: {{ path: {c.path('blocked/out')} }} }}"]
    c.config(["{ id: gen, plugin: generator, interval: 10ms, options: { samples: 10 } }"],
             sinks=sinks, journal=SMALL)
    agent = c.run_agent()
    agent.wait_for_log("out: cannot ")

    def waiting():
        found = journal_json(c, "stat")["agent"]
        return found if found["sinks"][0]["backlog_bytes"] > 1000 else None

    found = e2e.wait_until(waiting)
    assert (found["pid"], found["failure"], found["collectors_wait"]) == (
        agent.pid, None, False) or e2e.UNDER, found
    text = journal(c, "stat").stdout
    assert f"agent            pid {found['pid']}\n" in text, text
    line = next(line for line in text.splitlines() if line.startswith("cursor out"))
    assert line.endswith("bytes wait; cannot deliver now"), line
    os.remove(c.path("blocked"))
    agent.wait_for_log("out: delivers again")
    e2e.wait_until(lambda: "cannot deliver now" not in journal(c, "stat").stdout)
    assert agent.stop() == 0, agent.log()
    assert journal_json(c, "stat")["agent"] is None
    assert "agent" not in journal(c, "stat").stdout


# ---- cursors ----------------------------------------------------------------


def a_renamed_sink_adopts_its_old_cursor(c):
    run(c, 100, sinks=[sink(c, "old"), sink(c, "other")])
    run(c, 50, sinks=[sink(c, "other")])
    new = "{ id: new, type: file, from: oldest, " f"options: {{ path: {c.path('new')} }} }}"
    configure(c, sinks=[sink(c, "other"), new])
    listed = journal_json(c, "cursors")
    assert [(entry["sink"], entry["sequence"]) for entry in listed] == [("old", 101)], listed
    assert journal(c, "cursors").stdout.startswith("old                  orphan   at frame 101")
    before = snapshot(c)
    for arguments, message in (
            (("adopt", "old", "other"), "'other' has a cursor already"),
            (("adopt", "old", "nobody"), "no sink 'nobody' is configured"),
            (("adopt", "other", "new"), "a sink of this id is configured"),
            (("adopt", "nobody", "new"), "there is no such cursor"),
            (("drop", "other"), "a sink of this id is configured"),
            (("drop", "nobody"), "there is no such cursor")):
        result = journal(c, "cursors", *arguments, status=1)
        assert message in result.stderr, (message, result.stderr)
    for arguments in (("drop",), ("adopt", "old"), ("drop", "../../x"), ("drop", "a", "b")):
        journal(c, "cursors", *arguments, status=2)
    assert snapshot(c) == before
    journal(c, "cursors", "adopt", "old", "new")
    assert journal_json(c, "cursors") == []
    assert c.run_once().returncode == 0
    assert values(c.read("new")) == list(range(500))


def an_orphan_is_dropped(c):
    run(c, 10, sinks=[sink(c, "old"), sink(c, "other")])
    configure(c, sinks=[sink(c, "other")])
    journal(c, "cursors", "drop", "old")
    assert os.listdir(c.path("state/cursors")) == ["other.cursor"]
    listed = c.rookery("journal", "cursors", "--state-dir", c.path("state")).stdout
    assert listed.startswith("other                unknown  at frame 11"), listed


# ---- versions and usage -----------------------------------------------------


def set_version(path, version):
    with open(path, "rb") as file:
        header = bytearray(file.read(48))
    struct.pack_into("<I", header, 8, version)
    struct.pack_into("<I", header, 44, crc32c(header[:44]))
    overwrite(path, 0, header)


def a_newer_version_is_refused_by_all_and_nothing_is_touched(c):
    run(c, 900, sinks=[sink(c, "old")], settings=SMALL)
    run(c, 900, settings=SMALL)
    paths = files(c, ".segment")
    # What a repair would do, were it not for the newer file.
    overwrite(paths[0], 3, b"garbage")
    overwrite(paths[1], 100, b"\xa5\x5a")
    os.truncate(paths[-1], os.path.getsize(paths[-1]) - 5)
    configure(c, sinks=[sink(c, "new")])
    for suffix in (".segment", ".series"):
        newer = files(c, suffix)[2]
        set_version(newer, 2)
        before = snapshot(c)
        for arguments in COMMANDS[:-1] + [("cursors", "drop", "old"),
                                          ("cursors", "adopt", "old", "new")]:
            result = journal(c, *arguments, status=1)
            assert f"'{newer}' {NEWER}" in result.stderr, (arguments, result)
            assert result.stdout == ""
        result = c.run_once()
        assert result.returncode == 1 and f"'{newer}' {NEWER}" in result.stderr, result
        assert snapshot(c) == before
        set_version(newer, 1)


def an_older_version_is_read(c):
    run(c, 300)
    for path in files(c, ".segment") + files(c, ".series"):
        set_version(path, 0)
    assert journal_json(c, "check")["samples"] == 3000
    assert values(journal(c, "export").stdout) == list(range(3000))
    run(c, sinks=[sink(c, "out")])
    assert values(c.read("out")) == list(range(3000))


def every_command_has_help_and_refuses_what_it_does_not_know(c):
    configure(c)
    for arguments in [()] + COMMANDS:
        result = c.rookery("journal", *arguments, "--help")
        assert result.returncode == 0 and result.stdout.startswith(
            "Usage: rookery journal"), result
    for arguments in [("chek",), ()] + [(name, "--nothing") for name, in COMMANDS] + [
            ("check", "x"), ("stat", "--config")]:
        result = c.rookery("journal", *arguments)
        assert result.returncode == 2 and result.stdout == "" and result.stderr, result
    for name, in COMMANDS[:-1]:
        result = c.rookery("journal", name, "--state-dir", c.path("nowhere"))
        assert result.returncode == 1 and "nowhere" in result.stderr, result


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
