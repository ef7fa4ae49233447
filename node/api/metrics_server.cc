#include "node/api/metrics_server.h"

#include <algorithm>

#include "crypto/private_file.h"
#include "node/api/routes.h"

namespace focal::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

http::Limits limits() {
  http::Limits out;
  out.body_bytes = 1024;
  out.header_bytes = 8u << 10;
  out.connections = out.of_a_user = out.of_strangers = 8;
  out.timeout_s = 10;
  return out;
}

// The first line of the file, of visible ASCII.
Result<crypto::Secret> read_token(const std::filesystem::path& file) {
  FOCAL_ASSIGN(Bytes bytes, crypto::read_private_file(file, kMostToken + 2));
  const std::size_t size = static_cast<std::size_t>(
      std::find(bytes.begin(), bytes.end(), static_cast<std::uint8_t>('\n')) - bytes.begin());
  const bool is_plain = std::all_of(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size),
                                    [](std::uint8_t c) { return c > 0x20 && c < 0x7f; });
  const bool is_whole = size == bytes.size() || size + 1 == bytes.size();
  const bool is_well = is_plain && is_whole && size >= kLeastToken && size <= kMostToken;
  crypto::Secret out = is_well ? crypto::Secret::copy_of(ByteView(bytes).first(size)) : crypto::Secret();
  crypto::wipe(bytes);
  if (is_well) return out;
  return fail(ErrorCode::kConfig,
              file.string() + " holds no token: one line of " + std::to_string(kLeastToken) + " to " +
                  std::to_string(kMostToken) + " letters, digits or signs",
              "make one: (umask 077; openssl rand -hex 32 > " + file.string() + ")", file.string());
}

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(const config::MetricsSettings& settings) {
  crypto::Secret token;
  http::Options options;
  options.limits = limits();
  options.admit = [](const http::Caller&) { return true; };  // the socket's mode, or the token
  if (settings.listen) {
    FOCAL_ASSIGN(token, read_token(settings.token_file));
    options.listen = settings.listen;
  } else {
    options.socket = settings.socket.value_or(std::filesystem::path());
    options.group = settings.group;
  }
  std::unique_ptr<MetricsServer> out(new MetricsServer(std::move(token)));
  FOCAL_ASSIGN(out->server_,
               http::Server::start(std::move(options), [self = out.get()](const http::Request& request) {
                 return self->handle(request);
               }));
  return out;
}

void MetricsServer::open(Page page) {
  const std::lock_guard lock(mutex_);
  page_ = std::move(page);
}

void MetricsServer::close() { open({}); }

bool MetricsServer::may_see(const http::Request& request) const {
  if (token_.empty()) return true;
  const std::string_view said = request.authorization;
  return said.starts_with(kBearer) && token_.equals(as_bytes(said.substr(kBearer.size())));
}

http::Response MetricsServer::handle(const http::Request& request) {
  if (!may_see(request)) {
    http::Response out = http::plain_problem(401, "HTTP_UNAUTHORIZED", "Not allowed.",
                                             "The token is missing or wrong.");
    out.authenticate = "Bearer";
    return out;
  }
  if (request.segments != std::vector<std::string>{"metrics"})
    return http::plain_problem(404, "HTTP_NO_ROUTE", "There is no such thing.",
                               "Only /metrics is here.");
  if (request.method != "GET") return http::method_refused("GET");
  const std::lock_guard lock(mutex_);
  auto page = page_ ? page_() : Result<std::string>(fail(ErrorCode::kUnavailable,
                                                         "the node does not run at this moment"));
  if (!page) return problem_response(page.error(), new_problem_id());
  return {200, std::move(*page), std::string(kMetricsType)};
}

}  // namespace focal::api
