#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""An installation stands on its own: any prefix, any working directory, hostile surroundings."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import support
from support import BUILD, ROOT, Story


class Install(Story):
    def setUp(self):
        super().setUp()
        self.program = support.PROGRAM
        self.addCleanup(setattr, support, "PROGRAM", self.program)

    def install(self, prefix, **environment):
        subprocess.run(
            ["cmake", "--install", str(BUILD), "--prefix", str(prefix)],
            check=True, capture_output=True, env={**os.environ, **environment})  # fmt: skip

    @staticmethod
    def libdir():
        cache = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
        return re.search(r"^CMAKE_INSTALL_LIBDIR:\w+=(.*)$", cache, re.M).group(1)

    def use(self, prefix):
        support.PROGRAM = str(pathlib.Path(prefix) / "bin/atlink")
        self.assertTrue(os.access(support.PROGRAM, os.X_OK))

    def assert_works(self, **named):
        """A signed request: needs the plugins, the module that sends, and the library."""
        products = {entry["id"] for entry in self.json("plugin", "list", **named)["plugins"]}
        self.assertLessEqual({"self-hosted", "jira", "confluence"}, products)
        keys = self.home.folder / "keys"
        if not keys.exists():
            self.ok("keygen", "--out", keys, **named)
        provider = self.provider("oauthlib", keys, context_path="/x")
        self.ok("profile", "set", "work", "--product", "jira", "--url", provider.base, "--context-path", "/x", "--consumer-key",
                "atlink-story", "--private-key", keys / "private.pem", **named)  # fmt: skip
        begun = self.ok("login", "--begin", "--profile", "work", **named)
        verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
        self.ok("login", "--verifier", verifier, "--profile", "work", **named)
        got = json.loads(self.ok("request", "GET", "/rest/x", "--profile", "work", **named).stdout)
        self.assertEqual(got["user"], "alice")

    def assert_tries_modules(self):
        """A native module is tried and used: needs the program that lies among the modules."""
        folder = self.home.data / "plugins/acme"
        folder.mkdir(parents=True)
        shutil.copyfile(ROOT / "tests/plugins/data/acme/product.json", folder / "product.json")
        shutil.copyfile(BUILD / "tests/native/right.so", folder / "acme.so")
        for path in (self.home.data, folder.parent, folder):
            path.chmod(0o755)
        for path in folder.iterdir():
            path.chmod(0o644)
        self.ok("plugin", "trust", "acme", "--yes", cwd="/")
        self.assertEqual(self.ok("convert", "--product", "acme", "--to", "upper", input="x", cwd="/").stdout, "X")

    def test_an_installation_in_any_prefix(self):
        prefix = self.home.folder / "prefix with space"
        self.install(prefix)
        self.use(prefix)
        self.assert_works(cwd="/")
        # Nothing of the build tree is used any more, and a link to the program is as good.
        self.assertNotIn(str(BUILD), subprocess.run(["ldd", support.PROGRAM], capture_output=True, text=True, check=True).stdout)
        link = self.home.folder / "atlink"
        link.symlink_to(support.PROGRAM)
        support.PROGRAM = str(link)
        self.assert_works(cwd="/")
        # The whole can be moved.
        prefix.rename(self.home.folder / "moved")
        self.use(self.home.folder / "moved")
        self.assert_works(cwd="/")
        self.assert_tries_modules()

    def test_a_staged_installation(self):
        stage = self.home.folder / "stage"
        self.install("/usr", DESTDIR=str(stage))
        self.use(stage / "usr")
        self.assert_works()
        there = {path.relative_to(stage).parts[:2] for path in stage.rglob("*") if path.is_file()}
        self.assertEqual({parts[0] for parts in there}, {"usr"})
        headers = {path.name for path in (stage / "usr/include/atlink").glob("*.h")}
        self.assertLessEqual({"client.h", "oauth1.h", "url.h", "result.h"}, headers)
        library = stage / "usr" / self.libdir()
        offered = [*(library / "cmake/atlink").iterdir(), *(library / "pkgconfig").iterdir()]
        self.assertLessEqual({"atlinkConfig.cmake", "atlinkConfigVersion.cmake", "atlink_add_product.cmake", "product.map", "atlink.pc",
                              "atlink-plugin.pc"}, {path.name for path in offered})  # fmt: skip
        for path in offered:
            text = path.read_text(encoding="utf-8")
            for place in (ROOT, BUILD, stage):
                self.assertFalse(str(place) in text, f"{path.name} names {place}")
        for name in ("include/atlink/plugin/plugin.h", "include/atlink/plugin/plugin.hpp", "include/atlink/plugin/ext/convert.h", "share/atlink/schema/product.schema.json"):
            self.assertTrue((stage / "usr" / name).is_file(), name)
        # What tests need is not installed.
        self.assertEqual([p for p in stage.rglob("*") if "vectors" in p.name or "test" in p.name and p.parent.name == "bin"], [])

    def test_a_program_in_the_search_path(self):
        self.install(self.home.folder / "p")
        shown = subprocess.run(
            ["atlink", "plugin", "list", "--output", "json"], capture_output=True, text=True, check=False, cwd="/",
            env={**self.home.environment, "PATH": f"{self.home.folder}/p/bin:/usr/bin:/bin"})  # fmt: skip
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("self-hosted", shown.stdout)

    def test_hostile_surroundings(self):
        hostile = self.home.folder / "hostile"
        for folder in ("plugins/jira", "jira", "share/atlink/plugins/jira", "atlink/modules"):
            (hostile / folder).mkdir(parents=True)
        for name in ("plugins/jira/product.json", "jira/product.json", "share/atlink/plugins/jira/product.json"):
            (hostile / name).write_text('{"id": "jira", "name": "an impostor"}', encoding="utf-8")
        for name in ("wire.so", "listen.so", "atlink/modules/wire.so", "profile.json"):
            (hostile / name).write_bytes(b"\x7fELF junk")
        surroundings = {"env": {"LD_LIBRARY_PATH": "/nowhere::", "LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Auckland",
                                "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9",
                                "NETRC": str(hostile / "netrc")}, "cwd": hostile}  # fmt: skip
        self.assert_works(**surroundings)
        self.assertNotIn("an impostor", self.ok("plugin", "list", **surroundings).stdout)

    def test_libraries_in_the_working_directory_are_not_ours(self):
        hostile = self.home.folder / "hostile"
        hostile.mkdir()
        loaded = subprocess.run(["ldd", support.PROGRAM], capture_output=True, text=True, check=True).stdout
        names = [line.split()[0] for line in loaded.splitlines() if "=>" in line]
        self.assertGreater(len(names), 4)
        for name in [*names, "libcurl.so.4", "libPocoNet.so.80"]:
            (hostile / name).write_bytes(b"\x7fELF junk")
        self.assert_works(cwd=hostile)

    def test_closed_standard_streams(self):
        pair = self.keys()
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed):
                out = self.home.folder / "closed keys"
                shutil.rmtree(out, ignore_errors=True)
                command = f'exec "$0" keygen --out "$1" {closed}'
                subprocess.run(["bash", "-c", command, support.PROGRAM, str(out)], env=self.home.environment, capture_output=True, check=False)
                # Whatever it could say, the key file holds a key and nothing that was said.
                text = (out / "private.pem").read_text(encoding="utf-8")
                self.assertTrue(text.startswith("-----BEGIN PRIVATE KEY-----") and text.endswith("-----END PRIVATE KEY-----\n"), text)
        full = subprocess.run(["bash", "-c", '"$0" plugin list > /dev/full', support.PROGRAM], env=self.home.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertNotEqual(full.returncode, 0)
        pipe = subprocess.run(["bash", "-c", 'set -o pipefail; "$0" help | true', support.PROGRAM], env=self.home.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertIn(pipe.returncode, (0, 141))
        self.assertTrue(pair.exists())


if __name__ == "__main__":
    support.need("cmake", "bash")
    support.main()
