// Opening a case: the request is checked whole, looked at before it goes, and released.
#include "node/desk/acts.h"
#include "node/desk/asked_before.h"
#include "node/desk/own_records.h"
#include "node/desk/threads.h"
#include "node/desk/writing.h"
#include "node/record/parties.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kRequestKind = "trace.request";

struct Ready {
  record::CheckedRecord record;
  DueBasis due;
};

Result<Ready> make_ready(node::Node& node, const v1::TraceOpenRequest& request, const Now& now) {
  if (request.to_size() != 1)
    return fail(ErrorCode::kUsage, "a tracing request goes to exactly one party",
                "Name it with --to XB; open one case for each party to be asked.", "to");
  const std::string& to = request.to(0);
  FOCAL_TRY(may_write_to(node, to, now));
  DueBasis due;
  const auto complete = [&](focal::v1::Record& r) {
    due = fill_due_times(r, node.config(), to, now.wall_ms);
  };
  FOCAL_ASSIGN(auto record,
               checked_json(request.record(), {node.core().self().party(), {to}}, complete));
  if (record.kind() != kRequestKind)
    return fail(ErrorCode::kUsage,
                "the record is a " + std::string(record.kind()) + ", not a trace.request",
                "A case is opened by a trace.request.", "record");
  FOCAL_TRY(check_thread_free(node.core().view(),
                              record.message().trace_request().case_ref_requester(),
                              node.core().machine().fresh()));
  return Ready{std::move(record), std::move(due)};
}

std::optional<OpenTwin> twin_of(node::Node& node, const record::CheckedRecord& record,
                                const std::string& to) {
  return find_open_twin(node.core().view(), record.message().trace_request(), to,
                        node.core().machine().fresh());
}

Status check_not_open(node::Node& node, const record::CheckedRecord& record,
                      const std::string& to) {
  const auto twin = twin_of(node, record, to);
  if (!twin) return {};
  const std::string weapon = "weapon " + std::to_string(twin->item_no);
  if (twin->case_number.empty())
    return fail(ErrorCode::kExists, weapon + " is in a request to " + to + " that is being sent",
                "Look at 'focal trace list'; --again sends this one too.", "again");
  return fail(ErrorCode::kExists,
              weapon + " is in an open request to " + to + " already: case " + twin->case_number,
              "'focal trace show " + twin->case_number +
                  "' shows it. If you mean to ask once more, add --again.",
              "again");
}

}  // namespace

Result<Released> release_request(node::Node& node, const v1::TraceOpenRequest& request,
                                 const Now& now, By& by) {
  FOCAL_ASSIGN(Ready ready, make_ready(node, request, now));
  if (!request.again()) FOCAL_TRY(check_not_open(node, ready.record, request.to(0)));
  Released out{{}, {}, request.to(0), std::string(kRequestKind), std::move(ready.due)};
  FOCAL_ASSIGN(out.ref, release(node, ready.record, std::nullopt, std::nullopt, now, by));
  out.root = out.ref;
  return out;
}

Status preview_request(node::Node& node, const v1::TraceOpenRequest& request, const Now& now,
                       v1::TraceOpenResponse* out) {
  FOCAL_ASSIGN(const Ready ready, make_ready(node, request, now));
  const auto& header = ready.record.header();
  const auto& content = ready.record.message().trace_request();
  v1::TraceCase* trace = out->mutable_trace();
  trace->set_party(request.to(0));
  trace->set_party_name(std::string(record::party_name(request.to(0), "en").value_or("")));
  trace->set_role("REQUESTER");
  trace->set_subject(header.subject);
  trace->set_priority(header.priority);
  trace->set_our_ref(content.case_ref_requester());
  trace->set_ack_due_at(time_text(header.ack_by_ms));
  trace->set_answer_due_at(time_text(header.answer_by_ms));
  trace->set_items(static_cast<std::uint32_t>(content.items_size()));
  out->set_preview(true);
  fill_asked_before(node.core().view(), content, out);
  if (const auto twin = twin_of(node, ready.record, request.to(0))) {
    out->set_open_case(twin->case_number);
    out->set_asked_weapon(twin->item_no);
  }
  out->set_ack_basis(ready.due.acknowledge);
  out->set_answer_basis(ready.due.answer);
  return {};
}

}  // namespace focal::desk
