#include "render/report_file.hpp"

#include <fmt/format.h>

#include <fstream>

#include "gopack/base/error.hpp"
#include "gopack/base/mount.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::app {

namespace {

namespace fs = std::filesystem;

// Whether the page is to be written into what is there, such as a pipe or /dev/stdout: a file that is renamed
// over that would take its place.
bool takes_bytes(const fs::path& path) {
  std::error_code ignored;
  const auto status = fs::status(path, ignored);
  if (fs::is_character_file(status) || fs::is_fifo(status)) return true;
  const auto directory = path.parent_path();
  const bool is_open_file = fs::is_symlink(fs::symlink_status(path, ignored)) &&
                            (directory == "/dev/fd" || stands_for_device(directory));
  return is_open_file && fs::is_regular_file(status);
}

void write_into(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << text << std::flush;
  if (!out) throw Error(ErrorKind::failed, fmt::format("cannot write the report to {}", printable(path)));
}

}  // namespace

ReportFile::ReportFile(const std::string& file)
    : path_(fs::absolute(file)), directory_(Dir::open(path_.parent_path())), is_stream_(takes_bytes(path_)) {
  if (is_stream_ || !stands_for_device(path_.parent_path())) return;
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot write the report {}: what lies below /dev stands for devices", printable(path_)))
      .with_hint("name a file elsewhere");
}

std::string ReportFile::write(const std::vector<trim::Report>& reports) {
  if (is_stream_) {
    write_into(path_, trim::render_report(reports));
    return path_.string();
  }
  replace_text(directory_, path_.filename().string(), trim::render_report(reports), false);
  return path_.string();
}

}  // namespace gopack::app
