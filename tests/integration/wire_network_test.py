#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""IPv6, names with two addresses, and HTTP/2 servers that take a request back."""

import socket
import tempfile
import unittest

from certificates import Authority
from difficult_server import DifficultServer, fine, serving
from wire_driver import Driver, text_body

HEADERS, RST_STREAM, SETTINGS, GOAWAY = 1, 3, 4, 7
REFUSED_STREAM, HTTP_1_1_REQUIRED = 7, 13


def frame(kind, payload=b"", stream=0, flags=0):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def http2(reaction):
    """Speaks just enough of HTTP/2 to take one request, and then does `reaction(stream)`."""

    def script(visit):
        visit.read_exactly(24)
        visit.send(frame(SETTINGS))
        while True:
            head = visit.read_exactly(9)
            visit.read_exactly(int.from_bytes(head[:3], "big"))
            if head[3] == HEADERS:
                visit.server.heads.append(head)
                visit.send(reaction(int.from_bytes(head[5:], "big")))
                if reaction is drops:
                    return

    return script


def refuses(stream):
    return frame(RST_STREAM, REFUSED_STREAM.to_bytes(4, "big"), stream)


def wants_the_old_one(stream):
    return frame(RST_STREAM, HTTP_1_1_REQUIRED.to_bytes(4, "big"), stream)


def goes_away(_stream):
    return frame(GOAWAY, bytes(8))


def drops(_stream):
    return b""


def addresses_of(name):
    try:
        return {each[4][0] for each in socket.getaddrinfo(name, 80)}
    except OSError:
        return set()


class Network(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.folder.name)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_an_ipv6_address_in_the_url(self):
        for context in (None, self.authority.context("::1")):
            try:
                server = DifficultServer(serving(fine), context, address="::1")
            except OSError:
                self.skipTest("this machine has no IPv6 loopback")
            with server, Driver() as driver:
                outcome = driver.ask(server.url(host="[0:0::1]"), ca_pem=self.authority.pem)
            self.assertEqual(outcome.get("status"), 200, outcome)
            self.assertIn(f"Host: [::1]:{server.port}\r\n".encode(), server.heads[0])

    def test_a_name_with_addresses_of_both_families(self):
        if addresses_of("localhost") != {"127.0.0.1", "::1"}:
            self.skipTest("localhost has not both addresses here")
        for address in ("127.0.0.1", "::1"):
            with DifficultServer(serving(fine), address=address) as server, Driver() as driver:
                self.assertEqual(driver.ask(server.url(host="localhost")).get("status"), 200)

    def ask_http2(self, reaction, **plan):
        context = self.authority.context("127.0.0.1")
        context.set_alpn_protocols(["h2"])
        with DifficultServer(http2(reaction), context) as server, Driver() as driver:
            outcome = driver.ask(server.url(), ca_pem=self.authority.pem, **plan)
            server.problems.clear()  # the client left first
        return outcome, server

    def test_a_request_that_http2_gives_back_is_not_sent_again_by_itself(self):
        for reaction in (refuses, wants_the_old_one, goes_away, drops):
            for plan in ({}, {"method": "POST", "body": text_body("pay 5")}):
                with self.subTest(reaction.__name__, plan=plan):
                    outcome, server = self.ask_http2(reaction, deadline_ms=5000, **plan)
                    self.assertIn(outcome.get("error"), ("network.answer_lost", "network.timeout"), outcome)
                    self.assertEqual((len(server.heads), server.connections), (1, 1))


if __name__ == "__main__":
    unittest.main(verbosity=1)
