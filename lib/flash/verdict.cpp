#include "verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace gopack::flash {

namespace {

// Where each content belongs; nothing of those that are there several times, such as zeros.
std::map<digest::Sha256, std::optional<std::uint64_t>> places_of(const std::vector<Expected>& expected) {
  std::map<digest::Sha256, std::optional<std::uint64_t>> places;
  for (const auto& piece : expected) {
    const auto [known, is_new] = places.emplace(piece.sha256, piece.begin);
    if (!is_new) known->second.reset();
  }
  return places;
}

// The distance of two places that are one on the disk: its real size, or a multiple.
std::optional<std::uint64_t> find_wrap(const std::vector<Expected>& expected, const ReadBack& read_back) {
  const auto places = places_of(expected);
  std::optional<std::uint64_t> wrap;
  const auto look = [&](const digest::Sha256& found, std::uint64_t begin) {
    const auto place = places.find(found);
    if (place == places.end() || !place->second || *place->second <= begin) return;
    wrap = std::min(wrap.value_or(UINT64_MAX), *place->second - begin);
  };
  if (read_back.wiped) look(*read_back.wiped, 0);
  for (const auto& misread : read_back.misreads)
    if (!misread.is_blank) look(misread.found, expected[misread.piece].begin);
  return wrap;
}

}  // namespace

std::optional<Verdict> judge(const std::vector<Expected>& expected, const ReadBack& read_back) {
  if (read_back.count == 0 && !read_back.wiped) return std::nullopt;
  if (const auto wrap = find_wrap(expected, read_back)) {
    return Verdict{Result::fake,
                   fmt::format("it has less room than it claims: what is written behind byte {} "
                               "replaces what is at its start",
                               *wrap)};
  }
  // One piece alone may be damaged as any other.
  const bool is_end_lost = read_back.bad_at_end > 1 || (read_back.bad_at_end == 1 && read_back.count == 1 &&
                                                        read_back.misreads.back().is_blank);
  if (is_end_lost && read_back.bad_at_end == read_back.count) {
    const auto begin = expected[expected.size() - read_back.bad_at_end].begin;
    return Verdict{Result::fake,
                   fmt::format("it has less room than it claims: it keeps nothing from byte {} on", begin)};
  }
  if (read_back.count == 0) return Verdict{Result::damaged, "its first MiB does not keep what is written"};
  return Verdict{Result::damaged, fmt::format("{} of {} pieces of 1 MiB read back differently, the first one "
                                              "at byte {}",
                                              read_back.count, expected.size(),
                                              expected[read_back.misreads.front().piece].begin)};
}

}  // namespace gopack::flash
