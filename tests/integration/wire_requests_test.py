#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the wire sends, byte for byte, and what it refuses to send."""

import unittest

from difficult_server import DifficultServer, fine, serving
from wire_driver import Driver, text_body

TARGETS = (
    "/", "/?", "/a/../b/./c/..", "//double//slash/", "/a%2Fb%2f%41", "/%C3%A9?%C3%a9=%c3%A9",
    "/a;b=c,d/!$&'()*+:@~_-.", "/x?a=b&a=b&&=&c&d=", "/x?q=a+b%20c", "/x?url=http://y/?z=%3F/../",
    "/..", "/a/%2e%2e/b", "/x??", "/" + "p" * 8000 + "?" + "q" * 8000,
)  # fmt: skip
ENCODING = b"Accept-Encoding: gzip, deflate"


def reading(visit, head):
    """The body that belongs to `head`."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return visit.read_exactly(int(line.split(b":")[1]))
        if line == b"transfer-encoding: chunked":
            return visit.read_chunks()
    return b""


def recorder(visit):
    """Answers each request, and notes it whole."""
    while head := visit.read_head():
        visit.server.heads.append((head, reading(visit, head)))
        fine(visit)


class Requests(unittest.TestCase):
    def sent(self, method="GET", path="/", address="127.0.0.1", host=None, **plan):
        """The request line, the other lines of the head, and the body, as the server got them."""
        host = host or (f"[{address}]" if ":" in address else address)
        with DifficultServer(recorder, address=address) as server, Driver() as driver:
            outcome = driver.ask(server.url(path, host), method, **plan)
            self.assertEqual(outcome.get("status"), 200, outcome)
            self.assertEqual(len(server.heads), 1)
            head, body = server.heads[0]
        lines = head[:-4].split(b"\r\n")
        self.assertEqual(lines[1], f"Host: {host}:{server.port}".encode())
        return lines[0], lines[2:], body

    def test_the_target_goes_out_as_it_is(self):
        with DifficultServer(recorder) as server, Driver() as driver:
            for target in TARGETS:
                outcome = driver.ask(server.url(target))
                self.assertEqual(outcome.get("status"), 200, (target[:80], outcome))
            lines = [head.split(b"\r\n")[0].decode() for head, _ in server.heads]
        self.assertEqual(lines, [f"GET {target} HTTP/1.1" for target in TARGETS])

    def test_nothing_is_added_but_what_belongs_to_the_wire(self):
        line, fields, body = self.sent()
        self.assertEqual((line, fields, body), (b"GET / HTTP/1.1", [ENCODING], b""))
        line, fields, body = self.sent("POST", body=text_body("a=b"))
        self.assertEqual((line, body), (b"POST / HTTP/1.1", b"a=b"))
        self.assertEqual(fields, [ENCODING, b"Content-Length: 3"])

    def test_headers_go_out_as_they_are_and_in_order(self):
        headers = [
            ["Authorization", 'OAuth realm="", oauth_signature="' + "s" * 4000 + '"'],
            ["X-Twice", "1"], ["x-twice", "2"], ["X-Empty", ""], ["X-Semicolon", ";"],
            ["Accept", "*/*"], ["User-Agent", "test"], ["Content-Type", "text/x; y=\"z\""],
            ["X-Bytes", "caf\u00e9 \t tab"],
        ]  # fmt: skip
        _, fields, _ = self.sent("POST", headers=headers, body=text_body("x"))
        expected = [f"{name}: {value}".encode() for name, value in headers]
        expected[3] = b"X-Empty:"
        self.assertEqual(fields, [*expected, ENCODING, b"Content-Length: 1"])

    def test_an_own_accept_encoding_takes_the_place_of_ours(self):
        _, fields, _ = self.sent(headers=[["accept-encoding", "identity"]])
        self.assertEqual(fields, [b"accept-encoding: identity"])

    def test_hosts_are_named_as_in_the_url(self):
        self.sent(address="::1")
        self.sent(host="localhost")

    def test_methods_say_whether_there_is_a_body(self):
        for method in ("POST", "PUT", "PATCH"):
            line, fields, _ = self.sent(method)
            self.assertEqual(line.decode(), f"{method} / HTTP/1.1")
            self.assertEqual(fields, [ENCODING, b"Content-Length: 0"])
        for method in ("DELETE", "OPTIONS", "PROPFIND"):
            line, fields, _ = self.sent(method)
            self.assertEqual((line.decode(), fields), (f"{method} / HTTP/1.1", [ENCODING]))
        for method in ("GET", "DELETE", "PUT", "REPORT"):
            line, fields, body = self.sent(method, body=text_body("body"))
            self.assertEqual((line.decode(), body), (f"{method} / HTTP/1.1", b"body"))
            self.assertIn(b"Content-Length: 4", fields)
        _, fields, _ = self.sent("DELETE", body=text_body(""))
        self.assertIn(b"Content-Length: 0", fields)

    def test_bodies_of_every_size_arrive_whole(self):
        letters = bytes(ord("a") + i % 23 for i in range(23))
        for size in (1, 65535, 65536, 65537, 524288, 3000001):
            expected = letters * (size // 23) + letters[: size % 23]
            for announced in ({"announced": size}, {}):
                for pace in ({}, {"piece": 1000}):
                    with self.subTest(size=size, **announced, **pace):
                        body = {"bytes": size, **announced, **pace}
                        _, fields, arrived = self.sent("POST", body=body)
                        self.assertEqual(arrived, expected)
                        framing = f"Content-Length: {size}" if announced else "Transfer-Encoding: chunked"
                        self.assertEqual(sorted(fields), sorted([ENCODING, framing.encode()]))

    def test_one_kept_connection_takes_all_kinds_of_requests(self):
        plans = [
            ("GET", {}), ("POST", {"body": text_body("x")}), ("HEAD", {}), ("GET", {}),
            ("PUT", {"body": {"bytes": 100000}}), ("DELETE", {}), ("POST", {}),
            ("PUT", {"body": {"bytes": 100000, "announced": 100000}}), ("GET", {}),
        ]  # fmt: skip

        def script(visit):
            while head := visit.read_head():
                visit.server.heads.append((head, reading(visit, head)))
                body = b"" if head.startswith(b"HEAD") else b"fine"
                visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body)

        with DifficultServer(script) as server, Driver() as driver:
            for method, plan in plans:
                self.assertEqual(driver.ask(server.url(), method, **plan).get("status"), 200)
            self.assertEqual(server.connections, 1)
        got = [(head.split()[0].decode(), len(body)) for head, body in server.heads]
        self.assertEqual([method for method, _ in plans], [method for method, _ in got])
        self.assertEqual([size for _, size in got], [0, 1, 0, 0, 100000, 0, 0, 100000, 0])
        for head, body in server.heads:
            if not body and not head.startswith(b"POST"):
                self.assertNotIn(b"content-length", head.lower())
                self.assertNotIn(b"transfer-encoding", head.lower())

    def refused(self, method="GET", path="/", **plan):
        with DifficultServer(serving(fine)) as server, Driver() as driver:
            outcome = driver.ask(server.url(path), method, **plan)
            self.assertEqual(server.connections, 0)
        return outcome.get("error")

    def test_line_breaks_never_reach_the_wire(self):
        for value in ("a\r\nX: y", "a\nb", "a\rb", "a\u0001b", "a\u007fb"):
            self.assertEqual(self.refused(headers=[["X-Evil", value]]), "header.invalid")
        for name in ("X\r\nY", "X Y", "X:", "", "X\u00e9"):
            self.assertEqual(self.refused(headers=[[name, "1"]]), "header.invalid")
        for path in ("/a\r\nX: y", "/a b", "/a\u00e9", "/a\tb", "/a%2"):
            self.assertEqual(self.refused(path=path), "url.invalid")
        for method in ("GET /x", "GET\r\nX:", "", "get"):
            self.assertEqual(self.refused(method), "usage")

    def test_what_follows_from_url_and_body_cannot_be_given(self):
        for name in ("Host", "content-length", "Transfer-Encoding"):
            self.assertEqual(self.refused(headers=[[name, "1"]]), "header.invalid")
        self.assertEqual(self.refused("HEAD", body=text_body("x")), "usage")

    def outcome_of_body(self, body, read=10):
        def script(visit):
            visit.server.heads.append(visit.read_head())
            visit.read_exactly(read)
            visit.wait_for_client()

        with DifficultServer(script) as server, Driver() as driver:
            outcome = driver.ask(server.url(), "PUT", body=body)
        return outcome

    def test_the_error_of_a_body_ends_the_exchange(self):
        for size in (100, 5000000):
            for announced in ({"announced": size}, {}):
                body = {"bytes": size, "fail_after": size // 2, "piece": size // 10, **announced}
                outcome = self.outcome_of_body(body)
                self.assertEqual(outcome.get("error"), "file.io", outcome)
                self.assertEqual(outcome["message"], "the planned body fails here")

    def test_a_body_that_ends_before_its_length_is_an_error_and_no_hang(self):
        for size in (100, 5000000):
            outcome = self.outcome_of_body({"bytes": size, "announced": size + 1})
            self.assertEqual(outcome.get("error"), "file.io", outcome)
            self.assertIn(f"ended after {size} of {size + 1} bytes", outcome["message"])

    def test_a_body_that_grows_is_sent_at_the_length_it_had(self):
        for size in (100, 3000000):
            _, _, body = self.sent("PUT", body={"bytes": size + 1000, "announced": size})
            self.assertEqual(len(body), size)

    def test_memory_does_not_grow_with_bodies(self):
        def script(visit):
            while head := visit.read_head():
                visit.server.heads.append(head)
                left = int(next(line for line in head.split(b"\r\n") if b"Length" in line).split()[1])
                left -= len(visit.pending)
                visit.pending = b""
                while left > 0:
                    left -= len(visit.connection.recv(min(left, 1 << 20)))
                size = int(head.split()[1][1:])
                visit.send(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode())
                piece = bytes(1 << 20)
                for _ in range(size >> 20):
                    visit.send(piece)

        def peak(driver):
            with open(f"/proc/{driver.process.pid}/status", encoding="ascii") as status:
                return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

        with DifficultServer(script) as server, Driver() as driver:
            if driver.has_loaded("san.so"):
                self.skipTest("sanitizers keep freed memory for a while")
            sizes = (4 << 20, 200 << 20)
            peaks = []
            for size in sizes:
                body = {"bytes": size, "announced": size}
                outcome = driver.ask(server.url(f"/{size}"), "PUT", body=body, keep=0)
                self.assertEqual(outcome.get("bytes"), size, outcome)
                peaks.append(peak(driver))
        self.assertLess(peaks[1] - peaks[0], 2048, peaks)
        self.assertLess(peaks[1], 24 << 10)


if __name__ == "__main__":
    unittest.main()
