#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""PostHog wants the project's key in each body: it stands there, and nowhere else."""

import json
import os
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import e2e  # noqa: E402
from receiver import Answer, Receiver  # noqa: E402

KEY = "phc_canary0123456789"


def configure(c, receiver, more="", key=KEY):
    path = c.write("key", key + "\n")
    os.chmod(path, 0o600)
    return c.config(
        ["{ id: gen, plugin: generator, interval: 100ms, "
         "options: { samples: 100, series: 100, part: 50 } }"],
        sinks=["{ id: out, type: http, format: posthog, from: oldest, batch: { max_age: 0s }, "
               "retry: { first: 10ms, most: 50ms }, format_options: { api_key: "
               f"\"${{file:{path}}}\" }}, options: {{ url: \"{receiver.url('/batch/')}\", {more} "
               "} }"])


def assert_clean(c, *texts):
    """The key is in no output and in no file but its own."""
    for text in texts:
        assert "canary" not in text, text
    for folder, _, names in os.walk(c.path("state")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                assert b"canary" not in file.read(), name


def the_key_is_in_each_body_and_nowhere_else(c):
    def answer(request, n):
        if n == 0:  # a receiver that repeats what it was sent
            return Answer(500, body=request.body[:400])
        poisoned = b'"value":42,' in request.body
        # ... and cuts it in the middle of the key.
        return Answer(400, body=request.body[:25]) if poisoned else Answer(200, body=b"{}")

    receiver = Receiver(answer)
    path = configure(c, receiver)
    validated, shown = c.rookery("validate", path), c.rookery(
        "config", "show", "--config", path)
    assert validated.returncode == shown.returncode == 0, validated.stderr + shown.stderr
    assert "api_key: \"***\"" in shown.stdout, shown.stdout
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    bodies = [json.loads(request.body) for request in receiver.requests]
    assert all(body["api_key"] == KEY for body in bodies)
    taken = [json.loads(body) for body in receiver.batches.values()]
    events = [event for body in taken for event in body["batch"]]
    values = [event["properties"]["value"] for event in events]
    assert sorted(values) == [n for n in range(100) if n != 42], values
    assert len({uuid.UUID(event["uuid"]) for event in events}) == 99
    letter, = map(json.loads, c.read("state/dead-letters/out.ndjson").splitlines())
    assert letter["record"]["value"] == 42 and "api_key" in letter["why"], letter
    assert_clean(c, result.stderr, result.stdout, validated.stdout, validated.stderr,
                 shown.stdout, shown.stderr)


def another_key_is_no_other_batch(c):
    """One that was sent and never answered has the same id when the key has changed."""
    receiver = Receiver(lambda request, n: Answer(503))
    configure(c, receiver)
    agent = c.run_agent()
    agent.wait_for_log("HTTP 503")
    agent.kill()
    first = receiver.requests[0].id
    receiver.answer = lambda request, n: Answer(200, body=b'{"status":1}')
    configure(c, receiver, key="phc_canary-of-tomorrow")
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert "may be doubled" not in result.stderr, result.stderr
    assert next(iter(receiver.batches)) == first
    assert_clean(c, agent.log(), result.stderr)


def events_over_the_quota_are_kept(c):
    """PostHog answers with 200 and drops them; then they wait."""
    receiver = Receiver(lambda request, n: Answer(
        200, body=b'{"status":"Ok","quota_limited":["events"]}' if n < 2
        else b'{"status":"Ok","quota_limited":["recordings"]}'))
    configure(c, receiver)
    result = c.run_once()
    assert result.returncode == 0, result.stderr
    assert "quota" in result.stderr, result.stderr
    assert receiver.requests[0].id == receiver.requests[1].id == receiver.requests[2].id


def what_is_wrong_with_the_options_is_told(c):
    path = c.config([], sinks=[
        "{ id: a, type: http, format: posthog, options: { url: \"http://x/\" } }",
        "{ id: b, type: http, format: posthog, format_options: { api_kye: canary }, "
        "options: { url: \"http://x/\" } }",
        "{ id: c, type: http, format_options: { api_key: canary }, "
        "options: { url: \"http://x/\" } }",
        "{ id: d, type: http, format: cloudevents, format_options: { mode: odd }, "
        "options: { url: \"http://x/\" } }",
        "{ id: e, type: http, format: nope, format_options: { api_key: canary }, "
        "options: { url: \"http://x/\" } }",
        "{ id: f, type: http, format: posthog, api_key: canary, "
        "options: { url: \"http://x/\" } }"])
    result = c.rookery("validate", path)
    assert result.returncode == 2
    for text in ("yaml:7:5: error: missing required option 'api_key'",
                 "yaml:8:61: error: unknown key 'api_kye'; did you mean 'api_key'?",
                 "yaml:9:44: error: unknown key 'api_key'; there are no options here",
                 "yaml:10:71: error: 'odd' is not one of batched, structured",
                 "error: there is no format 'nope'",
                 "unknown key 'api_key'; it belongs below 'format_options'"):
        assert text in result.stderr, (text, result.stderr)
    assert "canary" not in result.stderr, result.stderr


if __name__ == "__main__":
    e2e.main(sys.modules[__name__])
