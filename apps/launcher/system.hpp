// What a launcher asks of the system. Text and paths are UTF-8 (on POSIX: bytes as they are); paths may have
// any length. Nothing throws but where it says so.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host.hpp"

namespace gopack::launcher::system {

Host host();

// The arguments without the program's name. What main() gets is no more than a hint where a system has more
// to say.
std::vector<std::string> arguments(int argc, char** argv);
// The name by which this program was called, and its file with links resolved. own_path throws Failure.
std::string called_name(char** argv);
std::string own_path();

std::optional<std::string> variable(const std::string& name);
void set_variable(const std::string& name, const std::optional<std::string>& value);

enum class Kind { none, file, directory };
Kind kind(const std::string& path);  // of what a link leads to
bool is_same(const std::string& a, const std::string& b);
bool can_execute(const std::string& program);
bool can_write(const std::string& directory);
// Whether a program is there: a path, or a name in the directories of `path` (a PATH variable's value).
bool has_program(const std::string& name, const std::string& path);
bool can_read(const std::string& file);
// What the link `path` says (Windows: the last part of where it leads to); nothing where there is no link.
std::optional<std::string> link_target(const std::string& path);
std::vector<std::string> list(const std::string& directory);  // names, without . and ..
struct Total {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  friend bool operator==(const Total&, const Total&) = default;
};
Total total(const std::string& directory);  // of all that is below
// An absolute path as it is, with the system's own separators; a relative one, which has to be there, from
// the working directory on. Throws Failure.
std::string full_path(const std::string& path);

// While it lives, what this process makes is readable for all, whatever the umask is.
class ReadableForAll {
 public:
  ReadableForAll();
  ~ReadableForAll();
  ReadableForAll(const ReadableForAll&) = delete;
  ReadableForAll& operator=(const ReadableForAll&) = delete;

 private:
  unsigned umask_;
};

bool make_directories(const std::string& path);
void remove_all(const std::string& path);
bool rename(const std::string& from, const std::string& to);  // replaces a file
// Shows `take` the bytes of a file until it returns false. Whether it was shown all of them.
bool read_path(const std::string& path, const std::function<bool(std::string_view)>& take);
std::optional<std::string> read_file(const std::string& path);
bool write_file(const std::string& path,
                std::string_view text);  // by way of another name: all of it or nothing
// For a cache's entry: a link where the system has links, otherwise a copy. Replaces a file or a link.
bool link_or_copy(const std::string& from, const std::string& to);
// Copies into a new file, and shows every byte that it writes.
bool copy_file(const std::string& from, const std::string& to, bool executable,
               const std::function<void(std::string_view)>& see);
void flush(const std::string& directory);  // what was copied into it survives a power cut

std::int64_t now();    // seconds since 1970
std::string unique();  // for names: of this process
void print_error(const std::string& line);

// Hands over: the program gets the arguments after the first `skip` exactly as they came, and the terminal.
// When it fails, the line `lacks` follows on standard error, unless that is empty. Returns its exit status,
// or does not return. Throws Failure (126).
int run(const std::string& program, char** argv, std::size_t skip, const std::string& lacks);

}  // namespace gopack::launcher::system
