#include "proxies.hpp"

#include <fmt/format.h>

#include "gopack/source/go_environment.hpp"

namespace gopack::source {

std::vector<Proxy> usable_proxies(const std::string& goproxy) {
  std::vector<Proxy> proxies;
  for (const auto& entry : parse_goproxy(goproxy)) {
    if (entry.url == "off") break;
    if (entry.url == "direct") continue;
    auto url = transport::Url::try_parse(entry.url);
    if (!url) {
      // Not printed: it may hold a password.
      throw Error(ErrorKind::usage,
                  fmt::format("cannot use GOPROXY: entry {} is not a URL", proxies.size() + 1))
          .with_hint("entries are http(s) or file URLs, \"direct\" or \"off\", separated by \",\" or \"|\"");
    }
    proxies.push_back({std::move(*url), entry.fall_back_on_any_error});
  }
  return proxies;
}

}  // namespace gopack::source
