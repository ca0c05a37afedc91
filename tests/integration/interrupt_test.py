#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, a closed terminal and SIGKILL wherever a command waits: no listener and no raw terminal stay behind, and the
next run goes on or starts over cleanly."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import socket
import subprocess
import termios
import urllib.parse

import acme_product
import support
from certificates import Authority
from difficult_server import DifficultServer, fine, serving
from support import PROGRAM, ScriptedServer, Story, http_request


class Seat:
    """A terminal, with a program that has it to itself."""

    def __init__(self, home, *arguments, **environment):
        self.master, self.slave = pty.openpty()

        def take_terminal():
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=home.folder,
            env={**home.environment, "TERM": "dumb", **environment}, preexec_fn=take_terminal)  # fmt: skip
        self.text = ""

    def wait_for(self, words):
        while words not in self.text:
            if not select.select([self.master], [], [], support.PATIENCE)[0]:
                raise AssertionError(f"{words!r} was not printed: {self.text!r}")
            self.text += os.read(self.master, 65536).decode(errors="replace").replace("\r\n", "\n")

    def type(self, text):
        os.write(self.master, text.encode())

    def shows_what_is_typed(self):
        mode = termios.tcgetattr(self.slave)[3]
        return bool(mode & termios.ECHO) and bool(mode & termios.ICANON)

    def interrupt(self, how):
        """Its exit code."""
        if how == "Ctrl-C":
            self.type("\x03")
        elif how == "Ctrl-D":
            self.type("\x04")
        elif how == "closed terminal":
            os.close(self.master)
            self.master = None
        else:
            self.process.kill()
        return self.process.wait(support.PATIENCE)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor is not None:
                os.close(descriptor)
        self.master = self.slave = None


# By its own hand with 128 and the signal, or by the signal itself where nothing is to be tidied up.
WAYS = {"Ctrl-C": (130, -2), "closed terminal": (129, -1), "SIGKILL": (-9,)}
AT_QUESTIONS = {**WAYS, "Ctrl-D": (130,)}


def listens(url):
    address = urllib.parse.urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


