// fetch: releases from sources into the store's downloads/, verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/digest/sha256.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/source/source.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

struct FetchOptions {
  std::vector<std::string> selectors;
  std::vector<std::string> platforms;  // none: host
  std::vector<std::string> sources;    // tried in order
  release::SelectorOptions which;
  std::optional<digest::Sha256> sha256;  // given by the user, for exactly one archive
  bool check_sumdb = false;              // official archives against the checksum database as well
  bool allow_unverified = false;
};

struct Fetched {
  store::Archive archive;
  bool was_there = false;
};

// Takes the store's lock. Releases that downloads/ already has are not fetched again; where they are all
// named exactly, no source is asked. A source that cannot be reached or lacks a release is passed over with a
// note. Sorted by version and platform. Throws Error.
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
