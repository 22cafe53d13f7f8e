# Builds a page with npm, in the build tree: the source tree gets neither packages nor output.
#
#   parley_npm_build(console SOURCES package.json src/main.tsx … OPTION PARLEY_CONSOLE)
#
# Copies SOURCES to ${CMAKE_CURRENT_BINARY_DIR}/console, installs what package-lock.json names when it has changed, and runs
# `npm run build`. What it built lies in console/dist once console/dist.stamp is there. OPTION is what builds without it.
function(parley_npm_build folder)
  cmake_parse_arguments(arg "" "OPTION" "SOURCES" ${ARGN})
  find_program(NPM_PROGRAM npm)
  if(NOT NPM_PROGRAM)
    message(FATAL_ERROR "${folder} is built with npm, which is not here. Install nodejs and npm, or build without it: -D${arg_OPTION}=OFF")
  endif()
  set(work ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  set(script ${PROJECT_SOURCE_DIR}/cmake/npm_build.cmake)
  set(sources ${arg_SOURCES})
  list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/)
  add_custom_command(
    OUTPUT ${work}/dist.stamp
    COMMAND ${CMAKE_COMMAND} -DNPM=${NPM_PROGRAM} -DFROM=${CMAKE_CURRENT_SOURCE_DIR}/${folder} -DWORK=${work} "-DSOURCES=${arg_SOURCES}" -DOPTION=${arg_OPTION} -P ${script}
    DEPENDS ${sources} ${script}
    COMMENT "Building ${folder} with npm"
    VERBATIM)
endfunction()
