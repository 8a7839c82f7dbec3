#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An external program as a collector: what it writes arrives, and whatever it does else
is told and bounded."""

import json
import os
import pathlib
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402


def queue(value):
    return f'{{"metric":"mail.queue","value":{value},"kind":"gauge","unit":"{{message}}"}}'


def collector(path, options="", more=""):
    """In a sandbox, but for programs that write files to tell of themselves."""
    if os.path.exists(path) and ">/" in pathlib.Path(path).read_text(encoding="utf-8"):
        more += " isolation: none,"
    return [f"{{ id: x, plugin: exec, {more} options: {{ command: [{path}], {options} }} }}"]


def program(context, text):
    """A shell script; returns its path."""
    path = context.write("program.sh", "#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
    return path


def once(context, text, options="", more=""):
    """One run of a script; returns what the agent said."""
    context.config(collector(program(context, text), options, more))
    return context.run_once().stderr


def records(context):
    path = context.path("out.ndjson")
    return context.records("out.ndjson") if os.path.exists(path) else []


def values(context):
    return [record["value"] for record in records(context) if "metric" in record]


def pid_of(context, name="pid"):
    """What a script has written there."""
    path = context.path(name)
    return int(e2e.wait_until(lambda: os.path.exists(path) and context.read(name).endswith("\n")
                              and context.read(name)))


def is_gone(pid):
    """Ended and waited for: no zombie is left either."""
    return not os.path.exists(f"/proc/{pid}")


# ---- what arrives ---------------------------------------------------------


def samples_and_events_arrive_as_the_program_wrote_them(c):
    c.write("lines", "\n".join([
        '{"metric":"mail.cost","value":1.10,"kind":"delta","unit":"{currency}",'
        '"confidence":"approximate","time":"2026-11-21T00:00:00Z",'
        '"start":"2026-11-20T01:00:00+01:00","provisional":true,'
        '"labels":{"cost.currency":"EUR","n":7}}',
        queue('"12345678901234567.8"'),
        '{"event":"vendor.incident","severity":"high","insight":"It is late.",'
        '"follow_up":true,"details":{"minutes":"12"}}']))
    log = once(c, f"cat {c.path('lines')}")
    assert "error" not in log and "warning" not in log, log
    cost, size, event = records(c)
    text = c.read("out.ndjson").splitlines()
    assert '"value":1.10,' in text[0] and '"value":12345678901234567.8,' in text[1], text
    assert (cost["metric"], cost["kind"], cost["unit"], cost["confidence"]) == (
        "mail.cost", "delta", "{currency}", "approximate"), cost
    assert (cost["time"], cost["start"], cost["provisional"]) == (
        "2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z", True), cost
    assert cost["labels"] == {"cost.currency": "EUR", "n": "7"}, cost
    assert size["confidence"] == "exact", size
    assert (event["event"], event["severity"], event["phase"], event["details"]) == (
        "vendor.incident", "high", "once", {"minutes": "12"}), event


def the_environment_has_what_is_configured_and_nothing_else(c):
    c.environment["SECRET_OF_THE_AGENT"] = "x"
    c.write("key", "hunter2")
    os.chmod(c.path("key"), 0o600)
    once(c, f"env >{c.path('env')}; pwd >{c.path('pwd')}; ls /proc/self/fd >{c.path('fds')}",
         "environment: { A: b }, secrets: [{ name: KEY, value: '${file:%s}' }], folder: /usr"
         % c.path("key"))
    names = dict(line.split("=", 1) for line in c.read("env").splitlines())
    assert (names.pop("A"), names.pop("KEY")) == ("b", "hunter2"), names
    assert set(names) - {"PATH", "LANG"} <= {"PWD", "SHLVL", "_", "OLDPWD"}, names  # the shell's
    assert c.read("pwd") == "/usr\n"
    assert c.read("fds").split() == ["0", "1", "2", "3"], c.read("fds")  # 3: the folder itself


def with_expect_a_line_need_not_repeat_it_and_must_fit_it(c):
    log = once(c, """
