// The acts of a tracing case: open, acknowledge, answer, refuse.
#include "node/desk/desk.h"
#include "node/desk/views.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

using google::protobuf::Struct;
namespace pb = focal::v1;

constexpr std::string_view kRequestKind = "trace.request";
constexpr char kDefaultDesk[] = "NPC";

Error whole_or_fields() {
  return fail(ErrorCode::kUsage, "give either a whole record or the fields, not both",
              "Use --from FILE alone, or the options without it.", "record");
}

// Due times the officer left open are those of the configuration for the
// record's priority. They are wishes, not law.
void fill_due_times(Struct& record, const config::DueTimes& due, const Now& now) {
  auto* header = (*record.mutable_fields())["header"].mutable_struct_value();
  const std::string priority = header->fields().count("priority") != 0
                                   ? header->fields().at("priority").string_value()
                                   : "ROUTINE";
  const auto wanted = priority == "FLASH"    ? config::Priority::kFlash
                      : priority == "URGENT" ? config::Priority::kUrgent
                                             : config::Priority::kRoutine;
  const config::Due& times = due.at(wanted);
  const auto put = [&](const char* name, std::uint64_t within_ms) {
    auto& fields = *header->mutable_fields();
    if (fields.count(name) == 0)
      fields[name].set_string_value(std::to_string(now.wall_ms + within_ms));
  };
  put("ack_by_ms", times.ack_within_ms);
  put("answer_by_ms", times.answer_within_ms);
}

Result<record::CheckedRecord> checked_json(const Struct& record, const std::string& from,
                                           const std::vector<std::string>& to) {
  auto checked = record::from_json(json::write_set(record), from, to);
  if (!checked) return checked.error().as_error();
  return std::move(*checked);
}

Result<record::CheckedRecord> checked_message(const pb::Record& record, std::string_view kind,
                                              const std::string& from,
                                              const std::vector<std::string>& to) {
  auto checked = record::parse_checked(as_bytes(record.SerializeAsString()), kind, from, to);
  if (!checked) return checked.error().as_error();
  return std::move(*checked);
}

// May a tracing record go to that party now.
Status may_write_to(node::Node& node, const std::string& party, const Now& now) {
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

// The header of a reply: addressed back, same language and priority, the label
// of the request with ourselves as provider.
void reply_header(const record::CheckedRecord& request, const std::string& own_party,
                  const std::string& subject, pb::Header* out) {
  const auto& from = request.message().header();
  out->set_from_desk(from.to_desk().empty() ? kDefaultDesk : from.to_desk());
  out->set_to_desk(from.from_desk());
  out->set_subject(subject + " " + request.message().trace_request().case_ref_requester());
  out->set_language("en");
  out->set_priority(from.priority());
  *out->mutable_label() = from.label();
  out->mutable_label()->set_provider(own_party);
  out->mutable_label()->clear_provider_ref();
}

std::string known_own_ref(store::View& view, const node::OpenedCase& opened) {
  for (const auto& event : view.case_events(opened.row.id)) {
    if (event.kind != "trace.ack") continue;
    const auto ack = show_record(view, event.idx);
    if (ack && ack->record) return ack->record->message().trace_ack().case_ref_requested();
  }
  return {};
}

// What an act adds to the case, once the case is open and allows it.
using Build = std::function<Result<record::CheckedRecord>(
    const node::OpenedCase& opened, const record::CheckedRecord& request,
    const std::string& own_party, const std::vector<std::string>& to)>;

Result<v1::TraceActResponse> act(node::Node& node, const std::string& number,
                                 std::string_view wanted_kind, const Build& build) {
  v1::TraceActResponse out;
  store::RecordRef ref;
  store::CaseId id = 0;
  std::string party;
  if (auto done = node.perform(
      [&](const Now& now) -> Status {
        FOCAL_ASSIGN(const auto row, find_case(node, number));
        const auto opened = node::open_case(node.core().view(), row);
        const std::string own = node.core().self().party();
        const auto root = root_record(node.core().view(), row);
        if (!root || !root->record)
          return fail(ErrorCode::kCase, "the request of this case has not arrived yet",
                      "Wait until it does; 'focal trace show " + case_number(row.id) + "'.");
        FOCAL_TRY(casework::check_next(opened.fold, own, wanted_kind));
        FOCAL_TRY(may_write_to(node, row.peer, now));
        FOCAL_ASSIGN(const auto record, build(opened, *root->record, own, {row.peer}));
        if (record.kind() != wanted_kind)
          return fail(ErrorCode::kUsage, "the record is a " + std::string(record.kind()) +
                      ", this command sends " + std::string(wanted_kind),
                      "Use the command that belongs to the record.", "record");
        id = row.id;
        party = row.peer;
        out.set_kind(std::string(record.kind()));
        ref = release(node, record, row.root,
                      store::RecordRef{opened.fold.head, opened.fold.head_created_ms}, now);
        return {};
      },
      [&](const Now& now) {
        store::View& view = node.core().view();
        const auto row = view.case_by_id(id);
        if (row) fill_case(node, node::open_case(view, *row), now.wall_ms, out.mutable_trace());
        if (const auto info = view.find(ref)) out.set_outbox_id(outbox_id(info->batch, party));
      }); !done)
    return done.error();
  out.set_rid(hex(ref.rid));
  return out;
}

}  // namespace

