# One set of warnings for all of our targets; warnings are errors.
add_library(retort_warnings INTERFACE)
target_compile_options(retort_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Werror)
# GCC 12 sees overlaps that are not there in `"text" + std::string` (its bug 105651).
target_compile_options(retort_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# It takes the files that a unity build includes for headers, in which a class may not hold what only
# its file knows.
if(CMAKE_UNITY_BUILD)
  target_compile_options(retort_warnings INTERFACE
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

set(RETORT_SANITIZE "" CACHE STRING "Value of -fsanitize, e.g. address,undefined or thread")
if(RETORT_SANITIZE)
  add_compile_options(-fsanitize=${RETORT_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RETORT_SANITIZE})
  # The instrumentation hides from GCC 12 that a value was set.
  target_compile_options(retort_warnings INTERFACE
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
