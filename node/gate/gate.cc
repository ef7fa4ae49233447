#include "node/gate/gate.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"

namespace focal::gate {
namespace {

constexpr std::size_t kReadChunk = 256u << 10;
constexpr std::size_t kMaxReadPerTurn = 2u << 20;
constexpr std::uint64_t kStatsEveryMs = 1000;
// libzmq tells that a full connection has room again, but the news can be
// swallowed between two calls; then this long is waited.
constexpr std::uint64_t kBlockedRetryMs = 20;

}  // namespace

Gate::Gate(int fd, crypto::Rng& rng, Clock clock, Resolver::Ask ask)
    : fd_(fd),
      rng_(rng),
      clock_(clock),
      gatekeeper_(Settings{}.handshakes_per_minute),
      resolver_(std::move(ask)) {
  const int flags = fcntl(fd_, F_GETFL);
  fcntl(fd_, F_SETFL, flags | O_NONBLOCK);
}

int Gate::run() {
  for (;;) {
    const Now now = clock_();
    const Step step = read_control(now);
    if (step == Step::kClosed) return 0;
    if (step == Step::kGoOn) work_sockets(now);
    report_stats(now);
    if (!common_.report.write_to(fd_)) return 0;
    if (step == Step::kBroken) return 1;
    wait(now);
  }
}

void Gate::wait(const Now& now) {
  // focald has made room: what was left unread is due without any edge.
  const bool fed = common_.starved && !common_.report.is_full();
  if (fed) common_.starved = false;
  polled_.clear();
  polled_.push_back({fd_, POLLIN, 0});
  if (common_.report.pending() > 0) polled_[0].events |= POLLOUT;
  polled_.push_back({resolver_.fd(), POLLIN, 0});
  if (server_) server_->add_descriptors(polled_);
  for (const Peer& peer : peers_) peer.add_descriptors(polled_);
  const int answered = poll(polled_.data(), polled_.size(), fed ? 0 : timeout_ms(now));
  const bool looked_up = polled_[1].revents != 0;
  if (looked_up) resolver_.clear_fd();
  const pollfd* next = polled_.data() + 2;
  if (server_) server_->read_descriptors(next);
  for (Peer& peer : peers_) peer.read_descriptors(next);
  if (!fed && !looked_up && answered >= 0) return;
  if (server_) server_->set_due();
  for (Peer& peer : peers_) peer.set_due();
}

Gate::Step Gate::read_control(const Now& now) {
  for (std::size_t total = 0; total < kMaxReadPerTurn;) {
    const std::span<std::uint8_t> room = parser_.room(kReadChunk);
    const ssize_t n = ::read(fd_, room.data(), room.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return Step::kGoOn;
    if (n <= 0) return Step::kClosed;
    parser_.commit(static_cast<std::size_t>(n));
    total += static_cast<std::size_t>(n);
    for (;;) {
      auto raw = parser_.next();
      if (raw && !*raw) break;
      auto message = raw ? decode_to_gate(**raw) : Result<ToGate>(raw.error());
      const Status obeyed = message ? obey(std::move(*message), now) : Status(message.error());
      if (obeyed) continue;
      log::error("gate", obeyed.error().message);
      common_.report.say(Failed{true, obeyed.error().message});
      return Step::kBroken;
    }
    if (static_cast<std::size_t>(n) < room.size()) return Step::kGoOn;
  }
  return Step::kGoOn;
}

Status Gate::obey(ToGate message, const Now& now) {
  if (auto* key = std::get_if<TransportKey>(&message)) return obey_key(std::move(*key));
  if (!server_) return fail(ErrorCode::kFrame, "gate message: the transport key comes first");
  if (auto* other = std::get_if<OtherKey>(&message)) return obey_other_key(std::move(*other));
  if (auto* send = std::get_if<Send>(&message)) return obey_send(std::move(*send), now);
  if (auto* close = std::get_if<CloseLink>(&message)) {
    obey_close(close->link, now);
  } else if (auto* settings = std::get_if<Settings>(&message)) {
    settings_ = *settings;
    common_.next_link = settings_.first_link;
    gatekeeper_.set_handshakes_per_minute(settings_.handshakes_per_minute);
  } else if (auto* list = std::get_if<AllowList>(&message)) {
    obey_allow_list(*list, now);
  } else if (auto* listen = std::get_if<Listen>(&message)) {
    server_->listen(listen->endpoint, now);
  } else if (auto* plan = std::get_if<DialPlan>(&message)) {
    plan_ = std::move(*plan);
    plan_peers();
  }
  return {};
}

Status Gate::obey_key(TransportKey message) {
  if (server_) return fail(ErrorCode::kFrame, "gate message: a second transport key");
  key_ = crypto::dh_key_from_secret(std::move(message.secret));
  FOCAL_ASSIGN(server_, Server::open(context_, key_.sk.view(), gatekeeper_, common_));
  return {};
}

Status Gate::obey_other_key(OtherKey message) {
  if (other_key_ || !peers_.empty()) return fail(ErrorCode::kFrame, "gate message: another key too late");
  other_key_ = crypto::dh_key_from_secret(std::move(message.secret));
  return {};
}

void Gate::obey_allow_list(const AllowList& list, const Now& now) {
  const bool cut_off = gatekeeper_.set_list(list);
  server_->allow_list_changed(cut_off, now);
  plan_peers();
}

Status Gate::obey_send(Send message, const Now& now) {
  bool matches = true;
  if (server_->owns(message.link)) {
    matches = server_->send(message.link, message.party, std::move(message.frame));
  } else {
    for (Peer& peer : peers_) {
      if (peer.link() != message.link) continue;
      matches = peer.send(message.party, std::move(message.frame), now);
      break;
    }
  }
  if (!matches) return fail(ErrorCode::kFrame, "gate message: a link of another party");
  return {};  // an unknown link: it ended while this was under way
}

void Gate::obey_close(LinkId link, const Now& now) {
  if (server_->owns(link)) return server_->close(link);
  for (Peer& peer : peers_) {
    if (peer.link() == link) return peer.close(now);
  }
}

void Gate::plan_peers() {
  const auto is_wanted = [this](const DialTarget& target) {
    return gatekeeper_.is_allowed(target.party, target.key) &&
           std::find(plan_.peers.begin(), plan_.peers.end(), target) != plan_.peers.end();
  };
  for (auto it = peers_.begin(); it != peers_.end();) {
    if (is_wanted(it->target())) {
      ++it;
    } else {
      it->leave("no longer to be reached this way");
      it = peers_.erase(it);
    }
  }
  for (const DialTarget& target : plan_.peers) {
    if (!gatekeeper_.is_allowed(target.party, target.key)) continue;
    const bool exists = std::any_of(peers_.begin(), peers_.end(), [&target](const Peer& peer) {
      return peer.target() == target;
    });
    if (exists) continue;
    DialerLimits limits;
    limits.base_ms = settings_.backoff_base_ms;
    limits.cap_ms = settings_.backoff_cap_ms;
    peers_.emplace_back(context_, key_, other_key_ ? &*other_key_ : nullptr, target, limits, rng_, resolver_, common_);
  }
}

void Gate::work_sockets(const Now& now) {
  if (server_) server_->work(now);
  for (Peer& peer : peers_) peer.work(now);
}

void Gate::report_stats(const Now& now) {
  const bool news = common_.stats != reported_ && now.mono_ms >= stats_at_ms_;
  if (!news && now.mono_ms < life_sign_at_ms_) return;
  reported_ = common_.stats;
  stats_at_ms_ = now.mono_ms + kStatsEveryMs;
  life_sign_at_ms_ = now.mono_ms + kStatsAtLeastMs;
  common_.report.say(reported_);
}

int Gate::timeout_ms(const Now& now) const {
  std::uint64_t until = life_sign_at_ms_;
  const auto at_latest = [&until](std::optional<std::uint64_t> ms) {
    if (ms) until = std::min(until, *ms);
  };
  if (server_) at_latest(server_->next_ms());
  if (server_ && server_->is_due()) return 0;
  bool blocked = server_ && server_->is_blocked();
  for (const Peer& peer : peers_) {
    if (peer.is_due()) return 0;
    at_latest(peer.next_ms());
    blocked = blocked || peer.is_blocked();
  }
  if (blocked) at_latest(now.mono_ms + kBlockedRetryMs);
  if (common_.stats != reported_) at_latest(stats_at_ms_);
  return until <= now.mono_ms ? 0 : static_cast<int>(until - now.mono_ms);
}

}  // namespace focal::gate
