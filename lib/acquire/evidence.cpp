#include "gopack/acquire/evidence.hpp"

#include <fmt/format.h>

#include <map>

#include "gopack/base/error.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/release/releases.hpp"

namespace gopack::acquire {

std::set<Evidence> parse_evidence(const std::vector<std::string>& texts) {
  static const std::map<std::string, Evidence> kEvidence{{"lock", Evidence::lock},
                                                         {"index", Evidence::index},
                                                         {"sumdb", Evidence::sumdb},
                                                         {"signature", Evidence::signature}};
  std::set<Evidence> evidence;
  for (const auto& word : release::split_commas(texts)) {
    const auto at = kEvidence.find(word);
    if (at == kEvidence.end()) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot require \"{}\": there is no such evidence", printable(word)))
          .with_hint(did_you_mean(word, {"lock", "index", "sumdb", "signature"},
                                  "what can be required is lock, index, sumdb and signature"));
    }
    evidence.insert(at->second);
  }
  return evidence;
}

}  // namespace gopack::acquire
