// What fetch and make share: options and settings that say from where releases come, and what must prove
// them.
#pragma once

#include "command_line.hpp"
#include "gopack/acquire/acquire.hpp"
#include "program.hpp"

namespace gopack::app {

void add_fetch_settings(Command command);

// A request without selectors. Throws Error (usage).
acquire::Request read_fetch_settings(const Settings& settings);

// Where no store exists and no source has what is requested, no store is made: throws the Error of fetch
// then.
void require_source(Program& program, acquire::Request& request);

}  // namespace gopack::app
