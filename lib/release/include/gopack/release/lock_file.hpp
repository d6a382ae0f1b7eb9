// gopack.lock: which bytes the archives of a project have, for everybody who works on it (docs/formats.md).
// It is the user's file, kept with the project's sources.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"

namespace gopack::release {

struct LockedArchive {
  std::string file;
  Version version;
  Platform platform;
  std::uint64_t bytes = 0;
  digest::Sha256 sha256;
  std::string h1;           // a module's, which counts for it: proxies may pack the same files anew
  std::string verified_by;  // when it was locked

  // What manifests say of an archive that is the locked one.
  std::string proof() const;
};

class LockFile {
 public:
  // Reads it; one that is not there names no archive. Throws Error (usage) when it cannot be understood.
  explicit LockFile(const std::filesystem::path& path);

  std::string name() const;  // for messages
  const LockedArchive* find(const std::string& file) const;
  std::vector<LockedArchive> archives() const;

  // Takes it in, in place of what is named so.
  void put(LockedArchive archive);
  // Replaces the file. Throws Error.
  void save(bool durable) const;

 private:
  void read(const std::string& text);

  std::filesystem::path path_;
  std::map<std::string, LockedArchive> archives_;  // by file
};

}  // namespace gopack::release
