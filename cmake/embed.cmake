# Script part of gopack_embed: writes OUTPUT from FILES.
set(text "#include \"gopack/base/embedded.hpp\"\n\nnamespace ${NAMESPACE} {\n\n")
string(APPEND text "std::span<const gopack::EmbeddedFile> ${NAME}() {\n")
string(APPEND text "  using namespace std::string_view_literals;\n")
string(APPEND text "  static constexpr gopack::EmbeddedFile files[] = {\n")
foreach(file IN LISTS FILES)
  if(BASE)
    file(RELATIVE_PATH name ${BASE} ${file})
  else()
    get_filename_component(name ${file} NAME)
  endif()
  file(READ ${file} content HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${content}")  # in one go: files may have a megabyte
  string(APPEND text "      {\"${name}\", \"${escaped}\"sv},\n")  # with its length: the content may hold zeros
endforeach()
string(APPEND text "  };\n  return files;\n}\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${text}")
