#include "gopack/workflow/doctor.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/workflow/fetch.hpp"

namespace gopack::workflow {

namespace {

constexpr const char* kProbe = "probe";
constexpr std::uint64_t kComfortable = 500'000'000;  // a release, its archive and some caches

// Calls `probe` on the store's own directory; what it throws is what was found.
template <typename Probe>
Check check(std::string name, std::string found, std::string remedy, Probe probe) {
  try {
    probe();
    return {std::move(name), true, std::move(found), ""};
  } catch (const Error& error) {
    return {std::move(name), false, error.text(), std::move(remedy)};
  }
}

Check check_space(const Dir& directory) {
  const auto space = directory.space();
  return {"free space", space.available >= kComfortable,
          fmt::format("{} MB free, in blocks of {} bytes", space.available / 1'000'000, space.block_size),
          "free some space; one release takes 100 to 500 MB"};
}

Check check_modes(const Dir& state) {
  return check("executable bits", "kept", "mount with exec, or run Go from a copy on a local disk", [&] {
    state.remove_file(kProbe);
    auto file = state.create_file(kProbe, 0755);
    const bool executable = (file.status().mode & 0111) != 0;
    file.set_mode(0644);
    const bool plain = (file.status().mode & 0111) == 0;
    state.remove_file(kProbe);
    if (!executable)
      throw Error(ErrorKind::noroom,
                  "the filesystem keeps no executable bits: programs cannot run from here");
    if (!plain) throw Error(ErrorKind::noroom, "the filesystem shows every file as executable");
  });
}

Check check_variable(const std::string& name, const std::string& why) {
  const auto value = environment_variable(name);
  if (!value) return {name, true, "not set", ""};
  return {name, false, fmt::format("set to {}", printable(*value)), why};
}

Check check_source(const Session& session, const std::string& name) {
  return check("source " + name, "answers",
               "check the network, HTTPS_PROXY and SSL_CERT_FILE, or name another --source",
               [&] { list_remote(session, {name}); });
}

}  // namespace

std::vector<Check> examine(const std::filesystem::path& directory, const Session& session,
                           const std::vector<std::string>& sources) {
  const auto& state = session.store.state();
  std::vector<Check> checks;
  checks.push_back(check("writable", printable(directory),
                         "choose another directory, or correct its permissions",
                         [&] { state.replace_text(kProbe, "", false); }));
  checks.push_back(check_space(session.store.home()));
  checks.push_back(check_modes(state));
  auto links = check("symbolic links", "yes", "", [&] { state.replace_link(kProbe, "target", false); });
  if (!links.ok) links = {"symbolic links", true, "no: `current` is a text file there", ""};
  checks.push_back(std::move(links));
  state.remove_file(kProbe);
  checks.push_back(check("locks", "work", "use a directory on a local disk",
                         [&] { session.store.lock(session.lock_patience); }));
  const std::string overridden =
      "launchers override it, but an installed go obeys it: unset it if you do not need it";
  for (const auto* name : {"GOROOT", "GOFLAGS"}) checks.push_back(check_variable(name, overridden));
  for (const auto& source : sources) checks.push_back(check_source(session, source));
  return checks;
}

}  // namespace gopack::workflow
