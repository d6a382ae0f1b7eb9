# utf8proc ≥ 2.5: Unicode letters, normal form C and case folding of the few names that are not ASCII; used by tree alone.
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc>=2.5)
