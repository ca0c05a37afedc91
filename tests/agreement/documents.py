# SPDX-License-Identifier: Apache-2.0
"""Descriptions and catalogues, valid and broken, made from the worked example by changing one thing
(or several) at a time. Every member of the language is changed; the same seed gives the same ones."""

import copy
import json
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = ("schema", "id", "version", "name")
SECTIONS = HEAD + ("$schema", "summary", "extends", "replaces", "needs", "preferred_deployment", "deployments")

QUERY = {"query": {"title": "Special:Acme"}}

# What the worked example leaves out.
MORE = {
    "$schema": "../product.schema.json",
    "extends": "base",
    "replaces": "acme",
    "needs": ["operations"],
    "preferred_deployment": "cloud",
    "deployments": {"cloud": {"hosts": ["acme.example", "*.cloud.acme.example"]}, "data-center": {"name": "Acme"}},
    "detect": {"probes": {"about": {"endpoint": QUERY, "status": [200], "body_contains": "acme", "header": {"name": "X-A", "contains": "a", "is": "a"},
                                      "tells": {"version_after": "Acme "}}}},
    "sign_in": {
        "oauth1": {
            "versions": {"from": "1.0"},
            "consumer_info": {"path": "/info", "relative_to": "site", **QUERY},
            "authorize": QUERY,
            "out_of_band": True,
            "callback_confirmed": True,
            "lifetimes": {"session": 1},
            "request_token": {"relative_to": "base", **QUERY},
            "access_token": {"relative_to": "base", **QUERY},
        },
        "oauth2": {
            "versions": {"before": "9"},
            "note": "a note",
            "expired_statuses": [401, 403],
            "token": {"relative_to": "site"},
            "authorize": {"relative_to": "base"},
            "revoke": {"path": "/r", "relative_to": "site", "setting": "accounts"},
            "metadata": {"path": "/m", "relative_to": "site", "setting": "accounts"},
            "sites": {"path": "/s", "relative_to": "site", "setting": "accounts"},
            "site_list": {"items": "/sites", "id": "/id", "name": "/name", "url": "/url"},
            "client_credentials": {"versions": {"before": "9"}, "note": "a note", "expired_statuses": [401]},
            "gateway": {"path": "/g/{site_id}", "relative_to": "site", "setting": "accounts"},
            "token_encodings": ["form", "json"],
            "client_authentication": ["body", "basic"],
            "redirect_hosts": ["127.0.0.1", "localhost", "[::1]"],
            "redirect_port": "fixed",
            "redirect_on_refresh": True,
            "lifetimes": {"refresh_token": 7},
        },
        "token": {"versions": {"before": "9"}, "note": "a note", "expired_statuses": [401], "scheme": "Bearer", "list": "token-list", "revoke": "token-revoke"},
        "api_token": {
            "versions": {"from": "1", "before": "9"},
            "note": "a note",
            "expired_statuses": [401],
            "user": "email address",
            "site_info": {"path": "/tenant", "relative_to": "site", "setting": "accounts"},
            "site_id": "/id",
            "gateway": {"path": "/ex/{site_id}/x", "relative_to": "site", "setting": "accounts"},
        },
        "basic": {"versions": {"from": "1", "before": "9"}, "note": "a note", "expired_statuses": [401]},
    },
    "identity": {"endpoint": {"relative_to": "base", **QUERY}, "header": {"name": "X-User", "percent_encoded": True}},
    "signals": {"sign-in-page": {"status": [200], "header": {"is": "text/html"}}},
    "headers": {"X-Acme-Client": {"methods": ["GET", "POST"]}},
    "xsrf": {"refuses_browsers": False},
    "rate_limit": {"fill_rate": "X-F", "interval": "X-I", "near": "X-N", "reason": "X-R"},
    "pagers": {"things": {"first": 0, "link_header": True, "short_pages": True,
                          "tells": {"last": "/last", "position": "/p", "size": "/s", "link_base": "/b"}}},
    "apis": {"things": {"relative_to": "site", "versions": {"from": "1", "before": "9"}, "note": "a note"}},
    "operations": {
        "thing-list": {"versions": {"from": "1", "before": "9"}, "safe_to_repeat": True, "method": "GET"},
        "thing-add": {"parameters": {"name": {"summary": "its name", "literal": "aql", "type": "text"}, "owner": {"type": "path"}}},
        "token-create": {"safe_to_repeat": False},
    },
    "recipes": {"thing-with-owner": {"parameters": {"name": {"summary": "its name", "literal": "aql", "type": "text"},
                                                    "days": {"type": "number", "default": 7, "add": 1}}}},
    "catalogues": ["things", "more"],
    "pages": {"links": {"relative_to": "base", **QUERY}, "revoke": QUERY},
    "link": {"administration": {"list": {"type": "/kind", "call": {"endpoint": {"relative_to": "base"}}},
                                "consumers": {"method": "GET", "endpoint": {"path": "/a/{link_id}", "relative_to": "site"}},
                                "create": {"endpoint": {"relative_to": "base"}},
                                "consumer": {"endpoint": {"relative_to": "base"}},
                                "remove": {"endpoint": {"relative_to": "base"}},
                                "others": {"call": {"method": "GET", "endpoint": {"path": "/o", "relative_to": "site"}}, "items": "", "id": "/id", "name": "/n", "url": "/u", "type": "/t"},
                                "session": {"begin": {"endpoint": {"relative_to": "site"}},
                                            "end": {"method": "DELETE", "endpoint": {"path": "/admin/again", "relative_to": "base"}}},
                                "refusals": {"again": {"steps": ["list"], "header": {"contains": "p"}, "body_contains": "p"}}},
             "guides": {"classic": {"versions": {"from": "1.0"}}},
             "screens": {"kind": {"fields": [{"label": "Kind", "action": "choose", "value": "A", "note": "a note"}]}}},
}  # fmt: skip

