// `focal trace open --csv`: a seizure list, shown first and then sent.
#include "base/csv.h"
#include "node/cli/families.h"
#include "node/cli/import_files.h"
#include "node/cli/import_options.h"
#include "node/cli/import_text.h"
#include "node/cli/new_file.h"
#include "node/cli/patience.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/seizure.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

constexpr char kTarget[] = "/v1/traces/import";

Status check_options(const Values& values) {
  if (values.has("--to"))
    return fail(ErrorCode::kUsage, "--to and --csv exclude each other",
                "a list goes where the marks of its weapons point; --route COUNTRY=PARTY changes "
                "that");
  if (values.has("--yes") && !values.has("--map") && !values.has("--preview"))
    return fail(ErrorCode::kUsage, "--yes needs --map: columns are not guessed without a person",
                "look at the columns with --preview; it prints the --map to give");
  if (values.text("--csv") == "-" && values.text("--from") == "-")
    return fail(ErrorCode::kUsage, "list and request cannot both come from standard input",
                "put one of them into a file");
  return {};
}

Result<v1::TraceImportRequest> request_of(Session& session, const Values& values) {
  v1::TraceImportRequest request;
  FOCAL_TRY(session.read_record(values.text("--from"), *request.mutable_record()));
  const std::string name = values.text("--csv");
  FOCAL_ASSIGN(*request.mutable_csv(), session.read_file(name, csv::Limits{}.bytes));
  if (Status readable = csv::check_text(request.csv()); !readable) {
    Error error = readable.error();
    error.path = name + (error.path.empty() ? "" : ", " + error.path);
    return error;
  }
  for (const std::string& map : values.list("--map")) {
    const bool inline_pairs = map.find('=') != std::string::npos;
    std::string text = map;
    if (!inline_pairs) {
      FOCAL_ASSIGN(text, session.read_file(map));
    }
    FOCAL_TRY(read_map(text, !inline_pairs, request));
  }
  for (const std::string& route : values.list("--route")) FOCAL_TRY(read_route(route, request));
  request.set_accept_valid(values.has("--accept-valid"));
  request.set_keep_repeats(values.has("--keep-duplicates"));
  request.set_ask_again(values.has("--ask-again"));
  request.set_lang(values.text("--lang"));
  return request;
}

Status write_errors(Session& session, const Values& values, const std::string& csv,
                    const v1::TraceImportResponse& shown) {
  if (!values.has("--errors") || shown.problems_size() == 0) return {};
  const std::string name = values.text("--errors");
  FOCAL_TRY(write_new_file(name, errors_csv(csv, shown)));
  session.io().err << "wrote " << clean(name) << ": " << count(shown.bad_rows(), "row", "rows")
                   << " to mend, with what is wrong in the last column\n";
  return {};
}

Status post(Session& session, const v1::TraceImportRequest& request, std::string what,
            v1::TraceImportResponse& answer) {
  const Patience patience(session.io(), std::move(what));
  return session.post(kTarget, request, answer);
}

Error cannot_send(const v1::TraceImportResponse& shown) {
  if (shown.bad_rows() > 0 && shown.sending() > 0)
    return fail(ErrorCode::kInvalid,
                count(shown.bad_rows(), "row is", "rows are") + " wrong; nothing was sent",
                "mend the list (--errors FILE writes those rows), or send the good ones alone with "
                "--accept-valid");
  return fail(ErrorCode::kState, "no weapon of this list can be sent now",
              "each is named above with what to do");
}

}  // namespace

Status check_list_options(const Values& values) {
  if (values.has("--csv")) return {};
  for (const Option& each : import_options())
    if (values.has(each.name))
      return fail(ErrorCode::kUsage, each.name + " goes with --csv",
                  "name the seizure list with --csv FILE, or leave it out");
  return {};
}

Result<int> run_trace_import(Session& session, const Values& values) {
  FOCAL_TRY(check_options(values));
  FOCAL_ASSIGN(auto request, request_of(session, values));
  const bool preview_only = values.has("--preview");
  request.set_mode("PREVIEW");
  v1::TraceImportResponse shown;
  FOCAL_TRY(post(session, request, "checking the list and comparing it with the ledger", shown));
  if (!session.json()) session.print(preview_text(shown, values.text("--csv"), session.look()));
  FOCAL_TRY(write_errors(session, values, request.csv(), shown));
  const std::string map = shown.guessed() ? map_text(shown) : "";
  if (!map.empty() && !session.json())
    session.print("\nthe columns, for a script: --map '" + clean(map) + "'\n");
  if (preview_only) {
    session.show_json();
    return kExitOk;
  }
  if (!shown.can_send()) return cannot_send(shown);
  if (!values.has("--yes")) {
    FOCAL_ASSIGN(const std::string said,
                 session.ask("Send " + amount_text(shown) + "? Type yes: ",
                             "use --yes with --map in a script, or --preview to look only"));
    if (said != "yes") return fail(ErrorCode::kState, "nothing was sent", "type yes to go on");
  }
  request.set_mode("SEND");
  request.set_plan(shown.plan());
  request.clear_columns();
  for (const auto& column : shown.columns()) {
    if (column.field().empty()) continue;
    auto* used = request.add_columns();
    used->set_title(column.title());
    used->set_field(column.field());
  }
  v1::TraceImportResponse sent;
  FOCAL_TRY(post(session, request, "sending " + amount_text(shown), sent));
  if (!session.show_json()) session.print(sent_text(sent, session.look()));
  return kExitOk;
}

}  // namespace focal::cli
