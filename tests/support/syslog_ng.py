# SPDX-License-Identifier: Apache-2.0
"""A syslog-ng of the test's own on 127.0.0.1, out of packages that `dev` has unpacked beside
the build, since Debian's would remove rsyslog. What it parsed goes to a file as JSON lines."""

import glob
import json
import os
import re
import subprocess

import e2e
from rsyslog import Message, count_lines

APART = os.path.join(e2e.SOURCE, "build", "apart")

# Its own names for what the header has; fractions of seconds are dropped without a word
# where they are not asked for.
CONF = """@version: 3.38
options {{ frac-digits(6); keep-hostname(yes); use-dns(no); chain-hostnames(no);
           stats-freq(0); log-msg-size(65536); time-reopen(1); flush-lines(1); }};
source in {{ {source} }};
destination out {{ file("{out}" template("$(format-json --scope none
  pri=$PRI time=$ISODATE host=$HOST app=$PROGRAM msgid=$MSGID message=$MESSAGE
  --key .SDATA.*)\\n")); }};
log {{ source(in); destination(out); }};
"""


def environment():
    folders = [os.path.join(APART, "usr", "lib", "x86_64-linux-gnu"),
               os.path.join(APART, "usr", "lib", "syslog-ng")]
    return dict(os.environ, LD_LIBRARY_PATH=os.pathsep.join(folders))


class SyslogNg:
    """source: where it listens, as its configuration says that."""

    def __init__(self, c, source):
        self.c, self.folder, self.process = c, c.path("syslog-ng"), None
        os.makedirs(self.folder)
        self.out = c.path("syslog-ng.out")
        self.conf = c.write("syslog-ng.conf", CONF.format(source=source, out=self.out))

    def name(self):
        run = subprocess.run([os.path.join(APART, "usr", "sbin", "syslog-ng"), "--version"],
                             env=environment(), capture_output=True, text=True, check=True)
        return re.match(r"(syslog-ng) \d+ \(([\d.]+)\)", run.stdout).expand(r"\1 \2")

    def start(self, is_ready):
        (modules,) = glob.glob(os.path.join(APART, "usr", "lib", "syslog-ng", "3.*"))
        self.process = e2e.Process(
            [os.path.join(APART, "usr", "sbin", "syslog-ng"), "--foreground", "--no-caps",
             "--stderr", "--cfgfile", self.conf, "--module-path", modules,
             "--persist-file", os.path.join(self.folder, "persist"),
             "--pidfile", os.path.join(self.folder, "pid"),
             "--control", os.path.join(self.folder, "control")],
            self.c.path("syslog-ng.log"), environment())
        self.c.processes.append(self.process)

        def runs():
            assert self.process.process.poll() is None, self.process.log()
            return is_ready()
        e2e.wait_until(runs)
        return self

    def wait_for(self, n):
        def are_there():
            return os.path.exists(self.out) and count_lines(self.out) >= n
        e2e.wait_until(are_there)
        with open(self.out, encoding="utf-8") as file:
            return [message_of(json.loads(line)) for line in file]


def stamp(text):
    """2025-11-21T00:00:00.500000+00:00 as we write it: with 0, 3, 6 or 9 digits, and Z."""
    seconds, _, rest = text.partition(".")
    fraction, zone = rest[:6], rest[6:]
    assert zone == "+00:00", text
    while fraction.endswith("000"):
        fraction = fraction[:-3]
    return seconds + ("." + fraction if fraction else "") + "Z"


def message_of(found):
    """Names of the structured data come as objects, nested at dots."""
    ((name, pairs),) = found.pop("_SDATA").items()
    found["time"] = stamp(found["time"])
    return Message(found, name, pairs.items())
