# What `cmake --install` puts where: headers, both libraries, find_package(linecard) and pkg-config's linecard.pc.
# A project that merely adds us as a subfolder installs nothing of ours unless it asks.
option(LINECARD_INSTALL "Install linecard" ${PROJECT_IS_TOP_LEVEL})
if(NOT LINECARD_INSTALL)
  return()
endif()

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/linecard)

install(DIRECTORY include/linecard TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(FILES src/stores/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME stores.md)
install(TARGETS linecard EXPORT linecard_cpp INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT linecard_cpp NAMESPACE linecard:: FILE linecardCpp.cmake DESTINATION ${package_dir})

if(TARGET linecard_c)
  foreach(header linecard.h linecard_adapters.h linecard_lines.h linecard_c.hpp)
    install(FILES capi/${header} TYPE INCLUDE)
  endforeach()
  install(TARGETS linecard_c EXPORT linecard_c INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT linecard_c NAMESPACE linecard:: FILE linecardC.cmake DESTINATION ${package_dir})

  file(RELATIVE_PATH up_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /) # linecard.pc moves with its prefix
  configure_file(cmake/linecard.pc.in linecard.pc @ONLY)
  install(FILES ${CMAKE_CURRENT_BINARY_DIR}/linecard.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

# Python over the C ABI: PYTHONPATH names this folder, LINECARD_LIBRARY the library where the loader does not find it.
install(DIRECTORY bindings/python/linecard DESTINATION ${CMAKE_INSTALL_DATADIR}/linecard/python
        FILES_MATCHING PATTERN "*.py" PATTERN py.typed)

configure_package_config_file(cmake/linecardConfig.cmake.in linecardConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(linecardConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/linecardConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/linecardConfigVersion.cmake
              cmake/linecardDependencies.cmake
        DESTINATION ${package_dir})
