// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/program.h"

#include "atlink/credential.h"
#include "atlink/rsa_key.h"
#include "atlink/text.h"
#include "cli/run.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <utility>

namespace atlink::tests {

namespace {

constexpr std::string_view acme = R"({
  "schema": 1,
  "id": "acme",
  "version": "1.0",
  "name": "Acme",
  "summary": "A product that nobody has",
  "preferred_deployment": "data-center",
  "context_path": { "default": "", "known": ["/tools"] },
  "settings": {
    "accounts": { "summary": "where people sign in", "origin": "" },
    "team": { "summary": "whose link it is", "text": "everybody" }
  },
  "sign_in": {
    "oauth1": {
      "request_token": { "path": "/oauth/request" },
      "authorize": { "path": "/oauth/authorize" },
      "access_token": { "path": "/oauth/access" },
      "signature_methods": ["RSA-SHA1"],
      "transmissions": ["header", "query"],
      "two_legged": true,
      "denied_verifier": "denied",
      "callback_confirmed": true,
      "lifetimes": { "request_token": 600, "access_token": 864000, "session": 1728000 }
    }
  },
  "identity": {
    "endpoint": { "path": "/rest/me" },
    "json": ["/name"],
    "anonymous": ["anonymous"]
  },
  "errors": { "messages": ["/messages/*"] },
  "pages": {
    "links": { "path": "/admin/links" },
    "revoke": { "path": "/me/tokens" }
  },
  "link": {
    "guides": {
      "old": {
        "title": "The page has one box",
        "versions": { "before": "5.0" },
        "who": "an administrator",
        "screens": ["address", "consumer"]
      },
      "new": {
        "title": "The page has a button",
        "versions": { "from": "5.0" },
        "who": "an administrator",
        "screens": ["consumer"]
      }
    },
    "screens": {
      "address": {
        "title": "Address",
        "instruction": "Paste the URL.",
        "fields": [
          { "label": "URL", "action": "paste", "value": "{application_url}" }
        ],
        "ignore": ["a warning that nothing answers"]
      },
      "consumer": {
        "title": "Consumer",
        "instruction": "Fill in for {setting.team}.",
        "fields": [
          { "label": "Key", "action": "paste", "value": "{consumer_key}" },
          { "label": "Public key", "action": "paste", "value": "{public_key_body}" },
          { "label": "Callback", "action": "empty", "note": "sign-ins send {callback}" }
        ]
      }
    }
  },
  "deployments": {
    "data-center": {},
    "cloud": { "hosts": ["*.acme.cloud"], "context_path": { "default": "/c", "known": ["/c"] } }
  }
})";

constexpr std::string_view beta = R"({
  "schema": 1,
  "id": "beta",
  "version": "1.0",
  "name": "Beta",
  "summary": "Another, which signs with shared secrets",
  "extends": "acme",
  "sign_in": { "oauth1": { "signature_methods": ["HMAC-SHA1"] } }
})";

class DescriptorFile final : public File {
 public:
  explicit DescriptorFile(std::string content) : content_(std::move(content)) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t count = std::min(buffer.size(), content_.size() - at_);
    content_.copy(buffer.data(), count, at_);
    at_ += count;
    return count;
  }

  Status write(std::string_view /*bytes*/) override {
    return fail(ErrorCode::file_io, "this descriptor is for reading");
  }

  Status flush() override { return {}; }

  [[nodiscard]] bool rewind() override { return false; }

  [[nodiscard]] std::optional<std::uint64_t> length() override { return std::nullopt; }

  Status close() override { return {}; }

 private:
  std::string content_;
  std::size_t at_ = 0;
};

}  // namespace

// The files of the test with descriptors, which FakeFileSystem has none of.
class Program::Files final : public FileSystem {
 public:
  explicit Files(Program& program) : program_(program), files_(program.files) {}

  [[nodiscard]] Result<std::unique_ptr<File>> open(const std::string& path,
                                                   OpenMode how,
                                                   unsigned mode) override {
    return files_.open(path.substr(0, 1) == "/" ? path : "/desk/" + path, how, mode);
  }

  [[nodiscard]] Result<std::unique_ptr<File>> open_descriptor(int descriptor) override {
    for (const auto& [number, content] : program_.descriptors_) {
      if (number == descriptor) {
        return std::unique_ptr<File>(std::make_unique<DescriptorFile>(content));
      }
    }
    FAIL_CHECK("descriptor was not planned: " << descriptor);
    return fail(ErrorCode::file_unreadable, "no such descriptor");
  }

  Status rename(const std::string& from, const std::string& to) override {
    return files_.rename(from, to);
  }

  Status unlink(const std::string& path) override { return files_.unlink(path); }

  Status remove_folder(const std::string& folder) override { return files_.remove_folder(folder); }

  [[nodiscard]] Result<FileInfo> stat(const std::string& path, bool follow) override {
    return files_.stat(path.substr(0, 1) == "/" ? path : "/desk/" + path, follow);
  }

  [[nodiscard]] Result<std::string> read_link(const std::string& path) override {
    return files_.read_link(path);
  }

  [[nodiscard]] unsigned user() override { return files_.user(); }

  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) override {
    return files_.list(folder);
  }

  Status make_folders(const std::string& folder, unsigned mode) override {
    return files_.make_folders(folder, mode);
  }

  Status flush_folder(const std::string& folder) override { return files_.flush_folder(folder); }

  [[nodiscard]] Result<std::unique_ptr<Lock>> lock(const std::string& path,
                                                   std::chrono::milliseconds patience) override {
    return files_.lock(path, patience);
  }

 private:
  Program& program_;
  FakeFileSystem& files_;
};

