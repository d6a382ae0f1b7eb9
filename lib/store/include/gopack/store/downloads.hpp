// The verified archives of a store: downloads/<file>, each with a record <file>.json beside it that says
// what proved it, and perhaps an index <file>.index of what is in it (archive/index.hpp). An archive without
// a record is not one of ours.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"
#include "gopack/store/command_names.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

struct Archive {
  std::string file;  // its name in downloads/
  release::Version version;
  release::Platform platform;
  bool is_module = false;  // a toolchain module's zip rather than an official archive
  std::uint64_t bytes = 0;
  digest::Sha256 sha256;
  std::string source;  // where the bytes came from, without credentials
  std::string
      verified_by;  // e.g. "release index", "checksum database sum.example.org"; "nothing" if so allowed

  tree::Origin origin() const { return {file, platform.text(), sha256, source, verified_by}; }
};

class Downloads {
 public:
  // `directory` is the store's downloads/.
  explicit Downloads(Dir directory, CommandNames names = {})
      : directory_(std::move(directory)), names_(std::move(names)) {}

  // All recorded archives whose file is there and has their size, sorted by version, then platform, then
  // file.
  std::vector<Archive> list() const;
  std::optional<Archive> find(const std::string& file) const;
  // The same, whether or not the file is there and still is what it was.
  std::vector<Archive> list_records() const;
  std::optional<Archive> find_record(const std::string& file) const;
  // Whether its bytes are there, and those that were proved.
  bool is_whole(const Archive& archive) const;
  // Publishes a proved "<file>.part" as `archive`: renames it, then writes the record.
  void adopt(const std::string& part, const Archive& archive, bool durable) const;
  // Writes the record of an archive that is there anew.
  void record(const Archive& archive, bool durable) const;
  // The open archive, its bytes proved against the record just now. What is read from it afterwards is what
  // was proved: nobody replaces the file behind an open descriptor. Throws Error (integrity).
  File open_proved(const Archive& archive) const;
  // Some bytes that keep_index() has been given, or what has become of them; nothing when there are none.
  std::optional<std::string> find_index(const Archive& archive, std::uint64_t most) const;
  // Only saves work, so it is not flushed, and nothing happens where it cannot be written.
  void keep_index(const Archive& archive, std::string_view index) const;
  void drop_index(const std::string& file) const;
  void remove(const std::string& file) const;
  // What gopack itself has put there: regular files that have the name of an archive, or what it makes of one
  // (record, index, part, what a crash left of one). All else is the user's.
  std::vector<std::string> names() const;
  // The archive that a record or an index of this name is of; else the name.
  static std::string archive_of(const std::string& name);

  const Dir& directory() const { return directory_; }

 private:
  bool is_there(const Archive& archive) const;

  Dir directory_;
  CommandNames names_;
};

}  // namespace gopack::store
