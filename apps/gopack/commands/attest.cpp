#include <memory>

#include "commands/commands.hpp"
#include "gopack/workflow/attest.hpp"

namespace gopack::app {

namespace {

using Write = std::string (*)(const attest::Facts&);

void add_document(Command command, Write write, std::vector<std::string> examples) {
  auto selector = std::make_shared<std::string>();
  command.add_option("selector", *selector, "which tree; none: the current one");
  command.set_help(
      {.group = Group::proof, .examples = std::move(examples), .statuses = {{3}, {4}, {6}, {7}}});
  command.set_run([selector, write](Program& program) {
    program.print_text(write(workflow::attest(program.session(Access::read), *selector, GOPACK_VERSION)));
    return 0;
  });
}

}  // namespace

void add_attest(Command root) {
  add_document(root.add_command("sbom", "Print what a tree is made of, as CycloneDX"), attest::to_sbom,
               {"gopack sbom >go.cdx.json", "gopack sbom /media/you/STICK 1.26"});
  add_document(root.add_command("provenance", "Print what a tree was made from, as in-toto and SLSA say it"),
               attest::to_provenance,
               {"gopack provenance >go.intoto.json", "gopack provenance /media/you/STICK 1.26"});
}

}  // namespace gopack::app
