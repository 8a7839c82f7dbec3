#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The http sink against a receiver of the test's own: what each answer means, that ids
name one content, and that nothing is lost or doubled on the way."""

import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402


def sink(receiver, options="", more=""):
    return ("{ id: out, type: http, from: oldest, batch: { max_age: 0s }, "
            f"retry: {{ first: 10ms, most: 50ms }}, {more} "
            f"options: {{ url: \"{receiver.url()}\", {options} }} }}")


def generator(samples=1000, interval="10s"):
    return (f"{{ id: gen, plugin: generator, interval: {interval}, "
            f"options: {{ samples: {samples}, series: 50, part: 500 }} }}")


def run_once(c, receiver, samples=1000, options="", more=""):
    c.config([generator(samples)], sinks=[sink(receiver, options, more)])
    result = c.run_once()
    assert not receiver.faults, receiver.faults
    return result


def check(receiver, n):
    assert receiver.values() == list(range(n)), (len(receiver.values()), n)
    assert not receiver.faults, receiver.faults


def batches_are_posted_and_acknowledged(c):
    receiver = Receiver()
    result = run_once(c, receiver, options="headers: { X-Team: mail }")
    assert result.returncode == 0, result.stderr
    check(receiver, 1000)
    for request in receiver.requests:
        assert request.method == "POST" and request.path == "/in"
        assert request.headers["Content-Type"] == "application/x-ndjson"
        assert request.headers["X-Team"] == "mail" and "Expect" not in request.headers
    ids = [request.id for request in receiver.requests]
    assert len(set(ids)) == len(ids) and all(len(name.split("-")) == 5 for name in ids), ids


def parameters_are_added_to_the_address(c):
    """Behind those that it has; the order is that of their names."""
    receiver = Receiver()
    for url, query in ((receiver.url("/in"), ""), (receiver.url("/in?b=%20#part"), "b=%20&")):
        c.config([generator(10)], sinks=[sink(
            receiver, "query: { db: mail, a: \"1 + 1 = 2 & ä/?\", none: \"\" }").replace(
                receiver.url(), url)])
        assert c.run_once().returncode == 0
        assert receiver.requests[-1].path == (
            f"/in?{query}a=1%20%2B%201%20%3D%202%20%26%20%C3%A4%2F%3F&db=mail&none=")
        shutil.rmtree(c.path("state"))


def bodies_are_compressed(c):
    """An id is of the bytes before that: the same whichever way they are packed."""
    ids = {}
    for coding in ("none", "gzip", "zstd"):
        receiver = Receiver()
        c.config([generator()], sinks=[sink(receiver, f"compress: {coding}")])
        assert c.run_once().returncode == 0
        check(receiver, 1000)
        ids[coding] = {request.id.split("-")[-1] for request in receiver.requests}
        assert coding == "none" or all(
            request.headers["Content-Encoding"] == coding
            and len(request.sent) < len(request.body) / 3 for request in receiver.requests)
        shutil.rmtree(c.path("state"))
    assert ids["none"] == ids["gzip"] == ids["zstd"], ids


def what_is_packed_is_as_it_was_before(c):
    """Large bodies, which are packed in several pieces; what is sent again is the same."""
    for coding in ("gzip", "zstd"):
        receiver = Receiver(lambda request, n: Answer() if n % 2 else Answer(500))
        c.config(["{ id: gen, plugin: generator, interval: 10s, options: { samples: 20000, "
                  "series: 5000, part: 20000 } }"], sinks=[
                      sink(receiver, f"compress: {coding}").replace(
                          "max_age: 0s", "max_age: 0s, max_count: 20000, max_bytes: 16MiB")])
        result = c.run_once()
        assert result.returncode == 0, result.stderr
        check(receiver, 20000)
        assert max(len(request.sent) for request in receiver.requests) > 3 << 16
        shutil.rmtree(c.path("state"))


def what_fails_is_sent_again_as_it_was(c):
    for answer in (Answer(500), Answer(503), Answer(408), Answer(429), Answer(302),
                   Answer(404), Answer(200, close="instead")):
        receiver = Receiver(lambda request, n, a=answer: a if n % 3 else Answer())
        result = run_once(c, receiver)
        assert result.returncode == 0, result.stderr
        check(receiver, 1000)
        shutil.rmtree(c.path("state"))


def retry_after_is_obeyed(c):
    receiver = Receiver(lambda request, n: (
        Answer(503, {"Retry-After": "1"}) if n == 0 else Answer()))
    c.config([generator(10, "50ms")], sinks=[sink(receiver)])
    agent = c.run_agent()
    agent.wait_for_log("next try in 1s")
    agent.wait_for_log("delivers again")
    assert agent.stop() == 0, agent.log()
    check(receiver, len(receiver.values()))


def a_poison_record_goes_to_the_dead_letters_alone(c):
    def answer(request, n):
        poisoned = b'"value":317,' in request.body
        return Answer(422, body=b"value 317 is refused\nmore") if poisoned else Answer()

    receiver = Receiver(answer)
    result = run_once(c, receiver)
    assert result.returncode == 0, result.stderr
    assert receiver.values() == [n for n in range(1000) if n != 317]
    assert len(receiver.requests) < 64
    letters = [json.loads(line) for line in c.read("state/dead-letters/out.ndjson").splitlines()]
    assert len(letters) == 1, letters
    letter = letters[0]
    assert (letter["status"], letter["why"]) == (422, "HTTP 422: value 317 is refused"), letter
    assert letter["record"]["value"] == 317 and letter["record"]["metric"] == "test.count"
    assert "1 record went to the dead letters" in result.stderr, result.stderr


def what_cannot_be_found_in_64_requests_goes_there_as_a_whole(c):
    receiver = Receiver(lambda request, n: Answer(400))
    result = run_once(c, receiver)
    assert result.returncode == 0, result.stderr
    letters = [json.loads(line) for line in c.read("state/dead-letters/out.ndjson").splitlines()]
    assert [letter["record"]["value"] for letter in letters] == list(range(1000))
    assert len(receiver.requests) <= 2 * 64


def what_has_no_place_in_a_format_is_no_dead_letter(c):
    receiver = Receiver(lambda request, n: Answer(400))
    c.config(["{ id: gen, plugin: generator, interval: 10ms, timeout: 30s, "
              "options: { samples: 50, events: 3 } }"], sinks=[])
    agent = c.run_agent()
    e2e.wait_until(lambda: c.rookery(
        "journal", "export", "--state-dir", c.path("state")).stdout.count("test.count") > 500)
    assert agent.stop() == 0, agent.log()
    c.config([], sinks=[sink(receiver, more="format: prometheus_remote_write,")])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    letters = [json.loads(line) for line in c.read("state/dead-letters/out.ndjson").splitlines()]
    values = [letter["record"].get("value") for letter in letters]
    assert values == list(range(len(values))) and len(values) > 500, values[:200]


def a_batch_that_is_too_large_is_halved_for_good(c):
    receiver = Receiver(lambda request, n: (
        Answer(413) if len(request.records()) > 100 else Answer()))
    result = run_once(c, receiver)
    assert result.returncode == 0, result.stderr
    check(receiver, 1000)
    refused = [request for request in receiver.requests if len(request.records()) > 100]
    assert len(refused) <= 5, [len(request.records()) for request in receiver.requests]


def clickhouse_gets_the_batchs_id_as_its_token(c):
    receiver = Receiver()
    result = run_once(c, receiver, more="format: clickhouse,")
    assert result.returncode == 0, result.stderr
    for request in receiver.requests:
        assert request.path == f"/in?insert_deduplication_token={request.id}", request.path
    query = "/in?query=INSERT%20INTO%20rookery&"
    for more in ("async_insert=0", "insert_deduplication_token=own"):
        shutil.rmtree(c.path("state"))
        receiver = Receiver()
        c.config([generator()], sinks=[sink(receiver, more="format: clickhouse,").replace(
            "/in", query + more)])
        assert c.run_once().returncode == 0
        token = f"&insert_deduplication_token={receiver.requests[0].id}"
        assert receiver.requests[0].path == query + more + (
            "" if "own" in more else token), receiver.requests[0].path


def a_structured_cloudevent_is_a_request(c):
    def answer(request, n):
        return Answer(400) if json.loads(request.body)["data"]["value"] == 7 else Answer()

    receiver = Receiver(answer)
    result = run_once(c, receiver, samples=20,
                      more="format: cloudevents, format_options: { mode: structured },")
    assert result.returncode == 0, result.stderr
    events = [json.loads(body) for body in receiver.batches.values()]
    assert [event["data"]["value"] for event in events] == [n for n in range(20) if n != 7]
    for request in receiver.requests:
        assert request.headers["Content-Type"] == (
            "application/cloudevents+json; charset=utf-8")
    letter, = map(json.loads, c.read("state/dead-letters/out.ndjson").splitlines())
    assert letter["record"]["value"] == 7


def who_is_locked_out_loses_nothing_and_says_so(c):
    receiver = Receiver(lambda request, n: Answer(401) if n < 3 else Answer())
    c.config([generator(100, "50ms")], sinks=[sink(receiver, options='bearer: "not-the-token"')])
    agent = c.run_agent()
    agent.wait_for_log("HTTP 401")
    agent.wait_for_log("delivers again")
    assert agent.stop() == 0, agent.log()
    check(receiver, len(receiver.values()))
    assert receiver.requests[0].headers["Authorization"] == "Bearer not-the-token"
    assert "not-the-token" not in agent.log()


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
