// What officers look at: the lists of cases and one case whole. Called on the node's loop
// thread, inside Node::perform().
#pragma once

#include "node/desk/views.h"

namespace focal::v1 {
class Record;
class TraceRequest;
}  // namespace focal::v1

namespace focal::desk {

class CaseBoard;

// Both lists: overdue first, then by the target that ends next; where none runs (nothing is
// wanted, or the clock is paused) last. kInvalid: a filter or a place that cannot be.
Status list_cases(CaseBoard& board, node::Node& node, const v1::TraceListRequest& request,
                  const Now& now, v1::TraceListResponse* out);
Status list_inbox(CaseBoard& board, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out);
// The same for whoever asks once: with a board of their own, which reads every case.
Status list_cases(node::Node& node, const v1::TraceListRequest& request, const Now& now,
                  v1::TraceListResponse* out);
Status list_inbox(node::Node& node, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out);
// kNotFound, kUsage: no such case number.
Status show_case(node::Node& node, const v1::TraceShowRequest& request, const Now& now,
                 v1::TraceShowResponse* out);

// Of the open cases.
void count_inbox(CaseBoard& board, const Now& now, v1::InboxCounts* out);

// Items of the request with the results that stand, and the ground now in force.
void fill_results(node::Node& node, const node::OpenedCase& opened, v1::TraceShowResponse* out);

// The handling rules of one label in a line: "TLP:AMBER · H1 · onward ASK · …".
std::string label_line(const record::Label& label);

// The one line an officer wants of a record; of a kind without a line of its own the subject.
// request: of its case, or nullptr.
std::string summary_of(const focal::v1::Record& record, const focal::v1::TraceRequest* request);
// What a record did: an effect of the timeline in words.
std::string effect_words(const std::string& code);

}  // namespace focal::desk
