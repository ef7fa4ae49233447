// Evidence for others: bundles, and proofs asked for.
#include "crypto/hash.h"
#include "node/desk/desk.h"
#include "node/desk/evidence.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

void fill_page(BundleShelf::Page page, v1::EvidenceExportResponse* out) {
  out->set_bundle(page.bundle);
  out->set_size(page.size);
  out->set_data(to_string(page.data));
  out->set_next(page.next);
}

}  // namespace

// The bundle is made on the loop, between two groups; the verdict on it, and its pages, need no
// ledger.
Result<v1::EvidenceExportResponse> Desk::evidence_export(const v1::EvidenceExportRequest& request,
                                                         const Caller& caller) {
  v1::EvidenceExportResponse out;
  if (request.bundle() != 0) {
    FOCAL_ASSIGN(auto page, bundles_.page(caller.uid, request.bundle(), request.offset(),
                                          read_clocks().mono_ms));
    fill_page(std::move(page), &out);
    return out;
  }
  Bytes archive;
  std::uint64_t mono_ms = 0;
  By by = acting(caller, "evidence_export");
  if (auto done = node_.perform([&](const Now& now) -> Status {
        mono_ms = now.mono_ms;
        FOCAL_ASSIGN(archive, export_evidence(node_, request, by, now, out.mutable_summary()));
        return {};
      });
      !done)
    return done.error();
  fill_verdict(archive, out.mutable_summary());
  out.set_sha256(hex(crypto::sha256(archive)));
  fill_page(bundles_.put(caller.uid, std::move(archive), mono_ms), &out);
  return out;
}

Result<v1::EvidenceDemandResponse> Desk::evidence_demand(const v1::EvidenceDemandRequest& request,
                                                         const Caller& caller) {
  v1::EvidenceDemandResponse out;
  By by = acting(caller, "evidence_demand");
  if (auto done = node_.perform(
          [&](const Now& now) -> Status { return demand_proofs(node_, request, by, now, &out); });
      !done)
    return done.error();
  return out;
}

}  // namespace focal::desk
