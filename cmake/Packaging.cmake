# Debian packages: `cpack --config build/release/CPackConfig.cmake -G DEB` makes `parley`, the engine with the agents of this tree, and
# `parley-dev`, what an agent's author needs. How they are installed and what they do then: docs/packages.md.
set(packaging ${PROJECT_SOURCE_DIR}/packaging/debian)
set(documents ${PROJECT_BINARY_DIR}/packaging)

# Debian wants them compressed, and the same bytes each time.
find_program(GZIP_PROGRAM gzip REQUIRED)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${packaging}/changelog.in ${packaging}/parley.1)
configure_file(${packaging}/changelog.in ${documents}/changelog @ONLY)
foreach(name parley.1 parley-worker.1)
  configure_file(${packaging}/parley.1 ${documents}/${name} COPYONLY)
endforeach()
foreach(name changelog parley.1 parley-worker.1)
  execute_process(COMMAND ${GZIP_PROGRAM} -9nc ${documents}/${name} OUTPUT_FILE ${documents}/${name}.gz COMMAND_ERROR_IS_FATAL ANY)
endforeach()

# Only in packages: `cmake --install` must not write to /etc.
function(install_packed component destination)
  install(FILES ${ARGN} DESTINATION ${destination} COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()
install_packed(system /etc/parley ${packaging}/parley.yaml)
install_packed(system /lib/systemd/system config/parley.service)
install_packed(system share/man/man1 ${documents}/parley.1.gz ${documents}/parley-worker.1.gz)
install_packed(system share/doc/parley ${packaging}/copyright ${documents}/changelog.gz README.md CHANGELOG.md)
install_packed(system share/doc/parley/examples
  config/alerts.example.yaml config/bsp.yaml config/card-facts.yaml config/grafana-dashboard.json config/jupiter-edge-plus.yaml
  config/nginx.example.conf config/parley.schema.json config/reference.yaml)
install_packed(sdk-documents share/doc/parley-dev ${packaging}/copyright ${documents}/changelog.gz docs/writing-a-plugin.md)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME parley)
set(CPACK_PACKAGE_VENDOR "The Parley developers")
set(CPACK_PACKAGE_CONTACT "The Parley developers <maintainers@parley.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL parley agents system plugin-api sdk-documents)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
foreach(component PARLEY AGENTS SYSTEM)
  set(CPACK_COMPONENT_${component}_GROUP engine)
endforeach()
foreach(component PLUGIN-API SDK-DOCUMENTS)
  set(CPACK_COMPONENT_${component}_GROUP sdk)
endforeach()

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_ENGINE_PACKAGE_NAME parley)
set(CPACK_DEBIAN_ENGINE_PACKAGE_SECTION net)
set(CPACK_DEBIAN_ENGINE_DESCRIPTION "Host engine for WhatsApp agents
Parley takes Meta's signed webhooks, writes every message to disk before it
says so, hands each message to an agent and sends the agent's replies: in
order, at the pace Meta allows, once.

The service starts at once and serves its API and its console on
127.0.0.1:8000; /etc/parley/parley.yaml says for which numbers it answers.")
set(CPACK_DEBIAN_ENGINE_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_ENGINE_PACKAGE_DEPENDS "adduser, ca-certificates")  # the libraries are added
set(CPACK_DEBIAN_ENGINE_PACKAGE_SUGGESTS "nginx, prometheus")
set(CPACK_DEBIAN_ENGINE_PACKAGE_CONTROL_EXTRA
  ${packaging}/conffiles ${packaging}/postinst ${packaging}/prerm ${packaging}/postrm)

set(CPACK_DEBIAN_SDK_PACKAGE_NAME parley-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_DESCRIPTION "C contract, C++ SDK and testkit for agents of Parley
What an agent is written, built and tested with: find_package(Parley),
add_agent_plugin(), pkg-config, a host without an engine, and scripts of
conversations.")
set(CPACK_DEBIAN_SDK_PACKAGE_RECOMMENDS "parley, libyaml-cpp-dev, nlohmann-json3-dev")

# The project's own sentence is CPack's default and would stand before each description; this is the other default, which does not.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_PROJECT_NAME} built using CMake")

include(CPack)
