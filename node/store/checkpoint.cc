#include "node/store/checkpoint.h"

#include <algorithm>
#include <charconv>

namespace focal::store {
namespace {

constexpr std::uint64_t kMostLeaves = (std::uint64_t{1} << 63) - 1;

Error no_checkpoint(const std::string& why) {
  return fail(ErrorCode::kNote, "not a checkpoint: " + why,
              "a checkpoint has three lines: the name of the log, its size, the root hash");
}

// Without the '\n', which is taken off `text` too.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

std::string checkpoint_text(std::string_view origin, std::uint64_t size, const Hash32& root) {
  return std::string(origin) + "\n" + std::to_string(size) + "\n" + base64(root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view bytes) {
  Checkpoint out;
  FOCAL_ASSIGN(out.note, crypto::parse_note(bytes));
  std::string_view text = out.note.text;
  out.origin = take_line(text);
  const std::string_view size = take_line(text);
  const auto root = unbase64(take_line(text));
  if (out.origin.empty()) return no_checkpoint("it names no log");
  const auto read = std::from_chars(size.data(), size.data() + size.size(), out.size);
  if (read.ec != std::errc() || out.size > kMostLeaves)
    return no_checkpoint("its size is no number below 2^63");
  if (!root || root->size() != out.root.size()) return no_checkpoint("its root is no hash");
  std::copy(root->begin(), root->end(), out.root.begin());
  // One text for what it says: no sign, no leading zero, nothing behind.
  if (out.note.text != checkpoint_text(out.origin, out.size, out.root))
    return no_checkpoint("it is written in another form");
  return out;
}

Result<CheckpointRow> sign_checkpoint(std::string_view origin, std::uint64_t size,
                                      const crypto::SubtreeHash& at,
                                      const std::optional<CheckpointRow>& last,
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
  return CheckpointRow{size, root, crypto::format_note(note)};
}

std::string witnessed_list(const std::vector<WitnessStateRow>& rows) {
  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (const WitnessStateRow& row : rows) {
    std::string line = row.origin;
    line.append(" ").append(std::to_string(row.size)).append(" ").append(base64(row.root));
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out.append(line).append("\n");
  return out;
}

Status check_checkpoint(const CheckpointRow& row, std::string_view origin,
                        const std::optional<crypto::PublicKey>& log_key) {
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(row.note));
  if (note.text != checkpoint_text(origin, row.size, row.root))
    return fail(ErrorCode::kCorrupt, "the note of the checkpoint of " + std::to_string(row.size) +
                                         " leaves says something else than its row");
  if (!log_key) return {};
  return crypto::check_note(note, {{std::string(origin), *log_key}});
}

}  // namespace focal::store
