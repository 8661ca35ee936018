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

# retort_test(NAME SOURCES file... LIBS target... [LABEL fast|slow|model] [SHARDS n])
#
# For ctest it is the test NAME, a whole program that writes what each of its cases did into
# build/PRESET/results/cases/NAME.xml: starting a program costs more than most cases do. SHARDS cuts
# a long program into parts that run beside each other. Each case is also a test with the label
# `case`, for those who look for one by its name.
# The target `fast_tests` builds the programs labelled so.
# `fast`: a minute for all; `slow`: minutes; `model`: wants the real model files.
function(retort_test NAME)
  cmake_parse_arguments(ARG "" "LABEL;SHARDS" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL fast)
  endif()
  if(NOT ARG_SHARDS)
    set(ARG_SHARDS 1)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_compile_definitions(${NAME} PRIVATE RETORT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # Tests run once: a third of their compile time is worth more than their own speed.
  if(RETORT_SANITIZE)
    target_compile_options(${NAME} PRIVATE -O0)
  else()
    target_compile_options(${NAME} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  target_link_libraries(${NAME} PRIVATE retort_warnings ${ARG_LIBS} GTest::gtest GTest::gtest_main)
  if(ARG_LABEL STREQUAL "fast")
    add_dependencies(fast_tests ${NAME})
  endif()
  math(EXPR last "${ARG_SHARDS} - 1")
  foreach(shard RANGE ${last})
    set(part ${NAME})
    if(ARG_SHARDS GREATER 1)
      math(EXPR number "${shard} + 1")
      set(part ${NAME}_${number})
    endif()
    add_test(NAME ${part}
             COMMAND ${NAME} --gtest_output=xml:${PROJECT_BINARY_DIR}/results/cases/${part}.xml)
    set_tests_properties(${part} PROPERTIES LABELS ${ARG_LABEL} ENVIRONMENT
                         "GTEST_TOTAL_SHARDS=${ARG_SHARDS};GTEST_SHARD_INDEX=${shard}")
  endforeach()
  gtest_discover_tests(${NAME} PROPERTIES LABELS case DISCOVERY_TIMEOUT 60)
endfunction()
