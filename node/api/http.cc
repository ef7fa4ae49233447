#include "node/api/http.h"

#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>

#include "base/check.h"
#include "base/log.h"
#include "node/api/connections.h"
#include "node/api/secret_body.h"
#include "node/api/listening_socket.h"

namespace focal::api::http {
namespace {

using Clock = std::chrono::steady_clock;

// A body that is too long is read on (and thrown away) up to this many times the limit, so
// that an honest client gets its 413; then the connection is cut.
constexpr std::size_t kDrainFactor = 2;
constexpr std::size_t kReservedBody = 64u << 10;
constexpr std::size_t kStreamBlock = 4u << 10;
constexpr int kForbidden = 403;

// One request of a connection; made when the request line is there, deleted when it ends.
struct Exchange {
  std::string target;
  Request request;
  bool begun = false;
  bool too_long = false;
  std::size_t received = 0;
  Clock::time_point since{};
};

bool is_json(const char* content_type) {
  if (content_type == nullptr) return false;
  constexpr std::string_view kJson = "application/json";
  std::string_view text(content_type);
  if (text.size() < kJson.size() || ::strncasecmp(content_type, kJson.data(), kJson.size()) != 0)
    return false;
  text.remove_prefix(kJson.size());
  return text.empty() || text.front() == ';' || text.front() == ' ';
}

std::optional<Caller> caller_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (info == nullptr) return std::nullopt;
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 ||
      size != sizeof credentials)
    return std::nullopt;
  return Caller{credentials.uid, credentials.gid, credentials.pid};
}

// The headers that say who asks and from where.
Head head_of(MHD_Connection* connection, const char* method, const std::string& target) {
  struct Reading {
    Head head;
    std::array<std::pair<const char*, std::string*>, 5> wanted;
  } reading{{method, target, {}, {}, {}, {}, {}, false}, {}};
  Head& head = reading.head;
  reading.wanted = {{{"Host", &head.host},
                     {"Origin", &head.origin},
                     {"Sec-Fetch-Site", &head.fetch_site},
                     {"Cookie", &head.cookie},
                     {"X-Focal", &head.mark}}};
  const auto one = [](void* self, MHD_ValueKind, const char* name, const char* value) {
    auto& into = *static_cast<Reading*>(self);
    for (const auto& [wanted, text] : into.wanted) {
      if (name == nullptr || ::strcasecmp(name, wanted) != 0) continue;
      into.head.repeated = into.head.repeated || !text->empty();
      *text = value == nullptr ? "" : value;
    }
    return MHD_YES;
  };
  MHD_get_connection_values(connection, MHD_HEADER_KIND, one, &reading);
  return std::move(head);
}

void wipe_body(void* body) {
  const std::unique_ptr<std::string> sent(static_cast<std::string*>(body));
  wipe_text(*sent);
}

// The library counts a connection until its thread has ended; those that were cut have a moment.
constexpr unsigned kCutAtOnce = 64;

Connections::One* entry_of(MHD_Connection* connection) {
  const MHD_ConnectionInfo* info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == nullptr ? nullptr : static_cast<Connections::One*>(info->socket_context);
}

// What a stream gave and the client has not taken yet.
struct Streaming {
  Stream next;
  std::string piece;
};

ssize_t read_stream(void* self, std::uint64_t, char* to, std::size_t most) {
  auto& streaming = *static_cast<Streaming*>(self);
  while (streaming.piece.empty()) {
    auto piece = streaming.next();
    if (!piece) return MHD_CONTENT_READER_END_OF_STREAM;
    streaming.piece = std::move(*piece);
  }
  const std::size_t taken = std::min(most, streaming.piece.size());
  std::copy_n(streaming.piece.data(), taken, to);
  streaming.piece.erase(0, taken);
  return static_cast<ssize_t>(taken);
}

MHD_Response* stream_response(Stream stream) {
  auto streaming = std::make_unique<Streaming>(Streaming{std::move(stream), {}});
  MHD_Response* out = MHD_create_response_from_callback(
      MHD_SIZE_UNKNOWN, kStreamBlock, &read_stream, streaming.get(),
      [](void* self) { delete static_cast<Streaming*>(self); });
  if (out != nullptr) (void)streaming.release();
  return out;
}

// The library gets the body itself, not a copy: it may hold the code of a meeting.
MHD_Response* body_response(std::string text) {
  auto body = std::make_unique<std::string>(std::move(text));
  MHD_Response* out = MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), &wipe_body, body.get());
  if (out == nullptr)
    wipe_text(*body);
  else
    (void)body.release();  // the callback's from here on
  return out;
}

