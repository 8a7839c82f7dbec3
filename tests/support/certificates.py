# SPDX-License-Identifier: Apache-2.0
"""Certificates of a test's own, made with openssl(1)."""

import os
import subprocess


KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def run(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder, name="authority"):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.serial = folder, 1
        self.cert, self.key = self.path(name + ".pem"), self.path(name + ".key")
        run("req", "-x509", *KEY, "-days", "2", "-subj", f"/CN={name}", "-keyout", self.key,
            "-out", self.cert)

    def path(self, name):
        return os.path.join(self.folder, name)

    def issue(self, name, address="IP:127.0.0.1", expired=False):
        """Paths of a certificate and its key; the same name again replaces both files, as
        a renewal does."""
        cert, key, request, extensions = (
            self.path(f"{name}.{kind}") for kind in ("pem", "key", "csr", "ext"))
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={address}\n")
        run("req", "-new", *KEY, "-subj", f"/CN={name}", "-keyout", key + ".new", "-out",
            request)
        self.serial += 1
        # One that ends a day before it begins has expired.
        run("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key,
            "-set_serial", str(self.serial), "-days", "-1" if expired else "2", "-extfile",
            extensions, "-out", cert + ".new")
        os.replace(key + ".new", key)
        os.replace(cert + ".new", cert)
        return cert, key


class Certificates(Authority):
    """One of its own for each side: server.pem for 127.0.0.1 and localhost, client.pem."""

    def __init__(self, folder):
        super().__init__(folder, "ca")
        self.issue("server", "IP:127.0.0.1,DNS:localhost")
        self.issue("client", "DNS:client.example")
