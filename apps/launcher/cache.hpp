// What a data directory has from the bundle: modules, and a build cache that was filled by
// `gopack bundle --warm`.
#pragma once

#include <string>

#include "host.hpp"

namespace gopack::launcher {

// Once a day the go command deletes what has not been used for five days by its times, which a copied or old
// medium has wrong: it must not think that a day is over. The cache of another data directory starts as links
// to the bundle's, or as a copy where there are no links. Does nothing for a bundle without such a cache.
void keep_warm_cache(const std::string& bundle, const std::string& data, const Host& host);

// Another data directory has the modules of the bundle as links in its own module cache, or as copies: what
// Go never changes, and the answers of the checksum database. Done anew when the bundle has moved or gopack
// has put modules there. Does nothing for a bundle without modules.
void share_modules(const std::string& bundle, const std::string& data, const Host& host);

}  // namespace gopack::launcher
