// A build cache that was filled by `gopack bundle --warm`.
#pragma once

#include <string>

#include "host.hpp"

namespace gopack::launcher {

// Once a day the go command deletes what has not been used for five days by its times, which a copied or old
// medium has wrong: it must not think that a day is over. The cache of another data directory starts as links
// to the bundle's, or as a copy where there are no links. Does nothing for a bundle without such a cache.
void keep_warm_cache(const std::string& bundle, const std::string& data, const Host& host);

}  // namespace gopack::launcher
