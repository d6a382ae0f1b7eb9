#include "volume.hpp"

#include "exfat.hpp"

namespace gopack::image {

std::unique_ptr<Volume> make_volume(Filesystem filesystem) {
  switch (filesystem) {
    case Filesystem::exfat:
      return std::make_unique<ExfatVolume>();
  }
  return nullptr;
}

}  // namespace gopack::image
