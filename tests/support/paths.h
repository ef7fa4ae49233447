// Where the tree and its build stand. Only paths.cc is compiled with these names in
// its command line, so that clones of the tree share the objects of all other tests.
#pragma once

#include <string>

namespace focal::test {

std::string in_tree(const std::string& path = "");  // "tests/vectors/…" of this tree
std::string in_build(const std::string& path);      // "bin/focald" of this build

}  // namespace focal::test
