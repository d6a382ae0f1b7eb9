# ISA-L ≥ 2.30: inflates gzip about three times as fast as zlib and checks CRC32 and length;
# used by archive alone.
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal>=2.30)
