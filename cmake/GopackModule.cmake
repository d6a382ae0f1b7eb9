# gopack_for_this_system(<variable>)
#
# Leaves out of a list of sources the halves of pairs, and the tests, that are for other systems.
macro(gopack_for_this_system variable)
  if(WIN32)
    set(elsewhere _posix)
  elseif(APPLE)
    set(elsewhere "_win32|_linux_posix")
  else()
    set(elsewhere "_win32|_macos_posix")
  endif()
  list(FILTER ${variable} EXCLUDE REGEX "(${elsewhere})(_test)?\\.cpp$")
endmacro()

# gopack_module(<name> [USES <module>…] [PRIVATE_LIBRARIES <target>…])
#
# Declares lib/<name>: every .cpp beside it, public headers below include/gopack/<name>.
# A module may use only modules that are declared already, so the order of lib/CMakeLists.txt is
# the order of dependency and an upward include does not compile. Third-party libraries are
# private to their module and appear in no public header.
function(gopack_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;PRIVATE_LIBRARIES")
  foreach(used IN LISTS arg_USES)
    if(NOT TARGET gopack_${used})
      message(FATAL_ERROR "module '${name}' uses '${used}', which is not declared before it")
    endif()
  endforeach()

  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  gopack_for_this_system(sources)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/include/gopack/${name}/*.hpp)

  add_library(gopack_${name} STATIC ${sources})
  target_sources(gopack_${name} PUBLIC FILE_SET HEADERS
    BASE_DIRS ${CMAKE_CURRENT_SOURCE_DIR}/include FILES ${headers})
  list(TRANSFORM arg_USES PREPEND gopack_)
  target_link_libraries(gopack_${name}
    PUBLIC ${arg_USES} gopack_settings
    PRIVATE gopack_warnings fmt::fmt ${arg_PRIVATE_LIBRARIES})
  set_target_properties(gopack_${name} PROPERTIES LINKER_LANGUAGE CXX)
  set_property(GLOBAL APPEND PROPERTY GOPACK_MODULES ${name})
endfunction()
