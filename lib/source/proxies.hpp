// Asking the proxies of a GOPROXY list one after the other.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/transport/url.hpp"

namespace gopack::source {

struct Proxy {
  transport::Url url;
  bool fall_back_on_any_error = false;  // to the next one; otherwise only when this one has no such thing
};

// Those of a GOPROXY list that gopack can ask: all up to "off", without "direct". Throws Error (usage) for an
// entry that is not a URL.
std::vector<Proxy> usable_proxies(const std::string& goproxy);

// Calls `ask` with one proxy after the other until one gives a value. Nothing when none of
// them has such a thing. Throws Error (unreachable) when one failed and Go would not go on to the next, or
// none of those after it had the thing.
template <typename Ask>
auto first_answer(const std::vector<Proxy>& proxies, Ask ask) -> std::invoke_result_t<Ask, const Proxy&> {
  std::exception_ptr failure;
  for (const auto& proxy : proxies) {
    try {
      if (auto answer = ask(proxy)) return answer;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || !proxy.fall_back_on_any_error) throw;
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return std::nullopt;
}

}  // namespace gopack::source
