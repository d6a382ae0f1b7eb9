# gopack_embed(<target> NAMESPACE <ns> NAME <function> [BASE <directory>] FILES <file>…)
#
# Compiles data files into <target>: <ns>::<function>() returns them as a span of {name, text}. Names are relative to
# BASE; without it they are the last components.
# The header `embedded.hpp` of base declares the type. Files stay what they are: data that is read,
# reviewed and tested as such; the program needs no installation directory to find them.
function(gopack_embed target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAMESPACE;NAME;BASE" "FILES")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.cpp)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${arg_NAMESPACE} -DNAME=${arg_NAME} -DBASE=${arg_BASE}
            "-DFILES=${arg_FILES}" -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${arg_FILES} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
