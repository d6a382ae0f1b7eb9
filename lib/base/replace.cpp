#include "gopack/base/replace.hpp"

#include <fmt/format.h>

#include <random>

#include "gopack/base/error.hpp"
#include "replacing.hpp"

namespace gopack {

namespace {

constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr std::size_t kChanceDigits = 8;

void discard(const Dir& dir, const std::string& name) {
  try {
    dir.remove_file(name);
  } catch (const Error&) {  // what has failed before says more
  }
}

File create(const Dir& dir, const std::string& name, std::uint32_t mode) {
  try {
    return dir.create_file(name, mode);
  } catch (...) {  // it may be there, without its mode
    discard(dir, name);
    throw;
  }
}

}  // namespace

std::string temporary_name(std::string_view name) {
  std::random_device device;
  return fmt::format(".{}.{:0{}x}{}", name, device(), kChanceDigits, kTemporaryEnding);
}

void replace_text(const Dir& dir, const std::string& name, std::string_view text, bool sync,
                  std::uint32_t mode) {
  ReplacingFile replacing(dir, name, mode);
  replacing.file().write(as_bytes(text));
  replacing.commit(sync);
}

ReplacingFile::ReplacingFile(const Dir& dir, std::string name, std::uint32_t mode)
    : dir_(dir),
      name_(std::move(name)),
      temporary_(temporary_name(name_)),
      file_(create(dir, temporary_, mode)) {}

ReplacingFile::~ReplacingFile() {
  if (!temporary_.empty()) discard(dir_, temporary_);
}

void ReplacingFile::commit(bool sync) {
  commit_as(name_, sync);
}

void ReplacingFile::commit_as(const std::string& name, bool sync) {
  if (sync) file_.sync();
  file_.close();
  dir_.rename(temporary_, dir_, name);
  temporary_.clear();
  if (sync) dir_.sync();
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
