# Zstandard ≥ 1.5 (RFC 8878): compresses the index of an archive, images and packs; used by archive, image, flash and pack alone.
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5)
