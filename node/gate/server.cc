#include "node/gate/server.h"

#include <sys/resource.h>
#include <zmq.h>

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace focal::gate {
namespace {

constexpr int kHandshakeMs = 5000;  // a caller that is slower than this is dropped
constexpr int kBacklog = 512;
constexpr int kReceiveBudget = 64;  // messages a turn
// Connections that have spoken. The rest is bounded by the handshakes of a key and kMaxSilenceMs.
constexpr std::size_t kMaxLinksPerParty = 8;
constexpr std::size_t kMaxLinks = 4096;  // or half of the descriptors, if these are fewer
constexpr std::uint64_t kRebindDelayMs = 1000;
constexpr std::uint64_t kBindRetryMs = 1000;
constexpr std::uint64_t kRebindRetryMs = 20;    // libzmq frees the port a moment after unbind …
constexpr std::uint64_t kRebindQuietMs = 2000;  // … only after this long is it news
constexpr std::uint64_t kRememberClosedMs = kMinuteMs;

constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";

// All of these are raised by libzmq's threads, none by ours (see Monitor).
constexpr int kWatched = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED |
                         ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

std::size_t max_links() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return kMaxLinks;
  return static_cast<std::size_t>(std::min<rlim_t>(files.rlim_cur / 2, kMaxLinks));
}

// With IPV6 on, an IPv4 address reads "::ffff:10.0.0.1"; people know it without.
std::string readable(std::string text) {
  constexpr std::string_view kMapped = "::ffff:";
  const std::size_t at = text.find(kMapped);
  if (at == std::string::npos || text.find('.') == std::string::npos) return text;
  text.erase(at, kMapped.size());
  std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
  return text;
}

}  // namespace

Status configure_router(Socket& socket, ByteView secret_key, int enforce_option) {
  FOCAL_TRY(set_common_options(socket, secret_key, IoThread::kAccepted));
  FOCAL_TRY(socket.set(ZMQ_CURVE_SERVER, 1));
  FOCAL_TRY(socket.set(ZMQ_ZAP_DOMAIN, as_bytes(kZapDomain)));
  FOCAL_TRY(socket.set(enforce_option, 1));
  FOCAL_TRY(socket.set(ZMQ_HANDSHAKE_IVL, kHandshakeMs));
  FOCAL_TRY(socket.set(ZMQ_ROUTER_MANDATORY, 1));  // else it drops what it cannot deliver
  FOCAL_TRY(socket.set(ZMQ_ROUTER_HANDOVER, 0));   // a claimed routing id takes nothing over
  return socket.set(ZMQ_BACKLOG, kBacklog);
}

Server::Server(Context& context, Gatekeeper& gatekeeper, Common& common)
    : gatekeeper_(gatekeeper),
      common_(common),
      zap_(context, ZMQ_REP),
      router_(context, ZMQ_ROUTER),
      monitor_(context, router_, kWatched) {}

Result<std::unique_ptr<Server>> Server::open(Context& context, ByteView secret_key,
                                             Gatekeeper& gatekeeper, Common& common,
                                             int enforce_option) {
  std::unique_ptr<Server> server(new Server(context, gatekeeper, common));
  FOCAL_TRY(server->zap_.bind(kZapEndpoint));
  FOCAL_TRY(configure_router(server->router_, secret_key, enforce_option));
  return server;
}

void Server::listen(const std::string& endpoint, const Now& now) {
  if (endpoint == asked_) return;
  quiet_until_ms_ = 0;
  if (!bound_.empty()) rebind(now);
  asked_ = wanted_ = endpoint;
  bind_error_.clear();
  bind_at_ms_.reset();
  if (!wanted_.empty()) try_bind(now);
}

