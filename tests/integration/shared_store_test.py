#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two machines (homes of their own) on one store command and one rotating credential, against npm's
oidc-provider, which revokes the whole family when a refresh token comes twice."""

import fcntl
import json
import time

import acme_product
import support
from oauth2_test import CLIENT_SECRET, OidcProvider, browse_until

EXAMPLE = support.ROOT / "docs/examples/shared-store/shared-store"
ON_EACH = 16
ROUNDS = 3


class SharedStore(support.Story):
    def setUp(self):
        super().setUp()
        self.provider = self.start(OidcProvider(3600))
        self.shared = self.home.folder / "shared"
        self.homes = [self.home, support.Home()]
        self.addCleanup(self.homes[1].remove)
        for home in self.homes:
            acme_product.install(home)
            self.set_up(home)
        address = browse_until(self.ok("login", "--begin").stdout.strip(), "http://127.0.0.1/callback")
        self.ok("login", "--verifier", address)

    def set_up(self, home):
        secret = home.folder / "secret.txt"
        secret.write_text(CLIENT_SECRET, encoding="utf-8")
        told = home.run("profile", "set", "work", "--product", "acme", "--url", self.provider.base, "--method", "oauth2",
                        "--client-id", "app", "--secret-file", secret, "--store", "command", "--store-command", EXAMPLE,
                        "--store-command", self.shared)  # fmt: skip
        self.assertEqual(told.returncode, 0, told.stderr)

    def record(self):
        return self.shared / "work.credential.json"

    def expire(self):
        outer = json.loads(self.record().read_text())
        inner = json.loads(outer["value"])
        inner["expires_at"] = "2020-01-01T00:00:00Z"
        self.record().write_text(json.dumps({**outer, "value": json.dumps(inner)}))

    def refreshes(self):
        return self.provider.grants().count("refresh_token")

    def test_both_find_what_one_has_signed_in_with(self):
        for home in self.homes:
            told = home.run("request", "GET", "/rest/me")
            self.assertEqual((told.returncode, json.loads(told.stdout)), (0, {"name": "alice"}), told.stderr)

    def test_a_rotating_credential_is_renewed_once_for_both(self):
        for count in range(ROUNDS):
            self.expire()
            running = [home.popen("request", "GET", "/rest/me") for _ in range(ON_EACH) for home in self.homes]
            for process in running:
                out, errors = process.communicate(timeout=support.PATIENCE * 5)
                self.assertEqual((process.returncode, out), (0, b'{"name":"alice"}'), errors)
            self.assertEqual(self.refreshes(), count + 1)
        self.assertFalse((self.shared / "work.lock.json").exists())
        self.assertFalse((self.shared / "work.renewal.json").exists())

    def run_with_time_passing(self, home):
        """Runs a request while leases that nobody gives back end sooner than they would."""
        process = home.popen("request", "GET", "/rest/me", "--output", "json")
        lease = self.shared / "work.lock.json"
        while process.poll() is None:
            time.sleep(0.5)
            with open(self.shared / "lock", "a", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                # What is running needs less than this for all that it does.
                if lease.exists() and time.time() - lease.stat().st_mtime > 10:
                    lease.write_text(json.dumps({**json.loads(lease.read_text()), "value": "2020-01-01T00:00:00Z"}))
        return process.returncode, process.communicate()[1].decode()

    def test_killed_while_it_renews_the_other_machine_goes_on(self):
        for delay in (0.05, 0.2, 0.5):
            self.expire()
            process = self.homes[0].popen("request", "GET", "/rest/me")
            time.sleep(delay)
            process.kill()
            process.communicate()
            code, errors = self.run_with_time_passing(self.homes[1])
            if code != 0:
                # Sent, and the answer lost: that is said, and a new sign-in mends it.
                self.assertEqual(json.loads(errors)["code"], "credential.uncertain", errors)
                address = browse_until(self.ok("login", "--begin").stdout.strip(), "http://127.0.0.1/callback")
                self.ok("login", "--verifier", address)
            self.ok("request", "GET", "/rest/me")


if __name__ == "__main__":
    support.main()
