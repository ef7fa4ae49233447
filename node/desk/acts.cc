#include "node/desk/erase.h"
#include "node/desk/acts.h"

#include <google/protobuf/struct.pb.h>

#include <algorithm>
#include <vector>

#include "node/desk/act_forms.h"
#include "node/desk/act_guards.h"
#include "node/desk/act_table.h"
#include "node/desk/case_views.h"
#include "node/desk/record_parts.h"
#include "node/desk/writing.h"
#include "node/record/schema.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

// The record of an act that comes whole, or null.
const google::protobuf::Struct* whole_record(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName("record");
  if (!request.GetReflection()->HasField(request, field)) return nullptr;
  return static_cast<const google::protobuf::Struct*>(
      &request.GetReflection()->GetMessage(request, field));
}

bool has_fields(const google::protobuf::Message& request) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  request.GetReflection()->ListFields(request, &fields);
  return std::any_of(fields.begin(), fields.end(), [](const auto* field) {
    return field->name() != "case_number" && field->name() != "record";
  });
}

// A refusal of the fold, which speaks of kinds, in the words of the commands.
Error in_words_of_commands(Error error, std::string_view kind) {
  if (error.message.starts_with(kind))
    error.message.replace(0, kind.size(), "'" + std::string(act_of(kind).word) + "'");
  return error;
}

Result<Scene> set_scene(node::Node& node, const std::string& number, std::string_view wanted_kind,
                        const Now& now) {
  FOCAL_ASSIGN(const auto row, find_case(node, number));
  store::View& view = node.core().view();
  auto opened = node::open_case(view, row, node.core().machine().fresh());
  FOCAL_TRY(nothing_erased(node, opened));
  auto root = root_record(view, row);
  if (!root || !root->record)
    return fail(ErrorCode::kCase, "the request of this case has not arrived yet",
                "Wait until it does; 'focal trace show " + case_number(row.id) + "'.");
  const std::string own = node.core().self().party();
  if (const Status allowed = casework::check_next(opened.fold, own, wanted_kind); !allowed) {
    Error error = in_words_of_commands(allowed.error(), wanted_kind);
    error.hint = possible_now(opened);
    return error;
  }
  FOCAL_TRY(may_write_to(node, row.peer, now));
  return Scene{&view, std::move(opened), std::move(*root->record), {own, {row.peer}}};
}

// The answer that a correction replaces if it names none: the last one that took effect.
void fill_supersedes(const Scene& scene, pb::Header* header) {
  const auto taken = taken_records(*scene.view, scene.opened);
  for (auto shown = taken.rbegin(); shown != taken.rend(); ++shown) {
    if (results_of(shown->record->message()).empty()) continue;
    header->mutable_supersedes()->set_rid(as_text(shown->manifest.rid).data(), 32);
    header->mutable_supersedes()->set_created_ms(shown->manifest.created_ms);
    return;
  }
}

// The label of a header that the program makes says so where something personal is supplied.
void mark_personal(pb::Record* record) {
  const auto& answers = record->trace_info_supply().answers();
  if (std::any_of(answers.begin(), answers.end(),
                  [](const auto& answer) { return record::names_personal(answer.path()); }))
    record->mutable_header()->mutable_label()->set_personal_data(true);
}

// What the officer left open and the case says.
void complete(const Scene& scene, const Act& act, pb::Record& record) {
  if (!record.has_header()) {
    reply_header(scene.request, scene.route.from, std::string(act.subject),
                 record.mutable_header());
    mark_personal(&record);
  }
  if (record.has_trace_correction() && !record.header().has_supersedes())
    fill_supersedes(scene, record.mutable_header());
  const auto* kind = record::kind_field(record);
  if (kind == nullptr) return;  // the rules say so
  google::protobuf::Message* message = record.GetReflection()->MutableMessage(&record, kind);
  const auto set_if_open = [message](const char* name, const std::string& reference) {
    const auto* field = message->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr && message->GetReflection()->GetString(*message, field).empty())
      message->GetReflection()->SetString(message, field, reference);
  };
  set_if_open("case_ref_requester", scene.request.message().trace_request().case_ref_requester());
  set_if_open("case_ref_requested", responders_reference(*scene.view, scene.opened));
}

// The record an act asks for: the whole one it brings, or one made of its fields.
Result<record::CheckedRecord> record_of(const Scene& scene, const ActForm& form,
                                        const google::protobuf::Message& request) {
  const Complete rest = [&](pb::Record& r) { complete(scene, act_of(form.kind), r); };
  if (const auto* whole = whole_record(request); whole != nullptr)
    return checked_json(*whole, scene.route, rest);
  if (form.fill == nullptr)
    return fail(ErrorCode::kUsage, "the record is missing",
                "This act has too much structure for fields: give the whole record.", "record");
  pb::Record record;
  FOCAL_TRY(form.fill(request, scene, &record));
  rest(record);
  return checked_message(record, scene.route);
}

Result<Released> send(node::Node& node, const Scene& scene, const record::CheckedRecord& record,
                      const Now& now, By& by) {
  const node::OpenedCase& opened = scene.opened;
  const store::RecordRef head{opened.fold.head, opened.fold.head_created_ms};
  const auto event = casework::event_of(record, {}, head.rid, now.wall_ms);
  if (const Status added = casework::check_adding(opened.events, opened.row.root.rid, event); !added)
    return in_words_of_commands(added.error(), record.kind());
  FOCAL_TRY(check_fits(scene, record));
  Released out{{}, opened.row.root, opened.row.peer, std::string(record.kind()), {}};
  FOCAL_ASSIGN(out.ref, release(node, record, out.root, head, now, by));
  return out;
}

}  // namespace

Result<Released> release_act(node::Node& node, const google::protobuf::Message& request,
                             const Now& now, By& by) {
  const ActForm& form = form_of(request.GetDescriptor());
  if (whole_record(request) != nullptr && has_fields(request))
    return fail(ErrorCode::kUsage, "give either a whole record or the fields, not both",
                "Use --from FILE alone, or the options without it.", "record");
  FOCAL_ASSIGN(const Scene scene,
               set_scene(node, json::get_text(request, "case_number"), form.kind, now));
  FOCAL_ASSIGN(const auto record, record_of(scene, form, request));
  if (record.kind() != form.kind)
    return fail(ErrorCode::kUsage, "the record is a " + std::string(record.kind()) +
                ", this command sends " + std::string(form.kind),
                "Use the command that belongs to the record.", "record");
  if (whole_record(request) == nullptr || by.second) FOCAL_TRY(check_days(record, now));
  auto sent = send(node, scene, record, now, by);
  // What waits is asked again when it is released: nothing waits that could not be.
  if (!sent && sent.error().code == ErrorCode::kAwaitsRelease) FOCAL_TRY(check_days(record, now));
  return sent;
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
