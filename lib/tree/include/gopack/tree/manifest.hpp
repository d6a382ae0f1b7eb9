// The manifest of a tree: what it is, where it came from, and every file in it. It lies beside the
// tree as v_<hash>.json (schema 1, described in docs/formats.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/tree/rel_path.hpp"

namespace gopack::tree {

struct ManifestFile {
  RelPath path;
  bool executable = false;
  std::uint64_t size = 0;  // bytes
  digest::Sha256 sha256;

  bool operator==(const ManifestFile&) const = default;
};

// An archive the tree was made from.
struct Origin {
  std::string file;         // its name in downloads/
  std::string platform;     // "linux/amd64"
  digest::Sha256 sha256;    // of the archive
  std::string source;       // where its bytes came from, without credentials
  std::string verified_by;  // e.g. "sha256 from the release index", "checksum database"

  bool operator==(const Origin&) const = default;
};

// The name of a tree: "v_" and 16 hex digits.
class StoreId {
 public:
  // Throws Error (usage) for anything else.
  explicit StoreId(std::string_view text);
  static bool is_valid(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const StoreId&) const = default;

 private:
  std::string text_;
};

struct Manifest {
  std::string release;                    // "go1.23.4"
  std::vector<std::string> platforms;     // "linux/amd64", sorted
  std::string profile;                    // its name
  digest::Sha256 profile_sha256;          // of the profile's resolved rules
  std::vector<std::string> capabilities;  // that the profile declares: "build", "cgo"; none: not said
  std::vector<std::string> targets;       // that it builds for, "linux/arm64"; none: all
  bool stripped = false;                  // whether its programs are without symbol tables
  std::vector<Origin> origins;
  std::vector<ManifestFile> files;  // sorted by path, bytewise

  std::uint64_t bytes() const;
  // Depends on the files alone: the digest of the lines "<mode> <size> <sha256> <path>\n" in order, mode
  // being 1 for executable files and 0 for others.
  digest::Sha256 sha256() const;
  // The first 16 hex digits of that.
  StoreId id() const;
  const ManifestFile* find(std::string_view path) const;

  std::string to_json() const;
  // Throws Error (integrity) for text that is not the manifest of the tree `id`; checks order and paths.
  static Manifest from_json(std::string_view text, const StoreId& id);
};

}  // namespace gopack::tree