// Unbinding ends all accepted connections; binding again follows in work().
void Server::rebind(const Now& now) {
  router_.unbind(bound_);
  due_.set();
  // The port that peers know stays, even if any port was asked for.
  wanted_ = std::exchange(bound_, {});
  for (auto& [id, accepted] : by_id_) {
    shut(accepted, "connections were cut to enforce the list");
    accepted.cut = true;
  }
  silent_.clear();
  common_.stats.rebinds += 1;
  rebind_at_ms_.reset();
  bind_at_ms_ = now.mono_ms;
  quiet_until_ms_ = now.mono_ms + kRebindQuietMs;
}

void Server::try_bind(const Now& now) {
  due_.set();
  if (const Status bound = router_.bind(wanted_); !bound) {
    const bool quiet = now.mono_ms < quiet_until_ms_;
    if (!quiet && bind_error_ != bound.error().message) {
      bind_error_ = bound.error().message;
      common_.report.say(Failed{false, bind_error_});
    }
    bind_at_ms_ = now.mono_ms + (quiet ? kRebindRetryMs : kBindRetryMs);
    return;
  }
  bind_at_ms_.reset();
  bind_error_.clear();
  bound_ = router_.last_endpoint();
  common_.report.say(Listening{readable(bound_)});
}

void Server::allow_list_changed(bool cut_off, const Now& now) {
  for (auto& [id, accepted] : by_id_) {
    if (!gatekeeper_.is_allowed(accepted.party.c_str(), accepted.key_hex.c_str())) {
      shut(accepted, "no longer on the allow-list");
    }
  }
  if (cut_off && !bound_.empty() && !rebind_at_ms_) {
    rebind_at_ms_ = now.mono_ms + kRebindDelayMs;
  }
}

bool Server::send(LinkId link, std::string_view party, Bytes frame) {
  const auto it = by_id_.find(link);
  if (it == by_id_.end()) return true;  // it ended while this was under way
  Accepted& accepted = it->second;
  if (accepted.party != party) return false;
  if (accepted.closed) return true;
  due_.set();
  if (!accepted.queue.push(std::move(frame))) {
    shut(accepted, "more frames than the window allows");
    return true;
  }
  flush(accepted);
  return true;
}

void Server::close(LinkId link) {
  const auto it = by_id_.find(link);
  if (it != by_id_.end()) shut(it->second, "closed");
}

void Server::add_descriptors(std::vector<pollfd>& out) const {
  for (const int fd : {zap_.fd(), router_.fd(), monitor_.fd()}) out.push_back({fd, POLLIN, 0});
}

void Server::work(const Now& now) {
  const std::optional<std::uint64_t> next = next_ms();
  const bool timer = next && now.mono_ms >= *next;
  if (!due_.take() && !timer && !is_blocked()) return;
  answer_zap(now);
  read_monitor(now);
  while (const auto connection = silent_.take_overdue(now)) cut_connection(*connection);
  router_.refresh();
  for (auto it = by_id_.begin(); it != by_id_.end(); ++it) {
    if (!it->second.queue.is_empty()) flush(it->second);
  }
  receive(now);
  if (rebind_at_ms_ && now.mono_ms >= *rebind_at_ms_) rebind(now);
  if (bind_at_ms_ && now.mono_ms >= *bind_at_ms_) try_bind(now);
  if (now.mono_ms >= forget_at_ms_) forget_closed(now);
}

bool Server::is_blocked() const {
  return std::any_of(by_id_.begin(), by_id_.end(),
                     [](const auto& entry) { return !entry.second.queue.is_empty(); });
}

std::optional<std::uint64_t> Server::next_ms() const {
  std::optional<std::uint64_t> next = bind_at_ms_;
  for (const auto& other : {rebind_at_ms_, silent_.next_ms()}) {
    if (other && (!next || *other < *next)) next = other;
  }
  return next;
}

