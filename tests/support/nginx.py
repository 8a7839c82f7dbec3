# SPDX-License-Identifier: Apache-2.0
"""An nginx of the test's own in front of a receiver: one process, without a master."""

import os
import socket
import subprocess

import e2e

CONFIG = """
daemon off;
master_process off;
%(user)s
pid %(folder)s/pid;
events { worker_connections 64; }
http {
    log_format own "$status $server_protocol $ssl_client_verify";
    access_log %(folder)s/access own;
    client_body_temp_path %(folder)s/body;
    proxy_temp_path %(folder)s/proxy;
    fastcgi_temp_path %(folder)s/fastcgi;
    uwsgi_temp_path %(folder)s/uwsgi;
    scgi_temp_path %(folder)s/scgi;
    client_max_body_size 16m;
    %(http)s
    server {
        listen %(listen)s;
        %(server)s
        location / { proxy_pass http://127.0.0.1:%(upstream)d; %(location)s }
    }
}
"""


class Nginx:
    """http, server, location: lines of these blocks; tls: paths of a certificate and its key, and
    then HTTP/2 is offered. Ends with the test."""

    def __init__(self, c, receiver, http="", server="", location="", host="127.0.0.1",
                 tls=None):
        self.folder = c.path("nginx")
        os.makedirs(self.folder, exist_ok=True)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind((host, 0))
            self.port = free.getsockname()[1]
        self.host = f"[{host}]" if ":" in host else host
        self.scheme = "https" if tls else "http"
        listen = f"{self.host}:{self.port}" + (" ssl http2" if tls else "")
        if tls:
            server += f" ssl_certificate {tls[0]}; ssl_certificate_key {tls[1]};"
        config = c.write("nginx/conf", CONFIG % {
            "folder": self.folder, "http": http, "server": server, "location": location,
            "listen": listen, "upstream": receiver.port,
            "user": "user root;" if os.getuid() == 0 else ""})
        with open(c.path("nginx/error"), "ab") as out:
            self.process = subprocess.Popen(
                ["/usr/sbin/nginx", "-p", self.folder, "-c", config, "-e", "stderr"],
                stderr=out, stdin=subprocess.DEVNULL)
        c.servers.append(self.process)
        e2e.wait_until(self.is_up)

    def is_up(self):
        assert self.process.poll() is None, "nginx did not start"
        try:
            socket.create_connection((self.host.strip("[]"), self.port)).close()
            return True
        except ConnectionRefusedError:
            return False

    def url(self, path="/in"):
        return f"{self.scheme}://{self.host}:{self.port}{path}"

    def log(self):
        """Of each request: [status, protocol, what became of the client's certificate]."""
        with open(os.path.join(self.folder, "access"), encoding="utf-8") as file:
            return [line.split() for line in file if line.endswith("\n")]
