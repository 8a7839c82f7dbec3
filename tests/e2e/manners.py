#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Exit codes, help, what goes to which stream, colours, the status line."""

import atexit
import ctypes
import os
import pty
import re
import select
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402

CLONE_NEWNS, MNT_DETACH = 0x20000, 2  # linux/sched.h, sys/mount.h
COMMANDS = ("run", "validate", "collect", "plugin", "config", "journal",
            "reload", "state", "version")


def every_command_has_help_on_standard_output(c):
    whole = c.rookery("--help")
    assert whole.returncode == 0 and whole.stderr == ""
    for command in COMMANDS:
        assert command in whole.stdout
        result = c.rookery(command, "--help")
        assert result.returncode == 0 and result.stderr == "", result
        assert result.stdout.startswith(f"Usage: rookery {command}"), result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 90, result.stdout


def a_wrong_command_line_exits_2_and_says_why(c):
    for arguments, text in (
            ((), "Usage: rookery COMMAND"),
            (("rnu",), "there is no command 'rnu'; did you mean 'run'?"),
            (("run", "--onec"), "there is no option '--onec'"),
            (("run", "extra"), "one argument too many: 'extra'"),
            (("run", "--config"), "a value is missing behind 'config'"),
            (("run", "--once=1"), "no value goes with 'once'"),
            (("collect",), "which collector?"),
            (("plugin", "describe"), "what? list, or describe NAME"),
            (("config", "shwo"), "what? One of show, schema, reference"),
            (("journal",), "Usage: rookery journal COMMAND")):
        result = c.rookery(*arguments)
        assert result.returncode == 2, (arguments, result)
        assert text in result.stderr and result.stdout == "", (arguments, result)


def version_names_the_agent_and_the_abi(c):
    for arguments in (("version",), ("--version",)):
        result = c.rookery(*arguments)
        assert re.fullmatch(r"rookery \d+\.\d+\.\d+, plugin ABI 1\.0\n", result.stdout), result


def eleven_mistakes_in_three_files_are_as_many_errors_at_their_places(c):
    main = c.write("rookery.yaml", """agent:
  host: mx1
  state_dri: /var/lib/rookery
journal:
  sync: soon
  max_size: 10 gigs
collectors:
  - id: host
    plugin: system_heath
""")
    c.write("conf.d/10-mail.yaml", """collectors:
  - id: host
    plugin: generator
    interval: 10 sec
    options: { samples: many, seris: 5 }
""")
    c.write("conf.d/20-sinks.yaml", """sinks:
  - id: archive
    type: fiel
  - type: file
    options: { path: /tmp/x, rotate: { size: -1 } }
""")
    before = sorted(os.listdir(c.folder))
    result = c.rookery("validate", main)
    assert result.returncode == 2 and result.stdout == "", result
    places = re.findall(r"^\S*?([^/\s]+\.yaml:\d+:\d+): error: ", result.stderr, re.M)
    assert places == [
        "rookery.yaml:3:3", "rookery.yaml:5:9", "rookery.yaml:6:13", "rookery.yaml:9:13",
        "10-mail.yaml:2:9", "10-mail.yaml:4:15", "10-mail.yaml:5:25", "10-mail.yaml:5:31",
        "20-sinks.yaml:3:11", "20-sinks.yaml:4:5", "20-sinks.yaml:5:46"], result.stderr
    for text in ("did you mean 'state_dir'?", "did you mean 'system_health'?",
                 "did you mean 'series'?", "did you mean 'file'?", "^~~~"):
        assert text in result.stderr, (text, result.stderr)
    assert sorted(os.listdir(c.folder)) == before


def validate_touches_nothing_and_exits_0(c):
    path = c.config(["{ id: host, plugin: system_health }"])
    result = c.rookery("validate", path)
    assert result.returncode == 0 and result.stderr == "", result
    assert os.listdir(c.folder) == ["rookery.yaml"]


def a_fault_of_check_stands_at_its_place(c):
    path = c.config(["{ id: odd, plugin: odd, options: { fail: true, partial: true } }"])
    result = c.rookery("validate", path)
    assert result.returncode == 2, result
    assert re.search(r"rookery\.yaml:6:61: error: partial: does not go with 'fail'",
                     result.stderr), result.stderr


