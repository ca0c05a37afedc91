#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Native modules as a person meets them: trusted by their bytes, tried before, refused when they
change, and never in the way of anything else."""

import hashlib
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import threading

import support
from support import BUILD, ROOT, Story

MODULES = BUILD / "tests/native"
DESCRIPTION = ROOT / "tests/plugins/data/acme/product.json"
# Module of tests/native → the rule that it breaks. They are tried one after the other.
WRONG = {
    "no_symbol": "native-symbol", "function_symbol": "native-symbol", "small_symbol": "native-symbol",
    "extra_symbol": "native-exports", "search_path": "native-needs", "undefined": "native-load",
    "throws": "native-inert", "exits": "native-inert", "crashes": "native-inert", "aborts": "native-inert",
    "endless": "native-time", "asked_endless": "native-time", "prints": "native-inert",
    "prints_later": "native-inert", "prints_forever": "native-inert", "opens": "native-inert",
    "starts_thread": "native-inert", "old_abi": "native-abi", "new_abi": "native-abi", "next_abi": "native-abi",
    "null_id": "native-id", "bad_id": "native-id", "other_id": "native-id", "wild_id": "native-extension",
    "null_version": "native-version", "long_version": "native-version", "bad_version": "native-version",
    "null_get": "native-extension", "answers_all": "native-extension", "answers_prefix": "native-extension",
    "other_tables": "native-extension", "null_name": "native-extension", "bad_name": "native-extension",
    "no_array": "native-extension", "no_function": "native-extension", "no_count": "native-extension",
    "huge_count": "native-extension", "twice": "native-extension", "asked_exits": "native-extension",
    "asked_crashes": "native-extension", "asked_prints": "native-extension", "asked_throws": "native-extension",
}  # fmt: skip


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class Native(Story):
    def setUp(self):
        super().setUp()
        self.plugins = self.home.data / "plugins"
        self.module = self.plugin("acme") / "acme.so"
        self.record = self.home.state / "trusted-modules.json"

    def plugin(self, name):
        folder = self.plugins / name
        folder.mkdir(parents=True)
        text = DESCRIPTION.read_text(encoding="utf-8").replace('"id": "acme"', f'"id": "{name}"')
        (folder / "product.json").write_text(text, encoding="utf-8")
        for path in (self.home.data, self.plugins, folder):
            path.chmod(0o755)
        (folder / "product.json").chmod(0o644)
        return folder

    def put(self, name):
        """A module of tests/native in the plugin's folder, as an update would put it there."""
        fresh = self.module.with_suffix(".new")
        shutil.copyfile(MODULES / f"{name}.so", fresh)
        fresh.chmod(0o644)
        fresh.rename(self.module)

    def listed(self, name="acme"):
        return next(p for p in self.json("plugin", "list")["plugins"] if p["id"] == name)

    def native_fails(self, rule, code, *arguments, side="plugin", **named):
        """One error, of this rule, about the plugin's own files; the same for people in one line."""
        exit_code = {"native.invalid": 3, "native.untrusted": 3, "plugin.untrusted": 3, "module_missing": 3}[code]
        error = self.fails(exit_code, code, *arguments, **named)
        self.assertEqual(error["context"]["rule"], rule, error)
        self.assertEqual(error["context"]["side"], side, error)
        self.assertTrue(error["context"]["file"].startswith(str(self.plugins)), error)
        return error

    def convert(self, text, *more):
        return self.ok("convert", "--product", "acme", "--to", "upper", *more, input=text).stdout

    def test_from_a_module_in_a_folder_to_converted_text(self):
        self.put("right")
        self.assertEqual((self.listed()["native"], self.listed()["trusted"]), (True, False))
        error = self.native_fails("native-trust", "native.untrusted", "convert", "--product", "acme", "--list")
        self.assertIn("atlink plugin trust acme", error["next"])
        self.fails(2, "no_terminal", "plugin", "trust", "acme")
        trusted = self.json("plugin", "trust", "acme", "--sha256", sha256(self.module))
        self.assertEqual(trusted["conversions"], [{"from": "text", "to": "upper"}, {"from": "text", "to": "failure"}])
        self.assertEqual(trusted["sha256"], sha256(self.module))
        self.assertTrue(self.listed()["trusted"])
        self.assertEqual(self.record.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.convert("häuser\n"), "HäUSER\n")
        page = self.home.folder / "page.txt"
        page.write_text("x" * 300_000, encoding="utf-8")
        self.assertEqual(self.ok("convert", "--product", "acme", "--to", "upper", page).stdout, "X" * 300_000)
        self.ok("plugin", "trust", "acme", "--revoke")
        self.native_fails("native-trust", "native.untrusted", "convert", "--product", "acme", "--list")

    def test_a_module_that_changes_is_refused_with_both_hashes(self):
        self.put("right")
        before = sha256(self.module)
        self.ok("plugin", "trust", "acme", "--yes")
        self.put("right_too")
        error = self.native_fails("native-trust", "native.untrusted", "convert", "--product", "acme", "--list")
        self.assertIn(before, error["message"])
        self.assertIn(sha256(self.module), error["message"])
        self.assertFalse(self.listed()["trusted"])
        self.assertIn("changed", self.ok("plugin", "list").stdout)
        # One byte more is another module too.
        self.put("right")
        with open(self.module, "ab") as module:
            module.write(b"\0")
        self.native_fails("native-trust", "native.untrusted", "convert", "--product", "acme", "--list")
        self.put("right")
        self.assertEqual(self.convert("x"), "X")

    def test_a_script_names_the_hash_and_keeps_no_record(self):
        self.put("right")
        accept = ("--plugin-sha256", sha256(self.module))
        self.assertEqual(self.convert("abc", *accept), "ABC")
        self.assertFalse(self.record.exists())
        without_home = {key: "" for key in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        result = self.ok("convert", "--product", "acme", "--to", "upper", *accept, input="abc",
                         env={**without_home, "ATLINK_PLUGIN_PATH": str(self.plugins)})  # fmt: skip
        self.assertEqual(result.stdout, "ABC")
        self.put("right_too")
        self.native_fails("native-trust", "native.untrusted", "convert", "--product", "acme", "--list", *accept)
        self.fails(3, "native.untrusted", "plugin", "trust", "acme", "--sha256", accept[1])
        for name in ("exits", "endless"):
            self.put(name)
            hash = sha256(self.module)
            self.native_fails(WRONG[name], "native.invalid", "convert", "--product", "acme", "--list", "--plugin-sha256", hash)

    def test_every_wrong_module_gives_one_message_and_takes_nothing_down(self):
        neighbour = self.plugin("neighbour")
        self.ok("plugin", "list")
        self.assertGreaterEqual(len(WRONG), 40)
        built = {path.stem for path in MODULES.glob("*.so")}
        self.assertEqual(built - set(WRONG), {"right", "right_too", "right_in_cpp", "silent"})
        for name, rule in WRONG.items():
            with self.subTest(name):
                self.put(name)
                error = self.native_fails(rule, "native.invalid", "plugin", "trust", "acme", "--yes")
                self.assertEqual(error["context"]["file"], str(self.module))
                self.assertFalse(self.record.exists())
        self.assertIsNone(self.listed("neighbour")["problem"])
        self.assertIsNone(self.listed()["problem"])
        self.ok("plugin", "show", "acme")
        shutil.copyfile(MODULES / "other_id.so", neighbour / "neighbour.so")
        (neighbour / "neighbour.so").chmod(0o644)
        self.put("right")
        self.ok("plugin", "trust", "acme", "--yes")
        self.assertEqual(self.convert("x"), "X")

    def test_what_lies_there_must_be_a_whole_module_that_nobody_else_can_change(self):
        right = (MODULES / "right.so").read_bytes()

        def trust(rule, code="native.invalid"):
            error = self.native_fails(rule, code, "plugin", "trust", "acme", "--yes")
            self.assertFalse(self.listed()["trusted"])
            return error

        def clear():
            if self.module.is_dir() and not self.module.is_symlink():
                self.module.rmdir()
            else:
                self.module.unlink(missing_ok=True)

        for content in (b"", b"no module\n", right[:50], right[: len(right) // 2],
                        right[:4] + b"\x01" + right[5:], right[:18] + b"\x04\x00" + right[20:]):  # fmt: skip
            with self.subTest(len(content)):
                self.module.write_bytes(content)
                self.module.chmod(0o644)
                trust("native-object")
        self.module.write_bytes(right)
        os.truncate(self.module, (64 << 20) + 1)
        trust("native-file")
        clear()
        os.mkfifo(self.module)
        trust("native-file")
        clear()
        self.module.mkdir()
        self.module.chmod(0o755)
        trust("native-file")
        clear()
        self.module.symlink_to("nowhere.so")
        trust("native-file")
        clear()
        self.module.symlink_to("acme.so")
        trust("trust", "plugin.untrusted")
        clear()
        self.put("right")
        for mode in (0o666, 0o664):
            self.module.chmod(mode)
            self.assertIn("chmod", trust("trust", "plugin.untrusted")["next"])
        self.module.chmod(0o644)
        if os.geteuid() == 0:  # only root can give files away
            elsewhere = self.plugins / "elsewhere.so"
            self.module.rename(elsewhere)
            os.chown(elsewhere, 12345, 12345)
            self.module.symlink_to(elsewhere)
            self.assertIn("12345", trust("trust", "plugin.untrusted")["message"])

    def test_a_record_that_others_can_write_to_is_no_permission(self):
        self.put("right")
        self.ok("plugin", "trust", "acme", "--yes")
        self.record.chmod(0o666)
        self.fails(3, "file.permissions", "convert", "--product", "acme", "--list")
        self.assertFalse(self.listed()["trusted"])
        self.record.chmod(0o600)
        self.record.write_text("{", encoding="utf-8")
        error = self.fails(3, "file.damaged", "convert", "--product", "acme", "--list")
        self.assertIn("atlink plugin trust ID", error["next"])

    def test_several_trust_at_a_time_and_none_is_lost(self):
        right = (MODULES / "right.so").read_bytes()
        names = ["pone", "ptwo", "psix", "pten"]
        for name in names:
            module = self.plugin(name) / f"{name}.so"
            module.write_bytes(right.replace(b"acme\0", name.encode() + b"\0"))
            module.chmod(0o644)
        threads = [threading.Thread(target=self.ok, args=("plugin", "trust", name, "--yes")) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        recorded = json.loads(self.record.read_text(encoding="utf-8"))["trusted"]
        self.assertEqual(sorted(each["id"] for each in recorded), sorted(names))

    def test_a_person_is_asked_at_the_terminal(self):
        self.put("right")
        for answer, exit_code in (("n\n", 130), ("y\n", 0)):
            controller, terminal = pty.openpty()
            script = "import os,sys,fcntl,termios; os.setsid(); fcntl.ioctl(3, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
            process = subprocess.Popen(
                ["/usr/bin/python3", "-c", script, support.PROGRAM, "plugin", "trust", "acme"], env=self.home.environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                preexec_fn=lambda fd=terminal: os.dup2(fd, 3), pass_fds=(3, terminal))  # fmt: skip
            os.write(controller, answer.encode())
            out, errors = process.communicate(timeout=support.PATIENCE)
            self.assertEqual(process.returncode, exit_code, out + errors)
            self.assertIn(sha256(self.module), out)
            self.assertIn("with all of your rights", errors)
            self.assertEqual(self.record.exists(), exit_code == 0)
            os.close(controller)
            os.close(terminal)

    def test_a_refused_text_has_an_exit_code_of_its_own(self):
        self.put("right")
        self.ok("plugin", "trust", "acme", "--yes")
        refused = self.fails(7, "conversion.refused", "convert", "--product", "acme", "--to", "failure", input="")
        self.assertIn("line 1:", refused["message"])
        self.fails(7, "conversion.refused", "convert", "--product", "acme", "--to", "upper", input=b"\xff\xfe")
        self.fails(1, "native.failed", "convert", "--product", "acme", "--to", "failure", input="5")

    def test_the_examples_of_the_page_are_modules(self):
        page = (ROOT / "docs/native-extensions.md").read_text(encoding="utf-8")
        script = self.home.folder / "entry.map"
        script.write_text(re.search(r"^\{ global: .*\};$", page, re.M).group(0) + "\n", encoding="utf-8")
        cache = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
        for language, compiler, standard in (("c", "CMAKE_C_COMPILER", "c11"), ("cpp", "CMAKE_CXX_COMPILER", "c++20")):
            with self.subTest(language):
                code = re.search(rf"^```{language}\n(.*?)^```", page, re.M | re.S).group(1)
                source = self.home.folder / f"acme.{language}"
                source.write_text(code, encoding="utf-8")
                program = re.search(rf"^{compiler}:\w+=(.*)$", cache, re.M).group(1)
                subprocess.run(
                    [program, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden",
                     f"-I{ROOT}/plugins/include", f"-Wl,--version-script={script}", str(source), "-o", str(self.module)],
                    check=True)  # fmt: skip
                self.module.chmod(0o644)
                self.ok("plugin", "trust", "acme", "--yes")
                self.assertEqual(self.ok("convert", "--product", "acme", input="a *b*").stdout, "<p>a *b*</p>")


if __name__ == "__main__":
    support.main()
