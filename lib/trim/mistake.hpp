// What is wrong with a profile, and where. Mistakes are collected, so that one look at a file shows them all.
#pragma once

#include <string>
#include <vector>

#include "gopack/yaml/document.hpp"

namespace gopack::trim {

using yaml::Position;

struct Mistake {
  std::string file;
  Position position;
  std::string message;
  std::string hint;

  // "FILE:LINE:COLUMN: message"
  std::string text() const;
};

using Mistakes = std::vector<Mistake>;

}  // namespace gopack::trim
