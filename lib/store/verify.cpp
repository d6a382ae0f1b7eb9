#include "gopack/store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/report.hpp"

namespace gopack::store {

namespace {

using tree::ManifestFile;

// The files of one directory, which are neighbours in the manifest's order or not: "a.go" sorts between
// "a/x" and "a0". One list a directory lets each directory be opened once.
struct DirectoryPlan {
  std::string path;  // empty for the root
  std::vector<const ManifestFile*> files;
  std::vector<std::string> subdirectories;  // names
};

std::map<std::string, DirectoryPlan, std::less<>> plan_directories(const std::vector<ManifestFile>& files) {
  std::map<std::string, DirectoryPlan, std::less<>> plans;
  plans[""];
  for (const auto& file : files) {
    auto path = file.path.parent();
    plans[std::string(path)].files.push_back(&file);
    while (!path.empty()) {
      const auto slash = path.rfind('/');
      const auto parent = path.substr(0, slash == std::string_view::npos ? 0 : slash);
      auto& names = plans[std::string(parent)].subdirectories;
      std::string name(path.substr(slash == std::string_view::npos ? 0 : slash + 1));
      if (std::find(names.begin(), names.end(), name) != names.end()) break;
      names.push_back(std::move(name));
      path = parent;
    }
  }
  for (auto& [path, plan] : plans) plan.path = path;
  return plans;
}

Dir open_below(const Dir& root, std::string_view path) {
  auto dir = root.open_dir(std::string(path.substr(0, path.find('/'))));
  while (path.find('/') != std::string_view::npos) {
    path.remove_prefix(path.find('/') + 1);
    dir = dir.open_dir(std::string(path.substr(0, path.find('/'))));
  }
  return dir;
}

// Collects what the threads find.
class Findings {
 public:
  void add(Problem problem) {
    const std::lock_guard lock(mutex_);
    problems_.push_back(std::move(problem));
  }
  void count_mode(bool executable) {
    (executable ? executables_ : plain_files_).fetch_add(1, std::memory_order_relaxed);
  }
  // Filesystems without modes show all files alike.
  bool modes_are_kept() const { return executables_ != 0 && plain_files_ != 0; }
  std::vector<Problem> take() { return std::move(problems_); }

 private:
  std::mutex mutex_;
  std::vector<Problem> problems_;  // guarded by mutex_
  std::atomic<std::size_t> executables_{0};
  std::atomic<std::size_t> plain_files_{0};
};

constexpr const char* kExecutable = "executable";
constexpr const char* kNotExecutable = "not executable";

void verify_file(const Dir& dir, const ManifestFile& file, Depth depth, Findings& findings) {
  const std::string name(file.path.name());
  const auto changed = [&](std::string expected, std::string found) {
    findings.add({Problem::Kind::changed, file.path.text(), std::move(expected), std::move(found)});
  };
  const auto status = dir.find(name);
  if (!status) return findings.add({Problem::Kind::missing, file.path.text(), "", ""});
  if (status->type != FileType::file) return changed("a regular file", "something else");
  const bool executable = (status->mode & 0111) != 0;
  findings.count_mode(executable);
  if (executable != file.executable) {
    changed(file.executable ? kExecutable : kNotExecutable, executable ? kExecutable : kNotExecutable);
  }
  if (status->size != file.size)
    return changed(fmt::format("{} bytes", file.size), fmt::format("{} bytes", status->size));
  if (depth == Depth::names) return;
  const auto found = digest::hash(dir.open_file(name));
  if (found != file.sha256) changed("sha256 " + file.sha256.hex(), "sha256 " + found.hex());
}

void find_foreign(const Dir& dir, const DirectoryPlan& plan, Findings& findings) {
  std::set<std::string_view> planned(plan.subdirectories.begin(), plan.subdirectories.end());
  for (const auto* file : plan.files) planned.insert(file->path.name());
  for (const auto& name : dir.names()) {
    if (planned.contains(name)) continue;
    findings.add({Problem::Kind::foreign, plan.path.empty() ? name : plan.path + "/" + name, "", ""});
  }
}

void verify_directory(const Dir& root, const DirectoryPlan& plan, Depth depth, Findings& findings) {
  std::optional<Dir> dir;
  try {
    dir = plan.path.empty() ? Dir::open(root.path()) : open_below(root, plan.path);
  } catch (const Error&) {
    for (const auto* file : plan.files) findings.add({Problem::Kind::missing, file->path.text(), "", ""});
    return;
  }
  find_foreign(*dir, plan, findings);
  for (const auto* file : plan.files) verify_file(*dir, *file, depth, findings);
}

}  // namespace

std::string_view to_string(Problem::Kind kind) {
  switch (kind) {
    case Problem::Kind::missing:
      return "missing";
    case Problem::Kind::changed:
      return "changed";
    case Problem::Kind::foreign:
      return "foreign";
  }
  return "changed";
}

std::vector<Problem> verify_tree(const Dir& dir, const std::vector<ManifestFile>& files, Depth depth,
                                 unsigned jobs, const std::stop_token& stop) {
  const auto plans = plan_directories(files);
  std::vector<const DirectoryPlan*> queue;
  for (const auto& [path, plan] : plans) queue.push_back(&plan);
  // Large files first, so that no thread is left alone with the compiler at the end.
  const auto bytes = [](const DirectoryPlan* plan) {
    std::uint64_t total = 0;
    for (const auto* file : plan->files) total += file->size;
    return total;
  };
  std::sort(queue.begin(), queue.end(), [&](auto* a, auto* b) { return bytes(a) > bytes(b); });

  Findings findings;
  run_parallel(queue.size(), jobs, [&](std::size_t i) {
    throw_if_stopped(stop);
    verify_directory(dir, *queue[i], depth, findings);
  });

  auto problems = findings.take();
  if (!findings.modes_are_kept()) {
    std::erase_if(problems,
                  [](const Problem& p) { return p.expected == kExecutable || p.expected == kNotExecutable; });
  }
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return a.path < b.path; });
  return problems;
}

}  // namespace gopack::store
