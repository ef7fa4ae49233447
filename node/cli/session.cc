#include "node/cli/session.h"

#include <google/protobuf/struct.pb.h>

#include <array>
#include <fstream>
#include <iostream>

#include "base/check.h"
#include "node/api/secret_body.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"
#include "proto/json.h"

namespace focal::cli {
namespace {

constexpr std::string_view kStranger = "HTTP_FORBIDDEN";  // turned away before any route
constexpr std::string_view kPassphrase = "officer_passphrase";
constexpr std::string_view kNewPassphrase = "officer_new_passphrase";
constexpr std::string_view kCode = "code";
constexpr std::string_view kEmptyCode = "\"code\":\"\"";

// The code's name back to the code; what a newer node may say becomes kState.
ErrorCode code_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kAwaitsRelease); ++i) {
    if (error_name(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::kState;
}

Result<std::string> read_stream(std::istream& in, const std::string& name, std::size_t most) {
  std::string out;
  std::array<char, 4096> buffer;
  while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0) {
    out.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (out.size() > most)
      return fail(ErrorCode::kLimit,
                  "the file is longer than " + std::to_string(most >> 20) + " MiB",
                  "Check that it is the right one; a long list goes in parts.", name);
  }
  if (in.bad()) return fail(ErrorCode::kIo, "the file cannot be read", {}, name);
  return out;
}

}  // namespace

Session::Session(Io& io, const Offline& offline, std::string folder, bool json, bool color)
    : io_(io), offline_(offline), client_(std::move(folder)), json_(json), color_(color) {}

Status Session::get(const std::string& target, google::protobuf::Message& answer) {
  return exchange("GET", target, {}, answer);
}

Status Session::post(const std::string& target, const google::protobuf::Message& body,
                     google::protobuf::Message& answer) {
  return exchange("POST", target, json::write(body), answer);
}

Status Session::post_secret(const std::string& target, const google::protobuf::Message& body,
                            const crypto::Secret& passphrase, google::protobuf::Message& answer,
                            const crypto::Secret* fresh) {
  std::string full = api::fill_secret(json::write(body), kPassphrase, passphrase);
  if (fresh != nullptr) {
    std::string both = api::fill_secret(full, kNewPassphrase, *fresh);
    api::wipe_text(full);
    full = std::move(both);
  }
  Status done = exchange("POST", target, full, answer);
  api::wipe_text(full);
  return done;
}

Status Session::post_code(const std::string& target, const google::protobuf::Message& body,
                          const crypto::Secret& code, google::protobuf::Message& answer) {
  std::string full = api::fill_secret(json::write(body), kCode, code);
  Status done = exchange("POST", target, full, answer);
  api::wipe_text(full);
  return done;
}

Status Session::post_password(const std::string& target, const google::protobuf::Message& body,
                              const crypto::Secret& password, google::protobuf::Message& answer) {
  std::string full = api::fill_secret(json::write(body), "password", password);
  Status done = exchange("POST", target, full, answer);
  api::wipe_text(full);
  return done;
}

Status Session::post_for_code(const std::string& target, const google::protobuf::Message& body,
                              google::protobuf::Message& answer, crypto::Secret& code) {
  return exchange("POST", target, json::write(body), answer, &code);
}

Status Session::exchange(std::string_view method, const std::string& target,
                         const std::string& body, google::protobuf::Message& answer,
                         crypto::Secret* code) {
  FOCAL_ASSIGN(Reply reply, client_.request(method, target, body));
  if (reply.status == 200 && code != nullptr) {
    auto split = api::split_secret(reply.body, kCode);
    api::wipe_text(reply.body);
    if (!split || split->secret.empty() || split->rest.find(kEmptyCode) == std::string::npos)
      return fail(ErrorCode::kCorrupt, "the node's answer has no code",
                  "are focal and focald of the same version?");
    *code = std::move(split->secret);
    reply.body = std::move(split->rest);
  }
  if (reply.status == 200) {
    last_json_ = std::move(reply.body);
    const Status read = json::read(last_json_, answer, json::Unknown::kIgnore);
    if (!read.has_value())
      return fail(ErrorCode::kCorrupt, "the node's answer cannot be read: " + read.error().message,
                  "are focal and focald of the same version?", read.error().path);
    return {};
  }
  return problem_of(std::move(reply));
}

Result<std::string> Session::get_text(const std::string& target) {
  FOCAL_ASSIGN(Reply reply, client_.request("GET", target));
  if (reply.status == 200) return std::move(reply.body);
  return problem_of(std::move(reply));
}

Error Session::problem_of(Reply reply) {
  api::v1::Problem problem;
  if (!json::read(reply.body, problem, json::Unknown::kIgnore).has_value() ||
      problem.detail().empty())
    return fail(ErrorCode::kIo, "the node answered with HTTP status " +
                std::to_string(reply.status), "look at its log");
  problem_json_ = std::move(reply.body);
  problem_id_ = problem.id();
  const bool stranger = problem.code() == kStranger;
  return fail(stranger ? ErrorCode::kPermission : code_of(problem.code()), problem.detail(),
              problem.hint(), problem.path());
}

bool Session::show_json() {
  if (json_) io_.out << last_json_ << "\n";
  return json_;
}

bool Session::show_json(const crypto::Secret& code) {
  if (!json_) return false;
  std::string text = api::fill_secret(last_json_, kCode, code);
  io_.out << text << "\n";
  api::wipe_text(text);
  return true;
}

bool Session::show_json(const google::protobuf::Message& answer) {
  if (json_) io_.out << json::write(answer) << "\n";
  return json_;
}

void Session::print(std::string_view text) { io_.out << text; }

Result<std::string> Session::ask(const std::string& question, const std::string& hint) {
  if (!io_.terminal_in)
    return fail(ErrorCode::kUsage, "there is nobody at a terminal to ask", hint);
  io_.err << question << std::flush;
  std::string line;
  if (!std::getline(io_.in, line)) return fail(ErrorCode::kUsage, "nothing was typed", hint);
  return line;
}

Result<std::string> Session::read_file(const std::string& name, std::size_t most) {
  if (name == "-") return read_stream(io_.in, "standard input", most);
  std::error_code error;
  if (!std::filesystem::exists(name, error))
    return fail(ErrorCode::kNotFound, "there is no file " + name, {}, name);
  if (std::filesystem::is_directory(name, error))
    return fail(ErrorCode::kIo, name + " is a folder", {}, name);
  std::ifstream in(name, std::ios::binary);
  if (!in) return fail(ErrorCode::kIo, "the file cannot be opened", {}, name);
  return read_stream(in, name, most);
}

Status Session::read_record(const std::string& name, google::protobuf::Struct& record) {
  FOCAL_ASSIGN(const std::string text, read_file(name));
  Status read = json::read(text, record);
  if (read.has_value()) return {};
  Error error = read.error();
  error.message = name + ": " + error.message;
  return error;
}

Look Session::look() const {
  return Look{color_, io_.terminal_out ? io_.width : 0, io_.clock().wall_ms};
}

}  // namespace focal::cli
