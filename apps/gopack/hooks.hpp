// Hooks of projects: a cloned repository's gopack.yaml runs nothing before the user has allowed it.
#pragma once

#include <string>

#include "program.hpp"

namespace gopack::app {

// The post-switch hook that may run; empty when there is none. One of a project's file that is new or has
// changed is asked about where there is a terminal. Throws Error (usage) when it is not allowed.
std::string allowed_hook(const Program& program);

// Whether there is one, allowed or not.
bool has_hook(const Program& program);

// Remembers that the hook of exactly this file with exactly this content may run. Throws Error.
void allow(const ProjectHook& hook);

}  // namespace gopack::app
