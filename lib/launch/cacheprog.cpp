#include "gopack/launch/cacheprog.hpp"

#include <algorithm>
#include <optional>

#include "gopack/launch/rules.hpp"

namespace gopack::launch {

namespace {

// As cmd/internal/quoted of Go does it; nothing where a quote is not closed.
std::optional<std::vector<std::string>> split(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<std::string> words;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return words;
    const bool is_quoted = text.front() == '"' || text.front() == '\'';
    const std::size_t begin = is_quoted ? 1 : 0;
    const auto end =
        is_quoted ? text.find(text.front(), 1) : std::min(text.find_first_of(kBlanks), text.size());
    if (end == std::string_view::npos) return std::nullopt;
    words.emplace_back(text.substr(begin, end - begin));
    text.remove_prefix(end + begin);
  }
}

}  // namespace

std::string find_cacheprog_fault(std::string_view command_line,
                                 const std::function<bool(const std::string& program)>& has_program) {
  const auto words = split(command_line);
  if (!words) return message::open_quote;
  if (words->empty() || words->front().empty()) return message::names_no_program;
  if (has_program(words->front())) return {};
  return fill(message::lacks_program, {words->front()});
}

bool is_go_env(std::string_view program, const std::vector<std::string>& arguments) {
  if (program != "go" || arguments.empty()) return false;
  const std::string_view first = arguments.front();
  const bool is_directory = first == "-C" || first == "--C";
  const std::size_t verb = is_directory ? 2 : first.starts_with("-C=") || first.starts_with("--C=") ? 1 : 0;
  return verb < arguments.size() && arguments[verb] == "env";
}

}  // namespace gopack::launch
