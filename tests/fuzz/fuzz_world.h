// What the exchange targets share: party XB with fixed keys, who knows XA (verified),
// XC (verified) and XD (not verified), and the means to speak as XA.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/exchange/inner.h"
#include "node/exchange/machine.h"
#include "node/exchange/manifest.h"
#include "node/exchange/statement.h"
#include "tests/fuzz/memory_ledger.h"
#include "tests/support/party_fixture.h"

namespace focal::test {

inline constexpr Now kFuzzNow{1'000'000, kIssuedMs + kHourMs};

// The parties, their notes parsed once for the whole run. Never changed after that.
struct Cast {
  TestParty xa{"XA", 1}, xb{"XB", 51}, xc{"XC", 71}, xd{"XD", 91};
  exchange::Card xa_card = xa.card();
  exchange::Identity self;  // XB
  exchange::Peers peers;
  Cast();
};
const Cast& cast();  // also: crypto::init(), log of errors only

// An honest record of XA to XB, its batch, an envelope.
exchange::Manifest manifest_of(const Hash32& salt, ByteView body, const std::string& kind);
Bytes sign_batch(const std::vector<Hash32>& leaves, exchange::Purpose purpose, Bytes& signature,
                 std::uint64_t signed_ms = kFuzzNow.wall_ms);
Bytes batch_inner(const std::vector<Bytes>& items, const std::vector<Hash32>& leaves);
Bytes receipts_inner(const std::vector<Bytes>& items);
Bytes envelope_of(ByteView inner);  // sealed to XB's key of this week; inner fits a bucket

// Machine of XB over a ledger in memory.
struct FuzzNode {
  FuzzNode();
  crypto::SeededRng rng{2026};
  exchange::Identity self;
  exchange::Peers peers;
  MemoryLedger ledger;
  exchange::Machine machine;
  Now now = kFuzzNow;
  std::vector<exchange::Output> finish();  // prepare, commit, committed
  // A link from XA whose HELLO has been answered, and one DATA of XA on it.
  void greet(exchange::LinkId link);
  std::vector<exchange::Output> deliver(exchange::LinkId link, Bytes envelope, std::uint32_t lane);

 private:
  std::uint64_t seq_ = 0;
};

}  // namespace focal::test
