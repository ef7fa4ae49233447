#include "node/exchange/promise_book.h"

#include <algorithm>
#include <utility>

#include "node/exchange/inner.h"
#include "node/exchange/seen_checkpoint.h"
#include "node/exchange/tlog_proof.h"
#include "node/store/leaf.h"
#include "node/store/vouched.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kReceiptsLookedAt = 256;  // receipt batches, of which one item is chosen
constexpr std::size_t kItemsLookedAt = 16384;
constexpr std::size_t kChoices = 64;           // looked up before it is given up for today
constexpr std::size_t kPromisesLookedAt = 1024;

// Between nodes themselves: not audited, so that an idle network falls silent.
bool is_audited(const store::RecordInfo& record) {
  return record.sent && !record.kind.starts_with("peer.") && !record.kind.starts_with("recovery.");
}

// The checkpoint with the lines under it, as far as a note may be large.
std::string with_lines(const store::PublishedRow& row) {
  std::string out = row.checkpoint.note;
  for (const store::CosigRow& line : row.cosigs)
    if (out.size() + line.line.size() <= crypto::kMaxNoteSize) out += line.line;
  return out;
}

}  // namespace

bool PromiseBook::is_party_to(const store::RecordInfo& record, const std::string& party) {
  return record.sent ? view_.outbox(record.batch, party).has_value() : record.peer == party;
}

Status PromiseBook::take_request(const std::string& from, const store::RecordRef& record,
                                 const BookTime& time) {
  auto& rate = requests_.try_emplace(from, kDayMs).first->second;
  if (!rate.allows(time.now.mono_ms, kProofsPerDay))
    return fail(ErrorCode::kLimit, from + " has asked for 60 proofs today");
  const auto info = view_.find(record);
  if (!info || !is_party_to(*info, from))
    return fail(ErrorCode::kNotFound, from + " asks about a record that it neither sent nor got");
  const auto same = [&](const Owed& owed) { return owed.to == from && owed.idx == info->idx; };
  if (std::any_of(owed_.begin(), owed_.end(), same)) return {};
  if (owed_.size() >= kMaxProofsOwed)
    return fail(ErrorCode::kLimit, "too many proofs wait for a published checkpoint");
  owed_.push_back({from, info->idx});
  return {};
}

std::vector<PromiseBook::Answer> PromiseBook::take_answers() {
  std::vector<Answer> out;
  std::deque<Owed> later;
  for (Owed& owed : owed_) {
    const auto index = static_cast<std::uint64_t>(owed.idx);
    const auto published = store::best_published(view_, owed.idx);
    if (!published) {
      later.push_back(std::move(owed));
      continue;
    }
    const auto record = view_.record(owed.idx);
    const auto leaf = view_.leaf(owed.idx);
    if (!record || !leaf) continue;
    const store::LeafBytes bytes = store::encode_leaf(*leaf);
    std::string proof = format_tlog_proof({index, view_.inclusion(owed.idx, published->checkpoint.size),
                                           with_lines(*published)});
    out.push_back({owed.to, record->ref, Bytes(bytes.begin(), bytes.end()), std::move(proof)});
  }
  owed_ = std::move(later);
  return out;
}

// The leaf hash that the party's receipt names for that record.
std::optional<Hash32> PromiseBook::promised_leaf(store::LeafIndex idx, const std::string& party) {
  const auto record = view_.record(idx);
  const auto receipt = view_.receipt_for(idx, party);
  if (!record || !receipt) return std::nullopt;
  for (const Bytes& raw : receipt->items)
    if (const auto item = parse_receipt_item(raw); item && item->ref == record->ref)
      return item->leaf;
  return std::nullopt;
}

// Is that the leaf which the party has to show? Of a record that it sent nobody has a hash of it
// beforehand: its type and name say what it is.
bool PromiseBook::is_promised(const store::RecordInfo& record, const std::string& party,
                              const store::Leaf& leaf) {
  if (!record.sent)
    return record.peer == party && leaf.type == store::LeafType::kSent && leaf.ref == record.ref.rid;
  return promised_leaf(record.idx, party) == store::leaf_hash(leaf);
}

