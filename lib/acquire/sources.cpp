#include "sources.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/source/go_environment.hpp"

namespace gopack::acquire {

namespace {

// Go's settings matter to "goproxy" alone: "goproxy+URL" says itself which proxy it is.
OpenedSource open_source(const Context& context, const std::string& name) {
  const auto go =
      name == "goproxy" ? source::go_environment_for(name, context.run.stop) : source::GoEnvironment{};
  return {name, source::make_source(name, context.transport, go, context.official)};
}

// Sources that may be asked: with --offline the ones at hand. Throws Error (unreachable) when there are none.
std::vector<std::string> askable_of(const Context& context, const std::vector<std::string>& names) {
  if (names.empty()) {
    throw Error(ErrorKind::usage, "no source is named")
        .with_hint("name one with --source, or leave the setting `source` out");
  }
  auto askable = names;
  if (context.transport.is_offline())
    std::erase_if(askable, [](const std::string& name) { return !is_at_hand(name); });
  if (!askable.empty()) return askable;
  throw Error(ErrorKind::unreachable, fmt::format("cannot ask {}: gopack is offline", fmt::join(names, ", ")))
      .with_hint(fmt::format("leave out --offline, or use a directory as --source; {} shows what is fetched",
                             context.store.command("list")));
}

}  // namespace

std::string source_name(const Context& context, const std::string& name) {
  return source::make_source(name, context.transport, {}, context.official)->name();
}

bool is_at_hand(const std::string& name) {
  if (name == "official") return false;
  if (name == "goproxy")
    return environment_variable("GOPROXY").value_or("").find("file:") != std::string::npos;
  const auto url = name.starts_with("goproxy+") ? name.substr(name.find('+') + 1) : name;
  return url.find("://") == std::string::npos || url.starts_with("file:");
}

void try_sources(const Context& context, const std::vector<std::string>& all, const OpenedSource& opened,
                 const std::function<void(const OpenedSource&)>& attempt) {
  const auto names = askable_of(context, all);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto next = names[i] == opened.name ? opened : open_source(context, names[i]);
    try {
      return attempt(next);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unreachable || i + 1 == names.size()) throw;
      context.run.reporter.note(
          fmt::format("{}: {}; going on with {}", next.source->name(), error.text(), names[i + 1]));
    }
  }
}

}  // namespace gopack::acquire
