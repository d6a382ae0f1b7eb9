#include "options.hpp"

#include <algorithm>

#include "failure.hpp"
#include "gopack/launch/rules.hpp"

namespace gopack::launcher {

Options parse_options(const std::vector<std::string>& arguments) {
  constexpr std::string_view kAttached = "--data-dir=";
  Options options;
  for (; options.count < arguments.size(); ++options.count) {
    const auto& argument = arguments[options.count];
    if (argument == "--portable") {
      options.portable = true;
    } else if (argument == "--data-dir") {
      const auto next = options.count + 1;
      if (next == arguments.size() || arguments[next].empty()) throw Failure{launch::message::no_data_dir, 2};
      options.data_dir = arguments[++options.count];
    } else if (argument.size() > kAttached.size() && argument.starts_with(kAttached)) {
      options.data_dir = argument.substr(kAttached.size());
    } else if (argument.size() > 1 && argument.starts_with('+')) {
      options.tree = argument.substr(1);
    } else {
      break;
    }
  }
  return options;
}

std::string program_for(std::string_view launcher_name) {
  constexpr std::string_view kGofmt = "gofmt";
  const auto same = [](char a, char b) { return (a | 0x20) == b; };  // Windows: GOFMT.EXE
  const bool is_gofmt =
      launcher_name.size() >= kGofmt.size() && std::equal(kGofmt.begin(), kGofmt.end(), launcher_name.begin(),
                                                          [&](char b, char a) { return same(a, b); });
  return is_gofmt ? "gofmt" : "go";
}

}  // namespace gopack::launcher
