#include "node/gate/peer.h"

#include <zmq.h>

#include <algorithm>
#include <utility>

namespace focal::gate {
namespace {

constexpr std::uint64_t kLookupMs = 10'000;
constexpr int kHandshakeMs = 10'000;
constexpr int kConnectMs = 10'000;
constexpr int kTcpMaxRetransmitMs = 60'000;
constexpr int kReconnectMs = 2000;  // never reached: the first failure ends the socket
constexpr int kReceiveBudget = 64;  // messages a turn
constexpr std::uint32_t kZapRefused = 400;

constexpr int kWatched = ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_DISCONNECTED |
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

struct Failure {
  DialWhy why;
  const char* reason;
};

Failure failure_of(const ConnectionEvent& event, bool was_up) {
  switch (event.event) {
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      if (event.value == kZapRefused)
        return {DialWhy::kRefusedKey, "peer refused our key: are we on their list?"};
      return {DialWhy::kPutOff, "peer put us off"};
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
      return {DialWhy::kHandshake,
              "no understanding: is this a Focal node with the transport key we hold?"};
    case ZMQ_EVENT_CONNECT_RETRIED:
      return {DialWhy::kNoConnection, "no connection: nobody answers at this address"};
    default: break;
  }
  if (was_up) return {DialWhy::kEnded, "connection ended"};
  return {DialWhy::kHandshake,
          "connection closed during the handshake: other transport key, or peer busy"};
}

}  // namespace

Peer::Peer(Context& context, const crypto::DhKey& key, const crypto::DhKey* other,
           DialTarget target, DialerLimits limits, crypto::Rng& rng, Resolver& resolver,
           Common& common)
    : context_(context),
      key_(&key),
      other_key_(other),
      target_(std::move(target)),
      rng_(rng),
      resolver_(resolver),
      common_(common),
      dialer_(limits, target_.endpoints.size()) {}

std::optional<std::uint64_t> Peer::next_ms() const {
  const std::optional<std::uint64_t> next = dialer_.next_ms();
  return next && look_until_ms_ ? std::min(*next, *look_until_ms_) : next;
}

void Peer::begin(const Now& now) {
  const std::string name = name_in(endpoint());
  if (name.empty()) return connect(endpoint(), now);
  if (const Status started = resolver_.start(target_.party, name); !started) {
    return failed(DialWhy::kNameServer, started.error().message, now);
  }
  look_until_ms_ = now.mono_ms + kLookupMs;
}

void Peer::look(const Now& now) {
  if (const auto address = resolver_.take(target_.party)) {
    look_until_ms_.reset();
    if (address->empty())
      return failed(DialWhy::kNoName, "no address: the name is not known", now);
    return connect(with_address(endpoint(), *address), now);
  }
  if (now.mono_ms >= *look_until_ms_)
    failed(DialWhy::kNameServer, "no address: the name server does not answer", now);
}

void Peer::connect(const std::string& address, const Now& now) {
  if (const Status opened = open(address); !opened)
    failed(DialWhy::kOther, opened.error().message, now);
}

Status Peer::open(const std::string& address) {
  dealer_ = Socket(context_, ZMQ_DEALER);
  FOCAL_TRY(set_common_options(dealer_, key_->sk.view(), IoThread::kDialed));
  FOCAL_TRY(dealer_.set(ZMQ_CURVE_PUBLICKEY, key_->pk));
  FOCAL_TRY(dealer_.set(ZMQ_CURVE_SERVERKEY, target_.key));
  FOCAL_TRY(dealer_.set(ZMQ_HANDSHAKE_IVL, kHandshakeMs));
  FOCAL_TRY(dealer_.set(ZMQ_IMMEDIATE, 1));  // nothing is queued for a peer that is not there
  FOCAL_TRY(dealer_.set(ZMQ_RECONNECT_IVL, kReconnectMs));
  FOCAL_TRY(dealer_.set(ZMQ_RECONNECT_IVL_MAX, 0));
  FOCAL_TRY(dealer_.set(ZMQ_CONNECT_TIMEOUT, kConnectMs));
  FOCAL_TRY(dealer_.set(ZMQ_TCP_MAXRT, kTcpMaxRetransmitMs));
  monitor_ = Monitor(context_, dealer_, kWatched);
  return dealer_.connect(address);
}

bool Peer::send(std::string_view party, Bytes frame, const Now& now) {
  if (party != target_.party) return false;
  due_.set();
  if (queue_.push(std::move(frame))) {
    flush();
  } else {
    failed(DialWhy::kEnded, "more frames than the window allows", now);
  }
  return true;
}

void Peer::close(const Now& now) { failed(DialWhy::kEnded, "closed by this node", now); }

void Peer::leave(const std::string& reason) {
  if (link_ != 0) common_.report.say(LinkDown{link_, target_.party, reason});
  link_ = 0;
}

void Peer::add_descriptors(std::vector<pollfd>& out) const {
  if (!dealer_.is_open()) return;
  out.push_back({dealer_.fd(), POLLIN, 0});
  out.push_back({monitor_.fd(), POLLIN, 0});
}

void Peer::work(const Now& now) {
  const std::optional<std::uint64_t> next = next_ms();
  const bool timer = next && now.mono_ms >= *next;
  if (!due_.take() && !timer && queue_.is_empty()) return;
  switch (dialer_.tick(now)) {
    case DialAction::kNone: break;
    case DialAction::kGiveUp: failed(DialWhy::kNoConnection, "no answer in time", now); break;
    case DialAction::kConnect: begin(now); break;
  }
  if (look_until_ms_) look(now);
  if (!dealer_.is_open()) return;
  // What arrived before the end of a connection is read before the end.
  dealer_.refresh();
  flush();
  receive();
  const LinkId before = link_;
  read_monitor(now);
  if (link_ != before) receive();  // what came together with the end of the handshake
}

void Peer::read_monitor(const Now& now) {
  ConnectionEvent event;
  while (monitor_.is_open() && monitor_.next(event)) {
    const bool was_up = dialer_.state() == DialState::kUp;
    if (event.event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
      if (was_up) continue;
      dialer_.up(now);
      link_ = common_.next_link++;
      common_.report.say(LinkUp{link_, target_.party, Direction::kDialed, endpoint()});
      continue;
    }
    // It does not know that key: not yet, or not any more.
    if (event.event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && event.value == kZapRefused &&
        other_key_ != nullptr)
      std::swap(key_, other_key_);
    const Failure failure = failure_of(event, was_up);
    failed(failure.why, failure.reason, now);
  }
}

void Peer::receive() {
  if (link_ == 0) return;  // not before LinkUp was said
  for (int i = 0; i < kReceiveBudget; ++i) {
    if (common_.report.is_full()) {
      common_.starved = true;
      return;
    }
    Message body;
    if (!body.receive(dealer_)) return;
    if (body.has_more()) {
      skip_parts(dealer_, body);
      common_.stats.dropped_multipart += 1;
    } else if (body.body().empty()) {
      common_.stats.dropped_empty += 1;
    } else {
      common_.report.frame(link_, target_.party, body.body());
    }
  }
  due_.set();
}

void Peer::flush() {
  Sent sent{link_, 0, 0};
  while (!queue_.is_empty() && dealer_.is_open()) {
    const Bytes& frame = queue_.front();
    if (send_part(dealer_, frame, false) != SendOutcome::kSent) break;
    sent.frames += 1;
    sent.bytes += frame.size();
    queue_.pop();
  }
  if (sent.frames > 0) common_.report.say(sent);
}

void Peer::failed(DialWhy why, const std::string& reason, const Now& now) {
  const std::string at = endpoint();
  if (look_until_ms_) resolver_.forget(target_.party);
  look_until_ms_.reset();
  dealer_.reset();
  monitor_ = Monitor();
  queue_ = SendQueue();
  if (link_ != 0) common_.report.say(LinkDown{link_, target_.party, reason});
  link_ = 0;
  const std::uint64_t retry_ms = dialer_.failed(now, rng_);
  common_.report.say(DialFailed{target_.party, at, why, reason, retry_ms});
}

}  // namespace focal::gate
