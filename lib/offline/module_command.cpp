#include "module_command.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/launch/go_env.hpp"
#include "gopack/release/version.hpp"
#include "gopack/source/go_environment.hpp"
#include "project_files.hpp"

namespace gopack::offline {

namespace fs = std::filesystem;

namespace {

// The module proxies of a GOPROXY list that are directories; "off" when none is.
std::string directories_among(std::string_view goproxy) {
  std::string found;
  for (std::size_t begin = 0; begin < goproxy.size();) {
    const auto end = std::min(goproxy.find_first_of(",|", begin), goproxy.size());
    const auto proxy = goproxy.substr(begin, end - begin);
    if (proxy.starts_with("file:")) found.append(proxy).append(",");
    begin = end + 1;
  }
  return found + "off";
}

}  // namespace

ModuleCommand::ModuleCommand(const Context& context, const fs::path& data, const store::Tree& tree,
                             const Dir& temporary)
    : go_(context, data, tree, "bring modules") {
  go_.environment["GOTMPDIR"] = fs::absolute(temporary.path()).string();
  const auto inherited = current_environment();
  const auto settings = source::GoEnvironment::read(inherited, context.run.stop);
  const auto go_env = read_text(go_.environment.at("GOENV"), kLargestModFile);
  replace_text(temporary, "go.env", launch::without_setting(go_env, "GOCACHEPROG"), false);
  go_.environment["GOENV"] = fs::absolute(temporary.path() / "go.env").string();
  const std::pair<const char*, const std::string&> known[] = {
      {"GOPROXY", settings.goproxy}, {"GOSUMDB", settings.gosumdb}, {"GONOSUMDB", settings.gonosumdb}};
  for (const auto& [name, value] : known) {
    const bool is_preset =
        !launch::value_of(go_env, name).empty() ||
        (name == std::string_view("GONOSUMDB") && !launch::value_of(go_env, "GOPRIVATE").empty());
    if (!value.empty() && (!is_preset || inherited.contains(name))) go_.environment[name] = value;
  }
  for (const char* name : {"GOPRIVATE", "GONOPROXY", "GOINSECURE", "GOVCS", "GOAUTH"}) {
    if (const auto at = inherited.find(name); at != inherited.end()) go_.environment[name] = at->second;
  }
  auto& flags = go_.environment["GOFLAGS"];
  flags += flags.empty() ? "-modcacherw" : " -modcacherw";
}

void ModuleCommand::download(const fs::path& project) {
  for (const auto& directory : directories_of(project)) {
    go_.environment["GOWORK"] = "off";
    const ModFile copy(directory, temporary());
    go_.run({"mod", "download", copy.flag()}, directory);
    go_.run({"mod", "tidy", copy.flag()}, directory);  // also for the tests of what is needed
  }
  if (!is_workspace(project)) return;
  const WorkFile copy(go_, project, temporary());
  go_.environment["GOWORK"] = copy.path();
  go_.run({"mod", "download"}, project.parent_path());
}

void ModuleCommand::disconnect() {
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"})
    go_.environment[name] = "http://127.0.0.1:9";
  for (const char* name : {"NO_PROXY", "no_proxy"}) go_.environment.erase(name);
  go_.environment["GOPROXY"] = directories_among(go_.environment["GOPROXY"]);
  go_.environment["GONOPROXY"] = "none";
}

bool ModuleCommand::builds_from_vendor(const fs::path& project) const {
  const auto list = project.parent_path() / "vendor/modules.txt";
  std::error_code ignored;
  if (!fs::is_regular_file(list, ignored)) return false;
  const bool is_of_workspace = read_text(list, kLargestModFile).starts_with("## workspace");
  if (is_of_workspace != is_workspace(project)) return false;
  const auto text =
      go_.run({is_of_workspace ? "work" : "mod", "edit", "-json", project.string()}, project.parent_path());
  const auto file = nlohmann::json::parse(text);
  const auto version = release::Version::try_parse(file.value("Go", ""));
  return version && *version >= release::Version::parse(is_of_workspace ? "1.22rc1" : "1.14");
}

void ModuleCommand::rehearse(const fs::path& project) {
  auto connected = go_.environment;
  disconnect();
  go_.environment["GOPROXY"] = "off";
  builds_from_vendor(project) ? rehearse_vendored(project) : rehearse_modules(project);
  go_.environment = std::move(connected);
}

void ModuleCommand::rehearse_vendored(const fs::path& project) {
  go_.environment["GOWORK"] = is_workspace(project) ? project.string() : "off";
  for (const auto& directory : directories_of(project))
    go_.run({"list", "-mod=vendor", "-deps", "-test", "./..."}, directory);
}

void ModuleCommand::rehearse_modules(const fs::path& project) {
  for (const auto& directory : directories_of(project)) {
    go_.environment["GOWORK"] = "off";
    const ModFile copy(directory, temporary());
    go_.run({"mod", "download", copy.flag()}, directory);
    go_.run({"list", "-mod=mod", copy.flag(), "-deps", "-test", "./..."}, directory);
    go_.run({"mod", "tidy", copy.flag()}, directory);
    go_.run({"mod", "verify", copy.flag()}, directory);
  }
  if (is_workspace(project)) {
    const WorkFile copy(go_, project, temporary());
    go_.environment["GOWORK"] = copy.path();
    for (const auto& directory : directories_of(project))
      go_.run({"list", "-deps", "-test", "./..."}, directory);
  }
}

std::vector<fs::path> ModuleCommand::directories_of(const fs::path& project) const {
  if (!is_workspace(project)) return {project.parent_path()};
  std::vector<fs::path> directories;
  for (const auto& use : read_workspace(go_, project).uses)
    directories.push_back(project.parent_path() / use);
  return directories;
}

}  // namespace gopack::offline
