# How an agent is built: the flags, the check and the place that plugin.h's promises rest on.
#
#   add_agent_plugin(hello SOURCES hello.cpp [LIBRARIES nlohmann_json::nlohmann_json …])
#
# makes the MODULE library `hello`, ${CMAKE_BINARY_DIR}/lib/parley/agents/hello.so, installed (component `agents`) to
# lib/parley/agents. It exports `parley_plugin_v1` and nothing else, so that two versions of an agent and the host never
# see each other's symbols and a replaced version can be unloaded. The build fails when the result breaks that.

# Sanitizers leave symbols undefined that the executable brings, so `-z defs` cannot be used with them.
function(_parley_is_sanitized result)
  get_directory_property(options COMPILE_OPTIONS)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" config)
  set(flags "${options} ${PARLEY_SANITIZE} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${config}}")
  if(PARLEY_SANITIZE OR flags MATCHES "-fsanitize=")
    set(${result} ON PARENT_SCOPE)
  else()
    set(${result} OFF PARENT_SCOPE)
  endif()
endfunction()

function(add_agent_plugin name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "add_agent_plugin(${name}): write add_agent_plugin(${name} SOURCES a.cpp … [LIBRARIES lib …])")
  endif()
  _parley_is_sanitized(sanitized)
  set(beside ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  set(map ${beside}/agent.map)

  add_library(${name} MODULE ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so"
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/parley/agents
    LINK_DEPENDS ${map}
    POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${name} PRIVATE c_std_11 cxx_std_20)
  target_compile_options(${name} PRIVATE
    -fvisibility=hidden
    $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    -Wl,--version-script=${map} -Wl,-z,now $<$<NOT:$<BOOL:${sanitized}>>:-Wl,-z,defs>)
  target_link_libraries(${name} PRIVATE Parley::sdk ${arg_LIBRARIES})
  if(TARGET parley_warnings)
    target_link_libraries(${name} PRIVATE parley_warnings)
  endif()

  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -DPLUGIN=$<TARGET_FILE:${name}> -DREADELF=${CMAKE_READELF} -DSANITIZED=${sanitized}
            -P ${beside}/CheckAgentPlugin.cmake
    VERBATIM)
  install(TARGETS ${name} LIBRARY DESTINATION lib/parley/agents COMPONENT agents)
endfunction()
