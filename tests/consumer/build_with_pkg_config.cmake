# The compiler line that parley.pc documents, then the check of the package on its result.
#
#   cmake -DPREFIX=dir -DPKG_CONFIG=pkg-config -DCXX=g++ -DSOURCE=greeter.cpp -DRESULT=greeter.so -P build_with_pkg_config.cmake
file(GLOB_RECURSE pc ${PREFIX}/*/parley.pc)
cmake_path(GET pc PARENT_PATH pc_dir)
set(ENV{PKG_CONFIG_PATH} ${pc_dir})
function(ask result)
  execute_process(COMMAND ${PKG_CONFIG} ${ARGN} parley OUTPUT_VARIABLE answer COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(answer UNIX_COMMAND "${answer}")
  set(${result} ${answer} PARENT_SCOPE)
endfunction()
ask(version --modversion)
ask(cflags --cflags)
ask(cxxflags --variable=agent_cxxflags)
ask(ldflags --variable=agent_ldflags)
ask(cmakedir --variable=cmakedir)
execute_process(COMMAND ${CXX} ${cflags} ${cxxflags} ${SOURCE} ${ldflags} -o ${RESULT} COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -DPLUGIN=${RESULT} -P ${cmakedir}/CheckAgentPlugin.cmake COMMAND_ERROR_IS_FATAL ANY)
message(STATUS "parley ${version}: ${RESULT}")
