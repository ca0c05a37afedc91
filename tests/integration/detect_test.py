#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`atlink detect` against sites that answer, redirect, keep quiet, or show nothing but a login page."""

import json
import urllib.parse

import support
from support import CANARY, ScriptedServer, Story

MOST_QUESTIONS = 12
JSON = {"Content-Type": "application/json"}
HTML = {"Content-Type": "text/html;charset=UTF-8"}
LOGIN = b"<html><head><title>Company sign-on</title></head><form><input type=\"password\"></form></html>"


BUNDLED = sorted(path.parent.name for path in (support.ROOT / "products").glob("*/product.json"))


def manifest_of(product):
    """A plugin that extends the self-hosted one and is recognised by the type in its manifest."""
    return {
        "schema": 1, "id": product, "version": "1", "name": product.capitalize(), "extends": "self-hosted",
        "context_path": {"default": "", "known": [f"/{product}"]},
        "detect": {"probes": {"manifest": {
            "endpoint": {"path": "/rest/applinks/1.0/manifest"}, "json": {"/typeId": [product]},
            "tells": {"version": "/version", "title": "/name", "base_url": "/url"}}}},
    }  # fmt: skip


class Site:
    """Plays a product's manifest below a context path; everything else is nothing there."""

    def __init__(self, context, product="tracker", url=None, **more):
        self.context, self.product, self.url, self.more = context, product, url, more

    def __call__(self, method, path, headers, body):
        if path == f"{self.context}/rest/applinks/1.0/manifest":
            text = {"typeId": self.product, "version": "10.3.1", "name": "Our tracker", **self.more}
            if self.url:
                text["url"] = self.url
            return 200, JSON, json.dumps(text).encode()
        return 404, HTML, b"<title>Not found</title>"


