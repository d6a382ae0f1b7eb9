#include "dos_time.hpp"

#include <algorithm>
#include <chrono>

namespace gopack::image {

DosTime to_dos_time(std::int64_t seconds) {
  using namespace std::chrono;
  constexpr sys_seconds kFirst = sys_days(year(1980) / January / 1);
  constexpr sys_seconds kLast = sys_days(year(2108) / January / 1) - 1s;
  const auto time = std::clamp(sys_seconds(std::chrono::seconds(seconds)), kFirst, kLast);
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const auto packed_date = static_cast<std::uint32_t>(static_cast<int>(date.year()) - 1980) << 9 |
                           static_cast<unsigned>(date.month()) << 5 | static_cast<unsigned>(date.day());
  const auto packed_time = static_cast<std::uint32_t>(clock.hours().count()) << 11 |
                           static_cast<std::uint32_t>(clock.minutes().count()) << 5 |
                           static_cast<std::uint32_t>(clock.seconds().count() / 2);
  return {packed_date << 16 | packed_time, static_cast<std::uint8_t>(clock.seconds().count() % 2 * 100)};
}

}  // namespace gopack::image
