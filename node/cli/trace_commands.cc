#include "node/cli/case_text.h"
#include "node/cli/families.h"
#include "node/cli/match_text.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

// Targets are shown with what is left only while they run.
std::string target_text(const std::string& at, bool own, const char* act, const v1::TraceCase& c,
                        const Look& look) {
  if (at.empty()) return {};
  const bool runs = at == c.due_at() && c.due_act() == act;
  std::string out = runs ? due_time(at, look) : short_time(at) + " UTC";
  if (own) out += ", our own: the request names none";
  return out;
}

std::string paused_text(const v1::TraceCase& c, const Look& look) {
  if (c.paused_since_at().empty()) return {};
  return "since " + past_time(c.paused_since_at(), look) +
         ", while information is awaited; the target moves on with it";
}

std::string reminder_text(const v1::TraceCase& c) {
  if (c.reminder().empty()) return {};
  std::string out = c.reminder() == "REMINDER"  ? "the first: part of the time is gone"
                    : c.reminder() == "OVERDUE" ? "the time is over"
                                                : "escalate: tell the supervisor";
  if (c.reminders() > 1) out += " (reminder " + std::to_string(c.reminders()) + ")";
  return out;
}

std::string delivery_words(const v1::TimelineEntry& entry) {
  std::string out;
  for (const v1::Delivery& d : entry.delivery()) {
    if (!out.empty()) out += "; ";
    if (entry.delivery_size() > 1) out += d.party() + ": ";
    out += d.text().empty() ? d.state() : d.text();
  }
  return out;
}

Style delivery_style(const v1::TimelineEntry& entry) {
  Style out = Style::kDim;
  for (const v1::Delivery& d : entry.delivery()) {
    if (d.state() == "REJECTED" || d.state() == "EXPIRED" || d.state() == "HELD")
      return Style::kBad;
    if (d.state() == "STORED") out = Style::kGood;
  }
  return out;
}

std::string timeline_text(const v1::TraceShowResponse& answer, const Look& look) {
  Table table({"TIME (UTC)", "FROM", "KIND", "~WHAT", "AT THE OTHER END"});
  for (const v1::TimelineEntry& e : answer.timeline()) {
    std::string what = e.summary().empty() ? e.kind_text() : e.summary();
    const bool idle = !e.effect().empty() && e.effect() != "TAKES_EFFECT";
    if (idle) what += " [" + (e.effect_text().empty() ? e.effect() : e.effect_text()) + "]";
    if (e.newer_fields() > 0)
      what += " [" + count(e.newer_fields(), "field", "fields") + " of a newer version]";
    table.add({short_time(e.at()), e.from(), e.kind(), {what, idle ? Style::kWarn : Style::kPlain},
               {delivery_words(e), delivery_style(e)}});
  }
  return table.text(look, 2);
}

std::string items_text(const v1::TraceShowResponse& answer, const Look& look) {
  Table table({"<NO", "~WEAPON", "SERIAL", "RESULT"});
  for (const v1::TraceItem& i : answer.items()) {
    std::string result = i.result().empty() ? "-" : i.result();
    if (!i.completeness().empty() && i.completeness() != "FULL") result += " " + i.completeness();
    if (!i.result_text().empty()) result += " (" + i.result_text() + ")";
    if (!i.note().empty()) result += "; " + i.note();
    std::string weapon = i.description();
    if (i.version() > 1) weapon += "; described anew, version " + std::to_string(i.version());
    table.add({std::to_string(i.item_no()), weapon, i.serial(), result});
  }
  return table.text(look, 2);
}

std::string place_text(const v1::EvidenceLeaf& leaf) {
  std::string out = "leaf " + std::to_string(leaf.index());
  if (leaf.witnesses_size() == 0) return out.append(", witnessed by nobody");
  for (int i = 0; i < leaf.witnesses_size(); ++i)
    out.append(i == 0 ? ", witnessed by " : ", ")
        .append(leaf.witnesses(i).party())
        .append(" ")
        .append(short_time(leaf.witnesses(i).at()));
  return out;
}

