#include "node/cli/app.h"

#include <ostream>

#include "base/hint.h"
#include "node/cli/command.h"
#include "node/cli/parse.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

constexpr std::size_t kHintWidth = 92;  // columns, behind the word

std::string environment(const Io& io, const char* name) {
  return io.environment ? io.environment(name) : std::string();
}

// error, where, hint, id: one a line, on standard error.
void print_error(Io& io, const Error& error, const std::string& id, bool color) {
  const Look look{color, 0, 0};
  io.err << paint("error: ", Style::kBad, look) << clean(error.message) << "\n";
  const bool where = !error.path.empty() && error.message.find(error.path) == std::string::npos;
  if (where) io.err << "where: " << clean(error.path) << "\n";
  io.err << "hint:  " << wrap(clean(hint_of(error)), kHintWidth, "       ") << "\n";
  if (!id.empty()) io.err << "id:    " << clean(id) << " (the node's log has the same)\n";
}

// No error: the act is kept, and somebody else goes on with it.
void print_awaiting(Io& io, const Error& error) {
  io.out << clean(error.message) << "\n" << wrap(clean(hint_of(error)), kHintWidth, "") << "\n";
}

// A failure that never reached the node, in the same form as the node's.
std::string problem_text(const Error& error) {
  api::v1::Problem problem;
  problem.set_code(std::string(error_name(error.code)));
  problem.set_type("urn:focal:problem:" + problem.code());
  problem.set_title("focal could not do it.");
  problem.set_detail(error.message);
  problem.set_hint(hint_of(error));
  problem.set_path(error.path);
  return json::write(problem);
}

int exit_code(const Error& error, const Session& session) {
  if (error.code == ErrorCode::kAwaitsRelease) return kExitAwaits;
  if (session.not_running() && error.code == ErrorCode::kUnavailable) return kExitNotRunning;
  if (error.code == ErrorCode::kUsage && session.problem_json().empty()) return kExitUsage;
  return kExitFailed;
}

}  // namespace

int run(const std::vector<std::string>& arguments, Io& io, const Offline& offline) {
  auto parsed = parse(arguments);
  const bool may_color = io.terminal_out && environment(io, "NO_COLOR").empty() &&
                         environment(io, "TERM") != "dumb";
  if (!parsed.has_value()) {
    print_error(io, parsed.error(), {}, may_color);
    return kExitUsage;
  }
  if (parsed->command == nullptr) {
    io.out << parsed->text;
    return kExitOk;
  }
  std::string folder = parsed->folder;
  if (folder.empty()) folder = environment(io, "FOCAL_HOME");
  if (folder.empty()) folder += '.';
  const bool color = may_color && !parsed->no_color;
  Session session(io, offline, folder, parsed->json, color);
  const Result<int> done = parsed->command->run(session, parsed->values);
  io.out.flush();
  if (done.has_value()) return *done;
  if (parsed->json) {
    io.out << (session.problem_json().empty() ? problem_text(done.error()) : session.problem_json())
           << std::endl;
  } else if (done.error().code == ErrorCode::kAwaitsRelease) {
    print_awaiting(io, done.error());
  } else {
    print_error(io, done.error(), session.problem_id(), color);
  }
  return exit_code(done.error(), session);
}

}  // namespace focal::cli
