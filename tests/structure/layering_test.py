#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Who may include whom: the arrows of docs/architecture.md, and which file may see which library."""

import re
import unittest

import tree

PUBLIC = "core/include/atlink/"
PLUGIN = "plugins/include/atlink/plugin/"

HOST_FACES = ["plugins/host/registry.h", "plugins/host/native.h"]

# Zone of a file → what it may include, as prefixes of repository paths.
ARROWS = {
    PUBLIC: [PUBLIC],
    "core/": [PUBLIC, "core/"],
    PLUGIN: [PLUGIN],
    "plugins/host/": [PUBLIC, PLUGIN, "plugins/host/"],
    "plugins/probe/": [PUBLIC, PLUGIN, "plugins/host/", "plugins/probe/"],
    "plugins/sandbox/": [PUBLIC, "plugins/host/", "plugins/sandbox/"],
    "plugins/kit/": [PUBLIC, *HOST_FACES, "plugins/host/judge.h", "plugins/host/detect/answer.h", "plugins/sandbox/sandbox.h", "plugins/kit/"],
    "products/": [PLUGIN],
    "cli/": [PUBLIC, *HOST_FACES, "plugins/host/detect.h", "plugins/sandbox/sandbox.h", "plugins/kit/kit.h", "cli/"],
}

# Library → the only places that may include it.
LIBRARIES = {
    r"openssl/": ["core/crypto/"],
    r"curl/": ["core/http/wire/"],
    r"Poco/": ["core/listen/"],
    r"(libsecret|gio|glib)/": ["core/keyring/"],
    r"simdjson": ["core/text/"],
    r"CLI/": ["cli/"],
    r"dlfcn\.h": ["core/posix/module.cpp"],
}

# The outside world: headers and calls that only these folders may use.
WORLD = ["core/posix/", "core/http/wire/", "core/listen/", "core/keyring/", "plugins/probe/"]
WORLD_HEADERS = r"(fstream|iostream|filesystem|cstdlib|unistd\.h|fcntl\.h|dirent\.h|spawn\.h|netdb\.h|poll\.h|sys/.*|netinet/.*|arpa/.*)"
WORLD_CALLS = r"\b(getenv|secure_getenv|fopen|popen|system_clock::now|steady_clock::now|random_device|sleep_for)\b"


def zone(path):
    return max((z for z in ARROWS if path.startswith(z)), key=len, default=None)


def target(include):
    """The repository path that a quoted include means."""
    if include.startswith("atlink/plugin/"):
        return "plugins/include/" + include
    if include.startswith("atlink/"):
        return "core/include/" + include
    return include


