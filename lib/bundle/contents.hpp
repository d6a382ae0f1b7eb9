// CONTENTS.txt of a bundle: for people, which Go lies here, from what, and how it is renewed. It follows from
// the manifests and changes with them, so SHA256SUMS does not list it.
#pragma once

#include <vector>

#include "gopack/bundle/files.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::bundle {

inline constexpr const char* kContents = "CONTENTS.txt";

BundleFile contents_file(std::vector<store::Tree> trees);

// Writes it anew where the bundle has it and its trees are others now. Whether it did. Throws Error.
bool renew_contents(const store::Store& bundle);

}  // namespace gopack::bundle
