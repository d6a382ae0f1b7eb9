#include "unicode.hpp"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "gopack/base/ascii.hpp"
#include "gopack/base/error.hpp"
#include "gopack/tree/fold.hpp"

namespace gopack::tree {

namespace {

const utf8proc_uint8_t* data(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

std::string map(std::string_view text, int options, utf8proc_custom_func custom) {
  utf8proc_uint8_t* raw = nullptr;
  const auto size = utf8proc_map_custom(data(text), static_cast<utf8proc_ssize_t>(text.size()), &raw,
                                        static_cast<utf8proc_option_t>(options), custom, nullptr);
  const std::unique_ptr<utf8proc_uint8_t, decltype([](utf8proc_uint8_t* p) { std::free(p); })> mapped(raw);
  if (size < 0) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot read the name \"{}\": {}", printable(text), utf8proc_errmsg(size)));
  }
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size)};
}

}  // namespace

bool is_letter(std::string_view sequence) {
  utf8proc_int32_t codepoint = -1;
  utf8proc_iterate(data(sequence), static_cast<utf8proc_ssize_t>(sequence.size()), &codepoint);
  const auto category = utf8proc_category(codepoint);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_composed(std::string_view text) {
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE, nullptr) == text;
}

std::string fold(std::string_view path) {
  if (std::all_of(path.begin(), path.end(), [](char c) { return (c & 0x80) == 0; })) {
    std::string folded(path);
    std::transform(folded.begin(), folded.end(), folded.begin(), ascii_lower);
    return folded;
  }
  // To upper case and back first: folding alone keeps İ and ı apart from i.
  return map(path, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD,
             [](utf8proc_int32_t codepoint, void*) { return utf8proc_tolower(utf8proc_toupper(codepoint)); });
}

}  // namespace gopack::tree
