#include "profile_chain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/similar.hpp"

namespace gopack::trim {

namespace {

constexpr std::uint64_t kMaxSize = 1'048'576;  // bytes

const EmbeddedFile* find_built_in(std::string_view name) {
  for (const auto& file : built_in_profile_files()) {
    if (file.name == fmt::format("{}.yaml", name)) return &file;
  }
  return nullptr;
}

// For the hint about one that does not exist.
std::string similar_profiles(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& profile : built_in_profiles()) names.push_back(profile.name);
  return did_you_mean(name, names,
                      fmt::format("built-in profiles: {}; the path of a file needs a \"/\" or ends in .yaml",
                                  fmt::join(names, ", ")));
}

// Why there is no profile of that name; nothing when there is one.
std::optional<Error> find_fault(std::string_view name) {
  if (!is_profile_path(name)) {
    if (find_built_in(name) != nullptr) return std::nullopt;
    return Error(ErrorKind::usage, fmt::format("there is no profile \"{}\"", printable(name)))
        .with_hint(similar_profiles(name));
  }
  const std::filesystem::path path(name);
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    return Error(ErrorKind::usage, fmt::format("there is no profile file {}", printable(name)));
  }
  if (std::filesystem::file_size(path, ignored) > kMaxSize) {
    return Error(ErrorKind::usage, fmt::format("the profile {} is larger than 1 MiB", printable(name)));
  }
  return std::nullopt;
}

// The text of a profile without fault.
std::string text_of(std::string_view name) {
  if (!is_profile_path(name)) return std::string(find_built_in(name)->text);
  return read_text(std::filesystem::path(name), kMaxSize);
}

std::string display_name(std::string_view name) {
  return is_profile_path(name) ? printable(name) : fmt::format("{}.yaml", name);
}

// One name for a profile, however its path is written.
std::string identity(const std::string& name) {
  return is_profile_path(name) ? std::filesystem::weakly_canonical(name).string() : name;
}

// What `extends` means in the profile `child`: paths are relative to its directory.
std::string parent_name(const std::string& child, const std::string& extends) {
  if (!is_profile_path(extends) || !is_profile_path(child)) return extends;
  const auto path = (std::filesystem::path(child).parent_path() / extends).string();
  return is_profile_path(path) ? path : "./" + path;
}

}  // namespace

bool is_profile_path(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.ends_with(".yaml") || name.ends_with(".yml");
}

std::string read_profile_text(std::string_view name) {
  if (auto fault = find_fault(name)) throw Error(*fault);
  return text_of(name);
}

std::vector<ProfileFile> read_profile_chain(std::string_view name, Mistakes& mistakes) {
  std::vector<ProfileFile> chain;
  std::string current(name);
  chain.push_back(read_profile_file(read_profile_text(name), display_name(name), mistakes));
  chain.back().is_built_in = !is_profile_path(name);
  std::vector<std::string> seen{identity(current)};
  while (const auto extends = chain.back().extends) {
    const auto& position = extends->position;
    const auto refuse = [&](std::string message, std::string hint = {}) {
      mistakes.push_back({chain.back().file, position, std::move(message), std::move(hint)});
    };
    current = parent_name(current, extends->text);
    if (const auto fault = find_fault(current)) {
      refuse(fault->text(), fault->hint());
      break;
    }
    if (std::find(seen.begin(), seen.end(), identity(current)) != seen.end()) {
      refuse(fmt::format("{} extends itself, by way of this line", display_name(current)));
      break;
    }
    seen.push_back(identity(current));
    chain.push_back(read_profile_file(text_of(current), display_name(current), mistakes));
    chain.back().is_built_in = !is_profile_path(current);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace gopack::trim