Result<v1::TraceOpenResponse> Desk::trace_open(const v1::TraceOpenRequest& request) {
  v1::TraceOpenResponse out;
  if (request.to_size() != 1)
    return fail(ErrorCode::kUsage, "a tracing request goes to exactly one party",
                "Name it with --to XB; open one case for each party to be asked.", "to");
  const std::string to = request.to(0);
  store::RecordRef ref;
  if (auto done = node_.perform(
      [&](const Now& now) -> Status {
        FOCAL_TRY(may_write_to(node_, to, now));
        Struct json = request.record();
        fill_due_times(json, node_.config().due, now);
        FOCAL_ASSIGN(const auto record, checked_json(json, node_.core().self().party(), {to}));
        if (record.kind() != kRequestKind)
          return fail(ErrorCode::kUsage, "the record is a " + std::string(record.kind()) +
                      ", not a trace.request", "A case is opened by a trace.request.", "record");
        ref = release(node_, record, std::nullopt, std::nullopt, now);
        return {};
      },
      [&](const Now& now) {
        store::View& view = node_.core().view();
        const auto row = view.case_by_root(ref);
        if (row) fill_case(node_, node::open_case(view, *row), now.wall_ms, out.mutable_trace());
        if (const auto info = view.find(ref)) out.set_outbox_id(outbox_id(info->batch, to));
      }); !done)
    return done.error();
  out.set_rid(hex(ref.rid));
  return out;
}

Result<v1::TraceActResponse> Desk::trace_ack(const v1::TraceAckRequest& request) {
  const bool fields = !request.ref().empty() || !request.expected_by().empty() ||
                      !request.note().empty() || request.assigned_to_size() != 0;
  if (request.has_record() && fields) return whole_or_fields();
  return act(node_, request.case_number(), "trace.ack",
             [&](const node::OpenedCase&, const record::CheckedRecord& asked,
                 const std::string& own, const std::vector<std::string>& to)
                 -> Result<record::CheckedRecord> {
               if (request.has_record()) return checked_json(request.record(), own, to);
               pb::Record record;
               reply_header(asked, own, "Acknowledgement of", record.mutable_header());
               auto* ack = record.mutable_trace_ack();
               ack->set_case_ref_requester(asked.message().trace_request().case_ref_requester());
               ack->set_case_ref_requested(request.ref());
               ack->set_expected_by(request.expected_by());
               ack->set_note(request.note());
               *ack->mutable_assigned_to() = request.assigned_to();
               return checked_message(record, "trace.ack", own, to);
             });
}

Result<v1::TraceActResponse> Desk::trace_answer(const v1::TraceAnswerRequest& request) {
  return act(node_, request.case_number(), "trace.response",
             [&](const node::OpenedCase&, const record::CheckedRecord&, const std::string& own,
                 const std::vector<std::string>& to) -> Result<record::CheckedRecord> {
               return checked_json(request.record(), own, to);
             });
}

Result<v1::TraceActResponse> Desk::trace_refuse(const v1::TraceRefuseRequest& request) {
  const bool fields =
      !request.ground().empty() || !request.reason().empty() || !request.ref().empty();
  if (request.has_record() && fields) return whole_or_fields();
  return act(node_, request.case_number(), "trace.refusal",
             [&](const node::OpenedCase& opened, const record::CheckedRecord& asked,
                 const std::string& own, const std::vector<std::string>& to)
                 -> Result<record::CheckedRecord> {
               if (request.has_record()) return checked_json(request.record(), own, to);
               pb::Record record;
               reply_header(asked, own, "Refusal concerning", record.mutable_header());
               auto* refusal = record.mutable_trace_refusal();
               refusal->set_case_ref_requester(
                   asked.message().trace_request().case_ref_requester());
               refusal->set_case_ref_requested(
                   request.ref().empty() ? known_own_ref(node_.core().view(), opened)
                                         : request.ref());
               refusal->set_ground(request.ground());
               refusal->set_reason_text(request.reason());
               return checked_message(record, "trace.refusal", own, to);
             });
}

}  // namespace focal::desk
