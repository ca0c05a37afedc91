// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "atlink/platform.h"
#include "tests/support/fake_transport.h"
#include "tests/support/map_environment.h"

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Doubles of every part of the Platform but files. Those that are asked something are strict: what
/// a test did not plan fails it.
namespace atlink::tests {

/// Stands still until told; sleeping moves it on at once and is written down.
class FakeClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::system_clock::time_point now() override { return now_; }

  [[nodiscard]] std::chrono::steady_clock::time_point steady() override { return steady_; }

  Status sleep(std::chrono::milliseconds duration) override;

  /// Moves both clocks on.
  void pass(std::chrono::milliseconds time);

  /// Sets the wall clock only, in seconds since 1970.
  void set(std::int64_t seconds);

  /// Seconds since 1970.
  [[nodiscard]] std::int64_t seconds() const;

  /// Every pause, in order.
  std::vector<std::chrono::milliseconds> sleeps;
  /// Makes each sleep fail with `cancelled`, as if the person had pressed Ctrl-C.
  bool interrupted = false;

 private:
  // 2026-01-31T09:30:00Z
  std::chrono::system_clock::time_point now_{std::chrono::seconds(1769851800)};
  std::chrono::steady_clock::time_point steady_{std::chrono::hours(1)};
};

/// Bytes that count up, so that no two calls give the same.
class FakeRandom final : public RandomSource {
 public:
  Status fill(std::span<unsigned char> out) override;

  /// Makes each call fail with `internal`.
  bool broken = false;
  unsigned char next = 0;
};

/// Answers questions in the planned order; an unplanned question fails the test, and so does an
/// answer that nobody asked for.
class FakeTerminal final : public Terminal {
 public:
  FakeTerminal() = default;
  FakeTerminal(const FakeTerminal&) = delete;
  FakeTerminal& operator=(const FakeTerminal&) = delete;
  ~FakeTerminal() override;

  [[nodiscard]] bool can_ask() override { return present; }

  [[nodiscard]] Result<std::string> ask(const std::string& question) override;
  [[nodiscard]] Result<Secret> ask_secret(const std::string& question) override;

  bool present = true;
  std::deque<std::string> answers;
  std::vector<std::string> questions;
};

/// Writes down what it was to open.
class FakeBrowser final : public Browser {
 public:
  Status open(const Url& url) override;

  bool present = true;
  std::vector<std::string> opened;
};

/// Runs nothing: what becomes of a program is planned, and one that is not planned fails the test.
class FakeProcess final : public Process {
 public:
  [[nodiscard]] Result<ProcessEnd> run(const ProcessStart& start) override;
  [[nodiscard]] Result<std::string> own_program(const std::string& name) override;

  std::function<Result<ProcessEnd>(const ProcessStart& start)> on_run;
};

/// Loads nothing: gives the address that a test plans for an object, and fails the test without.
class FakeLoader final : public Loader {
 public:
  [[nodiscard]] Result<const void*> load(std::string_view object,
                                         const std::string& symbol) override;

  std::function<Result<const void*>(std::string_view object, const std::string& symbol)> on_load;
};

/// No file may be touched: every call fails the test.
class NoFiles final : public FileSystem {
 public:
  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) override;
  [[nodiscard]] Result<std::unique_ptr<File>> open_descriptor(int descriptor) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status unlink(const std::string& path) override;
  Status remove_folder(const std::string& folder) override;
  [[nodiscard]] Result<FileInfo> stat(const std::string& path, bool follow) override;
  [[nodiscard]] Result<std::string> read_link(const std::string& path) override;
  [[nodiscard]] unsigned user() override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override;
  Status make_folders(const std::string& folder, unsigned mode) override;
  Status flush_folder(const std::string& folder) override;
  [[nodiscard]] Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                   std::chrono::milliseconds patience) override;
};

/// All of them together.
struct FakeWorld {
  FakeClock clock;
  FakeRandom random;
  MapEnvironment environment;
  NoFiles no_files;
  FakeTerminal terminal;
  FakeBrowser browser;
  FakeTransport transport;
  FakeProcess process;
  FakeLoader loader;

  FakeWorld() { transport.clock = &clock; }

  /// With `files` in place of the file system that refuses everything.
  [[nodiscard]] Platform platform(FileSystem& files) {
    return {clock, random, environment, files, terminal, browser, transport, process, loader};
  }

  [[nodiscard]] Platform platform() { return platform(no_files); }
};

}  // namespace atlink::tests
