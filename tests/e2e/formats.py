#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every format as readers understand it that are not ours: the same random records go out
in each format and as lines of ndjson, and what was read must say what the lines say."""

import csv
import io
import json
import os
import re
import struct
import subprocess
import sys
import urllib.parse
import uuid
from decimal import Decimal

import jsonschema
from google.protobuf import json_format

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
import servers  # noqa: E402
from figures import compare, module, version  # noqa: E402
from servers import bits  # noqa: E402
from times import nanoseconds  # noqa: E402

SPECS = os.path.join(e2e.SOURCE, "tests", "specs")
SEEDS = range(1, e2e.times("ROOKERY_SEEDS", 20, 2) + 1)
N = 400


def body(name, kinds, seed, n=N, **options):
    program = os.path.join(e2e.BUILD, "tests", "support", "encode")
    pairs = [text for pair in options.items() for text in pair]
    return subprocess.run([*e2e.UNDER, program, "body", name, kinds, str(n), str(seed), *pairs],
                          capture_output=True, check=True, timeout=e2e.PATIENCE).stdout


def parsed(text):
    """JSON with numbers as they are written."""
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)


def truth(kinds, seed, n=N):
    """The records as ndjson has them; docs/DATA-MODEL.md is what they mean."""
    lines = body("ndjson", kinds, seed, n).decode("utf-8").split("\n")
    assert lines.pop() == "" and len(lines) == n
    return [parsed(line) for line in lines]


# ---- JSON --------------------------------------------------------------------

def an_array_holds_what_the_lines_hold(c):
    for seed in SEEDS:
        compare("json", "python json", parsed(body("json", "all", seed)), truth("all", seed))
    assert parsed(body("json", "all", 1, 0)) == []


def cloudevents_are_valid_and_carry_the_lines(c):
    with open(os.path.join(SPECS, "cloudevents", "cloudevents.schema.json"),
              encoding="utf-8") as file:
        valid = jsonschema.Draft7Validator(json.load(file))
    for seed in SEEDS:
        read = parsed(body("cloudevents", "all", seed))
        lines = truth("all", seed)
        compare("cloudevents", "jsonschema, the schema of CloudEvents",
                [event["data"] for event in read], lines)
        for event, line in zip(read, lines):
            valid.validate(event)
            assert event["specversion"] == "1.0"
            assert event["datacontenttype"] == "application/json"
            assert event["id"] == f"{line['id']}.{nanoseconds(line['observed'])}"
            assert event["time"] == line["time"]
            assert urllib.parse.urlsplit(event["source"]).path == event["source"]
            if "metric" in line:
                assert (event["type"], event["subject"]) == ("rookery.sample", line["metric"])
            else:
                assert event["type"] == "rookery.event." + line["event"]
                assert event.get("subject") == line.get("key")
        assert len({(event["source"], event["id"]) for event in read}) == len(read)


def node(content, *arguments):
    """What a package of npm reads out of a message."""
    return parsed(subprocess.run(
        ["node", os.path.join(e2e.SOURCE, "tests", "npm", "read.js"),
         os.path.join(e2e.SOURCE, "build", "npm"), *arguments], input=content,
        capture_output=True, check=True, timeout=e2e.PATIENCE).stdout)


def as_sdk_reads(event):
    """It cuts times and rounds numbers; the raw JSON has both in full."""
    return dict(event, time=nanoseconds(event["time"]) // 10**6,
                data=dict(event["data"], value=None))


def cloudevents_are_taken_by_the_official_sdk_in_both_modes(c):
    for seed in list(SEEDS)[:3]:
        content = body("cloudevents", "all", seed)
        raw = parsed(content)
        read = node(content, "cloudevents", "application/cloudevents-batch+json; charset=utf-8")
        one = body("cloudevents", "all", seed, 1, mode="structured",
                   source="https://example.org/x")
        first = parsed(one)
        assert first.pop("source") == "https://example.org/x" + raw[0]["source"]
        assert first == {name: text for name, text in raw[0].items() if name != "source"}
        read += node(one, "cloudevents", "application/cloudevents+json; charset=utf-8")
        raw.append(parsed(one))
        compare("cloudevents", module("cloudevents"), map(as_sdk_reads, read),
                map(as_sdk_reads, raw))


def json_is_valid_to_a_second_reader(c):
    """jq is strict, and reads all texts to the same characters."""
    formats = {"ndjson": ".", "json": ".[]", "cloudevents": ".[].data", "clickhouse": ".",
               "elasticsearch": "select(.time)", "posthog": ".batch[].properties"}
    for seed in list(SEEDS)[:5]:
        expected = [dict(line, value=None) for line in truth("all", seed)]
        for name, path in formats.items():
            content = body(name, "all", seed)
            assert not re.search(b"[\x00-\x09\x0b-\x1f\x7f]", content), name
            run = subprocess.run(["jq", "-c", path], input=content, capture_output=True,
                                 check=True, timeout=e2e.PATIENCE)
            read = [dict(json.loads(line), value=None)
                    for line in run.stdout.decode("utf-8").split("\n") if line]
            for line in read:
                for added in ("exact", "$process_person_profile"):
                    line.pop(added, None)
            if name == "clickhouse":
                for line, should_be in zip(read, expected):
                    for at in ("time", "start", "observed"):
                        if at in should_be:
                            line[at] = should_be[at]
            compare(name, version("jq"), read, expected)


def posthog_events_carry_the_lines(c):
    for seed in SEEDS:
        read = parsed(body("posthog", "all", seed, api_key="phc \"x\"", distinct_id="us"))
        assert read.pop("api_key") == "phc \"x\""
        events = read.pop("batch")
        assert not read and len(events) == N
        for event, line in zip(events, truth("all", seed)):
            assert event["properties"].pop("$process_person_profile") is False
            assert event["event"] == (line.get("metric") or line["event"])
            assert event["timestamp"] == line["time"] and event["distinct_id"] == "us"
            made = uuid.UUID(event["uuid"])
            assert str(made) == event["uuid"]
            assert (made.version, made.variant) == (8, uuid.RFC_4122), made
            # 122 bits of the id, where they were.
            bits_kept = (1 << 128) - 1 - (0xf << 76) - (3 << 62)
            assert made.int & bits_kept == int(line["id"], 16) & bits_kept
        assert len({event["uuid"] for event in events}) == N
        compare("posthog", "python json", [event["properties"] for event in events],
                truth("all", seed))


def clickhouse_columns():
    """Names of columns and their types, as the table's file declares them."""
    with open(os.path.join(e2e.SOURCE, "packaging", "stores", "clickhouse.sql"),
              encoding="utf-8") as file:
        return dict(re.findall(r"^    ([a-z_]+) +((?:[A-Z]\w+)(?:\([^ ]*(?: [^ ]+\))?)?)",
                               file.read(), re.M))


