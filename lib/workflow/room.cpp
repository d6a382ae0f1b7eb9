#include "room.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::workflow {

void Need::require(std::string_view what) const {
  if (fits()) return;
  const auto reason =
      files_ > space_.files
          ? fmt::format("{} files are to be made there, {} are possible", files_, space_.files)
          : fmt::format("{:.1f} MB are needed there (blocks of {} bytes), {:.1f} MB are free",
                        static_cast<double>(bytes_) / 1e6, space_.block_size,
                        static_cast<double>(space_.available) / 1e6);
  throw Error(ErrorKind::noroom, fmt::format("cannot {}: {}", what, reason))
      .with_hint("free some space there, choose fewer releases, or a smaller profile");
}

}  // namespace gopack::workflow
