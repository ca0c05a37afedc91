#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Looking at certificates and trusting them in one profile: real TLS servers, good and bad, and a real nginx."""

import datetime
import hashlib
import ipaddress
import os
import pathlib
import pty
import select
import socket
import ssl
import tempfile
import threading

import support
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from support import PROGRAM, Story

DAY = datetime.timedelta(days=1)
HOSTILE = "evil\x1b[31m\r\nX: y\u202egpj"


class Maker:
    """Certificates of every kind, each with its key."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def make(self, name, issuer=None, hosts=(), authority=False, first=-DAY, last=30 * DAY, key=None):
        """(certificate, key); signed by `issuer`, such a pair, or by itself."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.utcnow()
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[0].subject if issuer else subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now + first).not_valid_after(now + last)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )  # fmt: skip
        if hosts:
            names = [x509.IPAddress(ipaddress.ip_address(h)) if h[0].isdigit() else x509.DNSName(h) for h in hosts]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key

    def context(self, *chain):
        """A server's context that presents these pairs, its own first."""
        path = self.folder / f"{os.urandom(8).hex()}.pem"
        key = chain[0][1].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(key + b"".join(self.pem(pair) for pair in chain))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    @staticmethod
    def pem(pair):
        return pair[0].public_bytes(serialization.Encoding.PEM)


def fingerprint(pair):
    return hashlib.sha256(pair[0].public_bytes(serialization.Encoding.DER)).hexdigest()


def key_fingerprint(pair):
    der = pair[0].public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


class TlsServer:
    """Serves requests over TLS; `received` is all that came after handshakes. The context may be changed."""

    def __init__(self, context):
        self.context = context
        self.received = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.site = f"https://localhost:{self.port}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.visit, args=(connection,), daemon=True).start()

    def visit(self, connection):
        connection.settimeout(support.PATIENCE)
        try:
            with self.context.wrap_socket(connection, server_side=True) as channel:
                while piece := channel.recv(65536):
                    self.received += piece
                    if b"\r\n\r\n" in piece:
                        body = b'{"name": "alice"}'
                        channel.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        except OSError:
            pass

    def stop(self):
        self.listener.close()


