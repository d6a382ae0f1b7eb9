#include "gopack/store/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/report.hpp"
#include "gopack/tree/dir_chain.hpp"

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

using Plans = std::map<std::string, DirectoryPlan, std::less<>>;

Plans plan_directories(const std::vector<ManifestFile>& files) {
  Plans plans;
  plans[""];
  for (const auto& file : files) {
    auto path = file.path.parent();
    auto& plan = plans[std::string(path)];
    plan.files.push_back(&file);
    if (plan.files.size() > 1) continue;
    while (!path.empty()) {
      const auto parent = tree::parent_of(path);
      auto& names = plans[std::string(parent)].subdirectories;
      std::string name(path.substr(parent.empty() ? 0 : parent.size() + 1));
      if (std::find(names.begin(), names.end(), name) != names.end()) break;
      names.push_back(std::move(name));
      path = parent;
    }
  }
  for (auto& [path, plan] : plans) plan.path = path;
  return plans;
}

// Collects what the threads find.
class Findings {
 public:
  void add(Problem problem) {
    const std::lock_guard lock(mutex_);
    problems_.push_back(std::move(problem));
  }
  void count_mode(const std::string& name, bool executable) {
    if (!name.ends_with(".exe") && !name.ends_with(".bat"))
      (executable ? executables_ : plain_files_).fetch_add(1, std::memory_order_relaxed);
  }
  // Filesystems without modes show all files alike, but for those that Windows would execute ("showexec").
  bool modes_are_kept() const { return executables_ != 0 && plain_files_ != 0; }
  std::vector<Problem> take() { return std::move(problems_); }

 private:
  std::mutex mutex_;
  std::vector<Problem> problems_;  // guarded by mutex_
  std::atomic<std::size_t> executables_{0};
  std::atomic<std::size_t> plain_files_{0};
};

// Runs `read`. What cannot be read, for want of rights or since the medium fails, makes the rest no less
// worth reading: `files` count as changed then.
template <typename Read>
void try_reading(const std::vector<const ManifestFile*>& files, Findings& findings, Read read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    for (const auto* file : files)
      findings.add({Problem::Kind::changed, file->path.text(), "a readable file", error.text()});
  }
}

constexpr const char* kExecutable = "executable";
constexpr const char* kNotExecutable = "not executable";
constexpr const char* kExpectedReadOnly = "read-only";
constexpr const char* kFoundWritable = "writable";
constexpr std::uint32_t kWritableByOthers = 0022;  // the owner's right is what copies and editors leave

bool is_about_mode(const Problem& problem) {
  return problem.expected == kExecutable || problem.expected == kNotExecutable ||
         problem.expected == kExpectedReadOnly;
}

void verify_file(const Dir& dir, const ManifestFile& file, Depth depth, Findings& findings) {
  const std::string name(file.path.name());
  const auto changed = [&](std::string expected, std::string found) {
    findings.add({Problem::Kind::changed, file.path.text(), std::move(expected), std::move(found)});
  };
  const auto status = dir.find(name);
  if (!status) return findings.add({Problem::Kind::missing, file.path.text(), "", ""});
  if (status->type != FileType::file) return changed("a regular file", "something else");
  const bool executable = (status->mode & 0111) != 0;
  findings.count_mode(name, executable);
  if (executable != file.executable) {
    changed(file.executable ? kExecutable : kNotExecutable, executable ? kExecutable : kNotExecutable);
  } else if ((status->mode & kWritableByOthers) != 0) {
    changed(kExpectedReadOnly, kFoundWritable);
  }
  if (status->size != file.size)
    return changed(fmt::format("{} bytes", file.size), fmt::format("{} bytes", status->size));
  if (depth == Depth::names) return;
  auto problem = verify_content(file.path.text(), file.sha256, [&] {
    auto content = dir.open_file(name);
    if (depth == Depth::medium) content.forget();
    return digest::hash(content);
  });
  if (problem) findings.add(std::move(*problem));
}

void find_foreign(const std::vector<std::string>& names, const DirectoryPlan& plan, Findings& findings) {
  std::set<std::string_view> planned(plan.subdirectories.begin(), plan.subdirectories.end());
  for (const auto* file : plan.files) planned.insert(file->path.name());
  for (const auto& name : names) {
    if (planned.contains(name)) continue;
    findings.add({Problem::Kind::foreign, plan.path.empty() ? name : plan.path + "/" + name, "", ""});
  }
}

void verify_directory(tree::DirChain& directories, const DirectoryPlan& plan, Depth depth,
                      Findings& findings) {
  const Dir* dir = nullptr;
  try_reading(plan.files, findings, [&] {
    const auto* there = directories.find(plan.path);
    if (there == nullptr) {
      for (const auto* file : plan.files) findings.add({Problem::Kind::missing, file->path.text(), "", ""});
      return;
    }
    find_foreign(there->names(), plan, findings);
    dir = there;
  });
  if (dir == nullptr) return;
  for (const auto* file : plan.files)
    try_reading({file}, findings, [&] { verify_file(*dir, *file, depth, findings); });
}

// Neighbouring directories for one thread at a time.
struct Share {
  std::vector<const DirectoryPlan*> plans;
  std::uint64_t bytes = 0;
};

// The largest first, so that no thread is left alone with the compiler at the end.
std::vector<Share> share_out(const Plans& plans, std::size_t count) {
  std::vector<Share> shares;
  for (const auto& [path, plan] : plans) {
    if (shares.empty() || shares.back().plans.size() > plans.size() / count) shares.emplace_back();
    shares.back().plans.push_back(&plan);
    for (const auto* file : plan.files) shares.back().bytes += file->size;
  }
  std::sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.bytes > b.bytes; });
  return shares;
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

std::optional<Problem> verify_content(std::string path, const digest::Sha256& expected,
                                      const std::function<digest::Sha256()>& hash) {
  Problem problem{Problem::Kind::changed, std::move(path), "sha256 " + expected.hex(), ""};
  try {
    const auto found = hash();
    if (found == expected) return std::nullopt;
    problem.found = "sha256 " + found.hex();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    problem.found = error.text();
  }
  return problem;
}

std::vector<Problem> missing_files(const std::vector<ManifestFile>& files) {
  std::vector<Problem> problems;
  for (const auto& file : files) problems.push_back({Problem::Kind::missing, file.path.text(), "", ""});
  return problems;
}

std::vector<Problem> verify_tree(const Dir& dir, const std::vector<ManifestFile>& files, Depth depth,
                                 unsigned jobs, const std::stop_token& stop) {
  const auto plans = plan_directories(files);
  const auto shares = share_out(plans, std::size_t{jobs} * 16);
  Findings findings;
  run_parallel(shares.size(), jobs, [&](std::size_t i) {
    tree::DirChain directories(dir.open_dir("."));
    for (const auto* plan : shares[i].plans) {
      throw_if_stopped(stop);
      verify_directory(directories, *plan, depth, findings);
    }
  });

  auto problems = findings.take();
  if (!findings.modes_are_kept()) std::erase_if(problems, is_about_mode);
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return a.path < b.path; });
  return problems;
}

}  // namespace gopack::store
