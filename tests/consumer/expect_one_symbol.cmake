# nm must see parley_plugin_v1 and nothing else.
#
#   cmake -DNM=nm -DPLUGIN=file.so -P expect_one_symbol.cmake
execute_process(COMMAND ${NM} --dynamic --defined-only --format=just-symbols ${PLUGIN}
                OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${symbols}" symbols)
if(NOT symbols STREQUAL "parley_plugin_v1")
  message(FATAL_ERROR "${PLUGIN} exports:\n${symbols}")
endif()
