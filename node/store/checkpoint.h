// A signed statement about the whole log (c2sp.org/tlog-checkpoint): the text
//   origin \n size \n base64(root) \n
// in a note signed by the log key, without extension lines. Of this node's own log
// and of the logs of others.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/sign.h"
#include "node/store/rows.h"

namespace focal::store {

inline constexpr std::uint64_t kCheckpointStep = 64;  // sizes shown are multiples of this
inline constexpr std::uint64_t kCheckpointEveryMs = 60'000;
inline constexpr std::uint64_t kQuietCheckpointEveryMs = 86'400'000;

std::string checkpoint_text(std::string_view origin, std::uint64_t size, const Hash32& root);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;  // below 2^63
  Hash32 root{};
  crypto::Note note;       // as parsed: its text is checkpoint_text() of the three
};
// The note as a checkpoint: three lines and nothing else, a size in its only form. No signature
// is checked, and whose log it is not either. kNote; kLimit (the note is too large).
Result<Checkpoint> parse_checkpoint(std::string_view note);

// Signs (size, root of `at`) after the one signed before. Refuses a size that is
// not larger (kState) and a tree in which the last root no longer stands
// (kCorrupt): a log never contradicts itself.
Result<CheckpointRow> sign_checkpoint(std::string_view origin, std::uint64_t size,
                                      const crypto::SubtreeHash& at,
                                      const std::optional<CheckpointRow>& last,
                                      const crypto::SigningKey& log_key);

// What this node witnesses, as its leaf WITNESSED hashes it (docs/protocol.md, "Witnesses"): a line
// "origin SP size SP base64(root)" of each row, bytewise sorted.
std::string witnessed_list(const std::vector<WitnessStateRow>& rows);

// Does a stored row say what its note says? With a key, is the note signed by
// it? kCorrupt, kNote, kSignature.
Status check_checkpoint(const CheckpointRow& row, std::string_view origin,
                        const std::optional<crypto::PublicKey>& log_key);

}  // namespace focal::store
