#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Causes produced for real, alone and in pairs: `doctor` names them first, and what it says mends them."""

import json
import re
import shlex
import shutil
import stat
import subprocess
import threading
import urllib.parse

import acme_product
import support
from certificates import Authority
from support import CANARY, PROGRAM, ScriptedServer, Story, http_request

ENDPOINT = "/plugins/servlet/oauth/request-token"
HTML = {"Content-Type": "text/html;charset=UTF-8"}


class Forwarder(ScriptedServer):
    """In front of a site: passes requests on as `change(method, target, headers)` has them."""

    def __init__(self, site, change=lambda method, target, headers: (target, headers), context=None):
        self.site = site
        self.change = change
        super().__init__(self.forward)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.base = self.base.replace("http:", "https:")

    def forward(self, method, target, headers, body):
        target, headers = self.change(method, target, dict(headers))
        headers = {k: v for k, v in headers.items() if k.lower() not in ("connection", "content-length", "accept-encoding")}
        status, answer, text = http_request(self.site + target, method, body if method == "POST" else None, headers)
        drop = ("content-length", "connection", "transfer-encoding", "date", "server")
        return status, {k: v for k, v in answer.items() if k.lower() not in drop}, text


class NginxFront(support.TlsFront):
    """The real nginx, with directives of the test's own for what it passes on."""

    CONFIGURATION = support.TlsFront.CONFIGURATION.replace(
        "proxy_set_header Host $http_host;\n      proxy_set_header X-Forwarded-Host $http_host;\n"
        "      proxy_set_header X-Forwarded-Proto $scheme;", "{directives}")  # fmt: skip

    def __init__(self, folder, backend, directives):
        self.directives = directives
        super().__init__(folder, backend)

    def settings(self):
        return {"directives": self.directives}


