# Run by parley_npm_build() at build time.
file(REMOVE_RECURSE ${WORK}/src ${WORK}/dist ${WORK}/dist.stamp)
foreach(source IN LISTS SOURCES)
  cmake_path(GET source PARENT_PATH folder)
  file(COPY ${FROM}/${source} DESTINATION ${WORK}/${folder})
endforeach()

function(run_npm what)
  execute_process(COMMAND ${NPM} --loglevel=error ${ARGN} WORKING_DIRECTORY ${WORK}
    RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(failed)
    message(FATAL_ERROR "${said}\n${what} To build without this page: cmake -D${OPTION}=OFF and the build folder.")
  endif()
endfunction()

set(lock ${WORK}/package-lock.json)
file(SHA256 ${lock} wanted)
set(installed "")
if(EXISTS ${WORK}/node_modules/.parley-lock)
  file(READ ${WORK}/node_modules/.parley-lock installed)
endif()
if(NOT installed STREQUAL wanted)
  run_npm("The packages in ${FROM}/package-lock.json could not be installed. Is the npm registry within reach?"
    ci --prefer-offline --no-audit --no-fund --fetch-retries=1)
  file(WRITE ${WORK}/node_modules/.parley-lock ${wanted})
endif()
run_npm("The page in ${FROM} does not build." run build)
file(WRITE ${WORK}/dist.stamp "")