def violations(path, code):
    """What a file includes or calls and must not."""
    found = []
    for number, line in enumerate(code.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if match:
            why = judge(path, match.group(1) == '"', match.group(2))
            if why:
                found.append(f"{path}:{number}: {why}")
    if path.startswith(("core/", "plugins/")) and not path.startswith(tuple(WORLD)):
        for match in re.finditer(WORLD_CALLS, tree.without_comments(code)):
            found.append(f"{path}: calls {match.group(0)}, which belongs behind Platform")
    return found


def judge(path, quoted, include):
    if quoted:
        allowed = ARROWS[zone(path)]
        if target(include).startswith(tuple(allowed)):
            return ""
        return f'includes "{include}"; from {zone(path)} arrows lead only to {", ".join(allowed)}'
    for library, places in LIBRARIES.items():
        if re.match(library, include) and not path.startswith(tuple(places)):
            return f"includes <{include}>, which only {', '.join(places)} may"
    if path.startswith(PUBLIC) and "/" in include and include != "tl/expected.hpp":
        return f"is public and includes <{include}>"
    inside = path.startswith(("core/", "plugins/")) and not path.startswith(tuple(WORLD))
    if inside and re.fullmatch(WORLD_HEADERS, include):
        return f"includes <{include}>, which belongs behind Platform"
    return ""


class Layering(unittest.TestCase):
    def test_every_include_follows_an_arrow(self):
        found = []
        for path in tree.files("core", "plugins", "products", "cli", suffixes=tree.CODE):
            self.assertIsNotNone(zone(path), f"{path} lies in no known part of the house")
            found += violations(path, tree.text(path))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_the_command_line_library_is_seen_by_one_source(self):
        users = [p for p in tree.files("cli", suffixes=tree.CODE) if "#include <CLI/" in tree.text(p)]
        self.assertLessEqual(len(users), 1, users)
        self.assertTrue(all(p.endswith(".cpp") for p in users), users)

    def test_a_source_includes_its_own_header_first(self):
        for path in tree.files("core", "plugins", "cli", suffixes=(".cpp",)):
            header = path[:-4] + ".h"
            if not (tree.ROOT / header).is_file():
                continue
            first = re.search(r'#include\s+["<]([^">]+)[">]', tree.text(path))
            self.assertIsNotNone(first, path)
            self.assertEqual(target(first.group(1)), header, f"{path} opens with another header")

    def test_public_headers_hold_no_type_of_a_library(self):
        for path in tree.files(PUBLIC, PLUGIN, suffixes=(".h",)):
            code = tree.without_comments(tree.text(path))
            self.assertIsNone(re.search(r"\b(Poco::|EVP_|SSL_|BIGNUM|CURL\b|simdjson|CLI::|fmt::)", code), path)

    def test_verification_is_switched_off_where_nothing_is_sent(self):
        off = re.compile(r"CURLOPT_SSL_VERIFY(?:PEER|HOST), 0L")
        users = {}
        for path in tree.files("core", "plugins", "cli", suffixes=tree.CODE):
            code = tree.without_comments(tree.text(path))
            if off.search(code):
                users[path] = code
        self.assertEqual(list(users), ["core/http/wire/lane.cpp"])
        # All of it in the function that looks, whose handshake is all that happens.
        before, begin, rest = users["core/http/wire/lane.cpp"].partition("Lane::presented(")
        body = rest.partition("\n}\n")[0]
        self.assertTrue(begin)
        self.assertIsNone(off.search(before + rest[len(body):]))
        self.assertIn("shake_hands(exchange)", body)

    def test_the_check_sees_what_it_must(self):
        bad = [
            ("core/oauth1/x.cpp", '#include "plugins/host/registry.h"'),
            ("core/oauth1/x.cpp", '#include "cli/run.h"'),
            ("core/include/atlink/x.h", '#include "core/base/x.h"'),
            ("core/include/atlink/x.h", "#include <fmt/format.h>"),
            ("core/oauth1/x.cpp", "#  include <openssl/evp.h>"),
            ("core/http/x.cpp", "#include <curl/curl.h>"),
            ("core/http/wire/x.cpp", "#include <Poco/Net/Socket.h>"),
            ("core/posix/x.cpp", "#include <dlfcn.h>"),
            ("core/auth/x.cpp", "#include <fstream>"),
            ("core/auth/x.cpp", 'auto a = ::getenv("HOME");'),
            ("plugins/host/x.cpp", '#include "core/text/json.h"'),
            ("plugins/host/x.cpp", '#include "plugins/sandbox/sandbox.h"'),
            ("plugins/sandbox/x.cpp", '#include "cli/run.h"'),
            ("plugins/sandbox/x.cpp", '#include "plugins/kit/kit.h"'),
            ("plugins/kit/x.cpp", '#include "plugins/host/chain.h"'),
            ("plugins/kit/x.cpp", '#include "plugins/sandbox/site.h"'),
            ("cli/x.cpp", '#include "plugins/host/reader.h"'),
            ("cli/x.cpp", '#include "plugins/host/judge.h"'),
            ("cli/x.cpp", '#include "plugins/kit/play.h"'),
            ("cli/x.cpp", '#include "core/auth/x.h"'),
            ("cli/x.cpp", '#include "run.h"'),
            ("products/acme/native.cpp", '#include "atlink/json.h"'),
        ]
        for path, code in bad:
            self.assertTrue(violations(path, code), f"{path} with {code} passes")
        good = [
            ("core/oauth1/x.cpp", '#include "core/oauth1/x.h"\n#include "atlink/url.h"\n#include <vector>'),
            ("core/crypto/x.cpp", "#include <openssl/evp.h>"),
            ("core/auth/x.cpp", "// getenv is not called here"),
            ("cli/x.cpp", '#include "plugins/host/registry.h"\n#include <CLI/CLI.hpp>'),
            ("products/acme/native.cpp", '#include "atlink/plugin/plugin.h"'),
        ]
        for path, code in good:
            self.assertEqual(violations(path, code), [])


if __name__ == "__main__":
    unittest.main()
