# cmake -DDIST=folder -DOUT=file.cc -P embed_console.cmake: the files of the built console,
# compressed, as constants of a source (node/main/console_assets.h). The bytes are included by the
# assembler.
cmake_minimum_required(VERSION 3.25)
find_program(GZIP gzip REQUIRED)
set(folder ${OUT}.files)
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})
file(GLOB_RECURSE files RELATIVE ${DIST} ${DIST}/*)
list(SORT files)
if(NOT "index.html" IN_LIST files)
  message(FATAL_ERROR "${DIST} has no index.html: packaging/console_build.sh makes it")
endif()

function(type_of file out)
  get_filename_component(ending ${file} LAST_EXT)
  if(ending STREQUAL ".html")
    set(type "text/html; charset=utf-8")
  elseif(ending STREQUAL ".js")
    set(type "text/javascript; charset=utf-8")
  elseif(ending STREQUAL ".css")
    set(type "text/css; charset=utf-8")
  elseif(ending STREQUAL ".json" OR ending STREQUAL ".webmanifest")
    set(type "application/json")
  elseif(ending STREQUAL ".svg")
    set(type "image/svg+xml")
  elseif(ending STREQUAL ".png")
    set(type "image/png")
  elseif(ending STREQUAL ".txt")
    set(type "text/plain; charset=utf-8")
  else()
    message(FATAL_ERROR "what is ${file}? Say it in embed_console.cmake")
  endif()
  set(${out} "${type}" PARENT_SCOPE)
endfunction()

set(blobs "")
set(rows "")
set(number 0)
foreach(file ${files})
  set(packed ${folder}/${number}.gz)
  execute_process(COMMAND ${GZIP} -9nc ${DIST}/${file} OUTPUT_FILE ${packed} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "gzip failed on ${file}")
  endif()
  file(SHA256 ${packed} sum)
  string(SUBSTRING ${sum} 0 24 tag)
  type_of(${file} type)
  set(forever false)
  if(file MATCHES "^assets/")
    set(forever true)
  endif()
  string(APPEND blobs "FOCAL_BLOB(${number}, \"${packed}\")\n")
  string(APPEND rows
    "      {\"/${file}\", \"${type}\", blob(begin_${number}, end_${number}), \"\\\"${tag}\\\"\", ${forever}},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUT} "// Made by embed_console.cmake.
#include \"node/main/console_assets.h\"

#define FOCAL_BLOB(n, file)                                                              \\
  __asm__(\".section .rodata\\n\"                                                          \\
          \".global focal_console_begin_\" #n \"\\nfocal_console_begin_\" #n \":\\n\"           \\
          \".incbin \\\"\" file \"\\\"\\n\"                                                     \\
          \".global focal_console_end_\" #n \"\\nfocal_console_end_\" #n \":\\n\"               \\
          \".byte 0\\n.previous\\n\");                                                      \\
  extern \"C\" const char begin_##n[] __asm__(\"focal_console_begin_\" #n);                \\
  extern \"C\" const char end_##n[] __asm__(\"focal_console_end_\" #n);

${blobs}
namespace focal {
namespace {

std::string_view blob(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

std::span<const api::Asset> console_assets() {
  static const api::Asset all[] = {
${rows}  };
  return all;
}

}  // namespace focal
")
