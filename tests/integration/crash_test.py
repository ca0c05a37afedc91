#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at every write, flush and rename: the old state or the new one, whole, and the command runs again."""

import os
import re
import shutil
import subprocess

import support
from certificates import Authority
from difficult_server import DifficultServer, fine, serving
from support import Story

# What changes files: each call of each of these is a moment to be killed at. Calls that happen for
# other reasons as well only count on files of ours.
CALLS = ["write", "writev", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "link", "linkat",
         "unlink", "unlinkat", "ftruncate", "openat"]  # fmt: skip


class Crash(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        # Under strace a leak check cannot work; it is for sanitizer builds alone.
        self.home.environment["ASAN_OPTIONS"] = "detect_leaks=0"

    def strace(self, options, arguments):
        """Runs the program under strace; (exit code, its standard error)."""
        log = self.home.folder / "strace.log"
        process = self.home.popen(*arguments, prefix=["strace", "-f", "-qq", "-y", "-o", str(log), *options])
        _, errors = process.communicate(timeout=support.PATIENCE)
        return process.returncode, errors.decode(), log.read_text(encoding="utf-8", errors="replace")

    def moments(self, arguments):
        """(call, n) for each call on files that the command makes, counted as strace counts."""
        code, errors, log = self.strace(["-e", "trace=" + ",".join(CALLS)], arguments)
        self.assertEqual(code, 0, errors)
        counted, moments = {}, []
        for line in log.splitlines():
            match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
            if not match or match.group(2) not in CALLS:
                continue
            thread, call, rest = match.groups()
            counted[thread, call] = counted.get((thread, call), 0) + 1
            ours = str(self.home.folder) in rest
            if ours and (call != "openat" or "O_CREAT" in rest):
                moments.append((call, counted[thread, call]))
        return moments

    def killed_at_every_moment(self, arguments, prepare, check):
        """Kills the command at each of its moments, each time from a state that `prepare` made."""
        prepare()
        moments = self.moments(arguments())
        self.assertGreaterEqual(len([call for call, _ in moments if call in ("write", "fsync", "rename", "renameat", "renameat2")]), 3, moments)
        for call, n in moments:
            with self.subTest(call=call, n=n):
                prepare()
                code, errors, _ = self.strace(["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}"], arguments())
                self.assertEqual(code, -9, f"{call} number {n} was not reached: {errors}")
                check()
        return moments

    # Keys.

    def assert_usable(self, key):
        checked = subprocess.run(["openssl", "pkey", "-in", key, "-noout", "-check"], capture_output=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)

    def test_keygen_without_a_pair(self):
        folder = self.home.folder / "fresh"
        again = ["keygen", "--out", folder]

        def check():
            if (folder / "private.pem").exists():
                self.assert_usable(folder / "private.pem")
                self.ok(*again, "--force")
            else:
                self.ok(*again)
            self.assert_pair(folder)

        self.killed_at_every_moment(lambda: again, lambda: shutil.rmtree(folder, ignore_errors=True), check)

    def test_keygen_over_a_pair(self):
        folder = self.home.folder / "kept"
        old = (self.pair / "private.pem").read_bytes()

        def prepare():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(self.pair, folder)

        def check():
            self.assert_usable(folder / "private.pem")
            if (folder / "private.pem").read_bytes() != old:
                self.assertEqual((folder / "private.pem.old").read_bytes(), old)
            self.ok("keygen", "--out", folder, "--force")
            self.assert_pair(folder)

        self.killed_at_every_moment(lambda: ["keygen", "--out", folder, "--force"], prepare, check)

    def assert_pair(self, folder):
        derived = subprocess.run(["openssl", "pkey", "-in", folder / "private.pem", "-pubout"], capture_output=True, check=True).stdout
        self.assertEqual((folder / "public.pem").read_bytes(), derived)

    # Profiles.

    def test_profile_set(self):
        arguments = ["profile", "set", "work", "--product", "self-hosted", "--url", "http://localhost:1/new", "--context-path", "/new"]

        def prepare():
            shutil.rmtree(self.home.config, ignore_errors=True)
            self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "http://localhost:1/old", "--context-path", "/old", "--consumer-key", "k")

        def check():
            shown = self.json("profile", "show", "work")
            self.assertIn(shown["context_path"], ("/old", "/new"))
            self.assertEqual(shown["consumer_key"], "k")
            self.ok(*arguments)
            self.assertEqual(self.json("profile", "show", "work")["context_path"], "/new")
            self.assert_nothing_left(self.home.config)

        self.killed_at_every_moment(lambda: arguments, prepare, check)

    def assert_nothing_left(self, folder):
        """After a command that ended well no temporary file is left."""
        names = [p.name for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock")]
        self.assertEqual([n for n in names if "tmp" in n or n.startswith(".")], [])

    # Sign-in.

    def signed_in(self):
        provider = self.provider("oauthlib", self.pair)
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", provider.base, "--consumer-key", "atlink-story",
                "--private-key", self.pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        self.sign_in(provider, "work")
        backup = self.home.folder / "backup"
        shutil.copytree(self.home.state, backup)
        return provider, backup

    def restore(self, backup):
        shutil.rmtree(self.home.state)
        shutil.copytree(backup, self.home.state)

    def assert_signed_in(self, provider):
        """Old or new: the credential works, is private, and one can sign in again."""
        self.ok("request", "GET", "/rest/x")
        for path in self.home.state.rglob("*"):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        self.sign_in(provider, "work")
        self.ok("request", "GET", "/rest/x")
        self.assert_nothing_left(self.home.state)

    def test_renew(self):
        provider, _ = self.signed_in()

        def prepare():
            shutil.rmtree(self.home.state / "renewals", ignore_errors=True)
            self.sign_in(provider, "work")

        def check():
            # Where the server had answered and the new credential was not kept yet, the old one is whole and of no use.
            asked = self.home.run("status")
            self.assertIn(asked.returncode, (0, 4), asked.stderr)
            self.sign_in(provider, "work")
            self.ok("renew")
            self.assert_signed_in(provider)

        self.killed_at_every_moment(lambda: ["renew"], prepare, check)

    def test_trust(self):
        authority = Authority(self.home.folder)
        with DifficultServer(serving(fine), authority.context("localhost")) as server:
            site = server.url("", host="localhost").rstrip("/")
            trust = ["trust", site, "--profile", "work", "--yes"]

            def prepare():
                shutil.rmtree(self.home.config, ignore_errors=True)
                self.ok("profile", "set", "work", "--product", "self-hosted", "--url", site, "--context-path", "/", "--two-legged",
                        "--consumer-key", "k", "--private-key", self.pair / "private.pem")  # fmt: skip

            def check():
                trusts = self.json("profile", "show", "work")["ca_file"] is not None
                self.assertEqual(self.home.run("request", "GET", "/rest/x", "--profile", "work").returncode, 0 if trusts else 9)
                self.ok(*trust)
                self.ok("request", "GET", "/rest/x", "--profile", "work")
                self.assert_nothing_left(self.home.config)

            self.killed_at_every_moment(lambda: trust, prepare, check)

    def test_login_begin(self):
        provider, backup = self.signed_in()
        self.killed_at_every_moment(
            lambda: ["login", "--begin"], lambda: self.restore(backup), lambda: self.assert_signed_in(provider))

    def test_login_verifier(self):
        provider, backup = self.signed_in()
        verifiers = []

        def prepare():
            self.restore(backup)
            begun = self.ok("login", "--begin")
            verifiers.append(provider.decide(self.token_of(begun.stdout))["verifier"])

        self.killed_at_every_moment(
            lambda: ["login", "--verifier", verifiers[-1]], prepare, lambda: self.assert_signed_in(provider))


if __name__ == "__main__":
    support.need("strace", "openssl")
    probe = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, check=False)
    if probe.returncode:
        support.skip("strace may not trace here")
    support.main()
