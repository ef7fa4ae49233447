// Acts that wait for a second officer.
#include <google/protobuf/struct.pb.h>

#include "node/cli/families.h"
#include "node/cli/passphrase.h"
#include "node/cli/session.h"
#include "node/cli/trust_text.h"
#include "node/cli/width.h"
#include "proto/release.pb.h"
#include "proto/trust.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using google::protobuf::Value;

constexpr std::size_t kPathWidth = 44;

template <typename Lines>
std::string joined(const Lines& lines, std::string_view between) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : between).append(clean(line));
  return out;
}

std::string reach_text(const v1::ReleaseEntry& entry) {
  std::string out;
  for (int i = 0; i < entry.to_size(); ++i) {
    out.append(out.empty() ? "" : ", ");
    const bool named = i < entry.to_names_size() && !entry.to_names(i).empty();
    if (named)
      out.append(clean(entry.to_names(i))).append(" (").append(clean(entry.to(i))).append(")");
    else
      out.append(clean(entry.to(i)));
  }
  return out;
}

// Every field of the record on a line of its own, by its path.
void add_fields(const std::string& path, const Value& value, std::string& out) {
  if (value.has_struct_value()) {
    for (const auto& [name, inner] : value.struct_value().fields()) {
      std::string at = path;
      at.append(path.empty() ? "" : ".").append(name);
      add_fields(at, inner, out);
    }
    return;
  }
  if (value.has_list_value()) {
    int index = 0;
    for (const Value& inner : value.list_value().values()) {
      std::string at = path;
      at.append("[").append(std::to_string(index++)).append("]");
      add_fields(at, inner, out);
    }
    return;
  }
  std::string text = value.kind_case() == Value::kBoolValue ? (value.bool_value() ? "yes" : "no")
                     : value.kind_case() == Value::kNumberValue
                         ? std::to_string(static_cast<std::int64_t>(value.number_value()))
                         : clean(value.string_value());
  std::string name = clean(path);
  if (name.size() < kPathWidth) name.resize(kPathWidth, ' ');
  out.append("  ").append(name).append("  ").append(text).append("\n");
}

// In the order of their names: the fields of a Struct have no other.
std::string record_text(const google::protobuf::Struct& record) {
  std::map<std::string, std::string> parts;
  for (const auto& [name, value] : record.fields()) add_fields(name, value, parts[name]);
  std::string out;
  for (const auto& [name, text] : parts) out += text;
  return out;
}

std::string entry_text(const v1::ReleaseEntry& entry, const Look& look) {
  return paint(clean(entry.id()), Style::kBold, look) + "  " + clean(entry.act()) + "  " +
         paint(clean(entry.state()), entry.state() == "AWAITING" ? Style::kWarn : Style::kPlain,
               look) +
         "\n" +
         labelled({{"asked by", clean(entry.asked_by())},
                   {"asked", past_time(entry.asked_at(), look)},
                   {"why", "rule " + clean(entry.rule())},
                   {"will reach", reach_text(entry)},
                   {"case", clean(entry.case_number())},
                   {"it", joined(entry.summary(), "; ")},
                   {"waits until", entry.state() == "AWAITING"
                                       ? due_time(entry.expires_at(), look)
                                       : std::string()},
                   {"decided by", clean(entry.decided_by())},
                   {"decided", past_time(entry.decided_at(), look)},
                   {"reason", clean(entry.reason())},
                   {"records", joined(entry.rids(), " ")}},
                  look);
}

std::string show_text(const v1::ReleaseShowResponse& answer, const Look& look) {
  std::string out = entry_text(answer.entry(), look);
  const std::string many = " of " + std::to_string(answer.records_size());
  int number = 0;
  for (const google::protobuf::Struct& record : answer.records()) {
    ++number;
    out.append("\nThe record that will leave");
    if (answer.records_size() > 1) out.append(", ").append(std::to_string(number)).append(many);
    out.append(":\n").append(record_text(record));
  }
  out += "\nWhat exactly is released:\n";
  std::string line;
  for (const char c : answer.statement()) {
    if (c != '\n') {
      line += c;
      continue;
    }
    out.append("  ").append(clean(line)).append("\n");
    line.clear();
  }
  return out;
}

}  // namespace

Result<int> run_release_list(Session& session, const Values& values) {
  for (const std::string_view option : {"--limit", "--before"})
    if (values.has(option) && !values.has("--all"))
      return fail(ErrorCode::kUsage, std::string(option) + " goes with --all",
                  "What waits is always listed whole; for what has ended add --all.");
  std::string target = "/v1/releases";
  add_query(target, "all", values.has("--all") ? "true" : "");
  add_query(target, "limit", values.text("--limit"));
  add_query(target, "before", values.text("--before"));
  v1::ReleaseListResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  Table table({"ID", "STATE", "ACT", "TO", "CASE", "ASKED BY", "WAITS UNTIL", "~WHAT"});
  for (const v1::ReleaseEntry& entry : answer.entries())
    table.add({entry.id(), entry.state(), entry.act(), joined(entry.to(), ","),
               entry.case_number(), clean(entry.asked_by()),
               entry.state() == "AWAITING" ? due_words(entry.expires_at(), look) : std::string(),
               joined(entry.summary(), "; ")});
  const std::string none = values.has("--all") ? "There are none.\n"
                                               : "Nothing waits for a second officer.\n";
  session.print(table.empty() ? none : table.text(look));
  if (answer.more() && answer.entries_size() > 0)
    session.print("Older ones: focal release list --all --before " + answer.entries(0).id() +
                  "\n");
  return kExitOk;
}

Result<int> run_release_show(Session& session, const Values& values) {
  v1::ReleaseShowResponse answer;
  FOCAL_TRY(session.get(target_of({"v1", "releases", values.text("ID")}), answer));
  if (!session.show_json()) session.print(show_text(answer, session.look()));
  return kExitOk;
}

Result<int> run_release_approve(Session& session, const Values& values) {
  const std::string id = values.text("ID");
  v1::ReleaseShowResponse shown;
  FOCAL_TRY(session.get(target_of({"v1", "releases", id}), shown));
  if (!values.has("--yes")) {
    session.io().err << show_text(shown, session.look()) << "\n";
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Release it? Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was released", "type yes to go on");
  }
  v1::ReleaseApproveRequest request;
  request.set_seen(shown.seen());
  FOCAL_ASSIGN(const crypto::Secret passphrase,
               read_passphrase(officer_passphrase(values, false)));
  v1::ReleaseDecisionResponse answer;
  FOCAL_TRY(session.post_secret(target_of({"v1", "releases", id, "approve"}), request, passphrase,
                                answer));
  if (session.show_json()) return kExitOk;
  session.print(entry_text(answer.entry(), session.look()));
  v1::NotesAddResponse notes;  // of a file of notes: what became of each
  *notes.mutable_notes() = answer.notes();
  if (notes.notes_size() > 0) session.print("\n" + notes_text(notes, session.look()));
  return kExitOk;
}

Result<int> run_release_reject(Session& session, const Values& values) {
  v1::ReleaseRejectRequest request;
  request.set_reason(values.text("--reason"));
  v1::ReleaseDecisionResponse answer;
  FOCAL_TRY(session.post(target_of({"v1", "releases", values.text("ID"), "reject"}), request,
                         answer));
  if (!session.show_json()) session.print(entry_text(answer.entry(), session.look()));
  return kExitOk;
}

}  // namespace focal::cli
