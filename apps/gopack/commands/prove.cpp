#include "gopack/workflow/prove.hpp"

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "render/proofs.hpp"

namespace gopack::app {

void add_prove(Command root) {
  auto command =
      root.add_command("prove", "Show that a trimmed tree builds and says what the whole release does");
  auto options = std::make_shared<workflow::ProveOptions>();
  command.add_option("tree", options->tree, "v_<hash> or a release; none: the current tree");
  command.add_option("--against", options->against,
                     "full (default), or the archive that the tree was made from");
  command.add_option("--targets", options->targets, "what to build for, instead of the tree's targets");
  command.set_help(
      {.group = Group::proof,
       .examples = {"gopack prove", "gopack prove 1.26 --targets linux/arm64"},
       .statuses = {{3, "the tree does not do what the whole release does"}, {4}, {5}, {6}, {7}}});
  command.set_run([options](Program& program) {
    const auto session = program.session(Access::write);
    const auto proved = workflow::prove(session, *options);
    program.print(proof_text(proved, true), to_json(session.store, proved));
    return proved.proof.holds() ? 0 : static_cast<int>(ErrorKind::integrity);
  });
}

}  // namespace gopack::app
