#include "index_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "gopack/base/error.hpp"
#include "sha256_file.hpp"

namespace gopack::source {

namespace {

constexpr std::uint64_t kIndexLimit = 8 << 20;
constexpr std::string_view kIndexQuery = "mode=json&include=all";

// Servers that know nothing of an index, and proxies that drop the query, send a page instead.
bool is_json(std::string_view body) {
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '[';
}

}  // namespace

Site official_site(const std::optional<transport::Url>& instead) {
  auto site = instead ? mirror_site(*instead)
                      : Site{{},
                             {transport::Url::parse("https://go.dev/dl/").with_query(kIndexQuery)},
                             transport::Url::parse("https://dl.google.com/go/")};
  site.name = "official";
  site.verified_by = kOfficialIndex;
  return site;
}

Site mirror_site(const transport::Url& url) {
  return {url.text(), {url / "index.json", (url / "").with_query(kIndexQuery)}, url};
}

std::vector<release::ReleaseFile> find_archive_names(std::string_view page) {
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  std::vector<release::ReleaseFile> files;
  std::set<std::string_view> seen;
  for (auto at = page.find_first_of(kNameCharacters); at != std::string_view::npos;) {
    const auto end = std::min(page.find_first_not_of(kNameCharacters, at), page.size());
    const auto name = page.substr(at, end - at);
    if (auto file = release::parse_filename(name); file && seen.insert(name).second)
      files.push_back(std::move(*file));
    at = page.find_first_of(kNameCharacters, end);
  }
  return files;
}

std::vector<Offer> IndexSource::ask() {
  std::vector<release::ReleaseFile> files;
  for (const auto& url : site_.indexes) {
    const auto index = transport_.try_get_document(url, kIndexLimit);
    if (!index) continue;
    const auto& text = index->text;
    files = is_json(text) ? in_context("reading " + url.text(), [&] { return release::parse_index(text); })
                          : find_archive_names(text);
    age_ = index->unchanged_for;
    if (!files.empty()) break;
  }
  if (files.empty()) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot list {}: found neither a release index nor archive names", site_.name))
        .with_hint("check its address, and that no login page or proxy answers in its place");
  }
  std::vector<Offer> offers;
  for (auto& file : files) {
    const auto url = site_.archives / file.filename;
    const std::string verified_by = file.sha256 ? site_.verified_by : "";
    offers.push_back({std::move(file), {url}, false, site_.name, verified_by});
  }
  return offers;
}

void IndexSource::pin(Offer& offer) {
  pin_by_sha256_file(offer, transport_);
}

}  // namespace gopack::source
