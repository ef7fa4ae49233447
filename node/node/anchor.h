// The anchor of the log: its newest checkpoint, kept outside the database and best on another
// volume, so that a ledger which was set back to an older copy shows at the start
// (docs/protocol.md, "Rollback and restore"). Beside it stands, once it was found out, that the
// log is closed.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/sign.h"
#include "crypto/keystore.h"
#include "node/exchange/identity.h"
#include "node/exchange/rollback_guard.h"
#include "node/node/own_card.h"
#include "node/store/view.h"

namespace focal::node {

inline constexpr std::size_t kMaxAnchorSize = 64 * 1024;  // bytes; a note
inline constexpr std::size_t kMaxClosedSize = 4 * 1024;
inline constexpr char kClosedSuffix[] = ".closed";        // of the files beside the anchor
inline constexpr char kNextSuffix[] = ".next";

class Anchor {
 public:
  explicit Anchor(std::filesystem::path file) : file_(std::move(file)) {}

  // The text as it stands; nothing: there is no such file. kPermission, kLimit, kIo: it cannot be
  // read, which counts as missing.
  Result<std::optional<std::string>> read() const;
  // Replaced whole or not at all, and durable when this returns. kNoSpace, kPermission, kIo: the
  // checkpoint may be given to nobody yet.
  Status write(const std::string& note);
  // Beside the anchor, for a card that names the next log: it counts once the card is committed
  // and no anchor of that log stands here, and goes with the next write(). Errors as write().
  Status write_next(const std::string& note) const;
  std::optional<std::string> read_next() const;  // nothing: there is none, or it cannot be read
  // Is that note durable here? False until this process has written it.
  bool holds(std::string_view note) const { return !written_.empty() && written_ == note; }

  // What closed the log of that origin for good; empty: nothing did. A file that is there and
  // cannot be read closes every log.
  std::string closed_by(std::string_view origin) const;
  // Errors as write().
  Status close(std::string_view origin, std::string_view what);

  // Would one lost or restored disk take both? True where it cannot be known.
  bool same_volume_as(const std::filesystem::path& folder) const;
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path closed_file() const;
  std::filesystem::path next_file() const;

  std::filesystem::path file_;
  std::string written_;
};

// The root of the first `size` leaves.
using RootAt = std::function<Hash32(std::uint64_t size)>;
// As docs/protocol.md says; next: what read_next() gave. self: card in force and earlier ones. Pure.
exchange::AnchorState judge_anchor(const std::optional<std::string>& note,
                                   const exchange::Identity& self, store::View& ledger,
                                   const RootAt& root_at,
                                   const std::optional<std::string>& next = {});
// The first anchor of a log, of size 0: no table holds it, and nobody is given it.
std::string empty_checkpoint(std::string_view origin, const crypto::SigningKey& log_key);
// Before a card is committed: where it begins a log under a new name, or the first of the node,
// what takes over as anchor stands beside the present one. kKeystore; errors of write().
Status put_next_anchor(const Anchor& anchor, const crypto::Keystore& keystore,
                       const PendingCard& pending);

}  // namespace focal::node
