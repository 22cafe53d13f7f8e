# A layer is one folder of engine/, one static library, and the layers below it that it may include.
#
#   parley_add_layer(net SOURCES a.cpp b.cpp LAYERS base LIBRARIES CURL::libcurl)
function(parley_add_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;LAYERS;LIBRARIES" ${ARGN})
  list(TRANSFORM arg_LAYERS PREPEND parley_)
  add_library(parley_${name} STATIC ${arg_SOURCES})
  add_library(parley::${name} ALIAS parley_${name})
  target_include_directories(parley_${name} PUBLIC ${PROJECT_SOURCE_DIR}/engine)
  target_link_libraries(parley_${name} PUBLIC ${arg_LAYERS} ${arg_LIBRARIES} Threads::Threads PRIVATE parley_warnings)
endfunction()

# The unit tests of one folder: every tests/unit/<folder>/*_test.cpp, one executable, CTest label `unit`.
#
#   parley_add_unit_tests(net LIBRARIES parley_net)
function(parley_add_unit_tests folder)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${folder}/*_test.cpp)
  if(sources)
    parley_add_tests(unit_${folder}_tests LABEL unit SOURCES ${sources} LIBRARIES ${arg_LIBRARIES})
    if(PARLEY_SANITIZE MATCHES "undefined")
      # It is the layer's code that is watched; half of a test's time to compile went into watching the test.
      target_compile_options(unit_${folder}_tests PRIVATE -fno-sanitize=undefined)
    endif()
  endif()
endfunction()

# Any GoogleTest executable whose cases appear in CTest under LABEL.
function(parley_add_tests name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  # What users run are the libraries; a test itself compiles a third faster without optimisation.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  target_compile_definitions(${name} PRIVATE PARLEY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" PARLEY_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gtest GTest::gmock GTest::gtest_main parley_warnings)
  if(PARLEY_PRECOMPILE_TESTS)
    target_precompile_headers(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/precompiled.hpp)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
