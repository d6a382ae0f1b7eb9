#include "goproxy_source.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <sstream>

#include "gopack/source/module_hash.hpp"

namespace gopack::source {

namespace {

using release::ReleaseFile;

constexpr std::uint64_t kListLimit = 8 << 20;

transport::Url versions_of(const Proxy& proxy) {
  return proxy.url / fmt::format("{}/@v", kToolchainModule);
}

// What lies in a local tree. Its "list" is not asked: in a module cache it also names versions without a zip.
std::optional<std::vector<ReleaseFile>> list_tree(const std::filesystem::path& directory) {
  std::error_code code;
  std::filesystem::directory_iterator entries(directory, code);
  if (code) return std::nullopt;
  std::vector<ReleaseFile> files;
  for (const auto& entry : entries) {
    auto file = release::parse_toolchain_filename(entry.path().filename().string());
    if (!file) continue;
    file->size = entry.file_size(code);
    if (code) continue;  // it has just been removed, or cannot be used
    files.push_back(std::move(*file));
  }
  return files;
}

std::vector<ReleaseFile> parse_list(const std::string& body) {
  std::vector<ReleaseFile> files;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (auto file = release::parse_toolchain_filename(line + ".zip")) files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace

std::vector<Offer> GoproxySource::ask() {
  if (proxies_.empty()) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot list {}: GOPROXY {}", name_,
                            is_said_ ? "has only off or direct, and no proxy that can be asked"
                                     : "is not set, and no go command in PATH says what it is"))
        .with_hint("set GOPROXY, or name the proxy: --source goproxy+URL");
  }
  const Proxy* answering = nullptr;
  const auto files =
      first_answer(proxies_, [&](const Proxy& proxy) -> std::optional<std::vector<ReleaseFile>> {
        answering = &proxy;
        if (proxy.url.is_file()) return list_tree(versions_of(proxy).file_path());
        const auto body = transport_.try_get(versions_of(proxy) / "list", kListLimit);
        return body ? std::optional(parse_list(*body)) : std::nullopt;
      });
  if (!files) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot list {}: no proxy has {}", name_, kToolchainModule))
        .with_hint("check GOPROXY");
  }
  std::vector<Offer> offers;
  for (const auto& file : *files) {
    Offer offer{file, {}, true, answering->url.text(), ""};
    // Those before it have no toolchains, or failed.
    for (auto proxy = proxies_.begin() + (answering - proxies_.data()); proxy != proxies_.end(); ++proxy) {
      offer.urls.push_back(versions_of(*proxy) / file.filename);
    }
    offers.push_back(std::move(offer));
  }
  return offers;
}

}  // namespace gopack::source
