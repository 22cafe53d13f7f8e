# The package for authors of agents, component `plugin-api`: headers, testkit, add_agent_plugin(), parley.pc.
set(PARLEY_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/Parley)
set(PARLEY_PC_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH PARLEY_PC_TO_PREFIX ${CMAKE_INSTALL_PREFIX}/${PARLEY_PC_DIR} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" PARLEY_PC_TO_PREFIX "${PARLEY_PC_TO_PREFIX}")

configure_package_config_file(cmake/ParleyConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/ParleyConfig.cmake
  INSTALL_DESTINATION ${PARLEY_CMAKE_DIR})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/ParleyConfigVersion.cmake
  VERSION ${PARLEY_ABI_VERSION} COMPATIBILITY SameMajorVersion)
configure_file(cmake/parley.pc.in ${CMAKE_CURRENT_BINARY_DIR}/parley.pc @ONLY)

install(TARGETS parley_plugin_api parley_testkit parley_scripts EXPORT ParleyTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT plugin-api)
install(EXPORT ParleyTargets NAMESPACE Parley:: DESTINATION ${PARLEY_CMAKE_DIR} COMPONENT plugin-api)
install(DIRECTORY include/parley testkit/include/parley DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT plugin-api)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/parley.pc DESTINATION ${PARLEY_PC_DIR} COMPONENT plugin-api)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/ParleyConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/ParleyConfigVersion.cmake
  cmake/AddAgentPlugin.cmake cmake/CheckAgentPlugin.cmake cmake/agent.map
  DESTINATION ${PARLEY_CMAKE_DIR} COMPONENT plugin-api)
