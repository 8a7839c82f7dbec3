#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A receiver whose memory is in files, so that it may be killed at any time:

    keeper.py FOLDER PORT [SEED]

FOLDER/out/out.ndjson has the lines of each batch once; FOLDER/index a line for each request
that was taken: `new ID SIZE DIGEST` behind the bytes of a batch, then `same ID` where it
came again, and `other ID` where it came with other bytes, which must never be. What stands
behind the last line of the index was in the making when the receiver died.

With a SEED it is hostile: it refuses, takes and does not say so, resets, and dies before,
while and after it keeps a batch; a child of the first process serves then, and whenever it
died another one takes its place."""

import hashlib
import os
import random
import signal
import socket
import sys
import threading

import receiver as peers


class Keeper(peers.Receiver):
    """step(name) is told how far it has got with a batch."""

    def __init__(self, folder, listener, answer, step):
        self.step, self.known, self.count = step, {}, 0
        self.index_path, self.lines_path = (
            os.path.join(folder, name) for name in ("index", "out/out.ndjson"))
        os.makedirs(os.path.join(folder, "out"), exist_ok=True)
        self.recover()
        self.index = open(self.index_path, "ab", buffering=0)
        self.lines = open(self.lines_path, "ab", buffering=0)
        super().__init__(answer, listener=listener)

    def recover(self):
        """Reads the index, and cuts off what it does not know of."""
        for path in (self.index_path, self.lines_path):
            with open(path, "ab"):
                pass
        with open(self.index_path, "rb") as file:
            whole = b"".join(file.read().rpartition(b"\n")[:2])
        os.truncate(self.index_path, len(whole))
        size = 0
        for line in whole.decode().splitlines():
            word, name, *more = line.split()
            if word == "new":
                size += int(more[0])
                self.known[name] = more[1]
        os.truncate(self.lines_path, size)

    def take(self, request):
        with self.lock:
            self.count += 1
            answer = self.answer(request, self.count)
            if 200 <= answer.status < 300:
                self.keep(request)
        return answer

    def keep(self, request):
        digest = hashlib.sha256(request.body).hexdigest()
        known = self.known.get(request.id)
        if known:
            self.note(f"{'same' if known == digest else 'other'} {request.id}")
            return
        self.step("new")
        half = len(request.body) // 2
        self.lines.write(request.body[:half])
        self.step("half")
        self.lines.write(request.body[half:])
        self.step("kept")
        self.note(f"new {request.id} {len(request.body)} {digest}")
        self.known[request.id] = digest
        self.step("known")

    def note(self, line):
        self.index.write(line.encode() + b"\n")


def serve_hostile(folder, listener, seed):
    dice = random.Random(seed)

    def step(_name):
        if dice.random() < 0.04:
            os.kill(os.getpid(), signal.SIGKILL)
    Keeper(folder, listener, peers.hostility(dice), step).thread.join()


def main():
    folder, port, *seed = sys.argv[1:]
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=64)
    if not seed:
        Keeper(folder, listener, lambda request, n: peers.Answer(),
               lambda name: None).thread.join()
    alive, ours = os.pipe()
    for life in range(1 << 30):
        child = os.fork()
        if child == 0:
            os.close(ours)
            # Ends when its parent is no more, however that ended.
            threading.Thread(target=lambda: os._exit(os.read(alive, 1) == b""),
                             daemon=True).start()
            serve_hostile(folder, listener, f"{seed[0]} {life}")
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