echo '{"metric":"a.b","value":1}'
echo '{"metric":"a.b","value":2,"unit":"s"}'
echo '{"metric":"a.c","value":3}'
echo '{"metric":"a.b","value":4,"labels":{"name":"x","colour":"red"}}'
echo '{"metric":"a.b","value":5,"confidence":"directional","labels":{"name":"x"}}'
""", "expect: [{ name: a.b, kind: cumulative, unit: By, confidence: approximate, labels: [name] }]")
    first, second = records(c)
    assert (first["value"], first["kind"], first["unit"], first["confidence"]) == (
        1, "cumulative", "By", "approximate"), first
    assert (second["value"], second["confidence"]) == (5, "directional"), second
    assert "line 2 is left out: 'unit' is not what 'expect' has for metric 'a.b' " \
        "(and 2 more of 5)" in log, log


def a_large_run_goes_through_in_several_parts(c):
    c.write("lines", (queue(1) + "\n") * 800)
    log = once(c, f"for i in $(seq 100); do cat {c.path('lines')}; done")
    assert "error" not in log and "warning" not in log, log
    assert len(values(c)) == 80000, len(values(c))


# ---- what is wrong ----------------------------------------------------------


def a_bad_line_is_named_and_the_others_arrive(c):
    log = once(c, f"echo '{queue(1)}'; echo '{queue('tree')}'; echo 'words'; echo '{queue(4)}'")
    assert values(c) == [1, 4]
    assert "line 2 is left out: it is no JSON object: a value that is none (in 'value') " \
        "(and 1 more of 4)" in log, log


def a_run_of_which_no_line_is_right_fails(c):
    log = once(c, "echo words; echo more words")
    assert "line 1 is left out: it is no JSON object" in log and "failed" in log, log


def one_that_hangs_is_ended_by_the_deadline(c):
    c.config(collector(program(c, f"echo '{queue(1)}'\necho $$ >{c.path('pid')}\nsleep 1000"),
                       more="timeout: 300ms, interval: 400ms,"))
    agent = c.run_agent()
    pid = pid_of(c)
    agent.wait_for_log("it took longer than 300ms (timeout)")
    e2e.wait_until(lambda: is_gone(pid))
    assert agent.stop() == 0 and values(c) == [], agent.log()
    assert "is killed" not in agent.log(), agent.log()


def one_that_hangs_and_ignores_sigterm_is_killed_with_all_of_its_group(c):
    c.config(collector(program(c, f"""trap '' TERM