// When it was stored and opened at the other end; of theirs, here.
std::string arrival_text(const v1::TimelineEntry& e) {
  std::string out;
  const auto add = [&out](const std::string& words, const std::string& at) {
    if (!at.empty()) out.append(out.empty() ? "" : "; ").append(words).append(short_time(at));
  };
  add("stored here ", e.received_at());
  add("opened here ", e.opened_at());
  for (const v1::Delivery& d : e.delivery()) {
    add("stored at " + d.party() + " ", d.stored_at());
    add("opened there, told ", d.opened_at());
    if (d.has_leaf())
      out.append(out.empty() ? "" : "; ").append("proved: leaf ").append(std::to_string(d.leaf().index()))
          .append(" at ").append(d.party());
  }
  return out;
}

// What stands in ledgers of each record: who sent it, who has it, who vouches. Wrapped, not cut.
std::string evidence_text(const v1::TraceShowResponse& answer, const Look& look) {
  std::vector<std::pair<std::string, Cell>> out;
  for (const v1::TimelineEntry& e : answer.timeline()) {
    std::string words;
    const auto add = [&words](const std::string& more) {
      if (!more.empty()) words.append(words.empty() ? "" : "; ").append(more);
    };
    if (!e.released_by().empty()) add("released by " + e.released_by());
    if (!e.released_at().empty()) add("sent " + short_time(e.released_at()));
    add(arrival_text(e));
    add(e.has_leaf() ? place_text(e.leaf()) : "in no published checkpoint yet");
    const bool witnessed = e.has_leaf() && e.leaf().witnesses_size() != 0;
    out.emplace_back(clean(short_time(e.at()) + " " + e.kind()),
                     Cell{words, witnessed ? Style::kGood : Style::kPlain});
  }
  return labelled(out, look);
}

// The other threads of the case: who else was asked, or what else was asked of us.
std::string threads_text(const v1::TraceShowResponse& answer, const Look& look) {
  Table table({"CASE", "REQUEST", "REFERENCE", "STATE", "DUE", "<ITEMS"});
  for (const v1::TraceCase& c : answer.threads()) {
    const bool ours = c.role() == "REQUESTER";
    table.add({c.case_number(),
               direction(c),
               ours ? c.our_ref() : c.their_ref(),
               {c.state() + flag_words(c), style_of(c)},
               {due_cell({c.due_act(), c.due_at(), c.paused_since_at(), c.reminder(),
                          c.due_act() == "ACKNOWLEDGE" ? c.ack_own() : c.answer_own()},
                         look),
                style_of(c)},
               std::to_string(c.items_answered()) + "/" + std::to_string(c.items())});
  }
  return table.text(look, 2);
}

