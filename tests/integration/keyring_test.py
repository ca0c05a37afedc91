#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The keyring: a real gnome-keyring on a session bus of its own, unlocked, locked and stopped, no bus at
all, and what is loaded by whom."""

import json
import os
import re
import signal
import subprocess
import time

import acme_product
import support

SECRET = f"secret-{support.CANARY}"
LIBRARIES = ("libsecret", "keyring.so", "libgio", "libglib")


class Session:
    """A session bus with a keyring of its own, for a home."""

    def __init__(self, home):
        self.home = home
        self.runtime = home.folder / "run"
        self.runtime.mkdir(mode=0o700)
        self.environment = {**home.environment, "XDG_RUNTIME_DIR": str(self.runtime)}
        self.bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", f"--address=unix:path={self.runtime}/b"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)  # fmt: skip
        self.address = support.read_line(self.bus, self.bus.stdout)
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.address
        self.daemon = None

    def unlock(self, password=b"pw"):
        """Starts the keyring, unlocked with this password."""
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)  # fmt: skip
        self.daemon.stdin.write(password)
        self.daemon.stdin.close()
        self.wait()

    def lock(self):
        """Starts it again without a password: its collection is there, and locked."""
        self.end_daemon()
        self.daemon = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment)  # fmt: skip
        self.wait()

    def wait(self):
        ask = ["dbus-send", f"--bus={self.address}", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
               "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]  # fmt: skip
        for _ in range(200):
            told = subprocess.run(ask, capture_output=True, text=True, env=self.environment, check=False)
            if "boolean true" in told.stdout:
                return
            time.sleep(0.05)
        raise AssertionError("gnome-keyring does not take its name on the bus")

    def pids(self):
        """Every process of this session's keyring."""
        return [self.daemon.pid] if self.daemon is not None and self.daemon.poll() is None else []

    def end_daemon(self):
        for pid in self.pids():
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGTERM)
        if self.daemon is not None:
            self.daemon.wait(timeout=support.PATIENCE)
            self.daemon = None

    def stop(self):
        self.end_daemon()
        self.bus.terminate()
        self.bus.communicate(timeout=10)


class Keyring(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.secret = self.home.folder / "secret.txt"
        self.secret.write_text(SECRET, encoding="utf-8")
        self.site = self.start(support.ScriptedServer(self.answer))
        self.session = self.start(Session(self.home))
        self.env = {"DBUS_SESSION_BUS_ADDRESS": self.session.address, "XDG_RUNTIME_DIR": str(self.session.runtime)}

    def answer(self, _method, _path, headers, _body):
        if headers.get("Authorization") == f"Bearer {SECRET}":
            return 200, {"Content-Type": "application/json"}, b'{"name":"alice"}'
        return 401, {}, b""

    def profile(self, store="keyring", **named):
        return self.ok("profile", "set", "work", "--product", "acme", "--url", self.site.base, "--method", "token", "--store",
                       store, **named)  # fmt: skip

    def sign_in(self):
        return self.ok("login", "--secret-file", self.secret, env=self.env)

    def plain_traces(self):
        found = []
        for path in self.home.folder.rglob("*"):
            if path.is_file() and path != self.secret and support.CANARY.encode() in path.read_bytes():
                found.append(str(path))
        return found

    def test_unlocked(self):
        self.session.unlock()
        self.profile(env=self.env)
        self.assertIn("keyring", self.sign_in().stderr)
        self.assertEqual(json.loads(self.ok("request", "GET", "/rest/me", env=self.env).stdout), {"name": "alice"})
        self.assertEqual(self.json("status", env=self.env)["store"], "keyring")
        self.assertEqual(self.plain_traces(), [])
        self.ok("profile", "move-secrets", "work", "--to", "file", env=self.env)
        self.assertEqual(len(self.plain_traces()), 1)
        self.ok("request", "GET", "/rest/me")
        self.ok("profile", "move-secrets", "work", "--to", "keyring", env=self.env)
        self.assertEqual(self.plain_traces(), [])
        self.ok("request", "GET", "/rest/me", env=self.env)
        self.ok("logout", env=self.env)
        self.fails(4, "credential.missing", "request", "GET", "/rest/me", env=self.env)

    def test_locked(self):
        self.session.unlock()
        self.profile(env=self.env)
        self.sign_in()
        self.session.lock()
        before = len(self.site.requests)
        refused = self.fails(3, "store.locked", "request", "GET", "/rest/me", env=self.env)
        self.assertIn("unlock", refused["next"])
        self.fails(3, "store.locked", "login", "--secret-file", self.secret, env=self.env)
        self.assertEqual(len(self.site.requests), before)
        self.assertEqual(self.plain_traces(), [])
        self.session.end_daemon()
        self.session.unlock()
        self.ok("request", "GET", "/rest/me", env=self.env)

    def test_a_service_that_never_answers_hangs_nothing(self):
        self.session.unlock()
        self.profile(env=self.env)
        self.sign_in()
        for pid in self.session.pids():
            os.kill(pid, signal.SIGSTOP)
        refused = self.fails(1, "store.timeout", "request", "GET", "/rest/me", env=self.env)
        self.assertIn("hangs", refused["next"])
        process = self.home.popen("status", env=self.env)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=support.PATIENCE)
        self.assertNotEqual(process.returncode, 0)

    def test_without_a_bus(self):
        self.profile()
        refused = self.fails(3, "store.unavailable", "login", "--secret-file", self.secret)
        self.assertIn("sealed", refused["next"])
        self.assertEqual(self.site.requests, [])
        self.assertEqual(self.plain_traces(), [])

    def test_a_fallback_is_announced(self):
        told = self.profile("auto").stderr
        self.assertIn("not encrypted", told)
        self.assertIn("D-Bus", told)
        self.assertEqual(self.json("profile", "show", "work")["store"], "file")
        self.session.unlock()
        self.ok("profile", "remove", "work")
        self.assertIn("keyring answers", self.profile("auto", env=self.env).stderr)
        self.assertEqual(self.json("profile", "show", "work")["store"], "keyring")

    def mapped(self, *arguments, **named):
        """The shared objects that were opened for a command, up to its end."""
        log = self.home.folder / "ld"
        env = {**named.pop("env", {}), "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(log)}
        self.ok(*arguments, env=env, **named)
        text = ""
        for path in self.home.folder.glob("ld.*"):
            text += path.read_text(encoding="utf-8", errors="replace")
            path.unlink()
        names = set(re.findall(r"calling init: (\S+)", text))
        self.assertTrue(any("libstdc++" in name for name in names))
        return {part for part in LIBRARIES for name in names if part in name}

    def test_only_who_needs_the_keyring_loads_it(self):
        self.session.unlock()
        self.profile("file", env=self.env)
        self.sign_in()
        for command in (("help",), ("version",), ("status",), ("request", "GET", "/rest/me"), ("profile", "list")):
            self.assertEqual(self.mapped(*command, env=self.env), set(), command)
        self.ok("profile", "move-secrets", "work", "--to", "keyring", env=self.env)
        self.assertEqual(self.mapped("help", env=self.env), set())
        self.assertEqual(self.mapped("profile", "show", "work", env=self.env), set())
        self.assertEqual(self.mapped("request", "GET", "/rest/me", env=self.env), set(LIBRARIES))


if __name__ == "__main__":
    support.need("dbus-daemon", "dbus-send", "gnome-keyring-daemon")
    try:
        subprocess.run(["gnome-keyring-daemon", "--version"], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        support.skip("gnome-keyring does not run here")  # as where its file capability is not allowed
    support.main()
