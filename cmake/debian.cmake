# Run by cpack before it packs: what Debian asks of a package beyond the files that are installed everywhere.
if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
set(usr ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr)
set(doc ${usr}/share/doc/gopack)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/../CHANGELOG.md DESTINATION ${doc})
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
string(TIMESTAMP day "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog.Debian
  "gopack (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n"
  "  * What has changed is told in changelog.gz.\n\n"
  " -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${day}\n")
file(GLOB texts ${usr}/share/man/man1/*.1 ${doc}/changelog*)
execute_process(COMMAND gzip -9n ${texts} COMMAND_ERROR_IS_FATAL ANY)
# What lintian finds wrong on purpose.
file(WRITE ${usr}/share/lintian/overrides/gopack
  "# One program for every version of Debian and Ubuntu, which share no version of its libraries.\n"
  "# The same goes for gopack that bundles take along. LLVM's licence is Apache's with exceptions.\n"
  "gopack: copyright-file-contains-full-apache-2-license\n"
  "gopack: shared-library-lacks-prerequisites [usr/lib/gopack/programs/*]\n"
  "gopack: statically-linked-binary [usr/bin/gopack]\n"
  "gopack: embedded-library *\n"
  "gopack: shared-library-lacks-prerequisites [usr/bin/gopack]\n")
