// Times as FAT and exFAT keep them. Private to image.
#pragma once

#include <cstdint>

namespace gopack::image {

struct DosTime {
  std::uint32_t date_and_time = 0;  // the date in the upper half, steps of two seconds
  std::uint8_t hundredths = 0;      // of a second, to be added: 0 or 100
};

// Of seconds since 1970, in UTC. What is before 1980 or after 2107 becomes the nearest time there is.
DosTime to_dos_time(std::int64_t seconds);

}  // namespace gopack::image
