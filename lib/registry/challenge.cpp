#include "challenge.hpp"

#include <algorithm>

#include "gopack/base/ascii.hpp"

namespace gopack::registry {

namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  void skip(std::string_view any) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(any), rest_.size()));
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string take_token() {
    const auto length = std::min(rest_.find_first_of(" \t,=\""), rest_.size());
    std::string token(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return token;
  }
  std::string take_name() {
    auto name = take_token();
    std::transform(name.begin(), name.end(), name.begin(), ascii_lower);
    return name;
  }
  // A token, or a text in quotes.
  std::string take_value() {
    if (!take('"')) return take_token();
    std::string value;
    while (!rest_.empty() && !take('"')) {
      take('\\');
      if (rest_.empty()) break;
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    return value;
  }

 private:
  std::string_view rest_;
};

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> challenges;
  Reader reader(header);
  for (reader.skip(" \t,"); !reader.is_at_end(); reader.skip(" \t,")) {
    auto name = reader.take_name();
    if (name.empty()) break;
    reader.skip(" \t");
    if (!reader.take('=')) {
      challenges.push_back({std::move(name), {}});
      continue;
    }
    reader.skip(" \t");
    if (challenges.empty()) break;
    challenges.back().parameters[std::move(name)] = reader.take_value();
  }
  return challenges;
}

}  // namespace gopack::registry
