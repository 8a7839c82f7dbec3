# SPDX-License-Identifier: Apache-2.0
"""A web server of the test's own on 127.0.0.1, for plugins that ask: keeps what came and
answers as the test says, also with bytes that are no HTTP."""

import http.server
import socket
import threading


class Request:
    def __init__(self, handler, body):
        self.method, self.path, self.headers, self.body = (
            handler.command, handler.path, handler.headers, body)
        self.sent = body  # as tests/support/sigv4.py reads it
        self.peer = handler.client_address


class Reply:
    """raw: these bytes instead of an answer; then the connection ends."""

    def __init__(self, status=200, body=b"", headers=None, raw=None):
        self.status, self.headers, self.raw = status, headers or {}, raw
        self.body = body.encode() if isinstance(body, str) else body


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        size = int(self.headers.get("Content-Length", 0))
        request = Request(self, self.rfile.read(size))
        reply = self.server.web.take(request)
        if callable(reply):
            self.close_connection = True
            reply(self.connection)
            return
        if reply.raw is not None:
            self.close_connection = True
            self.wfile.write(reply.raw)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD" and reply.status != 304:
            self.wfile.write(reply.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = answer

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # who asks may leave in the middle


class Web:
    """answer(request, n) says what the n-th request (from 0) is answered with: a Reply, or
    a function of the connected socket. It is a context manager."""

    def __init__(self, answer=lambda request, n: Reply(), context=None):
        self.answer, self.lock, self.requests = answer, threading.Lock(), []
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.web = self
        self.scheme = "https" if context else "http"
        if context:
            self.server.socket = context.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def take(self, request):
        with self.lock:
            n = len(self.requests)
            self.requests.append(request)
        return self.answer(request, n)

    def url(self, path="/", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        self.close()


def wait_for_end(connection):
    """Says nothing until the other side gives up."""
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass


def pour(head, piece):
    """Sends without end."""
    def behave(connection):
        try:
            connection.sendall(head)
            while True:
                connection.sendall(piece)
        except OSError:
            pass
    return behave


def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
