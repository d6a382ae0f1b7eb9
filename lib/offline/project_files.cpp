#include "project_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::offline {

namespace fs = std::filesystem;

namespace {

// The members of a list that may be missing or null.
nlohmann::json list_in(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nlohmann::json::array() : *found;
}

std::string below_root(const fs::path& base, const std::string& path) {
  return (base / path).lexically_normal().string();
}

void remove_quietly(const fs::path& directory) {
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

}  // namespace

bool is_workspace(const fs::path& project) {
  return project.filename() == "go.work";
}

Workspace read_workspace(const BundledGo& go, const fs::path& file) {
  const auto text = go.run({"work", "edit", "-json", file.string()}, file.parent_path());
  try {
    Workspace workspace;
    const auto json = nlohmann::json::parse(text);
    for (const auto& use : list_in(json, "Use")) workspace.uses.push_back(use.at("DiskPath"));
    for (const auto& replace : list_in(json, "Replace")) {
      const std::string path = replace.at("New").at("Path");
      if (!path.starts_with("./") && !path.starts_with("../")) continue;
      const auto& old = replace.at("Old");
      const auto version = old.value("Version", "");
      workspace.replaces.emplace_back(
          old.at("Path").get<std::string>() + (version.empty() ? "" : "@" + version), path);
    }
    return workspace;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::failed, fmt::format("cannot understand what `go work edit -json` says of {}: {}",
                                               printable(file), json_fault(error.id, error.what())));
  }
}

ModFile::ModFile(const fs::path& project, const fs::path& temporary)
    : directory_(Dir::ensure(temporary / "gopack-modules")), path_(directory_.path() / "go.mod") {
  replace_text(directory_, "go.mod", read_text(project / "go.mod", kLargestModFile), false);
  const auto sums = find_text(Dir::open(project), "go.sum", kLargestModFile);
  replace_text(directory_, "go.sum", sums.value_or(""), false);
}

ModFile::~ModFile() {
  remove_quietly(directory_.path());
}

WorkFile::WorkFile(const BundledGo& go, const fs::path& project, const fs::path& temporary)
    : directory_(Dir::ensure(temporary / "gopack-workspace")) {
  const auto base = project.parent_path();
  replace_text(directory_, "go.work", read_text(project, kLargestModFile), false);
  const auto sums = find_text(Dir::open(base), "go.work.sum", kLargestModFile);
  if (sums) replace_text(directory_, "go.work.sum", *sums, false);
  const auto workspace = read_workspace(go, project);
  std::vector<std::string> edit{"work", "edit"};
  for (const auto& use : workspace.uses) {
    edit.push_back("-dropuse=" + use);
    edit.push_back("-use=" + below_root(base, use));
  }
  for (const auto& [module, path] : workspace.replaces) edit.push_back("-dropreplace=" + module);
  edit.push_back(path());
  go.run(edit, directory_.path());
  add_replaces(workspace, base);
}

WorkFile::~WorkFile() {
  remove_quietly(directory_.path());
}

// `go work edit -replace` cannot be told a path with '@'.
void WorkFile::add_replaces(const Workspace& workspace, const fs::path& base) const {
  auto text = read_text(path(), kLargestModFile);
  for (const auto& [module, path] : workspace.replaces) {
    auto old = module;
    std::replace(old.begin(), old.end(), '@', ' ');
    text += fmt::format("\nreplace {} => {}\n", old, nlohmann::json(below_root(base, path)).dump());
  }
  replace_text(directory_, "go.work", text, false);
}

}  // namespace gopack::offline
