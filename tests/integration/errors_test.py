#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What people meet when something is wrong: cause, next step, exit code, and nothing else."""

import json
import os
import subprocess

import support
from support import CANARY, Story

TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>\x1b[31mred</form></body></html>"
# Every oauth_problem that a server may name → exit code and error here.
PROBLEMS = {
    "version_rejected": (400, 7), "parameter_absent": (400, 7), "parameter_rejected": (400, 7),
    "timestamp_refused": (400, 7), "signature_method_rejected": (400, 3), "nonce_used": (401, 7),
    "signature_invalid": (401, 3), "consumer_key_unknown": (401, 3), "consumer_key_rejected": (401, 3),
    "consumer_key_refused": (503, 5), "token_rejected": (401, 4), "token_expired": (401, 4),
    "token_used": (401, 4), "token_revoked": (401, 4), "permission_unknown": (401, 4),
    "permission_denied": (401, 5), "user_refused": (503, 5), "additional_authorization_required": (401, 4),
    "token_not_authorized": (401, 5),
}  # fmt: skip


class Errors(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def profile(self, base, *options, name="work"):
        self.ok("profile", "set", name, "--product", "self-hosted", "--url", base, "--consumer-key", "atlink-story",
                "--private-key", self.pair / "private.pem", *options)  # fmt: skip
        self.ok("profile", "use", name)

    def site(self, answer):
        """A profile for a server that answers like this."""
        server = self.start(support.ScriptedServer(answer))
        self.profile(server.base)
        return server

    def signed_in(self):
        """A profile with a credential, and its provider."""
        provider = self.provider("oauthlib", self.pair)
        self.profile(provider.base)
        self.sign_in(provider, "work")
        return provider

    def kept(self, folder):
        """Every file below a folder, as path → bytes; lock files do not count."""
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.endswith(".lock")
        }

    # The network.

    def test_a_host_that_does_not_exist(self):
        self.profile("https://nowhere.invalid")
        error = self.fails(9, "network.name", "login", "--begin")
        self.assertIn("nowhere.invalid", error["message"])

    def test_a_refused_connection(self):
        self.profile(f"http://127.0.0.1:{support.free_port()}")
        error = self.fails(9, "network.refused", "login", "--begin")
        self.assertIn("127.0.0.1", error["message"])

    def test_an_unknown_ca(self):
        provider = self.provider("oauthlib", self.pair, "--forwarded")
        front = self.start(support.TlsFront(self.home.folder, provider.base))
        self.profile(front.site)
        error = self.fails(9, "network.certificate", "login", "--begin")
        self.assertIn("--ca-file", error["next"])
        self.assertEqual(provider.log(), [])

    def test_a_certificate_for_another_name(self):
        provider = self.provider("oauthlib", self.pair, "--forwarded")
        front = self.start(support.TlsFront(self.home.folder, provider.base, names="DNS:elsewhere.example"))
        self.profile(front.site, "--ca-file", front.ca)
        self.fails(9, "network.certificate", "login", "--begin")
        self.assertEqual(provider.log(), [])

    def test_https_to_a_port_that_speaks_http(self):
        server = self.start(support.ScriptedServer(lambda *_: (200, TEXT, b"")))
        self.profile(server.base.replace("http:", "https:"))
        self.fails(9, "network.tls", "login", "--begin")
        self.assertEqual(server.requests, [])

    # Answers of token endpoints.

    def test_a_login_page_instead_of_a_token(self):
        self.site(lambda *_: (200, HTML, LOGIN_PAGE))
        self.fails(4, "answer.login_page", "login", "--begin")

    def test_answers_without_a_token(self):
        for body in (b"", b"hello", b"oauth_token=", b"oauth_token_secret=x", b"\xff\xfe\x00"):
            with self.subTest(body):
                self.site(lambda *_, body=body: (200, TEXT, body))
                self.fails(1, "oauth1.token_absent", "login", "--begin")
                self.assertEqual(self.home.run("login", "--verifier", "abcdef").returncode, 4)

    def test_every_oauth_problem_in_header_and_body(self):
        for problem, (status, exit_code) in PROBLEMS.items():
            with self.subTest(problem):
                header = {"WWW-Authenticate": f'OAuth realm="x", oauth_problem="{problem}", oauth_problem_advice="look%20here"', **TEXT}
                self.site(lambda *_, h=header, s=status: (s, h, b""))
                self.fails(exit_code, f"oauth1.{problem}", "login", "--begin")
                body = f"oauth_problem={problem}&oauth_problem_advice=look%20here".encode()
                self.site(lambda *_, b=body, s=status: (s, TEXT, b))
                self.fails(exit_code, f"oauth1.{problem}", "login", "--begin")

    def test_an_oauth_problem_in_words_of_its_own(self):
        sentence = "oauth_problem=The%20user%20is%20gone%1B%5B31m%0A%9B"
        self.site(lambda *_: (403, TEXT, sentence.encode()))
        error = self.fails(7, "oauth1.problem_other", "login", "--begin")
        self.assertIn("The user is gone", error["message"] + json.dumps(error))

    def test_a_server_cannot_write_to_the_terminal(self):
        dirty = "\x1b]0;owned\x07\x1b[2J\u202egnp\u202c" + "\x9b31m"
        self.site(lambda *_: (500, {"Content-Type": "application/json"}, json.dumps({"errorMessages": [dirty]}).encode()))
        for mode in ([], ["--output", "json"]):
            result = self.home.run("login", "--begin", *mode)
            self.assertEqual(result.returncode, 10, result.stderr)
            self.assert_clean(result.stdout + result.stderr)

    # Files.

    def test_a_corrupted_profile(self):
        self.profile("http://127.0.0.1:9")
        file = next(self.home.config.rglob("work*"))
        whole = file.read_bytes()
        for content in (b"", b"{", b"\x00\xff", b'{"product": 7}', whole[: len(whole) // 2], b"[]"):
            with self.subTest(content):
                file.write_bytes(content)
                result = self.home.run("profile", "show", "work", "--output", "json")
                self.assertEqual(result.returncode, 3, result.stderr)
                self.assertIn(str(file), result.stderr)
                self.assert_clean(result.stderr)
                self.assertEqual(file.read_bytes(), content)

    def test_a_corrupted_credential(self):
        self.signed_in()
        file = self.credential_file()
        whole = file.read_bytes()
        for content in (b"", b"{", whole[: len(whole) // 2], b'{"token": 1}', b"\x00"):
            with self.subTest(content):
                file.write_bytes(content)
                error = self.fails(3, "file.damaged", "request", "GET", "/rest/x")
                self.assertIn(file.name, json.dumps(error))
                self.assertEqual(file.read_bytes(), content)

    def test_a_credential_that_others_can_read(self):
        self.signed_in()
        self.credential_file().chmod(0o644)
        error = self.fails(3, "file.permissions", "request", "GET", "/rest/x")
        self.assertIn("chmod", error["next"])

    def credential_file(self):
        files = [p for p in self.home.state.rglob("*") if p.is_file() and b"session" in p.read_bytes()]
        self.assertEqual(len(files), 1, files)
        return files[0]

    def test_secret_files_are_private(self):
        self.signed_in()
        files = [p for p in self.home.state.rglob("*") if p.is_file()]
        self.assertTrue(files)
        for path in [*files, self.pair / "private.pem"]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        for path in [p for p in self.home.state.rglob("*") if p.is_dir()]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)

    def test_folders_that_cannot_be_written(self):
        # A file where the folder should be stops everybody, root too.
        self.signed_in()
        before = self.kept(self.home.config)
        self.home.state.rename(self.home.state.with_name("aside"))
        self.home.state.write_text("not a folder", encoding="utf-8")
        result = self.home.run("login", "--begin", "--output", "json")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn(str(self.home.state), result.stderr)
        self.assertEqual(self.kept(self.home.config), before)
        blocked = self.home.folder / "blocked"
        blocked.write_text("not a folder", encoding="utf-8")
        result = self.home.run("keygen", "--out", blocked / "keys", "--output", "json")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertIn("blocked", result.stderr)
        result = self.home.run("profile", "set", "x", "--product", "self-hosted", "--url", "http://localhost",
                               "--output", "json", env={"XDG_CONFIG_HOME": str(blocked)})  # fmt: skip
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(blocked.read_text(encoding="utf-8"), "not a folder")

    def test_a_folder_without_permission(self):
        if os.geteuid() == 0:
            prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        else:
            prefix = []
        if prefix and subprocess.run([*prefix, support.PROGRAM, "version"], capture_output=True, check=False).returncode:
            self.skipTest("the program cannot be run as nobody here")
        locked = self.home.folder / "locked"
        locked.mkdir(mode=0o555)
        self.home.folder.chmod(0o755)
        process = self.home.popen("keygen", "--out", locked / "keys", "--output", "json", prefix=prefix)
        _, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(process.returncode, 3, errors)
        self.assertIn(b"file.unwritable", errors)
        self.assertEqual(list(locked.iterdir()), [])

    # Settings.

    def test_a_product_that_is_not_there(self):
        error = self.fails(3, "product.missing", "profile", "set", "x", "--product", "nonsense", "--url", "https://x.example")
        self.assertIn("nonsense", error["message"])
        self.assertIn("self-hosted", error["next"])
        self.fails(3, "profile.missing", "profile", "show", "x")

    def test_a_profile_that_is_not_there(self):
        self.fails(3, "profile.missing", "request", "GET", "/x")
        self.fails(3, "profile.missing", "request", "GET", "/x", "--profile", "nobody")

    def test_user_information_in_a_url_is_refused_unseen(self):
        self.fails(2, "url.invalid", "profile", "set", "x", "--product", "self-hosted", "--url", f"https://me:{CANARY}@x.example")

    def test_a_credential_of_another_base_url(self):
        first = self.signed_in()
        second = self.provider("oauthlib", self.pair)
        self.ok("profile", "set", "work", "--url", second.base)
        error = self.fails(4, "credential.elsewhere", "request", "GET", "/rest/x")
        self.assertIn(first.base, json.dumps(error))
        self.assertEqual(second.log(), [])
        self.ok("profile", "set", "work", "--url", first.base)
        self.ok("request", "GET", "/rest/x")

    def test_requests_that_leave_the_site_are_refused(self):
        provider = self.signed_in()
        before = len(provider.log())
        self.fails(2, "url.other_origin", "request", "GET", "https://elsewhere.example/rest/x")
        self.fails(2, "url.other_origin", "sign", "GET", "https://elsewhere.example/rest/x")
        self.assertEqual(len(provider.log()), before)

    def test_a_doubled_context_path_is_diagnosed(self):
        provider = self.provider("oauthlib", self.pair, context_path="/a/b")
        self.profile(provider.base, "--context-path", "/a/b")
        self.sign_in(provider, "work")
        error = self.fails(2, "url.context_doubled", "request", "GET", "/a/b/rest/x")
        self.assertIn("/rest/x", error["next"])

    def test_keys_of_the_wrong_kind(self):
        self.profile("http://127.0.0.1:9")
        for content, code in ((b"", "key.unreadable"), (b"-----BEGIN JUNK-----\n", "key.unreadable"),
                              ((self.pair / "public.pem").read_bytes(), "key.public")):  # fmt: skip
            with self.subTest(code):
                (self.pair / "private.pem").write_bytes(content)
                self.fails(3, code, "login", "--begin")
        (self.pair / "private.pem").unlink()
        self.assertEqual(self.home.run("login", "--begin").returncode, 3)

    def test_usage_is_told_without_a_stack(self):
        for arguments in (["nonsense"], ["request"], ["request", "GET"], ["--nonsense"], ["keygen"], ["profile"],
                          ["keygen", "--out", "x", "--bits", "many"], ["keygen", "--out", "x", "--bits", "512"],
                          ["request", "GET", "/x", "--query"], ["request", "GET", "/x", "extra", "words"]):  # fmt: skip
            with self.subTest(arguments):
                result = self.home.run(*arguments)
                self.assertEqual(result.returncode, 2, result.stderr)
                self.assertEqual(result.stdout, "")
                self.assertTrue(result.stderr.strip())
                self.assert_clean(result.stderr)

    def test_no_secret_is_ever_seen(self):
        secrets = {"token": "tok-" + CANARY, "secret": "sec-" + CANARY}

        def answer(method, path, headers, body):
            if "request-token" in path:
                return 200, TEXT, f"oauth_token=req&oauth_token_secret={secrets['secret']}&oauth_callback_confirmed=true".encode()
            if "access-token" in path:
                return 200, TEXT, f"oauth_token=acc&oauth_token_secret={secrets['secret']}&oauth_session_handle={secrets['token']}".encode()
            return 401, TEXT, b"oauth_problem=token_rejected"

        self.site(answer)
        said = ""
        for arguments in (["login", "--begin"], ["login", "--verifier", "abcdef"], ["status", "--offline"], ["status"],
                          ["request", "GET", "/rest/x", "--include"], ["profile", "show", "work"], ["logout"]):  # fmt: skip
            for mode in ([], ["--output", "json"]):
                result = self.home.run(*arguments, *mode)
                said += result.stdout + result.stderr
        private = (self.pair / "private.pem").read_text(encoding="utf-8").splitlines()[1]
        self.assertNotIn(CANARY, said)
        self.assertNotIn(private, said)


if __name__ == "__main__":
    support.need("openssl")
    support.main()
