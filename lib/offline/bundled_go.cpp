#include "bundled_go.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/bundle/environment.hpp"
#include "gopack/release/version.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::offline {

using release::Platform;

void require_host(const store::Tree& tree, const std::string& purpose) {
  if (tree.serves(Platform::host())) return;
  throw Error(ErrorKind::failed, fmt::format("cannot {} with {}: {} has no Go for {}", purpose,
                                             tree.manifest.release, tree.id.text(), Platform::host().text()))
      .with_hint("fetch the release for this machine as well and lay both out as one tree");
}

BundledGo::BundledGo(const Context& context, const std::filesystem::path& data, const store::Tree& tree,
                     const std::string& purpose)
    : environment(current_environment()), stop_(context.run.stop), purpose_(purpose) {
  require_host(tree, purpose);
  const auto place = std::filesystem::absolute(data);
  const auto goroot =
      std::filesystem::absolute(
          (context.store.trees().is_complete(tree.id) ? context.store : context.bundle).path()) /
      tree.id.text();
  // In any case of letters where names of variables have none.
  environment.erase(environment.lower_bound("GO"), environment.lower_bound("GP"));
  environment.erase(environment.lower_bound("CGO_"), environment.lower_bound("CGO`"));
  environment = bundle::bind_environment(goroot, place, tree.platforms(), Platform::host())
                    .apply(std::move(environment));
  // Where git doubts the owner of a checkout nothing could be stamped.
  const auto version = release::Version::try_parse(tree.manifest.release);
  if (!version || version->minor() >= 18) environment["GOFLAGS"] = "-buildvcs=false";
  program_ = goroot / release::command_directory(Platform::host(), tree.platforms()) /
             ("go" + Platform::host().executable_suffix());
  bundle::prepare_data(environment);
}

std::string BundledGo::run(const std::vector<std::string>& arguments,
                           const std::filesystem::path& directory) const {
  // What Go makes in a bundle is for all who use it, whatever the umask is.
  std::vector<std::string> command{program_.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto done =
      run_process(readable_for_all(std::move(command)), environment,
                  {.directory = directory, .merge_errors = true, .keep = OutputPart::end, .stop = stop_});
  throw_if_stopped(stop_);
  if (done.status == 0) return done.output;
  constexpr std::size_t kShown = 1000;
  auto output = done.output.substr(done.output.size() - std::min(done.output.size(), kShown));
  std::replace_if(
      output.begin(), output.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  throw Error(ErrorKind::failed,
              fmt::format("cannot {}: go {} in {} ends with {}: {}", purpose_, fmt::join(arguments, " "),
                          printable(directory), done.status, output));
}

}  // namespace gopack::offline
