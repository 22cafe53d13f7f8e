# How an agent is built: the flags, the check and the place that plugin.h's promises rest on.
#
#   add_agent_plugin(hello SOURCES hello.cpp [LIBRARIES nlohmann_json::nlohmann_json …] [CONVERSATIONS tests/hello.yaml …]
#                    [CONFIG config.example.yaml] [STRICTNESS 1-9])
#
# makes the MODULE library `hello`, ${CMAKE_BINARY_DIR}/lib/parley/agents/hello.so, installed (component `agents`) to
# lib/parley/agents. It exports `parley_plugin_v1` and nothing else, so that two versions of an agent and the host never
# see each other's symbols and a replaced version can be unloaded. The build fails when the result breaks that.
#
# With CONVERSATIONS and the program `parley`, CTest gets `hello.validate` (parley agent validate) and a test for each script
# (parley agent test). CONFIG is what the agent is started with there; STRICTNESS is 5 when left out.

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

# The program of this build, or of the installation that the package belongs to.
function(_parley_program result)
  if(TARGET parley)
    set(${result} $<TARGET_FILE:parley> PARENT_SCOPE)
    return()
  endif()
  find_program(PARLEY_PROGRAM parley HINTS ${PARLEY_PREFIX}/bin)
  set(${result} ${PARLEY_PROGRAM} PARENT_SCOPE)
endfunction()

function(_parley_agent_tests name config strictness)
  _parley_program(program)
  if(NOT program)
    message(WARNING "add_agent_plugin(${name}): the program `parley` was not found, so its conversations are not tested. "
                    "Install it beside the package, or set PARLEY_PROGRAM.")
    return()
  endif()
  set(settings "")
  if(config)
    cmake_path(ABSOLUTE_PATH config BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set(settings --config ${config})
  endif()
  add_test(NAME ${name}.validate
    COMMAND ${program} agent validate $<TARGET_FILE:${name}> --strictness ${strictness} ${settings})
  set_tests_properties(${name}.validate PROPERTIES LABELS plugin TIMEOUT 600)
  foreach(script IN LISTS ARGN)
    cmake_path(GET script STEM stem)
    cmake_path(ABSOLUTE_PATH script BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    add_test(NAME ${name}.${stem} COMMAND ${program} agent test --agent $<TARGET_FILE:${name}> ${settings} ${script})
    set_tests_properties(${name}.${stem} PROPERTIES LABELS plugin TIMEOUT 120)
  endforeach()
endfunction()

function(add_agent_plugin name)
  cmake_parse_arguments(arg "" "CONFIG;STRICTNESS" "SOURCES;LIBRARIES;CONVERSATIONS" ${ARGN})
  if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "add_agent_plugin(${name}): write add_agent_plugin(${name} SOURCES a.cpp … [LIBRARIES lib …] [CONVERSATIONS a.yaml …])")
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
  if(arg_CONVERSATIONS)
    if(NOT arg_STRICTNESS)
      set(arg_STRICTNESS 5)
    endif()
    _parley_agent_tests(${name} "${arg_CONFIG}" ${arg_STRICTNESS} ${arg_CONVERSATIONS})
  endif()
  install(TARGETS ${name} LIBRARY DESTINATION lib/parley/agents COMPONENT agents)
endfunction()
