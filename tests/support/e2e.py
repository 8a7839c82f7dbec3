# SPDX-License-Identifier: Apache-2.0
"""What end-to-end tests share: a folder of the test's own, the real binary, and
waiting for what happens instead of for time. A test is a function that takes the
context c; its name says the rule. Run `FILE NAME` for one, `FILE` for all."""

import inspect
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("ROOKERY_BUILD", os.path.join(SOURCE, "build", "debug"))
UNDER = shlex.split(os.environ.get("ROOKERY_UNDER", ""))
PATIENCE = 120


def times(name, usual, under):
    """How often, or how much: what the environment's name says; else as usual, or less
    where the agent runs under another program, which makes it some 30 times slower."""
    return int(os.environ.get(name, under if UNDER else usual))


def wait_until(what, patience=PATIENCE):
    """Calls what until it returns something true, and returns that."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        result = what()
        if result:
            return result
        time.sleep(0.005)
    raise AssertionError(f"waited in vain for {getattr(what, '__name__', what)}")


class Process:
    """The agent in the background; its messages go to a file."""

    def __init__(self, arguments, log, environment, **more):
        self.log_path = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                arguments, stderr=out, env=environment, stdin=subprocess.DEVNULL, **more)

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def wait_for_log(self, text):
        def is_there():
            assert self.process.poll() is None or text in self.log(), (
                f"ended with {self.process.returncode} before it said {text!r}:\n{self.log()}")
            return text in self.log()
        wait_until(is_there)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self):
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


class Context:
    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.servers = []  # Popen objects of programs that are not ours
        self.under = UNDER
        self.environment = dict(
            os.environ,
            LD_BIND_NOW="1",  # else the binary starts itself again, out of valgrind's sight
            ROOKERY_PLUGIN_PATH=os.pathsep.join(
                [os.path.join(BUILD, "plugins"), os.path.join(BUILD, "tests", "plugins")]))
        self.environment.pop("JOURNAL_STREAM", None)
        self.environment.pop("NOTIFY_SOCKET", None)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def records(self, name):
        """The JSON lines of a file. Only while an agent runs may the last be in the making:
        a reader can see a part of a write. It is left out then."""
        runs = any(process.process.poll() is None for process in self.processes)
        with open(self.path(name), "rb") as file:
            complete, _, torn = file.read().rpartition(b"\n")
        assert runs or not torn, f"the last line of '{name}' is torn"
        return list(map(json.loads, complete.splitlines()))

    def config(self, collectors, sinks=None, agent="", journal=""):
        """Writes rookery.yaml; collectors and sinks are lists of YAML flow mappings."""
        if sinks is None:
            sinks = ["{ id: out, type: file, from: oldest, batch: { max_age: 0s }, "
                     f"options: {{ path: {self.path('out.ndjson')} }} }}"]
        lines = ["agent:", "  host: mx1", f"  state_dir: {self.path('state')}", agent]
        lines += ["journal: " + (journal or "{ sync: commit }")]
        lines += ["collectors:"] + [f"  - {entry}" for entry in collectors]
        lines += ["sinks:"] + [f"  - {entry}" for entry in sinks]
        return self.write("rookery.yaml", "\n".join(filter(None, lines)) + "\n")

    def command(self, *arguments):
        return [*self.under, os.path.join(BUILD, "rookery"), *arguments]

    def rookery(self, *arguments, **more):
        """Runs a command to its end; the result has returncode, stdout, stderr."""
        more.setdefault("env", self.environment)
        more.setdefault("text", True)
        return subprocess.run(self.command(*arguments), capture_output=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False, **more)

    def start(self, *arguments, log="agent.log", **more):
        more.setdefault("environment", self.environment)
        process = Process(self.command(*arguments), self.path(log), **more)
        self.processes.append(process)
        return process

    def run_agent(self, *arguments, **more):
        """Starts `run` with the configuration that config() wrote."""
        return self.start("run", "--config", self.path("rookery.yaml"), *arguments, **more)

    def run_once(self):
        return self.rookery("run", "--once", "--config", self.path("rookery.yaml"))

    def finish(self):
        for process in self.processes:
            if process.process.poll() is None:
                process.kill()
        for server in self.servers:
            server.kill()
            server.wait(PATIENCE)


def run_case(case):
    folder = tempfile.mkdtemp(prefix="rookery-e2e-")
    context = Context(folder)
    try:
        case(context)
        return True
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        for path in sorted({process.log_path for process in context.processes[-3:]}):
            if os.path.exists(path):
                with open(path, encoding="utf-8", errors="replace") as file:
                    sys.stderr.write(f"--- {path}\n{file.read()[-4000:]}\n")
        return False
    finally:
        context.finish()
        shutil.rmtree(folder, ignore_errors=True)


def main(module):
    cases = {name: what for name, what in vars(module).items()
             if inspect.isfunction(what) and getattr(what, "__module__", None) == module.__name__
             and what.__code__.co_varnames[:what.__code__.co_argcount] == ("c",)}
    wanted = sys.argv[1:] or list(cases)
    failed = [name for name in wanted if not run_case(cases[name])]
    for name in failed:
        print(f"failed: {name}")
    sys.exit(1 if failed else 0)
