#include "gopack/workflow/doctor.hpp"

#include <fmt/format.h>

#include "gopack/acquire/acquire.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::workflow {

namespace {

using target::Check;

target::Subject find_subject(const std::filesystem::path& directory, const Session& session) {
  target::Subject subject{
      .directory = directory, .facts = target::probe(directory), .trees = {}, .beside = {}};
  std::error_code ignored;
  subject.is_store = std::filesystem::equivalent(directory, session.store.path(), ignored);
  for (const auto& file : bundle::bundle_files()) subject.beside.push_back(file.text.size());
  if (store::Store::is_at(directory)) {
    subject.trees = store::load_trees(store::Store::open(directory), session.reporter);
    subject.has_trees = !subject.trees.empty();
    if (subject.has_trees) return subject;
  }
  const auto current = session.store.pointer().current();
  if (!current || !session.store.trees().is_complete(*current)) return subject;
  if (auto tree = store::load_tree(session.store, *current, session.reporter))
    subject.trees.push_back(std::move(*tree));
  return subject;
}

Check check_variable(const std::string& name, const char* remedy) {
  const auto value = environment_variable(name);
  if (!value) return {name, true, "not set", ""};
  return {name, false, fmt::format("set to {}", printable(*value)), remedy};
}

Check check_source(const Session& session, const std::string& name, bool is_note) {
  try {
    acquire::list_remote(session.acquiring(), {name});
    return {.name = "source " + name, .ok = true, .found = "answers", .remedy = {}};
  } catch (const Error& error) {
    return {.name = "source " + name,
            .ok = false,
            .found = error.text(),
            .remedy = "check the network, HTTPS_PROXY and SSL_CERT_FILE, or name another --source",
            .is_note = is_note};
  }
}

}  // namespace

target::Diagnosis examine(const std::filesystem::path& directory, const Session& session,
                          const DoctorOptions& options) {
  auto diagnosis = target::diagnose(find_subject(directory, session));
  auto& checks = diagnosis.checks;
  checks.push_back(check_variable(
      "GOROOT", "launchers override it, but an installed go obeys it: unset it if you do not need it"));
  checks.push_back(
      check_variable("GOFLAGS", "every go obeys it, also that of a bundle: unset it if you do not need it"));
  for (const auto& source : options.sources)
    checks.push_back(check_source(session, source, options.needs_no_sources));
  return diagnosis;
}

}  // namespace gopack::workflow
