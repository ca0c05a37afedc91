#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The kit: checks of plugins as an author and a build see them, and the plugins that it writes."""

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree

import support
from support import BUILD, ROOT, Story

EXAMPLE = ROOT / "tests/plugins/data/acme"
SCHEMA = ROOT / "tests/data/junit.xsd"


class Kit(Story):
    def check(self, *arguments, code=0, **named):
        """The report of a check."""
        result = self.home.run("plugin", "check", *arguments, "--output", "json", **named)
        self.assertEqual(result.returncode, code, f"{result.stdout}\n{result.stderr}")
        return json.loads(result.stdout)

    def outcomes(self, report):
        return {(check["name"], check["deployment"]): check for check in report["checks"]}

    def plugin(self, name="acme", change=lambda document: None, answers=None):
        """A plugin folder of one's own: the example of the documentation, changed."""
        folder = self.home.folder / "plugins" / name
        shutil.copytree(EXAMPLE, folder)
        document = json.loads((folder / "product.json").read_text(encoding="utf-8"))
        document["id"] = name
        change(document)
        (folder / "product.json").write_text(json.dumps(document, indent=2), encoding="utf-8")
        if answers is not None:
            (folder / "testdata").mkdir()
            (folder / "testdata/sandbox.json").write_text(json.dumps(answers), encoding="utf-8")
        return folder

    def judge_junit(self, path):
        """The report's root, judged by two readers that nobody here wrote."""
        subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, path], check=True, capture_output=True)
        return xml.etree.ElementTree.parse(path).getroot()

    def test_the_bundled_products_pass(self):
        for product in [entry["id"] for entry in self.json("plugin", "list")["plugins"]]:
            with self.subTest(product):
                junit = self.home.folder / f"{product}.xml"
                report = self.check(product, "--junit", junit)
                self.assertEqual((report["id"], report["failed"]), (product, 0))
                played = {check["deployment"] for check in report["checks"] if check["name"] == "play.site"}
                self.assertEqual(played, set(self.json("plugin", "show", product)["deployments"]))
                sums = [report[outcome] for outcome in ("passed", "skipped", "warned", "failed")]
                self.assertEqual(sum(sums), len(report["checks"]))
                names = [(check["name"], check["deployment"]) for check in report["checks"]]
                self.assertEqual(len(names), len(set(names)), "a name comes twice")
                root = self.judge_junit(junit)
                self.assertEqual(int(root.get("tests")), len(names))
                self.assertEqual(len(root.findall(".//testcase")), len(names))
                text = self.ok("plugin", "check", product).stdout.splitlines()
                self.assertEqual(text[-1], "{} passed, {} skipped, {} warned, {} failed".format(*sums))
                self.assertEqual(len([line for line in text if re.match(r"(pass|skip|warn|fail)  ", line)]), len(names))

    def test_what_is_played(self):
        report = self.check(self.plugin())
        checks = self.outcomes(report)
        for name in ("dance.hmac-sha1.query", "dance.hmac-sha1.header", "dance.rsa-sha1.query", "dance.rsa-sha1.header",
                     "dance.callback", "dance.denied", "dance.wrong-verifier", "dance.expired", "identity", "anonymous",
                     "headers", "error-message", "two-legged", "link.before-4.0", "link.from-4.0", "probe.about", "probe.front-page",
                     "pager.things", "upload.picture-add", "download.picture-get", "signal.login-page", "signal.xsrf",
                     "signal.rate-limit"):  # fmt: skip
            with self.subTest(name):
                self.assertEqual(checks[f"play.{name}", "data-center"]["outcome"], "pass", checks[f"play.{name}", "data-center"])
        for name in ("renewal", "signal.captcha", "signal.anonymous"):
            self.assertEqual(checks[f"play.{name}", "data-center"]["outcome"], "skip", name)
        self.assertRegex(checks["play.pager.things", "data-center"]["message"], r"items: 25, pages: [4-9]")
        self.assertEqual(checks["rule.replaces", None]["message"], "no replaces in it")
        self.assertEqual(checks["advice.readme", None]["outcome"], "warn")

    def test_all_that_is_wrong_is_told(self):
        folder = self.home.folder / "acme"
        folder.mkdir()
        (folder / "product.json").write_text(
            '{\n  "schema": 1,\n  "id": "acme",\n  "version": "one",\n  "name": "",\n  "nmae": 1\n}\n', encoding="utf-8")
        junit = self.home.folder / "check.xml"
        report = self.check(folder, "--junit", junit, code=3)
        failed = {check["name"]: check["findings"] for check in report["checks"] if check["outcome"] == "fail"}
        self.assertEqual(set(failed), {"rule.version", "rule.text", "rule.unknown-member"})
        self.assertEqual([(f["file"], f["line"], f["pointer"]) for f in failed["rule.version"]],
                         [(str(folder / "product.json"), 4, "/version")])  # fmt: skip
        self.assertTrue(all(finding["next"] for findings in failed.values() for finding in findings))
        self.assertEqual(self.outcomes(report)["play.site", None]["outcome"], "skip")
        self.assertEqual(len(self.judge_junit(junit).findall(".//failure")), 3)
        shown = self.home.run("plugin", "check", folder)
        self.assertEqual(shown.returncode, 3)
        self.assertIn(f'fail  rule.version: {folder}/product.json:4, /version: "one" cannot be used here\n      next: ', shown.stdout)
        self.assertIn("3 of ", shown.stderr)
        error = json.loads(self.home.run("plugin", "check", folder, "--output", "json").stderr)
        self.assertEqual(error["code"], "plugin.invalid")

    def test_what_does_not_play_is_told(self):
        cases = {
            "play.identity": ({"resources": [{"path": "/api/v2/me", "body": {"nobody": "{user}"}}]}, lambda d: None),
            "play.resource./api/v2/page": (
                {"resources": [{"path": "/api/v2/page", "headers": {"Content-Type": "text/html"}, "text": 'id="acme-sign-in"'}]},
                lambda d: None),
            "play.site": ({"resources": [{"path": "no slash", "body": {}}]}, lambda d: None),
            "play.probe.about": ({"resources": [{"path": "/api/v2/about", "anonymous": True, "body": {"product": "Another"}}]}, lambda d: None),
            "play.signal.rate-limit": (None, lambda d: d["signals"].update({"odd": {"means": "captcha", "status": [420, 429]}})),
            "play.anonymous": ({"resources": [{"path": "/api/v2/me", "anonymous": True, "body": {"user": {"login": "somebody"}}}]}, lambda d: None),
        }  # fmt: skip
        for number, (name, (answers, change)) in enumerate(cases.items()):
            with self.subTest(name):
                report = self.check(self.plugin(f"acme-{number}", change, answers), code=3)
                failed = [check["name"] for check in report["checks"] if check["outcome"] == "fail"]
                self.assertIn(name, failed)
        pasted = self.check(self.plugin("pasted", lambda d: d["sign_in"]["oauth1"].update(signature_methods=["HMAC-SHA256"])))
        self.assertEqual(self.outcomes(pasted)["play.link.from-4.0", "data-center"]["outcome"], "warn")

    def test_one_deployment_and_one_version(self):
        def two(document):
            document["deployments"] = {"cloud": {"hosts": ["*.acme.example"]}, "data-center": {}}
            document["preferred_deployment"] = "cloud"

        folder = self.plugin(change=two)
        played = {check["deployment"] for check in self.check(folder)["checks"]}
        self.assertEqual(played, {None, "cloud", "data-center"})
        report = self.check(folder, "--deployment", "cloud", "--site-version", "3.9")
        self.assertEqual({check["deployment"] for check in report["checks"]}, {None, "cloud"})
        guides = [check["name"] for check in report["checks"] if check["name"].startswith("play.link.")]
        self.assertEqual(guides, ["play.link.before-4.0"])
        self.fails(3, "product.unsupported", "plugin", "check", self.plugin("one"), "--deployment", "cloud")
        self.fails(2, "usage", "plugin", "check", folder, "--deployment", "moon")

    def test_what_is_meant_by_the_argument(self):
        folder = self.plugin()
        for words, where in ((["./acme"], folder.parent), (["."], folder), (["../acme/"], folder), ([str(folder / "product.json")], None),
                             (["acme", "--plugin-dir", str(folder.parent)], None), (["./acme/../acme"], folder.parent)):  # fmt: skip
            with self.subTest(words):
                report = self.check(*words, **({"cwd": where} if where else {}))
                self.assertEqual(report["folder"], str(folder))
        error = self.fails(3, "product.missing", "plugin", "check", "acme")
        self.assertIn("./acme", error["next"])
        self.fails(3, "file.not_found", "plugin", "check", "./nothing")
        # Beside an installed one of the same id it is checked all the same, with a warning.
        copy = self.home.data / "plugins/acme"
        shutil.copytree(folder, copy)
        self.assertEqual(self.outcomes(self.check(folder))["rule.id-taken", None]["outcome"], "pass")

    def test_it_needs_nothing_and_reaches_nobody(self):
        log = self.home.folder / "strace.log"
        process = self.home.popen("plugin", "check", self.plugin(), prefix=["strace", "-f", "-qq", "-e", "trace=connect,sendto", "-o", str(log)],
                                  env={"HOME": "", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "", "http_proxy": "http://192.0.2.1:1"})  # fmt: skip
        out, errors = process.communicate(timeout=support.PATIENCE * 4)
        self.assertEqual(process.returncode, 0, (out, errors))
        connections = [line for line in log.read_text(encoding="utf-8").splitlines() if "connect(" in line]
        self.assertTrue(connections)
        for line in connections:
            self.assertRegex(line, r'sa_family=AF_UNIX|inet_addr\("127\.0\.0\.1"\)')
        self.assertEqual([path.name for path in self.home.folder.iterdir() if path.name not in ("plugins", "strace.log")], [])

    def test_hostile_text_reaches_neither_terminal_nor_report(self):
        folder = self.home.folder / 'a<b>&"c" \x1b[2J'
        folder.mkdir()
        (folder / "product.json").write_bytes(
            b'{"schema": 1, "id": "\\u001b[31mx", "version": "]]>", "name": "\\u202e\\ufffe<&>", "\\u0000\\ud83d\\ude00": 1}')
        junit = self.home.folder / "check.xml"
        result = self.home.run("plugin", "check", folder, "--junit", junit)
        self.assertEqual(result.returncode, 3, result.stdout)
        self.assert_clean(result.stdout.replace("\n", " "))
        self.assert_clean(result.stderr.replace("\n", " "))
        self.assertGreater(len(self.judge_junit(junit).findall(".//failure")), 2)
        self.assert_clean(json.dumps(self.check(folder, code=3), ensure_ascii=False))

    def test_what_plugin_new_writes_passes(self):
        parent = self.home.folder / "with space"
        parent.mkdir()
        made = {"whole": [], "little": ["--extends", "self-hosted"], "named": ["--name", 'Acme "Tracker" & <Sons>']}
        for name, options in made.items():
            with self.subTest(name):
                written = self.json("plugin", "new", name, "--dir", parent, *options)
                self.assertEqual(sorted(written["files"]), sorted(str(p) for p in (parent / name).rglob("*") if p.is_file()))
                report = self.check(parent / name)
                self.assertEqual([c for c in report["checks"] if c["outcome"] in ("fail", "warn")], [])
                program = {**self.home.environment, "ATLINK": support.PROGRAM}
                test = subprocess.run([parent / name / "test.sh", "--junit", parent / "check.xml"], env=program, cwd="/",
                                      capture_output=True, text=True, check=False)  # fmt: skip
                self.assertEqual(test.returncode, 0, test.stdout + test.stderr)
                self.judge_junit(parent / "check.xml")
        text = (parent / "whole/.gitlab-ci.yml").read_text(encoding="utf-8")
        self.assertNotRegex(text, r"https?:|image:|@")
        self.assertEqual([path for path in parent.iterdir() if path.name.startswith(".")], [])

    def test_a_native_plugin_is_built_and_looked_at(self):
        prefix = self.home.folder / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", prefix], check=True, capture_output=True)
        self.ok("plugin", "new", "acme", "--native")
        surroundings = {**self.home.environment, "ATLINK": str(prefix / "bin/atlink"), "CMAKE_PREFIX_PATH": str(prefix)}
        folder = self.home.folder / "acme"
        test = subprocess.run([folder / "test.sh"], env=surroundings, cwd="/", capture_output=True, text=True, check=False)
        self.assertEqual(test.returncode, 0, test.stdout + test.stderr)
        report = self.check(folder / "build/plugins/acme")
        native = {check["name"]: check["outcome"] for check in report["checks"] if check["name"].startswith("native.")}
        self.assertEqual(set(native.values()), {"pass"})
        self.assertLessEqual({"native.module", "native.trust", "native.symbol", "native.inert", "native.abi", "native.id"}, set(native))
        # A module that does something when it is loaded is told by the rule, and what comes after it is not looked at.
        source = (folder / "native.c").read_text(encoding="utf-8")
        (folder / "native.c").write_text(source + "\n#include <stdlib.h>\n__attribute__((constructor)) static void leave(void) { exit(0); }\n", encoding="utf-8")
        test = subprocess.run([folder / "test.sh", "--output", "json"], env=surroundings, cwd="/", capture_output=True, text=True, check=False)
        self.assertEqual(test.returncode, 3, test.stdout + test.stderr)
        checks = self.outcomes(self.check(folder / "build/plugins/acme", code=3))
        self.assertEqual(checks["native.inert", None]["outcome"], "fail")
        self.assertTrue(checks["native.inert", None]["findings"][0]["file"].endswith("acme.so"))
        self.assertEqual(checks["native.id", None]["outcome"], "skip")
        self.assertEqual(checks["native.symbol", None]["outcome"], "pass")

    def test_plugin_new_overwrites_nothing(self):
        self.ok("plugin", "new", "acme")
        self.assertTrue((self.home.folder / "acme/product.json").is_file())
        before = (self.home.folder / "acme/product.json").read_bytes()
        self.fails(3, "file.exists", "plugin", "new", "acme", "--name", "Other")
        self.assertEqual((self.home.folder / "acme/product.json").read_bytes(), before)
        self.assertEqual(self.fails(2, "usage", "plugin", "new", "Acme")["context"]["rule"], "id")
        self.fails(3, "product.missing", "plugin", "new", "other", "--extends", "nothing")
        (self.home.folder / "closed").mkdir(mode=0o500)
        if os.geteuid() != 0:
            self.fails(3, "file.unwritable", "plugin", "new", "other", "--dir", self.home.folder / "closed")
        self.assertFalse((self.home.folder / "other").exists())


if __name__ == "__main__":
    support.need("xmllint", "strace", "cmake")
    support.main()
