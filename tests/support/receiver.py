# SPDX-License-Identifier: Apache-2.0
"""An HTTP receiver of the test's own on 127.0.0.1: keeps what came, and answers as the
test says. Its oracle knows ids: a batch that came again must be the same."""

import gzip
import http.server
import json
import socket
import threading


class Request:
    def __init__(self, handler, body):
        self.method, self.path, self.headers, self.sent = (
            handler.command, handler.path, handler.headers, body)
        self.id = handler.headers.get("Idempotency-Key")
        packed = handler.headers.get("Content-Encoding") == "gzip"
        self.body = gzip.decompress(body) if packed else body

    def records(self):
        return [json.loads(line) for line in self.body.splitlines()]


class Answer:
    """close: "before" reading nothing more is answered; "instead" of answering, after all
    was read."""

    def __init__(self, status=204, headers=None, body=b"", close=None):
        self.status, self.headers, self.body, self.close = status, headers or {}, body, close


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server.receiver
        size = int(self.headers.get("Content-Length", 0))
        request = Request(self, self.rfile.read(size))
        answer = receiver.take(request)
        if answer.close:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_PUT = do_POST

    def log_message(self, *arguments):
        pass


class Receiver:
    """answer(request, n) says what the n-th request (from 0) is answered with; what is
    answered with 2xx was taken, also where that does not arrive."""

    def __init__(self, answer=lambda request, n: Answer(), context=None):
        self.answer, self.lock = answer, threading.Lock()
        self.requests, self.batches = [], {}
        self.faults = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.receiver = self
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,),
                                       daemon=True)
        self.thread.start()

    def url(self, path="/in"):
        return f"http://127.0.0.1:{self.port}{path}"

    def take(self, request):
        with self.lock:
            n = len(self.requests)
            self.requests.append(request)
        answer = self.answer(request, n)
        if 200 <= answer.status < 300:
            with self.lock:
                known = self.batches.setdefault(request.id, request.body)
                if known != request.body:
                    self.faults.append(f"{request.id} came with two contents")
        return answer

    def records(self):
        """Of all batches that were taken, each once, in the order of their first coming."""
        with self.lock:
            bodies = list(self.batches.values())
        return [json.loads(line) for body in bodies for line in body.splitlines()]

    def values(self):
        return [record["value"] for record in self.records() if "metric" in record]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
