// SPDX-License-Identifier: Apache-2.0
#include "core/keyring/secret_service.h"

#include "atlink/text.h"
#include "core/keyring/in_time.h"

#include <fmt/format.h>

#include <utility>

#include <libsecret/secret.h>

namespace atlink::keyring {

namespace {

using std::chrono::seconds;

constexpr seconds usual_patience{10};
/// A person reads, remembers and types.
constexpr seconds prompt_patience{120};

const char* const unlock_first =
    "unlock it (sign in to the desktop, or: gnome-keyring-daemon --unlock) and run the command "
    "again, at a terminal if it should be asked for";
const char* const other_store =
    "run the command in a desktop session (or under dbus-run-session), or choose another store: "
    "atlink profile set NAME --store sealed";

const SecretSchema* schema() {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): how libsecret wants it
  static const SecretSchema record = [] {
    SecretSchema made{};
    made.name = "atlink.Record";
    made.flags = SECRET_SCHEMA_NONE;
    made.attributes[0] = {"profile", SECRET_SCHEMA_ATTRIBUTE_STRING};
    made.attributes[1] = {"record", SECRET_SCHEMA_ATTRIBUTE_STRING};
    return made;
  }();
  return &record;
}

struct FreeTable {
  void operator()(GHashTable* table) const { g_hash_table_unref(table); }
};

using Attributes = std::unique_ptr<GHashTable, FreeTable>;

Attributes attributes_of(const Keyring::Entry& entry) {
  Attributes table(g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free));
  g_hash_table_insert(table.get(), g_strdup("profile"), g_strdup(entry.profile.c_str()));
  g_hash_table_insert(table.get(), g_strdup("record"), g_strdup(entry.record.c_str()));
  return table;
}

/// A list of objects, each with a reference.
class Objects {
 public:
  explicit Objects(GList* list) : list_(list) {}

  Objects(const Objects&) = delete;
  Objects& operator=(const Objects&) = delete;

  ~Objects() { g_list_free_full(list_, g_object_unref); }

  [[nodiscard]] GList* get() const { return list_; }

 private:
  GList* list_;
};

/// An error of GLib as it comes.
class Problem {
 public:
  Problem() = default;
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  ~Problem() { g_clear_error(&error_); }

  [[nodiscard]] GError** out() { return &error_; }

  [[nodiscard]] explicit operator bool() const { return error_ != nullptr; }

  [[nodiscard]] tl::unexpected<Error> as(ErrorCode code, std::string_view what, const char* next) {
    const std::string words = error_ != nullptr && error_->message != nullptr
                                  ? printable(error_->message, 300)
                                  : std::string("no reason given");
    return fail(code, fmt::format("{}: {}", what, words), next);
  }

 private:
  GError* error_ = nullptr;
};

tl::unexpected<Error> locked() {
  return fail(ErrorCode::store_locked, "the keyring is locked", unlock_first);
}

/// Whether there is a session bus, without having one started.
Status check_bus() {
  const gchar* address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
  const gchar* folder = g_getenv("XDG_RUNTIME_DIR");
  const bool named = address != nullptr && *address != '\0';
  const std::string socket = folder != nullptr ? std::string(folder) + "/bus" : std::string();
  if (named || (!socket.empty() && g_file_test(socket.c_str(), G_FILE_TEST_EXISTS) != FALSE)) {
    return {};
  }
  return fail(ErrorCode::store_unavailable,
              "there is no session bus (D-Bus) here, and so no keyring",
              other_store);
}

Result<Object<SecretService>> connect(GCancellable* cancellable) {
  ATLINK_CHECK(check_bus());
  Problem problem;
  const Object<GDBusConnection> bus(g_bus_get_sync(G_BUS_TYPE_SESSION, cancellable, problem.out()));
  if (bus == nullptr) {
    return problem.as(
        ErrorCode::store_unavailable, "the session bus (D-Bus) cannot be reached", other_store);
  }
  // A bus that goes away must not end the program.
  g_dbus_connection_set_exit_on_close(bus.get(), FALSE);
  Object<SecretService> service(
      secret_service_get_sync(SECRET_SERVICE_OPEN_SESSION, cancellable, problem.out()));
  if (service == nullptr) {
    return problem.as(
        ErrorCode::store_unavailable, "no keyring answers on the session bus", other_store);
  }
  return service;
}

Result<Object<SecretCollection>> default_collection(SecretService* service,
                                                    GCancellable* cancellable) {
  Problem problem;
  Object<SecretCollection> collection(secret_collection_for_alias_sync(
      service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, cancellable, problem.out()));
  if (problem) {
    return problem.as(ErrorCode::store_failed, "the keyring does not open", other_store);
  }
  if (collection == nullptr) {
    return fail(ErrorCode::store_unavailable,
                "the keyring has no default collection to keep anything in",
                "make one with the desktop's keyring program, or by unlocking it once");
  }
  return collection;
}

/// What a search gave.
struct Matches {
  explicit Matches(GList* list) : items(list) {}

  Objects items;

  [[nodiscard]] bool any_locked() const {
    for (const GList* each = items.get(); each != nullptr; each = each->next) {
      if (secret_item_get_locked(static_cast<SecretItem*>(each->data)) != FALSE) {
        return true;
      }
    }
    return false;
  }
};

Result<std::unique_ptr<Matches>> search(SecretService* service,
                                        const Keyring::Entry& entry,
                                        GCancellable* cancellable) {
  Problem problem;
  GList* list = secret_service_search_sync(
      service, schema(), attributes_of(entry).get(), SECRET_SEARCH_ALL, cancellable, problem.out());
  auto matches = std::make_unique<Matches>(list);
  if (problem) {
    return problem.as(ErrorCode::store_failed, "the keyring cannot be searched", other_store);
  }
  return matches;
}

