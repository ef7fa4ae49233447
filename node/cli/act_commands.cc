// The acts of a tracing case. All go one way: from the options, or from the record in --from, to
// the act's request; a question first where the act cannot be taken back.
#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

// An option and the field of the request it fills; more than once where the field is a list.
struct Field {
  const char* option;
  const char* field;
  bool needed = false;
  bool code = false;  // may be typed in small letters: national-security
};
using Fields = std::initializer_list<Field>;
constexpr bool kNeeded = true;
constexpr bool kCode = true;

std::string needed_words(const Fields& fields) {
  std::vector<std::string> names;
  for (const Field& each : fields)
    if (each.needed) names.emplace_back(each.option);
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

// --from and the fields exclude each other; without it what is needed stands.
Status check_options(const Values& values, const char* word, const Fields& fields) {
  const bool whole = values.has("--from");
  for (const Field& each : fields) {
    if (whole && values.has(each.option))
      return fail(ErrorCode::kUsage, std::string(each.option) + " and --from exclude each other",
                  "put the field into the record's file");
    if (!whole && each.needed && values.text(each.option).empty())
      return fail(ErrorCode::kUsage, std::string(each.option) + " is missing",
                  "`focal trace " + std::string(word) + "` needs " + needed_words(fields) +
                      ", or the whole record with --from; see --help");
  }
  return {};
}

Result<int> send_act(Session& session, const Values& values, const char* word,
                     const google::protobuf::Message& request) {
  v1::TraceActResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "traces", values.text("CASE"), word}), request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  const v1::TraceCase& c = answer.trace();
  session.print(case_head(c, look) + labelled({{"sent", answer.kind()},
                                               {"turn", turn_words(c.turn(), c.party())},
                                               {"record", answer.rid()},
                                               {"outbox", answer.outbox_id()}},
                                              look));
  return kExitOk;
}

// The request of an act from its options.
template <typename Request>
Result<Request> request_of(Session& session, const Values& values, const char* word,
                           const Fields& fields) {
  FOCAL_TRY(check_options(values, word, fields));
  Request request;
  if (values.has("--from")) {
    FOCAL_TRY(session.read_record(values.text("--from"), *request.mutable_record()));
    return request;
  }
  for (const Field& each : fields) {
    if (each.field == nullptr) continue;  // the command fills it itself
    for (const std::string& value : values.list(each.option))
      FOCAL_TRY(json::set_field(request, each.field, each.code ? as_code(value) : value));
  }
  return request;
}

template <typename Request>
Result<int> act(Session& session, const Values& values, const char* word, const Fields& fields) {
  FOCAL_ASSIGN(const Request request, request_of<Request>(session, values, word, fields));
  return send_act(session, values, word, request);
}

// Shows the case and asks, unless --yes was given. What a case is about is shown to a person at a
// terminal only: error output may end in a file.
Status confirm(Session& session, const Values& values, const std::string& question) {
  if (values.has("--yes")) return {};
  if (session.io().terminal_in) {
    v1::TraceShowResponse shown;
    FOCAL_TRY(session.get(target_of({"v1", "traces", values.text("CASE")}), shown));
    const Look look = session.look();
    session.io().err << case_head(shown.trace(), look)
                     << labelled({{"subject", shown.trace().subject()}}, look);
  }
  FOCAL_ASSIGN(const std::string said,
               session.ask(question + " Type yes: ", "use --yes in a script"));
  if (said != "yes") return fail(ErrorCode::kState, "nothing was sent", "type yes to go on");
  return {};
}

// The n-th value of a second option that goes with each value of the first.
Status check_pairs(const Values& values, const char* first, const char* second) {
  if (values.list(first).size() == values.list(second).size()) return {};
  return fail(ErrorCode::kUsage,
              std::string("each ") + first + " has its " + second + ": there are " +
                  std::to_string(values.list(first).size()) + " and " +
                  std::to_string(values.list(second).size()),
              std::string("give ") + first + " and " + second + " in turn");
}

}  // namespace

Result<int> run_trace_ack(Session& session, const Values& values) {
  return act<v1::TraceAckRequest>(session, values, "ack",
                                  {{"--ref", "ref"},
                                   {"--expected-by", "expected_by"},
                                   {"--note", "note"},
                                   {"--assigned-to", "assigned_to", !kNeeded, kCode}});
}

