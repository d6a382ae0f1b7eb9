// Settings: flag > GOPACK_* variable > gopack.yaml found upwards from the working directory > the user's
// configuration file > built-in default. The lock file that gopack.yaml names lies beside it; the default one
// is the gopack.lock found upwards. What decides on trust comes from files that only the user and the
// administrator can write: others may only add to `require`, and the rest of them is ignored with a warning.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gopack::app {

// A hook of a project's gopack.yaml: somebody else may have written it, so the user allows it first.
struct ProjectHook {
  std::filesystem::path file;
  std::string digest;  // of the file's path and content
  std::string command;
};

class Settings {
 public:
  // Reads variables and files. Throws Error (usage) with file, line and column of a mistake.
  static Settings load(const std::filesystem::path& working_directory);

  // A flag's value goes before everything else.
  void set_flag(const std::string& key, std::vector<std::string> values);

  // The first value; nothing when nobody sets the key and it has no default.
  std::optional<std::string> find(const std::string& key) const;
  std::vector<std::string> list(const std::string& key) const;
  bool is_on(const std::string& key) const;
  // The first of two values unless the second one is set.
  bool is_second(const std::string& key, const std::string& first, const std::string& second) const;
  // The key as whoever set it wrote it, for messages: "--link", "GOPACK_LINK", "gopack.yaml:3:7: link".
  std::string as_written(const std::string& key) const;
  std::filesystem::path home() const;
  // The store that commands work on where no flag names one; nothing where that is not known.
  std::optional<std::filesystem::path> usual_home() const;
  // The hook, where it comes from a project's file.
  const std::optional<ProjectHook>& project_hook() const { return hook_; }
  // What was ignored, and why, for the user.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static std::filesystem::path home_of(const std::optional<std::string>& named);
  void read_file(const std::filesystem::path& file, bool is_project);
  void find_lock_file(const std::filesystem::path& working_directory);

  std::map<std::string, std::vector<std::string>> values_;
  std::map<std::string, std::string> written_;  // as_written(), of those that have a value and no default
  bool home_flag_ = false;
  std::optional<std::string> home_before_flag_;
  std::vector<std::string> demands_;  // of files that others can write
  std::vector<std::string> warnings_;
  std::optional<ProjectHook> hook_;
};

}  // namespace gopack::app
