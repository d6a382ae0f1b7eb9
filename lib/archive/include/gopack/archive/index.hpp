// What is in one archive, and where: what the pass that checks an archive (unpack.hpp) learns, kept in a
// small file so that later questions need no pass. Format: docs/formats.md, "downloads/<file>.index".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/tree/rel_path.hpp"

namespace gopack::archive {

// Limits on real output: about eight times the largest Go release.
struct Limits {
  std::uint64_t entries = 400'000;
  std::uint64_t depth = 100;  // directories that an entry lies in
  std::uint64_t name_bytes =
      8ull << 20;  // of all paths that are remembered to find twins, each directory's once
  std::uint64_t file_bytes = 512ull << 20;
  std::uint64_t total_bytes = 4ull << 30;  // of all files; for tar.gz, of everything that is inflated
  bool operator==(const Limits&) const = default;
};

// Where the content of a file lies.
struct ContentPlace {
  std::uint64_t offset = 0;  // tar.gz: in the inflated stream; zip: in the archive
  std::uint64_t packed = 0;  // zip: bytes in the archive
  bool deflated = false;     // zip: or stored
};

struct IndexedFile {
  tree::RelPath path;  // below the archive's top directory
  bool executable = false;
  std::uint64_t size = 0;            // bytes
  std::optional<std::int64_t> time;  // of last modification, in seconds since 1970
  digest::Sha256 sha256;
  std::optional<std::string> head;  // what UnpackOptions::heads chose
  ContentPlace place;
};

// Where inflating a gzip stream can start anew: at the start of a DEFLATE block.
struct AccessPoint {
  std::uint64_t offset = 0;  // bytes of the inflated stream before it
  std::uint64_t bits = 0;    // bits of the archive before it
  std::string window;        // the last 32 KiB before it
};

// What an index is of: another archive, or other limits, ask for another pass.
struct IndexedPass {
  digest::Sha256 archive;
  Limits limits;
  bool operator==(const IndexedPass&) const = default;
};

struct Index {
  std::vector<IndexedFile> files;   // in the archive's order
  std::vector<AccessPoint> points;  // sorted; none in a zip

  std::string serialize(const IndexedPass& pass) const;
  // Nothing for bytes that are not the whole index that such a pass makes, in the format of this version.
  static std::optional<Index> parse(std::string_view bytes, const IndexedPass& pass);
  // No index is larger.
  static constexpr std::uint64_t kMaxBytes = 64 << 20;
};

}  // namespace gopack::archive
