#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string kinds_of(const v1::OutboxEntry& e) {
  std::string out;
  for (const std::string& kind : e.kinds()) out += (out.empty() ? "" : " ") + kind;
  if (e.items_size() > 1)
    out += " (" + count(static_cast<std::uint64_t>(e.items_size()), "record", "records") + ")";
  return out;
}

Style style_of(const v1::OutboxEntry& e) {
  if (e.state() == "ACCEPTED") return Style::kGood;
  if (e.state() == "HELD" || e.state().starts_with("WAIT_")) return Style::kWarn;
  if (e.state() == "REJECTED" || e.state() == "EXPIRED") return Style::kBad;
  return Style::kPlain;
}

std::string why(const v1::OutboxEntry& e) {
  if (e.code().empty()) return e.reason();
  return e.code() + (e.reason().empty() ? "" : ": " + e.reason());
}

std::string next_of(const v1::OutboxEntry& e, const Look& look) {
  if (e.next_attempt_at().empty()) return {};
  return is_past(e.next_attempt_at(), look) ? "now" : due_words(e.next_attempt_at(), look);
}

std::string state_with_flags(const v1::InboxEntry& e) {
  std::string out = e.state();
  for (const std::string& flag : e.flags()) out += " " + flag;
  return out;
}

std::string entry_text(const v1::OutboxEntry& e, const Look& look) {
  return labelled({{"sending", e.id()},
                   {"to", e.to()},
                   {"kind", kinds_of(e)},
                   {"state", {e.state(), style_of(e)}},
                   {"reason", why(e)},
                   {"next attempt", next_of(e, look)},
                   {"case", e.case_number()}}, look);
}

}  // namespace

Result<int> run_inbox(Session& session, const Values& values) {
  std::string target = "/v1/inbox";
  add_query(target, "needs_action", values.has("--needs-action") ? "true" : "");
  add_query(target, "waiting", values.has("--waiting") ? "true" : "");
  add_query(target, "overdue", values.has("--overdue") ? "true" : "");
  add_query(target, "party", values.text("--party"));
  add_query(target, "state", values.text("--state"));
  add_query(target, "role", as_code(values.text("--role")));
  add_query(target, "priority", as_code(values.text("--priority")));
  add_query(target, "text", values.text("--text"));
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "after", values.text("--after"));
  v1::InboxResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table({"", "DUE", "CASE", "PARTY", "STATE", "TURN", "LAST", "~SUBJECT"});
  for (const v1::InboxEntry& e : answer.entries()) {
    const Style style = e.overdue() ? Style::kBad : e.needs_action() ? Style::kWarn : Style::kPlain;
    const std::string due = due_cell(
        {e.due_act(), e.due_at(), e.paused_since_at(), e.reminder(), e.own_target()}, look);
    table.add({{e.needs_action() ? "!" : "", style}, {due, style}, e.case_number(), e.party(),
               state_with_flags(e), turn_words(e.turn(), e.party()), e.last_kind(), e.subject()});
  }
  if (table.empty()) session.print("Nothing here.\n");
  else session.print(table.text(look));
  const v1::InboxCounts& counts = answer.counts();
  session.print(count(counts.cases(), "open case", "open cases") + ", " +
                std::to_string(counts.needs_action()) + " where it is our turn, " +
                std::to_string(counts.overdue()) + " overdue\n");
  if (answer.behind() != 0)
    session.print(count(answer.behind(), "case is", "cases are") +
                  " still being read: text and priority do not find them yet\n");
  session.print(page_words(static_cast<std::uint32_t>(answer.entries_size()), answer.total(),
                           answer.next()));
  return kExitOk;
}

Result<int> run_outbox(Session& session, const Values& values) {
  std::string target = "/v1/outbox";
  add_query(target, "all", values.has("--all") ? "true" : "");
  add_query(target, "party", values.text("--party"));
  add_query(target, "state", values.text("--state"));
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "after", values.text("--after"));
  v1::OutboxListResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table({"<ID", "TO", "KIND", "CREATED (UTC)", "STATE", "<TRIES", "NEXT", "~WHY"});
  for (const v1::OutboxEntry& e : answer.entries()) {
    table.add({e.id(), e.to(), kinds_of(e), short_time(e.created_at()), {e.state(), style_of(e)},
               std::to_string(e.tries()), next_of(e, look), why(e)});
  }
  if (table.empty())
    session.print(values.has("--all") || values.has("--state") ? "No such sendings.\n"
                                                              : "Nothing is on its way.\n");
  else session.print(table.text(look));
  session.print(page_words(static_cast<std::uint32_t>(answer.entries_size()), answer.total(),
                           answer.next()));
  return kExitOk;
}

Result<int> run_outbox_retry(Session& session, const Values& values) {
  v1::OutboxRetryRequest request;
  request.set_id(values.text("ID"));
  v1::OutboxRetryResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "outbox", request.id(), "retry"}), request, answer));
  if (!session.show_json()) session.print(entry_text(answer.entry(), session.look()));
  return kExitOk;
}

Result<int> run_outbox_cancel(Session& session, const Values& values) {
  v1::OutboxCancelRequest request;
  request.set_id(values.text("ID"));
  request.set_reason(values.text("--reason"));
  if (!values.has("--yes")) {
    v1::OutboxShowResponse shown;
    FOCAL_TRY(session.get(target_of({"v1", "outbox", request.id()}), shown));
    session.io().err << entry_text(shown.entry(), session.look());
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Cancel this sending? Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was cancelled");
  }
  v1::OutboxCancelResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "outbox", request.id(), "cancel"}), request, answer));
  if (!session.show_json()) session.print(entry_text(answer.entry(), session.look()));
  return kExitOk;
}

}  // namespace focal::cli
