// Archives as trees. Only what official Go archives contain is accepted: regular files and directories
// with safe names below one top directory; everything else is refused with the entry's name and the rule.
// Archives that two programs could read in two ways are refused too. Nothing here writes files.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::archive {

enum class Format { tar_gz, zip };

// By the first bytes, not by the name. Throws Error (unsafe) for anything else, saying so when it starts like
// the web page that captive portals and proxies send instead of an archive.
Format require_format(const File& file);

// Limits on real output: about eight times the largest Go release.
struct Limits {
  std::uint64_t entries = 400'000;
  std::uint64_t depth = 100;  // directories that an entry lies in
  std::uint64_t name_bytes =
      8ull << 20;  // of all paths that are remembered to find twins, each directory's once
  std::uint64_t file_bytes = 512ull << 20;
  std::uint64_t total_bytes = 4ull << 30;  // of all files; for tar.gz, of everything that is inflated
};

struct UnpackOptions {
  std::string
      root;  // the one top directory, without slash; "go" or a module's root. Stripped from the paths.
  Limits limits;
};

// Gives every file of the archive to `sink`, in the archive's order, from the file's start to its very end,
// whatever its position is. Checked are all headers, the gzip CRC-32 and length, the tar end marker, that a
// zip's central directory and local headers agree and its entries fill the file, and size and, in zip, the
// CRC-32 of each content, also of what `sink` leaves unread. Names that differ in case or Unicode form alone
// count as the same, and no name may come twice. tar.gz is inflated in a thread of its own; memory is flat.
// Entry::executable is the archive's own bit.
// Throws Error (unsafe) that names the archive, the entry and the rule; interrupted; what `sink` throws.
void unpack(File& file, const UnpackOptions& options, tree::TreeSink& sink, const std::stop_token& stop);

}  // namespace gopack::archive
