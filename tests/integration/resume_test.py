#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A sign-in that is interrupted, whatever interrupts it, goes on or starts over, and costs no credential that works."""

import json
import os
import pty
import re
import select
import signal
import socket
import urllib.parse

import support
from support import PROGRAM, Story, http_request


class Resume(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        self.site = self.provider("oauthlib", self.pair, context_path="/jira")
        self.ok("profile", "set", "work", "--product", "jira", "--deployment", "data-center", "--url", self.site.base,
                "--consumer-key", "atlink-story", "--private-key", self.pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")

    def start_login(self, *arguments):
        """A login that waits: (process, address of the consent page, what it said until then)."""
        login = self.home.popen("login", *arguments)
        self.addCleanup(login.kill)
        said = b""
        while True:
            line = login.stderr.readline()
            self.assertTrue(line, f"login ended: {said!r}")
            said += line
            found = re.search(rb"https?://\S+oauth_token=\S+", line)
            if found:
                return login, found.group(0).decode(), said

    def callback(self, url):
        """Where the browser is sent after Allow."""
        status, headers, _ = http_request(url, "POST", b"decision=allow")
        self.assertEqual(status, 303)
        return headers["Location"]

    def end(self, process):
        out, errors = process.communicate(timeout=support.PATIENCE)
        return process.returncode, out.decode(), errors.decode()

    def signed_in(self):
        return self.home.run("status").returncode == 0

    def test_after_every_kind_of_interruption_it_goes_on(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)):
            with self.subTest(number):
                self.ok("logout")
                login, url, _ = self.start_login("--no-browser")
                login.send_signal(number)
                ended, _, errors = self.end(login)
                self.assertEqual(ended, code, errors)
                if code > 0:
                    self.assertIn("atlink login --resume --profile work", errors)
                # The person allows access meanwhile; the browser finds nobody.
                callback = self.callback(url)
                with self.assertRaises(OSError):
                    socket.create_connection(("127.0.0.1", urllib.parse.urlsplit(callback).port), 5)
                resumed, again, said = self.start_login("--resume")
                self.assertEqual(again, url)
                self.assertIn(b"is pending until", said)
                _, _, page = http_request(callback)  # the page is loaded again
                self.assertIn(b"You are signed in", page)
                self.assertEqual(self.end(resumed)[0], 0)
                self.assertTrue(self.signed_in())
                self.fails(4, "login.not_begun", "login", "--resume")

    def test_after_every_kind_of_interruption_it_can_start_over(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(number):
                login, _, _ = self.start_login("--no-browser")
                login.send_signal(number)
                self.end(login)
                again, url, _ = self.start_login("--no-browser")
                http_request(self.callback(url))
                self.assertEqual(self.end(again)[0], 0)

    def test_a_hang_up_that_is_ignored_stays_so(self):
        login = self.home.popen("login", "--no-browser", prefix=["sh", "-c", "trap '' HUP; exec \"$@\"", "sh"])
        self.addCleanup(login.kill)
        url = None
        while url is None:
            line = login.stderr.readline()
            self.assertTrue(line)
            found = re.search(rb"https?://\S+oauth_token=\S+", line)
            url = found.group(0).decode() if found else None
        login.send_signal(signal.SIGHUP)
        http_request(self.callback(url))
        self.assertEqual(self.end(login)[0], 0)

    def test_a_stranger_on_the_callback_disturbs_nobody(self):
        login, url, _ = self.start_login("--no-browser")
        login.kill()
        self.end(login)
        callback = self.callback(url)
        resumed, _, _ = self.start_login("--resume")
        host = urllib.parse.urlsplit(callback).netloc
        # Not the path that was handed out.
        self.assertEqual(http_request(f"http://{host}/callback/{'0' * 32}?oauth_token=x&oauth_verifier=y")[0], 404)
        self.assertEqual(http_request(callback)[0], 200)
        self.assertEqual(self.end(resumed)[0], 0)

    def test_a_port_that_is_taken_leads_to_the_code(self):
        login, url, _ = self.start_login("--no-browser")
        login.kill()
        self.end(login)
        callback = self.callback(url)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", urllib.parse.urlsplit(callback).port))
            taken.listen()
            error = self.home.run("login", "--resume")
            self.assertEqual(error.returncode, 2, error.stderr)
            self.assertIn("--verifier CODE", error.stderr)
            # At a terminal it asks, and takes the whole address.
            self.assertEqual(self.answer_at_a_terminal(callback), 0)
        self.assertTrue(self.signed_in())

    def answer_at_a_terminal(self, answer):
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.home.folder)
            os.execve(PROGRAM, [PROGRAM, "login", "--resume"], self.home.environment)
        said = b""
        while b"at which it ended: " not in said:
            ready, _, _ = select.select([terminal], [], [], support.PATIENCE)
            self.assertTrue(ready, said)
            said += os.read(terminal, 4096)
        os.write(terminal, answer.encode() + b"\n")
        while True:
            try:
                if not os.read(terminal, 4096):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def test_what_was_begun_without_a_callback_asks_for_the_code(self):
        begun = self.ok("login", "--begin")
        verifier = self.site.decide(self.token_of(begun.stdout))["verifier"]
        self.assertEqual(self.answer_at_a_terminal(verifier), 0)
        self.assertTrue(self.signed_in())

    def test_pending_and_expired_are_told_apart(self):
        self.fails(4, "login.not_begun", "login", "--resume")
        self.ok("login", "--begin")
        pending = self.home.state / "pending/work.json"
        record = json.loads(pending.read_text(encoding="utf-8"))
        record["expires_at"] = "2020-01-01T00:00:00Z"
        pending.write_text(json.dumps(record), encoding="utf-8")
        error = self.fails(4, "login.expired", "login", "--resume")
        self.assertIn("2020-01-01", error["message"])
        self.fails(4, "login.not_begun", "login", "--resume")

    def test_what_was_begun_elsewhere_is_not_gone_on_with(self):
        self.ok("login", "--begin")
        self.ok("profile", "set", "work", "--url", "https://other.example/jira")
        self.fails(4, "credential.elsewhere", "login", "--resume")

    def test_a_credential_that_works_outlives_a_second_sign_in_that_does_not(self):
        self.sign_in(self.site, "work")
        before = (self.home.state / "credentials/work.json").read_bytes()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            login, _, _ = self.start_login("--no-browser")
            login.send_signal(number)
            self.end(login)
            self.assertEqual((self.home.state / "credentials/work.json").read_bytes(), before)
            self.assertTrue(self.signed_in())
        self.ok("login", "--begin")
        self.fails(4, "oauth1.permission_unknown", "login", "--verifier", "abcdef")
        self.assertTrue(self.signed_in())

    def test_one_way_at_a_time(self):
        for options in (("--resume", "--begin"), ("--resume", "--verifier", "x"), ("--resume", "--port", "1")):
            self.fails(2, "usage", "login", *options)


if __name__ == "__main__":
    support.main()