LONG = ["a" * 64, "a" * 65, "a" * 500, "a" * 501, "a" * 2000, "a" * 2001, "é" * 2000, "é" * 2001,
        "\U0001f600" * 1999, "\U0001f600" * 2000, "\U0001f600" * 2001, "e\u0301" * 1000, "e\u0301" * 1001]  # fmt: skip

KINDS = [None, True, False, 0, 1, -1, 1.0, 1.5, 10**15, 1e20, -0.0, "", "x", [], {}, [None], ["x", "x"], {"x": None},
         {"x-note": [1, None]}, {"": 1}, [[]]]  # fmt: skip

NUMBERS = [99, 100, 100.0, 2e2, 599, 599.0, 600, 599.5, 3153600000, 3153600001, 1000000, 1000001, 1e6, -0.0, 2**53, 2**62, 2, 1]

CHARACTERS = [chr(code) for code in (
    0x00, 0x01, 0x09, 0x0A, 0x0D, 0x1B, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x61B, 0x61C, 0x61D, 0x200B,
    0x200D, 0x200E, 0x200F, 0x2010, 0x2027, 0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x2065, 0x2066, 0x2069, 0x206A, 0xFEFF,
    0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1F600, 0x10FFFF)]  # fmt: skip

TEXTS = CHARACTERS + LONG + ["a" + c for c in CHARACTERS] + [c + "b" for c in CHARACTERS] + [
    "a\nb", "acme\n", "\\", "a\\b", "\"", "'", "<b>", "%", "%00", "$", "^", "a b", " a", "a ", "A", "é", "日本", "x-note",
]  # fmt: skip

BRACES = ["{", "}", "{}", "{{", "}}", "{{}}", "{{}", "{}}", "{x}", "{{x}}", "{{{x}}}", "{x}}}", "{{x}", "{x}}", "a{name}b",
          "{site}", "{base_url}{site}", "{Site}", "{site }", "{site_id}", "{" + "a" * 64 + "}", "{" + "a" * 65 + "}", "{a-b}",
          "{1}", "{_a}", "{a_1}", "{{{{site}}}}", "}{", "{site}\n", "{site}\U0001f600", "{\u00e9}", "{consumer_secret}",
          "{name", "name}", "{{name", "name}}", "{" * 9, "}" * 9, "{{" * 1000, "{{" * 1001]  # fmt: skip

