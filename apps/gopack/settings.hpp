// Settings: flag > GOPACK_* variable > gopack.yaml found upwards from the working directory > the user's
// configuration file > built-in default. The lock file that gopack.yaml names lies beside it; the default one
// is the gopack.lock found upwards.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gopack::app {

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
  std::filesystem::path home() const;

 private:
  void read_file(const std::filesystem::path& file);

  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace gopack::app
