#include "node/desk/acts.h"

#include "node/desk/own_records.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::string_view kRequestKind = "trace.request";

Error whole_or_fields() {
  return fail(ErrorCode::kUsage, "give either a whole record or the fields, not both",
              "Use --from FILE alone, or the options without it.", "record");
}

// May a tracing record go to that party now.
Status may_write_to(node::Node& node, const std::string& party, const Now& now) {
  if (node.disk_is_low())
    return fail(ErrorCode::kNoSpace, "the disk of this node is nearly full; nothing is released",
                "Free space on it. Reading goes on, and so does what is already on its way.");
  FOCAL_ASSIGN(const auto* peer, find_peer(node, party));
  const auto permission = exchange::check_kind(kRequestKind, peer->standing);
  if (permission != exchange::Permission::kAllowed)
    return fail(ErrorCode::kTrust, party + " may not be written to: " +
                exchange::describe(peer->standing),
                "Compare the safety number by phone: 'focal peer verify " + party + "'.", "to");
  if (peer->card.expires_ms <= now.wall_ms)
    return fail(ErrorCode::kTrust, "the card of " + party + " expired on " +
                format_date(peer->card.expires_ms),
                "Ask them for their new card and add it with 'focal peer add FILE'.", "to");
  return {};
}

store::RecordRef release(node::Node& node, const record::CheckedRecord& record,
                         std::optional<store::RecordRef> thread,
                         std::optional<store::RecordRef> reply_to, const Now& now) {
  exchange::Draft draft;
  draft.to = record.audience();
  draft.kind = std::string(record.kind());
  draft.body = record.body();
  draft.thread = thread;
  draft.reply_to = reply_to;
  draft.lane = record.kind_info().lane;
  return node.core().machine().submit(now, std::move(draft));
}

// A case somebody acts in.
struct Scene {
  node::OpenedCase opened;
  record::CheckedRecord request;
  Route route;
};

Result<Scene> set_scene(node::Node& node, const std::string& number, std::string_view wanted_kind,
                        const Now& now) {
  FOCAL_ASSIGN(const auto row, find_case(node, number));
  store::View& view = node.core().view();
  auto opened = node::open_case(view, row, node.core().machine().fresh());
  auto root = root_record(view, row);
  if (!root || !root->record)
    return fail(ErrorCode::kCase, "the request of this case has not arrived yet",
                "Wait until it does; 'focal trace show " + case_number(row.id) + "'.");
  const std::string own = node.core().self().party();
  FOCAL_TRY(casework::check_next(opened.fold, own, wanted_kind));
  FOCAL_TRY(may_write_to(node, row.peer, now));
  return Scene{std::move(opened), std::move(*root->record), {own, {row.peer}}};
}

Result<Released> act(node::Node& node, const Scene& scene, const record::CheckedRecord& record,
                     std::string_view wanted_kind, const Now& now) {
  if (record.kind() != wanted_kind)
    return fail(ErrorCode::kUsage, "the record is a " + std::string(record.kind()) +
                ", this command sends " + std::string(wanted_kind),
                "Use the command that belongs to the record.", "record");
  const node::OpenedCase& opened = scene.opened;
  const store::RecordRef head{opened.fold.head, opened.fold.head_created_ms};
  FOCAL_TRY(casework::check_adding(opened.events, opened.row.root.rid,
                                   casework::event_of(record, {}, head.rid, now.wall_ms)));
  Released out{{}, opened.row.root, opened.row.peer, std::string(record.kind()), {}};
  out.ref = release(node, record, out.root, head, now);
  return out;
}

}  // namespace