void Server::answer_zap(const Now& now) {
  std::vector<std::string> request;
  while (receive_parts(zap_, kMaxZapFrames, request)) {
    const ZapAnswer answer = gatekeeper_.judge(request, now);
    const std::vector<std::string> frames = answer.frames();
    for (std::size_t i = 0; i < frames.size(); ++i) {
      FOCAL_CHECK(send_part(zap_, as_bytes(frames[i]), i + 1 < frames.size()) ==
                  SendOutcome::kSent);
    }
    const char* reason = "a malformed authentication request";
    switch (answer.verdict) {
      case Verdict::kAdmit: common_.stats.admitted += 1; continue;
      case Verdict::kUnknown:
        common_.stats.refused_unknown += 1;
        reason = "unknown transport key tried to connect";
        break;
      case Verdict::kThrottled:
        common_.stats.refused_throttled += 1;
        reason = "too many connections in a minute";
        break;
      case Verdict::kMalformed: common_.stats.refused_malformed += 1; break;
    }
    if (limiter_.may_report(answer.key, now)) {
      common_.report.say(Refused{answer.party, answer.key, readable(answer.address), reason});
    }
  }
}

void Server::read_monitor(const Now& now) {
  ConnectionEvent event;
  while (monitor_.next(event)) {
    if (event.event == ZMQ_EVENT_ACCEPTED) {
      silent_.accepted(static_cast<int>(event.value), now);
      continue;
    }
    if (event.event != ZMQ_EVENT_DISCONNECTED) {
      common_.stats.handshakes_failed += 1;
      continue;
    }
    common_.stats.disconnects += 1;
    const int connection = static_cast<int>(event.value);
    silent_.forget(connection);
    for (auto& [id, accepted] : by_id_) {
      if (accepted.connection != connection || accepted.cut) continue;
      // What it had sent may still be on its way to us: forget_closed() ends it.
      shut(accepted, "the peer disconnected");
      accepted.cut = true;
      accepted.last_ms = now.mono_ms;
      break;
    }
  }
}

void Server::receive(const Now& now) {
  for (int i = 0; i < kReceiveBudget; ++i) {
    if (common_.report.is_full()) {
      common_.starved = true;
      return;
    }
    Message id;
    if (!id.receive(router_)) return;
    if (!id.has_more()) continue;
    Message body;
    if (!body.receive(router_)) return;
    if (body.has_more()) {
      skip_parts(router_, body);
      common_.stats.dropped_multipart += 1;
      continue;
    }
    receive_one(id, body, now);
  }
  due_.set();
}

// Every message proves its sender anew, by the properties that ZAP gave its
// connection, against the list as it is now.
void Server::receive_one(const Message& id, const Message& body, const Now& now) {
  const char* user = body.property("User-Id");
  const char* key = body.property(kKeyProperty);
  if (user == nullptr || key == nullptr || *user == '\0') {
    common_.stats.dropped_no_user += 1;
    return;
  }
  if (!gatekeeper_.is_allowed(user, key)) {
    common_.stats.dropped_revoked += 1;
    return;
  }
  if (body.body().empty()) {
    common_.stats.dropped_empty += 1;
    return;
  }
  Accepted* accepted = find_or_open(id, body, now);
  accepted->last_ms = now.mono_ms;
  if (accepted->closed) {
    common_.stats.dropped_closed += 1;
    return;
  }
  common_.report.frame(accepted->link, accepted->party, body.body());
}

// A link is (routing id, connection, proven key). A caller may choose its
// routing id, and choose again one that was used before: that is a new link.
Server::Accepted* Server::find_or_open(const Message& id, const Message& body, const Now& now) {
  const std::string routing_id = to_string(id.body());
  const std::string party = body.property("User-Id");
  const std::string key_hex = body.property(kKeyProperty);
  const int connection = body.connection();
  if (const auto known = by_routing_id_.find(routing_id); known != by_routing_id_.end()) {
    const auto it = by_id_.find(known->second);
    if (it->second.connection == connection && it->second.key_hex == key_hex) return &it->second;
    end(it, "replaced by a new connection");
  }
  // Ends of connections that libzmq reported before this message: one of them
  // may have had the same descriptor number.
  read_monitor(now);
  silent_.forget(connection);
  for (auto it = by_id_.begin(); it != by_id_.end(); ++it) {
    if (connection >= 0 && it->second.connection == connection && !it->second.cut) {
      end(it, "replaced by a new connection");
      break;
    }
  }
  make_room_for(party);
  const LinkId link = common_.next_link++;
  Accepted& accepted = by_id_[link];
  accepted.routing_id = routing_id;
  accepted.link = link;
  accepted.party = party;
  accepted.key_hex = key_hex;
  accepted.connection = connection;
  by_routing_id_[routing_id] = link;
  const char* address = body.property("Peer-Address");
  common_.report.say(
      LinkUp{link, party, Direction::kAccepted, readable(address == nullptr ? "" : address)});
  accepted.last_ms = now.mono_ms;
  return &accepted;
}

