// A note for another implementation to judge, and seeded mutations of it with our verdict.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crypto/note.h"

namespace focal::test {

struct NoteCase {
  std::string name;
  std::string note;                             // the whole note
  std::vector<crypto::NoteVerifier> verifiers;  // type 0x01: all of them signed it
  std::function<bool(const std::string&)> accept;  // do we take these bytes
  // Lines from here on are by keys that the other one does not know.
  std::size_t unchecked_from = std::string::npos;
};

// FOLDER/NAME.note        the note
// FOLDER/NAME.vkeys       verifier keys, one a line
// FOLDER/NAME.mutations   "CLASS VERDICT BASE64" a line. CLASS is same (nothing changed),
//                         content (everybody must refuse) or encoding (we refuse, others
//                         may not: another spelling, or a line they cannot check).
//                         VERDICT is good or bad: ours.
bool write_case(const std::string& folder, const NoteCase& note_case);

}  // namespace focal::test
