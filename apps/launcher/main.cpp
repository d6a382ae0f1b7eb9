// The native launcher of a bundle: go.exe and gofmt.exe on Windows, go-linux-amd64 in PATH. See
// docs/launchers.md.
#include "failure.hpp"
#include "launch.hpp"
#include "options.hpp"
#include "system.hpp"

int main(int argc, char** argv) {
  using namespace gopack::launcher;
  try {
    const auto host = system::host();
    const auto name = program_for(system::called_name(argv));
    const auto launch = prepare(host.parent(system::own_path()), name, system::arguments(argc, argv), host);
    return system::run(launch.program, argv, launch.count);
  } catch (const Failure& failure) {
    system::print_error("gopack: " + failure.message);
    return failure.status;
  }
}
