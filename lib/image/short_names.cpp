#include "short_names.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

namespace gopack::image {

namespace {

constexpr std::size_t kBase = 8;
constexpr std::size_t kExtension = 3;

char to_upper(char16_t unit) {
  return static_cast<char>(unit >= u'a' && unit <= u'z' ? unit - u'a' + u'A' : unit);
}

bool is_taken_as_it_is(char16_t unit) {
  constexpr std::u16string_view kMarks = u"$%'-_@~`!(){}^#&";
  return (unit >= u'A' && unit <= u'Z') || (unit >= u'0' && unit <= u'9') ||
         kMarks.find(unit) != std::u16string_view::npos;
}

struct Split {
  std::u16string_view base;
  std::u16string_view extension;
};
Split split(std::u16string_view name) {
  const auto dot = name.rfind(u'.');
  if (dot == std::u16string_view::npos || dot == 0) return {name, {}};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

// What a short name has of a part of a long one: blanks and dots go, what FAT does not take becomes "_".
std::string to_short(std::u16string_view part, std::size_t most) {
  std::string text;
  for (const auto unit : part) {
    if (unit == u' ' || unit == u'.') continue;
    if (unit >= 0xDC00 && unit <= 0xDFFF) continue;  // the second half of one character
    if (text.size() == most) break;
    const char upper = unit < 0x80 ? to_upper(unit) : '_';
    text += is_taken_as_it_is(static_cast<unsigned char>(upper)) ? upper : '_';
  }
  return text;
}

ShortName join(std::string_view base, std::string_view extension) {
  ShortName name;
  name.fill(' ');
  std::copy(base.begin(), base.end(), name.begin());
  std::copy(extension.begin(), extension.end(), name.begin() + kBase);
  return name;
}

class Namer {
 public:
  void take(const std::u16string& name) {
    const auto [base, extension] = split(name);
    taken_.insert(join(to_short(base, kBase), to_short(extension, kExtension)));
  }

  ShortName shorten(const std::u16string& name) {
    const auto parts = split(name);
    const auto base = to_short(parts.base, kBase);
    const auto extension = to_short(parts.extension, kExtension);
    auto& number = numbers_[join(base, extension)];
    while (true) {
      const auto tail = "~" + std::to_string(++number);
      const auto made = join(base.substr(0, kBase - tail.size()) + tail, extension);
      if (taken_.insert(made).second) return made;
    }
  }

 private:
  std::set<ShortName> taken_;
  std::map<ShortName, std::size_t> numbers_;  // last ones, of what names begin with
};

}  // namespace

bool is_short_name(const std::u16string& name) {
  const auto [base, extension] = split(name);
  return !base.empty() && base.size() <= kBase && extension.size() <= kExtension &&
         extension.empty() == (name.size() == base.size()) &&
         std::all_of(base.begin(), base.end(), is_taken_as_it_is) &&
         std::all_of(extension.begin(), extension.end(), is_taken_as_it_is);
}

std::vector<ShortName> short_names(const Nodes& nodes, const std::vector<std::size_t>& children) {
  Namer namer;
  for (const auto child : children) {
    if (is_short_name(nodes[child].name)) namer.take(nodes[child].name);
  }
  std::vector<ShortName> names;
  for (const auto child : children) {
    const auto& name = nodes[child].name;
    const auto [base, extension] = split(name);
    names.push_back(is_short_name(name) ? join(to_short(base, kBase), to_short(extension, kExtension))
                                        : namer.shorten(name));
  }
  return names;
}

}  // namespace gopack::image
