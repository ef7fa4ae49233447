// Failures as Problem JSON (RFC 9457).
#include <sys/random.h>

#include <array>

#include "base/check.h"
#include "base/error_id.h"
#include "base/hint.h"
#include "node/api/routes.h"
#include "proto/api.pb.h"

namespace focal::api {
namespace {

constexpr char kProblemType[] = "application/problem+json";

http::Response to_response(v1::Problem problem) {
  problem.set_type("urn:focal:problem:" + problem.code());
  http::Response out;
  out.status = static_cast<int>(problem.status());
  out.body = json::write(problem);
  out.content_type = kProblemType;
  return out;
}

}  // namespace

int http_status(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
    case ErrorCode::kInvalid: return 400;
    case ErrorCode::kSession: return 401;
    case ErrorCode::kConfirm:
    case ErrorCode::kPermission:
    case ErrorCode::kPassphrase:
    case ErrorCode::kTrust: return 403;
    case ErrorCode::kNotFound: return 404;
    case ErrorCode::kExists:
    case ErrorCode::kState:
    case ErrorCode::kRolledBack:
    case ErrorCode::kCase: return 409;
    case ErrorCode::kErased: return 410;
    case ErrorCode::kLimit: return 413;
    case ErrorCode::kNote:
    case ErrorCode::kSignature:
    case ErrorCode::kCard:
    case ErrorCode::kCardKey:
    case ErrorCode::kCardChain:
    case ErrorCode::kLint:
    case ErrorCode::kEnvelope:
    case ErrorCode::kDecrypt:
    case ErrorCode::kBatch:
    case ErrorCode::kRecord:
    case ErrorCode::kBundle:
    case ErrorCode::kWitness:
    case ErrorCode::kFrame: return 422;
    case ErrorCode::kIo:
    case ErrorCode::kCorrupt:
    case ErrorCode::kConfig:
    case ErrorCode::kKeystore: return 500;
    case ErrorCode::kAwaitsRelease: return 202;
    case ErrorCode::kStarting:
    case ErrorCode::kBusy:
    case ErrorCode::kUnavailable: return 503;
    case ErrorCode::kNoSpace: return 507;
  }
  return 500;
}

std::string_view error_title(ErrorCode code) {
  switch (http_status(code)) {
    case 202: return "Stored; a second officer has to release it.";
    case 400: return "The request is not right.";
    case 401: return "Nobody is in.";
    case 403: return "Not allowed.";
    case 404: return "There is no such thing.";
    case 409: return "Not possible now.";
    case 413: return "Too large.";
    case 422: return "The content breaks a rule.";
    case 503: return "Not available now.";
    case 507: return "The disk is full.";
    default: return "The node could not do it.";
  }
}

http::Response problem_response(const Error& error, std::string_view id) {
  v1::Problem problem;
  problem.set_code(std::string(error_name(error.code)));
  problem.set_title(std::string(error_title(error.code)));
  problem.set_status(static_cast<std::uint32_t>(http_status(error.code)));
  problem.set_detail(error.message);
  problem.set_hint(hint_of(error));
  problem.set_path(error.path);
  problem.set_id(std::string(id));
  return to_response(std::move(problem));
}

std::string new_problem_id() {
  std::array<std::uint8_t, kErrorIdSize> bytes{};
  FOCAL_CHECK(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  return error_id(bytes);
}

namespace http {

Response plain_problem(int status, std::string_view code, std::string_view title,
                       std::string_view detail, std::string_view hint) {
  v1::Problem problem;
  problem.set_code(std::string(code));
  problem.set_title(std::string(title));
  problem.set_status(static_cast<std::uint32_t>(status));
  problem.set_detail(std::string(detail));
  problem.set_hint(std::string(hint));
  problem.set_id(new_problem_id());
  return to_response(std::move(problem));
}

Response method_refused(std::string methods) {
  Response out = plain_problem(405, "HTTP_METHOD", "Method not allowed.",
                               "This path understands " + methods + " only.");
  out.allow = std::move(methods);
  return out;
}

}  // namespace http
}  // namespace focal::api
