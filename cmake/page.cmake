# retort_page_files(VARIABLE): the page's files as URL=file for retort_embed_files. Its own lie in web/;
# the libraries are Debian's, in /usr/share, or below RETORT_PAGE_LIBRARIES.
set(RETORT_PAGE_LIBRARIES "/usr/share" CACHE PATH
    "Folder with javascript/katex, javascript/markdown-it, javascript/highlight.js, nodejs/dompurify")

function(retort_page_files VARIABLE)
  set(web "${PROJECT_SOURCE_DIR}/web")
  file(GLOB_RECURSE own CONFIGURE_DEPENDS RELATIVE "${web}" "${web}/*")
  set(entries)
  foreach(file IN LISTS own)
    list(APPEND entries "/${file}=${web}/${file}")
  endforeach()
  list(TRANSFORM entries REPLACE "^/index.html=" "/=")

  set(libraries
    katex.js=javascript/katex/katex.js
    katex.css=javascript/katex/katex.min.css
    markdown-it.js=javascript/markdown-it/markdown-it.js
    highlight.js=javascript/highlight.js/highlight.min.js
    purify.js=nodejs/dompurify/dist/purify.es.js)
  file(GLOB fonts RELATIVE "${RETORT_PAGE_LIBRARIES}"
       "${RETORT_PAGE_LIBRARIES}/fonts/truetype/katex/*.woff2")
  foreach(font IN LISTS fonts)
    get_filename_component(name "${font}" NAME)
    list(APPEND libraries "fonts/${name}=${font}")
  endforeach()
  # Who uses them is told whose they are.
  foreach(package libjs-katex fonts-katex libjs-markdown-it libjs-highlight.js node-dompurify)
    list(APPEND libraries "licences/${package}.txt=doc/${package}/copyright")
  endforeach()
  foreach(library IN LISTS libraries)
    string(REGEX MATCH "^(.*)=(.*)$" _ "${library}")
    get_filename_component(file "${RETORT_PAGE_LIBRARIES}/${CMAKE_MATCH_2}" REALPATH)
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR "The page needs ${file}. On Debian: apt-get install libjs-katex fonts-katex "
        "libjs-markdown-it libjs-highlight.js node-dompurify. Elsewhere: set RETORT_PAGE_LIBRARIES.")
    endif()
    list(APPEND entries "/lib/${CMAKE_MATCH_1}=${file}")
  endforeach()
  if(NOT fonts)
    message(FATAL_ERROR "The page needs KaTeX's fonts. On Debian: apt-get install fonts-katex")
  endif()
  set(${VARIABLE} ${entries} PARENT_SCOPE)
endfunction()
