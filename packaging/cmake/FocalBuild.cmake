# Compiler flags, third-party packages, and the few functions every folder uses.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}/packaging/cmake/ccache.sh)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}/packaging/cmake/ccache.sh)
endif()

find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zmq REQUIRED IMPORTED_TARGET libzmq)
pkg_check_modules(sqlite REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(microhttpd REQUIRED IMPORTED_TARGET libmicrohttpd)
pkg_check_modules(curl REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(crypto REQUIRED IMPORTED_TARGET libcrypto)
pkg_check_modules(icu REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(qrencode REQUIRED IMPORTED_TARGET libqrencode)
pkg_check_modules(spdlog REQUIRED IMPORTED_TARGET spdlog)

add_library(focal_flags INTERFACE)
target_include_directories(focal_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_compile_options(focal_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror
  -fno-omit-frame-pointer)
target_link_libraries(focal_flags INTERFACE Threads::Threads)
if(FOCAL_SANITIZE)
  target_compile_options(focal_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all)
  target_link_options(focal_flags INTERFACE -fsanitize=address,undefined)
endif()
# With the sanitizers' checks in it, optimizing a test takes half of the time of compiling it. (What
# is tested is optimized: without, the tests take twice as long, which is more than compiling saves.)
set(FOCAL_TEST_OPTIONS "$<$<BOOL:${FOCAL_SANITIZE}>:-O0>")
if(FOCAL_FUZZ)
  target_compile_options(focal_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(FOCAL_HARDEN)
  target_compile_options(focal_flags INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  # GCC 12 at -O2 warns of overlaps inside std::string's own operator+ (its bug 105651).
  target_compile_options(focal_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  # Not every processor has these.
  include(CheckCXXCompilerFlag)
  foreach(flag -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "FOCAL_HAS${flag}" has)
    check_cxx_compiler_flag(${flag} ${has})
    if(${has})
      target_compile_options(focal_flags INTERFACE ${flag})
    endif()
  endforeach()
  target_link_options(focal_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -pie)
endif()

# focal_layer(name [PCH common|node] SOURCES … DEPS …): one static library per layer.
function(focal_layer name)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPS;PRIVATE_DEPS" ${ARGN})
  add_library(focal_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(focal_${name} PUBLIC focal_flags ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  if(ARG_PCH)
    target_precompile_headers(focal_${name} REUSE_FROM focal_pch_${ARG_PCH})
  endif()
endfunction()

# focal_embed(out.cc namespace kName file …): data files as constants of a source, so that no
# program needs a data folder. A row without all its translations fails the build.
function(focal_embed out namespace)
  set(rest ${ARGN})
  set(names "")
  set(files "")
  while(rest)
    list(POP_FRONT rest name file)
    list(APPEND names ${name})
    list(APPEND files ${file})
  endwhile()
  list(JOIN names "," name_list)
  list(JOIN files "," file_list)
  set(script ${CMAKE_SOURCE_DIR}/packaging/cmake/embed.cmake)
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAMESPACE=${namespace} -DNAMES=${name_list}
            -DFILES=${file_list} -P ${script}
    DEPENDS ${files} ${script} VERBATIM)
  focal_made_alone(${out})
endfunction()

# focal_made_alone(out): what makes this file waits for no library. CMake has a command wait for all
# that every target with its output waits for: with this target that is nothing.
function(focal_made_alone out)
  cmake_path(RELATIVE_PATH out BASE_DIRECTORY ${CMAKE_BINARY_DIR} OUTPUT_VARIABLE name)
  string(MAKE_C_IDENTIFIER "make_${name}" name)
  add_custom_target(${name} DEPENDS ${out})
endfunction()

# focal_program(name SOURCES … DEPS …): an installed program.
function(focal_program name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE focal_flags ${ARG_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# focal_test(name [PCH tests|world] LABEL unit|scenario|attack|lint|… SOURCES … DEPS …): a GoogleTest
# program.
function(focal_test name)
  cmake_parse_arguments(ARG "" "PCH;LABEL" "SOURCES;DEPS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE focal_flags ${ARG_DEPS} focal_test_paths gmock gtest gtest_main)
  target_compile_options(${name} PRIVATE ${FOCAL_TEST_OPTIONS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  if(ARG_PCH)
    target_precompile_headers(${name} REUSE_FROM focal_pch_${ARG_PCH})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 900)
endfunction()
