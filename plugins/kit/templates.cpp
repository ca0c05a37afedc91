// SPDX-License-Identifier: Apache-2.0
#include "plugins/kit/templates.h"

#include <array>

namespace atlink::plugins::kit {

namespace {

constexpr std::string_view extending_description = R"({
  "$schema": @schema@,
  "schema": 1,
  "id": "@id@",
  "version": "0.1",
  "name": @name_json@,
  "summary": @name_json@,
  "extends": "@base@",
  "x-note": "Say here only what differs from @base@; members that begin with x- are yours.",
  "context_path": { "default": "/@id@", "known": ["/@id@"] }
}
)";

constexpr std::string_view standalone_readme = R"(# @name@

A product plugin of atlink. `product.json` describes where things are and how answers look;
`testdata/sandbox.json` is what the sandbox answers.

The paths in it are made up. Put the product's own in their place, from top to bottom, and check after
each step:

```sh
./test.sh
```

| part of `product.json` | what to find out |
| --- | --- |
| `context_path` | under which path of a server the product usually lives |
| `detect` | an address that answers without credentials, and what only this product says there |
| `sign_in` | the three addresses of OAuth 1.0a, and how requests are signed |
| `identity` | the address that says who is signed in |
| `signals`, `errors` | how a login page, a rate limit and an error message look |
| `pagers`, `operations` | how long lists are read, and the calls that people need |
| `pages`, `link` | what an administrator has to fill in, screen by screen |

## What to register

Say here what an administrator has to set up, and what rights that takes.

## What is odd about it

Say here what does not behave as one would think, since which version, and where you have it from.
)";

constexpr std::string_view extending_readme = R"(# @name@

A product plugin of atlink that builds on `@base@`: `product.json` says only what differs.
`atlink plugin show @id@ --output json` shows what that comes to and where each value is from.

```sh
./test.sh
```

The sandbox gives the answers of `@base@`. For others write a `testdata/sandbox.json`, which then
stands in place of all of them.

## What to register

Say here what an administrator has to set up, and what rights that takes.

## What is odd about it

Say here what does not behave as one would think, since which version, and where you have it from.
)";

constexpr std::string_view data_test = R"sh(#!/bin/sh
# Checks this plugin; options of "atlink plugin check" may follow. ATLINK is the program.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "${ATLINK:-atlink}" plugin check "$here" "$@"
)sh";

constexpr std::string_view native_test = R"sh(#!/bin/sh
# Builds and checks this plugin; options of "atlink plugin check" may follow. ATLINK is the program,
# and CMAKE_PREFIX_PATH says where atlink is installed, if cmake does not find it by itself.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cmake -S "$here" -B "$here/build" >&2
cmake --build "$here/build" >&2
exec "${ATLINK:-atlink}" plugin check "$here/build/plugins/@id@" "$@"
)sh";

constexpr std::string_view data_ci =
    R"(# Runs wherever atlink is installed. The project has to be named @id@, like the plugin.
check:
  script:
    - ./test.sh --junit check.xml
  artifacts:
    when: always
    reports:
      junit: check.xml
)";

constexpr std::string_view native_ci =
    R"(# Runs wherever atlink, cmake and a C compiler are installed.
check:
  script:
    - ./test.sh --junit check.xml
  artifacts:
    when: always
    reports:
      junit: check.xml
)";

constexpr std::string_view native_build = R"(cmake_minimum_required(VERSION 3.25)
project(@id@ LANGUAGES C)

find_package(atlink 0.1 REQUIRED COMPONENTS plugin)

# build/plugins/@id@ is the whole plugin; "cmake --install build --prefix ~/.local" installs it.
atlink_add_product(@id@ FOLDER . NATIVE native.c)
)";

constexpr std::string_view native_source =
    R"(/* What product.json cannot say. This extension offers atlink.convert/1 and turns plain text into
 * one HTML paragraph; put in its place what the product needs. */
#include <string.h>

#include <atlink/plugin/ext/convert.h>

static bool put(const atlink_sink_t* sink, const char* data, size_t size) {
  const atlink_text_t piece = {data, size};
  return size == 0 || sink->write(sink, piece);
}

static bool put_text(const atlink_sink_t* sink, const char* text) {
  return put(sink, text, strlen(text));
}

/* What stands for a character that HTML uses itself; NULL for every other. */
static const char* entity(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return NULL;
  }
}

static bool put_escaped(const atlink_sink_t* sink, atlink_text_t text) {
  size_t begin = 0;
  for (size_t at = 0; at < text.size; ++at) {
    const char* name = entity(text.data[at]);
    if (name != NULL) {
      if (!put(sink, text.data + begin, at - begin) || !put_text(sink, name)) {
        return false;
      }
      begin = at + 1;
    }
  }
  return put(sink, text.data + begin, text.size - begin);
}

static atlink_status_t convert(const char* from,
                               const char* to,
                               atlink_text_t input,
                               const atlink_sink_t* output,
                               const atlink_sink_t* message) {
  if (strcmp(from, "text") != 0 || strcmp(to, "html") != 0) {
    return ATLINK_ERROR_UNSUPPORTED;
  }
  if (input.size > 0 && memchr(input.data, '\0', input.size) != NULL) {
    put_text(message, "the text holds a NUL");
    return ATLINK_ERROR_INPUT;
  }
  const bool done = put_text(output, "<p>") && put_escaped(output, input) && put_text(output, "</p>\n");
  return done ? ATLINK_OK : ATLINK_ERROR_STOPPED;
}

static const atlink_conversion_1_t conversions[] = {{"text", "html"}};
static const atlink_convert_1_t converter = {conversions, 1, convert};

static const void* get_extension(const char* id) {
  return strcmp(id, ATLINK_EXT_CONVERT_1) == 0 ? &converter : NULL;
}

const atlink_plugin_entry_t atlink_plugin_entry = {
    ATLINK_PLUGIN_ABI_MAJOR, ATLINK_PLUGIN_ABI_MINOR, "@id@", "0.1", get_extension};
)";

constexpr std::string_view native_ignored = R"(/build/
)";

constexpr unsigned executable = 0755;

constexpr unsigned readable = 0644;

}  // namespace

std::span<const Template> templates() {
  static const std::array all{
      Template{"product.json", standalone_description, For::standalone, readable},
      Template{"product.json", extending_description, For::extending, readable},
      Template{"README.md", standalone_readme, For::standalone, readable},
      Template{"README.md", extending_readme, For::extending, readable},
      Template{"testdata/sandbox.json", standalone_answers, For::standalone, readable},
      Template{"test.sh", data_test, For::data, executable},
      Template{"test.sh", native_test, For::native, executable},
      Template{".gitlab-ci.yml", data_ci, For::data, readable},
      Template{".gitlab-ci.yml", native_ci, For::native, readable},
      Template{"CMakeLists.txt", native_build, For::native, readable},
      Template{"native.c", native_source, For::native, readable},
      Template{".gitignore", native_ignored, For::native, readable},
  };
  return all;
}

}  // namespace atlink::plugins::kit