Result<Released> release_request(node::Node& node, const v1::TraceOpenRequest& request,
                                 const Now& now) {
  if (request.to_size() != 1)
    return fail(ErrorCode::kUsage, "a tracing request goes to exactly one party",
                "Name it with --to XB; open one case for each party to be asked.", "to");
  const std::string& to = request.to(0);
  FOCAL_TRY(may_write_to(node, to, now));
  DueBasis due;
  const auto complete = [&](pb::Record& r) {
    due = fill_due_times(r, node.config(), to, now.wall_ms);
  };
  FOCAL_ASSIGN(const auto record,
               checked_json(request.record(), {node.core().self().party(), {to}}, complete));
  if (record.kind() != kRequestKind)
    return fail(ErrorCode::kUsage, "the record is a " + std::string(record.kind()) +
                ", not a trace.request", "A case is opened by a trace.request.", "record");
  Released out{{}, {}, to, std::string(kRequestKind), std::move(due)};
  out.ref = out.root = release(node, record, std::nullopt, std::nullopt, now);
  return out;
}

Result<Released> release_ack(node::Node& node, const v1::TraceAckRequest& request,
                             const Now& now) {
  constexpr std::string_view kKind = "trace.ack";
  const bool fields = !request.ref().empty() || !request.expected_by().empty() ||
                      !request.note().empty() || request.assigned_to_size() != 0;
  if (request.has_record() && fields) return whole_or_fields();
  FOCAL_ASSIGN(const Scene scene, set_scene(node, request.case_number(), kKind, now));
  if (request.has_record()) {
    FOCAL_ASSIGN(const auto whole, checked_json(request.record(), scene.route));
    return act(node, scene, whole, kKind, now);
  }
  pb::Record record;
  reply_header(scene.request, scene.route.from, "Acknowledgement of", record.mutable_header());
  auto* ack = record.mutable_trace_ack();
  ack->set_case_ref_requester(scene.request.message().trace_request().case_ref_requester());
  ack->set_case_ref_requested(request.ref());
  ack->set_expected_by(request.expected_by());
  ack->set_note(request.note());
  *ack->mutable_assigned_to() = request.assigned_to();
  FOCAL_ASSIGN(const auto checked, checked_message(record, scene.route));
  return act(node, scene, checked, kKind, now);
}

Result<Released> release_answer(node::Node& node, const v1::TraceAnswerRequest& request,
                                const Now& now) {
  constexpr std::string_view kKind = "trace.response";
  FOCAL_ASSIGN(const Scene scene, set_scene(node, request.case_number(), kKind, now));
  FOCAL_ASSIGN(const auto record, checked_json(request.record(), scene.route));
  return act(node, scene, record, kKind, now);
}

Result<Released> release_refusal(node::Node& node, const v1::TraceRefuseRequest& request,
                                 const Now& now) {
  constexpr std::string_view kKind = "trace.refusal";
  const bool fields =
      !request.ground().empty() || !request.reason().empty() || !request.ref().empty();
  if (request.has_record() && fields) return whole_or_fields();
  FOCAL_ASSIGN(const Scene scene, set_scene(node, request.case_number(), kKind, now));
  if (request.has_record()) {
    FOCAL_ASSIGN(const auto whole, checked_json(request.record(), scene.route));
    return act(node, scene, whole, kKind, now);
  }
  pb::Record record;
  reply_header(scene.request, scene.route.from, "Refusal concerning", record.mutable_header());
  auto* refusal = record.mutable_trace_refusal();
  refusal->set_case_ref_requester(scene.request.message().trace_request().case_ref_requester());
  refusal->set_case_ref_requested(request.ref().empty()
                                      ? responders_reference(node.core().view(), scene.opened)
                                      : request.ref());
  refusal->set_ground(request.ground());
  refusal->set_reason_text(request.reason());
  FOCAL_ASSIGN(const auto checked, checked_message(record, scene.route));
  return act(node, scene, checked, kKind, now);
}

void show_released(node::Node& node, const Released& released, const Now& now, v1::TraceCase* trace,
                   std::string* outbox_id) {
  store::View& view = node.core().view();
  if (const auto row = view.case_by_root(released.root))
    fill_case(node, node::open_case(view, *row), now.wall_ms, trace);
  if (const auto info = view.find(released.ref))
    *outbox_id = desk::outbox_id(info->batch, released.party);
}

}  // namespace focal::desk
