// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_world.h"

#include <doctest/doctest.h>

namespace atlink::tests {

namespace {

tl::unexpected<Error> unplanned(const std::string& what) {
  ADD_FAIL_CHECK_AT(__FILE__, __LINE__, "unplanned: " << what);
  return fail(ErrorCode::internal, "not planned: " + what);
}

}  // namespace

Status FakeClock::sleep(std::chrono::milliseconds duration) {
  sleeps.push_back(duration);
  if (interrupted) {
    return fail(ErrorCode::cancelled, "interrupted");
  }
  pass(duration);
  return {};
}

void FakeClock::pass(std::chrono::milliseconds time) {
  now_ += time;
  steady_ += time;
}

void FakeClock::set(std::int64_t seconds) {
  now_ = std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

std::int64_t FakeClock::seconds() const {
  return std::chrono::duration_cast<std::chrono::seconds>(now_.time_since_epoch()).count();
}

Status FakeRandom::fill(std::span<unsigned char> out) {
  if (broken) {
    return fail(ErrorCode::internal, "no random bytes");
  }
  for (unsigned char& byte : out) {
    byte = next++;
  }
  return {};
}

FakeTerminal::~FakeTerminal() {
  for (const std::string& answer : answers) {
    ADD_FAIL_CHECK_AT(__FILE__, __LINE__, "nobody asked for: " << answer);
  }
}

Result<std::string> FakeTerminal::ask(const std::string& question) {
  if (!present) {
    return fail(ErrorCode::no_terminal, "there is no terminal");
  }
  questions.push_back(question);
  if (answers.empty()) {
    return unplanned("question: " + question);
  }
  std::string answer = std::move(answers.front());
  answers.pop_front();
  return answer;
}

Result<Secret> FakeTerminal::ask_secret(const std::string& question) {
  ATLINK_ASSIGN(const std::string answer, ask(question));
  return Secret(answer);
}

Status FakeBrowser::open(const Url& url) {
  opened.push_back(url.str());
  if (!present) {
    return fail(ErrorCode::internal, "there is no browser");
  }
  return {};
}

Result<ProcessEnd> FakeProcess::run(const ProcessStart& start) {
  return on_run ? on_run(start) : unplanned("running " + start.program);
}

Result<std::string> FakeProcess::own_program(const std::string& name) {
  return "/prefix/lib/atlink/modules/" + name;
}

Result<const void*> FakeLoader::load(std::string_view object, const std::string& symbol) {
  return on_load ? on_load(object, symbol) : unplanned("loading " + symbol);
}

Result<std::unique_ptr<File>> NoFiles::open(const std::string& path, OpenMode, unsigned) {
  return unplanned("opening " + path);
}

Result<std::unique_ptr<File>> NoFiles::open_descriptor(int descriptor) {
  return unplanned("descriptor " + std::to_string(descriptor));
}

Status NoFiles::rename(const std::string& from, const std::string&) {
  return unplanned("renaming " + from);
}

Status NoFiles::unlink(const std::string& path) {
  return unplanned("removing " + path);
}

Status NoFiles::remove_folder(const std::string& folder) {
  return unplanned("removing " + folder);
}

Result<FileInfo> NoFiles::stat(const std::string& path, bool) {
  return unplanned("looking at " + path);
}

Result<std::string> NoFiles::read_link(const std::string& path) {
  return unplanned("reading link " + path);
}

unsigned NoFiles::user() {
  ADD_FAIL_CHECK_AT(__FILE__, __LINE__, "unplanned: asking for the user");
  return 0;
}

Result<std::vector<std::string>> NoFiles::list(const std::string& folder) {
  return unplanned("listing " + folder);
}

Status NoFiles::make_folders(const std::string& folder, unsigned) {
  return unplanned("making " + folder);
}

Status NoFiles::flush_folder(const std::string& folder) {
  return unplanned("flushing " + folder);
}

Result<std::unique_ptr<FileSystem::Lock>> NoFiles::lock(const std::string& path,
                                                        std::chrono::milliseconds) {
  return unplanned("locking " + path);
}

}  // namespace atlink::tests
