#include "node/cli/families.h"
#include "node/cli/peer_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

std::string queue_words(const v1::QueueCounts& q) {
  std::string out;
  const auto add = [&out](std::uint32_t n, const char* word) {
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + word;
  };
  add(q.ready(), "ready");
  add(q.inflight(), "in flight");
  add(q.wait_schedule(), "waiting for the other side's sealing keys");
  add(q.held(), "held");
  add(q.waiting_in(), "received and waiting here");
  return out.empty() ? "empty" : out;
}

std::string node_text(const v1::StatusResponse& s, const Look& look) {
  std::string gate = s.gate().state();
  if (!s.gate().listen().empty()) gate += " on " + s.gate().listen();
  if (s.gate().restarts() > 0) gate += ", " + count(s.gate().restarts(), "restart", "restarts");
  if (!s.gate().last_error().empty()) gate += "; last error: " + s.gate().last_error();
  std::string ledger = count(s.ledger().size(), "leaf", "leaves");
  ledger += s.ledger().checkpoint_size() == 0
                ? ", no checkpoint yet"
                : ", checkpoint of " + std::to_string(s.ledger().checkpoint_size()) + " at " +
                      past_time(s.ledger().checkpoint_at(), look);
  // One that knows no more than the word says at least that.
  const std::string& witnessed =
      s.ledger().witness_text().empty() ? s.ledger().witness() : s.ledger().witness_text();
  if (!witnessed.empty()) ledger.append(", ").append(witnessed);
  const v1::InboxCounts& i = s.inbox();
  return labelled({{"since", past_time(s.started_at(), look)},
                   {"card", s.card().card_id()},
                   {"card expires", {due_time(s.card().expires_at(), look),
                                     is_past(s.card().expires_at(), look) ? Style::kBad
                                                                          : Style::kPlain}},
                   {"gate", {gate, s.gate().state() == "RUNNING" ? Style::kPlain : Style::kWarn}},
                   {"inbox", {count(i.cases(), "open case", "open cases") + ", " +
                                  std::to_string(i.needs_action()) + " where it is our turn, " +
                                  std::to_string(i.overdue()) + " overdue",
                              i.overdue() > 0 ? Style::kWarn : Style::kPlain}},
                   {"outbox", {queue_words(s.queues()),
                               s.queues().held() > 0 ? Style::kWarn : Style::kPlain}},
                   {"ledger", ledger}},
                  look);
}

}  // namespace

Result<int> run_status(Session& session, const Values&) {
  v1::StatusResponse s;
  FOCAL_TRY(session.get("/v1/status", s));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  std::string out = paint(clean(s.party()), Style::kBold, look) + "  " + clean(s.state()) +
                    "  focald " + clean(s.version()) + "\n" + node_text(s, look);
  if (s.peers_size() > 0) {
    Table table = peer_table_for(look);
    for (const v1::Peer& peer : s.peers()) add_peer_row(table, peer, look);
    out += "\n" + paint("Peers", Style::kBold, look) + "\n" + table.text(look, 2);
  }
  if (s.refused_size() > 0) {
    Table table({"<COUNT", "<STEP", "CODE", "~WHY"});
    for (const v1::RefusalCount& r : s.refused())
      table.add({std::to_string(r.count()), std::to_string(r.step()), r.code(), r.text()});
    out += "\n" + paint("Refused on the way in", Style::kBold, look) + "\n" + table.text(look, 2);
  }
  for (const std::string& warning : s.warnings())
    out += "\n" + paint("warning: ", Style::kWarn, look) + clean(warning);
  if (s.warnings_size() > 0) out += "\n";
  session.print(out);
  return kExitOk;
}

}  // namespace focal::cli
