// The page of a report, in a file that the user named.
#pragma once

#include <string>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/trim/report.hpp"

namespace gopack::app {

class ReportFile {
 public:
  // Opens the directory, so that a wrong one shows before any work is done. Throws Error.
  explicit ReportFile(const std::string& file);
  // Writes the page, replacing a file of that name; returns its absolute path.
  std::string write(const std::vector<trim::Report>& reports);

 private:
  std::filesystem::path path_;
  Dir directory_;
};

}  // namespace gopack::app
