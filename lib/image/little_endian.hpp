// Numbers in on-disk structures, the lowest byte first. Private to image.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gopack::image {

// Writes the lowest `size` bytes of `value` at `offset`.
inline void put(std::string& record, std::size_t offset, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i) record.at(offset + i) = static_cast<char>(value >> (8 * i));
}

// The number in `size` bytes at `offset`, which the record has.
inline std::uint64_t get(std::string_view record, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(record.at(offset + i))} << (8 * i);
  return value;
}

inline void put_text(std::string& record, std::size_t offset, std::string_view text) {
  record.replace(offset, text.size(), text);
}

inline void append(std::string& record, std::size_t size, std::uint64_t value) {
  record.resize(record.size() + size);
  put(record, record.size() - size, size, value);
}

constexpr std::uint64_t quotient_up(std::uint64_t dividend, std::uint64_t divisor) {
  return (dividend + divisor - 1) / divisor;
}

constexpr std::uint64_t round_up(std::uint64_t value, std::uint64_t step) {
  return quotient_up(value, step) * step;
}

}  // namespace gopack::image