std::optional<store::PromiseRow> PromiseBook::promise(const std::string& party,
                                                      store::LeafIndex idx) {
  for (const auto verdict : {store::PromiseVerdict::kAsked, store::PromiseVerdict::kBroken})
    for (store::PromiseRow& row : view_.promises(verdict, kPromisesLookedAt))
      if (row.party == party && row.idx == idx) return std::move(row);
  return std::nullopt;
}

Result<PromiseBook::Demand> PromiseBook::demand(const std::string& party,
                                                const store::RecordInfo& record,
                                                const BookTime& time) {
  if (view_.proof(record.idx, party)) return Demand::kDone;
  if (record.sent && !promised_leaf(record.idx, party)) return Demand::kNotPromised;
  const auto before = promise(party, record.idx);
  if (before && before->verdict == store::PromiseVerdict::kAsked &&
      time.safe_ms < before->asked_ms + kAskProofAgainMs)
    return Demand::kOpen;
  auto& rate = demands_.try_emplace(party, kDayMs).first->second;
  if (!rate.allows(time.now.mono_ms, kDemandsPerDay))
    return fail(ErrorCode::kLimit, party + " was asked for 48 proofs today",
                "It answers 60 a day. Ask for the others tomorrow.");
  // Where the same question waits, its week goes on.
  if (!before || before->verdict != store::PromiseVerdict::kAsked)
    ops_.emplace_back(store::PutPromise{{party, record.idx,
                                         std::max<std::uint64_t>(time.safe_ms, 1),
                                         store::PromiseVerdict::kAsked}});
  return Demand::kAsks;
}

std::optional<store::RecordRef> PromiseBook::audit(const std::string& party, const BookTime& time,
                                                   crypto::Rng& rng) {
  const Peer* peer = peers_.find(party);
  if (peer == nullptr || peer->standing.level != TrustLevel::kVerified ||
      peer->standing.suspended || peer->standing.revoked)
    return std::nullopt;
  const auto last = view_.newest_promise(party);
  std::uint64_t& asked = asked_[party];
  if (last && last->verdict == store::PromiseVerdict::kAsked) {
    // Perhaps its node was started anew before it could answer. Whether this one was, is not
    // known: a question too many does no harm.
    const bool again = time.safe_ms >= last->asked_ms + kAskProofAgainMs &&
                       (asked == 0 || time.now.mono_ms >= asked + kAskProofAgainMs);
    const auto record = again ? view_.record(last->idx) : std::nullopt;
    if (!record) return std::nullopt;
    asked = time.now.mono_ms;
    return record->ref;
  }
  if (last && time.safe_ms < last->asked_ms + kAuditEveryMs) return std::nullopt;
  if (asked != 0 && time.now.mono_ms < asked + kAuditEveryMs) return std::nullopt;
  store::LeafIndex after = -1;
  if (last)
    if (const auto receipt = view_.receipt_for(last->idx, party)) after = receipt->id;
  const auto chosen = choose(party, after, time, rng);
  if (!chosen) return std::nullopt;
  asked = time.now.mono_ms;
  ops_.emplace_back(store::PutPromise{
      {party, chosen->idx, std::max<std::uint64_t>(time.safe_ms, 1), store::PromiseVerdict::kAsked}});
  return chosen->ref;
}

