#include "gopack/base/replace.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "posix.hpp"

namespace gopack {

namespace {

constexpr std::string_view kTemporaryEnding = ".tmp";
constexpr std::size_t kChanceDigits = 8;

std::string temporary_name(std::string_view name) {
  std::random_device device;
  return fmt::format(".{}.{:0{}x}{}", name, device(), kChanceDigits, kTemporaryEnding);
}

}  // namespace

void replace_text(const Dir& dir, const std::string& name, std::string_view text, bool sync,
                  std::uint32_t mode) {
  ReplacingFile replacing(dir, name, mode);
  replacing.file().write(as_bytes(text));
  replacing.commit(sync);
}

void replace_link(const Dir& dir, const std::string& name, const std::string& target, bool sync) {
  const auto temporary = temporary_name(name);
  if (::symlinkat(target.c_str(), dir.descriptor(), temporary.c_str()) != 0)
    posix::fail(dir, "create link", name);
  try {
    dir.rename(temporary, dir, name);
  } catch (...) {
    ::unlinkat(dir.descriptor(), temporary.c_str(), 0);
    throw;
  }
  if (sync) dir.sync();
}

ReplacingFile::ReplacingFile(const Dir& dir, std::string name, std::uint32_t mode)
    : dir_(dir),
      name_(std::move(name)),
      temporary_(temporary_name(name_)),
      file_(dir.create_file(temporary_, mode)) {}

ReplacingFile::~ReplacingFile() {
  if (!temporary_.empty()) ::unlinkat(dir_.descriptor(), temporary_.c_str(), 0);
}

void ReplacingFile::commit(bool sync) {
  if (sync) file_.sync();
  file_.close();
  dir_.rename(temporary_, dir_, name_);
  temporary_.clear();
  if (sync) dir_.sync();
}

bool can_link(const Dir& dir) {
  const auto name = temporary_name("probe");
  if (::symlinkat("target", dir.descriptor(), name.c_str()) != 0) {
    // FAT and exFAT: EPERM from the kernel, ENOSYS from FUSE.
    if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) return false;
    posix::fail(dir, "create a link in");
  }
  dir.remove_file(name);
  return true;
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