// One party holds a few connections at a time, and all together no more than there are
// descriptors for: the quietest one of this party, or of the one with the most, ends. Those
// that focald has closed go first.
void Server::make_room_for(std::string_view party) {
  std::map<std::string_view, std::size_t> held;
  std::size_t total = 0;
  for (const auto& [id, accepted] : by_id_) {
    if (accepted.cut) continue;
    ++held[accepted.party];
    ++total;
  }
  const bool too_many = held[party] >= kMaxLinksPerParty;
  if (!too_many && total < max_links()) return;
  const auto most = std::max_element(
      held.begin(), held.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const std::string victim(too_many ? party : most->first);
  Accepted* quietest = nullptr;
  const auto rank = [](const Accepted& a) { return std::pair(!a.closed, a.last_ms); };
  for (auto& [id, accepted] : by_id_) {
    if (accepted.cut || accepted.party != victim) continue;
    if (quietest == nullptr || rank(accepted) < rank(*quietest)) quietest = &accepted;
  }
  if (quietest != nullptr) {
    cut(*quietest, too_many ? "too many links of this party" : "too many links in all");
  }
}

void Server::flush(Accepted& accepted) {
  Sent sent{accepted.link, 0, 0};
  bool gone = false;
  while (!accepted.queue.is_empty()) {
    const SendOutcome outcome = send_part(router_, as_bytes(accepted.routing_id), true);
    gone = outcome == SendOutcome::kGone;
    if (outcome != SendOutcome::kSent) break;
    const Bytes& frame = accepted.queue.front();
    // Room was checked with the first part; this one is taken or the
    // connection has just gone, which the monitor tells.
    (void)send_part(router_, frame, false);
    sent.frames += 1;
    sent.bytes += frame.size();
    accepted.queue.pop();
  }
  if (sent.frames > 0 && !accepted.closed) common_.report.say(sent);
  if (gone) shut(accepted, "the peer disconnected");
}

void Server::shut(Accepted& accepted, const std::string& reason) {
  if (accepted.closed) return;
  accepted.closed = true;
  accepted.queue = SendQueue();
  common_.report.say(LinkDown{accepted.link, accepted.party, reason});
}

void Server::cut(Accepted& accepted, const std::string& reason) {
  shut(accepted, reason);
  if (!accepted.cut) cut_connection(accepted.connection);
  accepted.cut = true;
}

void Server::end(ById::iterator it, const std::string& reason) {
  shut(it->second, reason);
  const auto known = by_routing_id_.find(it->second.routing_id);
  if (known != by_routing_id_.end() && known->second == it->first) by_routing_id_.erase(known);
  by_id_.erase(it);
}

// Closed links whose connection has been quiet for a while lose it. If nothing is heard of
// its end either, they are forgotten; should it speak after all, it is a new link.
void Server::forget_closed(const Now& now) {
  forget_at_ms_ = now.mono_ms + kRememberClosedMs;
  for (auto it = by_id_.begin(); it != by_id_.end();) {
    const auto current = it++;
    Accepted& accepted = current->second;
    if (!accepted.closed || now.mono_ms - accepted.last_ms < kRememberClosedMs) continue;
    if (accepted.cut) {
      end(current, "");
    } else {
      accepted.last_ms = now.mono_ms;
      cut(accepted, "");
    }
  }
}

}  // namespace focal::gate
