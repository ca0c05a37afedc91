// SPDX-License-Identifier: Apache-2.0
#include "tests/vectors/vector_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace atlink::vectors {

namespace fs = std::filesystem;

const json::Array& VectorFile::vectors() const {
  return *document.find("vectors")->as_array();
}

std::string_view VectorFile::key(std::string_view name, std::string_view half) const {
  const json::Value* keys = document.find("keys");
  const json::Value* key = keys != nullptr ? keys->find(name) : nullptr;
  return key != nullptr ? text_of(*key, half) : std::string_view();
}

Result<VectorFile> read_vector_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file.is_open() || file.bad()) {
    return fail(ErrorCode::file_unreadable, path + ": cannot be read");
  }
  auto document = json::parse(bytes.str());
  if (!document) {
    return fail(ErrorCode::json_invalid, path + ": " + document.error().message);
  }
  const json::Value* vectors = document->find("vectors");
  if (vectors == nullptr || vectors->as_array() == nullptr) {
    return fail(ErrorCode::file_damaged,
                path + ": no file of vectors, there is no list \"vectors\"");
  }
  return VectorFile{path, std::move(*document)};
}

Result<std::vector<std::string>> files_of(const std::string& argument) {
  std::error_code error;
  if (!fs::is_directory(argument, error)) {
    if (!fs::exists(argument, error)) {
      return fail(ErrorCode::file_not_found, argument + ": no such file or folder");
    }
    return std::vector<std::string>{argument};
  }
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(argument, error)) {
    if (entry.path().extension() == ".json" && entry.is_regular_file(error)) {
      files.push_back(entry.path().string());
    }
  }
  if (files.empty()) {
    return fail(ErrorCode::file_not_found, argument + ": no .json file in this folder");
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string_view text_of(const json::Value& value, std::string_view member) {
  const json::Value* found = value.find(member);
  const std::string* text = found != nullptr ? found->as_string() : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

}  // namespace atlink::vectors
