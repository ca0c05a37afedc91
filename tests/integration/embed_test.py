#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Strangers build against an installation: the examples, in clean folders, with CMake and pkg-config."""

import json
import pathlib
import re
import shlex
import shutil
import stat
import subprocess
import tempfile

import support
from extension import Extension
from support import BUILD, ROOT, Story, http_request

EXAMPLES = ROOT / "docs/examples"
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
OK, INPUT, UNSUPPORTED, STOPPED = 0, 1, 2, 4


def cache_value(name):
    cache = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
    match = re.search(rf"^{name}:\w+=(.*)$", cache, flags=re.M)
    return match.group(1) if match else ""


def sanitizer():
    """What a program that links a library with sanitizers is compiled with, too."""
    return [f"-fsanitize={names}"] if (names := cache_value("ATLINK_SANITIZE")) else []


def exported(module):
    listing = subprocess.run(["nm", "-D", "--defined-only", "--format=posix", str(module)],
                             capture_output=True, text=True, check=True).stdout  # fmt: skip
    return [line.split()[0] for line in listing.splitlines()]


class Embedding(Story):
    """Each test has a prefix, and works in a folder that holds nothing else."""

    # What else the compiler is told.
    flags: list[str] = []

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.installed = pathlib.Path(tempfile.mkdtemp(prefix="atlink-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.installed, ignore_errors=True)
        subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(cls.installed / "a prefix")],
                       check=True, capture_output=True)  # fmt: skip

    def setUp(self):
        super().setUp()
        self.prefix = self.installed / "a prefix"
        self.program = support.PROGRAM
        self.addCleanup(setattr, support, "PROGRAM", self.program)
        support.PROGRAM = str(self.prefix / "bin/atlink")

    def move_prefix(self):
        """The whole installation is somewhere else from now on, for this test."""
        moved = self.installed / "moved"
        self.prefix.rename(moved)
        self.addCleanup(moved.rename, self.prefix)
        self.prefix = moved
        support.PROGRAM = str(moved / "bin/atlink")

    def tool(self, *command, code=0, cwd=None, **variables):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=cwd or self.home.folder,
                              env={**self.home.environment, **variables})  # fmt: skip
        self.assertEqual(done.returncode == 0, code == 0, f"{command}: {done.stdout}{done.stderr}")
        return done.stdout if code == 0 else done.stdout + done.stderr

    def pkg_config(self, *arguments):
        path = self.prefix / cache_value("CMAKE_INSTALL_LIBDIR") / "pkgconfig"
        return shlex.split(self.tool("pkg-config", *arguments, PKG_CONFIG_PATH=str(path), PKG_CONFIG_LIBDIR=""))

    def copy_of(self, example):
        """The example in a clean folder."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{example}-", dir=self.home.folder))
        shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
        return folder

    def configure(self, folder, *options, **named):
        flags = " ".join([*WARNINGS, *self.flags])
        return self.tool(
            "cmake", "-G", "Ninja", "-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_FLAGS={flags}",
            f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_COMPILER={cache_value('CMAKE_CXX_COMPILER')}",
            f"-DCMAKE_C_COMPILER={cache_value('CMAKE_C_COMPILER')}", "-Wno-dev", *options, **named)  # fmt: skip

    def built(self, folder, *options):
        """The build folder of an example that CMake built."""
        self.configure(folder, *options)
        self.tool("cmake", "--build", folder / "build")
        return folder / "build"

    def project(self, text, **files):
        """A folder with this CMakeLists.txt."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.home.folder))
        (folder / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.25)\n{text}\n", encoding="utf-8")
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
        return folder