class Interrupt(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def site(self, *options, product="jira"):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", "/tools", "--consumer", f"robot={self.pair / 'public.pem'}", *options]
        site = self.start(support.Server(command, env=self.home.environment))
        self.ok("profile", "set", "work", "--product", product, "--url", site.base, "--consumer-key", "robot",
                "--private-key", self.pair / "private.pem")  # fmt: skip
        return site

    def at(self, words, *arguments, first=(), ways=None, **environment):
        """Each way out of a command that waits after these words; (the way, what was printed before).

        What comes `first` are questions and their answers."""
        for how, codes in (ways or WAYS).items():
            with self.subTest(how, command=arguments[:2], words=words):
                seat = Seat(self.home, *arguments, **environment)
                try:
                    for question, answer in first:
                        seat.wait_for(question)
                        seat.type(answer + "\n")
                    seat.wait_for(words)
                    ended = seat.interrupt(how)
                    self.assertIn(ended, codes, seat.text)
                    if how.startswith("Ctrl"):
                        self.assertTrue(seat.shows_what_is_typed())
                    yield how, seat.text
                finally:
                    seat.stop()

    def sign_in(self, site):
        begun = self.ok("login", "--begin")
        answer = http_request(site.base + "/-/sandbox/decide", "POST", f"oauth_token={self.token_of(begun.stdout)}&decision=allow".encode())[2]
        self.ok("login", "--verifier", json.loads(answer)["verifier"])

    def test_login_while_the_browser_is_waited_for(self):
        site = self.site()
        for how, text in self.at("oauth_token=", "login", "--no-browser"):
            port = self.listening_at(site, text)
            self.assertFalse(listens(port), how)
            # What was begun can be finished, by the code that the address of the browser's end holds.
            url = re.search(r"https?://\S*oauth_token=\S+", text).group(0)
            self.ok("login", "--verifier", support.allow(url))
            self.assertEqual(self.json("status")["user"], "alice")

    def test_a_browser_on_another_machine(self):
        """Whose address bar is all that there is: what login says then is what works."""
        self.site()
        for options, surroundings in (([], {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}), (["--no-browser"], {}),
                                      ([], {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22", "BROWSER": "/bin/true"})):  # fmt: skip
            seat = Seat(self.home, "login", *options, **surroundings)
            self.addCleanup(seat.stop)
            seat.wait_for("'THAT ADDRESS'")
            url = re.search(r"https?://\S*oauth_token=\S+", seat.text).group(0)
            end = support.allow(url)
            front = re.search(r"begins with (http://\S+) and cannot", seat.text).group(1)
            self.assertTrue(end.startswith(front + "/"), (end, seat.text))
            self.assertIn(seat.interrupt("Ctrl-C"), WAYS["Ctrl-C"])
            command = re.search(r"atlink (login --profile work --verifier) 'THAT ADDRESS'", seat.text).group(1)
            self.ok(*command.split(), end)
            self.assertEqual(self.json("status")["user"], "alice")
            self.ok("logout")

    def listening_at(self, site, text):
        """Where the program listened, as the sandbox was told."""
        del site
        pending = json.loads((self.home.state / "pending/work.json").read_text(encoding="utf-8"))
        self.assertIn(pending["request_token"], text)
        return pending["callback"]

    def test_a_second_login_that_is_given_up_leaves_the_first(self):
        self.sign_in(self.site())
        before = (self.home.state / "credentials/work.json").read_bytes()
        for _how, _ in self.at("oauth_token=", "login", "--no-browser"):
            self.assertEqual((self.home.state / "credentials/work.json").read_bytes(), before)
            self.ok("status")

    def test_login_at_the_question_for_a_secret(self):
        acme_product.install(self.home)
        token = "token-of-alice"
        server = self.start(ScriptedServer(lambda _m, path, headers, _b: (
            (200, {}, b'{"product":"acme","version":"4.1"}') if path == "/about" else
            (200, {"Content-Type": "application/json"}, b'{"name":"alice"}') if headers.get("Authorization") == f"Bearer {token}" else
            (401, {}, b"{}"))))  # fmt: skip
        self.ok("profile", "set", "work", "--product", "acme", "--url", server.base, "--method", "token")
        for _how, _ in self.at("personal access token at", "login"):
            self.fails(4, "credential.missing", "status")
        seat = Seat(self.home, "login")
        self.addCleanup(seat.stop)
        seat.wait_for("personal access token at")
        self.assertFalse(seat.shows_what_is_typed())
        seat.type(token + "\n")
        seat.wait_for("signed in as alice")
        self.assertEqual(seat.process.wait(support.PATIENCE), 0)
        self.assertNotIn(token, seat.text)
        self.assertTrue(seat.shows_what_is_typed())

    def test_setup_at_each_of_its_questions(self):
        site = self.site()
        for _how, _ in self.at("press Enter once the link is saved", "setup", site.base, "--paste", "--profile", "new"):
            self.assertEqual(self.json("profile", "show", "new")["product"], "jira")
        for _how, _ in self.at("the code that it shows", "setup", site.base, "--paste", "--profile", "work"):
            pass  # the profile "work", whose link is there
        for _how, _ in self.at("oauth_token=", "setup", site.base, "--no-browser", "--profile", "work"):
            pass
        seat = support.Person(self.home, "setup", site.base, "--paste", "--profile", "work")
        self.addCleanup(seat.stop)
        seat.wait_for("the code that it shows")
        seat.type(support.allow(re.findall(r"https?://\S*oauth_token=\S+", seat.text)[-1]))
        self.assertEqual(seat.end(), 0, seat.text)

    def test_the_page_of_the_link(self):
        self.site()
        for how, code in {"Ctrl-C": 0, "closed terminal": 0, "SIGKILL": -9}.items():
            with self.subTest(how):
                seat = Seat(self.home, "link", "show", "--web", "--no-browser")
                try:
                    seat.wait_for("/link/")
                    seat.wait_for("\n")
                    url = re.search(r"http://127\.0\.0\.1:[0-9]+/link/\S+", seat.text).group(0)
                    self.assertTrue(listens(url))
                    self.assertEqual(seat.interrupt(how), code, seat.text)
                    self.assertFalse(listens(url))
                finally:
                    seat.stop()

    def test_link_create_and_remove_at_their_questions(self):
        site = self.site()
        self.ok("profile", "set", "work", "--consumer-key", "another")
        links = lambda: json.loads(http_request(site.base + "/-/sandbox/administration")[2])["links"]  # noqa: E731
        for words, arguments in (("user name at", ["link", "create"]), ("password of admin", ["link", "create", "--admin-user", "admin"])):
            for _how, _ in self.at(words, *arguments):
                self.assertEqual(links(), [])
        admin = {"ATLINK_ADMIN_USER": "admin", "ATLINK_ADMIN_SECRET": "admin"}
        self.ok("link", "create", env=admin)
        for _how, _ in self.at("[y/N]", "link", "remove", **admin):
            self.assertEqual(len(links()), 1)
        self.ok("link", "remove", "--yes", env=admin)
        self.assertEqual(links(), [])

    def test_trust_at_its_question(self):
        authority = Authority(self.home.folder)
        with DifficultServer(serving(fine), authority.context("localhost")) as server:
            url = server.url("", host="localhost").rstrip("/")
            self.ok("profile", "set", "work", "--product", "jira", "--url", url, "--consumer-key", "robot",
                    "--private-key", self.pair / "private.pem")  # fmt: skip
            before = self.ok("profile", "show", "work").stdout
            for _how, _ in self.at("[y/N]", "trust", url, "--profile", "work"):
                self.assertEqual(self.ok("profile", "show", "work").stdout, before)

    def kept(self):
        """All files that a person's secrets and settings are in."""
        return {path: path.read_bytes() for folder in (self.home.state, self.home.config) for path in folder.rglob("*")
                if path.is_file() and path.suffix != ".lock"}  # fmt: skip

    def test_every_command_at_the_passphrase_of_its_store(self):
        """Nobody is asked twice, and what was to be thrown away stays."""
        site = self.site()
        self.ok("profile", "set", "work", "--store", "sealed")
        passphrase = {"ATLINK_PASSPHRASE": "open sesame"}
        begun = self.ok("login", "--begin", env=passphrase)
        answer = http_request(site.base + "/-/sandbox/decide", "POST", f"oauth_token={self.token_of(begun.stdout)}&decision=allow".encode())[2]
        self.ok("login", "--verifier", json.loads(answer)["verifier"], env=passphrase)
        before = self.kept()
        for arguments in (["status"], ["logout"], ["renew"], ["request", "GET", "/rest/api/2/myself"], ["profile", "remove", "work"],
                          ["profile", "move-secrets", "work", "--to", "file"], ["token", "print", "--reveal"], ["setup", site.base]):  # fmt: skip
            for how, text in self.at("passphrase for the sealed store", *arguments, ways=AT_QUESTIONS):
                self.assertEqual(text.count("passphrase for"), 1, how)
                self.assertEqual(self.kept(), before)
        self.ok("status", env=passphrase)
        self.ok("logout", env=passphrase)
        self.fails(4, "credential.missing", "status", env=passphrase)

    def test_at_every_other_question(self):
        site = self.site()
        self.sign_in(site)
        sealed_key = self.home.folder / "sealed.pem"
        subprocess.run(["openssl", "pkcs8", "-topk8", "-in", self.pair / "private.pem", "-out", sealed_key, "-passout", "pass:open"], check=True)
        self.ok("profile", "set", "locked", "--product", "jira", "--url", site.base, "--consumer-key", "robot", "--private-key", sealed_key)
        bundle = self.home.folder / "bundle"
        self.ok("profile", "export", "work", "--out", bundle, env={"ATLINK_PASSPHRASE": "open"})
        before = self.kept()
        new = ["profile", "set", "new", "--product", "jira", "--url", site.base, "--consumer-key", "robot"]
        for words, first, arguments in (
            ("passphrase of", (), ["login", "--begin", "--profile", "locked"]),
            ("passphrase of", (), ["link", "check", "--profile", "locked"]),
            ("new passphrase", (), ["profile", "move-secrets", "work", "--to", "sealed"]),
            ("once more", [("new passphrase", "open")], ["profile", "move-secrets", "work", "--to", "sealed"]),
            ("passphrase", (), ["profile", "export", "work", "--out", self.home.folder / "other"]),
            ("passphrase", (), ["profile", "import", bundle, "--name", "new"]),
            ("secret", (), [*new, "--signature-method", "HMAC-SHA1"]),
            ("password", (), [*new, "--proxy", "http://somebody@127.0.0.1:9"]),
        ):  # fmt: skip
            for _how, _ in self.at(words, *arguments, first=first, ways=AT_QUESTIONS):
                self.assertEqual(self.kept(), before)
        self.assertFalse((self.home.folder / "other").exists())
        self.ok("profile", "move-secrets", "work", "--to", "sealed", env={"ATLINK_PASSPHRASE": "open"})

    def test_setup_at_an_administrators_password(self):
        """Who gives up there is not shown the screens, nor asked anything else."""
        site = self.site()
        for how, text in self.at("password of admin", "setup", site.base, "--profile", "new", "--admin-user", "admin",
                                 ways=AT_QUESTIONS):  # fmt: skip
            self.assertNotIn("paste:", text, how)
        for how, text in self.at("password of admin", "setup", site.base, "--profile", "new",
                                 first=[("press Enter", "c"), ("user name", "admin")], ways=AT_QUESTIONS):  # fmt: skip
            self.assertEqual(text.count("press Enter"), 1, how)
        self.assertEqual(json.loads(http_request(site.base + "/-/sandbox/administration")[2])["links"], [])

    def test_while_the_server_thinks(self):
        """login, renew, status and logout with a server that does not answer: nothing but a renewal can cost the credential."""
        site = self.site()
        self.sign_in(site)
        for name, arguments in (("renew", ["renew"]), ("login", ["login", "--no-browser"]), ("status", ["status"])):
            for how, number in (("Ctrl-C", signal.SIGINT), ("closed terminal", signal.SIGHUP), ("SIGKILL", signal.SIGKILL)):
                with self.subTest(command=name, how=how):
                    self.fault(site, {"name": "delay", "value": "20000"})
                    process = self.home.popen(*arguments)
                    support.time.sleep(0.3)
                    process.send_signal(number)
                    process.communicate(timeout=support.PATIENCE)
                    self.assertNotEqual(process.returncode, 0)
                    self.fault(site)
                    # Where the server had renewed it and could not say so any more, the old one is of no use.
                    asked = self.home.run("status")
                    self.assertIn(asked.returncode, (0, 4) if name == "renew" else (0,), asked.stderr)
                    if asked.returncode == 4:
                        self.sign_in(site)
                        self.ok("status")
        process = self.home.popen("logout")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=support.PATIENCE)
        self.ok("logout")
        self.fails(4, "credential.missing", "status")
        self.sign_in(site)
        self.ok("status")

    def fault(self, site, *faults):
        status, _, text = http_request(site.base + "/-/sandbox/faults", "PUT", json.dumps({"faults": list(faults)}).encode(), {"Content-Type": "application/json"})
        self.assertEqual(status, 200, text)


if __name__ == "__main__":
    support.main()
