#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every secret of a sign-in through a proxy, with a client certificate and in each store, watched call by call: none is
in an argument, in a child's environment, in a temporary file, or in anything that is printed."""

import base64
import os
import pathlib
import re
import subprocess
import tempfile

import acme_product
import proxies
import proxy_test
import support

SECRETS = {name: f"{name}-{support.CANARY}" for name in ("proxy", "certificate", "client", "store")}
EXAMPLE = support.ROOT / "docs/examples/shared-store/shared-store"
CALLS = "trace=execve,write,writev,pwrite64,sendto,sendmsg,rename"
# What a store writes before it takes its place, what it hands to a store command in memory, and what that answers.
STORES = re.compile(r"/state/atlink/(credentials|consumers|pending)/\.[a-z~]+\.json\.new$|/memfd:atlink|/shared/[a-z~.]+\.new$|^pipe:")


class Canaries(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-canary-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", str(folder)], check=False))
        self.server = self.start(proxy_test.TlsServer(folder))
        self.proxy = self.start(proxies.RecordingProxy({f"site.test:{self.server.port}": self.server.port}, login=f"alice:{SECRETS['proxy']}"))
        self.files = {name: self.home.folder / name for name in SECRETS}
        for name, file in self.files.items():
            file.write_text(SECRETS[name] + "\n", encoding="utf-8")
        password = "pass:" + SECRETS["certificate"]
        support.openssl("req", "-x509", "-newkey", "rsa:2048", "-keyout", folder / "k.pem", "-out", folder / "c.pem", "-days", "2",
                        "-subj", "/CN=me", "-passout", password)  # fmt: skip
        self.certificate = folder / "me.p12"
        support.openssl("pkcs12", "-export", "-in", folder / "c.pem", "-inkey", folder / "k.pem", "-passin", password, "-passout", password,
                        "-out", self.certificate)  # fmt: skip
        pair = f"alice:{SECRETS['proxy']}".encode()
        self.needles = [support.CANARY, base64.b64encode(pair).decode()]
        self.needles += [base64.b64encode(secret.encode()).decode()[:20] for secret in SECRETS.values()]

    def profile(self, name, *options, **environment):
        self.watch("profile", "set", name, "--product", "acme", "--url", f"https://site.test:{self.server.port}", "--ca-file", self.server.ca,
                   "--proxy", f"http://alice@127.0.0.1:{self.proxy.port}", "--proxy-secret-file", self.files["proxy"],
                   "--client-cert", self.certificate, "--client-cert-secret-file", self.files["certificate"],
                   "--method", "client-credentials", "--client-id", "app", "--secret-file", self.files["client"], *options, **environment)  # fmt: skip

    def watch(self, *arguments, **environment):
        """Runs the program, which must succeed, and judges all that it and its children write and start."""
        log = self.home.folder / "strace.log"
        tracing = ["strace", "-f", "-y", "-v", "-qq", "-s", "100000", "-e", CALLS, "-o", str(log)]
        process = self.home.popen(*arguments, env=environment, prefix=tracing)
        out, errors = process.communicate(timeout=support.PATIENCE * 2)
        self.assertEqual(process.returncode, 0, (arguments, errors))
        self.assertNotIn(support.CANARY.encode(), out + errors)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        self.assertGreater(len(lines), 1)
        for line in lines[1:]:  # the first starts the program itself, with what this test gave it
            if not any(needle in line for needle in self.needles):
                continue
            call = re.search(r"(\w+)\(\d*<?([^>,]*)", line)
            where = call.group(2) if call else line[:100]
            to_proxy = call and call.group(1) in ("sendto", "sendmsg") and "Proxy-Authorization" in line
            self.assertTrue(call and (to_proxy or STORES.search(where)), f"{arguments}: {line[:300]}")

    def test_in_files(self):
        self.profile("work")
        for command in (("login",), ("request", "GET", "/rest/me"), ("status",), ("doctor",), ("profile", "show"), ("logout",)):
            self.watch(*command)

    def test_sealed_and_handed_over(self):
        passphrase = {"ATLINK_PASSPHRASE": SECRETS["store"]}
        self.profile("work", "--store", "sealed", **passphrase)
        self.watch("login", **passphrase)
        self.watch("request", "GET", "/rest/me", **passphrase)
        self.watch("profile", "export", "work", "--out", self.home.folder / "bundle", **passphrase)
        self.watch("profile", "import", self.home.folder / "bundle", "--name", "copy", **passphrase)
        self.watch("profile", "move-secrets", "work", "--to", "command", "--store-command", EXAMPLE, "--store-command",
                   self.home.folder / "shared", **passphrase)  # fmt: skip
        self.watch("request", "GET", "/rest/me", **passphrase)
        self.watch("profile", "remove", "work", **passphrase)

    def test_out_of_the_environment(self):
        self.watch("request", "GET", "/rest/me", ATLINK_URL=f"https://site.test:{self.server.port}", ATLINK_PRODUCT="acme",
                   ATLINK_CA_FILE=str(self.server.ca), ATLINK_METHOD="client-credentials", ATLINK_CLIENT_ID="app",
                   ATLINK_CLIENT_SECRET=SECRETS["client"], ATLINK_PROXY=f"http://alice@127.0.0.1:{self.proxy.port}",
                   ATLINK_PROXY_PASSWORD=SECRETS["proxy"], ATLINK_CLIENT_CERT=str(self.certificate),
                   ATLINK_CLIENT_CERT_PASSPHRASE=SECRETS["certificate"])  # fmt: skip


if __name__ == "__main__":
    support.need("strace")
    os.umask(0o077)
    support.main()
