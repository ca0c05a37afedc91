#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Wrong plugins, as a person meets them: each gives one message with file, rule and remedy, and takes
nobody else down."""

import json
import os
import re
import unittest

import support
from support import Story

STRANGER = 12345
ROOT = os.geteuid() == 0


def small(id, **more):
    return {"schema": 1, "id": id, "version": "1", "name": f"The {id} product", **more}


def oauth1(**more):
    place = {"path": "/o"}
    return {"sign_in": {"oauth1": {"request_token": place, "authorize": place, "access_token": place, **more}}}


def operation(**more):
    return {"operations": {"thing": {"summary": "a thing", "path": "/things", **more}}}


def text(**more):
    """A description with its id filled in later."""
    return lambda id: json.dumps({**small(id), **more})


def path(value):
    return text(**oauth1(request_token={"path": value}))


# Name of the folder → (what product.json says, rule that it breaks).
TEXTS = {
    # another origin
    "path-of-a-url": (path("https://evil.example/"), "path"),
    "path-of-a-host": (path("//evil.example/x"), "path"),
    "path-that-climbs": (path("/a/../../x"), "path"),
    "path-that-climbs-at-the-end": (path("/a/.."), "path"),
    "path-encoded-dots": (path("/a/%2e%2e/x"), "path"),
    "path-encoded-slash": (path("/a%2f..%2fx"), "path"),
    "path-backslash": (path("/\\evil.example"), "path"),
    "path-parameter-dots": (path("/..;/x"), "path"),
    "path-with-query": (path("/a?b=c"), "path"),
    "path-of-a-file": (path("file:///etc/passwd"), "path"),
    "context-path-that-climbs": (text(context_path={"default": "/../x"}), "path"),
    "operation-elsewhere": (text(**operation(path="//evil.example/{x}", parameters={"x": {}})), "path"),
    "origin-http": (text(settings={"a": {"summary": "x", "origin": "http://evil.example"}}), "origin"),
    "origin-with-a-user": (text(settings={"a": {"summary": "x", "origin": "https://u:p@evil.example"}}), "origin"),
    "origin-with-a-path": (text(settings={"a": {"summary": "x", "origin": "https://evil.example/x"}}), "origin"),
    "origin-of-a-file": (text(settings={"a": {"summary": "x", "origin": "file:///etc"}}), "origin"),
    "setting-that-is-not-there": (text(sign_in={"oauth2": {"token": {"path": "/t", "setting": "gone"}, "authorize": {"path": "/a"}}}), "name-missing"),
    # files
    "catalogue-outside": (text(catalogues=["../x"]), "id"),
    "catalogue-of-a-file": (text(catalogues=["file:x"]), "id"),
    "template-of-a-secret": (text(link={"screens": {"s": {"title": "x", "instruction": "{consumer_secret}"}}}), "template"),
    "header-with-a-credential": (text(headers={"Authorization": {"value": "Basic x"}}), "header-forbidden"),
    "header-of-another-host": (text(headers={"hOsT": {"value": "evil.example"}}), "header-forbidden"),
    "header-that-breaks-lines": (text(headers={"X-A": {"value": "a\r\nHost: evil.example"}}), "header-value"),
    "post-marked-safe": (text(**operation(method="POST", safe_to_repeat=True)), "safe"),
    "patch-marked-safe": (text(**operation(method="PATCH", safe_to_repeat=True)), "safe"),
    # names
    "Bad_Id": (text(), "id"),
    "id-unlike-its-folder": (lambda id: json.dumps(small("other")), "folder-name"),
    "id-that-is-a-path": (lambda id: json.dumps(small("../" + id)), "id"),
    "replaces-another": (text(replaces="self-hosted"), "replaces"),
    "unknown-member": (text(sing_in={}), "unknown-member"),
    "unknown-word": (text(**oauth1(transmissions=["pigeon"])), "word"),
    "wrong-kind": (text(name=7), "kind"),
    "null-language": (text(schema=None), "kind"),
    "newer-language": (text(zeta={}, schema=2), "schema"),
    "newer-feature": (text(zeta={}, needs=["telepathy"]), "needs"),
    "member-missing": (text(sign_in={"oauth1": {"request_token": {"path": "/o"}}}), "missing-member"),
    "several-deployments": (text(deployments={"cloud": {}, "data-center": {}}), "deployment"),
    "unknown-deployment": (text(deployments={"server": {}}), "deployment"),
    # building on others
    "extends-missing": (text(extends="nowhere"), "extends-missing"),
    "extends-itself": (lambda id: json.dumps(small(id, extends=id)), "extends-cycle"),
    "circle-one": (text(extends="circle-two"), "extends-cycle"),
    "circle-two": (text(extends="circle-one"), "extends-cycle"),
    "ring-one": (text(extends="ring-two"), "extends-cycle"),
    "ring-two": (text(extends="ring-three"), "extends-cycle"),
    "ring-three": (text(extends="ring-one"), "extends-cycle"),
    "deep-nine": (text(extends="deep-eight"), "extends-depth"),
    # bytes
    "not-json": (lambda id: "acme: yes", "json"),
    "empty": (lambda id: "", "json"),
    "cut": (lambda id: json.dumps(small(id))[:-2], "json"),
    "a-list": (lambda id: "[]", "kind"),
    "name-twice": (lambda id: json.dumps(small(id))[:-1] + ', "name": "again"}', "json"),
    "brackets": (lambda id: "[" * 100000, "json"),
    "nested": (lambda id: json.dumps(small(id))[:-1] + ', "x-deep": ' + "[" * 100000 + "]" * 100000 + "}", "json"),
    "not-utf8": (lambda id: json.dumps(small(id)).encode().replace(b"product", b"prod\xff\xfeuct"), "json"),
    "overlong-utf8": (lambda id: json.dumps(small(id)).encode().replace(b"product", b"\xc0\xaf"), "json"),
    "half-a-character": (lambda id: json.dumps(small(id)).encode().replace(b"product", b"\xed\xa0\x80"), "json"),
    "nul": (lambda id: json.dumps(small(id)).encode() + b"\0", "json"),
    "nul-in-text": (lambda id: json.dumps(small(id)).encode().replace(b"product", b"\0"), "json"),
    "utf16": (lambda id: json.dumps(small(id)).encode("utf-16"), "json"),
    "two-documents": (lambda id: json.dumps(small(id)) * 2, "json"),
    "huge": (lambda id: json.dumps(small(id)) + " " * (50 << 20), "too-large"),
    "escape-sequence": (text(name="\x1b[2JAcme\x07"), "text"),
    "nul-written": (text(summary="a\0b"), "text"),
    "turned-around": (text(name="Acme \u202etxt.exe"), "text"),
    "many-lines": (text(name="a\nb\nc"), "text"),
    "escape-in-a-name": (text(**{"\x1b]0;x\x07\n": 1}), "unknown-member"),
    "escape-in-a-word": (text(preferred_deployment="\x1b[31mcloud\r\n"), "deployment"),
}  # fmt: skip

GOOD = {
    "good": text(**oauth1()),
    "good-with-a-mark": lambda id: b"\xef\xbb\xbf" + json.dumps(small(id)).encode(),
    "good-on-top": text(extends="good"),
    "good-that-is-ready": text(needs=["operations"], **operation()),
    **{f"deep-{name}": text(extends=f"deep-{base}") for name, base in zip(
        ("two", "three", "four", "five", "six", "seven", "eight"),
        ("one", "two", "three", "four", "five", "six", "seven"))},
    "deep-one": text(),
}  # fmt: skip


class WrongPlugins(Story):
    def setUp(self):
        super().setUp()
        self.plugins = self.home.data / "plugins"
        self.plugins.mkdir(parents=True)
        # Wrong ones: path of product.json → rule.
        self.wrong = {}
        for id, made in GOOD.items():
            self.put(id, made)
        self.home.folder.chmod(0o755)

    def put(self, id, made, folder=None):
        at = (folder or self.plugins) / id
        at.mkdir(parents=True)
        content = made(id)
        file = at / "product.json"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def put_wrong(self, id, made, rule, folder=None):
        file = self.put(id, made, folder)
        self.wrong[str(file)] = rule
        return file

    def listed(self, *arguments, **named):
        """folder → what is said of the plugin in it."""
        listed = self.json("plugin", "list", *arguments, **named)["plugins"]
        by_folder = {}
        for plugin in listed:
            self.assertNotIn(plugin["folder"], by_folder, "a plugin is said once")
            by_folder[plugin["folder"]] = plugin
        return by_folder

    def check_all(self, *arguments, **named):
        """Each wrong one has one problem with file, rule and remedy, and each good one none."""
        by_folder = self.listed(*arguments, **named)
        for file, rule in self.wrong.items():
            with self.subTest(file):
                problem = by_folder[os.path.dirname(file)]["problem"]
                self.assertIsNotNone(problem)
                self.assertIn(problem["code"], ("plugin.invalid", "plugin.untrusted"))
                self.assertEqual(problem["context"]["rule"], rule, problem)
                self.assertTrue(problem["context"]["file"].startswith(str(self.home.folder)), problem)
                self.assertIn(problem["context"]["file"], problem["message"])
                self.assertTrue(problem["next"])
                self.assert_clean(problem["message"] + problem["next"])
                self.assertLess(len(problem["message"]), 1000)
        wrong = {os.path.dirname(file) for file in self.wrong}
        for folder, plugin in by_folder.items():
            if folder not in wrong:
                self.assertIsNone(plugin["problem"], plugin)
        for id in GOOD:
            self.assertIn(str(self.plugins / id), by_folder)
        return by_folder

    def check_good(self, **named):
        """A plugin beside them is used as if they were not there."""
        shown = self.json("plugin", "show", "good-on-top", **named)
        self.assertEqual(shown["description"]["sign_in"]["oauth1"]["authorize"]["path"], "/o")
        self.json("plugin", "show", "self-hosted", **named)

    def check_words(self, *arguments, **named):
        """What a person reads: a line for each, with rule and remedy, and nothing that moves a cursor."""
        result = self.ok("plugin", "list", *arguments, **named)
        self.assert_clean(result.stdout)
        self.assert_clean(result.stderr)
        warnings = [line for line in result.stderr.splitlines() if ": warning: " in line]
        self.assertEqual(len(warnings), len(self.wrong), result.stderr)
        for file, rule in self.wrong.items():
            folder = os.path.dirname(file)
            begins = re.compile(re.escape(f"atlink: warning: {folder}") + "[/: ]")
            fitting = [line for line in warnings if begins.match(line)]
            self.assertEqual(len(fitting), 1, f"{file}: {fitting}\n{result.stderr}")
            self.assertIn(f"(rule {rule}); ", fitting[0])

    def test_texts(self):
        for id, (made, rule) in TEXTS.items():
            self.put_wrong(id, made, rule)
        self.assertGreaterEqual(len(self.wrong), 30)
        self.check_all()
        self.check_words()
        self.check_good()
        for id, (_, rule) in TEXTS.items():
            with self.subTest(id):
                if re.fullmatch("[a-z][a-z0-9-]*", id):
                    error = self.fails(3, "plugin.invalid", "plugin", "show", id)
                    self.assertEqual(error["context"]["rule"], rule)

    def test_what_stands_in_place_of_the_file(self):
        for id in ("nothing", "folder", "pipe", "link-to-nowhere", "link-to-itself", "link-to-users", "socket"):
            (self.plugins / id).mkdir()
        file = {id: self.plugins / id / "product.json" for id in os.listdir(self.plugins)}
        file["folder"].mkdir()
        os.mkfifo(file["pipe"])
        file["link-to-nowhere"].symlink_to("/nowhere/product.json")
        file["link-to-itself"].symlink_to("product.json")
        file["link-to-users"].symlink_to("/etc/passwd")
        for id, rule in (("nothing", "file"), ("folder", "file"), ("pipe", "file"), ("link-to-nowhere", "file"),
                         ("link-to-itself", "trust"), ("link-to-users", "json"), ("socket", "file")):  # fmt: skip
            self.wrong[str(file[id])] = rule
        with support.socket.socket(support.socket.AF_UNIX) as listening:
            here = os.open(file["socket"].parent, os.O_RDONLY)
            self.addCleanup(os.close, here)
            listening.bind(f"/proc/self/fd/{here}/product.json")
            self.check_all()
            self.check_words()
            self.check_good()
        said = self.ok("plugin", "list", "--output", "json").stdout
        self.assertNotIn("root:", said)
        self.assertNotIn("/bin/", said)

    def test_who_could_have_written_it(self):
        made = text()
        self.put_wrong("file-of-everybody", made, "trust").chmod(0o666)
        self.put_wrong("file-of-a-group", made, "trust").chmod(0o664)
        self.put_wrong("folder-of-everybody", made, "trust").parent.chmod(0o777)
        self.put_wrong("folder-of-a-group", made, "trust").parent.chmod(0o775)
        others = self.home.folder / "others"
        link = self.plugins / "link-into-a-folder-of-everybody" / "product.json"
        link.parent.mkdir()
        (others / "open").mkdir(parents=True)
        (others / "open").chmod(0o777)
        self.put("target", made, others / "open")
        link.symlink_to(others / "open" / "target" / "product.json")
        self.wrong[str(link)] = "trust"
        self.check_all()
        self.check_words()
        self.check_good()
        for name in ("file-of-everybody", "folder-of-a-group"):
            error = self.fails(3, "plugin.untrusted", "plugin", "show", name)
            self.assertIn("chmod go-w", error["next"])

    def test_a_folder_above_that_others_may_write_to(self):
        for mode, name in ((0o775, "group"), (0o777, "everybody")):
            above = self.home.folder / name
            self.put_wrong(f"below-{name}", text(), "trust", above / "plugins")
            above.chmod(mode)
            self.check_all(env={"ATLINK_PLUGIN_PATH": str(above / "plugins")})
            self.check_good(env={"ATLINK_PLUGIN_PATH": str(above / "plugins")})
            self.wrong.clear()

    @unittest.skipUnless(ROOT, "giving files away takes root")
    def test_files_of_strangers(self):
        os.chown(self.put_wrong("file-of-a-stranger", text(), "trust"), STRANGER, STRANGER)
        os.chown(self.put_wrong("folder-of-a-stranger", text(), "trust").parent, STRANGER, STRANGER)
        kept = self.put("kept", text(), self.home.folder / "strange")
        os.chown(kept, STRANGER, STRANGER)
        link = self.plugins / "link-to-a-strangers-file" / "product.json"
        link.parent.mkdir()
        link.symlink_to(kept)
        self.wrong[str(link)] = "trust"
        owned = self.plugins / "strangers-link" / "product.json"
        owned.parent.mkdir()
        owned.symlink_to(self.plugins / "good" / "product.json")
        os.lchown(owned, STRANGER, STRANGER)
        self.wrong[str(owned)] = "trust"
        self.check_all()
        self.check_words()
        self.check_good()

    def test_a_file_that_may_not_be_read(self):
        self.put_wrong("closed", text(), "file").chmod(0)
        # Root reads everything, unless it has given that right away.
        like_others = {"prefix": ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]} if ROOT else {}
        self.check_all(**like_others)
        self.check_good(**like_others)

    def test_an_id_that_is_taken(self):
        first, second = self.home.folder / "first", self.home.folder / "second"
        self.put("twice", text(name="the first"), first)
        self.put_wrong("twice", text(name="the second"), "id-taken", second)
        path = f"{first}:{second}"
        self.check_all(env={"ATLINK_PLUGIN_PATH": path})
        shown = self.json("plugin", "show", "twice", env={"ATLINK_PLUGIN_PATH": path})
        self.assertEqual(shown["description"]["name"], "the first")

    def test_folders_with_names_that_play_tricks(self):
        for name in ("\x1b[2J\x1b]0;owned\x07", "a\nb", "\u202egpj", "a b", "-rf", "Éa"):
            self.put(name, lambda id: json.dumps(small("x")))
        result = self.ok("plugin", "list")
        self.assert_clean(result.stdout)
        self.assert_clean(result.stderr)
        self.assertNotIn("\u202e", result.stdout + result.stderr)
        listed = self.json("plugin", "list")["plugins"]
        self.assertEqual(sum(1 for plugin in listed if plugin["problem"]), 6)
        self.check_good()


if __name__ == "__main__":
    support.main()
