# SPDX-License-Identifier: Apache-2.0
"""A store that answers bulk requests as Elasticsearch does, for receiver.py."""

import json

from receiver import Answer


class Store:
    """Knows versions, as external_gte has them; fate(record, n) is a status and the
    reason, or None, the n-th time that this record comes."""

    def __init__(self, fate=lambda record, n: None, head=b""):
        self.fate, self.head = fate, head
        self.documents, self.seen = {}, {}

    def put(self, action, record):
        (name, target), = action.items()
        key = (target.get("_index"), target["_id"])
        n = self.seen[key] = self.seen.get(key, 0) + 1
        fate = self.fate(record, n)
        if not fate and name == "create" and key in self.documents:
            fate = 409, "version_conflict_engine_exception", "document already exists"
        if not fate:
            self.documents[key] = record
            return {name: {"_id": key[1], "status": 201}}
        status, kind, reason = fate
        return {name: {"_id": key[1], "status": status,
                       "error": {"type": kind, "reason": reason}}}

    def answer(self, request, n):
        lines = [json.loads(line) for line in request.body.splitlines()]
        items = [self.put(action, record) for action, record in zip(lines[::2], lines[1::2])]
        failed = any(item["status"] >= 300 for entry in items for item in entry.values())
        return Answer(200, body=json.dumps(
            {"took": n, "errors": failed, "items": items}).encode())

    def values(self):
        return sorted(record["value"] for record in self.documents.values()
                      if "metric" in record)