def rows_of_clickhouse_have_the_columns_of_its_table(c):
    columns = clickhouse_columns()
    for seed in SEEDS:
        rows = list(map(parsed, body("clickhouse", "all", seed).splitlines()))
        lines = truth("all", seed)
        for row, line in zip(rows, lines):
            assert set(row) <= set(columns), set(row) - set(columns)
            for name in ("time", "start", "observed"):
                assert (name in row) == (name in line)
                if name in row:
                    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?", row[name])
                    assert columns[name].removeprefix("Nullable(").startswith("DateTime64(9")
                    assert nanoseconds(row.pop(name)) == nanoseconds(line.pop(name))
            exact = row.pop("exact", None)
            assert exact is None or Decimal(exact).as_tuple() == line["value"].as_tuple()
            if exact:
                # Decimal(38, 18): 20 digits in front of the point are enough for all.
                assert -Decimal(exact).as_tuple().exponent <= 18 and abs(Decimal(exact)) < 10**20
        compare("clickhouse", "python json, the table's columns", rows, lines)


def bulk_requests_have_the_id_and_the_version_in_front(c):
    with open(os.path.join(e2e.SOURCE, "packaging", "stores", "elasticsearch.json"),
              encoding="utf-8") as file:
        mapped = json.load(file)["template"]["mappings"]["properties"]
    for seed in SEEDS:
        lines = [parsed(line) for line in body("elasticsearch", "all", seed).splitlines()]
        expected = truth("all", seed)
        compare("elasticsearch", "python json, the index template's fields", lines[1::2], expected)
        for action, line in zip(lines[::2], expected):
            assert action == {"index": {"_id": line["id"], "version_type": "external_gte",
                                        "version": nanoseconds(line["observed"])}}
            assert set(line) <= set(mapped), set(line) - set(mapped)


