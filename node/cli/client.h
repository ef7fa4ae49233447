// HTTP to the node over its unix socket: the only room that knows libcurl.
// One request at a time; no redirects, no proxy, bounded time and size.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace focal::cli {

inline constexpr std::size_t kMaxAnswerBytes = 64u << 20;
inline constexpr long kConnectTimeoutMs = 5'000;
inline constexpr long kAnswerTimeoutMs = 600'000;  // a large ledger takes minutes to verify

struct Reply {
  int status = 0;
  std::string body;
};

class Client {
 public:
  // The node's folder, with api.sock inside; or the socket itself, where the configuration
  // (api_socket) has put it elsewhere.
  explicit Client(std::filesystem::path folder);

  // body: JSON of a POST; ignored with GET.
  // kUnavailable: no node runs in the folder (not_running() is true then), or it did not answer
  // in time. kPermission: the socket is another user's. kLimit: answer or path too long. kIo.
  Result<Reply> request(std::string_view method, const std::string& target,
                        const std::string& body = {});

  bool not_running() const { return not_running_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  Status reach(const std::filesystem::path& socket);
  Error stopped();
  std::filesystem::path folder_;
  bool not_running_ = false;
};

// "/v1/traces/XA%2F1": segments percent-encoded.
std::string target_of(const std::vector<std::string>& segments);
// Adds "?name=value" or "&name=value", both encoded; nothing if the value is empty.
void add_query(std::string& target, std::string_view name, std::string_view value);

}  // namespace focal::cli
