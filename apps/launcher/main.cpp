// The native launcher of a bundle: go.exe and gofmt.exe on Windows, go-linux-amd64 in PATH. See
// docs/launchers.md.
#include "failure.hpp"
#include "lacks.hpp"
#include "launch.hpp"
#include "options.hpp"
#include "system.hpp"

int main(int argc, char** argv) {
  using namespace gopack::launcher;
  try {
    const auto host = system::host();
    const auto name = program_for(system::called_name(argv));
    auto arguments = system::arguments(argc, argv);
    const auto launch = prepare(host.parent(system::own_path()), name, arguments, host);
    arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(launch.count));
    return system::run(launch.program, argv, launch.count, lacks(name, arguments, host));
  } catch (const Failure& failure) {
    system::print_error("gopack: " + failure.message);
    return failure.status;
  }
}
