// From selectors to proved archives in the store's downloads/. fetch() tries the sources in order; of one it
// chooses releases (release_choice.hpp), lets an ArchiveVerifier download and prove each archive, and records
// them in the project's lock file. What a source was seen to have is remembered, so that an old index in a
// new one's place is noticed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gopack/acquire/context.hpp"
#include "gopack/acquire/evidence.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/source/source.hpp"

namespace gopack::acquire {

// A source by the name that the user gave it.
struct OpenedSource {
  std::string name;
  std::shared_ptr<source::Source> source;
};

struct Request {
  std::vector<std::string> selectors;
  std::vector<std::string> platforms;  // none: host
  std::vector<std::string> sources;    // tried in order
  OpenedSource opened;                 // one of them that find_source() has asked already
  release::SelectorOptions which;
  std::optional<digest::Sha256> sha256;  // given by the user, for exactly one archive
  EvidenceOptions evidence;
  std::filesystem::path lock_file;  // of the project; empty: there is none
  bool update_lock = false;         // what is fetched replaces what it names
  bool allow_older = false;         // a source may offer older releases than it did before
};

struct Fetched {
  store::Archive archive;
  bool was_there = false;
};

// Throws Error (usage) when a lock file is to be used and there is none.
void check_lock_file(const Request& request);

// Before a store is made: takes those sources out of the request that come before the first one that has what
// the selectors choose. fetch() then does not ask that one for its list again. Writes nothing. Throws Error
// as fetch() does where none has it.
void find_source(const Context& context, Request& request);

// Releases that downloads/ already has are not fetched again; where all are named exactly and nothing is
// required of them, no source is asked; what is required is proved of archives that are present as well. A
// source that no longer has the newest release it was seen to have, where not an exact name chooses it, is an
// Error (integrity). A source that cannot be reached or lacks a release is passed over with a note. Sorted by
// version and platform. Throws Error. What the lock file names must be as it says, or is an Error (integrity)
// with both digests, and is proved by it before everything else; what it does not name is added. Where
// Evidence::lock is required, selectors choose among what it names.
std::vector<Fetched> fetch(const Context& context, const Request& request);

// Fetches one archive that a manifest names again, from whichever source has exactly those bytes.
store::Archive fetch_again(const Context& context, const tree::Origin& origin,
                           const std::vector<std::string>& sources);

// Every archive that the first source that answers has.
struct Remote {
  std::string source;
  std::vector<source::Offer> offers;
};
Remote list_remote(const Context& context, const std::vector<std::string>& sources);

}  // namespace gopack::acquire
