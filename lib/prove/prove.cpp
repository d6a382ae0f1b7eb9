#include "gopack/prove/prove.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

#include "checks.hpp"
#include "gopack/base/embedded.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/tree/dir_writer.hpp"

namespace gopack::prove {

// Generated from corpus/ (gopack_embed).
std::span<const EmbeddedFile> corpus_files();

namespace {

using release::Platform;

// One check for one target.
struct Task {
  const Check* check = nullptr;
  Platform target;
  std::filesystem::path product;  // what it is to write, where the check names no other file
};

// What came of one command.
struct Outcome {
  int status = 0;
  std::string output;
  std::string product;  // digest of the file that was written; empty when there is none
};

// Durations differ from run to run.
std::string without_durations(const std::string& output) {
  static const std::regex kDuration(R"(\(\d+\.\d+s\)|\t\d+\.\d+s|\(cached\))");
  return std::regex_replace(output, kDuration, "");
}

std::string first_difference(const std::string& whole, const std::string& trimmed) {
  std::size_t at = 0;
  while (at < whole.size() && at < trimmed.size() && whole[at] == trimmed[at]) ++at;
  const auto line = [at](const std::string& text) {
    const auto start = text.rfind('\n', at == 0 ? 0 : at - 1);
    const auto from = start == std::string::npos || at == 0 ? 0 : start + 1;
    return text.substr(from, std::min<std::size_t>(text.find('\n', from) - from, 200));
  };
  return fmt::format("the whole release: \"{}\"; the trimmed one: \"{}\"", line(whole), line(trimmed));
}

// The first lines that a command said and that are not in `known`, in one.
std::string opening(const std::string& text, const std::string& known = {}) {
  constexpr std::size_t kLines = 4;
  std::set<std::string> skipped;
  std::istringstream known_lines(known);
  for (std::string line; std::getline(known_lines, line);) skipped.insert(line);
  std::istringstream lines(text);
  std::string opening;
  std::size_t count = 0;
  for (std::string line; count < kLines && std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#') || skipped.contains(line)) continue;  // "# net/http"
    opening += (opening.empty() ? "" : " | ") + line.substr(0, 200);
    ++count;
  }
  return opening;
}

class Comparison {
 public:
  Comparison(const Subject& subject, const std::filesystem::path& work, Reporter& reporter,
             std::stop_token stop)
      : subject_(subject),
        work_(work),
        reporter_(reporter),
        stop_(std::move(stop)),
        goroot_(work / "goroot"),
        environment_(current_environment()),
        c_compiler_(has_c_compiler(environment_)) {
    for (const char* inherited : {"GOEXPERIMENT", "GOOS", "GOARCH", "GOWORK", "CGO_ENABLED"})
      environment_.erase(inherited);
    const std::pair<const char*, std::string> own[] = {{"GOROOT", goroot_.string()},
                                                       {"GOPATH", (work / "gopath").string()},
                                                       {"GOCACHE", (work / "cache").string()},
                                                       {"GOENV", "off"},
                                                       {"GOFLAGS", "-trimpath"},
                                                       {"GOPROXY", "off"},
                                                       {"GOTOOLCHAIN", "local"},
                                                       {"GOSUMDB", "off"},
                                                       {"GOTELEMETRY", "off"},
                                                       {"HOME", (work / "home").string()},
                                                       {"XDG_CONFIG_HOME", (work / "home").string()},
                                                       {"GOTMPDIR", (work / "tmp").string()},
                                                       {"GO111MODULE", "on"},
                                                       {"CGO_ENABLED", "0"},
                                                       {"NO_COLOR", "1"}};
    for (const auto& [name, value] : own) environment_[name] = value;
    // For scripts, and for `go generate`, which took the caller's go before Go 1.19.
    auto& path = environment_["PATH"];
    path = std::filesystem::path(program("go")).parent_path().string() + kPathSeparator + path;
  }

