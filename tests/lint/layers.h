// Which folder may include which, and which library may be included where: the
// picture in docs/architecture.md as two tables.
#pragma once

#include <string_view>
#include <vector>

#include "tests/lint/tree.h"

namespace focal::lint {

struct Layer {
  std::string_view path;  // a folder, or one file that differs from its folder
  std::string_view may;   // the layers it may include besides itself
};

// Lowest first: a layer names only layers that stand above it in this table,
// so no two can include each other.
const std::vector<Layer>& layers();

struct Wall {
  std::string_view header;  // how the name in the #include begins
  std::string_view room;    // the files (path prefixes) that may include it
};
const std::vector<Wall>& walls();

// Arrows that point up or sideways; folders the table does not know; paths that
// are not written from the root.
Findings check_arrows(const Tree& tree);
// A library outside its room; tests are free to look behind a wall.
Findings check_walls(const Tree& tree);
// Clock, thread, file or socket in a layer that only decides.
Findings check_pure(const Tree& tree);
// A Diffie-Hellman outside the KEM: a secret of two keys that last would open both
// directions for ever.
Findings check_dh(const Tree& tree);

}  // namespace focal::lint
