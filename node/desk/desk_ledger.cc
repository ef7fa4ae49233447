// The ledger as an auditor at the node sees it.
#include <algorithm>

#include "node/desk/act_detail.h"
#include "node/desk/desk.h"
#include "node/desk/disputed_words.h"
#include "node/desk/ledger_check.h"
#include "node/desk/ledger_view.h"
#include "node/desk/release_proof.h"
#include "node/desk/views.h"
#include "node/store/leaf.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultTail = 20;
constexpr std::uint32_t kMaxTail = 1000;

// The names beside a release are shown as they stand, and what they are worth.
void fill_release(ReleaseProof& proof, store::LeafIndex idx, const ActDetail& detail,
                  v1::LedgerView* out) {
  out->set_released_by(actor_text(detail.approver));
  if (const Status proven = proof.check(idx, detail); !proven) {
    std::string remark = out->remark();
    remark.append(remark.empty() ? "" : "; ").append("release not proven: ");
    out->set_remark(remark.append(proven.error().message));
  }
  out->set_certificate(proof.certificate());
}

// Whose act the leaf keeps, as far as it can still be read.
void fill_who(ledger::Ledger& ledger, ReleaseProof& proof, store::LeafIndex idx,
              v1::LedgerView* out) {
  const auto text = ledger.detail(idx);
  if (!text) {
    out->set_reason("who and why can no longer be read");
    return;
  }
  const auto detail = parse_detail(*text);
  if (!detail) {
    out->set_reason(*text);
    return;
  }
  out->set_who(detail->actor.person == kTheNode ? detail->actor.person : actor_text(detail->actor));
  out->set_act(detail->act);
  out->set_reason(detail->reason);
  if (!detail->release.empty()) fill_release(proof, idx, *detail, out);
}

}  // namespace

// Reads the file on the caller's thread, through a connection of its own that
// cannot write: the node goes on meanwhile.
Result<v1::LedgerVerifyResponse> Desk::ledger_verify(const v1::LedgerVerifyRequest& request) {
  v1::LedgerVerifyResponse out;
  std::filesystem::path file;
  ledger::VerifyOptions options;
  exchange::Coverage coverage;
  if (auto done = node_.perform([&](const Now&) -> Status {
    file = node_.config().folder / ledger::kLedgerFile;
    options = verify_options(node_.core().self().card);
    coverage = node_.core().machine().witness().own().coverage();
    return {};
  }); !done)
    return done.error();
  options.log_only = request.log_only();
  FOCAL_ASSIGN(const auto report, ledger::verify(file, options));
  fill_verify(report, &out);
  fill_witness(coverage, &out);
  return out;
}

bool fill_leaf(node::Node& node, ReleaseProof& proof, store::LeafIndex idx, v1::LedgerView* row) {
  ledger::Ledger& ledger = node.ledger();
  const auto leaf = ledger.leaf(idx);
  if (!leaf) return false;
  row->set_index(static_cast<std::uint64_t>(idx));
  row->set_type(std::string(store::leaf_type_name(leaf->type)));
  row->set_at(time_text(leaf->time_ms));
  row->set_ref(hex(leaf->ref));
  row->set_hash(hex(store::leaf_hash(*leaf)));
  if (const auto record = ledger.record(idx)) {
    row->set_party(record->peer);
    row->set_kind(record->kind);
    row->set_remark(disputed_words(node, *record));
  }
  if (leaf->detail != Hash32{}) fill_who(ledger, proof, idx, row);
  return true;
}

void show_tail(node::Node& node, const v1::LedgerTailRequest& request,
               v1::LedgerViewResponse* out) {
  ledger::Ledger& ledger = node.ledger();
  ReleaseProof proof(node);
  const std::uint32_t limit =
      request.limit() == 0 ? kDefaultTail : std::min(request.limit(), kMaxTail);
  const auto size = static_cast<std::uint64_t>(ledger.log_size());
  const std::uint64_t end =
      request.before() == 0 ? size : std::min<std::uint64_t>(request.before(), size);
  const std::uint64_t begin = end > limit ? end - limit : 0;
  for (std::uint64_t i = begin; i < end; ++i) {
    v1::LedgerView row;
    if (fill_leaf(node, proof, static_cast<store::LeafIndex>(i), &row))
      *out->add_leaves() = std::move(row);
  }
  out->set_size(size);
}

Result<v1::LedgerViewResponse> Desk::ledger_tail(const v1::LedgerTailRequest& request) {
  v1::LedgerViewResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    show_tail(node_, request, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk
