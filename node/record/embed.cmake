# cmake -DOUT=x.cc -DNAMESPACE=focal::record::data -DNAMES=kA,kB -DFILES=a.tsv,b.tsv -P embed.cmake
# Writes each file as a constant std::string_view, so that no program needs a
# data folder when it runs.
string(REPLACE "," ";" NAMES "${NAMES}")
string(REPLACE "," ";" FILES "${FILES}")
set(text "// Generated from node/record/data by node/record/embed.cmake.\n#include <string_view>\n")
string(APPEND text "namespace ${NAMESPACE} {\n")
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ "${file}" content)
  string(APPEND text "extern const std::string_view ${name};\n")
  string(APPEND text "const std::string_view ${name} = R\"focal(${content})focal\";\n")
endforeach()
string(APPEND text "}\n")
file(WRITE "${OUT}" "${text}")
