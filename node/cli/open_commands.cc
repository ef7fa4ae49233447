// Sending a request to another State: by a file, or as the follow-up of a case. Before it goes a
// person sees whom it reaches, by name.
#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/import_options.h"
#include "node/cli/match_text.h"
#include "node/cli/new_file.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string with_basis(const std::string& time, const std::string& basis) {
  return basis.empty() ? time : time + ": " + basis;
}

std::string will_reach(const std::string& name, const Look& look) {
  return paint("will reach: " + clean(name), Style::kBold, look) + "\n";
}

// One sentence a line.
std::string lines_of(const google::protobuf::RepeatedPtrField<std::string>& sentences) {
  std::string out;
  for (const std::string& each : sentences) out += (out.empty() ? "" : "\n") + each;
  return out;
}

std::vector<std::pair<std::string, Cell>> targets(const v1::TraceOpenResponse& answer,
                                                  const Look& look) {
  const v1::TraceCase& c = answer.trace();
  return {{"acknowledge target", with_basis(due_time(c.ack_due_at(), look), answer.ack_basis())},
          {"answer target", with_basis(due_time(c.answer_due_at(), look), answer.answer_basis())}};
}

// What would be sent.
std::string preview_text(const v1::TraceOpenResponse& answer, const Look& look) {
  const v1::TraceCase& c = answer.trace();
  std::vector<std::pair<std::string, Cell>> fields{{"subject", c.subject()},
                                                   {"our reference", c.our_ref()},
                                                   {"priority", c.priority()},
                                                   {"weapons", std::to_string(c.items())}};
  for (auto& each : targets(answer, look)) fields.push_back(std::move(each));
  return labelled(fields, look) + asked_before_text(answer, look) +
         will_reach(answer.will_reach(), look);
}

// The very weapon is in an open request to that party.
Status check_again(const v1::TraceOpenResponse& ahead, const Values& values) {
  if (ahead.asked_weapon() == 0 || values.has("--again")) return {};
  const std::string& number = ahead.open_case();
  return fail(ErrorCode::kExists,
              "weapon " + std::to_string(ahead.asked_weapon()) + " is in an open request to " +
                  ahead.trace().party() + " already" +
                  (number.empty() ? std::string() : ": case " + number),
              (number.empty() ? std::string() : "'focal trace show " + number + "' shows it. ") +
                  "If you mean to ask once more, add --again.",
              "again");
}

std::string sent_text(const v1::TraceOpenResponse& answer, const Look& look) {
  std::vector<std::pair<std::string, Cell>> fields{{"subject", answer.trace().subject()},
                                                   {"our reference", answer.trace().our_ref()}};
  for (auto& each : targets(answer, look)) fields.push_back(std::move(each));
  fields.emplace_back("record", answer.rid());
  fields.emplace_back("outbox", answer.outbox_id());
  return case_head(answer.trace(), look) + labelled(fields, look) +
         will_reach(answer.will_reach(), look);
}

Status look_ahead(Session& session, v1::TraceOpenRequest request, v1::TraceOpenResponse& answer) {
  request.set_preview(true);
  return session.post("/v1/traces", request, answer);
}

Status ask_to_send(Session& session) {
  FOCAL_ASSIGN(const std::string said, session.ask("Send it? Type yes: ", "use --yes in a script"));
  if (said != "yes") return fail(ErrorCode::kState, "nothing was sent", "type yes to go on");
  return {};
}

// before: what nobody has seen yet.
Result<int> send(Session& session, const v1::TraceOpenRequest& request,
                 const std::string& before = {}) {
  v1::TraceOpenResponse answer;
  FOCAL_TRY(session.post("/v1/traces", request, answer));
  if (!session.show_json()) session.print(before + sent_text(answer, session.look()));
  return kExitOk;
}

std::string follow_text(const v1::TraceFollowResponse& made, const Look& look) {
  return labelled({{"reference", made.ref()},
                   {"carried over", lines_of(made.carried_over())},
                   {"left out", lines_of(made.left_out())}},
                  look);
}

