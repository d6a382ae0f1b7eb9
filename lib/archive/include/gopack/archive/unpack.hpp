// Archives as trees. Only what official Go archives contain is accepted: regular files and directories
// with safe names below one top directory; everything else is refused with the entry's name and the rule.
// Archives that two programs could read in two ways are refused too. Nothing here writes files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "gopack/archive/index.hpp"
#include "gopack/base/file.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::archive {

enum class Format { tar_gz, zip };

// By the first bytes, not by the name. Throws Error (unsafe) for anything else, saying so when it starts like
// the web page that captive portals and proxies send instead of an archive.
Format require_format(const File& file);

// Which files have a head in the index, and which part of their first kHeadBytes it is.
struct HeadChoice {
  bool (*is_wanted)(std::string_view path) = [](std::string_view) { return false; };
  std::string_view (*cut)(std::string_view path, std::string_view first_bytes) = nullptr;
};
inline constexpr std::size_t kHeadBytes = 16 << 10;

struct UnpackOptions {
  std::string
      root;  // the one top directory, without slash; "go" or a module's root. Stripped from the paths.
  Limits limits;
  HeadChoice heads = {};
};

// Gives every file of the archive to `sink`, in the archive's order, from the file's start to its very end,
// whatever its position is. Checked are all headers, the gzip CRC-32 and length, the tar end marker, that a
// zip's central directory and local headers agree and its entries fill the file, and size and, in zip, the
// CRC-32 of each content, also of what `sink` leaves unread. Names that differ in case or Unicode form alone
// count as the same, and no name may come twice. tar.gz is inflated in a thread of its own; memory is flat.
// Entry::executable is the archive's own bit. Returns the index of what was given.
// Throws Error (unsafe) that names the archive, the entry and the rule; interrupted; what `sink` throws.
Index unpack(File& file, const UnpackOptions& options, tree::TreeSink& sink, const std::stop_token& stop);

}  // namespace gopack::archive
