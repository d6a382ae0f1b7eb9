// Standard input, output and error.
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>

#include "gopack/base/file.hpp"

namespace gopack {

enum class Stream { input, output, error };

// Call it before any file is opened. Opens those of the three that are closed, so that no file of the store
// gets what is meant for them; writing to them goes on to fail. On Windows what is written stays as it is:
// line feeds stay alone, and consoles take UTF-8 and colours until the program ends.
void hold_standard_streams();

// Whether somebody sits there.
bool is_terminal(Stream stream);

// Columns of the terminal there; nothing where there is none.
std::optional<std::size_t> columns_of(Stream stream);

// The stream as a file, which closes it.
File take_stream(Stream stream);

// The line that the user types; empty where there is none. Throws Error (interrupted) when the command is to
// stop first.
std::string read_answer(const std::stop_token& stop);

// Whether writing to standard output has failed, with `code` in errno, because nobody reads it any more.
bool is_closed_by_reader(int code);
// Ends the program, silently, as programs end whose output nobody reads any more.
[[noreturn]] void end_by_broken_pipe();
// Ends the program where it stands, for one that is told to stop a second time. A console is as it was
// before.
[[noreturn]] void end_at_once(int status);

}  // namespace gopack
