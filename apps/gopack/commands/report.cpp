#include "gopack/workflow/report.hpp"

#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "render/report_file.hpp"

namespace gopack::app {

namespace {

struct ReportArguments {
  workflow::ReportOptions report;
  std::string output = "gopack-report.html";
};

int run_report(Program& program, const ReportArguments& options) {
  ReportFile file(options.output);
  const auto reports = workflow::report(program.session(Access::read), options.report);
  Json ids = Json::array();
  for (const auto& report : reports) ids.push_back(report.id);
  const auto path = file.write(reports);
  program.print(fmt::format("{}\n", printable(path)), {{"file", path}, {"trees", ids}});
  return 0;
}

}  // namespace

void add_report(Command root) {
  auto command =
      root.add_command("report", "Write an HTML page that shows what trees have of their releases, and why");
  auto options = std::make_shared<ReportArguments>();
  command.add_option("tree", options->report.trees, "v_<hash> or releases; none: all trees");
  command.add_option("-o,--output", options->output, "the page (gopack-report.html)");
  command.add_option("--profile", options->report.profile,
                     "the file of the profile that the trees were made with, if it is not built in");
  command.set_help({.group = Group::proof,
                    .examples = {"gopack report 1.25 1.26", "gopack report --output map.html"},
                    .statuses = {{4}, {6}, {7}}});
  command.set_run([options](Program& program) { return run_report(program, *options); });
}

}  // namespace gopack::app
