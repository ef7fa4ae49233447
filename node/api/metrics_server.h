// The page of metrics on a server of its own: its own socket, or a loopback address on which a
// caller has to know a token. GET /metrics and nothing else; nothing of the API is behind it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "config/telling.h"
#include "crypto/secret.h"
#include "node/api/http.h"

namespace focal::api {

inline constexpr std::size_t kLeastToken = 32;  // characters of the token, without blanks
inline constexpr std::size_t kMostToken = 256;

class MetricsServer {
 public:
  using Page = std::function<Result<std::string>()>;

  // Reads the token and listens. kConfig: the token is too short, too long, or no plain text; else
  // errors of http::Server::start and crypto::read_private_file.
  static Result<std::unique_ptr<MetricsServer>> start(const config::MetricsSettings& settings);
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

  // page is called on threads of the server, one at a time, until close() has returned. Without one
  // callers are told 503.
  void open(Page page);
  void close();

 private:
  explicit MetricsServer(crypto::Secret token) : token_(std::move(token)) {}
  http::Response handle(const http::Request& request);
  bool may_see(const http::Request& request) const;

  crypto::Secret token_;  // empty: who may connect, may see
  std::mutex mutex_;
  Page page_;             // guarded by mutex_
  std::unique_ptr<http::Server> server_;  // last: its threads end first
};

}  // namespace focal::api
