// Proofs that other parties are asked for: that their logs hold what they signed for.
#include "node/desk/evidence.h"
#include "node/desk/named_record.h"
#include "node/desk/views.h"
#include "node/exchange/seen_checkpoint.h"
#include "node/exchange/tlog_proof.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

using exchange::PromiseBook;

// The other parties to a record.
std::vector<std::string> others(store::View& view, const store::RecordInfo& info) {
  if (!info.sent) return {info.peer};
  std::vector<std::string> out;
  for (const store::PeerRow& peer : view.peers())
    if (view.outbox(info.batch, peer.party)) out.push_back(peer.party);
  return out;
}

void fill_proved(store::View& view, const store::RecordInfo& info, v1::EvidenceProof* out) {
  out->set_state("PROVED");
  const auto row = view.proof(info.idx, out->party());
  const auto proof = row ? exchange::parse_tlog_proof(row->proof)
                         : Result<exchange::TlogProof>(fail(ErrorCode::kNotFound, "none"));
  if (!proof) return;
  out->set_index(proof->index);
  const std::string_view note = proof->note;
  out->set_log(std::string(note.substr(0, note.find('\n'))));
  out->set_text(out->party() + " has proved it: leaf " + std::to_string(proof->index) + " of " +
                out->log());
}

void fill_asked(const store::PromiseRow& row, v1::EvidenceProof* out) {
  out->set_asked_at(time_text(row.asked_ms));
  const bool is_broken = row.verdict == store::PromiseVerdict::kBroken;
  out->set_state(is_broken ? "BROKEN" : "ASKED");
  out->set_text(is_broken ? out->party() + " was asked on " + format_date(row.asked_ms) +
                                " and has not proved it: call them"
                          : out->party() + " was asked on " + format_date(row.asked_ms) +
                                "; it answers once its own checkpoint contains the record");
}

Status demand_of(node::Node& node, const store::RecordInfo& info, bool again, const Now& now,
                 v1::EvidenceProof* out) {
  exchange::Machine& machine = node.core().machine();
  const std::string& party = out->party();
  const auto before = machine.promise(party, info.idx);
  if (before && before->verdict == store::PromiseVerdict::kBroken && !again) {
    fill_asked(*before, out);
    return {};
  }
  const auto asked = machine.demand_proof(now, party, info);
  if (!asked && asked.error().code == ErrorCode::kLimit) return asked.error();
  if (!asked) {
    out->set_state("NOT_ABLE");
    out->set_text(asked.error().message);
  } else if (*asked == PromiseBook::Demand::kDone) {
    fill_proved(node.core().view(), info, out);
  } else if (*asked == PromiseBook::Demand::kNotPromised) {
    out->set_state("NOT_PROMISED");
    out->set_text("no receipt of " + party + " for it is here yet");
  } else {
    const bool goes_on = before && before->verdict == store::PromiseVerdict::kAsked;
    const std::uint64_t since = goes_on ? before->asked_ms : machine.book_time(now).safe_ms;
    fill_asked({party, info.idx, since, store::PromiseVerdict::kAsked}, out);
  }
  return {};
}

}  // namespace

Status demand_proofs(node::Node& node, const v1::EvidenceDemandRequest& request, By& by,
                     const Now& now, v1::EvidenceDemandResponse* out) {
  FOCAL_TRY(by.ask_rights());
  store::View& view = node.core().view();
  FOCAL_ASSIGN(const auto info, named_record(view, request.record(), "record"));
  out->set_rid(hex(info.ref.rid));
  std::string asked;
  for (const std::string& party : others(view, info)) {
    v1::EvidenceProof* proof = out->add_proofs();
    proof->set_party(party);
    FOCAL_TRY(demand_of(node, info, request.again(), now, proof));
    if (proof->state() == "ASKED") asked.append(asked.empty() ? "" : ",").append(party);
  }
  if (asked.empty()) return {};
  const std::string words = "record " + hex(info.ref.rid) + " of " + asked;
  node.core().write(store::PutAdmin{{}, by.detail(words, true)});
  return {};
}

}  // namespace focal::desk
