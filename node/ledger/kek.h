// Key-encryption keys of the ledger: one a month, outside the database
// (docs/protocol.md, "At rest"). The database holds only their numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::ledger {

// class * 1000000 + year * 100 + month; class 1 = "tracing". 1202611 = tracing, November 2026.
using KekId = std::int64_t;

struct Kek {
  KekId id = 0;
  ByteView key;  // 32 bytes, valid until the next call of current()
};

class KekRing {
 public:
  virtual ~KekRing() = default;
  // The key of the month of `now_ms`; a new one is durable before it is returned,
  // so that nothing is ever sealed under a key a crash could lose. kIo, kNoSpace.
  virtual Result<Kek> current(std::uint64_t now_ms) = 0;
  virtual std::optional<ByteView> find(KekId id) = 0;  // valid until the next call of current()
  // The key of the search index, 32 bytes; a new one is durable before it is returned. What
  // was made under another key is made anew (node/ledger/search_index.h). kIo, kNoSpace.
  virtual Result<ByteView> index_key() = 0;  // valid until the next call of any of these
};

}  // namespace focal::ledger