class Detect(Story):
    def setUp(self):
        super().setUp()
        for product in ("tracker", "docs"):
            folder = self.home.data / "plugins" / product
            folder.mkdir(parents=True, mode=0o755)
            (folder / "product.json").write_text(json.dumps(manifest_of(product)), encoding="utf-8")

    def site(self, answer):
        server = self.start(ScriptedServer(answer))
        self.addCleanup(self.check_questions, server)
        return server

    def check_questions(self, server):
        """Few, each once, and none with anything that could be a credential."""
        self.assertLessEqual(len(server.requests), MOST_QUESTIONS)
        asked = [(path, headers.get("Accept")) for _, path, headers, _ in server.requests]
        self.assertEqual(len(asked), len(set(asked)), asked)
        for method, _, headers, body in server.requests:
            self.assertEqual((method, body), ("GET", b""))
            names = {name.lower() for name in headers}
            self.assertFalse(names & {"authorization", "cookie", "proxy-authorization"}, headers)

    def detect(self, url, exit_code=0, *options, **named):
        """The document, and the error where there is to be one."""
        result = self.home.run("detect", url, "--output", "json", *options, **named)
        self.assertEqual(result.returncode, exit_code, result.stderr + result.stdout)
        self.assert_clean(result.stderr)
        document = json.loads(result.stdout)
        self.assertLessEqual(len(document["asked"]), MOST_QUESTIONS)
        return document, json.loads(result.stderr) if exit_code else None

    def test_each_context_path_is_found(self):
        for context, url in (("", ""), ("", "/browse/ABC-1"), ("/tracker", ""), ("/tracker", "/tracker/browse/ABC-1"),
                             ("/some-where", "/some-where/x?y=z#end"), ("/a/b", "/a/b/c"),
                             ("/a/b.c/d", "/a/b.c/d"), ("/a/b/c", "/a/b/c/browse/ABC-1")):  # fmt: skip
            with self.subTest(context=context, url=url):
                server = self.site(Site(context))
                document, _ = self.detect(server.base + url)
                found = document["found"]
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0]["product"], "tracker")
                self.assertEqual(found[0]["version"], "10.3.1")
                self.assertEqual(found[0]["context_path"], context)
                self.assertEqual(found[0]["base_url"], server.base + context)
                self.assertEqual(found[0]["deployment"], "data-center")
                self.assertIn("oauth1", [way["method"] for way in found[0]["sign_in"]])
                self.assertTrue(found[0]["certain"])
                self.assertEqual(len(server.requests), len(document["asked"]))

    def test_each_bundled_product_is_found_on_its_sandbox(self):
        for product in BUNDLED:
            for context in ("", "/tools", "/some/where"):
                with self.subTest(product=product, context=context):
                    command = [support.PROGRAM, "sandbox", "--product", product, "--context-path", context]
                    sandbox = self.start(support.Server(command, env=self.home.environment))
                    document, _ = self.detect(sandbox.base + ("/browse/ABC-1" if context else ""))
                    found = document["found"]
                    self.assertEqual([each["product"] for each in found], [product])
                    self.assertEqual(found[0]["base_url"], sandbox.base)
                    self.assertEqual(found[0]["deployment"], "data-center")
                    self.assertIsNone(found[0]["server_base_url"])
                    self.assertRegex(found[0]["version"], r"^[0-9]+[.0-9]*$")
                    self.assertTrue(found[0]["sign_in"])
                    self.assertTrue(found[0]["certain"])

    def test_each_bundled_product_is_found_behind_a_tls_front(self):
        for product, context in zip(BUNDLED, ("", "/tools", "/a/b", "/wiki", "", "/tools"), strict=True):
            with self.subTest(product=product, context=context):
                command = [support.PROGRAM, "sandbox", "--product", product, "--context-path", context]
                sandbox = self.start(support.Server(command, env=self.home.environment))
                front = self.start(support.TlsFront(self.home.folder, sandbox.base.removesuffix(context)))
                document, _ = self.detect(front.site + (f"{context}/browse/ABC-1" if context == "/a/b" else context), 0, "--ca-file", front.ca)
                found = document["found"]
                self.assertEqual([each["product"] for each in found], [product])
                self.assertEqual(found[0]["base_url"], front.site + context)
                self.assertRegex(found[0]["version"], r"^[0-9]+[.0-9]*$")
                self.assertTrue(found[0]["certain"])
                front.stop()

    def test_no_bundled_product_is_guessed_where_the_site_keeps_to_itself(self):
        for product in BUNDLED:
            for fault in (["--closed-probes"], ["--fault", "login-page"]):
                with self.subTest(product=product, fault=fault):
                    command = [support.PROGRAM, "sandbox", "--product", product, "--context-path", "/tools", *fault]
                    sandbox = self.start(support.Server(command, env=self.home.environment))
                    result = self.home.run("detect", sandbox.base, "--output", "json")
                    document = json.loads(result.stdout)
                    self.assertLessEqual(len(document["asked"]), MOST_QUESTIONS)
                    if result.returncode == 0:
                        self.assertEqual(document["found"][0]["product"], product)
                        continue
                    error = json.loads(result.stderr)
                    self.assertIn((result.returncode, error["code"]), [(4, "answer.login_page"), (4, "answer.unauthorized"), (6, "site.unknown")])
                    self.assertIn("--product ID", error["next"])
                    if fault[-1] == "login-page":
                        self.assertIn("login page", error["message"])
                    self.assertFalse(any(each["certain"] for each in document["found"]))
                    sandbox.stop()

    def test_the_next_command_works_as_it_is_printed(self):
        server = self.site(Site("/some-where"))
        shown = self.ok("detect", server.base + "/some-where").stdout
        line = next(line for line in shown.splitlines() if "atlink profile set" in line)
        words = line[line.index("atlink profile set") :].split()[1:]
        self.ok(*words)
        profile = self.json("profile", "show", words[2])
        self.assertEqual(profile["base_url"], server.base + "/some-where")
        self.assertEqual(profile["product"], "tracker")
        self.check_questions(server)
        server.requests.clear()
        again = self.ok("detect", server.base + "/some-where").stdout
        self.assertIn("atlink profile set tracker-2 ", again)

    def test_a_redirect_of_the_front_door_shows_the_way(self):
        site = Site("/x")

        def answer(method, path, headers, body):
            return (302, {"Location": "/x/"}, b"") if path == "/" else site(method, path, headers, body)

        document, _ = self.detect(self.site(answer).base)
        self.assertEqual(document["found"][0]["context_path"], "/x")
        self.assertIn("redirect", [asked["outcome"] for asked in document["asked"]])

    def test_several_products_on_one_site(self):
        tracker, docs = Site(""), Site("/docs", product="docs")

        def answer(method, path, headers, body):
            return (docs if path.startswith("/docs") else tracker)(method, path, headers, body)

        server = self.site(answer)
        document, _ = self.detect(server.base + "/docs/spaces", 0, "--all")
        self.assertEqual([found["product"] for found in document["found"]], ["docs", "tracker"])
        document, _ = self.detect(self.site(answer).base)
        self.assertEqual([found["product"] for found in document["found"]], ["tracker"])

    def test_a_closed_manifest_is_said(self):
        for status in (401, 403):
            with self.subTest(status=status):

                def answer(method, path, headers, body, status=status):
                    return (status if "manifest" in path else 404), HTML, b""

                document, error = self.detect(self.site(answer).base, 4)
                self.assertEqual(document["found"], [])
                self.assertIn("closed", [asked["outcome"] for asked in document["asked"]])
                self.assertEqual(error["code"], "answer.unauthorized")
                self.assertIn("atlink profile set", error["next"])

    def test_a_site_of_login_pages_is_told_so(self):
        server = self.site(lambda *_: (200, HTML, LOGIN))
        document, error = self.detect(server.base + "/tracker/browse/X", 4)
        self.assertEqual({asked["outcome"] for asked in document["asked"]}, {"login_page"})
        self.assertEqual(error["code"], "answer.login_page")
        for part in ("Company sign-on", "200", server.base):
            self.assertIn(part, error["message"])
        self.assertIn("--context-path PATH", error["next"])

    def test_a_site_that_nobody_describes_is_not_guessed_at(self):
        document, error = self.detect(self.site(lambda *_: (200, HTML, b"<title>Welcome</title>")).base, 6)
        self.assertEqual(document["found"], [])
        self.assertEqual(error["code"], "site.unknown")

    def test_redirects_to_another_site_are_not_followed(self):
        other = self.start(ScriptedServer(lambda *_: (200, JSON, b"{}")))
        here = self.site(lambda method, path, headers, body: (302, {"Location": other.base + path}, b""))
        document, error = self.detect(here.base, 6)
        self.assertEqual(other.requests, [])
        self.assertIn(other.base, " ".join(document["notes"]))
        self.assertEqual(error["code"], "site.unknown")
        # That is where it is, most likely: the same address there, without what came behind a "?".
        here = self.site(lambda method, path, headers, body: (302, {"Location": other.base + path}, b""))
        _, error = self.detect(here.base + "/tools/browse/ABC-1?a=b", 6)
        self.assertTrue(error["next"].endswith(f"atlink detect {other.base}/tools/browse/ABC-1"), error)
        front = self.site(lambda method, path, headers, body: (302, {"Location": other.base + "/home?x=1"}, b"") if path == "/" else (404, HTML, b""))
        _, error = self.detect(front.base, 6)
        self.assertTrue(error["next"].endswith(f"atlink detect {other.base}/home"), error)
        # A page to sign in at is no such place.
        closed = self.site(lambda *_: (302, {"Location": other.base + "/login?x=1"}, b""))
        self.detect(closed.base, 4)

    def test_a_site_that_is_out_of_order(self):
        for status in (500, 503):
            _, error = self.detect(self.site(lambda *_, s=status: (s, HTML, b"<title>Maintenance</title>")).base, 10)
            self.assertEqual(error["code"], "answer.server_error")
            self.assertIn(str(status), error["message"])
        self.detect(self.site(lambda _m, path, *_: (404 if path == "/" else 502, HTML, b"")).base, 6)

    def test_a_server_that_calls_itself_otherwise(self):
        server = self.site(Site("", url="http://inside.example:8080"))
        document, _ = self.detect(server.base)
        self.assertEqual(document["found"][0]["server_base_url"], "http://inside.example:8080")
        shown = self.ok("detect", self.site(Site("", url="http://inside.example:8080")).base)
        self.assertIn("http://inside.example:8080", shown.stderr)

    def test_words_of_the_server_are_harmless(self):
        server = self.site(Site("", name="red \x1b[31m\x9b\u202e title"))
        result = self.ok("detect", server.base)
        self.assert_clean(result.stdout + result.stderr)
        self.assertNotIn("\u202e", result.stdout)

    def test_two_descriptions_that_fit(self):
        folder = self.home.data / "plugins" / "twin"
        folder.mkdir(mode=0o755)
        twin = {**manifest_of("tracker"), "id": "twin"}
        (folder / "product.json").write_text(json.dumps(twin), encoding="utf-8")
        document, error = self.detect(self.site(Site("")).base, 7)
        self.assertEqual({found["product"] for found in document["found"]}, {"tracker", "twin"})
        self.assertTrue(document["ambiguous"])
        self.assertEqual(error["code"], "site.ambiguous")

    def test_a_dead_host(self):
        dead = f"http://127.0.0.1:{support.free_port()}"
        document, error = self.detect(dead, 9)
        self.assertEqual(error["code"], "network.refused")
        self.assertEqual(len(document["asked"]), 1)

    def test_no_credential_of_the_surroundings_is_sent(self):
        server = self.site(Site("/tracker"))
        environment = {"ATLINK_OAUTH_TOKEN": CANARY, "ATLINK_OAUTH_TOKEN_SECRET": CANARY,
                       "ATLINK_URL": server.base, "ATLINK_CONSUMER_KEY": CANARY}  # fmt: skip
        (self.home.folder / ".netrc").write_text(f"machine 127.0.0.1 login me password {CANARY}\n", encoding="utf-8")
        self.detect(server.base + "/tracker", env=environment)
        for _, path, headers, _ in server.requests:
            self.assertNotIn(CANARY, path + json.dumps(headers))

    def test_behind_a_proxy_with_a_private_ca(self):
        backend = self.site(Site("/tracker"))
        folder = self.home.folder / "front"
        folder.mkdir()
        front = self.start(support.TlsFront(folder, backend.base))
        document, error = self.detect(front.site, 9)
        self.assertEqual(error["code"], "network.certificate")
        self.assertIn("--ca-file", error["next"])
        self.assertEqual(backend.requests, [])
        document, _ = self.detect(front.site + "/tracker/browse/X", 0, "--ca-file", front.ca)
        self.assertEqual(document["found"][0]["base_url"], front.site + "/tracker")
        self.check_questions(backend)
        backend.requests.clear()
        found = self.ok("detect", front.site, "--ca-file", front.ca).stdout
        self.assertIn(f"--ca-file {front.ca}", found)
        self.assertEqual(urllib.parse.urlsplit(document["url"]).scheme, "https")


if __name__ == "__main__":
    support.main()
