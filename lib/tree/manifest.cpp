#include "gopack/tree/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"

namespace gopack::tree {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kPlainMode = "0444";
constexpr std::string_view kExecutableMode = "0555";

digest::Sha256 parse_digest(const Json& json) {
  const auto value = digest::Sha256::try_parse(json.get_ref<const std::string&>());
  if (!value) throw Error(ErrorKind::integrity, "cannot read the manifest: a SHA-256 is malformed");
  return *value;
}

// The manifest's own lines, one file a line: small, and `grep` finds a file.
std::string file_line(const ManifestFile& file) {
  return fmt::format(R"({{"path": {}, "mode": "{}", "size": {}, "sha256": "{}"}})",
                     Json(file.path.text()).dump(), file.executable ? kExecutableMode : kPlainMode, file.size,
                     file.sha256.hex());
}

ManifestFile parse_file(const Json& json) {
  const auto& path = json.at("path").get_ref<const std::string&>();
  if (const auto fault = RelPath::find_fault(path)) {
    throw Error(ErrorKind::integrity, fmt::format("cannot read the manifest: the path \"{}\" is not safe: {}",
                                                  printable(path), *fault));
  }
  const auto& mode = json.at("mode").get_ref<const std::string&>();
  if (mode != kPlainMode && mode != kExecutableMode) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read the manifest: the mode of {} is malformed", printable(path)));
  }
  return {RelPath(path), mode == kExecutableMode, json.at("size").get<std::uint64_t>(),
          parse_digest(json.at("sha256"))};
}

Json to_json(const Origin& origin) {
  return {{"file", origin.file},
          {"platform", origin.platform},
          {"sha256", origin.sha256.hex()},
          {"source", origin.source},
          {"verified_by", origin.verified_by}};
}

Origin parse_origin(const Json& json) {
  return {json.at("file"), json.at("platform"), parse_digest(json.at("sha256")), json.at("source"),
          json.at("verified_by")};
}

Manifest parse(const Json& json) {
  if (json.at("schema") != 1)
    throw Error(ErrorKind::integrity, "cannot read the manifest: its schema is not 1");
  Manifest manifest;
  manifest.release = json.at("release");
  manifest.platforms = json.at("platforms").get<std::vector<std::string>>();
  manifest.profile = json.at("profile");
  manifest.profile_sha256 = parse_digest(json.at("profile_sha256"));
  for (const auto& origin : json.at("origins")) manifest.origins.push_back(parse_origin(origin));
  for (const auto& file : json.at("file_list")) manifest.files.push_back(parse_file(file));
  const auto out_of_order = [](const ManifestFile& a, const ManifestFile& b) { return a.path >= b.path; };
  if (std::adjacent_find(manifest.files.begin(), manifest.files.end(), out_of_order) !=
      manifest.files.end()) {
    throw Error(ErrorKind::integrity, "cannot read the manifest: its files are not in order");
  }
  if (manifest.id().text() != json.at("id").get_ref<const std::string&>()) {
    throw Error(ErrorKind::integrity, "cannot read the manifest: its id does not match its file list");
  }
  return manifest;
}

}  // namespace

bool StoreId::is_valid(std::string_view text) {
  return text.size() == 18 && text.starts_with("v_") &&
         text.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

StoreId::StoreId(std::string_view text) : text_(text) {
  if (!is_valid(text)) {
    throw Error(ErrorKind::usage,
                fmt::format("\"{}\" is not the name of a tree (v_ and 16 hex digits)", printable(text)));
  }
}

std::uint64_t Manifest::bytes() const {
  std::uint64_t total = 0;
  for (const auto& file : files) total += file.size;
  return total;
}

StoreId Manifest::id() const {
  digest::Hasher hasher;
  for (const auto& file : files) {
    hasher.write(as_bytes(fmt::format("{} {} {} {}\n", file.executable ? 1 : 0, file.size, file.sha256.hex(),
                                      file.path.text())));
  }
  return StoreId("v_" + hasher.finish().hex().substr(0, 16));
}

const ManifestFile* Manifest::find(std::string_view path) const {
  const auto at = std::lower_bound(
      files.begin(), files.end(), path,
      [](const ManifestFile& file, std::string_view wanted) { return file.path.text() < wanted; });
  return at != files.end() && at->path.text() == path ? &*at : nullptr;
}

std::string Manifest::to_json() const {
  Json head{{"schema", 1},
            {"id", id().text()},
            {"release", release},
            {"platforms", platforms},
            {"profile", profile},
            {"profile_sha256", profile_sha256.hex()},
            {"origins", Json::array()},
            {"files", files.size()},
            {"bytes", bytes()}};
  for (const auto& origin : origins) head["origins"].push_back(tree::to_json(origin));
  auto text =
      head.dump(2, ' ', false, Json::error_handler_t::replace);  // a source may be a path that is not UTF-8
  text.resize(text.size() - 2);                                  // the closing "\n}"
  text += ",\n  \"file_list\": [";
  const char* separator = "\n    ";
  for (const auto& file : files) {
    text += separator;
    text += file_line(file);
    separator = ",\n    ";
  }
  return text + "\n  ]\n}\n";
}

Manifest Manifest::from_json(std::string_view text) {
  try {
    return parse(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::integrity, fmt::format("cannot read the manifest: {}", error.what()));
  }
}

}  // namespace gopack::tree
