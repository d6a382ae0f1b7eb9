#include "release_time.hpp"

#include "gopack/release/sdk_layout.hpp"

namespace gopack::workflow {

void set_release_time(store::Staging& staging, std::optional<std::int64_t> version_time) {
  const auto tree = staging.directory().open_dir("tree");
  const auto written =
      release::parse_release_time(find_text(tree, "VERSION", release::kLargestVersionFile).value_or(""));
  const auto shared = tree.find("VERSION");
  const auto time = written ? written : version_time;
  if (time || shared) staging.writer().set_times(time ? *time : shared->mtime);
}

}  // namespace gopack::workflow
