// What the user wants to see proved of an archive, whatever else proves it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "gopack/digest/openpgp.hpp"

namespace gopack::acquire {

enum class Evidence {
  lock,       // the archive, by the project's lock file
  index,      // the digest, by the index of the official site
  sumdb,      // the contents, by the checksum database
  signature,  // the archive, by the detached signature beside it
};

struct EvidenceOptions {
  std::set<Evidence> required;  // all of them
  bool allow_unverified = false;
  digest::SigningKey signing_key;  // for signatures
};

// "lock", "index", "sumdb", "signature"; each text may hold several, separated by commas. Throws Error
// (usage).
std::set<Evidence> parse_evidence(const std::vector<std::string>& texts);

}  // namespace gopack::acquire