Status KeptOutput::write(std::string_view bytes) {
  if (closed) {
    return fail(ErrorCode::output_closed, "nobody reads");
  }
  text += bytes;
  if (on_write) {
    on_write(bytes);
  }
  return {};
}

Status FakeSurroundings::until_signalled(const std::function<Status()>& work,
                                         const std::function<void()>& stop) {
  if (on_work) {
    on_work(stop);
  }
  Status own = work();
  return outcome ? *std::exchange(outcome, std::nullopt) : std::move(own);
}

Status HookedBrowser::open(const Url& url) {
  if (on_open) {
    return on_open(url);
  }
  FAIL_CHECK("no browser was expected to open " << url.str());
  return {};
}

Program::Program() {
  world.environment.variables["HOME"] = "/home/me";
  files.put("/prefix/share/atlink/plugins/acme/product.json", acme, 0644);
  files.put("/prefix/share/atlink/plugins/beta/product.json", beta, 0644);
  for (const char* folder : {"/prefix",
                             "/prefix/share",
                             "/prefix/share/atlink",
                             "/prefix/share/atlink/plugins",
                             "/prefix/share/atlink/plugins/acme",
                             "/prefix/share/atlink/plugins/beta"}) {
    files.set_mode(folder, 0755);
  }
}

int Program::run(const std::vector<std::string>& arguments) {
  Files all(*this);
  KeptOutput out_stream;
  KeptOutput err_stream;
  out_stream.closed = out_closed;
  out_stream.on_write = on_output_text;
  err_stream.on_write = on_error_text;
  const Platform platform{world.clock,
                          world.random,
                          world.environment,
                          all,
                          world.terminal,
                          browser,
                          world.transport,
                          world.process,
                          world.loader};
  cli::App app{platform, out_stream, err_stream, surroundings};
  const int code = cli::run(arguments, app);
  out = std::move(out_stream.text);
  err = std::move(err_stream.text);
  return code;
}

json::Value Program::run_json(std::vector<std::string> arguments, int expected_code) {
  arguments.insert(arguments.begin(), {"--output", "json"});
  const int code = run(arguments);
  CHECK_MESSAGE(code == expected_code, err);
  auto value = json::parse(expected_code == 0 ? out : err);
  REQUIRE_MESSAGE(value.has_value(), "no JSON: " << out << err);
  return *value;
}

void Program::make_profile() {
  files.put("/keys/private.pem", test_private_key());
  REQUIRE_MESSAGE(run({"profile",
                       "set",
                       "work",
                       "--product",
                       "acme",
                       "--url",
                       "https://acme.example/tools",
                       "--consumer-key",
                       "build",
                       "--private-key",
                       "/keys/private.pem"}) == 0,
                  err);
}

void Program::expect_sign_in(const std::string& base) {
  world.transport.expect("POST", base + "/oauth/request")
      .answers(200, {}, "oauth_token=rt&oauth_token_secret=rs&oauth_callback_confirmed=true");
  world.transport.expect("POST", base + "/oauth/access")
      .answers(200,
               {},
               "oauth_token=at&oauth_token_secret=as&oauth_expires_in=864000&"
               "oauth_session_handle=sh&oauth_authorization_expires_in=1728000");
  world.transport.expect("GET", base + "/rest/me").answers(200, {}, R"({"name":"alice"})");
}

void Program::sign_in() {
  expect_sign_in();
  REQUIRE_MESSAGE(run({"login", "--begin"}) == 0, err);
  REQUIRE_MESSAGE(run({"login", "--verifier", "v"}) == 0, err);
}

void Program::put_plugin(const std::string& id, std::string_view description) {
  const std::string folder = "/home/me/.local/share/atlink/plugins/" + id;
  for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    files.put_folder(folder.substr(0, slash), 0755);
    if (slash == std::string::npos) {
      break;
    }
  }
  files.put(folder + "/product.json", description, 0644);
}

void Program::put_shop() {
  put_plugin("shop", R"({
    "schema": 1, "id": "shop", "version": "1", "name": "Shop", "extends": "acme",
    "context_path": { "known": ["/shop"] },
    "detect": { "probes": { "about": {
      "endpoint": { "path": "/about" }, "json": { "/product": ["shop"] },
      "tells": { "version": "/version", "base_url": "/url" } } } },
    "sign_in": { "token": { "note": "made in the profile" }, "basic": { "off_from": "5.0" } }
  })");
}

void Program::put_descriptor(int descriptor, std::string content) {
  descriptors_.emplace_back(descriptor, std::move(content));
}

std::string acme_description() {
  return std::string(acme);
}

const std::string& test_private_key() {
  static const std::string pem = [] {
    const auto key = RsaPrivateKey::generate(2048);
    REQUIRE(key.has_value());
    const auto text = key->pem();
    REQUIRE(text.has_value());
    return std::string(text->expose());
  }();
  return pem;
}

bool holds(std::string_view text, std::string_view piece) {
  return text.find(piece) != std::string_view::npos;
}

std::string text_at(const json::Value& value, std::string_view pointer) {
  const json::Value* found = &value;
  while (!pointer.empty() && found != nullptr) {
    pointer.remove_prefix(1);
    const std::string_view name = pointer.substr(0, pointer.find('/'));
    found = found->find(name);
    pointer.remove_prefix(name.size());
  }
  REQUIRE_MESSAGE(found != nullptr, "there is no such member in " << json::write(value));
  const std::string* const text = found->as_string();
  REQUIRE_MESSAGE(text != nullptr, "no string: " << json::write(*found));
  return *text;
}

}  // namespace atlink::tests
