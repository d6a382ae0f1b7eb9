#include "gopack/release/lock_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/json_size.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/release/index.hpp"

namespace gopack::release {

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::uint64_t kLargestLockFile = 8 << 20;
constexpr std::string_view kProofStart = "lock file (";

LockedArchive parse_locked(const Json& json) {
  const auto text = [&](const char* name) { return json.at(name).get<std::string>(); };
  const auto version = Version::try_parse(text("release"));
  const auto platform = Platform::try_parse(text("platform"));
  const auto sha256 = digest::Sha256::try_parse(text("sha256"));
  const auto bytes = find_size(json.at("bytes"));
  LockedArchive archive;
  archive.file = text("file");
  archive.h1 = json.value("h1", "");
  const bool is_module = parse_toolchain_filename(archive.file).has_value();
  if (!version || !platform || !sha256 || !bytes || archive.h1.empty() == is_module) {
    throw Error(ErrorKind::usage, fmt::format("\"{}\" needs a release, a platform, bytes (a whole number), a "
                                              "SHA-256 and, for modules alone, an h1",
                                              printable(archive.file)));
  }
  archive.version = *version;
  archive.platform = *platform;
  archive.bytes = *bytes;
  archive.sha256 = *sha256;
  archive.verified_by = printable(text("verified_by"));  // goes into messages and manifests
  return archive;
}

OrderedJson json_of(const LockedArchive& archive) {
  OrderedJson json{{"file", archive.file},
                   {"release", archive.version.name()},
                   {"platform", archive.platform.text()},
                   {"bytes", archive.bytes},
                   {"sha256", archive.sha256.hex()}};
  if (!archive.h1.empty()) json["h1"] = archive.h1;
  json["verified_by"] = archive.verified_by;
  return json;
}

}  // namespace

std::string LockedArchive::proof() const {
  return verified_by.starts_with(kProofStart) ? verified_by : fmt::format("{}{})", kProofStart, verified_by);
}

LockFile::LockFile(const std::filesystem::path& path)
    : path_(std::filesystem::weakly_canonical(std::filesystem::absolute(path))) {
  if (!std::filesystem::exists(path_)) return;
  const auto text = read_text(path_, kLargestLockFile);
  std::string reason;
  try {
    read(text);
    return;
  } catch (const Json::exception& error) {
    reason = json_fault(error.id, error.what());
  } catch (const Error& error) {
    reason = error.text();
  }
  throw Error(ErrorKind::usage, fmt::format("cannot read {}: {}", name(), reason))
      .with_hint("take the file from version control again");
}

void LockFile::read(const std::string& text) {
  const auto document = Json::parse(text);
  if (document.at("schema") != 1) throw Error(ErrorKind::usage, "it is of another version of gopack");
  // By reference: to copy what nests without end takes the stack.
  for (const auto& item : document.at("archives").get_ref<const Json::array_t&>()) {
    auto archive = parse_locked(item);
    const auto file = archive.file;
    if (!archives_.emplace(file, std::move(archive)).second)
      throw Error(ErrorKind::usage, fmt::format("it names {} twice", printable(file)));
  }
}

std::string LockFile::name() const {
  return printable(path_);
}

const LockedArchive* LockFile::find(const std::string& file) const {
  const auto at = archives_.find(file);
  return at == archives_.end() ? nullptr : &at->second;
}

std::vector<LockedArchive> LockFile::archives() const {
  std::vector<LockedArchive> archives;
  for (const auto& [file, archive] : archives_) archives.push_back(archive);
  std::sort(archives.begin(), archives.end(), [](const LockedArchive& a, const LockedArchive& b) {
    return std::tie(a.version, a.platform, a.file) < std::tie(b.version, b.platform, b.file);
  });
  return archives;
}

void LockFile::put(LockedArchive archive) {
  auto file = archive.file;
  archives_.insert_or_assign(std::move(file), std::move(archive));
}

void LockFile::save(bool durable) const {
  auto items = OrderedJson::array();
  for (const auto& archive : archives()) items.push_back(json_of(archive));
  const OrderedJson document{{"schema", 1}, {"archives", items}};
  const auto text = document.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
  replace_text(Dir::open(path_.parent_path()), path_.filename().string(), text, durable);
}

}  // namespace gopack::release
