# Writes OUTPUT, a C++ file that defines SYMBOL, a list of embedded files, from ENTRIES: URL=file,...
# Packed copies lie beside OUTPUT. Run as a script; see embed_files.cmake.
get_filename_component(folder "${OUTPUT}" DIRECTORY)
file(MAKE_DIRECTORY "${folder}/packed")
set(assembly)
set(declarations)
set(rows)
set(number 0)
string(REPLACE "," ";" ENTRIES "${ENTRIES}")
foreach(entry IN LISTS ENTRIES)
  string(REGEX MATCH "^([^=]*)=(.*)$" _ "${entry}")
  set(url "${CMAKE_MATCH_1}")
  set(file "${CMAKE_MATCH_2}")
  set(name "retort_${SYMBOL}_${number}")
  set(packed "${folder}/packed/${number}.gz")
  execute_process(COMMAND gzip -9 -n -c "${file}" OUTPUT_FILE "${packed}" COMMAND_ERROR_IS_FATAL ANY)
  string(APPEND assembly "${name}: .incbin \"${file}\"\n${name}_gzip: .incbin \"${packed}\"\n${name}_end: .byte 0\n")
  string(APPEND declarations "extern const char ${name}[], ${name}_gzip[], ${name}_end[];\n")
  string(APPEND rows "    {\"${url}\", {${name}, ${name}_gzip}, {${name}_gzip, ${name}_end}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

asm(R\"(
.section .rodata
${assembly}.previous
)\");
extern \"C\" {
${declarations}}

namespace retort {

const std::vector<EmbeddedFile>& ${SYMBOL}() {
  static const std::vector<EmbeddedFile> files = {
${rows}  };
  return files;
}

}  // namespace retort
")
