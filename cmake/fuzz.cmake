# retort_fuzz(NAME "SOURCE..." LIBS target...)
#
# One parser under attack. SOURCE defines libFuzzer's LLVMFuzzerTestOneInput; it returns 0 for every
# input, and whatever else happens is a finding. Seeds stand in tests/fuzz/corpus/<NAME>.
#
# With RETORT_FUZZ it becomes the libFuzzer program `<NAME>_fuzz`; with RETORT_TESTS the test
# `<NAME>_fuzz_replay`, which feeds it the seeds and some thousand seeded mutations of them.
# The target `fuzz_targets` builds all programs of the first kind.
if(RETORT_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_custom_target(fuzz_targets)
endif()

function(retort_fuzz NAME SOURCES)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  if(RETORT_FUZZ)
    add_executable(${NAME}_fuzz ${SOURCES})
    target_link_libraries(${NAME}_fuzz PRIVATE retort_warnings ${ARG_LIBS})
    target_link_options(${NAME}_fuzz PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzz_targets ${NAME}_fuzz)
  endif()
  if(RETORT_TESTS)
    retort_test(${NAME}_fuzz_replay
      SOURCES ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_test.cpp ${SOURCES}
      LIBS ${ARG_LIBS} retort_base)
    target_compile_definitions(${NAME}_fuzz_replay PRIVATE
      FUZZ_TARGET=${NAME}_fuzz FUZZ_CORPUS="${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${NAME}")
  endif()
endfunction()
