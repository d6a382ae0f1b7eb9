#include "render/report_file.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::app {

ReportFile::ReportFile(const std::string& file)
    : path_(std::filesystem::absolute(file)), directory_(Dir::open(path_.parent_path())) {}

std::string ReportFile::write(const std::vector<trim::Report>& reports) {
  replace_text(directory_, path_.filename().string(), trim::render_report(reports), false);
  return path_.string();
}

}  // namespace gopack::app