  Proof run() {
    lay_out_corpus();
    const auto tasks = plan();
    use(subject_.trimmed);
    for (const auto& target : subject_.targets) standard_packages_[target] = list_standard_packages(target);
    reporter_.note(
        fmt::format("running {} checks with the trimmed tree, which compiles everything …", tasks.size()));
    const auto trimmed = run_all(tasks);
    use(subject_.whole);
    reporter_.note("… and with the whole release, which compiles what differs");
    const auto whole = run_all(tasks);
    Proof proof;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      proof.rows.push_back(compare(tasks[i], trimmed[i], whole[i]));
    return proof;
  }

 private:
  void lay_out_corpus() const {
    tree::DirWriter writer(Dir::ensure(work_ / "corpus"));
    for (const auto& file : corpus_files()) {
      MemorySource content(file.text);
      writer.add({tree::RelPath(file.name), false, file.text.size()}, content);
    }
    for (const char* name : {"home", "tmp"}) Dir::ensure(work_ / name);
  }

  std::vector<Task> plan() const {
    std::vector<Task> tasks;
    for (const auto& check : checks()) {
      const auto& wanted = subject_.capabilities;
      if (std::find(wanted.begin(), wanted.end(), check.capability) == wanted.end()) continue;
      const auto range = release::VersionRange::try_parse(check.range);
      if (range && !range->contains(subject_.version)) continue;
      if (check.which == For::host) tasks.push_back({&check, Platform::host(), {}});
      if (check.which == For::every_target) {
        for (const auto& target : subject_.targets) tasks.push_back({&check, target, {}});
      }
    }
    // What compiles the standard library comes first: the others share it.
    std::stable_partition(tasks.begin(), tasks.end(), compiles_everything);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const auto directory = work_ / "products" / std::to_string(i);
      Dir::ensure(directory);
      tasks[i].product = directory / "product";
    }
    return tasks;
  }

  static bool compiles_everything(const Task& task) {
    return task.check->command == std::vector<std::string>{"go", "build", "std"};
  }

  // The one path by which both SDKs are reached.
  void use(const std::filesystem::path& goroot) const {
    std::filesystem::remove(goroot_);
    std::filesystem::create_directory_symlink(goroot, goroot_);
  }

  std::string program(const std::string& name) const {
    if (name != "go" && name != "gofmt") return name;
    return (goroot_ / release::command_directory(Platform::host(), subject_.platforms) /
            (name + Platform::host().executable_suffix()))
        .string();
  }

  void expand(const std::string& word, const Task& task, std::vector<std::string>& words) const {
    if (word == "{std}") {
      const auto& packages = standard_packages_.at(task.target);
      words.insert(words.end(), packages.begin(), packages.end());
      return;
    }
    auto text = word;
    const std::pair<std::string_view, std::string> values[] = {{"{goroot}", goroot_.string()},
                                                               {"{product}", task.product.string()},
                                                               {"{platform}", Platform::host().directory()}};
    for (const auto& [name, value] : values) {
      for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
    }
    words.push_back(std::move(text));
  }

  Environment environment_for(const Task& task) const {
    auto environment = environment_;
    if (task.target != Platform::host()) {
      environment["GOOS"] = task.target.os;
      environment["GOARCH"] = task.target.arch;
    }
    for (const auto& assignment : task.check->environment) {
      std::vector<std::string> expanded;
      expand(assignment, task, expanded);
      const auto equals = expanded.front().find('=');
      environment[expanded.front().substr(0, equals)] = expanded.front().substr(equals + 1);
    }
    return environment;
  }

