// SPDX-License-Identifier: Apache-2.0
#include "atlink/json.h"
#include "atlink/profile.h"
#include "tests/support/disaster.h"
#include "tests/support/fake_files.h"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE_BEGIN("core/profile");

using namespace atlink;
using namespace atlink::tests;

namespace {

const std::string config = "/home/me/.config/atlink";

Profile small(const std::string& name) {
  Profile profile;
  profile.name = name;
  profile.product = "acme";
  profile.site = "https://site.example";
  return profile;
}

Profile full() {
  Profile profile = small("work");
  profile.deployment = Deployment::data_center;
  profile.site = "https://site.example:8443";
  profile.context_path = "/a/b";
  profile.consumer_key = "build \"key\" \xc3\xbc";
  profile.private_key = "/keys/private.pem";
  profile.ca_file = "/etc/ca.pem";
  profile.signature_method = oauth1::SignatureMethod::hmac_sha256;
  profile.transmission = oauth1::Transmission::form;
  profile.two_legged = true;
  profile.settings = {{"accounts", "https://id.example"}, {"team", "\xc3\xbc"}};
  return profile;
}

/// What `load` says of a file with this content: "", or code and message.
std::string judged(const std::string& content) {
  FakeFileSystem files;
  files.put(config + "/profiles/work.json", content);
  const auto loaded = ProfileStore(files, config).load("work");
  return loaded ? "" : std::string(name_of(loaded.error().code)) + ": " + loaded.error().message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("profiles: every field comes back as it was saved") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  REQUIRE(store.save(full()).has_value());
  const Profile loaded = store.load("work").value();
  const Profile wanted = full();
  CHECK(loaded.name == wanted.name);
  CHECK(loaded.product == wanted.product);
  CHECK(loaded.deployment == wanted.deployment);
  CHECK(loaded.site == wanted.site);
  CHECK(loaded.context_path == wanted.context_path);
  CHECK(loaded.consumer_key == wanted.consumer_key);
  CHECK(loaded.private_key == wanted.private_key);
  CHECK(loaded.ca_file == wanted.ca_file);
  CHECK(loaded.signature_method == wanted.signature_method);
  CHECK(loaded.transmission == wanted.transmission);
  CHECK(loaded.two_legged == wanted.two_legged);
  CHECK(loaded.settings == wanted.settings);
}

TEST_CASE("profiles: what is not set stays unset, also after it was set once") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  REQUIRE(store.save(full()).has_value());
  REQUIRE(store.save(small("work")).has_value());
  const Profile loaded = store.load("work").value();
  CHECK_FALSE(loaded.deployment.has_value());
  CHECK(loaded.context_path.empty());
  CHECK(loaded.consumer_key.empty());
  CHECK(loaded.private_key.empty());
  CHECK_FALSE(loaded.signature_method.has_value());
  CHECK_FALSE(loaded.transmission.has_value());
  CHECK_FALSE(loaded.two_legged);
  CHECK(loaded.settings.empty());
  CHECK_FALSE(contains(files.content(store.path_of("work")).value(), "settings"));
}

TEST_CASE("profiles: a change of what somebody else has changed meanwhile is not kept") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  CHECK(store.replace(std::nullopt, small("work")).value());
  CHECK_FALSE(store.replace(std::nullopt, full()).value());
  const Profile before = store.load("work").value();
  Profile theirs = before;
  theirs.consumer_key = "theirs";
  REQUIRE(store.save(theirs).has_value());
  Profile ours = before;
  ours.context_path = "/ours";
  CHECK_FALSE(store.replace(before, ours).value());
  CHECK(store.load("work").value() == theirs);
  ours = store.load("work").value();
  ours.context_path = "/ours";
  CHECK(store.replace(theirs, ours).value());
  CHECK(store.load("work").value() == ours);
  REQUIRE(store.remove("work").has_value());
  CHECK_FALSE(store.replace(ours, theirs).value());
  CHECK(store.list().value().empty());
}

TEST_CASE("profiles: replacing does not throw away a damaged file, and checks what is new") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  files.put(config + "/profiles/work.json", "{ half edited");
  CHECK(store.replace(std::nullopt, small("work")).error().code == ErrorCode::file_damaged);
  Profile bad = small("home");
  bad.private_key = "relative.pem";
  CHECK(store.replace(std::nullopt, bad).error().code == ErrorCode::profile_invalid);
  CHECK(store.list().value() == std::vector<std::string>{"work"});
}