Result<Secret> secret_of(SecretItem* item, GCancellable* cancellable) {
  Problem problem;
  if (secret_item_load_secret_sync(item, cancellable, problem.out()) == FALSE) {
    return problem.as(ErrorCode::store_failed, "the keyring gives no secret", other_store);
  }
  SecretValue* value = secret_item_get_secret(item);
  if (value == nullptr) {
    return locked();
  }
  gsize size = 0;
  const gchar* bytes = secret_value_get(value, &size);
  Secret secret{std::string_view(bytes, size)};
  secret_value_unref(value);
  return secret;
}

/// Whether the default collection is locked; an entry of a locked one may not even be seen.
Status check_unlocked(SecretService* service, GCancellable* cancellable) {
  ATLINK_ASSIGN(const auto collection, default_collection(service, cancellable));
  return secret_collection_get_locked(collection.get()) != FALSE ? Status(locked()) : Status();
}

/// Has the service ask the person.
Status unlock(GCancellable* cancellable) {
  ATLINK_ASSIGN(const auto service, connect(cancellable));
  ATLINK_ASSIGN(const auto collection, default_collection(service.get(), cancellable));
  GList one{collection.get(), nullptr, nullptr};
  GList* unlocked = nullptr;
  Problem problem;
  secret_service_unlock_sync(service.get(), &one, cancellable, &unlocked, problem.out());
  const Objects given(unlocked);
  if (problem || unlocked == nullptr) {
    return locked();
  }
  return {};
}

class SecretServiceKeyring final : public Keyring {
 public:
  SecretServiceKeyring(bool may_prompt, int interruption)
      : may_prompt_(may_prompt), interruption_(interruption) {}

  [[nodiscard]] Result<std::optional<Secret>> get(const Entry& entry) override {
    const auto found = std::make_shared<std::optional<Secret>>();
    ATLINK_CHECK(unlocked([entry, found](GCancellable* cancellable) -> Status {
      ATLINK_ASSIGN(const auto service, connect(cancellable));
      ATLINK_ASSIGN(const auto matches, search(service.get(), entry, cancellable));
      if (matches->any_locked()) {
        return locked();
      }
      if (matches->items.get() == nullptr) {
        return check_unlocked(service.get(), cancellable);
      }
      auto* item = static_cast<SecretItem*>(matches->items.get()->data);
      ATLINK_ASSIGN(*found, secret_of(item, cancellable));
      return {};
    }));
    return std::move(*found);
  }

  Status put(const Entry& entry, const Secret& text) override {
    const auto kept = std::make_shared<Secret>(text.clone());
    return unlocked([entry, kept](GCancellable* cancellable) -> Status {
      ATLINK_ASSIGN(const auto service, connect(cancellable));
      ATLINK_ASSIGN(const auto collection, default_collection(service.get(), cancellable));
      if (secret_collection_get_locked(collection.get()) != FALSE) {
        return locked();
      }
      const std::string label = fmt::format("atlink: {} of {}", entry.record, entry.profile);
      const std::string_view bytes = kept->expose();
      SecretValue* value =
          secret_value_new(bytes.data(), static_cast<gssize>(bytes.size()), "application/json");
      Problem problem;
      const Object<SecretItem> item(secret_item_create_sync(collection.get(),
                                                            schema(),
                                                            attributes_of(entry).get(),
                                                            label.c_str(),
                                                            value,
                                                            SECRET_ITEM_CREATE_REPLACE,
                                                            cancellable,
                                                            problem.out()));
      secret_value_unref(value);
      if (problem || item == nullptr) {
        return problem.as(ErrorCode::store_failed, "the keyring keeps nothing", other_store);
      }
      return {};
    });
  }

  Status erase(const Entry& entry) override {
    return unlocked([entry](GCancellable* cancellable) -> Status {
      ATLINK_ASSIGN(const auto service, connect(cancellable));
      ATLINK_ASSIGN(const auto matches, search(service.get(), entry, cancellable));
      if (matches->any_locked()) {
        return locked();
      }
      for (const GList* each = matches->items.get(); each != nullptr; each = each->next) {
        Problem problem;
        secret_item_delete_sync(static_cast<SecretItem*>(each->data), cancellable, problem.out());
        if (problem) {
          return problem.as(ErrorCode::store_failed, "the keyring erases nothing", other_store);
        }
      }
      return {};
    });
  }

  Status check() override {
    return unlocked([](GCancellable* cancellable) -> Status {
      ATLINK_ASSIGN(const auto service, connect(cancellable));
      return check_unlocked(service.get(), cancellable);
    });
  }

 private:
  /// Does the work; where the keyring is locked and somebody is there, once more after it asked.
  [[nodiscard]] Status unlocked(const Work& work) const {
    Status done = in_time(work, usual_patience, interruption_);
    if (done || done.error().code != ErrorCode::store_locked || !may_prompt_) {
      return done;
    }
    ATLINK_CHECK(in_time(unlock, prompt_patience, interruption_));
    return in_time(work, usual_patience, interruption_);
  }

  bool may_prompt_;
  int interruption_;
};

}  // namespace

Result<std::unique_ptr<Keyring>> make_secret_service(bool may_prompt, int interruption) {
  return std::make_unique<SecretServiceKeyring>(may_prompt, interruption);
}

}  // namespace atlink::keyring
