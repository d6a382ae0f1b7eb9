// How large a volume becomes. Private to image.
#pragma once

#include "volume.hpp"

namespace gopack::image {

// Of the volume that holds these nodes, whose directories have their sizes, and is as large as `parameters`
// ask for. `around` are the bytes of the image before and behind it. Throws Error (noroom) that says what
// does not fit, or what the filesystem cannot have.
Geometry choose_geometry(const Volume& volume, const Parameters& parameters, const Nodes& nodes,
                         std::uint64_t around);

}  // namespace gopack::image