class Engine(Embedding):
    flags = sanitizer()

    def site(self):
        """A sandbox where alice has signed in; what the examples read from the environment."""
        pair = self.keys()
        site = self.start(support.Server(
            [support.PROGRAM, "sandbox", "--product", "jira", "--context-path", "/jira", "--consumer", f"robot={pair / 'public.pem'}"],
            env=self.home.environment))  # fmt: skip
        self.ok("profile", "set", "work", "--product", "jira", "--url", site.base, "--consumer-key", "robot", "--private-key", pair / "private.pem")
        begun = self.ok("login", "--begin", "--profile", "work").stdout
        body = f"oauth_token={self.token_of(begun)}&decision=allow".encode()
        verifier = json.loads(http_request(f"{site.base}/-/sandbox/decide", "POST", body)[2])["verifier"]
        self.ok("login", "--verifier", verifier, "--profile", "work")
        credential = json.loads((self.home.state / "credentials/work.json").read_text(encoding="utf-8"))
        return site.base, {
            "ATLINK_URL": site.base, "ATLINK_CONSUMER_KEY": "robot", "ATLINK_PRIVATE_KEY": str(pair / "private.pem"),
            "ATLINK_OAUTH_TOKEN": credential["token"], "ATLINK_OAUTH_TOKEN_SECRET": credential["token_secret"],
        }  # fmt: skip

    def compiled(self, example):
        """The example's program, made without CMake."""
        folder = self.copy_of(example)
        library = self.pkg_config("--variable=libdir", "atlink")[0]
        self.tool(cache_value("CMAKE_CXX_COMPILER"), "-std=c++20", *WARNINGS, *self.flags, "main.cpp", "-o", example,
                  *self.pkg_config("--cflags", "--libs", "atlink"), f"-Wl,-rpath,{library}", cwd=folder)  # fmt: skip
        return folder / example

    def assert_sends(self, program, surroundings):
        """A signed request that the site takes, and whose failures are told."""
        said = json.loads(self.tool(program, "/-/sandbox/echo?x=a%20b", **surroundings))
        self.assertEqual((said["method"], said["query"]), ("GET", [["x", "a b"]]))
        self.assertTrue(said["user"] and said["signed_as"], said)
        refused = self.tool(program, "/-/sandbox/echo", code=1, **{**surroundings, "ATLINK_CONSUMER_KEY": "another"})
        self.assertIn("token_rejected", refused)
        self.assertIn("file: /dev/null", self.tool(program, "/", code=1, **{**surroundings, "ATLINK_PRIVATE_KEY": "/dev/null"}))
        self.assertIn("other.example is not at", self.tool(program, "https://other.example/", code=1, **surroundings))

    def assert_signs(self, program, base, surroundings):
        """The header makes the request one of that user, sent by something else."""
        url = f"{base}/-/sandbox/echo?q=%C3%A4"
        name, header = self.tool(program, "GET", url, **surroundings).strip().split(": ", 1)
        status, _, body = http_request(url, headers={name: header})
        self.assertEqual(status, 200, body)
        self.assertTrue(json.loads(body)["user"], body)
        self.assertEqual(http_request(url)[0], 401)

    def test_programs_that_send_and_that_sign(self):
        base, surroundings = self.site()
        self.assert_sends(self.built(self.copy_of("sign-and-send")) / "sign-and-send", surroundings)
        self.assert_signs(self.compiled("sign-only"), base, surroundings)
        self.move_prefix()
        self.assert_sends(self.compiled("sign-and-send"), surroundings)
        self.assert_signs(self.built(self.copy_of("sign-only")) / "sign-only", base, surroundings)

    def test_pages_show_what_the_examples_hold(self):
        code = [p.read_text(encoding="utf-8") for p in EXAMPLES.rglob("*") if p.suffix in (".cpp", ".c", ".txt")]
        for page in ("docs/embedding.md", "docs/examples/README.md"):
            shown = re.findall(r"^```(?:cpp|c|cmake)\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
            self.assertTrue(shown, page)
            for block in shown:
                self.assertTrue(any(block in text for text in code), block)

    def test_the_function_that_signs_and_sends_takes_about_ten_lines(self):
        code = (EXAMPLES / "sign-and-send/main.cpp").read_text(encoding="utf-8")
        body = re.search(r"get\(const char\* path\) \{\n(.*?)\n\}", code, re.S).group(1)
        self.assertLessEqual(len(body.splitlines()), 12)


class Plugins(Embedding):
    def assert_module(self, module, product, pair):
        self.assertEqual(exported(module), ["atlink_plugin_entry"])
        extension = Extension(module)
        self.assertEqual((extension.id, extension.unknown, extension.pairs), (product, None, [pair]))
        self.assertEqual(extension.convert(pair[0], "nonsense", "x")[0], UNSUPPORTED)
        self.assertEqual(extension.convert(*pair, "x\n", pieces=1)[0], STOPPED)
        return lambda text: extension.convert(*pair, text)

    def assert_notes(self, module):
        convert = self.assert_module(module, "acme-notes", ("text", "html"))
        self.assertEqual(convert(""), (OK, "", ""))
        self.assertEqual(convert("a & <b>\r\nc \"d\"\n \t\n\n\nä"), (OK, "<p>a &amp; &lt;b&gt;<br/>\nc &quot;d&quot;</p>\n<p>ä</p>\n", ""))
        self.assertEqual(convert("fine\r\x01")[::2], (INPUT, "line 2 holds a control character"))

    def assert_tables(self, module):
        convert = self.assert_module(module, "acme-tables", ("csv", "html"))
        self.assertEqual(convert(""), (OK, "", ""))
        table = "<table>\n<tr><th>a</th><th>b &amp; c</th></tr>\n<tr><td>1</td><td></td></tr>\n<tr><td>x, \"y\"<br/>z</td><td>ä</td></tr>\n</table>\n"
        self.assertEqual(convert('a,b & c\r\n1,\n"x, ""y""\r\nz",ä'), (OK, table, ""))
        for text, why in [("a\nb,c\n", "the row of line 2 has 2 fields, and the header 1"), ('"a\nb', "the row of line 1 has a quote that is not closed"),
                          ('"a\nb"\n"c"d', "the row of line 3 has something behind a closing quote"),
                          ('a\nb"', "the row of line 2 has a quote within a field that does not begin with one"),
                          ("a\n\x01", "the row of line 2 has a control character")]:  # fmt: skip
            self.assertEqual(convert(text)[::2], (INPUT, why))

    def assert_product(self, product, *options, **named):
        """The program reads the plugin."""
        entry = next(e for e in self.json("plugin", "list", *options, **named)["plugins"] if e["id"] == product)
        self.assertFalse(entry.get("problem"), entry)

    def test_a_plugin_in_c(self):
        folder = self.copy_of("native-c")
        build = self.built(folder)
        self.assert_notes(build / "plugins/acme-notes/acme-notes.so")
        self.assert_product("acme-notes", "--plugin-dir", build / "plugins")
        # A change of the description needs no build.
        description = folder / "acme-notes/product.json"
        description.write_text(description.read_text(encoding="utf-8").replace("Acme Notes", "Acme Changed"), encoding="utf-8")
        self.assertIn("Acme Changed", self.ok("plugin", "list", "--plugin-dir", build / "plugins").stdout)
        # A build folder survives that the installation moves.
        self.move_prefix()
        self.built(folder)
        cache = (build / "CMakeCache.txt").read_text(encoding="utf-8")
        self.assertEqual(re.findall("ATLINK_PROGRAM:FILEPATH=(.*)", cache), [f"{self.prefix}/bin/atlink"])
        self.assertFalse("a prefix" in cache)

    def test_a_plugin_in_cpp(self):
        build = self.built(self.copy_of("native-cpp"))
        self.assert_tables(build / "plugins/acme-tables/acme-tables.so")
        self.assert_product("acme-tables", "--plugin-dir", build / "plugins")

    def test_a_plugin_in_cpp_without_cmake(self):
        folder = self.copy_of("native-cpp")
        self.move_prefix()
        self.tool(cache_value("CMAKE_CXX_COMPILER"), "-std=c++20", *WARNINGS, "-shared", "-fPIC", folder / "acme-tables/native.cpp", "-o",
                  folder / "acme-tables.so", *self.pkg_config("--cflags", "--libs", "atlink-plugin"))  # fmt: skip
        self.assert_tables(folder / "acme-tables.so")

    def test_an_extension_with_a_library_of_its_own(self):
        folder = self.copy_of("native-c")
        (folder / "helper.c").write_text("int helper(void);\nint helper(void) { return 1; }\n", encoding="utf-8")
        with (folder / "CMakeLists.txt").open("a", encoding="utf-8") as project:
            project.write("add_library(helper SHARED helper.c)\nfind_library(MATH m)\n"
                          "atlink_add_product(second FOLDER acme-notes NATIVE acme-notes/native.c helper.c LIBRARIES helper ${MATH})\n")  # fmt: skip
        build = self.built(folder, "-DCMAKE_MODULE_LINKER_FLAGS=-Wl,--no-as-needed")
        wanted = self.tool("readelf", "-d", build / "plugins/second/second.so")
        self.assertIn("libhelper.so", wanted)
        self.assertIn("libm.so.6", wanted)
        self.assertNotRegex(wanted, "RPATH|RUNPATH")
        self.assertEqual(exported(build / "plugins/second/second.so"), ["atlink_plugin_entry"])

    def test_a_plugin_is_installed_where_the_program_looks(self):
        build = self.built(self.copy_of("native-c"))
        self.tool("cmake", "--install", build, "--prefix", self.home.folder / "there")
        plugin = self.home.folder / "there/share/atlink/plugins/acme-notes"
        self.assertEqual(sorted(p.name for p in plugin.iterdir()), ["acme-notes.so", "product.json"])
        self.assertFalse(any(p.is_symlink() for p in plugin.iterdir()))
        # Who trusts the bytes of the build trusts those that are installed.
        self.assertEqual((plugin / "acme-notes.so").read_bytes(), (build / "plugins/acme-notes/acme-notes.so").read_bytes())
        self.assert_notes(plugin / "acme-notes.so")
        self.assert_product("acme-notes", env={"XDG_DATA_HOME": str(self.home.folder / "there/share")})

    def test_a_plugin_in_c_without_cmake(self):
        folder = self.copy_of("native-c")
        self.move_prefix()
        self.tool(cache_value("CMAKE_C_COMPILER"), "-std=c11", *WARNINGS, "-shared", "-fPIC", folder / "acme-notes/native.c", "-o",
                  folder / "acme-notes.so", *self.pkg_config("--cflags", "--libs", "atlink-plugin"))  # fmt: skip
        self.assert_notes(folder / "acme-notes.so")
        schema = pathlib.Path(self.pkg_config("--variable=schemadir", "atlink-plugin")[0])
        self.assertEqual((schema / "product.schema.json").read_bytes(), (ROOT / "plugins/schema/product.schema.json").read_bytes())
        plugins = pathlib.Path(self.pkg_config("--variable=pluginsdir", "atlink-plugin")[0])
        self.assertTrue((plugins / "self-hosted/product.json").is_file())

    def test_a_data_only_plugin_needs_no_compiler(self):
        folder = self.project(
            "project(kb LANGUAGES NONE)\nfind_package(atlink REQUIRED COMPONENTS plugin)\natlink_add_product(kb FOLDER .)",
            **{"product.json": '{"schema": 1, "id": "kb", "version": "1", "name": "KB", "extends": "self-hosted"}', "README.md": "KB"})  # fmt: skip
        for data in ("catalogue/v1.json", "testdata/sandbox.json"):
            (folder / data).parent.mkdir()
            (folder / data).write_text('{"resources": [], "collections": []}', encoding="utf-8")
        build = self.built(folder)
        self.assert_product("kb", "--plugin-dir", build / "plugins")
        self.tool("cmake", "--install", build, "--prefix", self.home.folder / "kb", "--strip")
        plugin = self.home.folder / "kb/share/atlink/plugins/kb"
        self.assertEqual(sorted(str(p.relative_to(plugin)) for p in plugin.rglob("*") if p.is_file()),
                         ["README.md", "catalogue/v1.json", "product.json", "testdata/sandbox.json"])  # fmt: skip
        # What is gone is gone with the next build.
        (folder / "README.md").unlink()
        self.tool("cmake", "--build", build)
        self.assertFalse((build / "plugins/kb/README.md").is_symlink())

    def test_checks_are_entries_of_ctest(self):
        folder = self.copy_of("native-c")
        judge = self.home.folder / "judge"
        judge.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
        judge.chmod(judge.stat().st_mode | stat.S_IXUSR)
        build = self.built(folder, f"-DATLINK_PROGRAM={judge}", "-DATLINK_PRODUCT_CHECKS=ON")
        said = self.tool("ctest", "--test-dir", build, "-V", "-R", "^product/acme-notes$")
        self.assertRegex(said, rf"(?s)\d: plugin\n\d: check\n\d: {build}/plugins/acme-notes\n")
        self.configure(folder, "-DATLINK_PRODUCT_CHECKS=OFF")
        self.assertIn("Total Tests: 0", self.tool("ctest", "--test-dir", build, "-N"))


class Messages(Embedding):
    def said(self, text, *options):
        """What CMake says to a project that cannot be configured, on one line."""
        return re.sub(r"\s+", " ", self.configure(self.project(text), *options, code=1))

    def test_without_tl_expected(self):
        missing = "-DCMAKE_DISABLE_FIND_PACKAGE_tl-expected=ON"
        said = self.said("project(x LANGUAGES NONE)\nfind_package(atlink REQUIRED)", missing)
        self.assertIn("headers need the package tl-expected, which was not found. Install it (Debian: libexpected-dev)", said)
        # Who writes plugins does without.
        self.built(self.copy_of("native-c"), missing)

    def test_a_build_that_is_not_installed(self):
        text = "project(x LANGUAGES NONE)\nfind_package(atlink REQUIRED)"
        self.assertIn('Add the installation prefix of "atlink" to CMAKE_PREFIX_PATH', self.said(text, f"-DCMAKE_PREFIX_PATH={BUILD}"))
        said = self.said(text, f"-Datlink_DIR={BUILD}/plugins/cmake")
        self.assertIn("belongs to a build of atlink that is not installed. Install it (cmake --install BUILD --prefix PREFIX)", said)

    def test_nothing_installed_and_other_versions(self):
        said = self.said("project(x LANGUAGES NONE)\nfind_package(atlink REQUIRED)", "-DCMAKE_PREFIX_PATH=/nowhere")
        self.assertIn('Add the installation prefix of "atlink" to CMAKE_PREFIX_PATH', said)
        said = self.said("project(x LANGUAGES NONE)\nfind_package(atlink 9 REQUIRED)")
        self.assertIn('compatible with requested version "9"', said)
        said = self.said("project(x LANGUAGES NONE)\nfind_package(atlink REQUIRED COMPONENTS plugins)")
        self.assertIn('atlink has no component "plugins", only engine and plugin', said)

    def test_products_that_cannot_be_built(self):
        start = "project(x LANGUAGES C)\nfind_package(atlink REQUIRED COMPONENTS plugin)\n"
        self.assertIn("there is no product.json in", self.said(start + "atlink_add_product(kb)"))
        self.assertIn("an id is lower-case letters", self.said(start + "atlink_add_product(KB FOLDER .)"))
        self.assertIn('cannot read "SOURCES;x.c"', self.said(start + "atlink_add_product(kb SOURCES x.c)"))

    def test_an_extension_that_leans_on_what_is_not_there(self):
        folder = self.copy_of("native-c")
        source = folder / "acme-notes/native.c"
        source.write_text(source.read_text(encoding="utf-8") + "void acme(void);\nvoid call(void) { acme(); }\n", encoding="utf-8")
        self.configure(folder, "-DCMAKE_C_FLAGS=")
        self.assertIn("undefined reference to `acme'", self.tool("cmake", "--build", folder / "build", code=1))


if __name__ == "__main__":
    support.need("cmake", "ninja", "pkg-config", "nm", "readelf")
    support.main()
