// HTTP/1.1 on a unix socket or a loopback address: the only room that knows libmicrohttpd. It
// accepts, bounds, decodes and hands over whole requests; it knows no route and no message.
// Handlers run on one thread per connection (they may block until the node has
// answered) and must be safe to call from several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/caller.h"
#include "base/result.h"
#include "config/telling.h"

namespace focal::api::http {

inline constexpr std::string_view kSocketName = "api.sock";  // in the node's folder

using focal::Caller;  // who connected

// What a client says before its body, as it says it. Empty: the header is absent.
struct Head {
  std::string method;
  std::string target;
  std::string host, origin, fetch_site, cookie, mark;  // mark: X-Focal
  bool repeated = false;  // one of these headers came twice
};

struct Request {
  std::string method;                 // GET or POST; nothing else reaches a handler
  std::vector<std::string> segments;  // of the path, percent-decoded: /v1/peers -> {v1, peers}
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order
  std::string body;                   // at most Limits::body_bytes; only with POST; wiped afterwards
  Caller caller;                      // on a loopback address as `enter` says, else kNobody
  std::string token{};                // of a session (Entry); wiped afterwards
  std::string authorization{};        // header of that name; empty: there is none; wiped afterwards
};

// A further piece of an answer that has no end of its own, called on the connection's thread. It
// may wait, but no longer than the server may take to stop. Nothing: that was all.
using Stream = std::function<std::optional<std::string>()>;

struct Response {
  int status = 200;
  std::string body;                   // wiped when it was sent
  std::string content_type = "application/json";
  std::string allow{};                // Allow header of a 405
  std::string authenticate{};         // WWW-Authenticate header of a 401
  std::vector<std::pair<std::string, std::string>> headers{};  // further ones
  bool may_be_kept = false;           // by the client; else no-store
  Stream stream{};                    // instead of the body
};

// Whom the head of a request belongs to.
struct Entry {
  Caller caller;
  std::string token;                  // of a session; may be empty
};

using Handler = std::function<Response(const Request&)>;

struct Limits {
  std::size_t body_bytes = 4u << 20;      // a seizure list is 2 MiB at most; more: 413; a sender that goes on is cut off
  std::size_t header_bytes = 32u << 10;   // memory of a connection: request line and headers
  unsigned connections = 64;              // of all together
  unsigned of_a_user = 32;                // of one person: he alone does not keep the others out
  unsigned of_strangers = 8;              // of all who are no persons, together
  unsigned timeout_s = 30;                // without a byte; also the longest time a body may take,
                                          // and a head, when somebody else wants to connect
  std::size_t target_bytes = 4096;        // request target
  std::size_t segments = 8;
  std::size_t query_pairs = 16;
};

inline constexpr uid_t kNobody = static_cast<uid_t>(-1);  // the kernel does not say who calls by TCP

struct Options {
  std::filesystem::path socket;
  // Instead of a socket; port 0 takes a free one. Nobody is known there by its connection: `enter`
  // says for each request whose it is, or refuses it before its body is read. Without it `admit` is
  // asked about kNobody.
  std::optional<config::LoopbackAddress> listen{};
  std::function<std::variant<Entry, Response>(const Head&)> enter{};
  std::function<void(Response&)> dress{};  // every answer, also the server's own; may be empty
  Limits limits{};
  // Who may call; others get 403 before anything of theirs is read. Asked when somebody connects
  // and for each request. Empty = may_call(caller, geteuid()).
  std::function<bool(const Caller&)> admit{};
  std::optional<gid_t> group{};       // whose members may connect too: mode 0660
  std::function<void(int status)> answered{};  // told of every response; any thread
};

// The default: the user the node runs as, and root.
bool may_call(const Caller& caller, uid_t owner);

class Server {
 public:
  // Binds the socket with mode 0600, or 0660 for a group, and starts to answer. kPermission: it
  // cannot be given to that group.
  // kBusy: another process answers on it. kExists: something that is no socket, or not ours,
  // stands there (nothing is removed). kLimit: the path is longer than a socket address takes.
  // kIo: the operating system refused, a port that is taken included. A socket nobody answers on is removed.
  static Result<std::unique_ptr<Server>> start(Options options, Handler handler);

  std::uint16_t port() const;  // 0: it has a socket

  // Waits for handlers that are running: let whatever they wait for end first.
  // Removes the socket if it is still the one that start() made.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A failure before any route is known, as Problem JSON (api.proto). Code "HTTP_" + word.
Response plain_problem(int status, std::string_view code, std::string_view title,
                       std::string_view detail, std::string_view hint = {});
// 405, with what this path understands ("GET, POST") as its header field Allow (RFC 9110, 15.5.6).
Response method_refused(std::string methods);

// Splits a raw request target ("/v1/peers/XB?x=1") into segments and query. Refused (nullopt):
// no leading slash, empty, "." and ".." segments (also when encoded), bad percent-encoding, NUL
// or control characters, invalid UTF-8, more than the limits. A slash may be encoded inside a
// segment. Pure.
struct Target {
  std::vector<std::string> segments;
  std::vector<std::pair<std::string, std::string>> query;
};
std::optional<Target> parse_target(std::string_view raw, const Limits& limits);

// The first line of a request: fills method, segments and query, or refuses what no handler may see.
// Pure.
std::optional<Response> read_first_line(std::string_view method, std::string_view target,
                                        const Limits& limits, Request& into);

}  // namespace focal::api::http
