# What ./cross packs beyond an installation: the licences of what is linked in, gopack for other systems, and Debian's package by cpack.
string(TOLOWER ${CMAKE_SYSTEM_PROCESSOR} processor)
string(REPLACE "x86_64" "amd64" processor ${processor})
string(REPLACE "aarch64" "arm64" processor ${processor})

set(GOPACK_COPYRIGHT "" CACHE FILEPATH "Copyright and licences of the libraries that are linked statically")
if(GOPACK_COPYRIGHT)
  install(FILES ${GOPACK_COPYRIGHT} DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
endif()

set(GOPACK_PROGRAMS "" CACHE PATH "Directory with gopack for each system, which `bundle --with-gopack` copies")
if(GOPACK_PROGRAMS)
  install(DIRECTORY ${GOPACK_PROGRAMS}/ DESTINATION lib/gopack/programs USE_SOURCE_PERMISSIONS)
endif()

set(CPACK_PACKAGE_VENDOR "The gopack authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE ${processor})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The gopack authors <gopack@packages.invalid>")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS gpgv)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "gopack takes official releases of Go from the network, a mirror or a stick,\n proves them, cuts them down to what is needed and puts them side by side on a\n stick or share, from which Linux, macOS and Windows start them.")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
include(CPack)
