// What the ledger shows of each record of a timeline: whose act it was, where it stands, who
// vouches for that, and what the other end has told of it.
#include "node/desk/act_detail.h"
#include "node/desk/evidence.h"
#include "node/desk/ledger_tiles.h"
#include "node/desk/views.h"
#include "node/exchange/inner.h"
#include "node/exchange/tlog_proof.h"
#include "node/store/checkpoint.h"
#include "node/store/vouched.h"

namespace focal::desk {
namespace {

void fill_place(std::string_view note, std::uint64_t index, v1::EvidenceLeaf* out) {
  out->set_index(index);
  const auto at = store::parse_checkpoint(note);
  if (!at) return;
  out->set_log(at->origin);
  out->set_size(at->size);
}

void fill_own_leaf(store::View& view, store::LeafIndex idx, v1::TimelineEntry* out) {
  const auto index = static_cast<std::uint64_t>(idx);
  const auto published = store::best_published(view, idx);
  if (!published) return;
  v1::EvidenceLeaf* leaf = out->mutable_leaf();
  fill_place(published->checkpoint.note, index, leaf);
  leaf->set_published_at(time_text(published->at_ms));
  for (const store::CosigRow& line : published->cosigs) fill_witness(line, leaf->add_witnesses());
}

// Since when the other end has it, as its receipt says.
std::uint64_t stored_ms(store::View& view, const store::RecordInfo& info,
                        const std::string& party) {
  const auto receipt = view.receipt_for(info.idx, party);
  if (!receipt) return 0;
  for (const Bytes& raw : receipt->items)
    if (const auto item = exchange::parse_receipt_item(raw); item && item->ref == info.ref)
      return item->at_ms;
  return 0;
}

void fill_other_end(store::View& view, const ShownRecord& shown, v1::Delivery* out) {
  const store::RecordInfo& info = shown.info;
  if (out->state() == "STORED") out->set_stored_at(time_text(stored_ms(view, info, out->party())));
  // Who told of it is not kept, so it is said where nobody else can have.
  if (shown.manifest.to.size() == 1) out->set_opened_at(time_text(view.opened_ms(info.idx)));
  const auto row = view.proof(info.idx, out->party());
  if (!row) return;
  const auto proof = exchange::parse_tlog_proof(row->proof);
  if (proof) fill_place(proof->note, proof->index, out->mutable_leaf());
}

// Of an own record the persons here; of another's the roles that its approvals name.
std::string releaser(node::Node& node, const ShownRecord& shown) {
  std::string out;
  if (!shown.info.sent) {
    for (const std::string& role : shown.released_by)
      out.append(out.empty() ? "" : " and ").append(role);
    return out.empty() ? out : out.append(" at ").append(shown.manifest.from);
  }
  const auto text = node.ledger().detail(shown.info.idx);
  const auto detail = text ? parse_detail(*text) : std::nullopt;
  return detail ? who_text(*detail) : out;
}

void add(std::string& out, const std::string& words, const std::string& value) {
  if (value.empty()) return;
  out.append(out.empty() ? "" : "; ").append(words).append(value);
}

std::string place_words(const v1::TimelineEntry& entry) {
  if (!entry.has_leaf()) return "in no published checkpoint of our ledger yet";
  const v1::EvidenceLeaf& leaf = entry.leaf();
  std::string out = "leaf " + std::to_string(leaf.index()) + " of " + leaf.log();
  if (leaf.witnesses_size() == 0) return out.append(", which nobody has witnessed");
  for (int i = 0; i < leaf.witnesses_size(); ++i)
    out.append(i == 0 ? ", witnessed by " : ", ")
        .append(leaf.witnesses(i).party())
        .append(" on ")
        .append(leaf.witnesses(i).at());
  return out;
}

std::string words_of(const v1::TimelineEntry& entry) {
  std::string out;
  add(out, "released by ", entry.released_by());
  add(out, "sent on ", entry.released_at());
  add(out, "stored here on ", entry.received_at());
  add(out, "opened here on ", entry.opened_at());
  for (const v1::Delivery& each : entry.delivery()) {
    add(out, "stored at " + each.party() + " on ", each.stored_at());
    add(out, "opened at " + each.party() + ", as we were told on ", each.opened_at());
    if (each.has_leaf())
      add(out, each.party() + " has proved its leaf ",
          std::to_string(each.leaf().index()) + " of " + each.leaf().log());
  }
  add(out, "", place_words(entry));
  return out;
}

}  // namespace

void note_opened(node::Node& node, const std::string& case_number, const Now& now) {
  const auto row = find_case(node, case_number);
  if (!row || !node.config().tell_opened) return;
  store::View& view = node.core().view();
  std::size_t left = kMostTold;
  for (const auto& event : view.case_events(row->id)) {
    const auto info = view.record(event.idx);
    if (!info || info->sent || !info->has_body || view.opened_ms(event.idx) != 0) continue;
    if (left-- == 0) return;
    node.core().machine().tell_opened(now, *info);
  }
}

void fill_evidence(node::Node& node, const ShownRecord& shown, v1::TimelineEntry* out) {
  store::View& view = node.core().view();
  out->set_released_by(releaser(node, shown));
  if (shown.info.sent) {
    out->set_released_at(time_text(shown.info.at_ms));
    for (v1::Delivery& each : *out->mutable_delivery()) fill_other_end(view, shown, &each);
  } else {
    out->set_opened_at(time_text(view.opened_ms(shown.info.idx)));
  }
  fill_own_leaf(view, shown.info.idx, out);
  out->set_evidence_text(words_of(*out));
}

}  // namespace focal::desk
