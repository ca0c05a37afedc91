#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An OAuth 1.0a provider on loopback whose verdicts are python3-oauthlib's.

The library checks parameters, timestamps, signatures and tokens. Around it this file adds what the
products add: routing under a context path, `oauth_problem` answers, nonces, a consent step that a
test decides, and resources that tell what they received. tests/README.md lists the options and the
control addresses; ruby_provider.rb offers the same ones.
"""

import argparse
import hashlib
import html
import http.server
import json
import secrets
import signal
import string
import sys
import threading
import time
import types
import urllib.parse

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from oauthlib import oauth1
from oauthlib.oauth1.rfc5849.endpoints import base as library_base

LARGEST_BODY = 64 << 20
ALPHABET = string.ascii_letters + string.digits
STATUS = {"timestamp_refused": 400, "parameter_absent": 400, "parameter_rejected": 400,
          "version_rejected": 400, "signature_method_rejected": 400}  # fmt: skip


def letters(count):
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def throw_away_key():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


class Validator(oauth1.RequestValidator):
    """What the library asks of its host: look-ups, and nothing about signatures."""

    enforce_ssl = False
    timestamp_lifetime = 300
    verifier_length = (6, 6)
    nonce_length = (8, 64)
    allowed_signature_methods = ("RSA-SHA1", "HMAC-SHA1", "HMAC-SHA256")
    dummy_client = dummy_request_token = dummy_access_token = "nobody-at-all-nobody-at-all"

    def __init__(self, options):
        super().__init__()
        self.public_keys = {k: open(f, encoding="utf-8").read() for k, f in options.consumer}
        self.shared_secrets = {k: open(f, encoding="utf-8").read().strip() for k, f in options.hmac_consumer}
        self.request_tokens = {}
        self.access_tokens = {}
        self.nonces = set()
        self.user = options.user
        # Set while a renewal is judged: a session outlives its token.
        self.renewing = False
        self.nobody = throw_away_key()

    # Consumers and their keys.
    def check_client_key(self, client_key):
        return bool(client_key)

    def validate_client_key(self, client_key, request):
        return client_key in self.public_keys or client_key in self.shared_secrets

    def get_rsa_key(self, client_key, request):
        return self.public_keys.get(client_key, self.nobody)

    def get_client_secret(self, client_key, request):
        return self.shared_secrets.get(client_key, self.nobody)

    # Tokens.
    def get_request_token_secret(self, client_key, token, request):
        return self.request_tokens.get(token, {}).get("secret", self.nobody)

    def get_access_token_secret(self, client_key, token, request):
        return self.access_tokens.get(token, {}).get("secret", self.nobody)

    def save_request_token(self, token, request):
        self.request_tokens[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"], "consumer": request.client_key,
            "callback": request.redirect_uri, "decision": None, "verifier": None, "expired": False,
        }  # fmt: skip

    def save_access_token(self, token, request):
        self.access_tokens[token["oauth_token"]] = {
            "secret": token["oauth_token_secret"], "consumer": request.client_key,
            "user": self.user, "expired": False,
            "handle": token.get("oauth_session_handle"), "session_over": False,
        }  # fmt: skip

    def validate_request_token(self, client_key, token, request):
        known = self.request_tokens.get(token)
        return bool(known and known["consumer"] == client_key and not known["expired"])

    def validate_access_token(self, client_key, token, request):
        known = self.access_tokens.get(token)
        usable = known and (self.renewing or not known["expired"])
        return bool(usable and known["consumer"] == client_key)

    def invalidate_request_token(self, client_key, request_token, request):
        del self.request_tokens[request_token]

    def check_request_token(self, request_token):
        return bool(request_token)

    check_access_token = check_request_token

    # Consent.
    def verify_request_token(self, token, request):
        return token in self.request_tokens

    def save_verifier(self, token, verifier, request):
        self.request_tokens[token]["verifier"] = verifier["oauth_verifier"]

    def validate_verifier(self, client_key, token, verifier, request):
        known = self.request_tokens.get(token, {})
        return known.get("decision") == "allow" and known["verifier"] == verifier

    def get_redirect_uri(self, token, request):
        return self.request_tokens[token]["callback"]

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or redirect_uri.startswith(("http://", "https://"))

    # Realms are not used.
    def get_default_realms(self, client_key, request):
        return []

    def get_realms(self, token, request):
        return []

    def check_realms(self, realms):
        return True

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None, access_token=None):
        seen = (client_key, timestamp, nonce, request_token or access_token)
        request.nonce_is_new = seen not in self.nonces
        self.nonces.add(seen)
        return request.nonce_is_new


class Recorder:
    """Keeps what the library's endpoint found: the request it built, and its complaint."""

    found = None
    complaint = None

    def _create_request(self, *arguments, **named):
        self.found, self.complaint = None, None
        try:
            self.found = super()._create_request(*arguments, **named)
        except oauth1.rfc5849.errors.OAuth1Error as error:
            self.complaint = error
            raise
        return self.found

    def _check_mandatory_parameters(self, request):
        try:
            super()._check_mandatory_parameters(request)
        except oauth1.rfc5849.errors.OAuth1Error as error:
            self.complaint = error
            raise


