// The receiver's checks, steps 1 to 11 of docs/protocol.md ("Receiving"), in
// their order. Pure: they look (peers, ledger) and judge; the machine acts.
//
// Three classes of outcome. FINAL: the record gets one leaf and one receipt.
// WAIT: kept sealed, judged again later. SILENT: a counter and a BOUNCE, nothing
// stored; the exact reason is for the local log alone.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "node/exchange/envelope.h"
#include "node/exchange/identity.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/exchange/peers.h"
#include "node/exchange/safe_clock.h"
#include "node/exchange/statement.h"
#include "node/record/record.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::uint64_t kMaxAheadMs = 24 * kHourMs;   // created_ms before WAIT CLOCK
inline constexpr std::uint64_t kMaxSignSkewMs = 7 * kDayMs;  // |signed_ms - created_ms|
inline constexpr std::uint64_t kWaitLimitMs = 30 * kDayMs;   // then a WAIT ends

struct Refused {               // SILENT
  int step = 0;
  BounceCode bounce = BounceCode::kUnopenable;
  std::string why;             // local log only
  std::string from;            // where known, for the operator
};

struct Wait {
  store::WaitReason reason = store::WaitReason::kNeedCard;
  std::string why;             // for the operator here
  std::string from;
};

struct JudgedItem {
  enum class Verdict { kFinal, kRepeat, kSilent, kWait, kLeafOnly };
  std::uint32_t position = 0;
  Verdict verdict = Verdict::kSilent;
  Manifest manifest;           // unset for kLeafOnly
  ByteView raw;                // into the Inner
  std::uint32_t status = 0;    // kFinal: the receipt's status; kRepeat: the original one
  std::uint64_t at_ms = 0;     // kRepeat: time of the original leaf
  Refused refused;             // kSilent
  Wait wait;                   // kWait
  std::string why;             // kFinal and rejected: for the local log and the operator
  std::optional<record::CheckedRecord> record;  // kFinal, accepted, known kind; kRepeat: as restores
  bool restores = false;       // kRepeat: of a recovered record, whose content comes with it
};

struct JudgedBatch {
  std::string from;
  Statement statement;
  Bytes signature;
  std::vector<Hash32> rids;    // all leaves in order
  std::vector<JudgedItem> items;
};

struct JudgedReceipts {
  std::string from;
  Statement statement;
  Bytes signature;
  std::vector<ReceiptItem> items;
  std::vector<Bytes> raw;
  Bytes checkpoint, cosigs;  // notes with signatures of their own; may be empty
};

using Judgement = std::variant<Refused, Wait, JudgedBatch, JudgedReceipts>;

class Inbound {
 public:
  // approved_kinds: taken only with the name of an officer who released it; outlives this.
  Inbound(const Identity& self, const Peers& peers, store::View& view, const SafeClock& clock,
          const std::set<std::string>& approved_kinds)
      : self_(self), peers_(peers), view_(view), clock_(clock), approved_kinds_(approved_kinds) {}

  // Steps 1 to 3: the Inner. use: whose pair secret opened it; empty in mode base, and where
  // the context was known already.
  tl::expected<Bytes, Refused> open(ByteView envelope, const Now& now, PairUse* use = nullptr);
  // What open() was given so far that cost more than a look into the memory: HPKE contexts
  // made, and hints that fit no pair.
  std::uint64_t contexts_made() const { return contexts_.made() + strange_hints_; }
  // Wipes contexts that are over.
  void sweep(const Now& now) { contexts_.sweep(now.mono_ms); }

  // Nothing that was derived from a key which is destroyed stays in memory.
  void forget_key(const Id16& kid) { contexts_.forget(kid); }

  // Steps 4 to 11. The Inner must outlive the result. wait_over: the 30 days of
  // WAIT have passed (NEED_TRUST and CLOCK then end as REJECTED).
  Judgement judge(ByteView inner, const Now& now, bool wait_over);

 private:
  struct Signed;
  Judgement judge_batch(const BatchView& batch, const Now& now, bool wait_over);
  Judgement judge_receipts(const ReceiptsView& receipts, const Now& now);
  std::optional<Judgement> read_batch(const BatchView& batch, JudgedBatch& out);
  std::optional<Judgement> check_signer(const std::string& from, const Hash32& card_id,
                                        const Statement& statement, ByteView signature,
                                        Purpose purpose, const Now& now, const Card** card);
  void judge_item(const ItemView& view, const Card& card, const Now& now, bool wait_over,
                  const Statement& statement, JudgedItem& item);
  std::optional<Refused> check_content(const ItemView& view, const Card& card,
                                       const Manifest& manifest);
  void check_record(const ItemView& view, JudgedItem& item);

  const Identity& self_;
  const Peers& peers_;
  store::View& view_;
  const SafeClock& clock_;
  const std::set<std::string>& approved_kinds_;
  OpenContexts contexts_;
  std::uint64_t strange_hints_ = 0;
};

}  // namespace focal::exchange
