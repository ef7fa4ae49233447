// Key-encryption keys of the ledger: one for each class of rows and month, outside the database
// (docs/protocol.md, "At rest"). The database holds only their numbers. What was destroyed can be
// opened nowhere any more, in no copy of the ledger either, once its key is gone; a key that still
// seals other rows is replaced by a next generation first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace focal::ledger {

// What a key seals. Schema 3 knew one class, which seals rows of all kinds in older ledgers.
enum class KekClass : std::uint8_t {
  kTracing = 1,   // records trace.*
  kProtocol = 2,  // records peer.* and recovery.*
  kActs = 3,      // details of leaves, reasons of sendings, rows of the desk
  kWaiting = 4,   // what cannot be judged yet
  kOther = 5,     // records of other kinds
};
// An act waits at most so long for its release, sealed under the key of the month it began in.
inline constexpr std::uint64_t kHeldActMs = 14 * kDayMs;
KekClass class_of(std::string_view kind);  // of a record; an empty kind is another one

// generation * 10^8 + class * 10^6 + year * 100 + month; 1202611 = tracing, November 2026.
using KekId = std::int64_t;
KekId kek_id(KekClass kek_class, std::uint64_t unix_ms);  // of the month, UTC; generation 0
KekId next_generation(KekId id);
KekId first_generation(KekId id);  // of its class and month
KekClass class_of(KekId id);
// "kek/tracing/2026-11", of the generation after it "kek/tracing/2026-11.2".
std::string kek_name(KekId id);
std::optional<KekId> kek_of_name(std::string_view name);  // nothing: no such name

struct Kek {
  KekId id = 0;
  ByteView key;  // 32 bytes, valid until the key is destroyed
};

class KekRing {
 public:
  virtual ~KekRing() = default;
  // The key of the class and the month of `now_ms`, of its newest generation here; a new one is
  // durable before it is returned, so that nothing is ever sealed under a key a crash could lose.
  // kIo, kNoSpace.
  virtual Result<Kek> current(KekClass kek_class, std::uint64_t now_ms) = 0;
  // The next generation after `id`; durable, as above. It is current() from now on.
  virtual Result<Kek> renew(KekId id) = 0;
  // The key is gone, and the files that held it are overwritten. Nothing if it is not there.
  virtual Status destroy(KekId id) = 0;
  virtual std::vector<KekId> ids() = 0;                // of all that are here, rising
  virtual std::optional<ByteView> find(KekId id) = 0;  // valid as in Kek
  // The key of the search index, 32 bytes; a new one is durable before it is returned. What
  // was made under another key is made anew (node/ledger/search_index.h). kIo, kNoSpace.
  virtual Result<ByteView> index_key() = 0;  // valid until the next call of any of these
  // Another one in its place, durable; the old one is gone as in destroy().
  virtual Result<ByteView> renew_index_key() { return index_key(); }
};

// Of the keys of that class and month the one of the newest generation; if there is none, the id of
// the first.
KekId newest_generation(KekRing& ring, KekId id);

}  // namespace focal::ledger
