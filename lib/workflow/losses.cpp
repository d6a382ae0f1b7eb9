#include "losses.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace gopack::workflow {

std::optional<Error> Losses::error() const {
  if (errors_.size() <= 1) return errors_.empty() ? std::nullopt : std::optional(errors_.front());
  auto text = fmt::format("cannot restore everything, {} things failed", errors_.size());
  std::vector<std::string> hints;
  for (const auto& error : errors_) {
    text += "; " + error.text();
    const bool is_new = std::find(hints.begin(), hints.end(), error.hint()) == hints.end();
    if (is_new && !error.hint().empty()) hints.push_back(error.hint());
  }
  return Error(errors_.front().kind(), std::move(text)).with_hint(fmt::format("{}", fmt::join(hints, "; ")));
}

}  // namespace gopack::workflow
