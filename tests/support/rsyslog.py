# SPDX-License-Identifier: Apache-2.0
"""A real rsyslogd of the test's own on 127.0.0.1. What it parsed is written to a file as
JSON lines, one property each."""

import json
import os
import re
import socket

import e2e
import figures

RSYSLOGD = "/usr/sbin/rsyslogd"


HEAD = """global(workDirectory="{folder}" maxMessageSize="64k"
       parser.escapeControlCharactersOnReceive="off" {tls})
{modules}
template(name="all" type="list" option.jsonf="on") {{
  property(outname="pri" name="pri" format="jsonf")
  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="app" name="app-name" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}}
ruleset(name="in" queue.type="direct") {{
  action(type="omfile" file="{out}" template="all" asyncWriting="off" flushOnTXEnd="on")
}}
"""


class Rsyslog:
    """inputs: lines of its configuration, whose ruleset is "in"."""

    def __init__(self, c, modules, inputs, tls=""):
        self.c, self.folder, self.process = c, c.path("rsyslog"), None
        os.makedirs(self.folder)
        self.out = c.path("rsyslog.out")
        modules = "\n".join(f'module(load="{name}"{more})' for name, more in modules)
        text = HEAD.format(folder=self.folder, out=self.out, tls=tls, modules=modules)
        self.conf = c.write("rsyslog.conf", text + inputs + "\n")

    def name(self):
        return figures.version("rsyslog")

    def start(self, is_ready):
        self.process = e2e.Process(
            [RSYSLOGD, "-n", "-f", self.conf, "-i", os.path.join(self.folder, "pid")],
            self.c.path("rsyslog.log"), dict(os.environ))
        self.c.processes.append(self.process)
        e2e.wait_until(is_ready)
        return self

    def messages(self):
        if not os.path.exists(self.out):
            return []
        with open(self.out, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        return [message_of(json.loads(line)) for line in text.split("\n")[:-1]]

    def count(self):
        return count_lines(self.out) if os.path.exists(self.out) else 0

    def wait_for(self, n):
        e2e.wait_until(lambda: self.count() >= n)
        return self.messages()


def count_lines(path):
    with open(path, "rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def listens(port):
    def is_ready():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0
    return is_ready


def listens_udp(port):
    def is_ready():
        with open("/proc/net/udp", encoding="ascii") as file:
            return f"0100007F:{port:04X}" in file.read()
    return is_ready


def message_of(found):
    return Message(found, *read_data(found.pop("data")))


PARAMETER = re.compile(r' ([!-~]+?)="((?:[^"\\\]]|\\.)*)"')


def read_data(data):
    """The name of structured data, and its parameters."""
    name, _, rest = data[1:-1].partition(" ")
    found = PARAMETER.findall(" " + rest)
    assert "".join(f' {name}="{value}"' for name, value in found) == " " + rest, data
    return name, [(name, re.sub(r'\\(["\\\]])', r"\1", value)) for name, value in found]


def clean(texts):
    """What the structured data has of texts: blanks for control characters."""
    return {name: re.sub("[\x00-\x1f\x7f]", " ", text) for name, text in texts.items()}


class Message:
    """A message as a receiver parsed it: pri, time, host, app, msgid, message, and its
    structured data; parameters and labels as FORMATS.md says how to read them back."""

    def __init__(self, properties, name, pairs):
        self.__dict__.update(properties)
        self.message = self.message.lstrip(" ")
        self.id = name
        self.parameters, self.labels, self.details = {}, {}, {}
        for name, value in pairs:
            self.add(name, value)

    def add(self, name, value):
        assert len(name) <= 32 and "." not in name, name
        kind, dash, rest = name.partition("-")
        if not dash:
            to, key = self.parameters, name
        else:
            to = {"l": self.labels, "d": self.details}[kind]
            key = rest.replace("-", ".")
            if rest.isdigit():
                key, _, value = value.partition("=")
        assert key not in to, name
        to[key] = value

    def record(self):
        """With numbers as they are written."""
        return json.loads(self.message, parse_int=str, parse_float=str)

    def check(self):
        """That the structured data says what the JSON says, field by field."""
        record = self.record()
        labels, details = record.pop("labels"), record.pop("details", {})
        assert (self.labels, self.details) == (clean(labels), clean(details)), vars(self)
        time = record.pop("time")
        assert self.parameters.pop("time", self.time) == time, (self.time, time)
        said = {name: "true" if value is True else str(value) for name, value in record.items()}
        assert self.parameters == clean(said), (self.parameters, said)
        return record
