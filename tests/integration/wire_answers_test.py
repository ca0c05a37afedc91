#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the wire makes of answers that are cut, huge, slow, compressed or no HTTP at all."""

import gzip
import tempfile
import unittest
import zlib

from certificates import Authority
from difficult_server import DifficultServer, fine, sending, serving
from wire_driver import Driver

HEAD = b"HTTP/1.1 200 OK\r\n"


def closing(data):
    """An answer made of these bytes, and the end of the connection."""

    def answer(visit):
        visit.send(data)
        visit.cut()
        raise ConnectionError("closed on purpose")

    return answer


class Answers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.folder.name)
        cls.context = cls.authority.context("127.0.0.1", "localhost")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def outcome(self, answer, context=None, **plan):
        with DifficultServer(serving(answer), context) as server, Driver() as driver:
            return driver.ask(server.url(), ca_pem=self.authority.pem, **plan)

    def check_truncated(self, outcome, arrived):
        self.assertEqual(outcome.get("error"), "answer.truncated", outcome)
        self.assertEqual(outcome["body"], arrived)
        self.assertIn("127.0.0.1", outcome["message"])

    def test_a_body_shorter_than_its_length_is_truncated(self):
        self.check_truncated(
            self.outcome(closing(HEAD + b"Content-Length: 100\r\n\r\n0123456789")), "0123456789")

    def test_a_chunked_body_without_its_end_is_truncated(self):
        head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        for data in (b"a\r\n0123456789\r\n", b"a\r\n01234", b"a\r\n0123456789\r\n0\r\n"):
            with self.subTest(data):
                outcome = self.outcome(closing(head + data))
                self.assertEqual(outcome.get("error"), "answer.truncated", outcome)

    def test_a_tls_body_without_close_notify_is_truncated(self):
        for length in (b"Content-Length: 100\r\n", b""):
            with self.subTest(length):
                outcome = self.outcome(closing(HEAD + length + b"\r\n0123456789"), self.context)
                self.check_truncated(outcome, "0123456789")

    def test_a_body_until_the_end_of_the_connection_is_whole(self):
        outcome = self.outcome(closing(HEAD + b"\r\n0123456789"))
        self.assertEqual((outcome["status"], outcome["body"]), (200, "0123456789"))

    def test_a_tls_body_until_close_notify_is_whole(self):
        def answer(visit):
            visit.send(HEAD + b"\r\n0123456789")
            visit.connection.unwrap()
            raise ConnectionError("closed on purpose")

        outcome = self.outcome(answer, self.context)
        self.assertEqual((outcome.get("status"), outcome["body"]), (200, "0123456789"), outcome)
        outcome = self.outcome(closing(HEAD + b"\r\n"), self.context, method="HEAD")
        self.assertEqual(outcome.get("status"), 200, outcome)

    def test_a_head_that_ends_early_is_truncated(self):
        outcome = self.outcome(closing(HEAD + b"Content-Type: te"))
        self.assertEqual(outcome.get("error"), "answer.truncated", outcome)
        self.assertEqual(outcome["heads"], 0)

    def test_a_connection_reset_in_a_body_is_truncation(self):
        def answer(visit):
            visit.send(HEAD + b"Content-Length: 100\r\n\r\n0123456789")
            # Time for the client to take what is there: a reset may throw it away.
            visit.pause(0.2)
            visit.reset()
            raise ConnectionError("reset on purpose")

        self.check_truncated(self.outcome(answer), "0123456789")

    def test_a_long_header_value_arrives_whole(self):
        value = "v" * 60000
        outcome = self.outcome(lambda visit: visit.answer(headers=[f"X-Long: {value}"]))
        self.assertIn(["X-Long", value], outcome["headers"])

    def test_hundreds_of_fields_arrive_in_order(self):
        fields = [f"X-Field-{i}: {i}" for i in range(400)]
        outcome = self.outcome(lambda visit: visit.answer(headers=fields))
        self.assertEqual(outcome["status"], 200, outcome)
        self.assertEqual([": ".join(field) for field in outcome["headers"][1:]], fields)

    def test_a_long_header_name_arrives_whole(self):
        name = "X-" + "n" * 1000
        outcome = self.outcome(lambda visit: visit.answer(headers=[f"{name}: 1"]))
        self.assertIn([name, "1"], outcome["headers"])

    def test_a_head_of_200_kib_arrives_and_a_larger_one_is_refused(self):
        fields = [f"X-Field: {'v' * 1000}"] * 200
        outcome = self.outcome(lambda visit: visit.answer(headers=fields))
        self.assertEqual(len(outcome["headers"]), 201)
        for many in (fields * 2, [f"X-Field: {'v' * 300000}"], ["X: 1"] * 100000):
            outcome = self.outcome(lambda visit, many=many: visit.answer(headers=many))
            self.assertEqual(outcome.get("error"), "answer.too_large", outcome)

    def test_interim_answers_are_passed_over(self):
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style>; rel=preload\r\n\r\n"
        proceed = b"HTTP/1.1 100 Continue\r\n\r\n"
        first = sending(hints + proceed + hints + HEAD + b"Content-Length: 5\r\n\r\nfirst")
        second = sending(HEAD + b"Content-Length: 6\r\n\r\nsecond")
        with DifficultServer(serving(first, second)) as server, Driver() as driver:
            one, two = driver.ask(server.url()), driver.ask(server.url())
        self.assertEqual((one["status"], one["body"], one["heads"]), (200, "first", 1))
        self.assertEqual(one["headers"], [["Content-Length", "5"]])
        self.assertEqual((two["status"], two["body"]), (200, "second"))
        self.assertEqual(server.connections, 1)

    def test_an_interim_answer_and_then_nothing_is_truncated(self):
        outcome = self.outcome(closing(b"HTTP/1.1 103 Early Hints\r\n\r\n"))
        self.assertEqual(outcome.get("error"), "answer.truncated", outcome)

    def test_folded_fields_and_odd_spacing_are_read(self):
        outcome = self.outcome(sending(
            HEAD + b"X-Folded: one\r\n  two\r\nX-Empty:\r\nX-Spaced: \t a b \t\r\n"
            b"Content-Length: 0\r\n\r\n"))  # fmt: skip
        self.assertEqual(outcome["status"], 200, outcome)
        fields = dict(map(tuple, outcome["headers"]))
        self.assertEqual(fields["X-Folded"].split(), ["one", "two"])
        self.assertEqual((fields["X-Empty"], fields["X-Spaced"]), ("", "a b"))

    def test_what_is_no_http_is_not_understood(self):
        for data in (b"<html>hello</html>\n", b"220 mail ready\r\n", b"SSH-2.0-x\r\n"):
            with self.subTest(data):
                outcome = self.outcome(closing(data))
                self.assertEqual(outcome.get("error"), "answer.not_understood", outcome)

    def test_lengths_that_contradict_each_other_are_not_understood(self):
        for lengths, understood in (((4, 4), True), ((4, 7), False), ((7, 4), False)):
            fields = "".join(f"Content-Length: {length}\r\n" for length in lengths).encode()
            outcome = self.outcome(closing(HEAD + fields + b"\r\nfine"))
            self.assertEqual(outcome.get("status") == 200, understood, outcome)
            if not understood:
                self.assertEqual(outcome["error"], "answer.not_understood")

    def test_a_drip_fed_head_ends_with_the_deadline(self):
        def drip(visit):
            for byte in HEAD + b"X-Slow: " + b"s" * 200:
                visit.send(bytes([byte]))
                if not visit.pause(0.05):
                    return

        outcome = self.outcome(drip, deadline_ms=1500)
        self.assertEqual(outcome.get("error"), "answer.truncated", outcome)
        self.assertIn("deadline of 1.5 s", outcome["message"])

    def test_a_silent_server_ends_with_the_deadline(self):
        outcome = self.outcome(lambda visit: visit.receive(), deadline_ms=300)
        self.assertEqual(outcome.get("error"), "network.timeout", outcome)
        self.assertIn("may have been carried out", outcome["next"])

    def test_the_idle_deadline_lets_a_slow_body_through_and_ends_a_silent_one(self):
        def slowly(visit):
            visit.send(HEAD + b"Content-Length: 8\r\n\r\n")
            for _ in range(8):
                visit.pause(0.15)
                visit.send(b"x")

        def half(visit):
            visit.send(HEAD + b"Content-Length: 8\r\n\r\nxxxx")
            visit.wait_for_client()

        whole = self.outcome(slowly, idle_ms=800, deadline_ms=500)
        self.assertEqual(whole.get("body"), "xxxxxxxx", whole)
        cut = self.outcome(half, idle_ms=300, deadline_ms=60000)
        self.assertEqual(cut.get("error"), "answer.truncated", cut)
        self.assertIn("no byte came or went for 0.3 s", cut["message"])

    def test_an_error_status_is_an_answer(self):
        for status in ("301 Moved", "401 No", "404 None", "500 Broken"):
            outcome = self.outcome(lambda visit, status=status: visit.answer(
                b"why", status, ["Location: http://127.0.0.1:1/", "WWW-Authenticate: Basic"]))
            self.assertEqual((outcome["status"], outcome["body"]), (int(status[:3]), "why"))

    def test_answers_without_a_body_leave_the_connection_usable(self):
        no_content = sending(b"HTTP/1.1 204 No Content\r\n\r\n")
        not_modified = sending(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n")
        script = serving(no_content, not_modified, fine)
        with DifficultServer(script) as server, Driver() as driver:
            statuses = [driver.ask(server.url())["status"] for _ in range(3)]
        self.assertEqual((statuses, server.connections), ([204, 304, 200], 1))

    def test_an_answer_to_head_has_no_body(self):
        head = sending(HEAD + b"Content-Length: 1000\r\nContent-Encoding: gzip\r\n\r\n")
        with DifficultServer(serving(head, fine)) as server, Driver() as driver:
            one, two = driver.ask(server.url(), "HEAD"), driver.ask(server.url())
        self.assertEqual((one["status"], one["bytes"], two["body"]), (200, 0, "fine"))
        self.assertTrue(server.heads[0].startswith(b"HEAD / HTTP/1.1\r\n"))

    def encoded(self, body, coding, **plan):
        return self.outcome(
            lambda visit: visit.answer(body, headers=[f"Content-Encoding: {coding}"]), **plan)

    def test_compressed_answers_are_decoded(self):
        plain = b"0123456789" * 50000
        raw = zlib.compressobj(wbits=-15)
        bodies = (
            (gzip.compress(plain), "gzip"), (gzip.compress(plain), "X-GZip"),
            (gzip.compress(plain[:7]) + gzip.compress(plain[7:]) + b"\0\0", "gzip"),
            (zlib.compress(plain), "deflate"),
            (raw.compress(plain) + raw.flush(), "deflate"), (plain, "identity"), (plain, ""),
        )  # fmt: skip
        for body, coding in bodies:
            with self.subTest(coding):
                outcome = self.encoded(body, coding)
                self.assertEqual(outcome.get("body"), plain.decode(), outcome.get("error"))

    def test_a_compressed_answer_that_ends_early_is_truncated(self):
        body = gzip.compress(b"0123456789" * 1000)
        for end in (-1, -9, 20, 5):
            with self.subTest(end):
                outcome = self.encoded(body[:end], "gzip")
                self.assertEqual(outcome.get("error"), "answer.truncated", outcome)

    def test_a_compressed_answer_that_is_damaged_is_not_understood(self):
        body = gzip.compress(bytes(range(256)) * 40)
        broken = body[:200] + b"\xff" * 20 + body[220:]
        checksum = body[:-8] + b"\0\0\0\0" + body[-4:]
        for damaged in (broken, checksum, b"no gzip at all", body + b"rest"):
            outcome = self.encoded(damaged, "gzip")
            self.assertEqual(outcome.get("error"), "answer.not_understood", outcome)

    def test_an_unknown_coding_is_named(self):
        outcome = self.encoded(b"\x8b\x00", "br")
        self.assertEqual(outcome.get("error"), "answer.not_understood", outcome)
        self.assertIn('"br"', outcome["message"])

    def test_the_errors_of_the_handler_come_through_unchanged(self):
        for refuse, code in (("head", "answer.login_page"), ("body", "file.unwritable")):
            outcome = self.outcome(fine, refuse=refuse)
            self.assertEqual(outcome.get("error"), code)
            self.assertEqual(outcome["message"], f"the handler refuses this {refuse}")
        self.assertEqual(self.outcome(fine, refuse="throw").get("error"), "internal")


if __name__ == "__main__":
    unittest.main()
