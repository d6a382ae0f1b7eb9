#include "gopack/prove/trace.hpp"

#include <fmt/format.h>

#include <optional>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"

namespace gopack::prove {

namespace {

std::optional<std::string> take_octal(std::string_view& text) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < 3 && digits < text.size() && text[digits] >= '0' && text[digits] <= '7')
    value = value * 8 + (text[digits++] - '0');
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return std::string(1, static_cast<char>(value));
}

// The next string in quotes, as strace writes them, if it comes before `end`.
std::optional<std::string> take_string(std::string_view& text, char end) {
  const auto start = text.find_first_of(std::string{'"', end});
  if (start == std::string_view::npos || text[start] != '"') return std::nullopt;
  text.remove_prefix(start + 1);
  std::string string;
  while (!text.empty() && text.front() != '"') {
    if (text.front() != '\\') {
      string += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(1);
    if (auto octal = take_octal(text)) {
      string += *octal;
    } else if (!text.empty()) {
      string += text.front() == 'n' ? '\n' : text.front() == 't' ? '\t' : text.front();
      text.remove_prefix(1);
    }
  }
  if (!text.empty()) text.remove_prefix(1);
  return string;
}

std::vector<std::string> take_list(std::string_view& text) {
  std::vector<std::string> list;
  for (auto string = take_string(text, ']'); string; string = take_string(text, ']'))
    list.push_back(std::move(*string));
  if (!text.empty()) text.remove_prefix(text.find(']') + 1);  // npos + 1 is 0
  return list;
}

std::string target_in(const std::vector<std::string>& environment) {
  std::string os;
  std::string arch;
  for (const auto& assignment : environment) {
    if (assignment.starts_with("GOOS=")) os = assignment.substr(5);
    if (assignment.starts_with("GOARCH=")) arch = assignment.substr(7);
  }
  return os.empty() || arch.empty() ? std::string() : os + "/" + arch;
}

class TraceReader {
 public:
  explicit TraceReader(const std::filesystem::path& goroot) : root_(goroot.string() + "/") {}

  void read_line(std::string_view line) {
    const auto head = line.substr(0, line.find_first_of("(.", line.find('>') + 1));
    if (head.ends_with("execve")) {
      read_start(line.substr(head.size()));
    } else {
      read_open(line);
    }
  }
  Trace take() && { return std::move(trace_); }

 private:
  // 4711<go> execve("/go/pkg/tool/linux_amd64/vet", ["vet", "-V=full"], ["GOOS=linux", …]) = 0
  void read_start(std::string_view arguments) {
    const auto path = take_string(arguments, ')');
    if (!path || !path->starts_with(root_)) return;
    auto words = take_list(arguments);
    trace_.starts.push_back({path->substr(root_.size()), std::move(words), target_in(take_list(arguments))});
  }

  // 4711<compile> openat(AT_FDCWD</go/src/fmt>, "./print.go", O_RDONLY|O_CLOEXEC) = 3</go/src/fmt/print.go>
  // 4711<compile> <... openat resumed>) = 3</go/src/fmt/print.go>
  void read_open(std::string_view line) {
    const auto opened = line.rfind('<');
    const auto name_end = line.find("> ");
    if (!line.ends_with('>') || opened == line.npos || name_end >= opened) return;
    const auto path = line.substr(opened + 1, line.size() - opened - 2);
    if (!path.starts_with(root_)) return;
    const auto name = line.substr(0, name_end);
    trace_.opened.emplace(name.substr(name.find('<') + 1), path.substr(root_.size()));
  }

  std::string root_;
  Trace trace_;
};

}  // namespace

Trace read_trace(ByteSource& output, const std::filesystem::path& goroot) {
  TraceReader reader(goroot);
  std::string line;  // what has been read of one
  for (auto block = output.next(); !block.empty(); block = output.next()) {
    auto text = as_text(block);
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
      reader.read_line(line.append(text.substr(0, end)));
      line.clear();
      text.remove_prefix(end + 1);
    }
    line.append(text);
  }
  if (!line.empty()) reader.read_line(line);
  return std::move(reader).take();
}

Trace trace(const std::vector<std::string>& command, const Environment& environment,
            const std::filesystem::path& goroot, const std::filesystem::path& work,
            const std::stop_token& stop) {
  const auto path = environment.find("PATH");
  const auto strace = path == environment.end() ? std::nullopt : find_program("strace", path->second);
  if (!strace) {
    throw Error(ErrorKind::failed, "cannot watch what the command opens: there is no strace")
        .with_hint("install it (Debian, Ubuntu: apt-get install strace); it is for Linux alone");
  }
  const auto file = work / "trace";
  // With the filter, programs stop at the calls to be traced alone: that takes a fifth of the time.
  std::vector<std::string> words{strace->string(),
                                 "--seccomp-bpf",
                                 "-fyYv",
                                 "-s65536",
                                 "-o",
                                 file.string(),
                                 "-etrace=openat,open,execve",
                                 "-esignal=none",
                                 "--"};
  words.insert(words.end(), command.begin(), command.end());
  const auto done = run_process(words, environment, {.stop = stop});
  throw_if_stopped(stop);
  if (done.status != 0) {
    throw Error(ErrorKind::failed, fmt::format("cannot go by the command: it ends with {}", done.status))
        .with_hint("it has to do its work with the whole release");
  }
  auto output = File::open(file);
  FileSource lines(output);
  return read_trace(lines, std::filesystem::canonical(goroot));
}

}  // namespace gopack::prove
