# What is installed, and the Debian package of it:
#   scripts/package
#
# The program with its manual, completions and systemd unit. The libraries that it needs are found by
# dpkg-shlibdeps, so that the package names what the program was linked with.
include(GNUInstallDirs)
# Only the program is wanted, not whatever else there is to build.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

set(generated ${PROJECT_BINARY_DIR}/package)
add_custom_command(
  OUTPUT ${generated}/retort.1 ${generated}/retort.bash ${generated}/_retort ${generated}/retort.fish
  COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
  COMMAND retort man > ${generated}/retort.1
  COMMAND retort completion bash > ${generated}/retort.bash
  COMMAND retort completion zsh > ${generated}/_retort
  COMMAND retort completion fish > ${generated}/retort.fish
  DEPENDS retort
  VERBATIM)
add_custom_target(package_files DEPENDS ${generated}/retort.1)

install(TARGETS retort RUNTIME COMPONENT retort)
install(FILES ${generated}/retort.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT package)
install(FILES ${generated}/retort.bash RENAME retort
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT package)
install(FILES ${generated}/_retort
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT package)
install(FILES ${generated}/retort.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT package)
install(FILES deploy/retort.service DESTINATION lib/systemd/system COMPONENT package)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT package)

set(CPACK_PACKAGE_NAME retort)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "run, measure, compare and serve reasoning models")
set(CPACK_PACKAGE_CONTACT "The Retort project")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL retort package)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
include(CPack)
