// The "h1:" hash of a module, computed from a tree (golang.org/x/mod/sumdb/dirhash.Hash1).
#pragma once

#include <map>
#include <string>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::source {

inline constexpr const char* kToolchainModule = "golang.org/toolchain";
// "v0.0.1-go1.22.5.linux-amd64"
std::string toolchain_version(const release::Version& version, const release::Platform& platform);

// Takes the files of a module's zip (paths below the module's root directory, as in the zip) or of an
// official archive (paths below "go"), and gives the hash that the checksum database has for the
// toolchain module of that release and platform. For an official archive api/, doc/, misc/ and test/ are
// left out and go.mod files renamed, as golang/go src/cmd/distpack does when it packs the module.
class ModuleHash final : public tree::TreeSink {
 public:
  enum class Input { module_zip, official_archive };
  ModuleHash(const release::Version& version, const release::Platform& platform, Input input);
  void add(const tree::Entry& entry, ByteSource& content) override;
  // "h1:" and base64.
  std::string finish() const;

 private:
  std::string root_;
  Input input_;
  std::map<std::string, std::string> lines_;  // name → "<hex>  <name>\n"
};

}  // namespace gopack::source
