#include "node/node/anchor.h"

#include <sys/stat.h>

#include <algorithm>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/private_file.h"
#include "node/node/keys.h"
#include "node/store/checkpoint.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kClosedFirstLine = "focal-closed/v1\nlog ";

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

using State = exchange::AnchorState;

bool is_signed_by(const store::Checkpoint& anchor, const exchange::Card& card) {
  return crypto::check_note(anchor.note, {{card.log_name, card.log}}).has_value();
}

State judge(const std::optional<std::string>& note, const exchange::Identity& self,
            store::View& ledger, const RootAt& root_at) {
  if (!note) return State::kMissing;
  const auto anchor = store::parse_checkpoint(*note);
  if (!anchor) return State::kMissing;
  if (anchor->origin == self.card.log_name) {
    if (!is_signed_by(*anchor, self.card)) return State::kMissing;
    if (anchor->size > static_cast<std::uint64_t>(ledger.log_size())) return State::kHigher;
    return root_at(anchor->size) == anchor->root ? State::kEqual : State::kHigher;
  }
  const auto closed =
      std::find_if(self.old_cards.begin(), self.old_cards.end(),
                   [&](const exchange::Card& card) { return card.log_name == anchor->origin; });
  if (closed == self.old_cards.end()) return State::kHigher;
  if (!is_signed_by(*anchor, *closed)) return State::kMissing;
  // The card that closed it is committed, and the end came before the first new checkpoint.
  const auto newest = ledger.last_checkpoint();
  if (!newest) return State::kEqual;
  const auto parsed = store::parse_checkpoint(newest->note);
  return parsed && parsed->origin == self.card.log_name ? State::kMissing : State::kEqual;
}

}  // namespace

fs::path Anchor::closed_file() const { return file_.string() + kClosedSuffix; }
fs::path Anchor::next_file() const { return file_.string() + kNextSuffix; }

Result<std::optional<std::string>> Anchor::read() const {
  const auto bytes = crypto::read_private_file(file_, kMaxAnchorSize);
  if (bytes) return std::optional<std::string>(as_text(*bytes));
  if (bytes.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  return bytes.error();
}

// A copy that a killed writer left is removed by the next one.
Status Anchor::write(const std::string& note) {
  written_.clear();
  std::error_code error;
  if (fs::exists(folder_of(file_), error)) FOCAL_TRY(crypto::remove_stale_copies(file_));
  FOCAL_TRY(crypto::write_private_file(file_, as_bytes(note), crypto::IfPresent::kReplace));
  written_ = note;
  fs::remove(next_file(), error);  // its time is over
  return {};
}

Status Anchor::write_next(const std::string& note) const {
  return crypto::write_private_file(next_file(), as_bytes(note), crypto::IfPresent::kReplace);
}

std::optional<std::string> Anchor::read_next() const {
  const auto bytes = crypto::read_private_file(next_file(), kMaxAnchorSize);
  if (!bytes) return std::nullopt;
  return std::string(as_text(*bytes));
}

std::string Anchor::closed_by(std::string_view origin) const {
  const auto bytes = crypto::read_private_file(closed_file(), kMaxClosedSize);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return {};
  const std::string unreadable = "the file " + closed_file().string() +
                                 " says that the log is closed, and cannot be read";
  if (!bytes) return unreadable;
  std::string_view text = as_text(*bytes);
  if (!text.starts_with(kClosedFirstLine)) return unreadable;
  text.remove_prefix(kClosedFirstLine.size());
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || text.back() != '\n') return unreadable;
  if (text.substr(0, end) != origin) return {};
  const std::string_view what = text.substr(end + 1);
  if (what.size() < 2) return unreadable;
  return std::string(what.substr(0, what.size() - 1));
}

Status Anchor::close(std::string_view origin, std::string_view what) {
  std::string text(kClosedFirstLine);
  text.append(origin).append("\n").append(what.substr(0, kMaxClosedSize / 2)).append("\n");
  return crypto::write_private_file(closed_file(), as_bytes(text), crypto::IfPresent::kReplace);
}

bool Anchor::same_volume_as(const fs::path& folder) const {
  struct stat here {};
  struct stat there {};
  if (::stat(folder_of(file_).c_str(), &here) != 0 || ::stat(folder.c_str(), &there) != 0)
    return true;
  return here.st_dev == there.st_dev;
}

exchange::AnchorState judge_anchor(const std::optional<std::string>& note,
                                   const exchange::Identity& self, store::View& ledger,
                                   const RootAt& root_at, const std::optional<std::string>& next) {
  const State main = judge(note, self, ledger, root_at);
  if (main != State::kMissing || !next) return main;
  const auto anchor = store::parse_checkpoint(*next);
  if (!anchor || anchor->origin != self.card.log_name) return main;
  return judge(next, self, ledger, root_at);
}

Status put_next_anchor(const Anchor& anchor, const crypto::Keystore& keystore,
                       const PendingCard& pending) {
  const auto& next = pending.request.next;
  const auto& current = pending.request.current;
  if (current && current->log_generation == next.log_generation && !begins_log(pending)) return {};
  const crypto::Secret* seed = keystore.find(std::string(kNextPrefix) + std::string(kLogName));
  if (seed == nullptr) seed = keystore.find(kLogName);
  if (seed == nullptr)
    return fail(ErrorCode::kKeystore, "the keystore lacks the key of the log");
  const crypto::SigningKey key = crypto::signing_key_from_seed(seed->clone());
  return anchor.write_next(
      empty_checkpoint(exchange::log_name(next.party, next.log_generation), key));
}

std::string empty_checkpoint(std::string_view origin, const crypto::SigningKey& log_key) {
  crypto::Note note;
  note.text = store::checkpoint_text(origin, 0, crypto::merkle_root({}));
  crypto::sign_note(note, origin, log_key);
  return crypto::format_note(note);
}

}  // namespace focal::node
