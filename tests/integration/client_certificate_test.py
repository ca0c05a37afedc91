#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Client certificates against a real nginx: each form of file, to whom they are shown, and what is said
about those that cannot be used. And HTTP/2, which the same nginx speaks."""

import json
import os
import pathlib
import subprocess
import tempfile

import acme_product
import proxies
import support

TOKEN = f"token-{support.CANARY}"
PASSPHRASE = f"passphrase-{support.CANARY}"
ALICE = json.dumps({"name": "alice"}).encode()


def answer(_method, path, headers, body):
    if path == "/about":
        return 200, {}, b'{"product":"acme","version":"4.1"}'
    if path == "/token":
        return 200, {}, b'{"access_token":"a","token_type":"Bearer","expires_in":3600}'
    if path == "/echo":
        return 200, {"Content-Type": "application/octet-stream"}, body
    return 200, {"Content-Type": "application/json"}, ALICE


class Front(support.TlsFront):
    """An nginx that says to the server behind it who the client is and how it speaks."""

    CONFIGURATION = (
        support.TlsFront.CONFIGURATION.replace(" ssl; server_name", " ssl http2; server_name")
        .replace("location / {{", "{directives}\n    location / {{")
        .replace("proxy_pass {backend};", "proxy_pass {backend}; proxy_set_header X-Client $ssl_client_s_dn; proxy_set_header X-Protocol $server_protocol;")
    )

    def __init__(self, folder, backend, directives):
        self.directives = directives
        super().__init__(folder, backend)

    def settings(self):
        return {"directives": self.directives}


class ClientCertificates(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-certificates-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", str(self.folder)], check=False))
        self.issue("clients", "our clients")
        self.make("client", "robot 7", "clients")
        self.backend = self.start(support.ScriptedServer(answer))
        self.token = self.folder / "token"
        self.token.write_text(TOKEN, encoding="utf-8")
        self.secret = self.folder / "passphrase"
        self.secret.write_text(PASSPHRASE + "\n", encoding="utf-8")

    def issue(self, name, subject):
        support.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.folder / f"{name}-ca.key",
                        "-out", self.folder / f"{name}-ca.pem", "-days", "2", "-subj", f"/CN={subject}")  # fmt: skip

    def make(self, name, subject, authority, days="2"):
        path = lambda ending: self.folder / f"{name}{ending}"
        support.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path(".key"), "-out", path(".csr"),
                        "-subj", f"/CN={subject}")  # fmt: skip
        support.openssl("x509", "-req", "-in", path(".csr"), "-CA", self.folder / f"{authority}-ca.pem", "-CAkey", self.folder / f"{authority}-ca.key",
                        "-CAcreateserial", "-days", days, "-out", path(".pem"))  # fmt: skip

    def front(self, directives="ssl_client_certificate {folder}/clients-ca.pem; ssl_verify_client on;", backend=None):
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        return self.start(Front(folder, backend or self.backend.base, directives.replace("{folder}", str(self.folder))))

    def profile(self, front, *options, method="token", **named):
        return self.ok("profile", "set", "work", "--product", "acme", "--url", front.site, "--ca-file", front.ca, "--method", method, *options, **named)

    def told(self, code, **environment):
        """The error of a request whose answer is a page of the server's own."""
        result = self.home.run("request", "GET", "/rest/me", "--output", "json", env={"ATLINK_TOKEN": TOKEN, **environment})
        error = json.loads(result.stderr.splitlines()[-1])
        self.assertEqual((result.returncode, error["code"]), (3, code), error)
        self.assert_clean(result.stderr)
        return error

    def cause(self, environment):
        """What doctor finds: the first check that fails, and the code of the cause."""
        document = json.loads(self.home.run("doctor", "--output", "json", env=environment).stdout)
        return [check["name"] for check in document["checks"] if check["outcome"] == "fail"][0], document["cause"]["code"]

    def seen(self):
        return [request[2].get("X-Client") for request in self.backend.requests]

    def forms(self):
        """Each form that a certificate comes in, and the options for it."""
        path = lambda name: self.folder / name
        both = path("both.pem")
        both.write_bytes(path("client.key").read_bytes() + path("client.pem").read_bytes())
        support.openssl("pkcs8", "-topk8", "-v2", "aes256", "-in", path("client.key"), "-out", path("locked.key"), "-passout", f"file:{self.secret}")
        support.openssl("ec", "-aes128", "-in", path("client.key"), "-out", path("old.key"), "-passout", f"file:{self.secret}")
        support.openssl("pkcs12", "-export", "-in", path("client.pem"), "-inkey", path("client.key"), "-certfile", path("clients-ca.pem"), "-out",
                        path("locked.p12"), "-passout", f"file:{self.secret}")  # fmt: skip
        support.openssl("pkcs12", "-export", "-in", path("client.pem"), "-inkey", path("client.key"), "-out", path("open.p12"), "-passout", "pass:")
        given = ("--client-cert-secret-file", self.secret)
        return (
            ("--client-cert", path("client.pem"), "--client-key", path("client.key")),
            ("--client-cert", both, "--client-key", ""),
            ("--client-cert", path("client.pem"), "--client-key", path("locked.key"), *given),
            ("--client-cert", path("client.pem"), "--client-key", path("old.key"), *given),
            ("--client-cert", path("locked.p12"), "--client-key", "", *given),
            ("--client-cert", path("open.p12"), "--client-key", ""),
        )

    def test_every_form_of_file(self):
        front = self.front()
        self.profile(front, *self.forms()[0])
        self.ok("login", "--secret-file", self.token)
        for options in self.forms():
            with self.subTest(options):
                self.ok("profile", "set", "work", *options)
                self.backend.requests.clear()
                self.assertEqual(self.ok("request", "GET", "/rest/me").stdout.encode(), ALICE)
                self.assertEqual(self.seen(), ["CN=robot 7"])

    def test_token_calls_detect_and_trust_show_it_too(self):
        front = self.front()
        environment = {"ATLINK_CLIENT_SECRET": "s"}
        self.profile(front, *self.forms()[0], "--client-id", "app", method="client-credentials", env=environment)
        self.ok("login", env=environment)
        self.assertIn("/token", [request[1] for request in self.backend.requests])
        by_environment = {"ATLINK_CLIENT_CERT": str(self.folder / "client.pem"), "ATLINK_CLIENT_KEY": str(self.folder / "client.key")}
        found = self.json("detect", front.site, "--ca-file", front.ca, env=by_environment)
        self.assertEqual(found["found"][0]["product"], "acme")
        self.assertNotEqual(self.home.run("detect", front.site, "--ca-file", front.ca).returncode, 0)
        self.ok("trust", front.site, "--profile", "work")
        self.assertEqual(set(self.seen()), {"CN=robot 7"})

    def test_no_other_origin_sees_it(self):
        optional = "ssl_client_certificate {folder}/clients-ca.pem; ssl_verify_client optional;"
        other_backend = self.start(support.ScriptedServer(answer))
        other = self.front(optional, other_backend.base)
        front = self.front(optional + f" location /away {{ return 302 https://localhost:{other.port}/there; }}")
        bundle = self.folder / "bundle.pem"
        bundle.write_bytes(front.ca.read_bytes() + other.ca.read_bytes())
        self.profile(front, *self.forms()[0])
        self.ok("login", "--secret-file", self.token)
        self.ok("profile", "set", "work", "--ca-file", bundle)
        self.ok("request", "GET", "/rest/me")
        self.home.run("request", "GET", "/away")
        self.assertEqual(set(self.seen()), {"CN=robot 7"})
        self.assertTrue(other_backend.requests)
        for _, _, headers, _ in other_backend.requests:
            self.assertNotIn("X-Client", headers)
            self.assertNotIn("Authorization", headers)

    def test_what_cannot_be_used_is_told_before_anything_is_sent(self):
        front = self.front()
        self.forms()
        self.make("stranger", "somebody", "clients")
        self.make("old", "robot 6", "clients", days="-1")
        path = lambda name: str(self.folder / name)
        set_work = ("profile", "set", "work", "--product", "acme", "--url", front.site, "--ca-file", front.ca)
        for code, options, words in (
            ("client_certificate.invalid", ("--client-cert", path("client.pem"), "--client-key", path("stranger.key")), "does not belong"),
            ("client_certificate.invalid", ("--client-cert", path("client.pem")), "no private key"),
            ("client_certificate.invalid", ("--client-cert", path("token"), "--client-key", path("client.key")), "cannot be read"),
            ("client_certificate.invalid", ("--client-cert", path("old.pem"), "--client-key", path("old.key")), "expired"),
            ("client_certificate.passphrase", ("--client-cert", path("locked.p12")), "protected"),
            ("client_certificate.passphrase", ("--client-cert", path("client.pem"), "--client-key", path("locked.key"), "--client-cert-secret-file", path("token")), "does not open"),
            ("client_certificate.passphrase", ("--client-cert", path("locked.p12"), "--client-cert-secret-file", path("token")), "does not open"),
            ("file.not_found", ("--client-cert", path("nowhere.pem")), "nowhere"),
        ):  # fmt: skip
            if "old.key" in str(options):
                self.make("old", "robot 6", "clients", days="-1")  # its key was written over
            with self.subTest(options):
                error = self.fails(3, code, *set_work, *options)
                self.assertIn(words, error["message"])
        support.openssl("pkcs12", "-export", "-legacy", "-in", path("client.pem"), "-inkey", path("client.key"), "-out", path("rc2.p12"), "-passout",
                        f"file:{self.secret}")  # fmt: skip
        error = self.fails(3, "client_certificate.invalid", *set_work, "--client-cert", path("rc2.p12"), "--client-cert-secret-file", self.secret)
        self.assertIn("openssl pkcs12 -legacy", error["next"])
        self.assertEqual(self.backend.requests, [])

    def test_a_server_that_wants_one(self):
        front = self.front()
        self.make("stranger", "somebody", "clients")
        self.issue("others", "others")
        self.make("foreign", "foreigner", "others")
        self.profile(front)
        environment = {"ATLINK_TOKEN": TOKEN}
        error = self.told("client_certificate.wanted")
        self.assertIn("--client-cert", error["next"])
        self.assertEqual(self.cause(environment), ("client-certificate", "client_certificate.wanted"))
        self.ok("profile", "set", "work", "--client-cert", self.folder / "foreign.pem", "--client-key", self.folder / "foreign.key")
        self.told("client_certificate.refused")
        self.assertEqual(self.cause(environment), ("client-certificate", "client_certificate.refused"))
        self.ok("profile", "set", "work", "--client-cert", self.folder / "client.pem", "--client-key", self.folder / "client.key")
        checks = {c["name"]: c for c in json.loads(self.home.run("doctor", "--output", "json", env=environment).stdout)["checks"]}
        self.assertEqual(checks["client-certificate"]["outcome"], "pass")
        self.assertIn("robot 7", checks["client-certificate"]["message"])
        self.assertEqual(set(self.seen()), {"CN=robot 7"})

    def test_alerts_in_the_handshake(self):
        # nginx answers in HTTP; openssl's own server ends the handshake.
        port = support.free_port()
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        ca = support.private_ca(folder)
        self.issue("others", "others")
        self.make("foreign", "foreigner", "others")
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version):
                server = subprocess.Popen(
                    ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", folder / "server.pem", "-key", folder / "server.key", "-CAfile",
                     self.folder / "clients-ca.pem", "-Verify", "1", "-verify_return_error", "-www", version],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
                self.addCleanup(server.wait)
                self.addCleanup(server.kill)
                proxies.wait_for_port(server, port)
                environment = {"ATLINK_URL": f"https://localhost:{port}", "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": TOKEN, "ATLINK_CA_FILE": str(ca)}
                foreign = {"ATLINK_CLIENT_CERT": str(self.folder / "foreign.pem"), "ATLINK_CLIENT_KEY": str(self.folder / "foreign.key")}
                self.fails(3, "client_certificate.refused", "request", "GET", "/x", env={**environment, **foreign})
                code = "client_certificate.wanted" if version == "-tls1_3" else "network.tls"
                error = self.fails(3 if version == "-tls1_3" else 9, code, "request", "GET", "/x", env=environment)
                self.assertIn("client certificate", error["message"] + error["next"])
                server.kill()
                server.wait()

    def test_the_passphrase_is_asked_for_and_stands_nowhere(self):
        front = self.front()
        self.forms()
        arguments = ("profile", "set", "work", "--product", "acme", "--url", front.site, "--ca-file", front.ca, "--method", "token",
                     "--client-cert", self.folder / "locked.p12")  # fmt: skip
        person = self.start(support.Person(self.home, *arguments))
        person.wait_for("passphrase of")
        person.type(PASSPHRASE)
        self.assertEqual(person.end(), 0, person.text)
        self.assertNotIn(support.CANARY, person.text)
        self.ok("login", "--secret-file", self.token)
        places = [str(path.relative_to(self.home.folder)) for path in self.home.folder.rglob("*")
                  if path.is_file() and PASSPHRASE.encode() in path.read_bytes()]  # fmt: skip
        self.assertEqual(places, ["state/atlink/consumers/work~certificate.json"])
        shown = self.ok("profile", "show", "--output", "json").stdout
        self.assertNotIn(support.CANARY, shown)
        self.ok("request", "GET", "/rest/me", env={"ATLINK_CLIENT_CERT_PASSPHRASE_WORK": PASSPHRASE})
        self.fails(3, "client_certificate.passphrase", "request", "GET", "/rest/me", env={"ATLINK_CLIENT_CERT_PASSPHRASE": "wrong"})
        self.ok("profile", "remove", "work")
        self.assertFalse((self.home.state / "consumers/work~certificate.json").exists())

    # HTTP/2.

    def test_http2_streams_both_ways(self):
        front = self.front('location /plain { return 200 "plain"; }')
        self.profile(front)
        self.ok("login", "--secret-file", self.token)
        self.assertIn("HTTP/2.0", {request[2].get("X-Protocol") for request in self.backend.requests})
        body = self.home.folder / "body"
        body.write_bytes(os.urandom((5 << 20) + 77))
        for source, named in ((f"@{body}", {}), ("-", {"input": body.read_bytes()})):
            result = self.home.run("request", "POST", "/echo", "--data", source, text=False, **named)
            self.assertEqual((result.returncode, result.stdout == body.read_bytes()), (0, True), result.stderr)
        self.assertEqual(self.backend.requests[-1][2].get("X-Protocol"), "HTTP/2.0")
        self.ok("request", "HEAD", "/plain")
        self.ok("request", "DELETE", "/rest/me")


if __name__ == "__main__":
    support.main()