PATHS = ["/", "//", "/a", "/a/", "a", "/a//b", "/.", "/..", "/...", "/../a", "/a/..", "/a/../b", "/a/./b", "/.a", "/a.", "/..a",
         "/;", "/;a", "/a;b", "/a;", "/a/;b", "/.;a", "/..;a", "/..;", "/a/..;b/c", "/%2e", "/%2E%2e", "/%2f", "/%5c", "/%5C",
         "/%25", "/%00", "/%0a", "/%1F", "/%20", "/%7e", "/%7F", "/%80", "/%ff", "/%FF", "/%C3%A9", "/%", "/%4", "/%zz", "/%4g",
         "/a?b", "/a#b", "/?", "\\", "/\\", "/a\\b", "/\\..\\", "/a b", "/é", "/\u2028", "/a\n", "/a\n/b", "/a\x00", "https://evil.example/",
         "//evil.example/", "/https://evil.example", "http:/a", "/a:b@c", "/~a", "/$&'()*+,=!", "/|", "/^", "/`", "/\"", "/<", "/[a]",
         "/" + "a" * 499, "/" + "a" * 500, "/{site_id}", "/{site_id}/{site_id}", "/{a}/{b}", "/{a}{b}", "/.{a}", "/{a}.", "/..{a}",
         "/{a}..", "/;{a}", "/{a};", "/{a}/..", "/{}", "/{", "/}", "/{{a}}", "/{a", "/a}", "/{A}", "/{a/b}", "/{a}\n",
         "/{" + "a" * 64 + "}", "/{" + "a" * 65 + "}", "/" + "{ab}" * 124, "/" + "{ab}" * 125, ""]  # fmt: skip

POINTERS = ["", "/", "//", "/a", "a", "/a/b", "/~", "/~0", "/~1", "/~2", "/a~", "/~01", "/*", "/*/*", "/a/*/b", "/a/*/*", "/*/a/*",
            "/**", "/a*", "/*a/*", "/*/", "/*//*", "#/a", "/\u00e9", "/ ", "/a\tb", "/a\u202eb", "/" + "a" * 1999, "/" + "a" * 2000]  # fmt: skip

NAMES = ["Host", "host", "HOST", "Authorization", "aUTHORIZATION", "Cookie", "Cookie2", "cookie3", "Date", "Te", "X-Te", "Via", "Trailer",
         "Trailers", "Proxy-", "Proxy", "proxy-x", "Transfer-", "Transfer-Encoding", "Transferx", "Set-Cookie", "Content-Type",
         "Content-Length", "Content-Encoding", "Upgrade", "Expect", "Forwarded", "X-Forwarded-For", "Keep-Alive", "HTTP2-Settings",
         "Accept-Encoding", "Accept", "Connection", "!#$%&'*+-.^_`|~", "X Y", "X:", "X\n", "X-é", "(x)", "x/y", "\"x\"", "x" * 3000]  # fmt: skip

WORDS = ["cloud", "data-center", "Cloud", "server", "base", "site", "header", "query", "form", "body", "basic", "json", "RSA-SHA1",
         "rsa-sha1", "PLAINTEXT", "HMAC-SHA512", "paste", "choose", "tick", "any", "empty", "none", "plain", "S256", "s256", "any ",
         "epoch", "date", "link", "token", "login_page", "captcha", "invalid_grant", "invalid", "localhost", "[::1]", "::1",
         "operations", "telepathy", "authorization_code", "rotates", "fixed", "true", "null", "number", "flag", "path", "text", "oauth_", "oauth_token", "oauth", "OAuth_x"]  # fmt: skip

