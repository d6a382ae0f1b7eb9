// The page of a report, in a file that the user named.
#pragma once

#include <string>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/trim/report.hpp"

namespace gopack::app {

class ReportFile {
 public:
  // Opens the directory, so that a wrong one shows before any work is done. Throws Error, usage for a name in
  // /dev that is not there to be written to.
  explicit ReportFile(const std::string& file);
  // Writes the page, replacing a file of that name, but into a pipe, /dev/null or /dev/stdout; returns its
  // absolute path.
  std::string write(const std::vector<trim::Report>& reports);

 private:
  std::filesystem::path path_;
  Dir directory_;
  bool is_stream_;
};

}  // namespace gopack::app
