# retort_layer(NAME SOURCES file... [DEPS layer...] [LIBS target...] [TESTS file...] [TEST_DEPS layer...])
#
# A layer is one static library `retort_<NAME>` that links the layers it may use (DEPS, public) and
# outside libraries (LIBS, private). Its unit tests stand beside its files and become one program,
# `retort_<NAME>_test`. tools/check_layers checks the #include lines against the same picture.
function(retort_layer NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS;TESTS;TEST_DEPS" ${ARGN})
  set(target retort_${NAME})
  list(TRANSFORM ARG_DEPS PREPEND retort_)
  list(TRANSFORM ARG_TEST_DEPS PREPEND retort_)
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE retort_warnings ${ARG_LIBS})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} ${scope} ${ARG_DEPS})
  if(RETORT_TESTS AND ARG_TESTS)
    retort_test(${target}_test SOURCES ${ARG_TESTS} LIBS ${target} ${ARG_TEST_DEPS} ${ARG_LIBS})
  endif()
endfunction()

# retort_test(NAME SOURCES file... LIBS target... [LABEL fast|slow|model])
# One ctest case per GoogleTest case. `fast`: a minute for all; `slow`: minutes; `model`: wants the
# real model files.
function(retort_test NAME)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL fast)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${NAME} PRIVATE RETORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Tests run once: a third of their compile time is worth more than their own speed.
  target_compile_options(${NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  target_link_libraries(${NAME} PRIVATE retort_warnings ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${NAME} PROPERTIES LABELS ${ARG_LABEL} DISCOVERY_TIMEOUT 60)
endfunction()
