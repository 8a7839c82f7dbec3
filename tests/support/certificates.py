# SPDX-License-Identifier: Apache-2.0
"""Certificates of a test's own, made with openssl(1)."""

import os
import subprocess


def run(*arguments, **more):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True, **more)


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder, name="authority"):
        os.makedirs(folder, exist_ok=True)
        self.folder, self.serial = folder, 1
        self.cert, self.key = (os.path.join(folder, f"{name}.{kind}") for kind in ("crt", "key"))
        run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", self.key, "-out", self.cert)

    def issue(self, name, address="IP:127.0.0.1", expired=False):
        """Paths of a certificate and its key; the same name again replaces both files, as
        a renewal does."""
        cert, key, request, extensions = (
            os.path.join(self.folder, f"{name}.{kind}") for kind in ("crt", "key", "csr", "ext"))
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"subjectAltName={address}\n")
        run("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
            "-keyout", key + ".new", "-out", request)
        self.serial += 1
        # One that ends a day before it begins has expired.
        run("x509", "-req", "-in", request, "-CA", self.cert, "-CAkey", self.key,
            "-set_serial", str(self.serial), "-days", "-1" if expired else "2", "-extfile",
            extensions, "-out", cert + ".new")
        os.replace(key + ".new", key)
        os.replace(cert + ".new", cert)
        return cert, key
