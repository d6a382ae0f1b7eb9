# CLI11 ≥ 2.1: the command line; used by apps/gopack/command_line.cpp alone.
find_package(CLI11 2.1 REQUIRED)
