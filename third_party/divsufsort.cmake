# libdivsufsort ≥ 2.0: suffix arrays, by which two programs are compared; used by pack alone.
pkg_check_modules(DIVSUFSORT REQUIRED IMPORTED_TARGET libdivsufsort>=2.0)