  std::vector<std::string> list_standard_packages(const Platform& target) const {
    static const Check kList{
        "", "", "", {"go", "list", "-e", "-f", "{{if .GoFiles}}{{.ImportPath}}{{end}}", "std"}};
    const auto outcome = run_one({&kList, target, {}});
    const auto& capabilities = subject_.capabilities;
    const bool races = std::find(capabilities.begin(), capabilities.end(), "race") != capabilities.end();
    std::vector<std::string> packages;
    std::istringstream lines(outcome.output);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("runtime/race") && !races) continue;  // objects that the race detector needs
      packages.push_back(line);
    }
    return packages;
  }

  Outcome run_one(const Task& task) const {
    const auto& check = *task.check;
    std::vector<std::string> command{program(check.command.front())};
    std::error_code ignored;
    if (std::filesystem::path(command.front()).is_absolute() &&
        !std::filesystem::exists(command.front(), ignored))
      return {127, fmt::format("there is no {}", check.command.front()), {}};
    for (std::size_t i = 1; i < check.command.size(); ++i) expand(check.command[i], task, command);
    const auto directory = work_ / "corpus" / check.directory;
    auto done = run_process(command, environment_for(task),
                            {.directory = directory, .merge_errors = true, .stop = stop_});
    throw_if_stopped(stop_);
    const auto product = *check.written == '\0' ? task.product : directory / check.written;
    Outcome outcome{done.status, without_durations(done.output), {}};
    if (std::filesystem::is_regular_file(product, ignored)) {
      outcome.product = digest::hash(File::open(product)).hex();
      std::filesystem::remove(product);
    }
    return outcome;
  }

  bool can_try(const Task& task) const { return c_compiler_ || !task.check->needs_c; }

  std::vector<Outcome> run_all(const std::vector<Task>& tasks) const {
    std::vector<Outcome> outcomes(tasks.size());
    const auto run = [&](std::size_t i) {
      const auto& task = tasks[i];
      throw_if_stopped(stop_);
      reporter_.detail(
          fmt::format("{}: {} ({})", task.check->capability, task.check->name, task.target.text()));
      if (can_try(task)) outcomes[i] = run_one(task);
    };
    const auto first =
        static_cast<std::size_t>(std::count_if(tasks.begin(), tasks.end(), compiles_everything));
    for (std::size_t i = 0; i < first; ++i) run(i);
    run_parallel(tasks.size() - first, subject_.jobs, [&](std::size_t i) { run(first + i); });
    return outcomes;
  }

  Row compare(const Task& task, const Outcome& trimmed, const Outcome& whole) const {
    const auto& check = *task.check;
    Row row{check.capability, check.name, task.target.text(), Result::same, {}};
    if (!can_try(task)) {
      row.result = Result::not_tried;
      row.detail = "there is no C compiler here";
      return row;
    }
    row.detail = find_difference(check, trimmed, whole);
    if (!row.detail.empty()) row.result = Result::different;
    return row;
  }

  // Nothing when both did the same, and what was expected of them.
  static std::string find_difference(const Check& check, const Outcome& trimmed, const Outcome& whole) {
    if ((whole.status != 0) != check.fails)
      return fmt::format("the whole release itself ends with {}: {}", whole.status, opening(whole.output));
    if (trimmed.status != whole.status)
      return fmt::format("it ends with {} instead of {}: {}", trimmed.status, whole.status,
                         opening(trimmed.output, whole.output));
    if (check.compares_output && trimmed.output != whole.output)
      return first_difference(whole.output, trimmed.output);
    if (trimmed.product != whole.product) return "what they write differs";
    return {};
  }

  const Subject& subject_;
  std::filesystem::path work_;
  Reporter& reporter_;
  std::stop_token stop_;
  std::filesystem::path goroot_;
  Environment environment_;
  bool c_compiler_ = false;
  std::map<Platform, std::vector<std::string>> standard_packages_;
};

}  // namespace

Proof prove(const Subject& subject, const std::filesystem::path& work, Reporter& reporter,
            const std::stop_token& stop) {
  const auto& platforms = subject.platforms;
  if (std::find(platforms.begin(), platforms.end(), Platform::host()) == platforms.end()) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot prove anything here: the tree has no Go for {}, only for {}",
                            Platform::host().text(), release::join(platforms)))
        .with_hint("run gopack prove on a machine that the tree is for");
  }
  return Comparison(subject, work, reporter, stop).run();
}

}  // namespace gopack::prove
