#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/replace.hpp"
#include "program.hpp"
#include "render/command_reference.hpp"
#include "render/man_page.hpp"

namespace gopack::app {

void add_man(Command root) {
  auto command = root.add_hidden_command("man-pages");
  auto directory = std::make_shared<std::string>();
  command.add_option("directory", *directory, "where the pages are written", Occurrence::required);
  command.set_run([root, directory](Program&) {
    const auto dir = Dir::ensure(*directory);
    replace_text(dir, "gopack.1", man_page(root), false);
    for (const auto& one : root.commands())
      replace_text(dir, fmt::format("gopack-{}.1", one.name()), man_page(root, one), false);
    return 0;
  });
  root.add_hidden_command("command-reference").set_run([root](Program& program) {
    program.print_text(command_reference(root));
    return 0;
  });
}

}  // namespace gopack::app
