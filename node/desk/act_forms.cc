#include "node/desk/act_forms.h"

#include <google/protobuf/message.h>

#include <unordered_map>

#include "base/check.h"
#include "node/desk/field_paths.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

const pb::TraceRequest& asked(const Scene& scene) {
  return scene.request.message().trace_request();
}

// The record's path of a field named in list[place].
Result<std::string> path_in(const Scene& scene, const std::string& typed, const char* list,
                            int place) {
  auto path = full_path(typed, asked(scene));
  if (path) return path;
  Error error = path.error();
  error.path = std::string(list) + "[" + std::to_string(place) + "].path";
  return error;
}

Status fill(const v1::TraceAckRequest& from, const Scene&, pb::Record* record) {
  auto* to = record->mutable_trace_ack();
  to->set_case_ref_requested(from.ref());
  to->set_expected_by(from.expected_by());
  to->set_note(from.note());
  *to->mutable_assigned_to() = from.assigned_to();
  return {};
}

Status fill(const v1::TraceAskRequest& from, const Scene& scene, pb::Record* record) {
  auto* to = record->mutable_trace_info_request();
  to->set_reply_wanted_by(from.wanted_by());
  for (int i = 0; i < from.missing_size(); ++i) {
    FOCAL_ASSIGN(std::string path, path_in(scene, from.missing(i).path(), "missing", i));
    auto* missing = to->add_missing();
    missing->set_path(std::move(path));
    missing->set_question(from.missing(i).text());
  }
  return {};
}

// The field of the one question that is open.
Result<std::string> only_question(const Scene& scene) {
  const auto asks = taken_records(*scene.view, scene.opened, "trace.info_request");
  if (!asks.empty()) {
    const auto& missing = asks.back().record->message().trace_info_request().missing();
    if (missing.size() == 1) return missing[0].path();
  }
  return fail(ErrorCode::kInvalid, "it is not said which field this value is for",
              "More than one was asked for: name it, for example item1.serial.", "answers[0].path");
}

Status fill(const v1::TraceSupplyRequest& from, const Scene& scene, pb::Record* record) {
  auto* to = record->mutable_trace_info_supply();
  for (int i = 0; i < from.answers_size(); ++i) {
    const v1::FieldValue& given = from.answers(i);
    FOCAL_ASSIGN(std::string path, given.path().empty() && from.answers_size() == 1
                                       ? only_question(scene)
                                       : path_in(scene, given.path(), "answers", i));
    auto* answer = to->add_answers();
    answer->set_path(std::move(path));
    answer->set_value(given.value());
    answer->set_confidence(given.confidence());
    answer->set_note(given.note());
  }
  return {};
}

Status fill(const v1::TraceDelayRequest& from, const Scene&, pb::Record* record) {
  auto* to = record->mutable_trace_delay();
  to->set_ground(from.ground());
  to->set_reason_text(from.reason());
  to->set_expected_by(from.expected_by());
  *to->mutable_item_nos() = from.items();
  to->set_can_be_said_now(from.said_now());
  return {};
}

Status fill(const v1::TraceRefuseRequest& from, const Scene&, pb::Record* record) {
  auto* to = record->mutable_trace_refusal();
  to->set_case_ref_requested(from.ref());
  to->set_ground(from.ground());
  to->set_reason_text(from.reason());
  return {};
}

Status fill(const v1::TraceClarifyRequest& from, const Scene&, pb::Record* record) {
  record->mutable_trace_clarify()->set_text(from.text());
  return {};
}

Status fill(const v1::TraceReplyRequest& from, const Scene&, pb::Record* record) {
  record->mutable_trace_clarify_reply()->set_text(from.text());
  return {};
}

Status fill(const v1::TraceWithdrawRequest& from, const Scene&, pb::Record* record) {
  record->mutable_trace_withdraw()->set_reason(from.reason());
  record->mutable_trace_withdraw()->set_text(from.text());
  return {};
}

Status fill(const v1::TraceCloseRequest& from, const Scene&, pb::Record* record) {
  auto* to = record->mutable_trace_close();
  if (from.outcome() == "NOT_KNOWN")
    record->add_unknown_fields("trace_close.useful");
  else if (from.outcome() == "USEFUL" || from.outcome() == "NOT_USEFUL")
    to->set_useful(from.outcome() == "USEFUL");
  else
    return fail(ErrorCode::kInvalid,
                from.outcome().empty() ? "it is not said whether the answer was of use"
                                       : "'" + from.outcome().substr(0, 40) + "' is no outcome",
                "USEFUL (the answer helped), NOT_USEFUL (it did not), NOT_KNOWN (not known yet).",
                "outcome");
  *to->mutable_next_asked() = from.next_asked();
  to->set_action_taken(from.action());
  to->set_shared_back(from.share());
  return {};
}

Status fill(const v1::TraceReopenRequest& from, const Scene&, pb::Record* record) {
  record->mutable_trace_reopen()->set_new_information(from.text());
  return {};
}

template <typename Request>
Status fill_as(const google::protobuf::Message& from, const Scene& scene, pb::Record* record) {
  return fill(static_cast<const Request&>(from), scene, record);
}

using Forms = std::unordered_map<const google::protobuf::Descriptor*, ActForm>;

template <typename Request>
Forms::value_type form(std::string_view kind) {
  return {Request::descriptor(), {kind, &fill_as<Request>}};
}

template <typename Request>
Forms::value_type whole(std::string_view kind) {
  return {Request::descriptor(), {kind, nullptr}};
}

const Forms& forms() {
  static const Forms* const all = new Forms{
      form<v1::TraceAckRequest>("trace.ack"),
      form<v1::TraceAskRequest>("trace.info_request"),
      form<v1::TraceSupplyRequest>("trace.info_supply"),
      form<v1::TraceDelayRequest>("trace.delay"),
      whole<v1::TraceInterimRequest>("trace.interim"),
      whole<v1::TraceAnswerRequest>("trace.response"),
      form<v1::TraceRefuseRequest>("trace.refusal"),
      form<v1::TraceClarifyRequest>("trace.clarify"),
      form<v1::TraceReplyRequest>("trace.clarify_reply"),
      whole<v1::TraceCorrectRequest>("trace.correction"),
      form<v1::TraceWithdrawRequest>("trace.withdraw"),
      form<v1::TraceCloseRequest>("trace.close"),
      form<v1::TraceReopenRequest>("trace.reopen"),
  };
  return *all;
}

}  // namespace

const ActForm& form_of(const google::protobuf::Descriptor* request) {
  const auto found = forms().find(request);
  FOCAL_CHECK(found != forms().end());
  return found->second;
}

}  // namespace focal::desk