// One of the receipts that are due, at random: nobody knows which promises may be broken.
std::optional<store::RecordInfo> PromiseBook::choose(const std::string& party,
                                                     store::LeafIndex after, const BookTime& time,
                                                     crypto::Rng& rng) {
  std::vector<ReceiptItem> items;
  for (const store::ReceiptRow& row : view_.receipts_of(party, after, kReceiptsLookedAt))
    for (const Bytes& raw : row.items) {
      auto item = parse_receipt_item(raw);
      if (item && item->at_ms + kPromiseDueMs <= time.safe_ms && items.size() < kItemsLookedAt)
        items.push_back(*item);
    }
  for (std::size_t i = 0; i < kChoices && !items.empty(); ++i) {
    const std::size_t at = rng.below(items.size());
    const auto record = view_.find(items[at].ref);
    if (record && is_audited(*record) && promised_leaf(record->idx, party) == items[at].leaf)
      return record;
    items[at] = items.back();
    items.pop_back();
  }
  return std::nullopt;
}

void PromiseBook::broken(const store::PromiseRow& promise, const std::string& why,
                         const BookTime& time) {
  const auto record = view_.record(promise.idx);
  store::PromiseRow row = promise;
  row.verdict = store::PromiseVerdict::kBroken;
  ops_.emplace_back(store::PutPromise{std::move(row)});
  book_.raise_alarm(promise.party,
                    (record && !record->sent ? "BROKEN_PROMISE: it sent record "
                                             : "BROKEN_PROMISE: it gave a receipt for record ") +
                        (record ? hex(record->ref.rid) : std::string("?")) +
                        " and does not show that its log has it (" + why + "): call them",
                    time);
}

Result<std::string> PromiseBook::take_proof(const std::string& from, const store::RecordRef& record,
                                            ByteView leaf, std::string_view text,
                                            const BookTime& time) {
  const auto info = view_.find(record);
  const auto asked = info ? promise(from, info->idx) : std::nullopt;
  if (!asked || asked->verdict != store::PromiseVerdict::kAsked)
    return fail(ErrorCode::kNotFound, from + " proves what it was not asked for");
  const auto refused = [&](const std::string& why) -> Error {
    broken(*asked, why, time);
    return fail(ErrorCode::kWitness, "the proof of " + from + " fails: " + why);
  };
  const auto decoded = store::decode_leaf(leaf);
  if (!decoded || !is_promised(*info, from, *decoded))
    return refused(info->sent ? "it shows another leaf than its receipt names"
                              : "it shows another leaf than that of the record");
  const auto proof = parse_tlog_proof(text);
  if (!proof) return refused(proof.error().message);
  const auto seen = check_seen(proof->note, peers_);
  if (!seen) return refused(seen.error().message);
  if (seen->party != from) return refused("it is of the log of " + seen->party);
  if (!crypto::verify_inclusion(store::leaf_hash(*decoded), proof->index, seen->at.size, proof->path, seen->at.root))
    return refused("the leaf does not stand there");
  store::PromiseRow row = *asked;
  row.verdict = store::PromiseVerdict::kKept;
  ops_.emplace_back(store::PutPromise{std::move(row)});
  ops_.emplace_back(store::PutProof{{info->idx, from, to_bytes(leaf), std::string(text)}});
  return seen->note;
}

void PromiseBook::tick(const BookTime& time,
                       const std::function<bool(const std::string&)>& is_reached) {
  const std::uint64_t now_ms = time.now.mono_ms;
  std::map<std::string, Reached> reached;
  for (const store::PromiseRow& row :
       view_.promises(store::PromiseVerdict::kAsked, kPromisesLookedAt)) {
    const auto before = reached_.find(row.party);
    const bool goes_on = before != reached_.end() && before->second.last_ms + kDayMs > now_ms;
    if (!is_reached(row.party)) {
      if (goes_on) reached[row.party] = before->second;
      continue;
    }
    const Reached current{goes_on ? before->second.since_ms : now_ms, now_ms};
    reached[row.party] = current;
    // Whoever was away has the week once it is back.
    if (time.safe_ms >= row.asked_ms + kProofWithinMs && now_ms >= current.since_ms + kProofWithinMs)
      broken(row, "no proof within 7 days", time);
  }
  reached_ = std::move(reached);
}

}  // namespace focal::exchange