class Trust(Story):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.make = Maker(folder.name)
        self.root = self.make.make("Root of our own", authority=True)
        self.middle = self.make.make("Authority in the middle", self.root, authority=True)
        self.leaf = self.make.make("leaf", self.middle, ["localhost", "127.0.0.1"])

    def serve(self, *chain):
        return self.start(TlsServer(self.make.context(*chain)))

    def profile(self, server, name="work"):
        pair = self.home.folder / "keys"
        if not pair.exists():
            self.keys()
        self.ok("profile", "set", name, "--product", "self-hosted", "--url", server.site, "--context-path", "/",
                "--consumer-key", "c", "--private-key", pair / "private.pem", "--two-legged")  # fmt: skip

    def request(self, name="work"):
        return self.home.run("request", "GET", "/rest/x", "--profile", name)

    def codes(self, shown):
        return [problem["code"] for problem in shown["problems"]]

    # Looking.

    def test_the_chain_is_shown_as_presented_and_nothing_is_sent(self):
        server = self.serve(self.leaf, self.middle, self.root)
        shown = self.json("trust", server.site + "/any/path?query=1")
        self.assertEqual(shown["url"], server.site)
        self.assertFalse(shown["trusted"])
        self.assertEqual([c["sha256"] for c in shown["certificates"]], [fingerprint(p) for p in (self.leaf, self.middle, self.root)])
        self.assertEqual([c["key_sha256"] for c in shown["certificates"]], [key_fingerprint(p) for p in (self.leaf, self.middle, self.root)])
        self.assertEqual(shown["certificates"][0]["names"], ["localhost", "127.0.0.1"])
        self.assertEqual([c["authority"] for c in shown["certificates"]], [False, True, True])
        self.assertEqual([c["self_signed"] for c in shown["certificates"]], [False, False, True])
        self.assertEqual(shown["certificates"][0]["subject"], "CN=leaf")
        self.assertEqual(shown["certificates"][0]["key"], "EC, 256 bits")
        self.assertEqual(self.codes(shown), ["unknown_authority"])
        self.assertIsNone(shown["added"])
        self.assertEqual(server.received, b"")
        text = self.ok("trust", server.site).stdout
        for word in ("Authority in the middle", fingerprint(self.root), "what is wrong:", "whom nothing here trusts"):
            self.assertIn(word, text)

    def test_everything_that_is_wrong_is_named(self):
        late = self.make.make("late", self.middle, ["localhost"], first=-3 * DAY, last=-DAY)
        early = self.make.make("early", self.middle, ["localhost"], first=DAY, last=3 * DAY)
        other = self.make.make("other", self.middle, ["elsewhere.example"])
        alone = self.make.make("alone", None, ["localhost"])
        both = self.make.make("both", None, ["elsewhere.example"], first=-3 * DAY, last=-DAY)
        cases = [
            ((late, self.middle), ["expired", "unknown_authority"]),
            ((early, self.middle), ["not_yet_valid", "unknown_authority"]),
            ((other, self.middle), ["wrong_name", "unknown_authority"]),
            ((alone,), ["self_signed"]),
            ((both,), ["expired", "wrong_name", "self_signed"]),
            ((self.leaf,), ["incomplete", "unknown_authority"]),
            ((self.leaf, self.root), ["disordered", "unknown_authority"]),
        ]
        for chain, expected in cases:
            with self.subTest(expected):
                shown = self.json("trust", self.serve(*chain).site)
                self.assertEqual(self.codes(shown), expected, shown["problems"])
                self.assertTrue(all(problem["message"] for problem in shown["problems"]))

    def test_hostile_names_stay_on_their_line(self):
        server = self.serve(self.make.make(HOSTILE, None, ["localhost"]))
        shown = self.home.run("trust", server.site)
        self.assert_clean(shown.stdout + shown.stderr)
        self.assertNotIn("\u202e", shown.stdout)
        self.assertNotIn("\nX: y", shown.stdout)
        shown = self.json("trust", server.site)
        self.assert_clean(shown["certificates"][0]["subject"])

    def test_what_cannot_be_looked_at(self):
        self.fails(9, "network.tls", "trust", "http://localhost:1")
        self.fails(9, "network.refused", "trust", f"https://127.0.0.1:{support.free_port()}")
        plain = self.start(support.ScriptedServer(lambda *_: (200, {}, b"")))
        self.fails(9, "network.tls", "trust", plain.base.replace("http:", "https:"))
        self.fails(2, "url.invalid", "trust", "localhost")
        self.fails(2, "usage", "trust", "https://localhost", "--yes")
        self.fails(2, "usage", "trust", "https://localhost", "--fingerprint", "abc")

    # Trusting.

    def test_an_authority_is_imported_for_one_profile_only(self):
        server = self.serve(self.leaf, self.middle, self.root)
        self.profile(server)
        self.profile(server, "other")
        self.assertEqual(self.request().returncode, 9)
        added = self.json("trust", server.site, "--profile", "work", "--yes")
        self.assertEqual(added["added"], fingerprint(self.root))
        self.assertEqual(added["file"], str(self.home.config / "certificates/work.pem"))
        self.assertEqual(self.request().returncode, 0)
        self.assertEqual(self.request("other").returncode, 9)
        self.assertEqual(self.home.run("profile", "show", "work", "--output", "json").stdout.count("certificates/work.pem"), 1)
        # Another certificate of the same authority does as well.
        server.context = self.make.context(self.make.make("new", self.middle, ["localhost"]), self.middle)
        self.assertEqual(self.request().returncode, 0)
        again = self.json("trust", server.site, "--profile", "work")
        self.assertEqual((again["trusted"], again["added"], again["problems"]), (True, None, []))

    def test_a_self_signed_certificate_and_a_pinned_one(self):
        alone = self.make.make("alone", None, ["localhost"])
        single = self.make.make("single", self.middle, ["localhost"])
        for chain, pin in (((alone,), alone), ((single,), single)):
            with self.subTest(pin[0].subject):
                server = self.serve(*chain)
                self.profile(server)
                self.ok("profile", "set", "work", "--ca-file", "")
                added = self.json("trust", server.site, "--profile", "work", "--fingerprint", fingerprint(pin))
                self.assertEqual(added["added"], fingerprint(pin))
                self.assertEqual(self.request().returncode, 0)
                # The pin is for its names, whoever else may be served.
                self.profile(server, "address")
                self.ok("profile", "set", "address", "--url", server.site.replace("localhost", "127.0.0.1"), "--context-path", "/",
                        "--ca-file", self.home.config / "certificates/work.pem")  # fmt: skip
                error = self.fails(9, "network.certificate", "request", "GET", "/rest/x", "--profile", "address")
                self.assertIn("another host name", error["message"])

    def test_a_fingerprint_chooses_and_is_read_as_people_write_it(self):
        server = self.serve(self.leaf, self.middle, self.root)
        self.profile(server)
        colons = ":".join(fingerprint(self.middle).upper()[i:i + 2] for i in range(0, 64, 2))
        self.assertEqual(self.json("trust", server.site, "--profile", "work", "--fingerprint", colons)["added"], fingerprint(self.middle))
        self.assertEqual(self.request().returncode, 0)
        self.assertEqual(self.json("trust", server.site, "--profile", "work", "--fingerprint", key_fingerprint(self.leaf))["added"], fingerprint(self.leaf))
        self.assertEqual(self.request().returncode, 0)
        before = (self.home.config / "certificates/work.pem").read_bytes()
        error = self.fails(9, "network.certificate", "trust", server.site, "--profile", "work", "--fingerprint", "0" * 64)
        self.assertIn(fingerprint(self.leaf), error["message"])
        self.assertEqual((self.home.config / "certificates/work.pem").read_bytes(), before)

    def test_dates_and_names_cannot_be_trusted_away(self):
        for why, chain in (
            ("expired", (self.make.make("late", None, ["localhost"], first=-3 * DAY, last=-DAY),)),
            ("not valid yet", (self.make.make("early", None, ["localhost"], first=DAY, last=3 * DAY),)),
            ("another host name", (self.make.make("other", None, ["elsewhere.example"]),)),
            ("another host name", (self.make.make("other", self.root, ["elsewhere.example"]), self.root)),
        ):
            with self.subTest(why):
                server = self.serve(*chain)
                self.profile(server)
                for options in (("--yes",), ("--fingerprint", fingerprint(chain[-1]))):
                    error = self.fails(9, "network.certificate", "trust", server.site, "--profile", "work", *options)
                    self.assertIn("trusting it would not help", error["message"])
                    self.assertIn(why, error["message"])
                    self.assertFalse((self.home.config / "certificates/work.pem").exists())

    def test_nobody_is_asked_without_a_terminal(self):
        server = self.serve(self.leaf, self.middle, self.root)
        self.profile(server)
        error = self.home.run("trust", server.site, "--profile", "work")
        self.assertEqual(error.returncode, 2)
        self.assertIn("--fingerprint SHA256", error.stderr)
        self.assertEqual(self.request().returncode, 9)

    def at_a_terminal(self, answer, *arguments):
        child, terminal = pty.fork()
        if child == 0:
            os.chdir(self.home.folder)
            os.execve(PROGRAM, [PROGRAM, *arguments], self.home.environment)
        said = b""
        while b"[y/N] " not in said:
            ready, _, _ = select.select([terminal], [], [], support.PATIENCE)
            self.assertTrue(ready, said)
            said += os.read(terminal, 4096)
        os.write(terminal, answer)
        while True:
            try:
                if not os.read(terminal, 4096):
                    break
            except OSError:
                break
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()

    def test_a_person_is_asked(self):
        server = self.serve(self.leaf, self.middle, self.root)
        self.profile(server)
        code, said = self.at_a_terminal(b"\n", "trust", server.site, "--profile", "work")
        self.assertEqual(code, 130)
        self.assertIn(fingerprint(self.root), said)
        self.assertEqual(self.request().returncode, 9)
        self.assertEqual(self.at_a_terminal(b"yes\n", "trust", server.site, "--profile", "work")[0], 0)
        self.assertEqual(self.request().returncode, 0)

    def test_another_site_than_the_profiles_is_refused(self):
        server, other = self.serve(self.leaf, self.middle), self.serve(self.leaf, self.middle)
        self.profile(server)
        self.fails(2, "url.other_origin", "trust", other.site, "--profile", "work", "--yes")
        self.fails(3, "profile.missing", "trust", other.site, "--profile", "nobody", "--yes")

    # Later.

    def test_a_changed_chain_is_explained(self):
        server = self.serve(self.leaf)
        self.profile(server)
        self.ok("trust", server.site, "--profile", "work", "--yes")
        server.context = self.make.context(self.make.make("another", None, ["localhost"]))
        server.received = b""
        error = self.fails(9, "network.certificate", "request", "GET", "/rest/x", "--profile", "work")
        self.assertIn("was changed, or this is not the server", error["message"])
        self.assertIn(fingerprint(self.leaf), error["message"])
        self.assertIn(f"atlink trust {server.site} --profile work", error["next"])
        self.assertEqual(error["context"]["ca_file"], str(self.home.config / "certificates/work.pem"))
        self.assertEqual(server.received, b"")
        everything = self.home.run("status", "--all", "--output", "json")
        self.assertEqual(everything.returncode, 0, everything.stderr)  # two-legged: nobody is asked
        self.ok("trust", server.site, "--profile", "work", "--yes")
        self.assertEqual(self.request().returncode, 0)

    def test_a_certificate_that_expired_did_not_change(self):
        server = self.serve(self.leaf, self.middle)
        self.profile(server)
        self.ok("trust", server.site, "--profile", "work", "--yes")
        server.context = self.make.context(self.make.make("late", self.middle, ["localhost"], first=-3 * DAY, last=-DAY), self.middle)
        error = self.fails(9, "network.certificate", "request", "GET", "/rest/x", "--profile", "work")
        self.assertIn("expired", error["message"])
        self.assertNotIn("was changed", error["message"])
        self.assertNotIn("trusts only", error["message"])

    def test_a_pin_that_has_expired_is_explained(self):
        expired = self.make.make("alone", None, ["localhost"], first=-3 * DAY, last=-DAY)
        server = self.serve(expired)
        self.profile(server)
        folder = self.home.config / "certificates"
        folder.mkdir()
        (folder / "work.pem").write_bytes(self.make.pem(expired))
        self.ok("profile", "set", "work", "--ca-file", folder / "work.pem")
        error = self.fails(9, "network.certificate", "request", "GET", "/rest/x", "--profile", "work")
        self.assertIn("which expired at", error["message"])

    def test_a_file_of_the_persons_own_is_kept(self):
        server = self.serve(self.leaf, self.middle, self.root)
        own = self.home.folder / "company.pem"
        own.write_bytes(self.make.pem(self.make.make("another root", authority=True)))
        self.profile(server)
        self.ok("profile", "set", "work", "--ca-file", own)
        added = self.json("trust", server.site, "--profile", "work", "--yes")
        self.assertEqual(added["file_before"], str(own))
        self.assertTrue(own.exists())
        self.assertEqual(self.request().returncode, 0)
        self.ok("profile", "remove", "work")
        self.assertTrue(own.exists())
        self.assertFalse((self.home.config / "certificates/work.pem").exists())

    def test_tokens_are_asked_for_with_the_same_trust_through_nginx(self):
        pair = self.keys()
        backend = self.provider("oauthlib", pair, "--forwarded", context_path="/jira")
        front = self.start(support.TlsFront(self.home.folder, backend.base.removesuffix("/jira")))
        self.ok("profile", "set", "work", "--product", "jira", "--deployment", "data-center", "--url", front.site + "/jira",
                "--consumer-key", "atlink-story", "--private-key", pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        error = self.fails(9, "network.certificate", "login", "--begin")
        # The next step that it names works.
        self.assertIn(f"atlink trust {front.site}", error["next"])
        shown = self.json("trust", front.site)
        self.assertEqual(self.codes(shown), ["incomplete", "unknown_authority"])
        self.ok("trust", front.site, "--profile", "work", "--fingerprint", shown["certificates"][0]["sha256"])
        self.sign_in(backend, "work")
        self.assertEqual(self.json("status")["user"], "alice")
        self.assertTrue(self.json("renew")["renewed"])
        everything = self.json("status", "--all")["profiles"]
        self.assertEqual([(each["profile"], each["valid"]) for each in everything], [("work", True)])

    def test_status_of_all_explains_a_changed_chain_too(self):
        pair = self.keys()
        backend = self.provider("oauthlib", pair, "--forwarded", context_path="/jira")
        front = self.start(support.TlsFront(self.home.folder, backend.base.removesuffix("/jira")))
        self.ok("profile", "set", "work", "--product", "jira", "--deployment", "data-center", "--url", front.site + "/jira",
                "--consumer-key", "atlink-story", "--private-key", pair / "private.pem")  # fmt: skip
        self.ok("trust", front.site, "--profile", "work", "--yes")
        self.sign_in(backend, "work")
        (self.home.config / "certificates/work.pem").write_bytes(self.make.pem(self.leaf))
        listed = self.home.run("status", "--all", "--output", "json")
        self.assertEqual(listed.returncode, 9, listed.stderr)
        self.assertIn("was changed, or this is not the server", listed.stdout)


if __name__ == "__main__":
    support.main()