def columns_of_csv_hold_what_the_lines_hold(c):
    for seed in SEEDS:
        text = body("csv", "all", seed).decode("utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        found = []
        for row in rows:
            assert row.pop("record") == ("sample" if row["metric"] else "event")
            row["event"] = row.pop("type")
            read = {name: text for name, text in row.items() if text != ""}
            for name in ("labels", "details"):
                if name in read:
                    read[name] = json.loads(read[name])
            for name in ("provisional", "follow_up"):
                if name in read:
                    read[name] = read[name] == "true"
            if "value" in read:
                read["value"] = Decimal(read["value"])
            read.setdefault("labels", {})
            found.append(read)
        compare("csv", "python csv", found, truth("all", seed))


def columns_of_csv_are_the_same_to_sqlite(c):
    """A reader of another family, which has no opinion about what stands in a field."""
    for seed in list(SEEDS)[:5]:
        text = body("csv", "all", seed)
        path = os.path.join(c.folder, f"{seed}.csv")
        with open(path, "wb") as file:
            file.write(text)
        run = subprocess.run(
            ["sqlite3", ":memory:", "-cmd", ".mode csv", "-cmd", f".import {path} r",
             "-cmd", ".mode json", "select * from r"],
            capture_output=True, check=True, timeout=e2e.PATIENCE)
        rows = list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline=""), strict=True))
        assert run.stderr == b"", run.stderr
        compare("csv", version("sqlite3"), json.loads(run.stdout), rows)


# ---- InfluxDB ----------------------------------------------------------------

OURS = {"action", "collector", "confidence", "details", "follow_up", "host", "insight", "key",
        "kind", "phase", "plugin", "provisional", "severity", "start", "tenant", "time", "type",
        "unit", "value"}


def flat(line, more):
    """Labels beside collector, host, plugin, tenant and what else the format has there."""
    tags = {}
    for name, value in sorted(line["labels"].items()):
        tags.setdefault("label." + name if name in OURS else name, value)
    tags.update({name: line[name] for name in ("collector", "host", "plugin", "tenant", *more)
                 if name in line})
    return tags


def influx_point(line):
    """Measurement, tags, time and fields of a line."""
    def tag(text):
        text = text.replace("\n", "\\n").replace("\r", "\\r")
        return text + "_" if text.endswith("\\") else text

    if "metric" in line:
        name, tags = line["metric"], flat(line, ("kind", "unit"))
        fields = {"value": bits(float(line["value"])), "confidence": line["confidence"],
                  "provisional": line.get("provisional", False)}
    else:
        tags = flat(line, ("key", "phase"))
        name, tags["type"] = "rookery.event", line["event"]
        fields = {"severity": line["severity"], "follow_up": line.get("follow_up", False),
                  "insight": line["insight"], "action": line.get("action", ""),
                  "details": line.get("details", {})}
    if "start" in line:
        fields["start"] = nanoseconds(line["start"])
    tags = tuple(sorted((tag(key), tag(value)) for key, value in tags.items() if value))
    return name, tags, nanoseconds(line["time"]), fields


def influxdb_gives_back_every_point_to_the_bit(c):
    server = servers.Influx(c).start()
    for seed in SEEDS:
        server.ask("DROP DATABASE r")
        server.ask("CREATE DATABASE r")
        lines = body("influx", "all", seed)
        server.write(lines)
        # A batch that is sent again doubles nothing.
        server.write(lines)
        def order(point):
            return point[2]
        compare("influx", server.name(), sorted(server.points(), key=order),
                sorted(map(influx_point, truth("all", seed)), key=order))


