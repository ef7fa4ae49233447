// What every store of the ledger works with, and the memory of one group of
// writes (one transaction).
#pragma once

#include <cstring>
#include <unordered_map>

#include "node/ledger/dictionary.h"
#include "node/ledger/driver.h"
#include "node/ledger/kek_rows.h"
#include "node/ledger/log.h"
#include "node/ledger/vault.h"
#include "node/store/txn.h"

namespace focal::ledger {

struct Parts {  // all outlive the stores
  Driver& db;
  Log& log;
  Dictionary& parties;
  Dictionary& kinds;
  Vault& vault;
  KekStore& keks;
  std::string own_party;
};

// A hash is spread evenly already.
struct FirstBytes {
  std::size_t operator()(const Hash32& hash) const {
    std::size_t out = 0;
    std::memcpy(&out, hash.data(), sizeof out);
    return out;
  }
};

struct Group {
  std::uint64_t now_ms = 0;
  std::unordered_map<Hash32, store::LeafIndex, FirstBytes> fresh;  // records of this group
  store::LeafIndex lowest = 0;  // leaf of the lowest row that is sealed in it
  store::Committed out;
};

// What a row says about itself cannot be trusted to be readable: a damaged row
// ends the process as a failing disk does.
[[noreturn]] inline void damaged(const std::string& what) {
  disk_failed(fail(ErrorCode::kCorrupt, "damaged row: " + what, "run focal ledger verify"));
}

}  // namespace focal::ledger
