// SPDX-License-Identifier: Apache-2.0
#include "plugins/sandbox/files.h"

#include "atlink/secret.h"
#include "atlink/text.h"
#include "atlink/url.h"
#include "plugins/sandbox/multipart.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace atlink::plugins::sandbox {

namespace {

constexpr std::size_t most_bytes = std::size_t{64} << 20;
constexpr std::size_t most_files = 10000;

/// The same port of this machine under another name, which makes it another origin.
std::string other_origin(std::string_view origin) {
  const std::size_t host = origin.find("://") + 3;
  const bool bracketed = origin.substr(host, 1) == "[";
  const std::size_t colon = origin.find(':', bracketed ? origin.find(']', host) : host);
  const std::string_view name = origin.substr(host, std::min(colon, origin.size()) - host);
  return fmt::format("{}{}{}",
                     origin.substr(0, host),
                     name == "localhost" ? "127.0.0.1" : "localhost",
                     origin.substr(std::min(colon, origin.size())));
}

ServerResponse bytes_of(const StoredFile& file) {
  ServerResponse response = text_answer(200, "");
  response.headers.set("Content-Type", file.type);
  response.headers.set("Content-Disposition",
                       fmt::format("attachment; filename*=UTF-8''{}", percent_encode(file.name)));
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  response.body = file.bytes;
  return response;
}

/// The part of a pattern that leads to one item, and what follows it inside the item.
std::pair<std::string_view, std::string_view> split_pattern(std::string_view pattern) {
  const std::size_t star = pattern.rfind("/*");
  return star == std::string_view::npos
             ? std::pair(std::string_view(), pattern)
             : std::pair(pattern.substr(0, star + 2), pattern.substr(star + 2));
}

json::Value describe(const StoredFile& file) {
  return json::Object{{"id", file.id},
                      {"name", file.name},
                      {"type", file.type},
                      {"size", static_cast<std::int64_t>(file.bytes.size())}};
}

std::string content_url(const Visit& visit, const DownloadRule& rule, const StoredFile& file) {
  return fmt::format("{}{}/{}/{}",
                     visit.base_url,
                     rule.leads_away ? moved_path : files_path,
                     percent_encode(file.id),
                     percent_encode(file.name));
}

std::string_view credential_of(const Visit& visit) {
  for (const char* header : {"Authorization", "Cookie"}) {
    if (visit.request.headers.find(header)) {
      return header;
    }
  }
  const FormFields query = parse_form(visit.query);
  const bool by_query = std::any_of(query.begin(), query.end(), [](const auto& field) {
    return field.first.rfind("oauth_", 0) == 0;
  });
  return by_query ? "OAuth parameters" : "";
}

}  // namespace

Files::Files(const Product& product, FilesData data, std::string_view version, std::string ticket)
    : product_(product), data_(std::move(data)), ticket_(std::move(ticket)) {
  for (const Operation& operation : product.operations) {
    if (operation.holds(version) && (operation.upload || operation.download)) {
      (operation.upload ? uploads_ : downloads_)
          .push_back({operation, PathPattern(operation.path)});
    }
  }
  for (StoredFile& file : data_.initial) {
    bytes_ += file.bytes.size();
    std::string id = file.id;
    files_.insert_or_assign(std::move(id), std::move(file));
  }
  data_.initial.clear();
}

const Files::Route* Files::download_for(const Route& upload) const {
  const auto found =
      std::max_element(downloads_.begin(), downloads_.end(), [&](const Route& a, const Route& b) {
        return a.path.common(upload.path) < b.path.common(upload.path);
      });
  return found == downloads_.end() ? nullptr : &*found;
}

