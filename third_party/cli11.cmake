# CLI11 ≥ 2.1: the command line; used by apps/gopack alone.
find_package(CLI11 2.1 REQUIRED)
