# retort_embed_files(OUTPUT HEADER SYMBOL URL=file...)
#
# OUTPUT becomes a C++ file that defines SYMBOL of HEADER: files as they are and as gzip packs them,
# under the paths by which a browser asks for them. Unlike retort_embed it takes any bytes, and copies
# none of them through the compiler: the assembler does (.incbin).
function(retort_embed_files OUTPUT HEADER SYMBOL)
  set(files)
  foreach(entry IN LISTS ARGN)
    string(REGEX REPLACE "^[^=]*=" "" file "${entry}")
    list(APPEND files "${file}")
  endforeach()
  list(JOIN ARGN "," entries)
  add_custom_command(
    OUTPUT ${OUTPUT}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${OUTPUT} -DHEADER=${HEADER} -DSYMBOL=${SYMBOL}
            -DENTRIES=${entries} -P ${PROJECT_SOURCE_DIR}/cmake/embed_bytes.cmake
    DEPENDS ${files} ${PROJECT_SOURCE_DIR}/cmake/embed_bytes.cmake
    VERBATIM)
endfunction()
