# Writes OUTPUT, a C++ file that defines a string for each NAME=file of TEXTS, so that the program
# needs no files beside it. Run as a script:
#   cmake -DOUTPUT=assets.cpp -DHEADER=lab/report/assets.h -DTEXTS=kReportCss=report.css,... -P embed_text.cmake
set(code "#include \"${HEADER}\"\n\nnamespace retort {\n\n")
string(REPLACE "," ";" TEXTS "${TEXTS}")
foreach(entry IN LISTS TEXTS)
  string(REGEX MATCH "^([A-Za-z0-9_]+)=(.*)$" _ "${entry}")
  file(READ "${CMAKE_MATCH_2}" text)
  string(APPEND code "const std::string_view ${CMAKE_MATCH_1} = R\"embedded(${text})embedded\";\n")
endforeach()
string(APPEND code "\n}  // namespace retort\n")
file(WRITE "${OUTPUT}" "${code}")
