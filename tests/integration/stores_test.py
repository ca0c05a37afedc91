#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Where secrets are kept: sealed files, a store command that several machines share, moving from one
place to another at any moment of a kill, and bundles for build machines."""

import json
import os
import pathlib
import random
import shutil
import subprocess
import time

import acme_product
import support

PASSPHRASE = f"passphrase-{support.CANARY}"
SECRET = f"secret-{support.CANARY}"
EXAMPLE = support.ROOT / "docs/examples/shared-store/shared-store"
KILLS = 60


def traces_of(folder, *needles):
    """Files below `folder` in which one of the needles stands."""
    return sorted(
        str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*")
        if path.is_file() and any(needle.encode() in path.read_bytes() for needle in needles))  # fmt: skip


class Stores(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.secret = self.home.folder / "secret.txt"
        self.secret.write_text(SECRET, encoding="utf-8")
        self.key = self.home.folder / "key"
        self.key.write_bytes(os.urandom(32))
        self.key.chmod(0o600)
        self.site = self.start(support.ScriptedServer(self.answer))

    def answer(self, _method, _path, headers, _body):
        if headers.get("Authorization") == f"Bearer {SECRET}":
            return 200, {"Content-Type": "application/json"}, b'{"name":"alice"}'
        return 401, {}, b""

    def profile(self, *options, name="work"):
        return self.ok("profile", "set", name, "--product", "acme", "--url", self.site.base, "--method", "token", *options)

    def sign_in(self, **named):
        return self.ok("login", "--secret-file", self.secret, **named)

    def works(self, **named):
        self.assertEqual(json.loads(self.ok("request", "GET", "/rest/me", **named).stdout), {"name": "alice"})

    def move(self, *options, **named):
        return self.ok("profile", "move-secrets", "work", *options, **named)

    def command(self, folder):
        return ["--store-command", EXAMPLE, "--store-command", folder]

    def assert_no_traces(self, *allowed):
        found = set(traces_of(self.home.folder, support.CANARY)) - {"secret.txt"}
        self.assertEqual(found - set(allowed), set())

    def test_a_sealed_store_and_the_ways_of_its_passphrase(self):
        self.profile("--store", "sealed")
        refused = self.fails(2, "no_terminal", "login", "--secret-file", self.secret)
        self.assertIn("ATLINK_PASSPHRASE", refused["next"])
        env = {"ATLINK_PASSPHRASE": PASSPHRASE}
        said = self.sign_in(env=env).stderr
        self.assertIn("sealed file", said)
        self.assert_no_traces()
        self.works(env=env)
        self.works(env={"ATLINK_PASSPHRASE": "other", "ATLINK_PASSPHRASE_WORK": PASSPHRASE})
        ours, theirs = os.pipe()
        os.write(theirs, PASSPHRASE.encode() + b"\n")
        os.close(theirs)
        self.works_with_descriptor(ours)
        wrong = self.fails(3, "store.passphrase", "request", "GET", "/rest/me", env={"ATLINK_PASSPHRASE": "guess"})
        self.assertIn("wrong", wrong["message"])
        file = self.home.state / "sealed/credentials/work.sealed"
        content = bytearray(file.read_bytes())
        content[-1] ^= 1
        file.write_bytes(content)
        self.fails(3, "file.damaged", "request", "GET", "/rest/me", env=env)
        self.assertEqual(self.json("status", "--offline", env=env | {"ATLINK_TOKEN": "x"})["store"], "environment")
        self.ok("logout")
        self.assertFalse(file.exists())
        self.sign_in(env={"ATLINK_PASSPHRASE": "another one"})
        self.works(env={"ATLINK_PASSPHRASE": "another one"})
        self.assertEqual(self.json("status", "--offline", env={"ATLINK_PASSPHRASE": "another one"})["store"], "sealed")

    def works_with_descriptor(self, descriptor):
        process = self.home.popen("request", "GET", "/rest/me", "--passphrase-fd", descriptor, pass_fds=[descriptor])
        os.close(descriptor)
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(json.loads(out), {"name": "alice"}, errors)

    def test_a_passphrase_is_typed_twice_when_it_is_new(self):
        self.profile("--store", "sealed")
        person = self.start(support.Person(self.home, "login", "--secret-file", self.secret))
        person.wait_for("new passphrase for the sealed store of work: ")
        person.type(PASSPHRASE)
        person.wait_for("once more: ")
        person.type(PASSPHRASE + "x")
        self.assertEqual(person.end(), 3)
        self.assertIn("differ", person.text)
        self.assertNotIn(support.CANARY, person.text)
        person = self.start(support.Person(self.home, "login", "--secret-file", self.secret))
        person.wait_for("new passphrase for the sealed store of work: ")
        person.type(PASSPHRASE)
        person.wait_for("once more: ")
        person.type(PASSPHRASE)
        self.assertEqual(person.end(), 0, person.text)
        person = self.start(support.Person(self.home, "request", "GET", "/rest/me"))
        person.wait_for("passphrase for the sealed store of work: ")
        person.type(PASSPHRASE)
        self.assertEqual(person.end(), 0, person.text)
        self.assertIn("alice", person.text)
        self.assertNotIn(support.CANARY, person.text)

    def test_a_key_file_opens_it_and_must_be_private_and_long(self):
        self.profile("--store", "sealed", "--key-file", self.key)
        self.sign_in()
        self.works()
        self.key.chmod(0o644)
        self.fails(3, "file.permissions", "request", "GET", "/rest/me")
        self.key.chmod(0o600)
        self.key.write_bytes(b"short")
        self.fails(3, "store.passphrase", "request", "GET", "/rest/me")
        self.key.write_bytes(os.urandom(32))
        self.fails(3, "store.passphrase", "request", "GET", "/rest/me")
        self.assert_no_traces()

    def test_whether_it_can_be_written_is_found_out_before_anybody_is_asked(self):
        full = self.home.state / "sealed"
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text("in the way")
        self.profile("--store", "sealed", "--key-file", self.key)
        before = len(self.site.requests)
        result = self.home.run("login", "--secret-file", self.secret, "--output", "json")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(len(self.site.requests), before)
        self.assert_clean(result.stderr)

    def test_a_store_is_left_by_moving_alone(self):
        self.profile()
        self.sign_in()
        refused = self.fails(3, "store.occupied", "profile", "set", "work", "--store", "sealed", "--key-file", self.key)
        self.assertIn("move-secrets work --to sealed", refused["next"])
        self.works()
        moved = self.move("--to", "sealed", "--key-file", self.key).stderr
        self.assertIn("not encrypted", moved)
        self.assert_no_traces()
        self.works()
        shared = self.home.folder / "shared"
        self.move("--to", "command", *self.command(shared))
        self.assertEqual(traces_of(self.home.state, support.CANARY), [])
        self.assertFalse((self.home.state / "sealed/credentials/work.sealed").exists())
        self.works()
        self.assertEqual(self.json("status")["store"], "command")
        self.move("--to", "file")
        self.works()
        self.assert_no_traces("state/atlink/credentials/work.json")
        self.fails(2, "usage", "profile", "move-secrets", "work", "--to", "file")

    def test_killed_while_it_moves_one_place_is_whole(self):
        self.profile()
        self.sign_in()
        shared = self.home.folder / "shared"
        chance = random.Random(7)
        places = [["--to", "sealed", "--key-file", self.key], ["--to", "command", *self.command(shared)], ["--to", "file"]]
        killed = 0
        for count in range(KILLS):
            process = self.home.popen("profile", "move-secrets", "work", *places[count % len(places)])
            time.sleep(chance.random() * 0.3)
            process.kill()
            killed += process.wait() == -9
            process.communicate()
            self.assertEqual(self.json("status", "--offline")["method"], "token")
        self.assertGreater(killed, KILLS // 4)
        self.works()

    def test_the_environment_as_the_only_store(self):
        self.profile("--store", "environment")
        self.fails(3, "credential.read_only", "login", "--secret-file", self.secret)
        self.assertEqual(self.site.requests, [])
        self.works(env={"ATLINK_TOKEN": SECRET})
        self.assert_no_traces()

    def test_a_bundle_for_a_build_machine(self):
        self.profile("--set", f"accounts={self.site.base}", name="work")
        self.sign_in()
        bundle = self.home.folder / "work.bundle"
        env = {"ATLINK_PASSPHRASE": PASSPHRASE}
        self.ok("profile", "export", "work", "--out", bundle, env=env)
        self.assertEqual(bundle.stat().st_mode & 0o777, 0o600)
        self.assertEqual(traces_of(self.home.folder, support.CANARY), ["secret.txt", "state/atlink/credentials/work.json"])
        before = bundle.read_bytes()
        self.fails(3, "file.exists", "profile", "export", "work", "--out", bundle, env=env)
        self.assertEqual(bundle.read_bytes(), before)
        self.fails(3, "file.exists", "profile", "import", bundle, env=env)
        machine = support.Home()
        self.addCleanup(machine.remove)
        acme_product.install(machine)
        shutil.copy(bundle, machine.folder)
        self.home, here = machine, self.home
        self.fails(3, "store.passphrase", "profile", "import", "work.bundle", env={"ATLINK_PASSPHRASE": "guess"})
        self.fails(2, "no_terminal", "profile", "import", "work.bundle")
        told = self.json("profile", "import", "work.bundle", "--name", "ci", "--store", "sealed", env=env)
        self.assertEqual((told["profile"], told["store"], told["credential"]), ("ci", "sealed", True))
        self.assertEqual(traces_of(machine.folder, support.CANARY), [])
        self.works(env=env)
        # It is good for the place that it was issued for, and for no other.
        elsewhere = self.start(support.ScriptedServer(self.answer))
        self.ok("profile", "set", "ci", "--url", elsewhere.base, env=env)
        self.fails(4, "credential.elsewhere", "request", "GET", "/rest/me", env=env)
        self.assertEqual(elsewhere.requests, [])
        damaged = bytearray(before)
        damaged[len(damaged) // 2] ^= 1
        (machine.folder / "damaged.bundle").write_bytes(damaged)
        self.fails(3, "file.damaged", "profile", "import", "damaged.bundle", "--name", "x", env=env)
        (machine.folder / "huge.bundle").write_bytes(bytes(5 << 20))
        self.fails(3, "file.damaged", "profile", "import", "huge.bundle", "--name", "x", env=env)
        # Nobody is asked for the passphrase of what cannot be a bundle.
        (machine.folder / "note.txt").write_text("no bundle\n", encoding="utf-8")
        self.fails(3, "file.damaged", "profile", "import", "note.txt", "--name", "x")
        self.home = here

    def test_a_bundle_brings_key_and_certificates(self):
        pair = self.home.folder / "pair"
        self.ok("keygen", "--out", pair)
        support.private_ca(self.home.folder)
        self.ok("profile", "set", "signed", "--product", "acme", "--url", "https://acme.example", "--consumer-key", "k",
                "--private-key", pair / "private.pem", "--ca-file", self.home.folder / "ca.pem", "--method", "oauth1")  # fmt: skip
        bundle = self.home.folder / "signed.bundle"
        self.ok("profile", "export", "signed", "--out", bundle, "--key-file", self.key)
        told = self.json("profile", "import", bundle, "--name", "copy", "--key-file", self.key)
        self.assertEqual((told["private_key"], told["ca_file"], told["credential"]), (True, True, False))
        shown = self.json("profile", "show", "copy")
        self.assertEqual(pathlib.Path(shown["private_key"]).read_bytes(), (pair / "private.pem").read_bytes())
        self.assertEqual(pathlib.Path(shown["private_key"]).stat().st_mode & 0o777, 0o600)
        self.assertEqual(pathlib.Path(shown["ca_file"]).read_bytes(), (self.home.folder / "ca.pem").read_bytes())

    def test_the_helper_sees_no_secret_in_its_arguments_or_environment(self):
        log = self.home.folder / "log"
        script = self.home.folder / "spy"
        script.write_text(f'#!/bin/sh\n{{ tr "\\0" "\\n" </proc/$$/cmdline; env; }} >>{log}\nexec {EXAMPLE} "$1"\n')
        script.chmod(0o755)
        self.profile("--store", "command", "--store-command", script, "--store-command", self.home.folder / "shared")
        self.sign_in(env={"ATLINK_PASSPHRASE": PASSPHRASE})
        self.works()
        self.assertIn("spy", log.read_text())
        self.assert_no_traces("shared/work.credential.json")
        script.chmod(0o777)
        self.fails(3, "store.unavailable", "request", "GET", "/rest/me")

    def test_a_helper_that_crashes_or_babbles_is_one_clear_error(self):
        script = self.home.folder / "helper"
        for body in ("exit 1", "kill -9 $$", "echo nonsense", "cat", "yes | head -c 3000000", "echo '{}'"):
            with self.subTest(body=body):
                script.write_text(f"#!/bin/sh\n{body}\n")
                script.chmod(0o755)
                self.profile("--store", "command", "--store-command", script, name=f"p{abs(hash(body))}")
                self.fails(1, "store.failed", "login", "--secret-file", self.secret, "--profile", f"p{abs(hash(body))}")
        self.assertEqual(self.site.requests, [])

    def test_a_store_that_is_gone_can_be_left(self):
        script = self.home.folder / "helper"
        script.write_text(f'#!/bin/sh\nexec {EXAMPLE} "$1"\n')
        script.chmod(0o755)
        self.profile("--store", "command", "--store-command", script, "--store-command", self.home.folder / "shared")
        self.sign_in()
        script.unlink()
        for command in (("profile", "remove", "work"), ("profile", "set", "work", "--store", "file")):
            refused = self.home.run(*command, "--output", "json")
            self.assertEqual(refused.returncode, 3, refused.stderr)
            self.assertIn("--leave-secrets", json.loads(refused.stderr)["next"])
        self.ok("profile", "set", "work", "--store", "file", "--leave-secrets")
        self.sign_in()
        self.works()
        # Nothing is left behind that can be erased.
        self.fails(3, "store.occupied", "profile", "set", "work", "--store", "sealed", "--key-file", self.key, "--leave-secrets")
        self.profile("--store", "keyring", name="desktop")
        self.fails(3, "store.unavailable", "profile", "remove", "desktop")
        self.assertIn("stays there", self.ok("profile", "remove", "desktop", "--leave-secrets").stderr)
        self.fails(3, "store.unavailable", "profile", "set", "x", "--product", "acme", "--url", self.site.base, "--store", "command",
                   "--store-command", self.home.folder)  # fmt: skip


if __name__ == "__main__":
    support.main()