MHD_Result send(MHD_Connection* connection, Response response) {
  MHD_Response* out = response.stream ? stream_response(std::move(response.stream))
                                      : body_response(std::move(response.body));
  if (out == nullptr) return MHD_NO;
  MHD_add_response_header(out, MHD_HTTP_HEADER_CONTENT_TYPE, response.content_type.c_str());
  if (!response.may_be_kept)
    MHD_add_response_header(out, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  for (const auto& [name, value] : response.headers)
    MHD_add_response_header(out, name.c_str(), value.c_str());
  MHD_add_response_header(out, "X-Content-Type-Options", "nosniff");
  if (response.status == kForbidden)
    MHD_add_response_header(out, MHD_HTTP_HEADER_CONNECTION, "close");
  if (!response.allow.empty())
    MHD_add_response_header(out, MHD_HTTP_HEADER_ALLOW, response.allow.c_str());
  if (!response.authenticate.empty())
    MHD_add_response_header(out, MHD_HTTP_HEADER_WWW_AUTHENTICATE, response.authenticate.c_str());
  const MHD_Result result =
      MHD_queue_response(connection, static_cast<unsigned>(response.status), out);
  MHD_destroy_response(out);
  return result;
}

void* on_target(void*, const char* target, MHD_Connection*) {
  auto* exchange = new Exchange;
  exchange->target = target;
  return exchange;
}

void on_completed(void* self, MHD_Connection* connection, void** context,
                  MHD_RequestTerminationCode) {
  auto* exchange = static_cast<Exchange*>(*context);
  if (auto* entry = entry_of(connection); entry != nullptr && exchange != nullptr)
    static_cast<Connections*>(self)->ends(*entry, Clock::now());
  if (exchange != nullptr) {
    wipe_text(exchange->request.body);  // it may hold a passphrase
    wipe_text(exchange->request.token);
    wipe_text(exchange->request.authorization);
  }
  delete exchange;
  *context = nullptr;
}

void on_log(void*, const char* format, va_list arguments) {
  char text[256];
  std::vsnprintf(text, sizeof text, format, arguments);
  log::debug("api", "http", {{"said", text}});
}

}  // namespace

struct Server::Impl {
  Options options;
  Handler handler;
  ListeningSocket socket;
  const std::uint16_t port;
  Connections connections;
  MHD_Daemon* daemon = nullptr;

  Impl(Options o, Handler h, ListeningSocket s)
      : options(std::move(o)),
        handler(std::move(h)),
        socket(std::move(s)),
        port(options.listen ? socket.port() : 0),
        connections(options.limits) {}

  std::optional<Caller> caller(MHD_Connection* connection) const {
    if (!options.listen) return caller_of(connection);
    Caller nobody;
    nobody.uid = kNobody;
    nobody.gid = static_cast<gid_t>(-1);
    nobody.came = Came::kStranger;
    return nobody;
  }

