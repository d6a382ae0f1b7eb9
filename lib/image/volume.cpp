#include "volume.hpp"

#include "exfat.hpp"
#include "fat32.hpp"

namespace gopack::image {

std::unique_ptr<Volume> make_volume(Filesystem filesystem) {
  switch (filesystem) {
    case Filesystem::exfat:
      return std::make_unique<ExfatVolume>();
    case Filesystem::fat32:
      return std::make_unique<Fat32Volume>();
  }
  return nullptr;
}

}  // namespace gopack::image
