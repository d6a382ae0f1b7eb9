// The commands: each file declares its options and says what to run.
#pragma once

#include "command_line.hpp"
#include "program.hpp"

namespace gopack::app {

void add_make(Command root);
void add_fetch(Command root);
void add_list(Command root);
void add_trim(Command root);
void add_pack(Command root);
void add_publish(Command root);
void add_pull(Command root);
void add_sync(Command root);
void add_use(Command root);
void add_rollback(Command root);
void add_bundle(Command root);
void add_image(Command root);
void add_flash(Command root);
void add_verify(Command root);
void add_prove(Command root);
void add_report(Command root);
void add_attest(Command root);
void add_diff(Command root);
void add_repair(Command root);
void add_gc(Command root);
void add_remove(Command root);
void add_env(Command root);
void add_exec(Command root);
void add_cache(Command root);
void add_cacheprog(Command root);
void add_profile(Command root);
void add_doctor(Command root);
void add_devcontainer(Command root);
void add_completion(Command root);
void add_key(Command root);
void add_allow(Command root);
void add_man(Command root);

}  // namespace gopack::app