HOSTS = ["a", "a.b", "*.a", "*.a.b", "*", "*.", "*.*.a", "a.*.b", ".a", "a.", "a..b", "-a", "a-", "a-b", "A.b", "1", "1.2.3.4", "a_b",
         "a:1", "[::1]", "é.example", "xn--a", "a" * 63, "a" * 64, ".".join(["a" * 63] * 3) + "." + "b" * 61,
         ".".join(["a" * 63] * 3) + "." + "b" * 62, ".".join(["a" * 63] * 3) + "." + "b" * 63,
         "*." + ".".join(["a" * 63] * 3) + "." + "b" * 61, "*." + ".".join(["a" * 63] * 3) + "." + "b" * 62, "a.b\n"]  # fmt: skip

ORIGINS = [f"https://{host}" for host in HOSTS] + [
    "", "http://a.example", "HTTPS://a.example", "https://", "https:/a", "https://a/", "https://a/b", "https://a?b", "https://a#b",
    "https://u@a", "https://u:p@a", "https://a:0", "https://a:1", "https://a:01", "https://a:443", "https://a:65535", "https://a:65536",
    "https://a:70000", "https://a:99999", "https://a:100000", "https://a:", "https://a:b", "https://a:1:2", "https://a\n", "file:///a",
    "//a", "ftp://a", "https://a:10000", "https://a:59999", "https://a:65000", "https://a:65529", "https://a:65530", " https://a"]  # fmt: skip

OTHERS = ["8.22", "1", "1.", "1..2", ".1", "v1", "1" + "0" * 63, "1" + "0" * 64, "1-m3+b", "1 2", "1_2", "1\n", "GET", "Get", "GET ", "A" * 64,
          "A" * 65, "GET\n", "GE-T", "text/html", "Text/html", "text", "text/", "/html", "a/b/c", "a" * 64 + "/b", "a" * 65 + "/b",
          "text/html; charset=x", "a+b/c.d-e_f!#$&^", "a%/b", "'", "\"", "\\", "`", "~", "!", "a", "1", "''", "é", "Bearer", "A1-b", "1A",
          "A" * 32, "A" * 33, "A_b", "a.b", "read:x", "a b", "a\"", "a\\", "x" * 200, "x" * 201, "[a]", "~", "é", "a-b", "a_b", "_a", "-a",
          "a1", "1a", "Aa", "aA", "a--", "a__", "../x", "x/y", "x.json", "a\u0000"]  # fmt: skip

STRINGS = TEXTS + BRACES + PATHS + POINTERS + NAMES + WORDS + HOSTS + ORIGINS + OTHERS
STRINGS = list(dict.fromkeys(STRINGS))

# Which of them are near what a member is about, by the end of its place.
NEAR = {
    "path": PATHS + BRACES, "default": PATHS, "known": PATHS, "origin": ORIGINS, "hosts": HOSTS, "relative_to": WORDS,
    "site_id": POINTERS, "items": POINTERS, "messages": POINTERS, "value": TEXTS + BRACES, "instruction": BRACES, "name": NAMES,
    "header": NAMES, "url": POINTERS, "scopes": OTHERS, "quote": OTHERS, "escape": OTHERS,
}  # fmt: skip


def patch(into, more):
    """JSON merge patch without its null."""
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            patch(into[name], value)
        else:
            into[name] = copy.deepcopy(value)
    return into


def whole():
    """A description that has every member of the language."""
    acme = json.loads((ROOT / "tests/plugins/data/acme/product.json").read_text(encoding="utf-8"))
    return patch(acme, MORE)


