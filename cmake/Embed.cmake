# Compiles files into a target: a generated .cpp defines `std::span<const parley::EmbeddedFile> FUNCTION()`.
#
#   include(Embed)
#   parley_embed(parley_simulator FUNCTION parley::sim::page_files BASE page FILES page/index.html page/style.css)
#
# The caller declares the function in a header of its own, with "base/embedded_file.hpp" and <span>. Paths are kept relative to BASE.
function(parley_embed target)
  cmake_parse_arguments(arg "" "FUNCTION;BASE" "FILES" ${ARGN})
  string(REPLACE "::" "_" name "${arg_FUNCTION}")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake)
  list(TRANSFORM arg_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  cmake_path(ABSOLUTE_PATH arg_BASE BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${arg_FUNCTION} -DBASE=${arg_BASE} "-DFILES=${arg_FILES}" -P ${script}
    DEPENDS ${arg_FILES} ${script}
    COMMENT "Embedding ${arg_BASE}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# The same for a folder that is filled while building: whatever lies in FOLDER once STAMP is there.
#
#   parley_embed_folder(parley_admin FUNCTION parley::console_files FOLDER ${built} STAMP ${built}.stamp)
function(parley_embed_folder target)
  cmake_parse_arguments(arg "" "FUNCTION;FOLDER;STAMP" "" ${ARGN})
  string(REPLACE "::" "_" name "${arg_FUNCTION}")
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFUNCTION=${arg_FUNCTION} -DFOLDER=${arg_FOLDER} -P ${script}
    DEPENDS ${arg_STAMP} ${script}
    COMMENT "Embedding ${arg_FOLDER}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
