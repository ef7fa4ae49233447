// `focal trace sheet`: the case sheet on the terminal or in a file.
#include "node/cli/families.h"
#include "node/cli/new_file.h"
#include "node/cli/session.h"
#include "node/cli/sheet_text.h"
#include "node/cli/width.h"
#include "proto/sheet.pb.h"

namespace focal::cli {

namespace v1 = api::v1;

Result<int> run_trace_sheet(Session& session, const Values& values) {
  const bool html = values.has("--html");
  std::string target = target_of({"v1", "traces", values.text("CASE"), "sheet"});
  add_query(target, "lang", values.text("--lang"));
  add_query(target, "format", html ? "html" : "");
  add_query(target, "with_personal_data", values.has("--with-personal-data") ? "true" : "");
  v1::TraceSheetResponse answer;
  FOCAL_TRY(session.get(target, answer));
  if (session.show_json()) return kExitOk;
  const std::string file = values.text("--out");
  const std::size_t columns =
      file.empty() && session.look().width != 0 ? session.look().width : kSheetColumns;
  const std::string sheet = html ? answer.page() : sheet_text(answer, columns);
  if (file.empty()) {
    session.print(sheet);
    return kExitOk;
  }
  FOCAL_TRY(write_new_file(file, sheet));
  session.print("wrote " + clean(file) + "\n");
  return kExitOk;
}

}  // namespace focal::cli