Result<int> run_trace_ask(Session& session, const Values& values) {
  FOCAL_ASSIGN(auto request, request_of<v1::TraceAskRequest>(session, values, "ask",
                                                             {{"--missing", nullptr, kNeeded},
                                                              {"--text", nullptr, kNeeded},
                                                              {"--wanted-by", "wanted_by"}}));
  FOCAL_TRY(check_pairs(values, "--missing", "--text"));
  const auto paths = values.list("--missing");
  const auto texts = values.list("--text");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto* missing = request.add_missing();
    missing->set_path(paths[i]);
    missing->set_text(texts[i]);
  }
  return send_act(session, values, "ask", request);
}

Result<int> run_trace_supply(Session& session, const Values& values) {
  FOCAL_ASSIGN(auto request, request_of<v1::TraceSupplyRequest>(session, values, "supply",
                                                                {{"--field", nullptr},
                                                                 {"--value", nullptr, kNeeded},
                                                                 {"--confidence", nullptr},
                                                                 {"--note", nullptr}}));
  const auto paths = values.list("--field");
  const auto texts = values.list("--value");
  if (!paths.empty() || texts.size() > 1) FOCAL_TRY(check_pairs(values, "--field", "--value"));
  const bool one_only = values.has("--confidence") || values.has("--note");
  if (one_only && texts.size() > 1)
    return fail(ErrorCode::kUsage, "--confidence and --note go with one --value",
                "send the values one after the other, or the whole record with --from");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto* answer = request.add_answers();
    if (!paths.empty()) answer->set_path(paths[i]);
    answer->set_value(texts[i]);
    answer->set_confidence(as_code(values.text("--confidence")));
    answer->set_note(values.text("--note"));
  }
  return send_act(session, values, "supply", request);
}

Result<int> run_trace_delay(Session& session, const Values& values) {
  return act<v1::TraceDelayRequest>(session, values, "delay",
                                    {{"--ground", "ground", kNeeded, kCode},
                                     {"--reason", "reason", kNeeded},
                                     {"--expected-by", "expected_by", kNeeded},
                                     {"--item", "items"},
                                     {"--say", "said_now"}});
}

Result<int> run_trace_interim(Session& session, const Values& values) {
  return act<v1::TraceInterimRequest>(session, values, "interim", {});
}

Result<int> run_trace_answer(Session& session, const Values& values) {
  return act<v1::TraceAnswerRequest>(session, values, "answer", {});
}

Result<int> run_trace_refuse(Session& session, const Values& values) {
  return act<v1::TraceRefuseRequest>(
      session, values, "refuse",
      {{"--ground", "ground", kNeeded, kCode}, {"--reason", "reason", kNeeded}, {"--ref", "ref"}});
}

Result<int> run_trace_clarify(Session& session, const Values& values) {
  return act<v1::TraceClarifyRequest>(session, values, "clarify", {{"--text", "text", kNeeded}});
}

Result<int> run_trace_reply(Session& session, const Values& values) {
  return act<v1::TraceReplyRequest>(session, values, "reply", {{"--text", "text", kNeeded}});
}

Result<int> run_trace_correct(Session& session, const Values& values) {
  return act<v1::TraceCorrectRequest>(session, values, "correct", {});
}

Result<int> run_trace_withdraw(Session& session, const Values& values) {
  FOCAL_ASSIGN(const auto request,
               request_of<v1::TraceWithdrawRequest>(
                   session, values, "withdraw",
                   {{"--reason", "reason", kNeeded, kCode}, {"--text", "text"}}));
  FOCAL_TRY(confirm(session, values,
                    "Withdraw this request? It cannot be taken up again; ask anew instead."));
  return send_act(session, values, "withdraw", request);
}

Result<int> run_trace_close(Session& session, const Values& values) {
  FOCAL_ASSIGN(auto request, request_of<v1::TraceCloseRequest>(session, values, "close",
                                                               {{"--outcome", nullptr, kNeeded},
                                                                {"--next-asked", "next_asked"},
                                                                {"--action", "action"},
                                                                {"--share", "share"}}));
  request.set_outcome(as_code(values.text("--outcome")));
  FOCAL_TRY(confirm(session, values, "Close this case? The other side is told."));
  return send_act(session, values, "close", request);
}

Result<int> run_trace_reopen(Session& session, const Values& values) {
  return act<v1::TraceReopenRequest>(session, values, "reopen", {{"--text", "text", kNeeded}});
}

}  // namespace focal::cli
