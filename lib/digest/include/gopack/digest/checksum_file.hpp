// Files that hold SHA-256 digests in the form of sha256sum: "SHA256SUMS" beside many archives,
// "<archive>.sha256" beside one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "gopack/digest/sha256.hpp"

namespace gopack::digest {

// The digest at the start of a ".sha256" file: 64 hex digits, alone or before a blank and a name. Nothing
// for any other text, e.g. the HTML page that some servers send for files they do not have.
std::optional<Sha256> parse_checksum_file(std::string_view text);

// Digests by file name from lines "<hex>  <name>" or "<hex> *<name>"; other lines are passed over.
std::map<std::string, Sha256> parse_checksum_list(std::string_view text);

}  // namespace gopack::digest
