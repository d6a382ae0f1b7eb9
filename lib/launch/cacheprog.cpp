#include "gopack/launch/cacheprog.hpp"

#include "gopack/launch/rules.hpp"
#include "words.hpp"

namespace gopack::launch {

std::string find_cacheprog_fault(std::string_view command_line,
                                 const std::function<bool(const std::string& program)>& has_program) {
  const auto words = split_words(command_line);
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
