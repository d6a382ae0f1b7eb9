# The release flags of the OpenSSF's "Compiler Options Hardening Guide for C and C++", as far as the compiler knows
# them, for every target that links gopack_settings. tests/cli/test_hardening.py looks at the result.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

set(optimized $<CONFIG:Release,RelWithDebInfo>)
target_compile_options(gopack_settings INTERFACE
  $<${optimized}:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3;-D_GLIBCXX_ASSERTIONS>)
foreach(flag IN ITEMS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full -ftrivial-auto-var-init=zero
    -fno-delete-null-pointer-checks -fno-strict-overflow -fstrict-flex-arrays=3)
  string(MAKE_C_IDENTIFIER "GOPACK_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(gopack_settings INTERFACE $<${optimized}:${flag}>)
  endif()
endforeach()
if(CMAKE_SYSTEM_NAME STREQUAL Linux)
  target_link_options(gopack_settings INTERFACE $<${optimized}:LINKER:-z,relro,-z,now,-z,noexecstack,--as-needed>)
  check_linker_flag(CXX LINKER:--no-copy-dt-needed-entries GOPACK_HAS_no_copy_dt_needed_entries)
  if(GOPACK_HAS_no_copy_dt_needed_entries)
    target_link_options(gopack_settings INTERFACE $<${optimized}:LINKER:--no-copy-dt-needed-entries>)
  endif()
endif()
