// A receipt promises that its leaf is in the log of whoever signed it (docs/protocol.md,
// "Witnesses", "Promise"). This asks for the proof of one receipt a day and party, judges what
// comes, and answers what others ask. Pure: writes go with the group under way.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/peers.h"
#include "node/exchange/rate.h"
#include "node/exchange/trust_book.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::uint32_t kProofsPerDay = 60;              // asked by a party and answered
inline constexpr std::uint32_t kDemandsPerDay = 48;             // of a party, by persons here
inline constexpr std::size_t kMaxProofsOwed = 256;              // not published yet, in memory
inline constexpr std::uint64_t kPromiseDueMs = 25 * kHourMs;    // a receipt so old is audited
inline constexpr std::uint64_t kAuditEveryMs = kDayMs;          // of a party, by the safe time
inline constexpr std::uint64_t kAskProofAgainMs = 2 * kDayMs;   // the same question
inline constexpr std::uint64_t kProofWithinMs = 7 * kDayMs;     // then it is broken

class PromiseBook {
 public:
  PromiseBook(const Peers& peers, store::View& view, TrustBook& book)
      : peers_(peers), view_(view), book_(book) {}

  // Others ask. kNotFound: no record here that `from` sent or was sent; kLimit.
  Status take_request(const std::string& from, const store::RecordRef& record, const BookTime& time);
  struct Answer {
    std::string to;
    store::RecordRef record;
    Bytes leaf;               // 74 bytes
    std::string proof;        // c2sp.org/tlog-proof@v1
  };
  // What can be answered now: the leaf is in a published checkpoint. Each once.
  std::vector<Answer> take_answers();

  // This node asks that party, if there is anything to ask: at most once a day. The same question
  // comes again where no answer came for two days.
  std::optional<store::RecordRef> audit(const std::string& party, const BookTime& time,
                                        crypto::Rng& rng);
  // A person here wants the proof of that leaf: of the receipt that the party gave for a record, or of
  // its leaf SENT for a record that came from it. kDone: the proof is here. kNotPromised: there is no
  // receipt of it. kOpen: it was asked for already. kLimit: more than kDemandsPerDay questions.
  enum class Demand { kAsks, kOpen, kDone, kNotPromised };
  Result<Demand> demand(const std::string& party, const store::RecordInfo& record,
                        const BookTime& time);
  // The question about that record, while it is open or where the answer broke the promise.
  std::optional<store::PromiseRow> promise(const std::string& party, store::LeafIndex idx);
  // A proof that came. What was not asked for is ignored (kNotFound). kWitness: it does not prove
  // it; that is an alarm BROKEN_PROMISE. Returns the checkpoint's note, for the watch over logs.
  Result<std::string> take_proof(const std::string& from, const store::RecordRef& record,
                                 ByteView leaf, std::string_view proof, const BookTime& time);
  // Proofs that never came in a week, in which the party was reached every day as far as this
  // process knows. Once a minute. is_reached: could it send one now?
  void tick(const BookTime& time, const std::function<bool(const std::string&)>& is_reached);

  std::vector<store::Op> take_ops() { return std::exchange(ops_, {}); }
  void abandon() { ops_.clear(), asked_.clear(); }

 private:
  struct Owed {
    std::string to;
    store::LeafIndex idx = 0;
  };
  std::optional<store::RecordInfo> choose(const std::string& party, store::LeafIndex after,
                                          const BookTime& time, crypto::Rng& rng);
  bool is_party_to(const store::RecordInfo& record, const std::string& party);
  std::optional<Hash32> promised_leaf(store::LeafIndex idx, const std::string& party);
  bool is_promised(const store::RecordInfo& record, const std::string& party,
                   const store::Leaf& leaf);
  void broken(const store::PromiseRow& promise, const std::string& why, const BookTime& time);

  const Peers& peers_;
  store::View& view_;
  TrustBook& book_;
  std::deque<Owed> owed_;
  std::map<std::string, Rate> requests_;
  std::map<std::string, Rate> demands_;
  std::map<std::string, std::uint64_t> asked_;  // monotonic: of the last question to a party
  struct Reached { std::uint64_t since_ms = 0, last_ms = 0; };  // monotonic; no day without it between
  std::map<std::string, Reached> reached_;                      // asked parties
  std::vector<store::Op> ops_;
};

}  // namespace focal::exchange
