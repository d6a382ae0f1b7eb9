// System calls that Linux and macOS spell differently. Private to base. As those of libc do, they set errno.
#pragma once

#include <string>

namespace gopack::calls {

// EEXIST or ENOTEMPTY when `to` exists; EINVAL, ENOSYS or ENOTSUP where the filesystem cannot do it in one
// step.
int rename_no_replace(int from_dir, const char* from, int to_dir, const char* to);
// Flushes the whole filesystem of the descriptor.
int sync_filesystem(int fd);
// Has the next read of the file ask the medium, as far as the system can be told.
void forget(int fd);
// Makes `to` of that mode, whatever the umask is, with content and time of the open file `from`, whose blocks
// it shares until one of both is written. Nothing is left where that fails.
int clone_file(int from, int to_dir, const char* to, unsigned mode);
// A pipe whose ends are closed in other programs.
int make_pipe(int (&ends)[2]);
// The path of this program's file; empty where the system does not tell.
std::string own_program();
// Closes what is open of `first` to `last`. Safe between fork and exit.
void close_descriptors(unsigned first, unsigned last);

}  // namespace gopack::calls
