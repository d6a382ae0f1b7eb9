#include "gopack/base/replace.hpp"

#include <fmt/format.h>

#include <random>

#include "replacing.hpp"

namespace gopack {

namespace {

constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr std::size_t kChanceDigits = 8;

}  // namespace

std::string temporary_name(std::string_view name) {
  std::random_device device;
  return fmt::format(".{}.{:0{}x}{}", name, device(), kChanceDigits, kTemporaryEnding);
}

void replace(const Dir& dir, const std::string& name, bool sync,
             const std::function<void(const std::string&)>& make) {
  const auto temporary = temporary_name(name);
  try {
    make(temporary);
    dir.rename(temporary, dir, name);
  } catch (...) {
    try {
      dir.remove_file(temporary);
    } catch (const Error&) {  // what has failed before says more
    }
    throw;
  }
  if (sync) dir.sync();
}

void replace_text(const Dir& dir, const std::string& name, std::string_view text, bool sync,
                  std::uint32_t mode) {
  replace(dir, name, sync, [&](const std::string& temporary) {
    auto file = dir.create_file(temporary, mode);
    file.write(as_bytes(text));
    if (sync) file.sync();
    file.close();
  });
}

std::optional<std::string_view> find_replaced(std::string_view name) {
  constexpr std::size_t kAdded = 1 + 1 + kChanceDigits + kTemporaryEnding.size();
  if (name.size() <= kAdded || !name.starts_with('.') || !name.ends_with(kTemporaryEnding))
    return std::nullopt;
  const auto replaced = name.substr(1, name.size() - kAdded);
  const auto chance = name.substr(1 + replaced.size() + 1, kChanceDigits);
  if (name[1 + replaced.size()] != '.' ||
      chance.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return replaced;
}

}  // namespace gopack