std::string command_to_open(const std::string& file, const v1::TraceFollowResponse& made) {
  return "focal trace open --from " + clean(file) + " --to " + clean(made.to());
}

Result<int> save(Session& session, const std::string& file, const v1::TraceFollowResponse& made) {
  FOCAL_TRY(write_new_file(file, json::write(made.record(), true) + "\n"));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  session.print(follow_text(made, look) + labelled({{"not yet", made.why_not()},
                                                    {"", ""},
                                                    {"wrote", clean(file)},
                                                    {"send it with", command_to_open(file, made)}},
                                                   look));
  return kExitOk;
}

// The record cannot be sent as it is: what to do instead.
Error not_now(const v1::TraceFollowResponse& made, const std::string& number) {
  return fail(ErrorCode::kState, made.why_not(),
              made.hint() + (made.hint().empty() ? "" : " ") + "'focal trace follow " + number +
                  " --to " + made.to() + " --save FILE' keeps the request until then.");
}

}  // namespace

Result<int> run_trace_open(Session& session, const Values& values) {
  if (values.has("--csv")) return run_trace_import(session, values);
  FOCAL_TRY(check_list_options(values));
  if (!values.has("--to"))
    return fail(ErrorCode::kUsage, "--to is missing",
                "whom to ask (--to XB), or a seizure list (--csv FILE); see --help");
  v1::TraceOpenRequest request;
  FOCAL_TRY(session.read_record(values.text("--from"), *request.mutable_record()));
  request.add_to(values.text("--to"));
  request.set_again(values.has("--again"));
  const bool only_look = values.has("--preview");
  // Nobody can be asked where standard input is the record.
  const bool can_ask = session.io().terminal_in && values.text("--from") != "-";
  if (only_look || (can_ask && !values.has("--yes"))) {
    v1::TraceOpenResponse ahead;
    FOCAL_TRY(look_ahead(session, request, ahead));
    if (only_look) {
      if (!session.show_json()) session.print(preview_text(ahead, session.look()));
      return kExitOk;
    }
    session.io().err << preview_text(ahead, session.look());
    FOCAL_TRY(check_again(ahead, values));
    FOCAL_TRY(ask_to_send(session));
  }
  return send(session, request);
}

Result<int> run_trace_follow(Session& session, const Values& values) {
  v1::TraceFollowRequest ask;
  ask.set_to(values.text("--to"));
  ask.set_ref(values.text("--ref"));
  ask.set_with_persons(values.has("--with-persons"));
  for (const std::string& item : values.list("--item"))
    FOCAL_TRY(json::set_field(ask, "items", item));
  v1::TraceFollowResponse made;
  FOCAL_TRY(session.post(target_of({"v1", "traces", values.text("CASE"), "follow"}), ask, made));
  if (values.has("--save")) return save(session, values.text("--save"), made);
  const bool only_look = values.has("--preview");
  if (only_look && session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string text = follow_text(made, look);
  if (!made.can_send()) {
    if (!only_look) return not_now(made, values.text("CASE"));
    session.print(text + labelled({{"not yet", made.why_not()}}, look) +
                  will_reach(made.will_reach(), look));
    return kExitOk;
  }
  v1::TraceOpenRequest request;
  request.add_to(made.to());
  request.set_again(values.has("--again"));
  *request.mutable_record() = made.record();
  v1::TraceOpenResponse ahead;
  FOCAL_TRY(look_ahead(session, request, ahead));
  if (only_look) {
    session.print(text + preview_text(ahead, look));
    return kExitOk;
  }
  // What a case is about goes to a person at a terminal only: error output may end in a file.
  if (session.io().terminal_in) {
    session.io().err << text << preview_text(ahead, look);
    text.clear();
    FOCAL_TRY(check_again(ahead, values));  // a script is told by the node
  }
  if (!values.has("--yes")) FOCAL_TRY(ask_to_send(session));
  return send(session, request, text);
}

}  // namespace focal::cli
