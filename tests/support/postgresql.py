# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of the test's own, in its folder and on 127.0.0.1, and rsyslogd in front of
it with the recipe of packaging/stores: its files as they are, but for ports and where the
driver lies."""

import glob
import json
import os
import pwd
import signal
import socket
import subprocess

import e2e
from ports import free_port
from rsyslog import RSYSLOGD, listens
from syslog_ng import APART

STORES = os.path.join(e2e.SOURCE, "packaging", "stores")
DRIVER = os.path.join(APART, "usr", "lib", "x86_64-linux-gnu", "rsyslog", "ompgsql.so")

# For bytes that no agent of ours sends, as they are.
PLAIN = """
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="{port}" ruleset="rookery")
"""


def newest():
    return max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))


class Postgresql:
    """It refuses root, so it runs as the user that its package makes then."""

    def __init__(self, c):
        self.c, self.port, self.process = c, free_port(), None
        self.data = c.path("postgresql")
        os.mkdir(self.data, 0o700)
        self.user = {}
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chmod(c.folder, 0o711)
            os.chown(self.data, owner.pw_uid, owner.pw_gid)
            self.user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        subprocess.run([os.path.join(newest(), "initdb"), "--pgdata", self.data, "--auth=trust",
                        "--username=rookery", "--encoding=UTF8", "--no-locale", "--no-sync"],
                       check=True, capture_output=True, cwd=self.data, **self.user)

    def start(self):
        self.process = e2e.Process(
            [os.path.join(newest(), "postgres"), "-D", self.data, "-p", str(self.port),
             "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
             "-c", "fsync=off"], self.c.path("postgresql.log"), dict(os.environ),
            cwd=self.data, **self.user)
        self.c.processes.append(self.process)
        e2e.wait_until(lambda: self.run("-c", "select 1", database="postgres",
                                        check=False).returncode == 0)
        return self

    def crash(self):
        """All of its processes end at once, without a word to the disk."""
        self.process.process.send_signal(signal.SIGQUIT)
        self.process.process.wait(e2e.PATIENCE)

    def run(self, *arguments, database="rookery", check=True):
        return subprocess.run(
            [os.path.join(newest(), "psql"), "--no-psqlrc", "-h", "127.0.0.1", "-p",
             str(self.port), "-U", "rookery", "-d", database, "-At", "-v", "ON_ERROR_STOP=1",
             *arguments], capture_output=True, text=True, check=check, timeout=e2e.PATIENCE)

    def rows(self, query):
        """Each as an object, with numbers as they are written."""
        result = self.run("-c", f"select row_to_json(row) from ({query}) row")
        return [json.loads(line, parse_int=str, parse_float=str)
                for line in result.stdout.split("\n")[:-1]]


def recipe(replaced):
    with open(os.path.join(STORES, "postgresql.rsyslog.conf"), encoding="utf-8") as file:
        text = file.read()
    for part, instead in replaced.items():
        assert text.count(part) == 1, part
        text = text.replace(part, instead)
    return text


class Rows:
    """PostgreSQL with the table, and rsyslogd in front of it."""

    def __init__(self, c):
        self.relp, self.plain = free_port(), free_port()
        self.database = Postgresql(c).start()
        self.database.run("-c", "create database rookery", database="postgres")
        self.database.run("-f", os.path.join(STORES, "postgresql.sql"))
        conf = c.write("rsyslog.conf", f'global(workDirectory="{c.folder}")\n' + recipe({
            'load="ompgsql"': f'load="{DRIVER}"', 'port="2514" ': f'port="{self.relp}" ',
            'port="5432"': f'port="{self.database.port}"'}) + PLAIN.format(port=self.plain))
        rsyslog = e2e.Process([RSYSLOGD, "-n", "-f", conf, "-i", c.path("rsyslog.pid")],
                              c.path("rsyslog.log"), dict(os.environ))
        c.processes.append(rsyslog)
        e2e.wait_until(listens(self.relp))
        e2e.wait_until(listens(self.plain))

    def send(self, content):
        with socket.create_connection(("127.0.0.1", self.plain)) as connection:
            connection.sendall(content)

    def all(self):
        return self.database.rows("select * from rookery")

    def count(self):
        result = self.database.run("-c", "select count(*) from rookery", check=False)
        return int(result.stdout) if result.returncode == 0 else -1
