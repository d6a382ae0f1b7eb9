# Zstandard ≥ 1.5 (RFC 8878): compresses the index of an archive; used by archive alone. Compressed images with a seek table.
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)