class Doctor(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    # The surroundings.

    def sandbox(self, *options, product="jira", context_path="", consumer="build"):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", context_path,
                   "--consumer", f"{consumer}={self.pair / 'public.pem'}", *options]  # fmt: skip
        return self.start(support.Server(command, env=self.home.environment))

    def profile(self, base, *options, product="jira"):
        self.ok("profile", "set", "work", "--product", product, "--url", base, "--consumer-key", "build",
                "--private-key", self.pair / "private.pem", *options)  # fmt: skip

    def signed_in(self, *options, **named):
        """A healthy profile at a sandbox."""
        site = self.sandbox(*options, **named)
        self.profile(site.base, "--context-path", named.get("context_path", ""))
        self.log_in(site)
        return site

    def log_in_at(self, front, site):
        """The sign-in of a profile that goes through `front`, decided at the site itself."""
        begun = self.ok("login", "--begin")
        verifier = self.decide(site, self.token_of(begun.stdout))
        self.ok("login", "--verifier", verifier)
        self.assertTrue(front.requests)

    def log_in(self, site):
        begun = self.ok("login", "--begin")
        verifier = self.decide(site, self.token_of(begun.stdout))
        self.ok("login", "--verifier", verifier)

    def decide(self, site, token, decision="allow"):
        body = f"oauth_token={token}&decision={decision}".encode()
        status, _, answer = http_request(site.base + "/-/sandbox/decide", "POST", body)
        self.assertEqual(status, 200, answer)
        return json.loads(answer)["verifier"]

    def fault(self, site, *faults):
        body = json.dumps({"faults": list(faults)}).encode()
        status, _, answer = http_request(site.base + "/-/sandbox/faults", "PUT", body, {"Content-Type": "application/json"})
        self.assertIn(status, (200, 204), answer)

    def register(self, site, name, key, **more):
        body = json.dumps({"public_key": key.read_text(encoding="utf-8"), **more}).encode()
        status, _, answer = http_request(f"{site.base}/-/sandbox/consumers/{name}", "PUT", body, {"Content-Type": "application/json"})
        self.assertIn(status, (201, 204), answer)

    def unregister(self, site, name):
        http_request(f"{site.base}/-/sandbox/consumers/{name}", "DELETE")

    # What the program says.

    def secrets(self):
        """Everything on disk that must not be seen: tokens, their secrets, session handles."""
        found = {CANARY}
        for file in sorted((self.home.state / "credentials").glob("*.json")):
            for name, value in json.loads(file.read_text(encoding="utf-8")).items():
                if isinstance(value, str) and re.search("token|secret|handle", name):
                    found.add(value)
        return {value for value in found if len(value) > 5}

    def diagnose(self, command=("doctor",), **named):
        """(exit code, document, error or None); nothing secret in either, nor in a report."""
        report = self.home.folder / f"report-{len(list(self.home.folder.glob('report-*')))}.txt"
        more = ["--report", report] if command == ("doctor",) else []
        result = self.home.run(*command, "--output", "json", *more, **named)
        self.assert_clean(result.stderr)
        text = result.stdout + result.stderr + (report.read_text(encoding="utf-8") if report.exists() else "")
        for secret in self.secrets():
            self.assertNotIn(secret, text)
        if more:
            self.assertEqual(stat.S_IMODE(report.stat().st_mode), 0o600)
        document = json.loads(result.stdout)
        error = json.loads(result.stderr) if result.returncode else None
        return result.returncode, document, error

    def healthy(self, **named):
        code, document, _ = self.diagnose(**named)
        self.assertEqual((code, document["cause"]), (0, None), document)
        self.assertLessEqual(document["requests"], 15)
        return document

    def finds(self, check, code, exit_code, **named):
        """The cause that doctor names, which must be this one."""
        ended, document, error = self.diagnose(**named)
        self.assertIsNotNone(document["cause"], document)
        self.assertEqual((error["context"]["check"], document["cause"]["code"], ended), (check, code, exit_code), document)
        self.assertLessEqual(document["requests"], 15)
        failed = [each["name"] for each in document["checks"] if each["outcome"] == "fail"]
        self.assertEqual(failed[0], check)
        return {**document["cause"], "document": document, "failed": failed}

    def link_finds(self, check, code, exit_code, **named):
        ended, document, error = self.diagnose(("link", "check"), **named)
        self.assertEqual((error["context"]["check"], error["code"], ended), (check, code, exit_code), document)
        self.assertIs(document["works"], False)
        return error

    def mend(self, cause):
        """Runs the command that the next step is."""
        words = shlex.split(cause["next"])
        self.assertEqual(words[0], "atlink", cause["next"])
        self.ok(*words[1:])

    def mend_by_shell(self, cause):
        subprocess.run(["sh", "-c", cause["next"]], check=True)

    # Health.

    def test_every_bundled_product_is_healthy_when_it_is(self):
        for product, context_path in (("jira", ""), ("confluence", "/wiki"), ("bitbucket", "/bitbucket"), ("self-hosted", "/dev/x")):
            with self.subTest(product):
                site = self.sandbox(product=product, context_path=context_path)
                self.profile(site.base, "--context-path", context_path, product=product)
                self.assertEqual(self.diagnose(("link", "check"))[0], 0)
                self.log_in(site)
                document = self.healthy()
                outcomes = {each["name"]: each["outcome"] for each in document["checks"]}
                self.assertEqual(set(outcomes.values()) - {"pass"}, set(), outcomes)
                self.home.run("logout")

    def test_providers_that_others_wrote_are_healthy(self):
        for kind in ("oauthlib", "ruby-oauth"):
            with self.subTest(kind):
                provider = self.provider(kind, self.pair, consumer="build")
                self.profile(provider.base, product="self-hosted")
                self.sign_in(provider, "work")
                self.healthy()
                self.home.run("logout")

    # This machine.

    def test_no_profile(self):
        ended, document, error = self.diagnose()
        self.assertEqual((ended, document["cause"]["code"], error["context"]["check"]), (3, "profile.missing", "profile"))

    def test_a_broken_profile_and_a_broken_plugin(self):
        self.signed_in()
        file = self.home.config / "profiles" / "work.json"
        whole = file.read_text(encoding="utf-8")
        file.write_text(whole[:20], encoding="utf-8")
        self.finds("profile", "file.damaged", 3, env={"ATLINK_PROFILE": "work"})
        file.write_text(whole.replace('"jira"', '"jirra"'), encoding="utf-8")
        self.finds("plugin", "product.missing", 3)

    def test_files_that_others_can_read(self):
        self.signed_in()
        credential = next((self.home.state / "credentials").glob("work.json"))
        credential.chmod(0o644)
        cause = self.finds("files", "file.permissions", 3)
        self.assertIn("chmod", cause["next"])
        credential.chmod(0o600)
        # It comes before a key that is missing.
        (self.pair / "private.pem").rename(self.pair / "away.pem")
        credential.chmod(0o644)
        self.mend_by_shell(self.finds("files", "file.permissions", 3))
        self.finds("key", "file.not_found", 3)
        (self.pair / "away.pem").rename(self.pair / "private.pem")
        (self.pair / "private.pem").chmod(0o644)
        outcome = {each["name"]: each["outcome"] for each in self.healthy()["checks"]}
        self.assertEqual(outcome["files"], "warn")

    def test_keys(self):
        site = self.signed_in()
        other = self.keys("other")
        shutil.copy(other / "public.pem", self.pair / "public.pem")
        self.register(site, "build", other / "public.pem")
        # Two causes: the file that would be pasted, and the link in which it was.
        cause = self.finds("key-pair", "key.mismatch", 3)
        self.mend(cause)
        cause = self.finds("signature", "key.mismatch", 3)
        self.assertEqual(shlex.split(cause["next"])[1:3], ["link", "show"])
        shown = json.loads(self.ok(*shlex.split(cause["next"])[1:], "--output", "json").stdout)
        (self.home.folder / "pasted.pem").write_text(shown["public_key"], encoding="utf-8")
        self.register(site, "build", self.home.folder / "pasted.pem")
        self.assertNotIn("signature", [c["name"] for c in self.diagnose()[1]["checks"] if c["outcome"] == "fail"])

    def test_a_key_that_is_missing_or_of_no_use(self):
        self.signed_in()
        key = self.pair / "private.pem"
        whole = key.read_bytes()
        key.write_bytes((self.pair / "public.pem").read_bytes())
        self.finds("key", "key.public", 3)
        key.unlink()
        self.finds("key", "file.not_found", 3)
        key.write_bytes(whole)
        self.healthy()

    def test_a_system_that_refuses_the_signature(self):
        self.signed_in()
        policy = self.home.folder / "openssl.cnf"
        policy.write_text(
            "openssl_conf = init\n[init]\nalg_section = algorithms\nproviders = providers\n"
            "[algorithms]\ndefault_properties = fips=yes\n[providers]\ndefault = default\n[default]\nactivate = 1\n",
            encoding="utf-8")  # fmt: skip
        self.finds("system", "crypto.refused", 3, env={"OPENSSL_CONF": str(policy)})

    # The network.

    def test_names_and_connections(self):
        self.profile("https://nowhere.invalid")
        self.finds("name", "network.name", 9)
        self.profile(f"http://127.0.0.1:{support.free_port()}")
        self.finds("connection", "network.refused", 9)
        self.profile("http://nowhere.invalid")
        self.finds("proxy", "network.proxy_unreachable", 9, env={"http_proxy": f"http://alice:{CANARY}@127.0.0.1:1"})

    def test_a_server_that_takes_connections_and_says_nothing(self):
        listener = support.socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        self.addCleanup(listener.close)

        def hang_up():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                connection.recv(1000)
                connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        self.profile(f"http://127.0.0.1:{listener.getsockname()[1]}")
        ended, document, error = self.diagnose()
        self.assertEqual((ended, error["context"]["check"]), (9, "connection"), document)

    def profile_in(self, variable, value, server):
        """The cause where a variable counts, which no command of ours mends."""
        self.profile(server.base)
        cause = self.finds("tls", "network.certificate", 9, env={variable: value})
        self.assertFalse(cause["next"].startswith("atlink"), cause)
        return cause["code"]

    def tls_front(self, site, context):
        def change(_, target, headers):
            return target, {**headers, "X-Forwarded-Proto": "https"}

        return self.start(Forwarder(site.base, change, context))

    def test_certificates(self):
        site = self.sandbox()
        authority = Authority(str(self.home.folder))
        ca = self.home.folder / "ca.pem"
        ca.write_text(authority.pem, encoding="utf-8")
        front = self.tls_front(site, authority.context("127.0.0.1"))
        self.profile(front.base)
        cause = self.finds("tls", "network.certificate", 9)
        self.assertEqual(cause["next"], f"atlink trust {front.base} --profile work")
        self.mend({"next": cause["next"] + " --yes"})
        # The certificate is mended; what comes next is that nobody has signed in.
        self.finds("credential", "credential.missing", 4)
        # Dates and names come first, whoever is trusted: no trust mends them.
        expired = self.tls_front(site, authority.context("127.0.0.1", expired=True))
        elsewhere = self.tls_front(site, authority.context("elsewhere.example"))
        for trusted in ("", ca):
            self.profile(expired.base, "--ca-file", trusted)
            cause = self.finds("tls", "network.certificate", 9)
            self.assertRegex(cause["message"], r'cannot be used: "CN=127.0.0.1" expired at ')
            self.assertIn("renew", cause["next"])
            self.profile(elsewhere.base, "--ca-file", trusted)
            cause = self.finds("tls", "network.certificate", 9)
            self.assertIn("is for elsewhere.example, and not for 127.0.0.1", cause["message"])
            self.assertIn("elsewhere.example", cause["next"])
        self.assertEqual(self.profile_in("ATLINK_CA_FILE", str(ca), elsewhere), "network.certificate")
        self.profile(site.base.replace("http:", "https:"))
        self.finds("tls", "network.tls", 9)

    def test_a_chain_that_changed_after_it_was_trusted(self):
        site = self.sandbox()
        authority = Authority(str(self.home.folder))
        front = self.tls_front(site, authority.context("127.0.0.1"))
        self.profile(front.base)
        self.ok("trust", front.base, "--profile", "work", "--yes")
        other = self.tls_front(site, Authority(str(self.home.folder)).context("127.0.0.1"))
        self.ok("profile", "set", "work", "--url", other.base)
        cause = self.finds("tls", "network.certificate", 9)
        self.assertIn("its certificate was changed, or this is not the server", cause["message"])
        self.assertEqual(cause["message"].count("its certificate was changed"), 1)
        self.mend({"next": cause["next"] + " --yes"})
        self.finds("credential", "credential.missing", 4)

    def test_a_trusted_file_that_is_gone(self):
        site = self.sandbox()
        self.profile(site.base)
        ca = self.home.folder / "ca.pem"
        ca.write_text(Authority(str(self.home.folder)).pem, encoding="utf-8")
        self.ok("profile", "set", "work", "--ca-file", ca)
        ca.unlink()
        cause = self.finds("tls", "file.not_found", 3)
        self.assertEqual(cause["next"], "atlink profile set work --ca-file ''")
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)

    def test_plain_http_to_a_port_that_speaks_tls(self):
        site = self.sandbox()
        authority = Authority(str(self.home.folder))
        ca = self.home.folder / "ca.pem"
        ca.write_text(authority.pem, encoding="utf-8")
        # One that drops such a request, and nginx, which has a page for it.
        front = self.tls_front(site, authority.context("127.0.0.1"))
        folder = self.home.folder / "nginx"
        folder.mkdir()
        nginx = self.start(support.TlsFront(folder, site.base))
        for base, trusted, check in ((front.base, ca, "connection"), (nginx.site, nginx.ca, "base-url")):
            self.profile(base.replace("https:", "http:"), "--ca-file", trusted)
            self.mend(self.finds(check, "site.other_base", 3))
            self.finds("credential", "credential.missing", 4)

    # The address.

    def test_a_context_path_that_is_missing_doubled_or_wrong(self):
        site = self.sandbox(context_path="/jira")
        root = site.base[: -len("/jira")]
        for wrong in ("", "/jira/jira", "/tracker"):
            with self.subTest(wrong):
                self.profile(root, "--context-path", wrong)
                cause = self.finds("base-url", "site.other_base", 3)
                self.mend(cause)
                self.finds("credential", "credential.missing", 4)

    def test_a_redirect_to_the_right_scheme_and_host(self):
        site = self.sandbox()
        moved = self.start(ScriptedServer(lambda _, path, *__: (301, {"Location": site.base + path}, b"")))
        self.profile(moved.base)
        self.mend(self.finds("base-url", "site.other_base", 3))
        self.finds("credential", "credential.missing", 4)

    def test_nginx_that_rewrites_the_host_or_the_scheme(self):
        site = self.sandbox()
        folder = self.home.folder / "nginx"
        folder.mkdir()
        passed = self.start(NginxFront(folder, site.base, "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"))
        self.profile(passed.site, "--ca-file", passed.ca)
        self.finds("credential", "credential.missing", 4)
        passed.stop()
        for name, directives, part in (
            ("scheme", "proxy_set_header Host $http_host;", 'scheme: sent "https", arrived "http"'),
            ("host", "proxy_set_header Host inner.example:9999; proxy_set_header X-Forwarded-Proto $scheme;", 'host: sent "localhost", arrived "inner.example"'),
            ("port", "proxy_set_header Host localhost:9999; proxy_set_header X-Forwarded-Proto $scheme;", 'arrived "9999"'),
        ):  # fmt: skip
            with self.subTest(name):
                folder = self.home.folder / name
                folder.mkdir()
                front = self.start(NginxFront(folder, site.base, directives))
                self.profile(front.site, "--ca-file", front.ca)
                cause = self.finds("base-url", "site.rewritten", 3)
                self.assertIn(part, cause["message"])
                self.assertIn("have the proxy", cause["next"])
                self.link_finds("base-url", "site.rewritten", 3)

    def test_nginx_in_front_of_servers_that_do_not_show_what_they_signed(self):
        for kind in ("oauthlib", "ruby-oauth"):
            provider = self.provider(kind, self.pair, consumer="build")
            for name, host, part in (
                ("scheme", "$http_host", 'the scheme: sent "https", arrived "http"'),
                ("port", "$host", 'the scheme: sent "https", arrived "http"'),
            ):
                with self.subTest(f"{kind} {name}"):
                    folder = self.home.folder / f"{kind}-{name}"
                    folder.mkdir()
                    front = self.start(NginxFront(folder, provider.base, f"proxy_set_header Host {host};"))
                    self.profile(front.site, "--ca-file", front.ca, product="self-hosted")
                    cause = self.finds("base-url", "site.rewritten", 3)
                    self.assertIn("takes signatures for http://localhost", cause["message"])
                    self.assertIn(part, cause["message"])
                    self.assertIn("have the proxy", cause["next"])
                    self.link_finds("base-url", "site.rewritten", 3)

    def test_nginx_that_rewrites_the_path(self):
        site = self.sandbox(context_path="/inner")
        folder = self.home.folder / "path"
        folder.mkdir()
        # "proxy_pass" with a path puts that in place of the location's.
        front = self.start(NginxFront(folder, site.base + "/", "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;"))
        self.profile(front.site, "--ca-file", front.ca)
        cause = self.finds("base-url", "site.rewritten", 3)
        self.assertIn(f'path: sent "{ENDPOINT}", arrived "/inner{ENDPOINT}"', cause["message"])
        # Below /inner this front has nothing, so the remedy is the proxy's.
        self.assertIn("have the proxy", cause["next"])

    def test_a_proxy_that_moves_the_path(self):
        site = self.sandbox(context_path="/inner")
        origin = site.base[: -len("/inner")]

        def move(_, target, headers):
            return target.replace("/outer", "/inner"), headers

        front = self.start(Forwarder(origin, move))
        self.profile(front.base, "--context-path", "/outer")
        cause = self.finds("base-url", "site.rewritten", 3)
        self.assertIn("path: sent", cause["message"])
        # Through the same front, at the path that the server sees.
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)

    def test_a_proxy_that_adds_a_parameter(self):
        site = self.sandbox()
        front = self.start(Forwarder(site.base, lambda _, target, headers: (target + ("&" if "?" in target else "?") + "via=proxy", headers)))
        self.profile(front.base)
        cause = self.finds("base-url", "site.rewritten", 3)
        self.assertIn('parameter via: sent nothing, arrived "proxy"', cause["message"])

    def test_a_server_itself_that_sees_another_parameter(self):
        """Its address is the profile's, so that setting the profile's address would mend nothing."""
        self.profile("http://placeholder.invalid")

        def answer(method, path, headers, _):
            if method == "GET":
                return (200, {}, b"") if path == ENDPOINT else (404, {}, b"")
            fields = {k: urllib.parse.unquote(v) for k, v in re.findall(r'(\w+)="([^"]*)"', headers.get("Authorization", ""))}
            fields.pop("oauth_signature", None)
            pairs = "&".join(sorted(f"{k}={urllib.parse.quote(v, safe='-._~')}" for k, v in {**fields, "via": "proxy"}.items()))
            base = "&".join(urllib.parse.quote(part, safe="-._~") for part in ("POST", server.base + ENDPOINT, pairs))
            said = {"oauth_problem": "signature_invalid", "oauth_signature_base_string": base}
            return 401, {}, urllib.parse.urlencode(said, quote_via=urllib.parse.quote).encode()

        server = self.start(ScriptedServer(answer))
        self.profile(server.base)
        cause = self.finds("base-url", "site.rewritten", 3)
        self.assertIn('parameter via: sent nothing, arrived "proxy"', cause["message"])
        self.assertTrue(cause["next"].startswith("have the proxy"), cause)
        self.assertNotIn("atlink profile set", cause["next"])

    def test_another_product(self):
        site = self.sandbox(product="confluence", context_path="/wiki")
        self.profile(site.base, "--context-path", "/wiki", product="jira")
        cause = self.finds("product", "site.other_product", 3)
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)

    # The endpoint.

    def test_web_pages_and_nothing_at_all(self):
        page = b"<!DOCTYPE html><html><title>Sign in</title><form></form></html>"
        portal = self.start(ScriptedServer(lambda *_: (200, HTML, page)))
        self.profile(portal.base)
        self.finds("endpoint", "answer.login_page", 4)
        nothing = self.start(ScriptedServer(lambda *_: (404, {}, b"")))
        self.profile(nothing.base, "--context-path", "/x")
        cause = self.finds("endpoint", "answer.not_found", 6)
        self.assertIn("atlink detect", cause["next"])
        empty = self.start(ScriptedServer(lambda *_: (200, {}, b"")))
        self.profile(empty.base)
        self.finds("endpoint", "oauth1.token_absent", 1)

    def test_endpoints_below_the_site(self):
        provider = self.provider("oauthlib", self.pair, consumer="build")
        self.profile(provider.base, "--context-path", "/forge", product="self-hosted")
        cause = self.finds("endpoint", "answer.not_found", 6)
        self.assertIn("below the site", cause["message"])
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)

    def test_captcha_and_failures(self):
        site = self.signed_in()
        for fault, code, exit_code in (
            ({"name": "captcha"}, "answer.captcha", 4),
            ({"name": "status", "value": "500"}, "answer.server_error", 10),
            ({"name": "login-page"}, "answer.login_page", 4),
            ({"name": "rate-limit", "value": "0"}, "answer.rate_limited", 8),
        ):
            with self.subTest(fault["name"]):
                self.fault(site, {**fault, "path": "/plugins"})
                self.finds("endpoint", code, exit_code)
                self.fault(site, {**fault, "path": "/rest/api/2/myself"})
                self.finds("user", code, exit_code)
        self.fault(site)
        self.healthy()

    # The link.

    def test_an_unknown_consumer(self):
        site = self.signed_in()
        self.unregister(site, "build")
        cause = self.finds("consumer", "oauth1.consumer_key_unknown", 3)
        for words in ("incoming", "outgoing", "external application"):
            self.assertIn(words, cause["message"])
        shown = json.loads(self.ok(*shlex.split(cause["next"])[1:], "--output", "json").stdout)
        (self.home.folder / "pasted.pem").write_text(shown["public_key"], encoding="utf-8")
        self.register(site, shown["consumer_key"], self.home.folder / "pasted.pem")
        # The link's tokens went with it.
        cause = self.finds("token", "oauth1.token_rejected", 4)
        self.assertEqual(cause["next"], "atlink login --profile work")
        self.log_in(site)
        self.healthy()

    def test_keys_that_do_not_belong_together(self):
        other = self.keys("other")
        for kind in ("oauthlib", "ruby-oauth"):
            with self.subTest(kind):
                # These servers do not show what they signed, so the message says both.
                provider = self.provider(kind, other, consumer="build")
                self.profile(provider.base, product="self-hosted")
                self.assertIn("public key", self.finds("signature", "oauth1.signature_invalid", 3)["message"])
                self.link_finds("signature", "oauth1.signature_invalid", 3)
        site = self.sandbox()
        self.register(site, "build", other / "public.pem")
        self.profile(site.base)
        self.finds("signature", "key.mismatch", 3)
        self.register(site, "build", self.pair / "public.pem")
        self.finds("credential", "credential.missing", 4)

    def test_a_signature_method_that_is_refused(self):
        site = self.sandbox()
        self.ok("profile", "set", "work", "--product", "jira", "--url", site.base, "--consumer-key", "build",
                "--private-key", self.pair / "private.pem", "--signature-method", "HMAC-SHA1", "--secret-file", "-", input=CANARY)  # fmt: skip
        cause = self.finds("method", "oauth1.signature_method_rejected", 3)
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)

    def test_a_proxy_that_drops_the_header(self):
        site = self.sandbox()

        def drop(_, target, headers):
            return target, {k: v for k, v in headers.items() if k.lower() != "authorization"}

        front = self.start(Forwarder(site.base, drop))
        self.profile(front.base)
        cause = self.finds("transmission", "oauth1.parameter_absent", 7)
        self.assertIn("query", self.link_finds("transmission", "oauth1.parameter_absent", 7)["message"])
        self.mend(cause)
        self.finds("credential", "credential.missing", 4)
        self.log_in(site)
        self.healthy()

    def test_clocks(self):
        for skew, words in (("900", "ahead"), ("-900", "behind")):
            with self.subTest(skew):
                site = self.sandbox("--clock-skew", skew)
                self.profile(site.base)
                message = self.finds("clock", "oauth1.timestamp_refused", 7)["message"]
                self.assertRegex(message, rf"\b(899|90[01]) seconds {words}")
                document = self.diagnose(("link", "check"))[1]
                self.assertLessEqual(abs(document["clock_skew_seconds"] - int(skew)), 2)
        provider = self.provider("oauthlib", self.pair, "--clock-skew", "-900", consumer="build")
        self.profile(provider.base, product="self-hosted")
        self.finds("clock", "oauth1.timestamp_refused", 7)
        # One that refuses and does not say what time it has.
        silent = self.provider("ruby-oauth", self.pair, "--clock-skew", "-900", "--no-acceptable-timestamps", consumer="build")
        self.profile(silent.base, product="self-hosted")
        cause = self.finds("clock", "oauth1.timestamp_refused", 7)
        self.assertNotIn(" 0 seconds", cause["message"])
        self.assertIn("does not tell its time", cause["message"])

    def test_a_site_that_wants_a_sign_in_before_it_tells_what_it_is(self):
        site = self.signed_in("--closed-probes")
        outcome = {each["name"]: each["outcome"] for each in self.healthy()["checks"]}
        self.assertEqual(outcome["product"], "skip")
        self.unregister(site, "build")
        self.finds("consumer", "oauth1.consumer_key_unknown", 3)

    # The sign-in.

    def test_nobody_has_signed_in(self):
        site = self.sandbox()
        self.profile(site.base)
        self.assertEqual(self.finds("credential", "credential.missing", 4)["next"], "atlink login --profile work")
        begun = self.ok("login", "--begin")
        self.assertIn("never finished", self.finds("credential", "credential.missing", 4)["message"])
        self.decide(site, self.token_of(begun.stdout), "deny")
        self.assertEqual(self.home.run("login", "--verifier", "denied").returncode, 5)
        self.finds("credential", "credential.missing", 4)
        self.log_in(site)
        self.healthy()

    def test_a_credential_of_another_site(self):
        self.signed_in()
        other = self.sandbox()
        self.profile(other.base)
        requests_before = self.finds("credential", "credential.elsewhere", 4)
        self.assertEqual(requests_before["next"], "atlink login --profile work")
        self.log_in(other)
        self.healthy()

    def test_tokens_that_no_longer_count(self):
        site = self.signed_in()
        for problem in ("token_rejected", "token_expired", "token_revoked", "permission_unknown"):
            with self.subTest(problem):
                self.fault(site, {"name": "problem", "value": problem, "path": "/rest/api/2/myself"})
                self.finds("token", f"oauth1.{problem}", 4)
        self.fault(site)
        self.healthy()

    def test_a_token_that_expired_at_a_provider_that_others_wrote(self):
        for kind in ("oauthlib", "ruby-oauth"):
            with self.subTest(kind):
                provider = self.provider(kind, self.pair, consumer="build")
                self.profile(provider.base, product="self-hosted")
                self.sign_in(provider, "work")
                provider.expire("access")
                cause = self.finds("token", "oauth1.token_expired", 4)
                self.assertEqual(cause["next"], "atlink renew --profile work")
                self.mend(cause)
                self.healthy()
                self.home.run("logout")

    def test_a_token_that_expired_and_can_be_renewed(self):
        site = self.signed_in()
        self.fault(site, {"name": "problem", "value": "token_expired", "path": "/rest/api/2/myself"})
        cause = self.finds("token", "oauth1.token_expired", 4)
        self.assertEqual(cause["next"], "atlink renew --profile work")
        self.fault(site)
        self.mend(cause)
        self.healthy()

    def test_refusals_that_another_token_would_meet_too(self):
        site = self.signed_in()
        for problem, exit_code in (("nonce_used", 7), ("version_rejected", 7), ("user_refused", 5)):
            with self.subTest(problem):
                self.fault(site, {"name": "problem", "value": problem, "path": "/rest/api/2/myself"})
                cause = self.finds("token", f"oauth1.{problem}", exit_code)
                self.assertNotIn("atlink login", cause["next"])

    def test_a_page_in_place_of_who_is_signed_in(self):
        site = self.signed_in()
        page = (200, HTML, b"<html><title>Single sign-on</title></html>")
        host = "placeholder"

        def front(method, path, headers, body):
            if path.startswith("/rest/api/2/myself"):
                return state["answer"]
            status, _, text = http_request(site.base + path, method, body if method == "POST" else None, {**headers, "Host": host})
            return status, {}, text

        server = self.start(ScriptedServer(front))
        host = server.base.split("//")[1]
        state = {"answer": page}
        self.profile(server.base)
        self.log_in_at(server, site)
        self.finds("user", "answer.login_page", 4)
        # Another host's answer to who is signed in says nothing of a credential that it did not get.
        stranger = self.start(ScriptedServer(lambda *_: (401, {}, b"")))
        state["answer"] = (302, {"Location": stranger.base + "/sso"}, b"")
        cause = self.finds("user", "answer.redirect", 1)
        self.assertIn(stranger.base, cause["message"])
        self.assertNotIn("atlink login", cause["next"])
        self.assertTrue(stranger.requests)
        for _, _, headers, _ in stranger.requests:
            self.assertNotIn("Authorization", headers)

    def test_anonymous_answers(self):
        site = self.signed_in()
        self.fault(site, {"name": "anonymous", "path": "/rest/api/2/myself"})
        self.finds("user", "credential.anonymous", 4)
        self.fault(site)
        self.healthy()

    def test_requests_without_a_user(self):
        site = self.sandbox()
        self.profile(site.base, "--two-legged")
        cause = self.finds("token", "oauth1.permission_denied", 5)
        self.assertIn("two-legged", cause["message"])
        self.register(site, "build", self.pair / "public.pem", two_legged=True)
        self.healthy()

    # Pairs: the first of them in the published order is named, and the second once that is mended.

    def test_pairs(self):
        site = self.sandbox("--clock-skew", "900", context_path="/jira")
        root = site.base[: -len("/jira")]
        self.profile(root, "--context-path", "/wrong")
        # The wrong place and the wrong clock.
        self.mend(self.finds("base-url", "site.other_base", 3))
        self.finds("clock", "oauth1.timestamp_refused", 7)
        # The wrong clock and the wrong key.
        self.register(site, "build", self.keys("other") / "public.pem")
        cause = self.finds("clock", "oauth1.timestamp_refused", 7)
        self.assertEqual(cause["failed"], ["clock", "signature", "credential"])
        # The wrong key and nobody signed in.
        right = self.sandbox(context_path="/jira")
        self.register(right, "build", self.home.folder / "other" / "public.pem")
        self.profile(right.base, "--context-path", "/jira")
        self.assertEqual(self.finds("signature", "key.mismatch", 3)["failed"], ["signature", "credential"])
        # Nobody signed in and another product.
        wiki = self.sandbox(product="confluence", context_path="/wiki")
        self.profile(wiki.base, "--context-path", "/wiki")
        self.assertEqual(self.finds("product", "site.other_product", 3)["failed"], ["product", "credential"])

    def test_pairs_of_certificate_and_link(self):
        site = self.sandbox(consumer="somebody-else")
        authority = Authority(str(self.home.folder))
        ca = self.home.folder / "ca.pem"
        ca.write_text(authority.pem, encoding="utf-8")
        front = self.tls_front(site, authority.context("127.0.0.1"))
        self.profile(front.base)
        self.finds("tls", "network.certificate", 9)
        self.ok("profile", "set", "work", "--ca-file", ca)
        self.assertEqual(self.finds("consumer", "oauth1.consumer_key_unknown", 3)["failed"], ["consumer", "credential"])

    def test_pairs_of_header_and_consumer(self):
        site = self.sandbox(consumer="somebody-else")
        front = self.start(Forwarder(site.base, lambda _, target, headers: (target, {k: v for k, v in headers.items() if k.lower() != "authorization"})))
        self.profile(front.base)
        self.mend(self.finds("transmission", "oauth1.parameter_absent", 7))
        self.finds("consumer", "oauth1.consumer_key_unknown", 3)

    # Where credentials go, and what is written.

    def test_a_credential_goes_nowhere_else(self):
        self.signed_in()
        secrets = self.secrets() - {CANARY}
        self.assertTrue(secrets)
        stranger = self.start(ScriptedServer(lambda *_: (404, {}, b"")))
        mover = self.start(ScriptedServer(lambda _, path, *__: (307, {"Location": stranger.base + path}, b"")))
        for server in (stranger, mover):
            self.profile(server.base, "--context-path", "/x")
            self.diagnose()
            self.assertTrue(server.requests)
        for method, path, headers, body in stranger.requests + mover.requests:
            for secret in secrets:
                self.assertNotIn(secret, path + json.dumps(headers) + body.decode())
            if path.startswith("/x/") is False:
                self.assertNotIn("Authorization", headers, (method, path))

    def test_a_server_that_repeats_what_it_was_sent(self):
        site = self.signed_in()

        def repeat(method, path, headers, body):
            if method == "POST" or path == ENDPOINT:
                status, answer, text = http_request(site.base + path, method, body if method == "POST" else None, {**headers, "Host": host})
                return status, {}, text
            said = json.dumps({"errorMessages": [headers.get("Authorization", ""), path]}).encode()
            return 500, {"Content-Type": "application/json"}, said

        echo = self.start(ScriptedServer(repeat))
        host = echo.base.split("//")[1]
        credential = json.loads(next((self.home.state / "credentials").glob("work.json")).read_text(encoding="utf-8"))
        environment = {"ATLINK_OAUTH_TOKEN": credential["token"], "ATLINK_OAUTH_TOKEN_SECRET": credential["token_secret"]}
        self.profile(echo.base)
        self.finds("user", "answer.server_error", 10, env=environment)
        # Nor does any other command tell what was sent, and nobody tells the signature.
        signatures = [re.search(r'oauth_signature="([^"]+)"', headers.get("Authorization", "")) for _, _, headers, _ in echo.requests]
        told = self.home.run("doctor", env=environment), self.home.run("status", env=environment), self.home.run("status", "--output", "json", env=environment)
        signatures += [re.search(r'oauth_signature="([^"]+)"', headers.get("Authorization", "")) for _, _, headers, _ in echo.requests]
        for result in told:
            text = result.stdout + result.stderr
            self.assertIn("oauth_consumer_key", text)
            self.assertNotIn(credential["token"], text)
            for found in filter(None, signatures):
                self.assertNotIn(found.group(1)[:20], text)

    def test_the_report_is_not_overwritten(self):
        self.profile(f"http://127.0.0.1:{support.free_port()}")
        report = self.home.folder / "mine.txt"
        report.write_text("mine", encoding="utf-8")
        self.fails(3, "file.exists", "doctor", "--report", report)
        self.assertEqual(report.read_text(encoding="utf-8"), "mine")
        link = self.home.folder / "link.txt"
        link.symlink_to(self.home.folder / "not-there.txt")
        self.fails(3, "file.exists", "doctor", "--report", link)
        self.assertFalse((self.home.folder / "not-there.txt").exists())


    def test_basic_that_is_switched_off(self):
        acme_product.install(self.home)
        state = {"version": "5.2", "takes": False}

        def answer(_method, target, headers, _body):
            if target.startswith("/about"):
                return 200, {"Content-Type": "application/json"}, json.dumps({"product": "acme", "version": state["version"]}).encode()
            if state["takes"] or headers.get("Authorization", "").startswith("Bearer "):
                return 200, {"Content-Type": "application/json"}, b'{"name":"alice"}'
            return 401, {}, b'{"message":"no"}'

        server = self.start(ScriptedServer(answer))
        self.ok("profile", "set", "work", "--product", "acme", "--url", server.base, "--method", "basic", "--user", "alice")
        secret = {"ATLINK_PASSWORD": CANARY}
        code, _, error = self.diagnose(env=secret)
        self.assertEqual((code, error["code"]), (3, "method.unavailable"), error)
        self.assertIn("5.0", error["message"])
        self.assertIn("atlink login --profile work --method token", error["next"])
        # Before that version it is the password.
        state["version"] = "4.9"
        code, _, error = self.diagnose(env=secret)
        self.assertEqual((code, error["code"]), (4, "answer.unauthorized"), error)
        # Where an administrator has switched it on, nothing is wrong.
        state.update(version="5.2", takes=True)
        self.healthy(env=secret)
        # The remedy mends it.
        state["takes"] = False
        token = self.home.folder / "token"
        token.write_text("t", encoding="utf-8")
        self.ok("login", "--profile", "work", "--method", "token", "--secret-file", token)
        self.ok("profile", "set", "work", "--method", "token")
        self.healthy()


if __name__ == "__main__":
    support.need("ruby", "openssl")
    support.main()
