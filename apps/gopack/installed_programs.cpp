#include "installed_programs.hpp"

#include "gopack/base/process.hpp"
#include "gopack/base/user_directories.hpp"

namespace gopack::app {

std::vector<bundle::BundleFile> installed_programs() {
  if (const auto named = environment_variable(bundle::kProgramsVariable))
    return bundle::find_programs({user_path(*named)});
  const auto own = own_program().parent_path();
  return bundle::find_programs({own.parent_path() / "lib/gopack/programs", own});
}

}  // namespace gopack::app
