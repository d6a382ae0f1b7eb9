// The proof that a trimmed SDK does what the whole release does: each of its capabilities is exercised with
// both on programs that gopack carries, and everything they build and say is compared.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/process.hpp"
#include "gopack/base/report.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/version.hpp"

namespace gopack::prove {

enum class Result {
  same,       // both did it, to the byte
  different,  // one did something else
  not_tried,  // this machine cannot (no C compiler)
};
std::string_view to_string(Result result);

// One check of one capability for one target.
struct Row {
  std::string capability;
  std::string check;   // "go test -race"
  std::string target;  // "linux/amd64"
  Result result = Result::same;
  std::string detail;  // how they differ: the first line that does; why it was not tried
};

struct Proof {
  std::vector<Row> rows;
  std::size_t count(Result result) const;
  // Something was tried and nothing differs.
  bool holds() const { return count(Result::same) > 0 && count(Result::different) == 0; }
  // Schema 1, docs/formats.md.
  std::string to_json(const std::string& id, const std::string& release) const;
};

// What such a JSON text says, in a few words: "36 checks proved on linux/amd64". Nothing for any other text.
std::optional<std::string> summarize(std::string_view json);

struct Subject {
  std::filesystem::path trimmed;  // GOROOTs
  std::filesystem::path whole;
  release::Version version;
  std::vector<release::Platform> platforms;  // that the trees run on
  std::vector<std::string> capabilities;     // to exercise
  std::vector<release::Platform> targets;    // to build for
  unsigned jobs = 1;                         // checks at a time
};

// `work` is an empty directory for programs, outputs and one build cache. The trimmed tree goes first, so
// that it compiles everything; the whole release then finds in the cache what has the same inputs, and
// compiles, and thereby shows, what has not. Both are reached by one path, so that outputs need no rewriting.
// Offline. Takes about twice as long as one cold `go build std`. Throws Error when the host is not among the
// platforms.
Proof prove(const Subject& subject, const std::filesystem::path& work, Reporter& reporter,
            const std::stop_token& stop);

// Every capability that there are checks for.
std::vector<std::string> provable_capabilities();

}  // namespace gopack::prove