# ---- Protocol Buffers ----------------------------------------------------------

def messages(c, folder, *files):
    """The modules that protoc makes of .proto files."""
    subprocess.run(["protoc", f"-I{folder}", f"--python_out={c.folder}", *files], check=True,
                   cwd=folder)
    sys.path.insert(0, c.folder)
    return [__import__(file.removesuffix(".proto").replace("/", ".") + "_pb2", fromlist=["*"])
            for file in files]


def otlp_requests(context):
    folder = os.path.join(SPECS, "otel")
    base = "opentelemetry/proto"
    modules = messages(context, folder, f"{base}/collector/metrics/v1/metrics_service.proto",
                       f"{base}/collector/logs/v1/logs_service.proto",
                       f"{base}/metrics/v1/metrics.proto", f"{base}/logs/v1/logs.proto",
                       f"{base}/common/v1/common.proto", f"{base}/resource/v1/resource.proto")
    return modules[0].ExportMetricsServiceRequest, modules[1].ExportLogsServiceRequest


def value_of(value):
    kind = value.WhichOneof("value")
    if kind == "kvlist_value":
        return attributes(value.kvlist_value.values)
    return getattr(value, kind)


def attributes(pairs):
    found = {pair.key: value_of(pair.value) for pair in pairs}
    assert len(found) == len(pairs), "a name occurs twice"
    return found


def origin_of(group, scope):
    resource = attributes(group.resource.attributes)
    assert resource.pop("service.name") == "rookery"
    found = {"host": resource.pop("host.name"), "collector": resource.pop("rookery.collector"),
             "plugin": scope.scope.name}
    assert not resource
    return found


def number_of(point):
    kind = point.WhichOneof("value")
    return kind, getattr(point, kind) if kind == "as_int" else bits(point.as_double)


def sample_of(metric, point, origin):
    found = attributes(point.attributes)
    data = metric.WhichOneof("data")
    if data == "gauge":
        kind = "gauge"
    else:
        kind = {1: "delta", 2: "cumulative"}[metric.sum.aggregation_temporality]
        assert metric.sum.is_monotonic == (metric.unit != "{currency}")
    (exemplar,) = point.exemplars
    assert number_of(exemplar) == number_of(point)
    more = attributes(exemplar.filtered_attributes)
    declared = found.pop("rookery.confidence")
    read = dict(origin, metric=metric.name, unit=metric.unit, kind=kind,
                time=point.time_unix_nano, observed=exemplar.time_unix_nano,
                value=number_of(point), id=more.pop("rookery.id"),
                confidence=more.pop("rookery.confidence", declared))
    if point.start_time_unix_nano:
        read["start"] = point.start_time_unix_nano
    if more.pop("rookery.provisional", False):
        read["provisional"] = True
    if "rookery.tenant" in found:
        read["tenant"] = found.pop("rookery.tenant")
    assert not more
    return dict(read, labels=found)


def samples_of(request):
    for group in request.resource_metrics:
        for scope in group.scope_metrics:
            for metric in scope.metrics:
                for point in getattr(metric, metric.WhichOneof("data")).data_points:
                    yield sample_of(metric, point, origin_of(group, scope))


def event_of(log, origin):
    found = attributes(log.attributes)
    read = dict(origin, event=log.event_name, time=log.time_unix_nano,
                observed=log.observed_time_unix_nano, severity=log.severity_text,
                insight=log.body.string_value)
    assert {"low": 9, "medium": 13, "high": 17}[log.severity_text] == log.severity_number
    for name in ("id", "key", "phase", "action", "tenant", "follow_up", "start", "details"):
        if "rookery." + name in found:
            read[name] = found.pop("rookery." + name)
    return dict(read, labels=found)


def events_of(request):
    for group in request.resource_logs:
        for scope in group.scope_logs:
            for log in scope.log_records:
                yield event_of(log, origin_of(group, scope))


