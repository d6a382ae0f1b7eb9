// fetch: releases from sources into the store's downloads/, verified.
#pragma once

#include <vector>

#include "gopack/acquire/acquire.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// Takes the store's lock; everything else as acquire::fetch() does it.
std::vector<acquire::Fetched> fetch(const Session& session, const acquire::Request& request);

}  // namespace gopack::workflow
