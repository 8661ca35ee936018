# retort_embed(OUTPUT HEADER NAME=file,... file...)
#
# OUTPUT becomes a C++ file that defines, for HEADER, a string for each NAME: files that are part of the
# program.
function(retort_embed OUTPUT HEADER TEXTS)
  set(files ${ARGN})
  add_custom_command(
    OUTPUT ${OUTPUT}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${OUTPUT} -DHEADER=${HEADER} -DTEXTS=${TEXTS}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_text.cmake
    VERBATIM)
endfunction()