TEST_CASE("profiles: members that a hand added survive a rewrite") {
  FakeFileSystem files;
  files.put(
      config + "/profiles/work.json",
      R"({"note": {"kept": [1, 2.5, null]}, "product": "acme", "site": "https://x.example"})");
  ProfileStore store(files, config);
  Profile profile = store.load("work").value();
  profile.consumer_key = "k";
  REQUIRE(store.save(profile).has_value());
  const std::string text = files.content(store.path_of("work")).value();
  const json::Value document = json::parse(text).value();
  CHECK(json::write(*document.find("note")) == R"({"kept":[1,2.5,null]})");
  CHECK(store.load("work").value().consumer_key == "k");
}

TEST_CASE("profiles: a hand's slips that have one meaning are understood") {
  FakeFileSystem files;
  files.put(config + "/profiles/work.json",
            R"({"product": "acme", "site": "https://X.example:443/", "context_path": "a/b/",
                "consumer_key": null, "signature_method": ""})");
  const Profile profile = ProfileStore(files, config).load("work").value();
  CHECK(profile.site == "https://x.example");
  CHECK(profile.context_path == "/a/b");
  CHECK(profile.consumer_key.empty());
  CHECK_FALSE(profile.signature_method.has_value());
}

TEST_CASE("profiles: a value that cannot be used is named with file and member") {
  const std::string file = config + "/profiles/work.json";
  CHECK(judged(R"({"product": 7, "site": "https://x.example"})") ==
        "profile.invalid: member \"product\" of " + file +
            " must be a string, and is of kind integer");
  CHECK(judged(R"({"site": "https://x.example"})") ==
        "profile.invalid: member \"product\" of " + file + " is missing");
  const auto with = [](const std::string& more) {
    return judged(R"({"product": "acme", "site": "https://x.example", )" + more + "}");
  };
  CHECK(with(R"("two_legged": false)").empty());
  CHECK(contains(with(R"("two_legged": "yes")"), "\"two_legged\""));
  CHECK(contains(with(R"("deployment": "moon")"), "\"deployment\""));
  CHECK(contains(with(R"("signature_method": "rsa")"), "\"signature_method\""));
  CHECK(contains(with(R"("transmission": "smoke")"), "\"transmission\""));
  CHECK(contains(with(R"("private_key": "keys/private.pem")"), "must be an absolute path"));
  CHECK(contains(with(R"("ca_file": "ca.pem")"), "must be an absolute path"));
  CHECK(contains(with(R"("context_path": "/a//b")"), "\"context_path\""));
  CHECK(contains(with(R"("format": 2)"), "this release reads up to 1"));
  CHECK(contains(judged(R"({"product": "a", "site": "https://x.example/acme"})"),
                 "the path belongs into \"context_path\""));
  CHECK(contains(judged(R"({"product": "a", "site": "x.example"})"), "\"site\""));
}

TEST_CASE("profiles: a file that is no JSON object is called damaged, with its path") {
  const std::string file = config + "/profiles/work.json";
  CHECK(contains(judged("{\"product\": "), "file.damaged: " + file));
  CHECK(contains(judged(""), "file.damaged: " + file));
  CHECK(contains(judged(R"({"product": "a", "product": "b", "site": "https://x.example"})"),
                 "file.damaged: " + file));
  CHECK(contains(judged("[]"), "must hold a JSON object"));
  CHECK(contains(judged("null"), "must hold a JSON object"));
}

TEST_CASE("profiles: saving does not throw away a damaged file") {
  FakeFileSystem files;
  files.put(config + "/profiles/work.json", "{ half edited");
  ProfileStore store(files, config);
  const Status saved = store.save(small("work"));
  REQUIRE_FALSE(saved.has_value());
  CHECK(saved.error().code == ErrorCode::file_damaged);
  CHECK(files.content(store.path_of("work")) == "{ half edited");
  CHECK(store.remove("work").has_value());
}

TEST_CASE("profiles: what could not be loaded is not saved") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  Profile profile = small("work");
  profile.private_key = "relative.pem";
  CHECK(store.save(profile).error().code == ErrorCode::profile_invalid);
  profile = small("../work");
  CHECK(store.save(profile).error().code == ErrorCode::usage);
  CHECK(store.list().value().empty());
}

TEST_CASE("profiles: the list holds profiles only, sorted") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  CHECK(store.list().value().empty());
  for (const char* name : {"b", "a.json", "A-1"}) {
    REQUIRE(store.save(small(name)).has_value());
  }
  files.put(config + "/profiles/.b.json.new", "{");
  files.put(config + "/profiles/.json", "{}");
  files.put(config + "/profiles/b.json~", "{}");
  files.put(config + "/profiles/notes.txt", "");
  CHECK(store.list().value() == std::vector<std::string>{"A-1", "a.json", "b"});
}

TEST_CASE("profiles: a missing one is told with those that there are") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  REQUIRE(store.save(small("home")).has_value());
  REQUIRE(store.save(small("work")).has_value());
  const auto loaded = store.load("wrok");
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == ErrorCode::profile_missing);
  CHECK(contains(loaded.error().next, "home, work"));
  CHECK(store.remove("wrok").error().code == ErrorCode::profile_missing);
  CHECK(store.set_default("wrok").error().code == ErrorCode::profile_missing);
  CHECK(store.load("../../etc/passwd").error().code == ErrorCode::usage);
}

TEST_CASE("profiles: the default is kept until its profile goes") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  CHECK(store.default_name().value() == std::nullopt);
  REQUIRE(store.save(small("home")).has_value());
  REQUIRE(store.save(small("work")).has_value());
  files.put(config + "/config.json", R"({"kept": true})");
  REQUIRE(store.set_default("work").has_value());
  CHECK(store.default_name().value() == "work");
  REQUIRE(store.remove("home").has_value());
  CHECK(store.default_name().value() == "work");
  REQUIRE(store.remove("work").has_value());
  CHECK(store.default_name().value() == std::nullopt);
  CHECK(contains(files.content(config + "/config.json").value(), "\"kept\": true"));
}

TEST_CASE("profiles: a default that is no name is refused with the file") {
  FakeFileSystem files;
  files.put(config + "/config.json", R"({"default_profile": "../x"})");
  const auto name = ProfileStore(files, config).default_name();
  REQUIRE_FALSE(name.has_value());
  CHECK(name.error().code == ErrorCode::profile_invalid);
  CHECK(contains(name.error().message, config + "/config.json"));
}

TEST_CASE("profiles: saving survives a failure, kill or power failure at any call") {
  const Undertaking changing{
      [](FakeFileSystem& files) {
        REQUIRE(ProfileStore(files, config).save(small("work")).has_value());
      },
      [](FakeFileSystem& files) { return ProfileStore(files, config).save(full()); },
      [](FakeFileSystem& files) -> std::string {
        const auto loaded = ProfileStore(files, config).load("work");
        if (!loaded) {
          return loaded.error().message;
        }
        return loaded->context_path.empty() ? "old" : "new";
      }};
  CHECK(fail_everywhere(changing) > 8);
  CHECK(kill_everywhere(changing) > 8);
}

TEST_CASE("profiles: choosing the default survives a failure, kill or power failure") {
  const Undertaking choosing{
      [](FakeFileSystem& files) {
        ProfileStore store(files, config);
        REQUIRE(store.save(small("home")).has_value());
        REQUIRE(store.save(small("work")).has_value());
        REQUIRE(store.set_default("home").has_value());
      },
      [](FakeFileSystem& files) { return ProfileStore(files, config).set_default("work"); },
      [](FakeFileSystem& files) -> std::string {
        const auto name = ProfileStore(files, config).default_name();
        if (!name) {
          return name.error().message;
        }
        return *name == "home" ? "old" : *name == "work" ? "new" : "none";
      }};
  CHECK(fail_everywhere(choosing) > 8);
  CHECK(kill_everywhere(choosing) > 8);
}

TEST_CASE("profiles: the store comes back, and the usual one is not written") {
  FakeFileSystem files;
  ProfileStore store(files, config);
  for (const StoreChoice& choice :
       {StoreChoice{StoreKind::sealed, "/keys/seal", {}},
        StoreChoice{StoreKind::sealed, {}, {}},
        StoreChoice{StoreKind::keyring, {}, {}},
        StoreChoice{StoreKind::environment, {}, {}},
        StoreChoice{StoreKind::command, {}, {"/usr/libexec/keep", "", "a b"}},
        StoreChoice{}}) {
    Profile profile = full();
    profile.store = choice;
    REQUIRE(store.save(profile).has_value());
    CHECK(store.load("work").value().store == choice);
  }
  CHECK_FALSE(contains(files.content(config + "/profiles/work.json").value(), "store"));
}

TEST_CASE("profiles: a store that is none is named") {
  const auto with = [](const std::string& inner) {
    return judged(R"({"format":1,"product":"acme","site":"https://site.example","store":)" + inner +
                  "}");
  };
  CHECK(with(R"({"kind":"file"})").empty());
  for (const char* inner : {R"("file")",
                            "{}",
                            R"({"kind":"vault"})",
                            R"({"kind":"sealed","key_file":"relative"})",
                            R"({"kind":"command"})",
                            R"({"kind":"command","command":[]})",
                            R"({"kind":"command","command":["relative"]})",
                            R"({"kind":"command","command":"/bin/x"})",
                            R"({"kind":"command","command":["/bin/x",7]})",
                            R"({"kind":"file","command":["/bin/x"]})"}) {
    CAPTURE(inner);
    CHECK(contains(with(inner), "profile.invalid"));
    CHECK(contains(with(inner), "store"));
  }
}

TEST_SUITE_END();