class RequestToken(Recorder, oauth1.RequestTokenEndpoint):
    pass


class AccessToken(Recorder, oauth1.AccessTokenEndpoint):
    pass


class Resource(Recorder, oauth1.ResourceEndpoint):
    pass


class Renewal(Recorder, oauth1.ResourceEndpoint):
    """The library knows no sessions; to it a renewal is a request that is signed with the old token."""


class SignatureOnly(Recorder, oauth1.SignatureOnlyEndpoint):
    pass


class Provider:
    """Turns requests into answers. One at a time: the library's endpoints are asked in turn."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.log = []
        self.validator = Validator(options)
        self.request_token = RequestToken(self.validator)
        self.access_token = AccessToken(self.validator)
        self.authorization = oauth1.AuthorizationEndpoint(self.validator, lambda: letters(6))
        self.renewal = Renewal(self.validator)
        self.resource = Resource(self.validator)
        self.signature_only = SignatureOnly(self.validator)

    def now(self):
        return time.time() + self.options.clock_skew

    def handle(self, method, url, headers, body):
        """(status, headers, body) for a request; `url` is the whole one as the client sees it."""
        with self.lock:
            path = urllib.parse.urlsplit(url).path[len(self.options.context_path):]
            endpoints = {
                ("POST", self.options.endpoints + "/request-token"): self.on_request_token,
                ("POST", self.options.endpoints + "/access-token"): self.on_access_token,
                ("GET", self.options.endpoints + "/authorize"): self.on_authorize,
                ("POST", self.options.endpoints + "/authorize"): self.on_consent,
                ("POST", "/-/decide"): self.on_decide,
                ("POST", "/-/expire"): self.on_expire,
                ("GET", "/-/log"): self.on_log,
            }
            endpoint = endpoints.get((method, path))
            if endpoint:
                return endpoint(method, url, headers, body)
            if path.startswith("/rest/"):
                return self.on_resource(method, url, headers, body)
            return 404, {"Content-Type": "text/plain"}, b"there is nothing here\n"

    # The dance.
    def on_request_token(self, method, url, headers, body):
        return self.token_answer(
            self.request_token, "request-token", self.request_token.create_request_token_response,
            (url, method, body.decode(), headers), {})  # fmt: skip

    def on_access_token(self, method, url, headers, body):
        given = dict(headers).get("Authorization", "") + url + body.decode()
        if "oauth_session_handle" in given and not self.options.no_sessions:
            return self.on_renewal(method, url, headers, body)
        credentials = self.lifetimes()
        return self.token_answer(
            self.access_token, "access-token", self.access_token.create_access_token_response,
            (url, method, body.decode(), headers), credentials)  # fmt: skip

    def lifetimes(self):
        session = {"oauth_session_handle": letters(32), "oauth_authorization_expires_in": "160272000"}
        return {"oauth_expires_in": "157680000", **({} if self.options.no_sessions else session)}

    def on_renewal(self, method, url, headers, body):
        """OAuth Session extension: the old token and its handle for a new pair; the old one is gone then."""
        self.validator.renewing = True
        valid, found = self.renewal.validate_protected_resource_request(url, method, body.decode(), headers)
        self.validator.renewing = False
        if not valid:
            return self.refuse("renewal", self.renewal, self.problem_of(self.renewal))
        old = self.validator.access_tokens[found.resource_owner_key]
        if found.oauth_params.get("oauth_session_handle") != old["handle"]:
            return self.refuse("renewal", self.renewal, "token_rejected")
        if old["session_over"]:
            return self.refuse("renewal", self.renewal, "permission_denied")
        del self.validator.access_tokens[found.resource_owner_key]
        token = {"oauth_token": letters(32), "oauth_token_secret": letters(32), **self.lifetimes()}
        self.validator.save_access_token(token, found)
        self.record("renewal", self.renewal, "")
        text = urllib.parse.urlencode(token, quote_via=urllib.parse.quote)
        return 200, {"Content-Type": "text/plain"}, text.encode()

    def token_answer(self, endpoint, name, respond, request, credentials):
        _, text, status = respond(*request, credentials=credentials)
        if status == 200:
            self.record(name, endpoint, "")
            return 200, {"Content-Type": "text/plain"}, text.replace("+", "%20").encode()
        return self.refuse(name, endpoint, self.problem_of(endpoint))

    def on_authorize(self, method, url, headers, body):
        token = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)).get("oauth_token", "")
        if token not in self.validator.request_tokens:
            return 401, {"Content-Type": "text/html"}, b"<title>Unknown</title>This request token is not known."
        page = (
            f'<title>Allow?</title><form method="post" action="?oauth_token={html.escape(token)}">'
            '<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Deny</button></form>'
        )
        return 200, {"Content-Type": "text/html"}, page.encode()

    def on_consent(self, method, url, headers, body):
        token = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query)).get("oauth_token", "")
        decision = dict(urllib.parse.parse_qsl(body.decode())).get("decision", "")
        answer = self.decide(token, decision)
        if answer is None:
            return 400, {"Content-Type": "text/plain"}, b"unknown token or decision\n"
        if answer["redirect"]:
            return 303, {"Location": answer["redirect"]}, b""
        return 200, {"Content-Type": "text/html"}, f"<title>Done</title><code>{answer['verifier']}</code>".encode()

    def on_decide(self, method, url, headers, body):
        form = dict(urllib.parse.parse_qsl(body.decode()))
        answer = self.decide(form.get("oauth_token", ""), form.get("decision", ""))
        return self.as_json(400 if answer is None else 200, answer)

    def decide(self, token, decision):
        """What the person's decision leads to: verifier and redirect; None if there is none to take."""
        known = self.validator.request_tokens.get(token)
        if known is None or decision not in ("allow", "deny"):
            return None
        known["decision"] = decision
        callback = known["callback"]
        if decision == "deny":
            joint = "&" if "?" in callback else "?"
            redirect = f"{callback}{joint}oauth_token={token}&oauth_verifier=denied"
            return {"verifier": None, "redirect": None if callback == "oob" else redirect}
        said, _, _ = self.authorization.create_authorization_response(
            f"{self.base}{self.options.endpoints}/authorize?oauth_token={token}"
        )
        return {"verifier": known["verifier"], "redirect": said.get("Location")}

    def on_expire(self, method, url, headers, body):
        """Lets tokens expire: those of the form field `kind` (request or access), or end their sessions (session)."""
        kind = dict(urllib.parse.parse_qsl(body.decode())).get("kind", "access")
        tokens = self.validator.request_tokens if kind == "request" else self.validator.access_tokens
        for token in tokens.values():
            token["session_over" if kind == "session" else "expired"] = True
        return self.as_json(200, {"expired": len(tokens)})

    def on_log(self, method, url, headers, body):
        return self.as_json(200, self.log)

    # Resources.
    def on_resource(self, method, url, headers, body):
        given = dict(headers).get("Authorization", "") + url
        if "oauth_signature" not in given and b"oauth_signature" not in body:
            return self.challenge(401, "", b'{"message":"sign in first"}', "application/json")
        # Only forms are text to the library; what else a body holds is not signed.
        is_form = "x-www-form-urlencoded" in headers.get("Content-Type", "")
        text = body.decode() if is_form else ""
        two_legged = 'oauth_token=""' in given
        if two_legged:
            valid, _ = self.signature_only.validate_request(url, method, text, headers)
            endpoint, user = self.signature_only, self.options.two_legged_user
        else:
            valid, found = self.resource.validate_protected_resource_request(url, method, text, headers)
            endpoint = self.resource
            user = self.validator.access_tokens[found.resource_owner_key]["user"] if valid else ""
        if not valid:
            return self.refuse("resource", endpoint, self.problem_of(endpoint))
        self.record("resource", endpoint, "")
        return self.echo(method, url, headers, body, user, text)

    def echo(self, method, url, headers, body, user, form):
        parts = urllib.parse.urlsplit(url)
        answer = {
            "method": method, "path": parts.path, "raw_query": parts.query,
            "query": urllib.parse.parse_qsl(parts.query, keep_blank_values=True),
            "form": urllib.parse.parse_qsl(form, keep_blank_values=True),
            "body_sha256": hashlib.sha256(body).hexdigest(), "body_length": len(body),
            "content_type": headers.get("Content-Type", ""),
            "user": user, "name": user, "username": user, "displayName": user,
        }  # fmt: skip
        status, fields, text = self.as_json(200, answer)
        return status, {**fields, "X-AUSERNAME": urllib.parse.quote(user)}, text

    # Verdicts.
    def problem_of(self, endpoint):
        """The library's verdict in the words of the products."""
        request, complaint = endpoint.found, endpoint.complaint
        if complaint is not None:
            return self.problem_of_complaint(str(complaint.description))
        if not getattr(request, "nonce_is_new", True):
            return "nonce_used"
        log = request.validator_log
        if log.get("client") is False:
            return "consumer_key_unknown"
        if log.get("resource_owner") is False:
            return self.problem_of_token(request.oauth_params.get("oauth_token"))
        if log.get("verifier") is False:
            known = self.validator.request_tokens.get(request.oauth_params.get("oauth_token"), {})
            pending = {None: "permission_unknown", "deny": "permission_denied"}
            return pending.get(known.get("decision"), "token_rejected")
        if log.get("signature") is False:
            return "signature_invalid"
        return "parameter_rejected"

    @staticmethod
    def problem_of_complaint(text):
        for words, problem in (
            ("Timestamp given is invalid", "timestamp_refused"),
            ("Invalid signature", "signature_method_rejected"),
            ("OAuth version", "version_rejected"),
            ("Missing", "parameter_absent"),
        ):
            if words in text:
                return problem
        return "parameter_rejected"

    def problem_of_token(self, token):
        known = self.validator.request_tokens.get(token) or self.validator.access_tokens.get(token)
        return "token_expired" if known and known["expired"] else "token_rejected"

    def record(self, name, endpoint, problem):
        log = endpoint.found.validator_log if endpoint.found else {}
        complaint = str(endpoint.complaint.description) if endpoint.complaint else ""
        verdict = {key: bool(value) for key, value in log.items()}
        self.log.append({"endpoint": name, "problem": problem, "verdict": verdict, "complaint": complaint})

    def refuse(self, name, endpoint, problem):
        self.record(name, endpoint, problem)
        fields = f"oauth_problem={problem}"
        if problem == "timestamp_refused" and not self.options.no_acceptable_timestamps:
            now = int(self.now())
            fields += f"&oauth_acceptable_timestamps={now - 300}-{now + 300}"
        return self.challenge(
            STATUS.get(problem, 401), fields, fields.encode(), "application/x-www-form-urlencoded;charset=UTF-8")

    def challenge(self, status, fields, body, kind):
        realm = urllib.parse.quote(self.base, safe="")
        pairs = [f'realm="{realm}"'] + [
            f'{name}="{urllib.parse.quote(value, safe="")}"' for name, value in urllib.parse.parse_qsl(fields)
        ]
        return status, {"WWW-Authenticate": "OAuth " + ", ".join(pairs), "Content-Type": kind, "X-AUSERNAME": "anonymous"}, body

    @staticmethod
    def as_json(status, value):
        return status, {"Content-Type": "application/json"}, json.dumps(value, ensure_ascii=False).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads a request whole and hands it to the provider."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    provider = None

    def log_message(self, format, *args):
        pass

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            body = b""
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
                if len(body) > LARGEST_BODY:
                    raise ValueError("body too large")
            self.rfile.readline()
            return body
        length = int(self.headers.get("Content-Length", 0))
        if length > LARGEST_BODY:
            raise ValueError("body too large")
        return self.rfile.read(length)

    def url(self):
        """The URL as the client sees it, like a servlet container behind or without a proxy."""
        options = self.provider.options
        scheme, host = "http", self.headers.get("Host", "")
        if options.forwarded:
            scheme = self.headers.get("X-Forwarded-Proto", scheme)
            host = self.headers.get("X-Forwarded-Host", host)
        return f"{scheme}://{host}{self.path}"

    def answer(self):
        try:
            url = self.url()
            self.provider.base = url.split("/", 3)[0] + "//" + url.split("/", 3)[2] + self.provider.options.context_path
            if not (self.path + "/").startswith(self.provider.options.context_path + "/"):
                status, headers, body = 404, {"Content-Type": "text/plain"}, b"outside the context path\n"
                self.read_body()
            else:
                status, headers, body = self.provider.handle(
                    self.command, url, {k.title(): v for k, v in self.headers.items()}, self.read_body())
        except ValueError as error:  # what oauthlib raises for text it does not take
            status, headers, body = 400, {"Content-Type": "text/plain"}, f"{error}\n".encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = answer


def pair(text):
    key, separator, file = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError("KEY=FILE is wanted")
    return key, file


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--context-path", default="")
    parser.add_argument("--consumer", action="append", type=pair, default=[], metavar="KEY=PUBLIC.pem")
    parser.add_argument("--hmac-consumer", action="append", type=pair, default=[], metavar="KEY=SECRETFILE")
    parser.add_argument("--endpoints", default="/plugins/servlet/oauth")
    parser.add_argument("--user", default="alice")
    parser.add_argument("--two-legged-user", default="robot")
    parser.add_argument("--clock-skew", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--no-acceptable-timestamps", action="store_true")
    parser.add_argument("--no-sessions", action="store_true")
    parser.add_argument("--forwarded", action="store_true")
    options = parser.parse_args()

    if options.clock_skew:
        # The library reads the clock itself; its clock is the one that goes wrong.
        library_base.time = types.SimpleNamespace(time=lambda: time.time() + options.clock_skew)
    Handler.provider = Provider(options)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"http://127.0.0.1:{server.server_address[1]}{options.context_path}", flush=True)
    server.serve_forever(poll_interval=0.05)
    return 0


if __name__ == "__main__":
    sys.exit(main())
