# Zstandard ≥ 1.5 (RFC 8878): compresses the index of an archive, and images; used by archive and image alone.
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)
