#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How the wire looks names up: in a network and mount namespace with a name server of its own."""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

from difficult_server import DifficultServer, fine, full_queue, serving
from wire_driver import Driver

INSIDE = "ATLINK_TEST_INSIDE_NAMESPACE"
NAMESPACES = (["unshare", "--mount", "--net"], ["unshare", "--user", "--map-root-user", "--mount", "--net"])
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
# Longer than a driver is waited for: a look-up that nothing ends shows as a hang.
RESOLVER = "nameserver 127.0.0.1\noptions timeout:30 attempts:5\n"
HOSTS = """127.0.0.1 localhost one.example
127.0.0.2 two.example
127.0.0.1 two.example
"""


def enter_namespace():
    """Runs this program again inside new namespaces; says so where the system does not let us."""
    for command in NAMESPACES:
        probe = [*command, "mount", "--bind", "/etc/hosts", "/etc/hosts"]
        try:
            allowed = subprocess.run(probe, capture_output=True, check=False).returncode == 0
        except FileNotFoundError:
            allowed = False
        if allowed:
            os.environ[INSIDE] = "1"
            os.execvp(command[0], [*command, sys.executable, "-B", *sys.argv])
    print("skipped: unshare may not make network and mount namespaces here")
    sys.exit(77)


def furnish(folder):
    """Brings loopback up and puts our own files where names are looked up."""
    with socket.socket() as any_socket:
        request = struct.pack("16sh14s", b"lo", 0, b"")
        flags = struct.unpack("16sh14s", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14s", b"lo", flags | IFF_UP, b""))
    files = {"resolv.conf": RESOLVER, "hosts": HOSTS, "nsswitch.conf": "hosts: files dns\n"}
    for name, text in files.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, 0o644)
        subprocess.run(["mount", "--bind", path, f"/etc/{name}"], check=True)


class NameServer:
    """Says that names with "missing" do not exist, and is silent about all others."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, client = self.socket.recvfrom(1024)
            self.asked.set()
            if b"missing" in query:
                self.socket.sendto(query[:2] + b"\x81\x83" + query[4:], client)


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        furnish(cls.folder.name)
        cls.name_server = NameServer()

    @classmethod
    def tearDownClass(cls):
        for name in ("resolv.conf", "hosts", "nsswitch.conf"):
            subprocess.run(["umount", f"/etc/{name}"], check=True)
        cls.folder.cleanup()

    def test_a_mute_name_server_ends_with_the_deadline_and_holds_up_no_exit(self):
        for limit in ({"deadline_ms": 500}, {"deadline_ms": 0, "idle_ms": 500}):
            self.name_server.asked.clear()
            with self.subTest(**limit), Driver() as driver:
                outcome = driver.ask("http://mute.example/", **limit)
                self.assertEqual(outcome.get("error"), "network.timeout", outcome)
                self.assertIn("while the host name was looked up", outcome["message"])
                self.assertIn("mute.example:80", outcome["message"])
                self.assertTrue(self.name_server.asked.is_set())
                # The same process goes on meanwhile.
                with DifficultServer(serving(fine)) as server:
                    self.assertEqual(driver.ask(server.url()).get("status"), 200)

    def test_a_name_that_does_not_exist_is_named(self):
        with Driver() as driver:
            outcome = driver.ask("http://missing.example/")
        self.assertEqual(outcome.get("error"), "network.name", outcome)
        self.assertIn("missing.example", outcome["message"])

    def test_a_name_with_two_addresses_of_which_one_refuses_is_reached(self):
        # One after the other listens alone, so that whatever is tried first refuses once.
        for address in ("127.0.0.1", "127.0.0.2"):
            with DifficultServer(serving(fine), address=address) as server, Driver() as driver:
                outcome = driver.ask(server.url(host="two.example"))
                self.assertEqual(outcome.get("status"), 200, outcome)
                self.assertIn(f"Host: two.example:{server.port}".encode(), server.heads[0])

    def test_a_dead_address_costs_a_part_of_the_time_and_the_next_one_is_reached(self):
        for dead, alive in (("127.0.0.1", "127.0.0.2"), ("127.0.0.2", "127.0.0.1")):
            with DifficultServer(serving(fine), address=alive) as server, full_queue(dead, server.port), Driver() as driver:
                outcome = driver.ask(server.url(host="two.example"), deadline_ms=4000)
                self.assertEqual(outcome.get("status"), 200, outcome)

    def test_addresses_that_all_refuse_are_a_refusal(self):
        with Driver() as driver:
            outcome = driver.ask("http://two.example:9/")
        self.assertEqual(outcome.get("error"), "network.refused", outcome)
        self.assertIn("two.example:9", outcome["message"])

    def test_a_network_without_a_way_is_unreachable(self):
        with Driver() as driver:
            outcome = driver.ask("http://192.0.2.1/")
        self.assertEqual(outcome.get("error"), "network.unreachable", outcome)
        self.assertIn("192.0.2.1:80", outcome["message"])


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_namespace()
    unittest.main()
