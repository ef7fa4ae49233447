// An exported log (docs/protocol.md, "Exported log") checked with crypto/merkle: the second opinion
// beside Go's sumdb/tlog on the same bytes.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/merkle.h"
#include "crypto/note.h"

namespace focal::test {

using ExportFiles = std::map<std::string, Bytes>;  // by name in the export

struct WalkedLog {
  std::uint64_t size = 0;
  Hash32 root{};
};

// The checkpoint is signed by this log, every file that its size asks for is there and has its
// size, every entry is what its tile says, every tile follows from those below, the root from all,
// and a proof of every 7th entry verifies. Other files are not looked at. kCorrupt, or errors of
// notes.
Result<WalkedLog> walk_export(const ExportFiles& files, const crypto::NoteVerifier& log);

}  // namespace focal::test
