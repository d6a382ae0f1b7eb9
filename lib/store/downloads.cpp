#include "gopack/store/downloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/json_size.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/release/index.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::store {

namespace {

constexpr std::uint64_t kMaxRecord = 64 << 10;
constexpr std::string_view kRecordEnding = ".json";
constexpr std::string_view kIndexEnding = ".index";

using Json = nlohmann::ordered_json;

std::string to_json(const Archive& archive) {
  return Json{{"schema", 1},
              {"file", archive.file},
              {"release", archive.version.name()},
              {"platform", archive.platform.text()},
              {"module", archive.is_module},
              {"bytes", archive.bytes},
              {"sha256", archive.sha256.hex()},
              {"source", archive.source},
              {"verified_by", archive.verified_by}}
             .dump(2, ' ', false,
                   Json::error_handler_t::replace) +  // a source may be a path that is not UTF-8
         "\n";
}

// Nothing for a record that cannot be understood: its archive then counts as not there.
std::optional<Archive> parse_record(std::string_view text) {
  try {
    const auto json = Json::parse(text);
    const auto version = release::Version::try_parse(json.at("release").get<std::string>());
    const auto platform = release::Platform::try_parse(json.at("platform").get<std::string>());
    const auto sha256 = digest::Sha256::try_parse(json.at("sha256").get<std::string>());
    const auto bytes = find_size(json.at("bytes"));
    if (json.at("schema") != 1 || !version || !platform || !sha256 || !bytes) return std::nullopt;
    return Archive{json.at("file"), *version, *platform,         json.at("module"),
                   *bytes,          *sha256,  json.at("source"), json.at("verified_by")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

// The archive that a file of this name is, or belongs to.
std::string_view archive_name(std::string_view name) {
  name = find_replaced(name).value_or(name);
  for (const std::string_view ending : {kRecordEnding, kIndexEnding, std::string_view(".part")}) {
    if (name.ends_with(ending)) name.remove_suffix(ending.size());
  }
  return name;
}

}  // namespace

std::vector<Archive> Downloads::list() const {
  auto archives = list_records();
  std::erase_if(archives, [&](const Archive& archive) { return !is_there(archive); });
  return archives;
}

std::vector<Archive> Downloads::list_records() const {
  std::vector<Archive> archives;
  for (const auto& name : directory_.names()) {
    if (!name.ends_with(kRecordEnding)) continue;
    if (auto archive = find_record(name.substr(0, name.size() - kRecordEnding.size())))
      archives.push_back(std::move(*archive));
  }
  std::sort(archives.begin(), archives.end(), [](const Archive& a, const Archive& b) {
    return std::tie(a.version, a.platform, a.file) < std::tie(b.version, b.platform, b.file);
  });
  return archives;
}

bool Downloads::is_there(const Archive& archive) const {
  const auto status = directory_.find(archive.file);
  return status && status->size == archive.bytes;
}

bool Downloads::is_whole(const Archive& archive) const {
  return !verify_content(archive.file, archive.sha256,
                         [&] { return digest::hash(directory_.open_file(archive.file)); });
}

std::optional<Archive> Downloads::find(const std::string& file) const {
  auto archive = find_record(file);
  return archive && is_there(*archive) ? archive : std::nullopt;
}

std::optional<Archive> Downloads::find_record(const std::string& file) const {
  // The name may be one that somebody else has written, and lead elsewhere.
  if (!release::is_archive_filename(file)) return std::nullopt;
  const auto name = file + std::string(kRecordEnding);
  const auto status = directory_.find(name);
  if (!status || status->size > kMaxRecord) return std::nullopt;
  const auto text = find_text(directory_, name, kMaxRecord);
  if (!text) return std::nullopt;
  auto archive = parse_record(*text);
  return archive && archive->file == file ? archive : std::nullopt;
}

void Downloads::adopt(const std::string& part, const Archive& archive, bool durable) const {
  if (durable) directory_.open_file(part).sync();
  directory_.rename(part, directory_, archive.file);
  record(archive, durable);
}

void Downloads::record(const Archive& archive, bool durable) const {
  replace_text(directory_, archive.file + std::string(kRecordEnding), to_json(archive), durable);
}

File Downloads::open_proved(const Archive& archive) const {
  auto file = directory_.open_file(archive.file);
  const auto found = digest::hash(file);
  if (found != archive.sha256) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot use {}: its SHA-256 is {}, expected {}",
                            printable(directory_.path() / archive.file), found.hex(), archive.sha256.hex()))
        .with_hint(
            fmt::format("the file changed after it was verified: {} restores it", names_.command("repair")));
  }
  return file;
}

std::optional<std::string> Downloads::find_index(const Archive& archive, std::uint64_t most) const {
  const auto name = archive.file + std::string(kIndexEnding);
  try {
    const auto status = directory_.find(name);
    if (status && status->size <= most) return find_text(directory_, name, most);
  } catch (const Error&) {  // a medium that lost it
  }
  return std::nullopt;
}

void Downloads::keep_index(const Archive& archive, std::string_view index) const {
  try {
    replace_text(directory_, archive.file + std::string(kIndexEnding), index, false);
  } catch (const Error&) {  // a full disk, or a store that is read only
  }
}

void Downloads::drop_index(const std::string& file) const {
  try {
    directory_.remove_file(file + std::string(kIndexEnding));
  } catch (const Error&) {
  }
}

std::string Downloads::archive_of(const std::string& name) {
  for (const auto ending : {kRecordEnding, kIndexEnding}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

void Downloads::remove(const std::string& file) const {
  drop_index(file);
  directory_.remove_file(file + std::string(kRecordEnding));
  directory_.remove_file(file);
}

std::vector<std::string> Downloads::names() const {
  auto names = directory_.names();
  std::erase_if(names, [&](const std::string& name) {
    if (!release::is_archive_filename(archive_name(name))) return true;
    const auto status = directory_.find(name);
    return !status || status->type != FileType::file;
  });
  return names;
}

}  // namespace gopack::store
