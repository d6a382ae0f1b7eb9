// fetch: releases from sources into the store's downloads/, verified.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gopack/digest/openpgp.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/source/source.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What the user wants to see proved, whatever else proves it: the archive by the project's lock file; the
// digest by the index of the official site; the contents by the checksum database; the archive by the
// detached signature beside it.
enum class Proof { lock, index, sumdb, signature };

struct ProofOptions {
  std::set<Proof> required;  // all of them
  bool allow_unverified = false;
  digest::SigningKey signing_key;  // for signatures
};

// "lock", "index", "sumdb", "signature"; each text may hold several, separated by commas. Throws Error
// (usage).
std::set<Proof> parse_proofs(const std::vector<std::string>& texts);

struct FetchOptions {
  std::vector<std::string> selectors;
  std::vector<std::string> platforms;  // none: host
  std::vector<std::string> sources;    // tried in order
  release::SelectorOptions which;
  std::optional<digest::Sha256> sha256;  // given by the user, for exactly one archive
  ProofOptions proof;
  std::filesystem::path lock_file;  // of the project; empty: there is none
  bool update_lock = false;         // what is fetched replaces what it names
  bool allow_older = false;         // a source may offer older releases than it did before
};

struct Fetched {
  store::Archive archive;
  bool was_there = false;
};

// Before a store is made: the sources from the first one on that has what the selectors choose, of those in
// the options. Writes nothing. Throws Error as fetch() does where none has it.
std::vector<std::string> answering_sources(const Session& session, const FetchOptions& options);

// Takes the store's lock. Releases that downloads/ already has are not fetched again; where they are all
// named exactly and nothing is required of them, no source is asked; what is required is proved of archives
// that are there, too. A source that no longer has the newest release it was seen to have, where not an exact
// name chooses it, is an Error (integrity). A source that cannot be reached or lacks a release is passed over
// with a note. Sorted by version and platform. Throws Error.
// What the lock file names must be as it says, or is an Error (integrity) with both digests, and is proved by
// it before everything else; what it does not name is added. Where Proof::lock is required, selectors choose
// among what it names.
std::vector<Fetched> fetch(const Session& session, const FetchOptions& options);

// Fetches one archive that a manifest names again, from whichever source has exactly those bytes.
store::Archive fetch_again(const Session& session, const tree::Origin& origin,
                           const std::vector<std::string>& sources);

// Every archive that the first source that answers has.
struct Remote {
  std::string source;
  std::vector<source::Offer> offers;
};
Remote list_remote(const Session& session, const std::vector<std::string>& sources);

}  // namespace gopack::workflow