const StoredFile* Files::named_by(const std::vector<std::string>& values) const {
  for (auto value = values.rbegin(); value != values.rend(); ++value) {
    if (const auto found = files_.find(*value); found != files_.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

std::optional<ServerResponse> Files::answer(const Visit& visit, std::string_view path) {
  const std::string& method = visit.request.method;
  const std::string_view served = method == "HEAD" ? "GET" : std::string_view(method);
  const std::vector<std::string> segments = segments_of(path);
  for (const Route& route : uploads_) {
    if (method == route.operation.method && route.path.match(segments)) {
      return upload(visit, route);
    }
  }
  for (const Route& route : downloads_) {
    const auto values = route.path.match(segments);
    const StoredFile* file =
        values && served == route.operation.method ? named_by(*values) : nullptr;
    if (file != nullptr) {
      return download(visit, *route.operation.download, *file);
    }
  }
  return served == "GET" ? content(visit, path) : std::nullopt;
}

std::optional<ServerResponse> Files::judge(const std::vector<FormPart>& files,
                                           const UploadRule& rule) const {
  std::size_t bytes = 0;
  for (const FormPart& file : files) {
    bytes += file.bytes.size();
    if (file.name != rule.field) {
      return error_answer(
          product_,
          400,
          fmt::format(
              "the file has to be in the part \"{}\", not in \"{}\"", rule.field, file.name));
    }
    if (static_cast<std::int64_t>(file.bytes.size()) > data_.largest) {
      return error_answer(product_,
                          rule.too_large_statuses.empty() ? 413 : rule.too_large_statuses.front(),
                          fmt::format("the file is larger than {} bytes", data_.largest));
    }
  }
  if (files.empty() || (files.size() > 1 && !rule.several)) {
    return error_answer(
        product_, 400, files.empty() ? "there is no file in it" : "one file at a time");
  }
  if (bytes_ + bytes > most_bytes || files_.size() + files.size() > most_files) {
    return error_answer(product_, 507, "the store of this stand-in site is full");
  }
  return std::nullopt;
}

std::optional<ServerResponse> Files::judge_fields(const std::vector<FormPart>& parts,
                                                  const FormFields& known) const {
  for (const FormPart& part : parts) {
    const bool is_known =
        part.file_name || std::any_of(known.begin(), known.end(), [&](const auto& field) {
          return field.first == part.name;
        });
    if (!is_known) {
      return error_answer(
          product_, 400, fmt::format("\"{}\" is no field of this upload", part.name));
    }
  }
  return std::nullopt;
}

const StoredFile& Files::keep(const FormPart& part) {
  StoredFile file;
  do {
    file.id = std::to_string(++last_id_);
  } while (files_.contains(file.id));
  file.name = printable(part.file_name->empty() ? file.id : *part.file_name, 255);
  file.type = part.type;
  file.bytes = part.bytes;
  bytes_ += file.bytes.size();
  std::string id = file.id;
  return files_.insert_or_assign(std::move(id), std::move(file)).first->second;
}

ServerResponse Files::upload(const Visit& visit, const Route& route) {
  auto parts =
      read_multipart(visit.request.headers.find("Content-Type").value_or(""), visit.request.body);
  if (!parts) {
    return error_answer(product_, 400, parts.error().message);
  }
  if (auto refused = judge_fields(*parts, route.operation.form)) {
    return *std::move(refused);
  }
  std::erase_if(*parts, [](const FormPart& part) { return !part.file_name; });
  const UploadRule& rule = *route.operation.upload;
  if (auto refused = judge(*parts, rule)) {
    return *std::move(refused);
  }
  const Route* download = download_for(route);
  json::Array stored;
  for (const FormPart& part : *parts) {
    const StoredFile& file = keep(part);
    json::Value described = describe(file);
    if (download != nullptr && !download->operation.download->url.empty()) {
      const DownloadRule& how = *download->operation.download;
      put_at(described, split_pattern(how.url).second, content_url(visit, how, file));
    }
    stored.push_back(std::move(described));
  }
  if (data_.items) {
    return json_answer(200, value_at(*data_.items, std::move(stored)));
  }
  return json_answer(200, rule.several ? json::Value(std::move(stored)) : stored.front());
}

ServerResponse Files::download(const Visit& visit,
                               const DownloadRule& rule,
                               const StoredFile& file) const {
  if (rule.url.empty()) {
    return rule.leads_away ? lead_away(visit, file) : bytes_of(file);
  }
  json::Value document = value_at(split_pattern(rule.url).first, describe(file));
  put_at(document, rule.url, content_url(visit, rule, file));
  return json_answer(200, document);
}

std::optional<ServerResponse> Files::content(const Visit& visit, std::string_view path) const {
  const auto direct = below(path, files_path);
  const auto moved = below(path, moved_path);
  if (!direct && !moved) {
    return std::nullopt;
  }
  const StoredFile* file = named_by(segments_of(direct ? *direct : *moved));
  if (file == nullptr) {
    return error_answer(product_, 404, "there is no such file here");
  }
  return moved ? lead_away(visit, *file) : bytes_of(*file);
}

ServerResponse Files::lead_away(const Visit& visit, const StoredFile& file) const {
  return redirect_to(fmt::format("{}{}{}/{}?ticket={}",
                                 other_origin(visit.origin),
                                 visit.context,
                                 away_path,
                                 percent_encode(file.id),
                                 ticket_));
}

ServerResponse Files::away(const Visit& visit, std::string_view rest) const {
  const std::string_view credential = credential_of(visit);
  if (!credential.empty()) {
    return text_answer(400,
                       fmt::format("This is another origin, to which no credential belongs; the "
                                   "request came with {}.\n",
                                   credential));
  }
  const FormFields query = parse_form(visit.query);
  const StoredFile* file = named_by(segments_of(rest));
  if (file == nullptr || !Secret(ticket_).equals(form_value(query, "ticket").value_or(""))) {
    return text_answer(403, "This address is not one that the site gave out.\n");
  }
  return bytes_of(*file);
}

}  // namespace atlink::plugins::sandbox
