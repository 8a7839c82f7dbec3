# SPDX-License-Identifier: Apache-2.0
"""An HTTP receiver of the test's own on 127.0.0.1: keeps what came, and answers as the
test says. Its oracle knows ids: a batch that came again must be the same."""

import gzip
import http.server
import json
import socket
import subprocess
import threading


def unzstd(body):
    """Python's library has no zstd: the tool of its authors reads it, and gzip, too."""
    assert body.startswith(b"\x28\xb5\x2f\xfd"), "this is no frame of zstd"
    return subprocess.run(["zstd", "-dcq"], input=body, check=True, capture_output=True).stdout


CODINGS = {None: bytes, "snappy": bytes, "gzip": gzip.decompress, "zstd": unzstd}


class Request:
    def __init__(self, handler, body):
        self.method, self.path, self.headers, self.sent = (
            handler.command, handler.path, handler.headers, body)
        self.peer = handler.client_address
        self.id = handler.headers.get("Idempotency-Key")
        self.body = CODINGS[handler.headers.get("Content-Encoding")](body)

    def records(self):
        return [json.loads(line) for line in self.body.splitlines()]


class Answer:
    """close: "before" reading nothing more is answered; "instead" of answering, after all
    was read; "reset": so, too, but with RST."""

    def __init__(self, status=204, headers=None, body=b"", close=None):
        self.status, self.headers, self.body, self.close = status, headers or {}, body, close


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server.receiver
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        if len(body) < size:
            return  # who sent it is no more
        request = Request(self, body)
        answer = receiver.take(request)
        if answer.close:
            self.close_connection = True
            if answer.close == "reset":
                reset_when_closed(self.connection)
            else:
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


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def shutdown_request(self, request):
        self.close_request(request)  # no FIN in front of a RST

    def handle_error(self, request, client_address):
        pass  # agents are killed in the middle of what they say


class Receiver:
    """answer(request, n) says what the n-th request (from 0) is answered with; what is
    answered with 2xx was taken, also where that does not arrive. One that is asleep has its
    port and takes no connection until wake()."""

    def __init__(self, answer=lambda request, n: Answer(), context=None, listener=None,
                 asleep=False):
        self.answer, self.lock = answer, threading.Lock()
        self.requests, self.batches = [], {}
        self.faults = []
        if not listener:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
        self.server = Server(listener.getsockname(), Handler, bind_and_activate=False)
        self.server.socket.close()
        self.server.socket = listener
        self.server.receiver = self
        self.scheme = "https" if context else "http"
        if context:
            # Handshakes are the connections' own, or one that fails would end all.
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        if not asleep:
            self.wake()

    def wake(self):
        self.server.server_activate()
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,),
                                       daemon=True)
        self.thread.start()

    def url(self, path="/in"):
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

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


class Picky(Receiver):
    """Refuses batches with one of its poisons in them, until it is cured of that."""

    def __init__(self, *poisons, status=422):
        self.poisons, self.status, self.down = set(poisons), status, False
        super().__init__(self.judge)

    def judge(self, request, n):
        if self.down:
            return Answer(503)
        for record in request.records():
            if record.get("value") in self.poisons:
                return Answer(self.status, body=f"value {record['value']} is odd".encode())
        return Answer()


class Socket:
    """A receiver of bytes: each connection gets the next of some behaviours, functions of
    a connected socket; when there are no more, what the receiver behind it answers."""

    def __init__(self, behaviours, receiver):
        self.behaviours, self.receiver = list(behaviours), receiver
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def url(self, path="/in"):
        return f"http://127.0.0.1:{self.port}{path}"

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            behave = self.behaviours.pop(0) if self.behaviours else self.forward
            threading.Thread(target=self.serve, args=(behave, connection),
                             daemon=True).start()

    @staticmethod
    def serve(behave, connection):
        try:
            behave(connection)
        except OSError:
            pass
        connection.close()

    def forward(self, connection):
        """To the receiver and back."""
        with socket.create_connection(("127.0.0.1", self.receiver.port)) as other:
            back = threading.Thread(target=copy, args=(other, connection), daemon=True)
            back.start()
            copy(connection, other)
            back.join()

    def close(self):
        self.listener.close()


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def read_request(connection):
    """Reads headers and body of one request."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:"))
    while len(body) < size:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reset_when_closed(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def reset(connection):
    """Ends it with RST instead of FIN."""
    reset_when_closed(connection)
    connection.close()


def hostility(dice):
    """Of ten requests, two are taken and the answer does not arrive, five are refused."""
    def answer(request, n):
        fate = dice.random()
        if fate < 0.2:
            return Answer(204, close="instead" if fate < 0.1 else "reset")
        return Answer(503) if fate < 0.7 else Answer()
    return answer