def a_secret_appears_in_no_output(c):
    canary = "canary-4711-secret"
    c.environment["THE_SECRET"] = canary
    path = c.config(["{ id: odd, plugin: odd, options: "
                     "{ log_secret: true, secret: '${env:THE_SECRET}' } }"])
    outputs = []
    for arguments in (("validate", path), ("config", "show", "--config", path),
                      ("config", "show", "--origins", "--config", path),
                      ("config", "schema"), ("collect", "odd", "--print", "--config", path),
                      ("run", "--once", "--config", path), ("journal", "stat", "--config", path)):
        result = c.rookery(*arguments)
        outputs += [result.stdout, result.stderr]
    assert "the key is ***" in "".join(outputs)
    for root, _, files in os.walk(c.folder):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                outputs.append(file.read().decode("latin-1"))
    assert all(canary not in output for output in outputs)


def open_terminal():
    """A bare chroot has no /dev/pts: the test then makes its own, which none but it sees."""
    try:
        return pty.openpty()
    except OSError:
        libc = ctypes.CDLL(None, use_errno=True)
        os.makedirs("/dev/pts", exist_ok=True)
        if libc.unshare(CLONE_NEWNS) or libc.mount(b"devpts", b"/dev/pts", b"devpts", 0, None):
            raise OSError(ctypes.get_errno(), "no terminals, and no /dev/pts for them") from None
        atexit.register(libc.umount2, b"/dev/pts", MNT_DETACH)
        return pty.openpty()


def on_a_terminal(context, *arguments, until, answer=None):
    """Runs a command on a terminal of its own until its output has a text."""
    master, slave = open_terminal()
    process = subprocess.Popen(context.command(*arguments), stdin=slave, stdout=slave,
                               stderr=slave, env=context.environment, close_fds=True)
    os.close(slave)
    seen = ""

    def has_it():
        nonlocal seen
        if select.select([master], [], [], 0.05)[0]:
            try:
                seen += os.read(master, 65536).decode("utf-8", "replace")
            except OSError:
                return True
        return re.search(until, seen)
    try:
        e2e.wait_until(has_it)
        if answer:
            process.send_signal(answer)
            e2e.wait_until(lambda: has_it() and process.poll() is not None)
    finally:
        if process.poll() is None and not answer:
            process.kill()
        process.wait(e2e.PATIENCE)
        os.close(master)
    return seen


def colours_are_for_terminals_alone(c):
    path = c.config(["{ id: nobody, plugin: nothing }"])
    plain = c.rookery("validate", path).stderr
    assert "\033" not in plain and "error: " in plain, plain
    assert "\033[" in on_a_terminal(c, "validate", path, until="error")


def a_terminal_shows_one_living_status_line(c):
    c.config(["{ id: gen, plugin: generator, interval: 50ms, options: { samples: 100 } }"])
    seen = on_a_terminal(c, "run", "--config", c.path("rookery.yaml"),
                         until=r"\r\x1b\[K\d+ runs \(0 failed\), [1-9]\d* samples/s, "
                               r"[\d.]+ [KM]?i?B written; out: [\d.]+ [KM]?i?B behind")
    assert seen.count("\n") <= 3, seen


def under_systemd_lines_carry_priorities(c):
    c.config(["{ id: odd, plugin: odd, options: { fail: true } }"])
    c.environment["JOURNAL_STREAM"] = "8:1"
    result = c.run_once()
    assert re.search(r"^<6>agent: runs; collectors: 1", result.stderr, re.M), result.stderr
    assert re.search(r"^<3>odd: run failed", result.stderr, re.M), result.stderr
    assert all(re.match(r"<[3-7]>", line) for line in result.stderr.splitlines()), result.stderr


def standard_output_that_fails_is_told(c):
    with open("/dev/full", "w", encoding="utf-8") as full:
        result = subprocess.run(c.command("config", "schema"), stdout=full, text=True,
                                stderr=subprocess.PIPE, env=c.environment, check=False)
    assert result.returncode == 1 and "cannot write to standard output" in result.stderr, result


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
