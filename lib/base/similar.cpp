#include "gopack/base/similar.hpp"

#include <algorithm>
#include <cctype>
#include <limits>

namespace gopack {

namespace {

std::string in_lower_case(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// Optimal string alignment: a row for each character of `a`, of which the last three matter.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> find_similar(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 100;  // nobody means anything by more
  if (word.size() < 2 || word.size() > kLongest) return std::nullopt;
  const auto wanted = in_lower_case(word);
  const std::string* nearest = nullptr;
  auto least = std::numeric_limits<std::size_t>::max();
  for (const auto& candidate : known) {
    const auto text = in_lower_case(candidate);
    const auto away = text.starts_with(wanted) ? std::min<std::size_t>(1, text.size() - wanted.size())
                                               : distance(wanted, text);
    const auto most = std::max<std::size_t>(1, std::min(wanted.size(), text.size()) / 3);
    if (away > most || away >= least) continue;
    least = away;
    nearest = &candidate;
  }
  return nearest == nullptr ? std::nullopt : std::optional(*nearest);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known,
                         std::string_view otherwise) {
  const auto similar = find_similar(word, known);
  if (!similar) return std::string(otherwise);
  auto question = "did you mean \"" + *similar + "\"?";
  return otherwise.empty() ? question : question + " " + std::string(otherwise);
}

}  // namespace gopack
