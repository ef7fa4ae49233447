// What the caller keeps at the node: drafts and preferences.
#include <google/protobuf/struct.pb.h>

#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/console.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

const Option kDraft{"ID", Kind::kPositional, "", "As `draft list` shows it, e.g. D-7", true};

std::string draft_text(const v1::Draft& draft, const Look& look) {
  return paint(clean(draft.id()), Style::kBold, look) + "\n" +
         labelled({{"kind", draft.kind()},
                   {"case", draft.case_number()},
                   {"title", clean(draft.title())},
                   {"saved", past_time(draft.saved_at(), look)}},
                  look);
}

Result<int> run_draft_list(Session& session, const Values&) {
  v1::DraftListResponse answer;
  FOCAL_TRY(session.get("/v1/drafts", answer));
  if (session.show_json()) return kExitOk;
  if (answer.drafts_size() == 0) {
    session.print("You have no drafts.\n");
    return kExitOk;
  }
  Table table({"ID", "KIND", "CASE", "SAVED", "~TITLE"});
  for (const v1::Draft& draft : answer.drafts())
    table.add({draft.id(), draft.kind().empty() ? Cell("cannot be read", Style::kBad) : draft.kind(),
               draft.case_number().empty() ? "-" : draft.case_number(), short_time(draft.saved_at()),
               draft.title()});
  session.print(table.text(session.look()) + "A draft that is not changed for " +
                std::to_string(answer.kept_days()) + " days is dropped.\n");
  return kExitOk;
}

Result<int> run_draft_show(Session& session, const Values& values) {
  v1::DraftShowResponse answer;
  FOCAL_TRY(session.get(target_of({"v1", "drafts", values.text("ID")}), answer));
  if (session.show_json()) return kExitOk;
  const std::string content = json::write(answer.draft().content(), true);
  if (values.has("--content")) session.print(content);
  else
    session.print(draft_text(answer.draft(), session.look()) + "\n" + clean_lines(content));
  return kExitOk;
}

Result<int> run_draft_save(Session& session, const Values& values) {
  v1::DraftSaveRequest request;
  v1::Draft* draft = request.mutable_draft();
  draft->set_id(values.text("--id"));
  draft->set_kind(values.text("--kind"));
  draft->set_case_number(values.text("--case"));
  draft->set_title(values.text("--title"));
  FOCAL_TRY(session.read_record(values.text("--from"), *draft->mutable_content()));
  v1::DraftSaveResponse answer;
  FOCAL_TRY(session.post("/v1/drafts", request, answer));
  if (!session.show_json()) session.print(draft_text(answer.draft(), session.look()));
  return kExitOk;
}

Result<int> run_draft_drop(Session& session, const Values& values) {
  v1::DraftDropRequest request;
  v1::DraftDropResponse answer;
  const std::string id = values.text("ID");
  if (!values.has("--yes")) {
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Drop " + clean(id) + "? Type yes: ", "use --yes in a script"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was changed", "type yes to go on");
  }
  FOCAL_TRY(session.post(target_of({"v1", "drafts", id, "drop"}), request, answer));
  if (!session.show_json()) session.print(clean(id) + " is gone.\n");
  return kExitOk;
}

Result<int> show_preferences(Session& session, const v1::PreferencesResponse& answer) {
  if (!session.show_json()) session.print(clean_lines(json::write(answer.preferences(), true)));
  return kExitOk;
}

Result<int> run_preferences(Session& session, const Values&) {
  v1::PreferencesResponse answer;
  FOCAL_TRY(session.get("/v1/preferences", answer));
  return show_preferences(session, answer);
}

Result<int> run_preferences_set(Session& session, const Values& values) {
  v1::PreferencesSetRequest request;
  FOCAL_TRY(session.read_record(values.text("--from"), *request.mutable_preferences()));
  v1::PreferencesResponse answer;
  FOCAL_TRY(session.post("/v1/preferences", request, answer));
  return show_preferences(session, answer);
}

}  // namespace

std::vector<Command> draft_table() {
  return {
      {"draft list", "Your own drafts",
       "Lists what you have begun and not sent, here or in the console, the newest first. Nobody else "
       "reads it: it is sealed under a key of yours and stands in no ledger and no backup.",
       "focal draft list", {}, run_draft_list},
      {"draft show", "One draft, with what it holds",
       "Shows a draft. --content prints what it holds and nothing else, as JSON.",
       "focal draft show D-7\nfocal draft show D-7 --content",
       {kDraft, {"--content", Kind::kFlag, "", "Its content alone"}}, run_draft_show},
      {"draft save", "Keep a record that is not finished",
       "Keeps the content of a file as a draft, with --id in the place of the one that was there. No "
       "rule is asked. At most 200 drafts of 1 MiB; one that is not changed for 90 days is dropped.",
       "focal draft save --kind trace.request --title 'Kestrel Gap' --from request.json",
       {{"--kind", Kind::kText, "KIND", "What it is to become, e.g. trace.request", true},
        {"--from", Kind::kText, "FILE", "Its content as JSON; - is standard input", true},
        {"--title", Kind::kText, "TEXT", "At most 200 bytes"},
        {"--case", Kind::kText, "CASE", "Of an answer: our number of the case"},
        {"--id", Kind::kText, "ID", "Replace this one"}},
       run_draft_save},
      {"draft drop", "Throw a draft away",
       "The draft is gone, and its bytes on the disk are overwritten.", "focal draft drop D-7 --yes",
       {kDraft, kYes}, run_draft_drop},
      {"preferences", "Your own settings of the console",
       "Shows what the console keeps for you: language, filters, columns. Nobody else reads it.",
       "focal preferences", {}, run_preferences},
      {"preferences set", "Replace your settings of the console",
       "Replaces all of them with the object in the file, of at most 16 KiB.",
       "focal preferences set --from mine.json",
       {{"--from", Kind::kText, "FILE", "A JSON object; - is standard input", true}},
       run_preferences_set},
  };
}

}  // namespace focal::cli
