#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A real Chromium goes through consent page, callback page and `link show --web`. Pictures of all that it saw are
kept in the folder that ATLINK_PICTURES names. It has no way to anything but this machine, and asked for nothing else."""

import json
import os
import pathlib
import signal
import tempfile
import urllib.parse

import acme_product
import support
from browser import Browser
from support import CANARY, PROGRAM, ScriptedServer, Story

PICTURES = pathlib.Path(os.environ.get("ATLINK_PICTURES") or tempfile.mkdtemp(prefix="atlink-pictures-"))
SHORT = {
    "schema": 1, "id": "hasty", "version": "1.0", "name": "Hasty", "extends": "self-hosted",
    "sign_in": {"oauth1": {"lifetimes": {"request_token": 2}}},
}  # fmt: skip


class Pages(Story):
    """One browser for all: what it asked for is judged in the end."""

    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(PICTURES)

    @classmethod
    def tearDownClass(cls):
        cls.browser.stop()
        connected, asked = cls.browser.asked_for()
        outside = {address for address in connected if not address.startswith(("127.0.0.1:", "[::1]:"))}
        assert connected and not outside, outside
        strange = {url for url in asked if urllib.parse.urlsplit(url).hostname not in ("127.0.0.1", "localhost")}
        assert asked and not strange, strange
        if "ATLINK_PICTURES" not in os.environ:
            support.shutil.rmtree(PICTURES, ignore_errors=True)

    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])
        super().tearDown()

    def site(self, product="jira", *options):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", "/tools", "--consumer", f"robot={self.pair / 'public.pem'}", *options]
        site = self.start(support.Server(command, env=self.home.environment))
        self.ok("profile", "set", "work", "--product", product, "--url", site.base, "--consumer-key", "robot",
                "--private-key", self.pair / "private.pem")  # fmt: skip
        return site

    def login(self, *options):
        process = self.home.popen("login", "--no-browser", "--output", "json", *options, text=True)
        self.addCleanup(process.kill)
        return process, json.loads(support.read_line(process, process.stderr))["url"]

    def ends(self, process, code):
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(process.returncode, code, errors)
        return json.loads(out) if out else json.loads(errors)

    def pictures(self, name):
        """In light and dark; what is written can be told from what it is written on."""
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            self.browser.picture(f"{name}-{scheme}")
            fore, back = self.browser.run("""const style = getComputedStyle(document.body);
                const lum = c => { const v = c.match(/[0-9.]+/g).map(Number); return v.length > 3 && v[3] === 0 ? null : (v[0] * 2 + v[1] * 5 + v[2]) / 8 };
                const dark = matchMedia('(prefers-color-scheme: dark)').matches;
                return [lum(style.color), lum(style.backgroundColor) ?? (dark ? 18 : 255)];""")
            self.assertGreater(abs(fore - back), 120, f"{name} in {scheme}")
            self.assertEqual(fore > back, scheme == "dark")
        self.browser.scheme("light")

    # The consent page and the page after it.

    def test_allowed(self):
        self.site()
        process, url = self.login()
        self.browser.open(url)
        self.assertEqual(self.browser.heading(), "Allow access?")
        self.pictures("consent")
        self.browser.click("button[name=approve]")
        self.browser.wait_for("You are signed in")
        self.assertIn("as alice", self.browser.text())
        self.assertIn("This tab can be closed", self.browser.text())
        self.pictures("signed-in")
        self.assertEqual(self.ends(process, 0)["user"], "alice")
        # Back at the question, which has been answered: it says so, and nothing comes of it.
        self.browser.back()
        self.browser.open(url)
        self.assertIn("cannot be answered", self.browser.heading())
        self.pictures("consent-used")
        self.ok("status")

    def test_denied(self):
        self.site()
        process, url = self.login()
        self.browser.open(url)
        self.browser.click("button[name=deny]")
        self.browser.wait_for("Access was denied")
        self.assertIn("atlink login --profile work", self.browser.text())
        self.pictures("denied")
        self.assertEqual(self.ends(process, 5)["code"], "login.denied")

    def test_denied_keeps_what_worked(self):
        self.site()
        for button, code in (("approve", 0), ("deny", 5)):
            process, url = self.login()
            self.browser.open(url)
            self.browser.click(f"button[name={button}]")
            self.browser.wait_for("can be closed")
            self.ends(process, code)
        self.ok("status")

    def test_a_double_click(self):
        self.site()
        process, url = self.login()
        self.browser.open(url)
        self.browser.double_click("button[name=approve]")
        self.ends(process, 0)
        self.assertIn(self.browser.heading(), ("You are signed in", "Already answered"))
        self.browser.picture("double-click")

    def test_by_keyboard_alone(self):
        self.site()
        process, url = self.login()
        self.browser.open(url)
        self.browser.press("tab")
        self.assertEqual(self.browser.focused(), "button Allow")
        self.browser.picture("consent-focus")
        self.browser.press("enter")
        self.browser.wait_for("You are signed in")
        self.ends(process, 0)

    def test_a_second_tab(self):
        self.site()
        process, url = self.login()
        self.browser.open(url)
        first = self.browser.window()
        self.browser.new_tab()
        self.browser.open(url)
        self.browser.click("button[name=approve]")
        self.browser.wait_for("You are signed in")
        self.ends(process, 0)
        self.browser.close_tab(first)
        self.browser.click("button[name=deny]")
        self.browser.wait_for("cannot be answered")
        self.ok("status")

    def test_an_old_tab(self):
        """The answer to a sign-in that was given up arrives where another one waits."""
        self.site()
        port = support.free_port()
        given_up, old = self.login("--port", port)
        self.browser.open(old)
        first = self.browser.window()
        given_up.send_signal(signal.SIGINT)
        self.assertEqual(given_up.wait(support.PATIENCE), 130)
        process, url = self.login("--port", port)
        self.browser.click("button[name=approve]")
        self.browser.wait_for("This belongs to another sign-in")
        self.pictures("old-tab")
        self.assertIsNone(process.poll())
        self.browser.new_tab()
        self.browser.open(url)
        self.browser.click("button[name=approve]")
        self.browser.wait_for("You are signed in")
        self.ends(process, 0)
        self.browser.close_tab(first)

    def test_too_late(self):
        folder = self.home.data / "plugins/hasty"
        folder.mkdir(parents=True, mode=0o755)
        (folder / "product.json").write_text(json.dumps(SHORT), encoding="utf-8")
        self.site("hasty")
        process, url = self.login("--timeout", 60)
        self.browser.open(url)
        support.time.sleep(2.2)
        self.browser.click("button[name=approve]")
        self.browser.wait_for("This question is too old")
        self.pictures("too-late")
        process.send_signal(signal.SIGINT)
        process.wait(support.PATIENCE)

    def test_allowed_and_brought_back_too_late(self):
        """The person pressed Allow in time, and the answer arrives when nothing comes of it any more."""
        folder = self.home.data / "plugins/hasty"
        folder.mkdir(parents=True, mode=0o755)
        (folder / "product.json").write_text(json.dumps(SHORT | {"sign_in": {"oauth1": {"lifetimes": {"request_token": 8}}}}), encoding="utf-8")
        self.site("hasty")
        process, url = self.login("--timeout", 60)
        end = support.allow(url)
        support.time.sleep(8.2)
        self.browser.open(end)
        self.browser.wait_for("The answer came too late")
        self.assertIn("atlink login --profile work", self.browser.text())
        self.assertIn("can be closed", self.browser.text())
        self.pictures("callback-too-late")
        self.assertEqual(self.ends(process, 4)["code"], "login.expired")

    def test_oauth2_ends_on_the_same_pages(self):
        state = {}

        def answer(method, target, headers, body):
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
            if target.startswith("/auth"):
                state["query"] = query
                more = state["answer"] | {"state": query["state"]}
                return 302, {"Location": f"{query['redirect_uri']}?{urllib.parse.urlencode(more)}"}, b""
            if target.startswith("/token"):
                return state["token"]
            return 200, {"Content-Type": "application/json"}, b'{"name": "alice <b>&</b>"}'

        acme_product.install(self.home)
        server = self.start(ScriptedServer(answer))
        secret = self.home.folder / "secret"
        secret.write_text("s", encoding="utf-8")
        self.ok("profile", "set", "work", "--product", "acme", "--url", server.base, "--method", "oauth2", "--client-id", "app", "--secret-file", secret)
        good = (200, {"Content-Type": "application/json"}, json.dumps({"access_token": CANARY, "token_type": "bearer", "expires_in": 60}).encode())
        bad = (400, {"Content-Type": "application/json"}, b'{"error": "invalid_grant", "error_description": "<script>alert(1)</script>"}')
        for name, reply, token, words, code in (
            ("allowed", {"code": "c"}, good, "You are signed in", 0),
            ("denied", {"error": "access_denied"}, good, "Access was denied", 5),
            ("refused", {"code": "c"}, bad, "This did not sign you in", 4),
        ):  # fmt: skip
            with self.subTest(name):
                state.update(answer=reply, token=token)
                process, url = self.login()
                self.browser.open(url)
                self.browser.wait_for(words)
                self.assertNotIn(CANARY, self.browser.run("return document.documentElement.outerHTML"))
                self.assertEqual(self.browser.run("return document.querySelectorAll('script, b, img').length"), 0)
                self.pictures(f"oauth2-{name}")
                self.ends(process, code)
        # A tab whose state is another's changes nothing.
        state.update(answer={"code": "c"}, token=good)
        process, url = self.login()
        wanted = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["redirect_uri"]
        self.browser.open(f"{wanted}?code=c&state=%3Cscript%3Ealert(1)%3C/script%3E")
        self.assertEqual(self.browser.heading(), "This belongs to another sign-in")
        self.assertNotIn("alert", self.browser.run("return document.documentElement.outerHTML"))
        self.browser.open(url)
        self.browser.wait_for("You are signed in")
        self.ends(process, 0)

    # The link's screens as a page.

    def test_the_link_as_a_page(self):
        self.site()
        self.ok("profile", "set", "work", "--consumer-key", "unknown")
        process = self.home.popen("link", "show", "--web", "--no-browser", "--output", "json", text=True)
        self.addCleanup(process.kill)
        url = json.loads(support.read_line(process, process.stderr))["url"]
        self.browser.open(url)
        self.browser.wait_for("not there yet")
        self.pictures("link")
        self.browser.printed("link")
        # What only a screen can use is not on paper, and every screen of the dialog is.
        hidden = self.browser.run("return getComputedStyle(document.querySelector('button')).display")
        self.assertNotEqual(hidden, "none")
        self.assertGreater((PICTURES / "link.pdf").stat().st_size, 5000)
        # Everything can be reached and done by keyboard.
        seen = []
        for _ in range(60):
            self.browser.press("tab")
            seen.append(self.browser.focused())
            if seen[-1].startswith("button Copy"):
                break
        self.assertTrue(seen[-1].startswith("button Copy"), seen)
        self.browser.picture("link-focus")
        self.browser.press("enter")
        self.browser.wait_for("Copied")
        first = self.browser.run("return document.getElementById(document.activeElement.dataset.copy).textContent")
        self.assertTrue(first)
        closed = self.browser.run("return [...document.querySelectorAll('details:not([open])')].length")
        self.assertGreater(closed, 0)
        # It follows what happens elsewhere.
        self.ok("profile", "set", "work", "--consumer-key", "robot")
        self.browser.wait_for("The link is there. What is left is to sign in")
        self.browser.click("#done")
        self.browser.wait_for("This page is finished and can be closed.")
        self.assertEqual(process.wait(support.PATIENCE), 0)
        self.browser.picture("link-finished")


if __name__ == "__main__":
    support.main()
