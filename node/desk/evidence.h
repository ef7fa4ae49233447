// Evidence for others (docs/operations.md, "Evidence"): a bundle of a case or of a record, and the
// proofs that other parties are asked for. Called on the node's loop thread, inside
// Node::perform(), but what says otherwise.
#pragma once

#include "base/bytes.h"
#include "node/desk/acting.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class EvidenceDemandRequest;
class EvidenceDemandResponse;
class EvidenceExportRequest;
class EvidenceLeaf;
class EvidenceSummary;
class TimelineEntry;
}  // namespace focal::api::v1

namespace focal::desk {

struct ShownRecord;

inline constexpr std::size_t kMostWithhold = 1024;  // words of a request
inline constexpr std::size_t kMostMissing = 32;     // sentences of a summary

// Makes the bundle; joins the group under way with a leaf that says who exported what. Fills
// records, parties and labels of the summary. kPermission: an auditor, and not all bodies are
// withheld. kInvalid: a word of `withhold` that is about nothing of it, so that a slip of the pen
// lets no body out. kUsage, kNotFound (no such case or record); errors of evidence::make_bundle.
Result<Bytes> export_evidence(node::Node& node, const api::v1::EvidenceExportRequest& request,
                              By& by, const Now& now, api::v1::EvidenceSummary* out);
// What a verifier says of it that is told the fingerprints of the summary. Any thread.
void fill_verdict(ByteView archive, api::v1::EvidenceSummary* out);

// Asks each other party to the record for the proof that its log holds it, where none is here;
// joins the group under way with a leaf that says who asked. kNotFound, kInvalid, kErased (it has
// ended and its content is gone: nobody can be asked what is shown), kLimit (too many questions
// today).
Status demand_proofs(node::Node& node, const api::v1::EvidenceDemandRequest& request, By& by,
                     const Now& now, api::v1::EvidenceDemandResponse* out);

// An officer has opened that case: senders of its records that were not opened before are told, if
// the configuration does not forbid it; at most kMostTold records at once, the others the next
// time. Joins the group under way.
inline constexpr std::size_t kMostTold = 64;
void note_opened(node::Node& node, const std::string& case_number, const Now& now);

// Of a record in a timeline: who released it and when, where its leaf stands and who witnessed
// that, here and, as far as it was proved, at the other end; when it was opened. After its
// deliveries.
void fill_evidence(node::Node& node, const ShownRecord& shown, api::v1::TimelineEntry* out);

}  // namespace focal::desk
