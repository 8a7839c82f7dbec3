#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Bulk requests against a receiver that answers as Elasticsearch does: status 200 whatever
became of the records, with the fate of each in the body."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from bulk_store import Store  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402


def sink(receiver, more=""):
    return ("{ id: out, type: http, format: elasticsearch, from: oldest, "
            "batch: { max_age: 0s }, retry: { first: 10ms, most: 50ms }, "
            f"{more} options: {{ url: \"{receiver.url()}\", bearer: canary-of-the-store }} }}")


def generator(samples=300):
    return ("{ id: gen, plugin: generator, interval: 10s, "
            f"options: {{ samples: {samples}, series: 300, part: 100 }} }}")


def run(c, store, more="", samples=300):
    receiver = Receiver(store.answer)
    c.config([generator(samples)], sinks=[sink(receiver, more)])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    return receiver, result


def letters(context):
    path = "state/dead-letters/out.ndjson"
    if not os.path.exists(context.path(path)):
        return []
    return [json.loads(line) for line in context.read(path).splitlines()]


def what_the_store_refuses_goes_to_the_dead_letters_and_nothing_else(c):
    def fate(record, _):
        if record["value"] in (7, 42, 299):
            return (400, "mapper_parsing_exception",
                    f"value {record['value']} of canary-of-the-store")
        return None
    store = Store(fate)
    receiver, result = run(c, store)
    assert store.values() == [n for n in range(300) if n not in (7, 42, 299)]
    # Nothing is looked for: the answer says which they are.
    ids = [request.id for request in receiver.requests]
    assert len(set(ids)) == len(ids), ids
    found = letters(c)
    assert [letter["record"]["value"] for letter in found] == [7, 42, 299], found
    for letter in found:
        assert letter["status"] == 400
        # What a receiver says of a secret is not repeated.
        assert letter["why"] == ("mapper_parsing_exception: value "
                                 f"{letter['record']['value']} of *******************"), letter
    assert "canary" not in result.stderr, result.stderr


def one_that_is_busy_has_the_batch_come_again(c):
    store = Store(lambda record, n: (429, "es_rejected_execution_exception", "queue is full")
                  if record["value"] % 100 == 50 and n < 3 else None)
    _, result = run(c, store)
    assert store.values() == list(range(300)) and not letters(c)
    assert "es_rejected_execution_exception: queue is full" in result.stderr, result.stderr
    assert set(store.seen.values()) <= {1, 3}, set(store.seen.values())


def an_index_that_is_missing_loses_nothing(c):
    store = Store(lambda record, n: (404, "index_not_found_exception", "no such index [x]")
                  if n < 3 else None)
    _, result = run(c, store)
    assert store.values() == list(range(300)) and not letters(c)
    assert "no such index" in result.stderr, result.stderr


def what_the_store_has_already_is_counted(c):
    store = Store()
    receiver = Receiver(store.answer)
    create = "format_options: { index: logs-mail, action: create },"
    other = sink(receiver, create).replace("id: out", "id: again")
    c.config([generator()], sinks=[sink(receiver, create)])
    assert c.run_once().returncode == 0
    assert store.values() == list(range(300))
    assert {index for index, _ in store.documents} == {"logs-mail"}
    assert all(record["@timestamp"] == record["time"] for record in store.documents.values())
    c.config([], sinks=[sink(receiver, create), other])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert "records were not taken, since the receiver has them already" in result.stderr
    assert store.values() == list(range(300)) and not letters(c)


def an_answer_that_is_none_is_not_taken_for_one(c):
    """Such as the page of a portal in between."""
    store = Store()
    bodies = [b"<html>Log in</html>", b"{}", b'{"took":1,"errors":true,"items":[]}']
    receiver = Receiver(lambda request, n: (
        Answer(200, body=bodies[n]) if n < len(bodies) else store.answer(request, n)))
    c.config([generator()], sinks=[sink(receiver)])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert store.values() == list(range(300)) and not letters(c)
    assert "this is no answer to a bulk request" in result.stderr, result.stderr


def an_answer_that_is_too_long_makes_batches_smaller(c):
    store = Store()

    def answer(request, n):
        real = store.answer(request, n)
        if request.body.count(b"\n") > 100:
            return Answer(200, body=b'{"took":1,"errors":true,"items":[' + b" " * (5 << 20))
        return real
    receiver = Receiver(answer)
    c.config([generator()], sinks=[sink(receiver)])
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert store.values() == list(range(300)) and not letters(c)
    assert "answer is too long" in result.stderr, result.stderr


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
