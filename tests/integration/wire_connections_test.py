#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the wire keeps connections, and that it never sends a request twice."""

import os
import tempfile
import unittest

from certificates import Authority
from difficult_server import DifficultServer, fine, sending, serving
from wire_driver import Driver, text_body

POST = {"method": "POST", "body": text_body("pay 5")}


def first_then_close(visit):
    """Answers one request on each connection, and closes it when it is idle."""
    visit.server.heads.append(visit.read_head())
    fine(visit)
    visit.pause(0.1)


def first_then_mute(visit):
    """Answers one request on the first connection, takes a second one and closes without an answer;
    other connections are answered."""
    while head := visit.read_head():
        visit.server.heads.append(head)
        if visit.number == 1 and len(visit.server.heads) > 1:
            return
        fine(visit)


class Connections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.authority = Authority(cls.folder.name)
        cls.contexts = {"http": None, "https": cls.authority.context("127.0.0.1")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def both(self, script):
        """A server without and one with TLS, and a driver each."""
        for scheme, context in self.contexts.items():
            with self.subTest(scheme), DifficultServer(script, context) as server, Driver() as driver:
                ask = lambda server=server, driver=driver, **plan: driver.ask(
                    server.url(), ca_pem=self.authority.pem, **plan)  # fmt: skip
                yield server, ask

    def test_one_connection_serves_one_request_after_the_other(self):
        for server, ask in self.both(serving(fine)):
            for _ in range(20):
                self.assertEqual(ask()["status"], 200)
                self.assertEqual(ask(**POST)["status"], 200)
            self.assertEqual((len(server.heads), server.connections), (40, 1))

    def test_a_connection_that_the_server_closed_while_idle_is_not_used(self):
        for server, ask in self.both(first_then_close):
            for plan in ({}, POST, {}, POST):
                outcome = ask(**plan)
                self.assertEqual(outcome.get("status"), 200, outcome)
                server.threads[-1].join(10)
            self.assertEqual((len(server.heads), server.connections), (4, 4))

    def test_a_kept_connection_that_closes_under_a_request_is_an_answer_lost(self):
        for plan in (POST, {}, {"method": "DELETE"}):
            for server, ask in self.both(first_then_mute):
                self.assertEqual(ask()["status"], 200)
                outcome = ask(**plan)
                self.assertEqual(outcome.get("error"), "network.answer_lost", outcome)
                self.assertIn("may have been carried out", outcome["next"])
                # Exactly one delivery, and nothing else was tried.
                self.assertEqual((len(server.heads), server.connections), (2, 1))
                self.assertEqual(ask()["status"], 200)
                self.assertEqual((len(server.heads), server.connections), (3, 2))

    def test_a_kept_connection_that_resets_under_a_request_is_an_answer_lost(self):
        def script(visit):
            while head := visit.read_head():
                visit.server.heads.append(head)
                if len(visit.server.heads) > 1:
                    visit.reset()
                    return
                fine(visit)

        for server, ask in self.both(script):
            self.assertEqual(ask()["status"], 200)
            outcome = ask(**POST)
            self.assertEqual(outcome.get("error"), "network.answer_lost", outcome)
            self.assertEqual((len(server.heads), server.connections), (2, 1))

    def test_a_streamed_body_on_a_kept_connection_that_closes_is_sent_once(self):
        def script(visit):
            if visit.read_head():
                fine(visit)
                visit.server.heads.append(visit.read_head())
                visit.read_exactly(100000)

        body = {"bytes": 3000000, "announced": 3000000}
        for server, ask in self.both(script):
            self.assertEqual(ask()["status"], 200)
            outcome = ask(method="PUT", body=body)
            self.assertEqual(outcome.get("error"), "network.answer_lost", outcome)
            self.assertEqual((len(server.heads), server.connections), (1, 1))

    def test_a_new_connection_that_closes_unanswered_is_an_answer_lost(self):
        def script(visit):
            visit.server.heads.append(visit.read_head())

        for server, ask in self.both(script):
            outcome = ask(**POST)
            self.assertEqual(outcome.get("error"), "network.answer_lost", outcome)
            self.assertEqual((len(server.heads), server.connections), (1, 1))

    def test_bytes_that_nobody_asked_for_are_no_answer(self):
        late = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"

        def script(visit):
            while head := visit.read_head():
                visit.server.heads.append(head)
                fine(visit)
                if visit.number == 1:
                    visit.pause(0.1)
                    visit.send(late)
                    visit.server.late.set()

        import threading

        for server, ask in self.both(script):
            server.late = threading.Event()
            self.assertEqual(ask()["status"], 200)
            self.assertTrue(server.late.wait(10))
            self.assertEqual(ask(**POST).get("status"), 200)
            self.assertEqual((len(server.heads), server.connections), (2, 2))

    def test_a_body_left_over_after_its_length_ends_the_connection(self):
        # At once: what comes later may look like the beginning of the next answer.
        surplus = sending(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfinesurplus")
        for server, ask in self.both(serving(surplus)):
            self.assertEqual([ask()["body"], ask()["body"]], ["fine", "fine"])
            self.assertEqual(server.connections, 2)

    def test_connection_close_is_kept_to(self):
        close = serving(lambda visit: visit.answer(headers=["Connection: close"]))
        for server, ask in self.both(close):
            self.assertEqual([ask()["status"], ask(**POST)["status"]], [200, 200])
            self.assertEqual(server.connections, 2)

    def test_threads_share_the_pool(self):
        for server, ask in self.both(serving(fine)):
            outcomes = ask(threads=8, times=25)
            self.assertEqual([each.get("body") for each in outcomes], ["fine"] * 200)
            self.assertLessEqual(server.connections, 8)
            self.assertEqual(len(server.heads), 200)

    def test_an_early_answer_during_an_upload_comes_through(self):
        def too_large(visit):
            visit.server.heads.append(visit.read_head())
            visit.read_exactly(290000)
            visit.answer(b"too large", "413 Payload Too Large", ["Connection: close"])
            if visit.server.context:
                # TLS takes long enough to write for a reset to come in between.
                visit.pause(1)
            # Else the end of the connection with unread bytes makes the kernel reset it.

        for announced in ({"announced": 50000000}, {}):
            for pace in ({}, {"piece": 50000, "pause_ms": 5}):
                for server, ask in self.both(too_large):
                    outcome = ask(method="POST", body={"bytes": 50000000, **announced, **pace})
                    self.assertEqual(outcome.get("status"), 413, outcome)
                    self.assertEqual(outcome["body"], "too large")
                    self.assertEqual(len(server.heads), 1)
                    self.assertNotIn(b"Expect", server.heads[0])

    def test_connections_are_not_inherited_by_child_processes(self):
        with DifficultServer(serving(fine)) as server, Driver() as driver:
            self.assertEqual(driver.ask(server.url())["status"], 200)
            folder = f"/proc/{driver.process.pid}"
            with open(f"{folder}/net/tcp", encoding="ascii") as table:
                tcp = {f"socket:[{line.split()[9]}]" for line in table}
            kept = [number for number in os.listdir(f"{folder}/fd")
                    if os.readlink(f"{folder}/fd/{number}") in tcp]  # fmt: skip
            self.assertEqual(len(kept), 1)
            with open(f"{folder}/fdinfo/{kept[0]}", encoding="ascii") as info:
                flags = next(line for line in info if line.startswith("flags:"))
            self.assertTrue(int(flags.split()[1], 8) & os.O_CLOEXEC)

    def test_nothing_is_loaded_before_the_first_exchange(self):
        with DifficultServer(serving(fine)) as server, Driver() as driver:
            self.assertFalse(driver.has_loaded("libcurl"))
            self.assertFalse(driver.has_loaded("wire.so"))
            self.assertEqual(driver.ask(server.url())["status"], 200)
            self.assertTrue(driver.has_loaded("libcurl"))

    def test_a_refused_connection_names_host_and_port(self):
        with DifficultServer(serving(fine)) as server:
            url, port = server.url(), server.port
        with Driver() as driver:
            outcome = driver.ask(url)
        self.assertEqual(outcome.get("error"), "network.refused", outcome)
        self.assertIn(f"127.0.0.1:{port}", outcome["message"])


if __name__ == "__main__":
    unittest.main()
