#include "tests/sim/text.h"

#include <algorithm>

#include "base/clock.h"
#include "crypto/hash.h"

namespace focal::sim {
namespace {

// Words of a line, separated by spaces.
class Line {
 public:
  Line& operator<<(const std::string& word) {
    out_ += (out_.empty() ? "" : " ") + (word.empty() ? std::string("-") : word);
    return *this;
  }
  Line& operator<<(std::uint64_t number) { return *this << std::to_string(number); }
  operator std::string() const { return out_; }  // NOLINT

 private:
  std::string out_;
};

std::string digest(const Bytes& bytes) {
  return std::to_string(bytes.size()) + ":" + short_hex(crypto::sha256(bytes));
}
std::string digest(const std::string& text) { return digest(to_bytes(text)); }
std::uint64_t plain(std::int64_t number) { return static_cast<std::uint64_t>(number); }

}  // namespace

std::string short_hex(ByteView bytes) { return hex(bytes.first(std::min<std::size_t>(4, bytes.size()))); }

std::string text_of(const store::IndexPlace& place) {
  return Line() << plain(place.idx) << "item" << place.item_no;
}
std::string text_of(const store::IndexProgress& progress) {
  return Line() << plain(progress.done) << "of" << plain(progress.target);
}
std::string text_of(const store::RecordRef& ref) {
  return short_hex(ref.rid) + "@" + std::to_string(ref.created_ms);
}
std::string text_of(const store::RecordInfo& r) {
  return Line() << plain(r.idx) << (r.sent ? "sent" : "received") << r.peer << r.kind << r.status
                << r.at_ms << hex(r.ref.rid) << r.ref.created_ms << plain(r.batch) << r.position
                << (r.has_body ? "whole" : "bare") << (r.shred ? plain(*r.shred) : 0)
                << r.del_after_ms;
}
std::string text_of(const store::BatchStmtRow& r) {
  return Line() << plain(r.id) << digest(r.stmt) << digest(r.sig);
}
std::string text_of(const store::ReceiptRow& r) {
  Line line;
  line << plain(r.id) << r.party << digest(r.stmt) << digest(r.sig);
  for (const Bytes& item : r.items) line << digest(item);
  return line;
}
std::string text_of(const store::ProofRow& r) {
  return Line() << plain(r.idx) << r.party << digest(r.leaf) << digest(r.proof);
}
std::string text_of(const store::PromiseRow& r) {
  return Line() << r.party << plain(r.idx) << r.asked_ms << static_cast<std::uint64_t>(r.verdict);
}
std::string text_of(const store::StoredBatch& b) {
  Line line;
  line << plain(b.id) << (b.sent ? "sent" : "received") << digest(b.stmt) << digest(b.sig);
  for (const Hash32& rid : b.rids) line << short_hex(rid);
  for (const auto& record : b.records) line << "|" << text_of(record);
  return line;
}
std::string text_of(const store::OutboxRow& r) {
  Line line;
  line << plain(r.batch) << r.peer << "lane" << r.lane << "state"
       << static_cast<std::uint64_t>(r.state) << r.tries << r.next_ms << r.created_ms
       << r.expires_ms << r.reason;
  for (const std::uint32_t status : r.item_status) line << status;
  for (const store::LeafIndex receipt : r.receipts) line << "receipt" << plain(receipt);
  return line;
}
std::string text_of(const store::WaitingHead& r) {
  return Line() << short_hex(r.inner_hash) << r.link_peer << static_cast<std::uint64_t>(r.reason)
                << r.since_ms << short_hex(r.env_id) << r.size;
}
std::string text_of(const store::PeerRow& r) {
  Line line;
  line << r.party << static_cast<std::uint64_t>(r.level) << "suspended"
       << static_cast<std::uint64_t>(r.suspended) << r.suspended_ms << digest(r.card_note)
       << digest(r.schedule_note) << r.added_ms << r.verified_ms << r.verified_how;
  for (const auto& party : r.introduced_by) line << party;
  for (const auto& kid : r.dead_kids) line << short_hex(kid);
  for (const auto& card : r.old_cards) line << digest(card);
  for (const auto& held : r.held)
    line << "held" << short_hex(held.card_id) << static_cast<std::uint64_t>(held.why)
         << held.since_ms << held.from << digest(held.note);
  for (const auto& revocation : r.revocations)
    line << "revoked" << plain(revocation.idx) << revocation.at_ms << digest(revocation.note);
  return line;
}
std::string text_of(const store::DirectoryRow& r) {
  return Line() << plain(r.idx) << r.at_ms << r.introducer << r.serial << digest(r.note);
}
std::string text_of(const store::ForkProofRow& r) {
  return Line() << plain(r.idx) << r.at_ms << r.party << digest(r.a) << digest(r.b);
}
std::string text_of(const store::PeerActRow& r) {
  return Line() << plain(r.idx) << r.type << r.at_ms << r.detail;
}
std::string text_of(const store::OwnCardRow& r) {
  return Line() << plain(r.idx) << r.origin << digest(r.note);
}
std::string text_of(const store::CaseRow& r) {
  return Line() << plain(r.id) << text_of(r.root) << r.kind << r.peer << (r.ours ? "ours" : "theirs")
                << r.state << r.opened_ms << r.updated_ms << r.ack_due_ms << r.answer_due_ms
                << (r.needs_action ? "act" : "") << (r.closed ? "closed" : "open");
}
std::string text_of(const store::CaseEventRow& r) {
  return Line() << plain(r.case_id) << plain(r.idx) << text_of(r.ref)
                << (r.reply_to ? text_of(*r.reply_to) : "") << r.kind << r.from;
}
std::string text_of(const store::CaseLinkRow& r) {
  return Line() << plain(r.a) << plain(r.b) << static_cast<std::uint64_t>(r.verdict)
                << plain(r.idx) << r.at_ms << r.detail;
}
std::string text_of(const store::LeafRow& r) {
  return Line() << plain(r.idx) << r.type << format_utc(r.time_ms) << short_hex(r.ref) << r.peer
                << r.kind;
}
std::string text_of(const store::Leaf& leaf) {
  return hex(store::encode_leaf(leaf));
}
std::string text_of(const store::CheckpointRow& r) {
  return Line() << r.size << short_hex(r.root) << digest(r.note);
}
std::string text_of(const store::CosigRow& r) {
  return Line() << r.size << r.witness << r.at_s << digest(r.line);
}
std::string text_of(const store::PublishedRow& r) {
  Line line;
  line << text_of(r.checkpoint) << r.at_ms;
  for (const auto& each : r.cosigs) line << "|" << text_of(each);
  return line;
}
std::string text_of(const store::WitnessStateRow& r) {
  return Line() << r.origin << r.party << r.size << short_hex(r.root) << digest(r.note)
                << digest(r.line) << r.at_s;
}
std::string text_of(const store::PeerCheckpointRow& r) {
  return Line() << r.origin << r.party << r.size << short_hex(r.root) << digest(r.note)
                << r.seen_ms << r.demanded_ms;
}
std::string text_of(const store::WitnessPolicyRow& r) {
  return Line() << plain(r.idx) << digest(r.note);
}
std::string text_of(const store::SignedStmtRow& r) {
  return Line() << r.signed_ms << digest(r.stmt) << digest(r.sig);
}
std::string text_of(const Hash32& hash) { return hex(hash); }
std::string text_of(const store::Committed& done) {
  Line line;
  line << plain(done.size);
  for (const auto batch : done.batches) line << plain(batch);
  return line;
}
std::string text_of(const Bytes& bytes) { return digest(bytes); }
std::string text_of(std::size_t number) { return std::to_string(number); }
std::string text_of(std::int64_t number) { return std::to_string(number); }
std::string text_of(bool truth) { return truth ? "yes" : "no"; }
std::string text_of(const std::string& text) { return digest(text); }

}  // namespace focal::sim
