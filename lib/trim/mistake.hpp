// What is wrong with a profile, and where. Mistakes are collected, so that one look at a file shows them all.
#pragma once

#include <string>
#include <vector>

namespace gopack::trim {

struct Position {
  int line = 1;    // from 1
  int column = 1;  // from 1
};

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
