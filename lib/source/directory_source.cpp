#include "directory_source.hpp"

#include <fmt/format.h>

#include <map>

#include "gopack/base/error.hpp"
#include "gopack/digest/checksum_file.hpp"
#include "sha256_file.hpp"

namespace gopack::source {

namespace {

constexpr std::uint64_t kIndexFileLimit = 8 << 20;
constexpr const char* kIndexName = "index.json";
constexpr const char* kSumsName = "SHA256SUMS";

struct Pin {
  digest::Sha256 sha256;
  std::string verified_by;
};

// The user's own directory: it may be made of links.
std::optional<std::string> find_text(const std::filesystem::path& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code)) return std::nullopt;
  return read_text(path, kIndexFileLimit);
}

// By file name; the index goes before the sums.
std::map<std::string, Pin> read_pins(const std::filesystem::path& directory) {
  std::map<std::string, Pin> pins;
  if (const auto text = find_text(directory / kIndexName)) {
    const auto path = printable(directory / kIndexName);
    for (const auto& file : in_context("reading " + path, [&] { return release::parse_index(*text); })) {
      if (file.sha256) pins.try_emplace(file.filename, Pin{*file.sha256, "release index"});
    }
  }
  if (const auto text = find_text(directory / kSumsName)) {
    for (const auto& [name, sha256] : digest::parse_checksum_list(*text)) {
      pins.try_emplace(name, Pin{sha256, kSumsName});
    }
  }
  return pins;
}

Dir open_source(const std::filesystem::path& path) {
  try {
    return Dir::open(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::unreachable, error.text())
        .with_hint("check the path, and that its medium is there");
  }
}

}  // namespace

std::vector<Offer> DirectorySource::ask() {
  const auto dir = open_source(path_);
  const auto pins = read_pins(path_);
  std::vector<Offer> offers;
  for (const auto& name : dir.names()) {
    auto file = release::parse_filename(name);
    std::error_code code;
    if (!file || !std::filesystem::is_regular_file(path_ / name, code)) continue;
    file->size = std::filesystem::file_size(path_ / name, code);
    if (code) continue;  // it has just been removed
    Offer offer{
        std::move(*file), {transport::Url::from_path((path_ / name).string())}, false, path_.string(), ""};
    if (const auto pin = pins.find(name); pin != pins.end()) {
      offer.file.sha256 = pin->second.sha256;
      offer.verified_by = pin->second.verified_by;
    }
    offers.push_back(std::move(offer));
  }
  return offers;
}

void DirectorySource::pin(Offer& offer) {
  pin_by_sha256_file(offer, transport_);
}

}  // namespace gopack::source
