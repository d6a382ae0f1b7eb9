// Trees as streams of files: the second of gopack's two kinds of stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "gopack/base/bytes.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/tree/rel_path.hpp"

namespace gopack::tree {

// One regular file. Directories exist because files lie in them; nothing else is in a tree.
struct Entry {
  RelPath path;
  bool executable = false;
  std::uint64_t size = 0;  // bytes, as announced by whoever produces the tree
  // Of last modification, in seconds since 1970, by an archive that says so; no part of the tree.
  std::optional<std::int64_t> time = std::nullopt;
  // Of the content, where the producer hashes it: known at once or, at the latest, when all of it has been
  // read.
  const std::optional<digest::Sha256>* sha256 = nullptr;
  // The start of the content, as far as trim/filter.hpp looks at it, where the producer has it at hand.
  std::optional<std::string_view> head = std::nullopt;
};

// Of all of the content: what the producer knows or, where it does not, of what is read now.
digest::Sha256 digest_of(const Entry& entry, ByteSource& content);

class TreeSink {
 public:
  virtual ~TreeSink() = default;
  // Takes one file. `content` may be read to its end, in part or not at all: a stage that drops the file
  // leaves it unread, and the producer skips the rest. Throws Error. Called by one thread at a time.
  virtual void add(const Entry& entry, ByteSource& content) = 0;
};

}  // namespace gopack::tree
