#include "gopack/tree/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/json_size.hpp"

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

// How the list is written: one file a line, so that `grep` finds a file, and so that it can be read without a
// general parser. A RelPath holds nothing that JSON escapes.
constexpr std::string_view kListStart = ",\n  \"file_list\": [";
constexpr std::string_view kListEnd = "\n  ]\n}\n";
constexpr std::string_view kLineStart = "\n    {\"path\": \"";
constexpr std::string_view kBeforeMode = "\", \"mode\": \"";
constexpr std::string_view kBeforeSize = "\", \"size\": ";
constexpr std::string_view kBeforeDigest = ", \"sha256\": \"";
constexpr std::string_view kLineEnd = "\"}";

void append_line(std::string& text, const ManifestFile& file) {
  text += kLineStart;
  text += file.path.text();
  text += kBeforeMode;
  text += file.executable ? kExecutableMode : kPlainMode;
  text += kBeforeSize;
  text += std::to_string(file.size);
  text += kBeforeDigest;
  text += file.sha256.hex();
  text += kLineEnd;
}

// Takes `start` off the front of `text`, if it stands there.
bool skip(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

// Takes off and returns what stands before the next `end` byte.
std::string_view take_until(std::string_view& text, char end) {
  const auto taken = text.substr(0, text.find(end));
  text.remove_prefix(taken.size());
  return taken;
}

// One line of the list as append_line() writes it; nothing for anything else.
std::optional<ManifestFile> take_line(std::string_view& text) {
  if (!skip(text, kLineStart)) return std::nullopt;
  auto path = RelPath::try_parse(take_until(text, '"'));
  if (!path || !skip(text, kBeforeMode)) return std::nullopt;
  const auto mode = take_until(text, '"');
  if ((mode != kPlainMode && mode != kExecutableMode) || !skip(text, kBeforeSize)) return std::nullopt;
  ManifestFile file{std::move(*path), mode == kExecutableMode, 0, {}};
  const auto size = take_until(text, ',');
  const auto number = std::from_chars(size.data(), size.data() + size.size(), file.size);
  if (number.ec != std::errc() || number.ptr != size.data() + size.size() || file.size > kLargestFile ||
      !skip(text, kBeforeDigest))
    return std::nullopt;
  const auto sha256 = digest::Sha256::try_parse(take_until(text, '"'));
  if (!sha256 || !skip(text, kLineEnd)) return std::nullopt;
  file.sha256 = *sha256;
  return file;
}

// The list as to_json() writes it; nothing for a document that somebody has written anew.
std::optional<std::vector<ManifestFile>> try_read_list(std::string_view text) {
  std::vector<ManifestFile> files;
  do {
    auto file = take_line(text);
    if (!file) return std::nullopt;
    files.push_back(std::move(*file));
  } while (skip(text, ","));
  if (text != kListEnd) return std::nullopt;
  return files;
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
  const auto size = find_size(json.at("size"));
  if (!size) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read the manifest: the size of {} is malformed", printable(path)));
  }
  return {RelPath(path), mode == kExecutableMode, *size, parse_digest(json.at("sha256"))};
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

// `files`: those of the list, where they have been read already.
Manifest parse(const Json& json, std::optional<std::vector<ManifestFile>> files, const StoreId& id) {
  if (json.at("schema") != 1)
    throw Error(ErrorKind::integrity, "cannot read the manifest: its schema is not 1");
  Manifest manifest;
  manifest.release = json.at("release");
  manifest.platforms = json.at("platforms").get<std::vector<std::string>>();
  manifest.profile = json.at("profile");
  manifest.profile_sha256 = parse_digest(json.at("profile_sha256"));
  manifest.capabilities = json.at("capabilities").get<std::vector<std::string>>();
  manifest.targets = json.at("targets").get<std::vector<std::string>>();
  manifest.stripped = json.at("stripped").get<bool>();
  for (const auto& origin : json.at("origins")) manifest.origins.push_back(parse_origin(origin));
  if (files) {
    manifest.files = std::move(*files);
  } else {
    for (const auto& file : json.at("file_list")) manifest.files.push_back(parse_file(file));
  }
  const auto out_of_order = [](const ManifestFile& a, const ManifestFile& b) { return a.path >= b.path; };
  if (std::adjacent_find(manifest.files.begin(), manifest.files.end(), out_of_order) !=
      manifest.files.end()) {
    throw Error(ErrorKind::integrity, "cannot read the manifest: its files are not in order");
  }
  if (json.at("id").get_ref<const std::string&>() != id.text()) {
    throw Error(ErrorKind::integrity, "the manifest is that of another tree");
  }
  if (manifest.id() != id) {
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

digest::Sha256 Manifest::sha256() const {
  std::string lines;
  for (const auto& file : files) {
    lines += file.executable ? "1 " : "0 ";
    lines += std::to_string(file.size);
    lines += ' ';
    lines += file.sha256.hex();
    lines += ' ';
    lines += file.path.text();
    lines += '\n';
  }
  return digest::hash(lines);
}

StoreId Manifest::id() const {
  return StoreId("v_" + sha256().hex().substr(0, 16));
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
            {"capabilities", capabilities},
            {"targets", targets},
            {"stripped", stripped},
            {"origins", Json::array()},
            {"files", files.size()},
            {"bytes", bytes()}};
  for (const auto& origin : origins) head["origins"].push_back(tree::to_json(origin));
  auto text =
      head.dump(2, ' ', false, Json::error_handler_t::replace);  // a source may be a path that is not UTF-8
  text.resize(text.size() - 2);                                  // the closing "\n}"
  text.reserve(text.size() + 192 * files.size());
  text += kListStart;
  for (const auto& file : files) {
    if (text.back() != '[') text += ',';
    append_line(text, file);
  }
  text += kListEnd;
  return text;
}

Manifest Manifest::from_json(std::string_view text, const StoreId& id) {
  try {
    const auto list = text.find(kListStart);
    auto files =
        list == std::string_view::npos ? std::nullopt : try_read_list(text.substr(list + kListStart.size()));
    if (!files) return parse(Json::parse(text), std::nullopt, id);
    return parse(Json::parse(std::string(text.substr(0, list)) + "}"), std::move(files), id);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read the manifest: {}", json_fault(error.id, error.what())));
  }
}

}  // namespace gopack::tree
