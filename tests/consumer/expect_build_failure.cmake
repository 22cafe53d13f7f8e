# Builds one target that must fail with a sentence, and must leave no library behind.
#
#   cmake -DBUILD=dir -DTARGET=name -DSENTENCE=regex -P expect_build_failure.cmake
execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --target ${TARGET}
                OUTPUT_VARIABLE out ERROR_VARIABLE err RESULT_VARIABLE code)
string(REGEX REPLACE "[ \n]+" " " said "${out}${err}")
if(code EQUAL 0)
  message(FATAL_ERROR "${TARGET} was built, and should not have been:\n${out}${err}")
endif()
if(NOT said MATCHES "${SENTENCE}")
  message(FATAL_ERROR "${TARGET} failed, but without saying \"${SENTENCE}\":\n${out}${err}")
endif()
if(EXISTS ${BUILD}/lib/parley/agents/${TARGET}.so)
  message(FATAL_ERROR "${TARGET}.so is still there after its check has failed")
endif()
