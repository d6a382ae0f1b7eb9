#include "sources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/source/go_environment.hpp"

namespace gopack::workflow {

namespace {

// Go's settings matter to "goproxy" alone: "goproxy+URL" says itself which proxy it is.
std::unique_ptr<source::Source> open_source(const Session& session, const std::string& name) {
  const auto go =
      name == "goproxy" ? source::go_environment_for(name, session.stop) : source::GoEnvironment{};
  return source::make_source(name, session.transport, go, session.official);
}

// Those that may be asked: with --offline the ones at hand. Throws Error (unreachable) when there are none.
std::vector<std::string> askable(const Session& session, const std::vector<std::string>& names) {
  if (names.empty()) {
    throw Error(ErrorKind::usage, "no source is named")
        .with_hint("name one with --source, or leave the setting `source` out");
  }
  auto those = names;
  if (session.transport.is_offline())
    std::erase_if(those, [](const std::string& name) { return !is_at_hand(name); });
  if (!those.empty()) return those;
  throw Error(ErrorKind::unreachable, fmt::format("cannot ask {}: gopack is offline", fmt::join(names, ", ")))
      .with_hint(fmt::format("leave out --offline, or use a directory as --source; {} shows what is fetched",
                             session.store.command("list")));
}

}  // namespace

std::string source_name(const Session& session, const std::string& name) {
  return source::make_source(name, session.transport, {}, session.official)->name();
}

bool is_at_hand(const std::string& name) {
  if (name == "official") return false;
  if (name == "goproxy")
    return environment_variable("GOPROXY").value_or("").find("file:") != std::string::npos;
  const auto url = name.starts_with("goproxy+") ? name.substr(name.find('+') + 1) : name;
  return url.find("://") == std::string::npos || url.starts_with("file:");
}

void try_sources(const Session& session, const std::vector<std::string>& all,
                 const std::function<void(source::Source&, const std::string& name)>& attempt) {
  const auto names = askable(session, all);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto source = open_source(session, names[i]);
    try {
      return attempt(*source, names[i]);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || i + 1 == names.size()) throw;
      session.reporter.note(
          fmt::format("{}: {}; going on with {}", source->name(), error.text(), names[i + 1]));
    }
  }
}

}  // namespace gopack::workflow
