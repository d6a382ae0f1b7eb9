#include "gopack/source/source.hpp"

#include <fmt/format.h>

#include "directory_source.hpp"
#include "gopack/base/error.hpp"
#include "goproxy_source.hpp"
#include "index_source.hpp"

namespace gopack::source {

namespace {

constexpr std::string_view kGoproxyPrefix = "goproxy+";

}  // namespace

const std::vector<Offer>& Source::list() {
  if (!offers_) offers_ = ask();
  return *offers_;
}

std::unique_ptr<Source> make_source(std::string_view name, transport::Transport& transport,
                                    const GoEnvironment& go, const std::optional<transport::Url>& official) {
  if (name == "official") return std::make_unique<IndexSource>(official_site(official), transport);
  if (name == "goproxy")
    return std::make_unique<GoproxySource>("goproxy", usable_proxies(go.goproxy), !go.goproxy.empty(),
                                           transport);
  if (name.starts_with(kGoproxyPrefix)) {
    const auto url = transport::Url::parse(name.substr(kGoproxyPrefix.size()));
    const auto shown = std::string(kGoproxyPrefix) + url.text();
    return std::make_unique<GoproxySource>(shown, std::vector{Proxy{url}}, true, transport);
  }
  if (name.find("://") != std::string_view::npos) {
    const auto url = transport::Url::parse(name);
    if (url.is_file()) return std::make_unique<DirectorySource>(url.file_path(), transport);
    return std::make_unique<IndexSource>(mirror_site(url), transport);
  }
  const std::filesystem::path path(name);
  std::error_code code;
  // A word that is no directory is a slip; a path that is none may be a stick that is not there.
  if (!path.has_parent_path() && !std::filesystem::is_directory(path, code)) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot use source {}: there is no such source or directory", printable(name)))
        .with_hint(
            "sources are \"official\", \"goproxy\", \"goproxy+URL\", an http(s) or file URL, or a directory");
  }
  return std::make_unique<DirectorySource>(path, transport);
}

}  // namespace gopack::source
