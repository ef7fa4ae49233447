// Proofs on demand: what is asked and answered as records peer.proof_request and peer.proof. And
// peer.opened: that an officer of the recipient has seen a record.
#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "node/exchange/machine.h"
#include "node/record/record.h"
#include "proto/record.pb.h"

namespace focal::exchange {
namespace {

v1::Record about(const std::string& subject) {
  v1::Record record;
  auto* header = record.mutable_header();
  header->set_from_desk("NPC");
  header->set_subject(subject);
  header->set_language("en");
  header->set_priority("ROUTINE");
  return record;
}

void name(v1::Ref* out, const store::RecordRef& ref) {
  out->set_rid(to_string(ByteView(ref.rid)));
  out->set_created_ms(ref.created_ms);
}

std::optional<store::RecordRef> ref_of(const v1::Ref& ref) {
  const auto rid = fixed<32>(as_bytes(ref.rid()));
  if (!rid) return std::nullopt;
  return store::RecordRef{*rid, ref.created_ms()};
}

}  // namespace

void Machine::send_peer_record(const Now& now, const std::string& to, std::string_view kind,
                               const v1::Record& record, std::uint32_t lane) {
  Draft draft;
  draft.to = {to};
  draft.kind = std::string(kind);
  draft.body = to_bytes(record.SerializeAsString());
  draft.lane = lane;
  FOCAL_CHECK(record::parse_checked(draft.body, draft.kind, self_.party(), draft.to).has_value());
  submit(now, std::move(draft));
}

void Machine::on_peer_record(const Now& now, const std::string& from, std::string_view kind,
                             const record::CheckedRecord& record) {
  const v1::Record& message = record.message();
  Status taken;
  if (kind == kProofRequestKind) {
    const auto ref = ref_of(message.peer_proof_request().record());
    if (ref) taken = promises_.take_request(from, *ref, book_time(now));
  } else if (kind == kProofKind) {
    const v1::Proof& proof = message.peer_proof();
    const auto ref = ref_of(proof.record());
    const auto note = ref ? promises_.take_proof(from, *ref, as_bytes(proof.leaf()),
                                                 proof.tlog_proof(), book_time(now))
                          : Result<std::string>(fail(ErrorCode::kInvalid, "a proof about nothing"));
    if (note)
      saw_checkpoint(now, *note, from);
    else
      taken = note.error();
  }
  if (kind == kOpenedKind)
    if (const auto ref = ref_of(message.peer_opened().record())) on_opened(from, *ref);
  if (kind == kRecoveryRequestKind) on_recovery_request(now, from, message.recovery_request());
  if (kind == kRecoveryDataKind) on_recovery_data(now, from, message.recovery_data());
  if (!taken && contacts_[from].logged.allows(now.mono_ms, kLoggedPerMinute))
    log::warn("exchange", "a request or proof about the log is refused",
              {{"party", from}, {"reason", taken.error().message}});
}

// What was opened before, or never sent to that party, is not noted.
void Machine::on_opened(const std::string& from, const store::RecordRef& record) {
  const auto info = view_.find(record);
  const auto row = info && info->sent ? view_.outbox(info->batch, from) : std::nullopt;
  if (!row || info->position >= row->item_status.size() || view_.opened_ms(info->idx) != 0) return;
  txn_.ops.emplace_back(store::PutOpened{record});
}

void Machine::tell_opened(const Now& now, const store::RecordInfo& info) {
  if (info.sent || !store::is_accepted(info.status) || !guard_.may_sign() ||
      !knows_witnessing(info.peer) || view_.opened_ms(info.idx) != 0)
    return;
  const auto is_this = [&](const store::Op& op) {
    const auto* put = std::get_if<store::PutOpened>(&op);
    return put != nullptr && put->ref == info.ref;
  };
  if (std::any_of(txn_.ops.begin(), txn_.ops.end(), is_this)) return;
  txn_.ops.emplace_back(store::PutOpened{info.ref});
  v1::Record record = about("A record was opened");
  name(record.mutable_peer_opened()->mutable_record(), info.ref);
  send_peer_record(now, info.peer, kOpenedKind, record);
}

Result<PromiseBook::Demand> Machine::demand_proof(const Now& now, const std::string& party,
                                                  const store::RecordInfo& info) {
  if (!guard_.may_sign()) return fail(ErrorCode::kState, guard_.words(), guard_.next());
  // What is here already, or was never promised, is said without asking anybody.
  const bool may_ask = knows_witnessing(party);
  if (!may_ask && !view_.proof(info.idx, party))
    return fail(ErrorCode::kState,
                "the program of " + party + " has not said that it answers such questions",
                "It says so when it is linked; 'focal peer list' tells when that was.");
  FOCAL_ASSIGN(const auto demand, promises_.demand(party, info, book_time(now)));
  if (demand != PromiseBook::Demand::kAsks) return demand;
  v1::Record record = about("Request for a proof");
  name(record.mutable_peer_proof_request()->mutable_record(), info.ref);
  send_peer_record(now, party, kProofRequestKind, record);
  return demand;
}

// Once a minute: what can be answered, what is asked, what never came.
void Machine::tend_promises(const Now& now) {
  if ((settings_.caps & kCapWitness) == 0 || now.mono_ms < next_promises_ms_ || !guard_.may_sign())
    return;
  next_promises_ms_ = now.mono_ms + kMinuteMs;
  for (PromiseBook::Answer& answer : promises_.take_answers()) {
    v1::Record record = about("Proof of a leaf");
    name(record.mutable_peer_proof()->mutable_record(), answer.record);
    record.mutable_peer_proof()->set_leaf(to_string(answer.leaf));
    record.mutable_peer_proof()->set_tlog_proof(std::move(answer.proof));
    send_peer_record(now, answer.to, kProofKind, record);
  }
  for (const auto& [link, session] : sessions_) {
    if (!session.is_up() || !speaks_witness(session)) continue;
    const auto asks = promises_.audit(session.party(), book_time(now), rng_);
    if (!asks) continue;
    v1::Record record = about("Request for a proof");
    name(record.mutable_peer_proof_request()->mutable_record(), *asks);
    send_peer_record(now, session.party(), kProofRequestKind, record);
  }
  // Whoever was just heard could answer, one whose links come and go as well; but not where the
  // question itself waits here for keys.
  promises_.tick(book_time(now), [this, &now](const std::string& party) {
    const auto contact = contacts_.find(party);
    const bool heard = contact != contacts_.end() && contact->second.heard_ms &&
                       *contact->second.heard_ms + 2 * kMinuteMs > now.mono_ms;
    if (!heard && !link_state(party).up) return false;
    const auto rows = outbox_.of_party(party);
    return std::none_of(rows.begin(), rows.end(), [](const OutboxEntry* entry) {
      return entry->row.state != store::OutboxState::kReady && !store::is_ended(entry->row.state);
    });
  });
}

}  // namespace focal::exchange