sleep 1000 & echo $! >{c.path('child')}
echo $$ >{c.path('pid')}
while :; do wait; sleep 1000; done"""), "grace: 50ms", "timeout: 300ms, interval: 400ms,"))
    agent = c.run_agent()
    pid, child = pid_of(c), pid_of(c, "child")
    agent.wait_for_log("the program does not end by SIGTERM: it is killed")
    agent.wait_for_log("it took longer than 300ms (timeout)")
    e2e.wait_until(lambda: is_gone(pid))
    e2e.wait_until(lambda: is_gone(child) or is_zombie(child))  # init waits for it, or nobody
    assert agent.stop() == 0, agent.log()


def what_a_program_leaves_in_its_group_is_killed(c):
    log = once(c, f"sleep 1000 >/dev/null 2>&1 & echo $! >{c.path('child')}; echo '{queue(1)}'")
    assert "error" not in log and values(c) == [1], log
    child = pid_of(c, "child")
    e2e.wait_until(lambda: is_gone(child) or is_zombie(child))


def is_zombie(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def one_that_floods_is_bounded(c):
    log = once(c, f"yes '{queue(1)}'", "max_lines: 1000", "timeout: 1m,")
    assert "it wrote more than 1000 lines (max_lines)" in log, log
    log = once(c, f"yes '{queue(1)}'", "max_output: 64KiB", "timeout: 1m,")
    assert "it wrote more than 65536 bytes (max_output)" in log, log
    log = once(c, "tr '\\0' x </dev/zero", "max_output: 1MiB, max_line: 4KiB", "timeout: 1m,")
    assert "it wrote more than 1048576 bytes (max_output)" in log, log
    log = once(c, f"i=0; while [ $i -lt 50 ]; do i=$((i + 1)); echo oops $i >&2; done\n"
               f"echo '{queue(1)}'", "max_messages: 3")
    assert log.count("the program says: oops") == 3, log
    assert "the program said 47 more lines" in log and values(c) == [1], log


def how_a_program_ended_is_told(c):
    for text, told in (
            ("kill -SEGV $$", "it was ended by signal 11 (Segmentation fault)"),
            ("echo the token expired >&2; exit 3",
             "it exited with status 3; the last that it said: the token expired"),
            ("""echo '{"end":"failed","why":"the vendor is down"}'""", "the vendor is down"),
            (f"""echo '{queue(1)}'; echo '{{"end":"partial","why":"one is missing"}}'""",
             "one is missing")):
        log = once(c, text)
        assert told in log, (told, log)
    assert values(c) == [1]
    for command, options, told in (
            ("/nowhere/program", "", "cannot start '/nowhere/program': No such file or directory"),
            (program(c, "true"), "folder: /nowhere", "cannot enter the folder of '"),
            ("no-such-program", "", "there is no program 'no-such-program' on its PATH")):
        c.config(collector(command, options))
        log = c.run_once().stderr
        assert told in log, (told, log)


def mistakes_in_the_configuration_are_told_with_their_place(c):
    c.config(["{ id: x, plugin: exec, options: { command: [a], folder: b, environment: { 'C=': d }, "
              "expect: [{ name: A }, { name: a.b, labels: [B] }, { name: a.b }] } }"])
    result = c.rookery("validate", c.path("rookery.yaml"))
    assert result.returncode != 0
    for told in ("is no absolute path", "'C=' is no name of a variable", "'A' is no name",
                 "'B' is no name", "'a.b' is there already"):
        assert told in result.stderr, (told, result.stderr)


# ---- a program that is kept ---------------------------------------------------


def kept(context, answer, options="", interval="20ms"):
    """The agent with a program that answers each question by a function."""
    text = f"""echo $$ >>{context.path('pids')}
n=0
while read -r question; do
echo "$question" >>{context.path('questions')}
n=$((n + 1))
{answer}
done
"""
    context.config(collector(program(context, text), f"mode: keep, {options}",
                             f"interval: {interval},"))
    return context.run_agent()


def count_lines(context, name):
    return len(context.read(name).splitlines()) if os.path.exists(context.path(name)) else 0


def a_kept_program_is_started_once_and_asked_for_each_collection(c):
    agent = kept(c, "echo '%s'; echo '{\"end\":\"ok\"}'" % queue("'$n'"))
    e2e.wait_until(lambda: len(values(c)) >= 5)
    assert agent.stop() == 0, agent.log()
    found = values(c)
    assert found == list(range(1, len(found) + 1)), found
    assert count_lines(c, "pids") == 1
    questions = [json.loads(line) for line in c.read("questions").splitlines()]
    assert [question["collect"] for question in questions] == list(
        range(1, len(questions) + 1)), questions
    assert questions[0]["scheduled"].endswith("Z"), questions
    e2e.wait_until(lambda: is_gone(int(c.read("pids"))) or is_zombie(int(c.read("pids"))))


def a_kept_program_that_ends_is_started_again(c):
    agent = kept(c, "echo '%s'; echo '{\"end\":\"ok\"}'; [ $n -lt 3 ] || exit 1" % queue("'$n'"))
    e2e.wait_until(lambda: len(values(c)) >= 7)
    agent.wait_for_log("the program ended between two collections and is started again with "
                       "the next: it exited with status 1")
    assert agent.stop() == 0, agent.log()
    assert values(c)[:7] == [1, 2, 3, 1, 2, 3, 1], values(c)
    for pid in c.read("pids").split():
        assert is_gone(int(pid)) or is_zombie(int(pid))


def a_kept_program_that_ends_without_an_answer_fails_its_run(c):
    agent = kept(c, "echo '%s'; exit 0" % queue(1))
    agent.wait_for_log("it ended before it said")
    assert agent.stop() == 0 and values(c) == [], agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