  // Whose request it is; a refusal if it is nobody's.
  std::optional<Response> identify(MHD_Connection* connection, const char* method,
                                   Exchange& exchange) const {
    if (options.enter) {
      auto entry = options.enter(head_of(connection, method, exchange.target));
      if (auto* refusal = std::get_if<Response>(&entry)) return std::move(*refusal);
      exchange.request.caller = std::get<Entry>(entry).caller;
      exchange.request.token = std::move(std::get<Entry>(entry).token);
      return std::nullopt;
    }
    const auto who = caller(connection);
    if (who && options.admit(*who)) {
      exchange.request.caller = *who;
      const char* authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                                              MHD_HTTP_HEADER_AUTHORIZATION);
      if (authorization != nullptr) exchange.request.authorization = authorization;
      return std::nullopt;
    }
    log::warn("api", "caller refused",
              {{"uid", who ? std::to_string(who->uid) : std::string("unknown")}});
    return plain_problem(kForbidden, "HTTP_FORBIDDEN", "Not allowed.",
                         "This user is no person of this node.",
                         "An administrator names persons with 'focal people add'; until then "
                         "only the owner of the node's folder is one.");
  }

  // Everything that can be refused before the body is read; nullopt = go on.
  std::optional<Response> begin(MHD_Connection* connection, const char* method,
                                Exchange& exchange) const {
    Request& request = exchange.request;
    if (auto refusal = identify(connection, method, exchange)) return refusal;
    if (auto refusal = read_first_line(method, exchange.target, options.limits, request))
      return refusal;
    if (request.method == "GET") return std::nullopt;
    if (!is_json(MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
                                             MHD_HTTP_HEADER_CONTENT_TYPE)))
      return plain_problem(415, "HTTP_MEDIA_TYPE", "Unknown media type.",
                           "The body must be sent as application/json.");
    const char* length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const std::size_t bytes = length == nullptr ? 0 : std::strtoull(length, nullptr, 10);
    if (bytes > options.limits.body_bytes) return too_long();
    // So that a small one is never moved while it grows, and no copy of it stays behind.
    request.body.reserve(std::min(bytes, kReservedBody));
    return std::nullopt;
  }

  Response too_long() const {
    return plain_problem(413, "HTTP_BODY_TOO_LONG", "The request is too long.",
                         "The body is longer than " + std::to_string(options.limits.body_bytes) +
                             " bytes.",
                         "Send less at once: split the file.");
  }

  // A piece of the body. False: the sender goes on for too long, cut the connection.
  bool take(Exchange& exchange, std::string_view piece) const {
    if (Clock::now() - exchange.since > std::chrono::seconds(options.limits.timeout_s))
      return false;
    exchange.received += piece.size();
    const std::size_t limit = options.limits.body_bytes;
    if (exchange.received > limit * kDrainFactor) return false;
    if (exchange.received > limit) {
      exchange.too_long = true;
      wipe_text(exchange.request.body);
    } else {
      exchange.request.body.append(piece);
    }
    return true;
  }

  Response finish(const Exchange& exchange) const {
    if (exchange.too_long) return too_long();
    try {
      return handler(exchange.request);
    } catch (const std::exception& e) {
      log::error("api", "handler failed", {{"error", e.what()}});
    }
    return plain_problem(500, "HTTP_INTERNAL", "The node could not answer.",
                         "An internal error; the node's log has more.");
  }

  MHD_Result answer(MHD_Connection* connection, Response response) const {
    if (options.dress) options.dress(response);
    if (options.answered) options.answered(response.status);
    return send(connection, std::move(response));
  }

  // On the thread that accepts: between one node and the next it waits until it may ask who is a
  // person, and whoever comes meanwhile waits in the system's queue.
  static void on_connection(void* self, MHD_Connection* connection, void** entry,
                            MHD_ConnectionNotificationCode code) {
    auto& impl = *static_cast<Impl*>(self);
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
      impl.connections.forget(static_cast<Connections::One*>(*entry));
      *entry = nullptr;
      return;
    }
    const MHD_ConnectionInfo* info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    FOCAL_CHECK(info != nullptr);
    const auto who = impl.caller(connection);
    const bool known = who && !impl.options.enter && impl.options.admit(*who);
    *entry = impl.connections.add(info->connect_fd, who ? who->uid : 0, known, Clock::now());
  }

  static MHD_Result on_access(void* self, MHD_Connection* connection, const char*,
                              const char* method, const char*, const char* upload,
                              std::size_t* upload_size, void** context) {
    auto& impl = *static_cast<Impl*>(self);
    auto* exchange = static_cast<Exchange*>(*context);
    if (exchange == nullptr) return MHD_NO;
    if (!exchange->begun) {
      exchange->begun = true;
      exchange->since = Clock::now();
      auto* entry = entry_of(connection);
      if (entry == nullptr || !impl.connections.begins(*entry)) return MHD_NO;
      auto refusal = impl.begin(connection, method, *exchange);
      return refusal ? impl.answer(connection, std::move(*refusal)) : MHD_YES;
    }
    if (*upload_size != 0) {
      const bool taken = impl.take(*exchange, {upload, *upload_size});
      // The library's own read buffer, which it does not use again before it is filled anew.
      crypto::wipe({reinterpret_cast<std::uint8_t*>(const_cast<char*>(upload)), *upload_size});
      if (!taken) return MHD_NO;
      *upload_size = 0;
      return MHD_YES;
    }
    return impl.answer(connection, impl.finish(*exchange));
  }

  bool start() {
    const Limits& limits = options.limits;
    daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ERROR_LOG,
        0, nullptr, nullptr, &Impl::on_access, this,
        MHD_OPTION_EXTERNAL_LOGGER, &on_log, nullptr,  // first, so that it hears of the rest
        MHD_OPTION_LISTEN_SOCKET, socket.fd(),
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections + kCutAtOnce,
        MHD_OPTION_NOTIFY_CONNECTION, &Impl::on_connection, this,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.timeout_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.header_bytes,
        MHD_OPTION_URI_LOG_CALLBACK, &on_target, nullptr,
        MHD_OPTION_NOTIFY_COMPLETED, &on_completed, &connections, MHD_OPTION_END);
    if (daemon == nullptr) return false;
    socket.release();  // the daemon closes it
    return true;
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Result<std::unique_ptr<Server>> Server::start(Options options, Handler handler) {
  FOCAL_CHECK(handler != nullptr);
  if (!options.admit) {
    const uid_t owner = ::geteuid();
    options.admit = [owner](const Caller& caller) { return may_call(caller, owner); };
  }
  const int backlog = static_cast<int>(options.limits.connections);
  FOCAL_CHECK(options.listen || !options.enter);
  FOCAL_ASSIGN(ListeningSocket socket,
               options.listen ? ListeningSocket::bind_loopback(*options.listen, backlog)
                              : ListeningSocket::bind(options.socket, backlog, options.group));
  auto impl =
      std::make_unique<Impl>(std::move(options), std::move(handler), std::move(socket));
  if (!impl->start())
    return fail(ErrorCode::kIo, "the local server cannot start", "see the log at level debug",
                impl->options.socket.string());
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::uint16_t Server::port() const { return impl_->port; }

Server::~Server() {
  if (impl_->daemon != nullptr) MHD_stop_daemon(impl_->daemon);
}

}  // namespace focal::api::http