def expected_of_otlp(line):
    line = dict(line)
    for name in ("time", "start", "observed"):
        if name in line:
            line[name] = nanoseconds(line[name])
    return line


def compare_otlp(read, lines):
    for form in ("otlp_protobuf", "otlp_json"):  # the same message, as was seen
        compare(form, version("python3-protobuf"), read, lines)


def compare_samples(read, lines):
    lines = [expected_of_otlp(line) for line in lines]
    for is_so, should_be in zip(read, lines):
        kind, value = is_so.pop("value")
        number = should_be.pop("value")
        if kind == "as_int":
            assert value == number and should_be["unit"] != "{currency}"
        else:
            assert value == bits(float(number)), (value, number)
    compare_otlp(read, lines)


def decoded_by_protoc(kind, content):
    """The text that protoc makes of a message; it fails on what is none."""
    folder = os.path.join(SPECS, "otel")
    name = f"opentelemetry.proto.collector.{kind}.v1.Export{kind.capitalize()}ServiceRequest"
    run = subprocess.run(["protoc", f"-I{folder}", f"--decode={name}",
                          f"opentelemetry/proto/collector/{kind}/v1/{kind}_service.proto"],
                         cwd=folder, input=content, capture_output=True, check=True)
    return run.stdout.decode("utf-8")


