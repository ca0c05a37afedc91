#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What lies around the process changes nothing on the wire, and an interruption ends it."""

import os
import signal
import tempfile
import unittest

from certificates import Authority
from difficult_server import DifficultServer, fine, serving
from wire_driver import Driver

PROXIES = ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY")


class Surroundings(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.authority = Authority(self.folder.name)
        self.context = self.authority.context("127.0.0.1")

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name, text=None):
        path = os.path.join(self.folder.name, name)
        if text is not None:
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
        return path

    def test_variables_and_files_of_curl_change_nothing(self):
        key_log = self.path("keys")
        self.path(".netrc", "default login someone password secret\n")
        self.path(".curlrc", 'header = "X-From-Rc: 1"\n')
        ca_file = self.path("ca.pem", self.authority.pem)
        with DifficultServer(serving(fine)) as trap:
            environment = {
                **{name: trap.url() for name in PROXIES}, "no_proxy": "", "NO_PROXY": "",
                "SSLKEYLOGFILE": key_log, "HOME": self.folder.name,
                "CURL_HOME": self.folder.name, "NETRC": self.path(".netrc"),
                "CURL_CA_BUNDLE": ca_file, "SSL_CERT_FILE": ca_file,
                "SSL_CERT_DIR": self.folder.name, "XDG_CONFIG_HOME": self.folder.name,
            }  # fmt: skip
            for context in (None, self.context):
                with DifficultServer(serving(fine), context) as server, Driver(environment) as driver:
                    good = driver.ask(server.url(), ca_pem=self.authority.pem)
                    self.assertEqual(good.get("status"), 200, good)
                    self.assertEqual(len(server.heads[0].split(b"\r\n")), 5, server.heads[0])
                    # No file named by the environment makes a server trusted.
                    if context:
                        bad = driver.ask(server.url())
                        self.assertEqual(bad.get("error"), "network.certificate", bad)
                    # What libcurl must not see is there for others all the same.
                    with open(f"/proc/{driver.process.pid}/environ", "rb") as environ:
                        self.assertIn(f"SSLKEYLOGFILE={key_log}".encode(), environ.read())
            self.assertEqual(trap.connections, 0)
        self.assertFalse(os.path.exists(key_log))

    def test_a_variable_that_only_looks_like_it_stays_untouched(self):
        environment = {"SSLKEYLOGFILENAME": "x", "XSSLKEYLOGFILE": "y"}
        with DifficultServer(serving(fine)) as server, Driver(environment) as driver:
            self.assertEqual(driver.ask(server.url()).get("status"), 200)

    def test_cookies_and_redirects_are_left_alone(self):
        def answer(visit):
            visit.answer(status="302 Found", headers=[
                "Location: /elsewhere", "Set-Cookie: session=1; Path=/",
                'Alt-Svc: h2=":1"', "Strict-Transport-Security: max-age=1000",
            ])  # fmt: skip

        with DifficultServer(serving(answer)) as server, Driver() as driver:
            for _ in range(2):
                outcome = driver.ask(server.url("/here"))
                self.assertEqual(outcome.get("status"), 302, outcome)
        self.assertEqual([head.split()[1] for head in server.heads], [b"/here", b"/here"])
        self.assertNotIn(b"cookie", server.heads[1].lower())

    def test_an_interruption_ends_what_waits(self):
        def silent(visit):
            visit.server.heads.append(visit.read_head())
            if len(visit.server.heads) == 1:
                os.kill(visit.server.driver.process.pid, signal.SIGTERM)
            visit.wait_for_client()

        with DifficultServer(silent) as server, Driver() as driver:
            server.driver = driver
            outcome = driver.ask(server.url(), deadline_ms=0)
            self.assertEqual(outcome.get("error"), "cancelled", outcome)
            # It cannot be taken back.
            self.assertEqual(driver.ask(server.url()).get("error"), "cancelled")

    def test_writing_to_a_closed_connection_does_not_kill_the_process(self):
        def script(visit):
            visit.read_head()
            visit.reset()

        for context in (None, self.context):
            with DifficultServer(script, context) as server, Driver() as driver:
                body = {"bytes": 20000000, "announced": 20000000}
                for _ in range(3):
                    outcome = driver.ask(server.url(), "PUT", ca_pem=self.authority.pem, body=body)
                    self.assertEqual(outcome.get("error"), "network.answer_lost", outcome)


if __name__ == "__main__":
    unittest.main()
