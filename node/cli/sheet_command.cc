// `focal trace sheet`: the case sheet on the terminal or in a file.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/sheet_text.h"
#include "node/cli/width.h"
#include "proto/sheet.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

// A sheet holds what its label protects: the file is for its owner alone, and a file that is
// there is never overwritten.
Status write_new_file(const std::string& name, std::string_view text) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return errno == EEXIST ? Status(fail(ErrorCode::kExists, "the file is there already",
                                         "give another name, or remove it first", name))
                           : Status(fail(ErrorCode::kIo, "the file cannot be made", {}, name));
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(file) == 0 && text.empty()) return {};
  ::unlink(name.c_str());
  return fail(ErrorCode::kIo, "the file cannot be written", {}, name);
}

}  // namespace

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