def as_doubles(tree):
    """With doubles as they are to a reader that has nothing else."""
    if isinstance(tree, dict):
        return {name: as_doubles(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [as_doubles(item) for item in tree]
    return float(tree) if isinstance(tree, Decimal) else tree


def records_below(tree):
    """The points and log records of a request, wherever they are nested."""
    if isinstance(tree, dict):
        for name, below in tree.items():
            yield from below if name in ("dataPoints", "logRecords") else records_below(below)
    elif isinstance(tree, list):
        for below in tree:
            yield from records_below(below)


def otlp_is_read_by_protobufjs_as_its_json_says(c):
    for seed in list(SEEDS)[:3]:
        for kind, kinds in (("metrics", "samples"), ("logs", "events")):
            message = (f"opentelemetry.proto.collector.{kind}.v1."
                       f"Export{kind.capitalize()}ServiceRequest")
            read = node(body("otlp_protobuf", kinds, seed), "otlp",
                        os.path.join(SPECS, "otel"), message)
            expected = as_doubles(parsed(body("otlp_json", kinds, seed)))
            assert as_doubles(read) == expected
            compare("otlp_protobuf", module("protobufjs"), records_below(as_doubles(read)),
                    records_below(expected))


def otlp_tells_samples_in_both_forms(c):
    metrics, _ = otlp_requests(c)
    for seed in SEEDS:
        content = body("otlp_protobuf", "samples", seed)
        request = metrics.FromString(content)
        # As short as the library's own: no field is written twice or with waste.
        assert len(content) == request.ByteSize()
        # Strict: a name that is unknown or a number that does not fit is an error.
        same = json_format.Parse(body("otlp_json", "samples", seed), metrics())
        assert request == same
        compare_samples(list(samples_of(request)), truth("samples", seed))
        text = decoded_by_protoc("metrics", content)
        assert text.count("data_points {") == N
        assert not re.search(r"^ *\d+: ", text, re.M), "a field that is unknown"


def otlp_tells_events_in_both_forms(c):
    _, logs = otlp_requests(c)
    for seed in SEEDS:
        content = body("otlp_protobuf", "events", seed)
        request = logs.FromString(content)
        assert len(content) == request.ByteSize()
        same = json_format.Parse(body("otlp_json", "events", seed), logs())
        assert request == same
        compare_otlp(list(events_of(request)), list(map(expected_of_otlp, truth("events", seed))))
        text = decoded_by_protoc("logs", content)
        assert text.count("log_records {") == N
        assert not re.search(r"^ *\d+: ", text, re.M), "a field that is unknown"


def otlp_of_nothing_is_an_empty_request(c):
    metrics, _ = otlp_requests(c)
    assert body("otlp_protobuf", "samples", 1, 0) == b""
    assert json_format.Parse(body("otlp_json", "samples", 1, 0), metrics()) == metrics()


# ---- remote write --------------------------------------------------------------

def varint(content, at):
    value = shift = 0
    while True:
        value |= (content[at] & 0x7f) << shift
        shift += 7
        at += 1
        if content[at - 1] < 0x80:
            return value, at


def unsnapped(content):
    """https://github.com/google/snappy/blob/main/format_description.txt"""
    size, at = varint(content, 0)
    out = bytearray()
    while at < len(content):
        tag = content[at]
        at += 1
        if tag & 3 == 0:
            n = tag >> 2
            if n >= 60:
                extra = n - 59
                n = int.from_bytes(content[at:at + extra], "little")
                at += extra
            assert at + n + 1 <= len(content)
            out += content[at:at + n + 1]
            at += n + 1
            continue
        if tag & 3 == 1:
            n, offset = (tag >> 2 & 7) + 4, tag >> 5 << 8 | content[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            n, offset = (tag >> 2) + 1, int.from_bytes(content[at:at + width], "little")
            at += width
        assert 0 < offset <= len(out)
        for _ in range(n):
            out.append(out[-offset])
    assert len(out) == size
    return bytes(out)


def series_of_remote_write(line):
    def legal(name):
        name = re.sub(r"[^a-zA-Z0-9]", "_", name)
        return "_" + name if name[0].isdigit() else name

    labels = {}
    for name, value in sorted(flat(line, ("confidence", "kind", "unit")).items()):
        name = legal(name)
        labels[name] = f"{labels[name]};{value}" if name in labels else value
    labels["__name__"] = legal(line["metric"])
    return sorted(labels.items())


def remote_write_is_read_with_samples_alone(c):
    (module,) = messages(c, os.path.join(SPECS, "prometheus"), "remote_write.proto")
    for seed in SEEDS:
        content = unsnapped(body("prometheus_remote_write", "all", seed))
        request = module.WriteRequest.FromString(content)
        # As short as the library's own, which leaves zeros out.
        zeros = sum(series.samples[0].value == 0 for series in request.timeseries)
        assert len(content) - zeros * 9 == request.ByteSize()
        lines = [line for line in truth("all", seed) if "metric" in line]
        assert 0 < len(lines) < N
        # A series bears the confidence that its metric declares; this is what the
        # samples say who do not say it otherwise.
        declared = {}
        for line in lines:
            key = json.dumps([line["metric"], line["labels"], line["collector"]])
            declared.setdefault(key, set()).add(line["confidence"])
        read, expected = [], []
        for series, line in zip(request.timeseries, lines):
            labels = [(label.name, label.value) for label in series.labels]
            assert labels == sorted(labels) and len(dict(labels)) == len(labels)
            assert all(re.fullmatch("[a-zA-Z_][a-zA-Z0-9_]*", name) for name, _ in labels)
            (sample,) = series.samples
            confidence = dict(labels)["confidence"]
            key = json.dumps([line["metric"], line["labels"], line["collector"]])
            assert confidence in declared[key] or declared[key] == {"directional"}
            read.append((labels, bits(sample.value), sample.timestamp))
            expected.append((series_of_remote_write(dict(line, confidence=confidence)),
                             bits(float(line["value"])),
                             nanoseconds(line["time"]) // 10**6))
        assert len(request.timeseries) == len(lines)
        compare("prometheus_remote_write", version("python3-protobuf"), read, expected)


def snapped(content):
    """A snappy block of one literal."""
    size = bytearray()
    n = len(content)
    while n >= 0x80:
        size.append(n & 0x7f | 0x80)
        n >>= 7
    size.append(n)
    return bytes(size) + bytes([61 << 2]) + struct.pack("<H", len(content) - 1) + content


def sample_of_store(line):
    """What a store of remote write has of a line. remote_write_is_read_with_samples_alone
    looks at the confidence."""
    labels = series_of_remote_write(dict(line, confidence=""))
    return tuple(labels), float(line["value"]), nanoseconds(line["time"]) // 10**6


def samples_of_store(server, end=None):
    """Its samples, in order of time."""
    samples = [(tuple(sorted(dict(labels, confidence="").items())), value, at)
               for labels, value, at in server.samples(end)]
    return sorted(samples, key=lambda sample: sample[2])


def to_the_bit(samples):
    return [(labels, bits(value), at) for labels, value, at in samples]


def prometheus_gives_back_every_sample_to_the_bit(c):
    (module,) = messages(c, os.path.join(SPECS, "prometheus"), "remote_write.proto")
    for seed in list(SEEDS)[:5]:
        server = servers.Prometheus(c, f"tsdb{seed}").start()
        content = body("prometheus_remote_write", "all", seed)
        assert server.write(content) == (204, "")
        lines = [line for line in truth("all", seed) if "metric" in line]
        end = nanoseconds(lines[-1]["time"]) // 10**9 + 1
        compare("prometheus_remote_write", server.name(),
                to_the_bit(samples_of_store(server, end)),
                to_the_bit(map(sample_of_store, lines)))

        # What docs/FORMATS.md says of a batch that is sent again, and of a restated value.
        status, why = server.write(content)
        assert status == 400 and "out of order" in why, (status, why)
        request = module.WriteRequest.FromString(unsnapped(content))
        last = module.WriteRequest(timeseries=request.timeseries[-1:])
        assert server.write(snapped(last.SerializeToString())) == (204, "")
        last.timeseries[0].samples[0].value = 12345.5
        status, why = server.write(snapped(last.SerializeToString()))
        assert status == 400 and "duplicate sample" in why, (status, why)
        assert len(samples_of_store(server, end)) == len(lines)
        server.process.kill()


# ---- VictoriaMetrics -----------------------------------------------------------


def near(read, expected):
    """What was read, with the value that it should have where it is as near to that as a
    store of decimals can be: it keeps all values of a series under one exponent."""
    largest = {}
    for labels, value, _ in expected:
        largest[labels] = max(largest.get(labels, 0.0), abs(value))
    for (labels, value, at), (_, wanted, _) in zip(read, expected):
        is_near = abs(value - wanted) <= 1e-9 * largest.get(labels, 0.0)
        yield labels, wanted if is_near else value, at


def victoriametrics_gives_back_every_sample_of_remote_write(c):
    server = servers.VictoriaMetrics(c)
    for seed in list(SEEDS)[:5]:
        server.start_empty()
        content = body("prometheus_remote_write", "all", seed)
        assert server.write(content) == (204, "")
        # One that is sent again doubles nothing.
        assert server.write(content) == (204, "")
        expected = [sample_of_store(line) for line in truth("all", seed) if "metric" in line]
        compare("prometheus_remote_write", server.name(),
                near(samples_of_store(server), expected), expected)


def point_of_store(line):
    """What becomes of a sample's field `value`."""
    name, tags, at, fields = influx_point(line)
    labels = sorted([*tags, ("__name__", name + "_value"), ("confidence", "")])
    return tuple(labels), *struct.unpack("<d", fields["value"]), at // 10**6


def victoriametrics_gives_back_every_value_of_line_protocol(c):
    """But for texts that its parser takes for something else than InfluxDB's does: those with
    a backslash before what is escaped."""
    server = servers.VictoriaMetrics(c)

    for seed in list(SEEDS)[:5]:
        server.start_empty()
        lines = body("influx", "samples", seed)
        for _ in range(2):
            assert servers.post(server.influx_url(), lines) == (204, "")
        expected = list(map(point_of_store, truth("samples", seed)))
        strange = {dict(labels)["a.number"] for labels, _, _ in expected
                   if any(re.search(r"\\[ ,=\\]", text) for _, text in labels)}
        expected = [sample for sample in expected if dict(sample[0])["a.number"] not in strange]
        read = [sample for sample in samples_of_store(server)
                if dict(sample[0])["__name__"].endswith("_value")
                and dict(sample[0])["a.number"] not in strange]
        assert len(expected) > N / 4
        compare("influx", server.name() + ", no escaped backslashes",
                near(read, expected), expected)


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
