#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/clock.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string clock_text(const v1::ClockShowResponse& clock, const Look& look) {
  const bool fine = clock.state() == "AGREED" || clock.state() == "ALONE";
  return labelled({{"clock", {clock.state(), fine ? Style::kGood : Style::kWarn}},
                   {"this machine", short_time(clock.wall_at())},
                   {"safe time", short_time(clock.safe_at())},
                   {"peers heard", std::to_string(clock.peers_heard())},
                   {"their time", short_time(clock.peers_at())}},
                  look) +
         clean(clock.text()) + "\n";
}

Status ask_yes(Session& session, const Values& values, const std::string& question) {
  if (values.has("--yes")) return {};
  FOCAL_ASSIGN(const std::string said, session.ask(question + " Type yes: ", "use --yes in a script"));
  if (said != "yes") return fail(ErrorCode::kState, "nothing was changed");
  return {};
}

const Option kReason{"--reason", Option::Kind::kText, "TEXT", "Why; kept in the ledger", true};

}  // namespace

Result<int> run_clock(Session& session, const Values&) {
  v1::ClockShowResponse answer;
  FOCAL_TRY(session.get("/v1/clock", answer));
  if (!session.show_json()) session.print(clock_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_clock_confirm(Session& session, const Values& values) {
  v1::ClockConfirmRequest request;
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    v1::ClockShowResponse shown;
    FOCAL_TRY(session.get("/v1/clock", shown));
    session.io().err << clock_text(shown, session.look());
    FOCAL_TRY(ask_yes(session, values, "Is it " + short_time(shown.wall_at()) +
                                           " UTC now, by another clock than this machine's?"));
  }
  v1::ClockConfirmResponse answer;
  FOCAL_TRY(session.post("/v1/clock/confirm", request, answer));
  if (!session.show_json()) session.print(clock_text(answer.clock(), session.look()));
  return kExitOk;
}

Result<int> run_keys(Session& session, const Values&) {
  v1::KeysShowResponse answer;
  FOCAL_TRY(session.get("/v1/keys", answer));
  if (session.show_json()) return kExitOk;
  Table table({"WEEK FROM", "TO", "PUBLISHED", "DESTROYED (UTC)", "KEY"});
  for (const v1::SealKey& key : answer.keys())
    table.add({key.from_on(), key.until_on(), key.published() ? "yes" : "no",
               short_time(key.destroyed_at()), key.kid()});
  session.print(table.text(session.look()));
  return kExitOk;
}

Result<int> run_keys_replace(Session& session, const Values& values) {
  v1::KeysReplaceRequest request;
  request.set_reason(values.text("--reason"));
  FOCAL_TRY(ask_yes(session, values,
                    "Every sealing key is replaced, and the private keys until now are destroyed. "
                    "What others have sealed to them and not delivered yet, they have to send "
                    "again; their nodes do that by themselves when they are reached."));
  v1::KeysReplaceResponse answer;
  FOCAL_TRY(session.post("/v1/keys/replace", request, answer));
  if (session.show_json()) return kExitOk;
  session.print("New schedule " + std::to_string(answer.seal_serial()) + " is published; " +
                count(answer.destroyed(), "private key is", "private keys are") + " destroyed.\n");
  return kExitOk;
}

std::vector<Command> clock_table() {
  return {
      {"clock", "Which time the node goes by",
       "Shows this machine's clock, what verified peers say, and the safe time that goes with "
       "everything that cannot be taken back: deadlines, waiting periods, the end of keys.",
       "focal clock", {}, run_clock},
      {"clock confirm", "Say that this machine's clock is right",
       "After a jump of the clock, or after weeks without running, the node does not believe the "
       "clock until two verified peers were heard. Where that cannot be, a person compares it with "
       "another clock and says so. Who and why is kept in the ledger. A clock that peers "
       "contradict cannot be confirmed.",
       "focal clock confirm --reason 'compared with the radio clock of the duty room'",
       {kReason, kYes}, run_clock_confirm},
      {"keys", "Our sealing keys, week by week",
       "Lists the private keys that this node holds for opening what others send: the week each "
       "is for, and when it will be destroyed.",
       "focal keys", {}, run_keys},
      {"keys replace", "New sealing keys at once",
       "For when the node's keystore may be known to others: makes nine new weekly keys, publishes "
       "them, and destroys all private sealing keys until now. Records that are on their way to "
       "the old keys are sent again by their senders' nodes.",
       "focal keys replace --reason 'backup of the keystore was lost'", {kReason, kYes},
       run_keys_replace},
  };
}

}  // namespace focal::cli
