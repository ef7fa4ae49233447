#include "node/ledger/checkpoint.h"

#include "crypto/note.h"

namespace focal::ledger {

std::string checkpoint_text(std::string_view origin, std::uint64_t size, const Hash32& root) {
  return std::string(origin) + "\n" + std::to_string(size) + "\n" + base64(root) + "\n";
}

Result<store::CheckpointRow> sign_checkpoint(std::string_view origin, std::uint64_t size,
                                             const crypto::SubtreeHash& at,
                                             const std::optional<store::CheckpointRow>& last,
                                             const crypto::SigningKey& log_key) {
  const std::uint64_t before = last ? last->size : 0;
  if (size <= before)
    return fail(ErrorCode::kState, "a checkpoint of " + std::to_string(size) +
                                       " leaves is not larger than the last, " +
                                       std::to_string(before));
  const Hash32 root = crypto::root_from(size, at);
  if (last) {
    const auto path = crypto::consistency_path(last->size, size, at);
    if (crypto::root_from(last->size, at) != last->root ||
        !crypto::verify_consistency(last->size, last->root, size, root, path))
      return fail(ErrorCode::kCorrupt,
                  "the log no longer contains its checkpoint of " + std::to_string(last->size) +
                      " leaves; nothing is signed",
                  "run focal ledger verify");
  }
  crypto::Note note;
  note.text = checkpoint_text(origin, size, root);
  crypto::sign_note(note, origin, log_key);
  return store::CheckpointRow{size, root, crypto::format_note(note)};
}

Status check_checkpoint(const store::CheckpointRow& row, std::string_view origin,
                        const std::optional<crypto::PublicKey>& log_key) {
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(row.note));
  if (note.text != checkpoint_text(origin, row.size, row.root))
    return fail(ErrorCode::kCorrupt, "the note of the checkpoint of " + std::to_string(row.size) +
                                         " leaves says something else than its row");
  if (!log_key) return {};
  return crypto::check_note(note, {{std::string(origin), *log_key}});
}

}  // namespace focal::ledger
