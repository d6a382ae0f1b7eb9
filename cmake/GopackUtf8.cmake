# gopack_use_utf8(<target>)
#
# Has Windows give and take UTF-8, and paths of any length, in all calls of a program, by the manifest beside this file;
# elsewhere nothing is to be done.
if(WIN32)
  enable_language(RC)
endif()
set(GOPACK_UTF8_DIR ${CMAKE_CURRENT_LIST_DIR})

function(gopack_use_utf8 target)
  if(WIN32)
    target_sources(${target} PRIVATE ${GOPACK_UTF8_DIR}/windows.rc)
    set_source_files_properties(${GOPACK_UTF8_DIR}/windows.rc PROPERTIES
      OBJECT_DEPENDS ${GOPACK_UTF8_DIR}/windows.manifest)
  endif()
endfunction()
