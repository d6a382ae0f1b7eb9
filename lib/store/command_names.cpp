#include "gopack/store/command_names.hpp"

#include <fmt/format.h>

#include "gopack/base/shell_word.hpp"

namespace gopack::store {

CommandNames::CommandNames(const std::filesystem::path& home)
    : options_(" --home " + shell_word(home.string())) {}

std::string CommandNames::command(std::string_view words) const {
  return fmt::format("`gopack{} {}`", options_, words);
}

}  // namespace gopack::store