std::string show_text(const v1::TraceShowResponse& answer, const Look& look) {
  const v1::TraceCase& c = answer.trace();
  std::string ground = answer.ground();
  if (!answer.ground_text().empty()) ground += " (" + answer.ground_text() + ")";
  std::string out = case_head(c, look);
  out +=
      labelled({{"subject", c.subject()},
                {"priority", c.priority()},
                {"turn", turn_words(c.turn(), c.party())},
                {"our reference", c.our_ref()},
                {"their reference", c.their_ref()},
                {"opened", past_time(c.opened_at(), look)},
                {"acknowledge target",
                 {target_text(c.ack_due_at(), c.ack_own(), "ACKNOWLEDGE", c, look), style_of(c)}},
                {"answer target",
                 {target_text(c.answer_due_at(), c.answer_own(), "ANSWER", c, look), style_of(c)}},
                {"paused", paused_text(c, look)},
                {"reminder", {reminder_text(c), style_of(c)}},
                {"expected by", c.expected_by()},
                {"handling", answer.label()},
                {"ground", ground},
                {"reason", answer.reason()},
                {"erased", {answer.erased(), Style::kWarn}}},
               look);
  if (answer.items_size() > 0)
    out += "\n" + paint("Items", Style::kBold, look) + "\n" + items_text(answer, look);
  if (answer.threads_size() > 0)
    out += "\n" + paint("Threads of " + clean(c.case_base()), Style::kBold, look) + "\n" +
           threads_text(answer, look);
  out += links_text(answer, look);
  if (answer.timeline_size() > 0)
    out += "\n" + paint("Timeline", Style::kBold, look) + "\n" + timeline_text(answer, look) + "\n" +
           paint("Evidence", Style::kBold, look) + "\n" + evidence_text(answer, look);
  for (const v1::TimelineEntry& e : answer.timeline()) {
    if (e.has_record())
      out += "\n" + clean(e.kind() + " of " + short_time(e.at())) + "\n" +
             clean_lines(json::write(e.record(), true));
  }
  if (answer.next_acts_size() > 0) {
    out += "\n" + paint("Next", Style::kBold, look) + "\n";
    std::vector<std::pair<std::string, Cell>> acts;
    for (const v1::NextAct& a : answer.next_acts()) acts.emplace_back(clean(a.command()), a.text());
    out += labelled(acts, look);
  }
  return out;
}

}  // namespace

Result<int> run_trace_list(Session& session, const Values& values) {
  std::string target = "/v1/traces";
  add_query(target, "party", values.text("--party"));
  add_query(target, "state", values.text("--state"));
  add_query(target, "role", as_code(values.text("--role")));
  add_query(target, "open_only", values.has("--open") ? "true" : "");
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "after", values.text("--after"));
  v1::TraceListResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table({"CASE", "REQUEST", "STATE", "DUE", "<ITEMS", "~SUBJECT"});
  std::string base;
  for (const v1::TraceCase& c : answer.traces()) {
    const bool goes_on = !c.case_base().empty() && c.case_base() == base;
    base = c.case_base();
    table.add({(goes_on ? "  " : "") + c.case_number(),
               direction(c),
               {c.state() + flag_words(c), style_of(c)},
               {due_cell({"", c.due_at(), c.paused_since_at(), c.reminder(),
                          c.due_act() == "ACKNOWLEDGE" ? c.ack_own() : c.answer_own()},
                         look),
                style_of(c)},
               std::to_string(c.items_answered()) + "/" + std::to_string(c.items()),
               c.subject()});
  }
  if (table.empty()) session.print("No such cases.\n");
  else session.print(table.text(look));
  session.print(page_words(static_cast<std::uint32_t>(answer.traces_size()), answer.total(),
                           answer.next()));
  return kExitOk;
}

Result<int> run_trace_show(Session& session, const Values& values) {
  std::string target = target_of({"v1", "traces", values.text("CASE")});
  add_query(target, "with_records", values.has("--records") ? "true" : "");
  add_query(target, "all", values.has("--all") ? "true" : "");
  v1::TraceShowResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (!session.show_json()) session.print(show_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_trace_link(Session& session, const Values& values) {
  const bool same = values.has("--same");
  if (same == values.has("--different"))
    return fail(ErrorCode::kUsage, "say either --same or --different",
                "it is a person's decision; 'focal trace show CASE' shows score and reason");
  v1::TraceLinkRequest request;
  request.set_other(values.text("OTHER"));
  request.set_verdict(same ? "SAME" : "DIFFERENT");
  request.set_reason(values.text("--reason"));
  v1::TraceLinkResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "traces", values.text("CASE"), "link"}), request, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  session.print(clean(answer.trace().case_number()) + " and " +
                clean(answer.other().case_number()) +
                (answer.verdict() == "SAME" ? ": the same weapon\n" : ": different weapons\n") +
                labelled({{"decided", answer.decision()}}, look));
  return kExitOk;
}

}  // namespace focal::cli
