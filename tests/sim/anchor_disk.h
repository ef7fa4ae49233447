// What stands outside the disk of a node's ledger (node/node/anchor.h), in memory: it outlives the
// process, and an older copy of the ledger does not bring it back by itself.
#pragma once

#include <map>
#include <optional>
#include <string>

namespace focal::sim {

struct AnchorDisk {
  std::optional<std::string> note;            // nothing: lost
  std::optional<std::string> next;            // of a log that begins with the card under way
  std::map<std::string, std::string> closed;  // origin -> what showed that it is closed
};

}  // namespace focal::sim
