#include "node/gate/gate_client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <type_traits>
#include <utility>

#include "base/check.h"
#include "node/gate/process.h"

namespace focal::gate {
namespace {

constexpr std::size_t kReadChunk = 256u << 10;
constexpr std::size_t kMaxReadPerTurn = 4u << 20;
constexpr std::uint64_t kSettledMs = kMinuteMs;  // a gate that lived this long was healthy
constexpr unsigned kGenerationShift = 32;        // link ids: generation || number

// An endpoint that leaves the port to the system.
bool is_any_port(std::string_view endpoint) {
  return endpoint.ends_with(":0") || endpoint.ends_with(":*");
}

Status check_count(std::size_t count) {
  if (count > kMaxPeers) return fail(ErrorCode::kLimit, "more than 1024 peers");
  return {};
}

template <typename Container>
auto find_party(Container& peers, std::string_view party) {
  return std::find_if(peers.begin(), peers.end(),
                      [party](const auto& peer) { return peer.party == party; });
}

}  // namespace

GateClient::GateClient(GateOptions options, crypto::Secret transport_key, crypto::Secret other_key)
    : options_(std::move(options)),
      key_(std::move(transport_key)),
      other_key_(std::move(other_key)),
      restart_wait_ms_(options_.restart_base_ms) {
  FOCAL_CHECK(key_.size() == 32);
}

GateClient::~GateClient() {
  if (fd_ >= 0) close(fd_);
  if (pid_ > 0) reap(pid_);
}

Status GateClient::set_allow_list(std::vector<Allowed> peers) {
  FOCAL_TRY(check_count(peers.size()));
  std::set<std::string_view> parties;
  std::set<Hash32> keys;
  for (const Allowed& peer : peers) {
    if (!is_party(peer.party)) return fail(ErrorCode::kInvalid, "not a party: " + peer.party);
    if (!parties.insert(peer.party).second || !keys.insert(peer.key).second) {
      return fail(ErrorCode::kInvalid, "party or transport key twice: " + peer.party);
    }
  }
  const std::vector<Allowed> before = std::exchange(allowed_, std::move(peers));
  post(AllowList{allowed_});
  // The gate does the same; this end does not wait for it.
  for (auto it = links_.begin(); it != links_.end();) {
    const auto was = find_party(before, it->second.party);
    const auto is = find_party(allowed_, it->second.party);
    if (is != allowed_.end() && was != before.end() && is->key == was->key) {
      ++it;
      continue;
    }
    post(CloseLink{it->first});
    events_.push_back(LinkDown{it->first, it->second.party, "no longer on the allow-list"});
    it = links_.erase(it);
  }
  return {};
}

Status GateClient::set_listen(std::string endpoint) {
  if (!endpoint.empty() && !is_endpoint(endpoint)) {
    return fail(ErrorCode::kInvalid, "not an endpoint: " + endpoint, "write tcp://address:port");
  }
  listen_ = std::move(endpoint);
  actual_listen_.clear();
  post(Listen{listen_});
  return {};
}

Status GateClient::set_dial_plan(std::vector<DialTarget> peers) {
  FOCAL_TRY(check_count(peers.size()));
  std::set<std::string_view> parties;
  for (const DialTarget& peer : peers) {
    if (!is_party(peer.party) || !parties.insert(peer.party).second) {
      return fail(ErrorCode::kInvalid, "not a party, or twice: " + peer.party);
    }
    if (peer.endpoints.empty() || peer.endpoints.size() > kMaxEndpoints) {
      return fail(ErrorCode::kInvalid, "one to four endpoints a peer: " + peer.party);
    }
    for (const std::string& endpoint : peer.endpoints) {
      if (is_endpoint(endpoint)) continue;
      return fail(ErrorCode::kInvalid, "not an endpoint: " + endpoint, "write tcp://host:port");
    }
  }
  plan_ = std::move(peers);
  post(DialPlan{plan_});
  return {};
}

Status GateClient::start(const Now& now) {
  if (is_running()) return fail(ErrorCode::kState, "the network process already runs");
  restart_at_ms_.reset();
  return spawn(now);
}

void GateClient::restart(const Now& now) {
  if (is_running()) gate_ended(now, "restarted on demand");
  restart_wait_ms_ = options_.restart_base_ms;
  restart_at_ms_ = now.mono_ms;
}

Status GateClient::spawn(const Now& now) {
  FOCAL_ASSIGN(const Child child, spawn_gate(options_.program));
  fd_ = child.fd;
  pid_ = child.pid;
  parser_ = MessageParser();
  out_.clear();
  out_begin_ = 0;
  started_ms_ = now.mono_ms;
  heard_ms_ = now.mono_ms;
  blocked_since_ms_ = 0;
  ++generation_;
  // 74 bytes into an empty socket are taken whole; if not, the gate has
  // already ended and the next read says so.
  const crypto::Secret key = encode_transport_key(key_);
  (void)::send(fd_, key.view().data(), key.size(), MSG_NOSIGNAL);
  if (other_key_.size() != 0) {
    const crypto::Secret other = encode_other_key(other_key_);
    (void)::send(fd_, other.view().data(), other.size(), MSG_NOSIGNAL);
  }
  post(Settings{(generation_ << kGenerationShift) + 1, options_.dial_backoff_base_ms,
                options_.dial_backoff_cap_ms, options_.handshakes_per_minute});
  post(AllowList{allowed_});
  post(Listen{actual_listen_.empty() ? listen_ : actual_listen_});
  post(DialPlan{plan_});
  flush_ready(now);
  return {};
}

void GateClient::gate_ended(const Now& now, const std::string& reason) {
  close(fd_);
  fd_ = -1;
  const std::string ending = reap(pid_);
  pid_ = -1;
  out_.clear();
  out_begin_ = 0;
  for (const auto& [id, link] : links_) {
    events_.push_back(LinkDown{id, link.party, "the network process ended"});
  }
  links_.clear();
  if (now.mono_ms - started_ms_ >= kSettledMs) restart_wait_ms_ = options_.restart_base_ms;
  restart_at_ms_ = now.mono_ms + restart_wait_ms_;
  restart_wait_ms_ = std::min(restart_wait_ms_ * 2, options_.restart_cap_ms);
  events_.push_back(GateEnded{reason + " (" + ending + ")", *restart_at_ms_});
}

void GateClient::post(const ToGate& message) {
  if (is_running()) encode(out_, message);
}

std::optional<std::uint64_t> GateClient::wake_at_ms() const {
  if (!events_.empty()) return 0;
  if (restart_at_ms_) return restart_at_ms_;
  if (!is_running()) return std::nullopt;
  const std::uint64_t blocked = blocked_since_ms_ != 0 ? blocked_since_ms_ : heard_ms_;
  return std::min(blocked, heard_ms_) + kStuckMs;
}

std::vector<GateEvent> GateClient::poll_events(const Now& now) {
  if (is_running()) read_socket(now);
  if (is_running() && blocked_since_ms_ != 0 && now.mono_ms >= blocked_since_ms_ + kStuckMs) {
    gate_ended(now, "the network process does not take its messages");
  }
  if (is_running() && now.mono_ms >= heard_ms_ + kStuckMs) {
    gate_ended(now, "the network process hangs: no sign of life");
  }
  if (restart_at_ms_ && now.mono_ms >= *restart_at_ms_) {
    restart_at_ms_.reset();
    if (const Status spawned = spawn(now); !spawned) {
      restart_at_ms_ = now.mono_ms + restart_wait_ms_;
      restart_wait_ms_ = std::min(restart_wait_ms_ * 2, options_.restart_cap_ms);
      events_.push_back(GateEnded{spawned.error().message, *restart_at_ms_});
    }
  }
  report_ready();
  return std::exchange(events_, {});
}

void GateClient::read_socket(const Now& now) {
  for (std::size_t total = 0; total < kMaxReadPerTurn;) {
    const std::span<std::uint8_t> room = parser_.room(kReadChunk);
    const ssize_t n = ::read(fd_, room.data(), room.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) return gate_ended(now, "the network process ended");
    heard_ms_ = now.mono_ms;
    parser_.commit(static_cast<std::size_t>(n));
    total += static_cast<std::size_t>(n);
    while (is_running()) {
      auto raw = parser_.next();
      if (raw && !*raw) break;
      auto message = raw ? decode_from_gate(**raw) : Result<FromGate>(raw.error());
      if (!message) return gate_ended(now, message.error().message);
      take(now, std::move(*message));
    }
    if (!is_running()) return;
    if (static_cast<std::size_t>(n) < room.size()) return;
  }
}

void GateClient::take(const Now& now, FromGate message) {
  if (auto* listening = std::get_if<Listening>(&message)) {
    if (is_any_port(listen_)) actual_listen_ = listening->endpoint;
    events_.push_back(std::move(*listening));
  } else if (auto* up = std::get_if<LinkUp>(&message)) {
    if (up->link >> kGenerationShift != generation_ || links_.contains(up->link)) {
      return gate_ended(now, "the network process broke its rules: link id");
    }
    if (!is_allowed(up->party)) return post(CloseLink{up->link});
    links_[up->link].party = up->party;
    events_.push_back(std::move(*up));
  } else if (auto* down = std::get_if<LinkDown>(&message)) {
    if (links_.erase(down->link) > 0) events_.push_back(std::move(*down));
  } else if (auto* frame = std::get_if<FrameIn>(&message)) {
    const auto link = links_.find(frame->link);
    if (link == links_.end()) return;  // closed here, or the party has just left the list
    if (link->second.party != frame->party) {
      return gate_ended(now, "the network process broke its rules: party of a link");
    }
    events_.push_back(std::move(*frame));
  } else if (auto* sent = std::get_if<Sent>(&message)) {
    const auto it = links_.find(sent->link);
    if (it == links_.end()) return;
    if (sent->frames > it->second.frames || sent->bytes > it->second.bytes) {
      return gate_ended(now, "the network process broke its rules: count of frames");
    }
    it->second.frames -= sent->frames;
    it->second.bytes -= sent->bytes;
  } else {
    std::visit(
        [this](auto& m) {
          using T = std::decay_t<decltype(m)>;
          if constexpr (std::is_same_v<T, Failed> || std::is_same_v<T, Refused> ||
                        std::is_same_v<T, DialFailed> || std::is_same_v<T, Stats>) {
            events_.push_back(std::move(m));
          }
        },
        message);
  }
}

void GateClient::flush_ready(const Now& now) {
  while (is_running() && pending() > 0) {
    const ssize_t n = ::send(fd_, out_.data() + out_begin_, pending(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno != EAGAIN) {
      // The gate is gone; what it still said is read before the end is seen.
      out_.clear();
      out_begin_ = 0;
      break;
    }
    if (n < 0) {
      if (blocked_since_ms_ == 0) blocked_since_ms_ = std::max<std::uint64_t>(now.mono_ms, 1);
      break;
    }
    blocked_since_ms_ = 0;
    out_begin_ += static_cast<std::size_t>(n);
  }
  if (pending() == 0) {
    out_.clear();
    out_begin_ = 0;
    blocked_since_ms_ = 0;
  } else if (out_begin_ > out_.size() / 2) {
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(out_begin_));
    out_begin_ = 0;
  }
}

bool GateClient::has_room(const Link& link) const {
  return link.frames < kLinkWindowFrames && link.bytes + kMaxFrameBytes <= kLinkWindowBytes &&
         pending() < kMaxPendingBytes;
}

bool GateClient::can_send(LinkId link) const {
  const auto it = links_.find(link);
  return it != links_.end() && has_room(it->second);
}

Status GateClient::send(LinkId link, ByteView frame) {
  if (frame.empty() || frame.size() > kMaxFrameBytes) {
    return fail(ErrorCode::kLimit, "a frame has 1 byte to 1.25 MiB");
  }
  const auto it = links_.find(link);
  if (it == links_.end()) return fail(ErrorCode::kNotFound, "no such link");
  if (!has_room(it->second)) {
    it->second.refused = true;
    return fail(ErrorCode::kBusy, "the link takes no more for now");
  }
  it->second.frames += 1;
  it->second.bytes += frame.size();
  encode_send(out_, link, it->second.party, frame);
  return {};
}

void GateClient::close_link(LinkId link) {
  if (links_.erase(link) > 0) post(CloseLink{link});
  std::erase_if(events_, [link](const GateEvent& event) {
    const auto* frame = std::get_if<FrameIn>(&event);
    const auto* down = std::get_if<LinkDown>(&event);
    return (frame != nullptr && frame->link == link) || (down != nullptr && down->link == link);
  });
}

void GateClient::report_ready() {
  for (auto& [id, link] : links_) {
    if (!link.refused || !has_room(link)) continue;
    // Not for every single place: a wait of half the window is worth a turn.
    if (link.frames > kLinkWindowFrames / 2 || link.bytes > kLinkWindowBytes / 2) continue;
    link.refused = false;
    events_.push_back(LinkReady{id, link.party});
  }
}

bool GateClient::is_allowed(std::string_view party) const {
  return find_party(allowed_, party) != allowed_.end();
}

}  // namespace focal::gate
