// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/json.h"
#include "cli/app.h"
#include "tests/support/fake_files.h"
#include "tests/support/fake_world.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The command line in this process, with doubles all around it.
namespace atlink::tests {

/// Keeps what is printed; can lose its reader.
class KeptOutput final : public cli::Output {
 public:
  [[nodiscard]] Status write(std::string_view bytes) override;

  std::string text;
  /// Told after each write.
  std::function<void(std::string_view bytes)> on_write;
  /// From the first write on nobody reads any more.
  bool closed = false;
};

/// A process that lies in /prefix/bin and works in /desk; signals come when a test says so.
class FakeSurroundings final : public cli::Surroundings {
 public:
  [[nodiscard]] Result<std::string> working_folder() override { return std::string("/desk"); }

  [[nodiscard]] Result<std::string> installed_plugins() override {
    return std::string("/prefix/share/atlink/plugins");
  }

  [[nodiscard]] Status until_signalled(const std::function<Status()>& work,
                                       const std::function<void()>& stop) override;

  /// Told when work begins that a signal would end.
  std::function<void(const std::function<void()>& stop)> on_work;
  /// What becomes of the work instead of its own outcome, for once.
  std::optional<Status> outcome;
};

/// Does what a test says instead of opening anything.
class HookedBrowser final : public Browser {
 public:
  Status open(const Url& url) override;

  /// Strict: a test that does not expect a browser leaves it empty.
  std::function<Status(const Url& url)> on_open;
};

/// One run of the program after another, over the same files.
class Program {
 public:
  /// HOME is /home/me, the product "acme" is installed, and so is "beta", which signs with HMAC.
  Program();

  /// Runs a command line; what it prints is kept in `out` and `err`.
  int run(const std::vector<std::string>& arguments);

  /// Runs it with `--output json` and reads what it prints.
  json::Value run_json(std::vector<std::string> arguments, int expected_code = 0);

  /// A profile "work" at https://acme.example/tools that signs with `test_private_key`.
  void make_profile();

  /// Plans the three answers of a sign-in as "alice" at `base`: tokens "rt" and "at".
  void expect_sign_in(const std::string& base = "https://acme.example/tools");

  /// Signs in with that profile by the two commands that need no browser.
  void sign_in();

  /// A description in the user's folder of plugins.
  void put_plugin(const std::string& id, std::string_view description);

  /// The product "shop", which extends "acme" and is recognised at GET /about.
  void put_shop();

  /// What standard input or another descriptor holds.
  void put_descriptor(int descriptor, std::string content);

  FakeWorld world;
  FakeFileSystem files;
  FakeSurroundings surroundings;
  HookedBrowser browser;
  std::string out;
  std::string err;
  /// Told what goes to standard output and standard error, while the command runs.
  std::function<void(std::string_view text)> on_output_text;
  std::function<void(std::string_view text)> on_error_text;
  /// The reader of standard output has gone away.
  bool out_closed = false;

 private:
  class Files;
  std::vector<std::pair<int, std::string>> descriptors_;
};

/// The description of the product "acme".
[[nodiscard]] std::string acme_description();

/// A private key made for the tests of this program, as PKCS#8 PEM.
[[nodiscard]] const std::string& test_private_key();

/// Whether `piece` stands somewhere in `text`.
[[nodiscard]] bool holds(std::string_view text, std::string_view piece);

/// The text of a string at a JSON pointer of one or more members; fails the test where there is
/// none.
[[nodiscard]] std::string text_at(const json::Value& value, std::string_view pointer);

}  // namespace atlink::tests
