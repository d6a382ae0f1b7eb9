#include "render/report_file.hpp"

namespace gopack::app {

ReportFile::ReportFile(const std::string& file)
    : path_(std::filesystem::absolute(file)), directory_(Dir::open(path_.parent_path())) {}

std::string ReportFile::write(const std::vector<trim::Report>& reports) {
  directory_.replace_text(path_.filename(), trim::render_report(reports), false);
  return path_.string();
}

}  // namespace gopack::app
