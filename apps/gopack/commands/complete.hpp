// What may come next on a command line that is being written: what the completion scripts of shells ask for.
#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"

namespace gopack::app {

// The hidden command that the scripts run: `gopack __complete WORD… =CURRENT`, with the words before the one
// at the cursor, and that one after "=", so that no shell loses an empty word.
inline constexpr const char* kCompleteCommand = "__complete";

// Prints a line for each word that may stand in place of CURRENT, with a tab and a description where there is
// one; last ":files" or ":directories" where the shell is to add those. Reads the store and changes nothing;
// what is wrong with the line, the settings or the store only makes for fewer words.
void print_completions(const Command& root, std::vector<std::string> arguments);

}  // namespace gopack::app
