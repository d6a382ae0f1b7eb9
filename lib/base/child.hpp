// A program that was started on Windows. Private to base.
#pragma once

#include <string>
#include <vector>

#include "gopack/base/process.hpp"
#include "win32.hpp"

namespace gopack::win32 {

struct Streams {
  HANDLE in = nullptr;
  HANDLE out = nullptr;
  HANDLE err = nullptr;
};

// What the command is told and the program gets apart again (CommandLineToArgvW). A batch file gets it from
// cmd, which reads some characters in its own way: such arguments are refused. Throws Error.
std::wstring command_line(const std::vector<std::string>& command, const std::filesystem::path& program);

// The program with all it has started: a job, which ends with this process, however that ends. The destructor
// ends what still runs.
class Child {
 public:
  struct Start {
    Streams streams;
    std::filesystem::path directory = {};  // empty: this process's
    bool is_group = false;                 // the console's Ctrl-C is not for it
  };
  Child(const std::vector<std::string>& command, const Environment& environment, const Start& start);

  HANDLE process() const { return to_handle(process_.get()); }
  // Asks it to end as Ctrl-Break does. False without a console to ask it by.
  bool ask_to_end() const;
  void kill() const;
  // The exit status, once it has ended. What it leaves behind goes on.
  int wait();

 private:
  Descriptor job_;
  Descriptor process_;
  DWORD number_ = 0;
};

}  // namespace gopack::win32
