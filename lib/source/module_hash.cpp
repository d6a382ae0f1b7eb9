#include "gopack/source/module_hash.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "gopack/release/sdk_layout.hpp"

namespace gopack::source {

namespace {

// A module's zip cannot hold modules, so their go.mod goes by another name there.
std::string name_in_module(const tree::RelPath& path) {
  if (path.name() != "go.mod") return path.text();
  return path.parent().empty() ? "_go.mod" : fmt::format("{}/_go.mod", path.parent());
}

}  // namespace

std::string toolchain_version(const release::Version& version, const release::Platform& platform) {
  return fmt::format("v0.0.1-{}.{}-{}", version.name(), platform.os, platform.arch);
}

ModuleHash::ModuleHash(const release::Version& version, const release::Platform& platform, Input input)
    : root_(fmt::format("{}@{}/", kToolchainModule, toolchain_version(version, platform))), input_(input) {}

void ModuleHash::add(const tree::Entry& entry, ByteSource& content) {
  const bool official = input_ == Input::official_archive;
  if (official && release::is_outside_module(entry.path.text())) return;
  const auto name = root_ + (official ? name_in_module(entry.path) : entry.path.text());
  const auto sha256 = tree::digest_of(entry, content);
  const auto [line, is_new] = lines_.emplace(name, fmt::format("{}  {}\n", sha256.hex(), name));
  if (!is_new) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot hash the module: {} comes twice", printable(line->first)));
  }
}

std::string ModuleHash::finish() const {
  digest::Hasher all;
  for (const auto& [name, line] : lines_) all.write(as_bytes(line));
  return "h1:" + digest::base64_encode(all.finish().bytes());
}

}  // namespace gopack::source
