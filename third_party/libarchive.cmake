# libarchive ≥ 3.6: reads tar entries, as a reader only; used by archive alone.
find_package(LibArchive 3.6 REQUIRED)