def places(value, at=()):
    """Every place below a document: a tuple of names and indices."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in below:
        yield at + (step,)
        yield from places(inner, at + (step,))


def get(document, place):
    for step in place:
        document = document[step]
    return document


def changed(document, place, value):
    """A copy with another value at a place."""
    copied = copy.deepcopy(document)
    if not place:
        return copy.deepcopy(value)
    get(copied, place[:-1])[place[-1]] = copy.deepcopy(value)
    return copied


def renamed(document, place, name):
    """A copy in which a member has another name, and stands where it stood."""
    copied = copy.deepcopy(document)
    parent = get(copied, place[:-1])
    members = [(name if old == place[-1] else old, value) for old, value in parent.items()]
    parent.clear()
    parent.update(members)
    return copied


def part_of(document, section):
    """The head and one section."""
    kept = HEAD if section in document else ()
    return {name: copy.deepcopy(value) for name, value in document.items() if name in kept or name == section}


def in_deployment(document, section):
    """The section said for one deployment."""
    moved = copy.deepcopy(document)
    moved["deployments"] = {"cloud": {section: moved.pop(section)}}
    return moved


def parts():
    """(section, document) of every section; that of the head stands for itself."""
    document = whole()
    for section in document:
        yield section, part_of(document, section)


class Changes:
    """The changes of one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def some(self, pool, count):
        return pool if count >= len(pool) else self.random.sample(pool, count)

    def values_for(self, place, old):
        """Other values for a place: of other kinds, and near what stands there."""
        values = self.some(KINDS, 6)
        if isinstance(old, bool):
            return values + [not old]
        if isinstance(old, (int, float)):
            return values + self.some(NUMBERS, 8)
        if isinstance(old, str):
            named = [step for step in place if isinstance(step, str)]
            near = NEAR.get(named[-1] if named else "", TEXTS)
            return values + self.some(STRINGS, 4) + self.some(near, 8) + self.some(OTHERS, 3)
        if old is None:
            return values
        if isinstance(old, list):
            values = values + [[], old + old[:1], old[::-1], old + [None], old + [1], old + [{}], old + [[]]]
            return values + [[self.random.choice(STRINGS)], old + [self.random.choice(STRINGS)], [200, 200.0]]
        return values + [{**old, "x-own": [None, "\x1b"]}, {**old, "zeta": 1}, {**old, "x": 1}, {**old, "": 1}]

    def names_for(self, old):
        names = [old + "s", old.upper(), "x-" + old, old[:-1], old + "\n", "", "a" * 64, "a" * 65, "1", "é", "a_b", "a-b", "x-note", "/a", "~", "\x1b"]
        return self.some(names, 3) + self.some(NAMES + POINTERS + OTHERS + TEXTS, 2)

    def of(self, document, *sections):
        """Changed copies of a small document; with sections, changed there."""
        for place in places(document):
            if sections and place[0] not in sections:
                continue
            old = get(document, place)
            for value in self.values_for(place, old):
                yield changed(document, place, value)
            if isinstance(place[-1], str):
                for name in self.some(self.names_for(place[-1]), 2):
                    yield renamed(document, place, name)

    def several(self, document, count):
        """A copy with that many changes."""
        for _ in range(count):
            place = self.random.choice(list(places(document)) or [()])
            if place:
                document = changed(document, place, self.random.choice(self.values_for(place, get(document, place))))
        return document


def odd_documents():
    """What is no description at all."""
    return [None, True, 1, 1.0, "x", [], [{}], {}, {"x-a": 1}, {"schema": 1}]


def products(seed, most):
    """About `most` descriptions."""
    changes = Changes(seed)
    made = []
    for section, document in parts():
        made.append(document)
        if section not in SECTIONS:
            made.append(in_deployment(document, section))
        for other in changes.of(document, section):
            moves = section not in SECTIONS and section in other and changes.random.random() < 0.15
            made.append(in_deployment(other, section) if moves else other)
    made = changes.some(made, most)
    full = whole()
    mixed = [changes.several(full, changes.random.randint(1, 3)) for _ in range(most // 60)]
    return odd_documents() + [full] + mixed + made


def catalogues(seed, most):
    """About `most` catalogues."""
    changes = Changes(seed)
    described = whole()
    document = {"$schema": "catalogue.schema.json", "schema": 1, "operations": described["operations"], "recipes": described["recipes"]}
    small = [{"schema": 1, "operations": {name: value}} for name, value in document["operations"].items()]
    small.append({"schema": 1, "recipes": document["recipes"]})
    small.append({"schema": 1, "$schema": "x", "operations": {}, "recipes": {}, "x-note": None})
    made = small + [other for one in small for other in changes.of(one)]
    return odd_documents() + [document] + changes.some(made, most)
