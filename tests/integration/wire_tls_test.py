#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whom the wire trusts, and how it speaks TLS."""

import os
import socket
import ssl
import tempfile
import unittest
import warnings

from certificates import Authority
from difficult_server import DifficultServer, fine, full_queue, serving
from wire_driver import Driver


LAX_POLICY = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
"""


def goodbye(visit):
    """An answer and an orderly end: a session that ends otherwise is not resumed in TLS 1.2."""
    visit.answer(headers=["Connection: close"])
    visit.connection.unwrap()
    raise ConnectionError("closed on purpose")


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.folder.name)
        cls.other = Authority(cls.folder.name, "Other authority")
        cls.context = cls.authority.context("127.0.0.1", "localhost")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def outcome(self, context, host="127.0.0.1", ca_pem=None, **plan):
        pem = self.authority.pem if ca_pem is None else ca_pem
        with DifficultServer(serving(fine), context) as server, Driver() as driver:
            outcome = driver.ask(server.url(host=host), ca_pem=pem, **plan)
            self.heads = server.heads
        return outcome

    def check_distrust(self, outcome, *words):
        self.assertEqual(outcome.get("error"), "network.certificate", outcome)
        for word in ("127.0.0.1" if "127" in outcome["message"] else "localhost", *words):
            self.assertIn(word, outcome["message"])
        self.assertEqual(self.heads, [])

    def test_a_certificate_of_the_given_authority_is_trusted(self):
        for host in ("127.0.0.1", "localhost"):
            self.assertEqual(self.outcome(self.context, host).get("status"), 200)

    def test_an_unknown_authority_is_named_with_the_way_out(self):
        for pem in ("", self.other.pem):
            with self.subTest(pem[:10]):
                outcome = self.outcome(self.context, ca_pem=pem)
                self.check_distrust(outcome, "issuer is unknown")
                self.assertIn("profile set NAME --ca-file FILE", outcome["next"])

    def test_a_given_authority_replaces_the_system_store(self):
        # An authority that is not found among the given ones is looked for in the system's folder,
        # if that counts at all.
        trace = os.path.join(self.folder.name, "trace")
        for pem, reads in (("", True), (self.other.pem, False)):
            with DifficultServer(serving(fine), self.context) as server, Driver(
                before=["strace", "-f", "-e", "trace=openat,newfstatat", "-o", trace]
            ) as driver:
                driver.ask(server.url(), ca_pem=pem)
            with open(trace, encoding="utf-8") as file:
                looked_up = [line for line in file if "/etc/ssl/certs" in line]
            self.assertEqual(bool(looked_up), reads, looked_up)
            # The folder is looked into; the bundle of all certificates is never read.
            self.assertFalse([line for line in looked_up if "ca-certificates.crt" in line])

    def test_a_self_signed_certificate_is_refused_and_can_be_pinned(self):
        self_signed = self.authority.self_signed("127.0.0.1")
        self.check_distrust(self.outcome(self_signed.context), "self-signed")
        pinned = self.outcome(self_signed.context, ca_pem=self_signed.pem)
        self.assertEqual(pinned.get("status"), 200, pinned)

    def test_an_expired_certificate_is_named_so(self):
        outcome = self.outcome(self.authority.context("127.0.0.1", expired=True))
        self.check_distrust(outcome, "has expired")

    def test_a_certificate_for_another_name_is_refused_on_loopback_too(self):
        for hosts, host in (
            (["other.example"], "127.0.0.1"), (["other.example"], "localhost"),
            (["127.0.0.2"], "127.0.0.1"), (["localhost"], "127.0.0.1"),
        ):  # fmt: skip
            with self.subTest(hosts=hosts, host=host):
                outcome = self.outcome(self.authority.context(*hosts), host)
                self.check_distrust(outcome, "for another host name")

    def test_a_file_without_certificates_is_named_so(self):
        for pem in ("no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
            outcome = self.outcome(self.context, ca_pem=pem)
            self.assertEqual(outcome.get("error"), "network.certificate", outcome)
            self.assertIn("--ca-file", outcome["next"])

    def test_a_connection_made_with_one_authority_serves_no_other(self):
        with DifficultServer(serving(fine), self.context) as server, Driver() as driver:
            good = driver.ask(server.url(), ca_pem=self.authority.pem)
            for pem in ("", self.other.pem):
                bad = driver.ask(server.url(), ca_pem=pem)
                self.assertEqual(bad.get("error"), "network.certificate", bad)
            again = driver.ask(server.url(), ca_pem=self.authority.pem)
            self.assertEqual((good.get("status"), again.get("status")), (200, 200))
            # And the kept one is still used by those it was made for.
            self.assertEqual((len(server.heads), server.connections), (2, 3))

    def test_old_versions_of_tls_are_refused(self):
        context = self.authority.context("127.0.0.1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
        context.set_ciphers("ALL:@SECLEVEL=0")
        # Also where the system's policy would let them through.
        policy = os.path.join(self.folder.name, "openssl.cnf")
        with open(policy, "w", encoding="ascii") as file:
            file.write(LAX_POLICY)
        with DifficultServer(serving(fine), context) as server:
            with Driver({"OPENSSL_CONF": policy}) as driver:
                outcome = driver.ask(server.url(), ca_pem=self.authority.pem)
        self.assertEqual(outcome.get("error"), "network.tls", outcome)
        self.assertIn("TLS 1.2", outcome["next"])

    def test_a_new_connection_resumes_the_tls_session(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.authority.context("127.0.0.1", maximum=version)
            with self.subTest(version), DifficultServer(serving(goodbye), context) as server:
                with Driver() as driver:
                    for _ in range(3):
                        outcome = driver.ask(server.url(), ca_pem=self.authority.pem)
                        self.assertEqual(outcome.get("status"), 200, outcome)
                resumed = [each["resumed"] for each in server.handshakes]
                self.assertEqual(resumed, [False, True, True])

    def test_the_server_name_is_sent_for_names_and_not_for_addresses(self):
        names = []
        context = self.authority.context("127.0.0.1", "localhost")
        context.sni_callback = lambda _, name, __: names.append(name)
        for host in ("localhost", "127.0.0.1"):
            self.assertEqual(self.outcome(context, host).get("status"), 200)
        self.assertEqual(names, ["localhost", None])

    def test_the_protocol_is_what_the_server_chooses(self):
        for offered, protocol in ((["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "h2"), (None, None)):
            context = self.authority.context("127.0.0.1")
            if offered:
                context.set_alpn_protocols(offered)
            with DifficultServer(serving(fine), context) as server, Driver() as driver:
                outcome = driver.ask(server.url(), ca_pem=self.authority.pem)
            self.assertEqual([each["protocol"] for each in server.handshakes], [protocol])
            # This server says that it speaks HTTP/2, and does not.
            self.assertEqual(outcome.get("status"), None if protocol == "h2" else 200, outcome)

    def test_a_silent_tls_server_ends_with_the_deadline(self):
        def silent(visit):
            visit.wait_for_client()

        for accept, phase in ((True, "during the TLS handshake"), (False, "connecting")):
            with self.subTest(phase), DifficultServer(silent, self.context, handshake=False) as server:
                if not accept:
                    # A full queue of connections: the kernel does not answer any more.
                    server.close()
                    with full_queue() as port, Driver() as driver:
                        outcome = driver.ask(f"https://127.0.0.1:{port}/", deadline_ms=400)
                else:
                    with Driver() as driver:
                        outcome = driver.ask(server.url(), deadline_ms=400)
                self.assertEqual(outcome.get("error"), "network.timeout", outcome)
                self.assertIn(phase, outcome["message"])
                self.assertIn("deadline of 0.4 s", outcome["message"])

    def test_a_port_that_speaks_no_tls_is_named_so(self):
        def plain(visit):
            visit.receive()
            visit.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        with DifficultServer(plain) as server, Driver() as driver:
            outcome = driver.ask(server.url().replace("http:", "https:"))
        self.assertEqual(outcome.get("error"), "network.tls", outcome)
        self.assertIn("http://", outcome["next"])

    def test_a_connection_that_ends_in_the_handshake_was_not_sent_anything(self):
        for end in (lambda visit: visit.receive(), lambda visit: visit.reset()):
            with DifficultServer(end, self.context, handshake=False) as server, Driver() as driver:
                outcome = driver.ask(server.url(), "POST")
            self.assertIn(outcome.get("error"), ("network.tls", "network.lost"), outcome)

    def test_a_server_that_wants_a_client_certificate_is_told_as_that(self):
        context = self.authority.context("127.0.0.1")
        context.load_verify_locations(cadata=self.authority.pem)
        context.verify_mode = ssl.CERT_REQUIRED
        outcome = self.outcome(context)
        self.assertEqual(outcome.get("error"), "client_certificate.wanted", outcome)
        self.assertIn("--client-cert", outcome["next"])


if __name__ == "__main__":
    unittest.main()
