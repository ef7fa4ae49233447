#include "tests/sim/wires.h"

#include <algorithm>

#include "base/clock.h"

namespace focal::sim {
namespace {

constexpr std::size_t kWindow = 2u << 20;  // bytes that the pipe takes before it says no
constexpr std::uint8_t kAckType = 0x04;
constexpr std::uint64_t kForgetEveryMs = kHourMs;
// As the gate does it (node/gate/dialer.h): whose links end at once waits longer each time.
constexpr std::uint64_t kSettledMs = kMinuteMs;
constexpr std::uint64_t kLongestMs = 5 * kMinuteMs;

}  // namespace

void Wires::start() {
  for (std::size_t a = 0; a < ends_.size(); ++a)
    for (std::size_t b = a + 1; b < ends_.size(); ++b) {
      dialers_.insert({a, b});
      if (rng_.below(3) == 0) dialers_.insert({b, a});  // both dial
    }
  for (const Pair& pair : dialers_) dial_later(pair, rng_.below(3000));
}

void Wires::dial_later(Pair pair, std::uint64_t ms) {
  if (!dialing_.insert(pair).second) return;
  queue_.after(ms, [this, pair] {
    dialing_.erase(pair);
    dial(pair);
  });
}

void Wires::start_dialing(std::size_t from) {
  for (std::size_t to = 0; to < ends_.size(); ++to) {
    if (to == from) continue;
    dialers_.insert({from, to});
    dial_later({from, to}, rng_.below(3000));
  }
}

std::optional<Hash32> Wires::key_for(std::size_t of, std::size_t other) const {
  for (const Hash32& key : ends_[of]->transports())
    if (!ends_[other]->known_by(key).empty()) return key;
  return std::nullopt;
}

bool Wires::is_reachable(Pair pair) {
  if (!ends_[pair.first]->is_running() || !ends_[pair.second]->is_running() ||
      is_blocked(pair.first, pair.second) || is_blocked(pair.second, pair.first))
    return false;
  if (key_for(pair.first, pair.second) && key_for(pair.second, pair.first)) return true;
  counts_.saw(Effect::kShutOut);
  return false;
}

void Wires::dial(Pair pair) {
  for (const auto& [id, link] : links_)
    if (link.end[0] == pair.first && link.end[1] == pair.second && link.open[0]) return;
  if (connect(pair)) {
    failed_.erase(pair);
    return;
  }
  std::uint64_t wait = 2000 + rng_.below(8000);
  if (patience_ms_ != 0) wait = std::min(wait << std::min(failed_[pair]++, 20u), patience_ms_);
  dial_later(pair, wait);
}

bool Wires::connect(Pair pair) {
  if (!is_reachable(pair)) return false;
  forget_old();
  Link link;
  link.id = next_link_++;
  link.end = {pair.first, pair.second};
  link.open = {true, true};
  link.since_ms = queue_.now_ms();
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    link.key[side] = *key_for(link.end[side], link.end[1 - side]);
    link.party[side] = ends_[link.end[1 - side]]->known_by(link.key[side]);
  }
  link.latency_ms = 5 + rng_.below(120);
  const auto slow = slow_.find({std::min(pair.first, pair.second), std::max(pair.first, pair.second)});
  if (slow != slow_.end() && slow->second.second > queue_.now_ms())
    link.latency_ms = slow->second.first;
  const Link up = links_.emplace(link.id, std::move(link)).first->second;
  ends_[pair.second]->link_up(up.id, pair.first, up.party[0], false);
  ends_[pair.first]->link_up(up.id, pair.second, up.party[1], true);
  return true;
}

// Links of both ends that are over, and with nothing under way, are forgotten at times.
void Wires::forget_old() {
  if (queue_.now_ms() < forget_at_ms_) return;
  forget_at_ms_ = queue_.now_ms() + kForgetEveryMs;
  std::erase_if(links_, [&](const auto& entry) {
    const Link& link = entry.second;
    return !link.open[0] && !link.open[1] && link.under_way[0] == 0 && link.under_way[1] == 0 &&
           std::max(link.arrives_ms[0], link.arrives_ms[1]) + kForgetEveryMs < queue_.now_ms();
  });
}

void Wires::keep_apart(std::size_t a, std::size_t b) {
  apart_.insert({a, b});
  apart_.insert({b, a});
  for (Link* link : links_between(a, b)) lose(*link, kSecondMs);
}

bool Wires::is_blocked(std::size_t from, std::size_t to) const {
  if (apart_.contains({from, to})) return true;
  const auto it = blocked_until_.find({from, to});
  return it != blocked_until_.end() && it->second > queue_.now_ms();
}

std::size_t Wires::other_end(std::size_t node, exchange::LinkId id) const {
  const Link& link = links_.at(id);  // forgotten an hour after its end
  return link.end[0] == node ? link.end[1] : link.end[0];
}

const std::string& Wires::party_at(std::size_t node, exchange::LinkId id) const {
  const Link& link = links_.at(id);
  return link.party[link.end[0] == node ? 1 : 0];
}

std::vector<exchange::LinkId> Wires::live_links(std::size_t node) const {
  std::vector<exchange::LinkId> out;
  for (const auto& [id, link] : links_)
    if ((link.end[0] == node && link.open[0]) || (link.end[1] == node && link.open[1]))
      out.push_back(id);
  return out;
}

void Wires::send(std::size_t from, exchange::LinkId id, Bytes bytes) {
  const auto it = links_.find(id);
  if (it == links_.end()) return;
  Link& link = it->second;
  const int side = side_of(link, from), to = 1 - side;
  if (!link.open[static_cast<std::size_t>(side)]) return;
  const auto t = static_cast<std::size_t>(to);
  if (is_blocked(from, link.end[t])) {
    lose(link, kMinuteMs);
    return;
  }
  if (link.lost[t]) return;
  if (link.lose_ack_to == to && !bytes.empty() && bytes[0] == kAckType) {
    counts_.did(What::kDuplicate);
    return lose(link, 200);
  }
  if (link.lose_in != 0 && --link.lose_in == 0) {
    counts_.did(What::kConnectionLost);
    return lose(link, 500);
  }
  std::uint64_t arrives = queue_.now_ms() + link.latency_ms + rng_.below(10);
  const auto stalled = stalled_until_.find({from, link.end[t]});
  if (stalled != stalled_until_.end()) arrives = std::max(arrives, stalled->second);
  arrives = std::max(arrives, link.arrives_ms[t]);
  link.arrives_ms[t] = arrives;
  link.under_way[t] += bytes.size();
  queue_.at(arrives, [this, id, t, bytes = std::move(bytes)]() mutable {
    const auto found = links_.find(id);
    if (found == links_.end()) return;
    found->second.under_way[t] -= bytes.size();
    if (!found->second.open[t] || found->second.lost[t]) return;
    ++counts_.frames;
    if (on_delivered) on_delivered(id, found->second.end[t], bytes);
    ends_[found->second.end[t]]->frame(id, std::move(bytes));
  });
}

bool Wires::can_send(std::size_t from, exchange::LinkId id) const {
  const auto it = links_.find(id);
  if (it == links_.end()) return false;
  return it->second.under_way[static_cast<std::size_t>(1 - side_of(it->second, from))] < kWindow;
}

// This end is over; the dialer of it tries again.
void Wires::drop_end(Link& link, int side) {
  const auto s = static_cast<std::size_t>(side);
  if (!link.open[s]) return;
  link.open[s] = false;
  link.lost[s] = true;
  const Pair pair{link.end[0], link.end[1]};
  if (side != 0 || !dialers_.contains(pair)) return;
  if (queue_.now_ms() - link.since_ms >= kSettledMs) short_.erase(pair);
  const std::uint64_t wait = 500 + rng_.below(4000);
  dial_later(pair, std::min(wait << std::min(short_[pair]++, 20u), kLongestMs));
}

void Wires::end_at(exchange::LinkId id, int side, std::uint64_t at_ms) {
  queue_.at(at_ms, [this, id, side] {
    const auto it = links_.find(id);
    if (it == links_.end() || !it->second.open[static_cast<std::size_t>(side)]) return;
    drop_end(it->second, side);
    ends_[it->second.end[static_cast<std::size_t>(side)]]->link_down(id);
  });
}

void Wires::close(std::size_t from, exchange::LinkId id) {
  const auto it = links_.find(id);
  if (it == links_.end()) return;
  Link& link = it->second;
  const int side = side_of(link, from);
  drop_end(link, side);
  const auto to = static_cast<std::size_t>(1 - side);
  end_at(id, 1 - side, std::max(queue_.now_ms(), link.arrives_ms[to]) + 1 + rng_.below(20));
}

void Wires::process_ended(std::size_t node) {
  for (auto& [id, link] : links_) {
    if (link.end[0] != node && link.end[1] != node) continue;
    const int side = side_of(link, node);
    if (!link.open[static_cast<std::size_t>(side)]) continue;
    drop_end(link, side);
    const auto to = static_cast<std::size_t>(1 - side);
    end_at(id, 1 - side, std::max(queue_.now_ms(), link.arrives_ms[to]) + rng_.below(500));
  }
}

// As the gate ends it: this end knows at once, the other when it arrives there.
void Wires::end_now(Link& link, int side) {
  const exchange::LinkId id = link.id;
  const std::size_t at = link.end[static_cast<std::size_t>(side)];
  close(at, id);
  ends_[at]->link_down(id);
}

void Wires::allow_list_changed(std::size_t node) {
  std::vector<exchange::LinkId> over;
  for (const auto& [id, link] : links_) {
    if (link.end[0] != node && link.end[1] != node) continue;
    const auto side = static_cast<std::size_t>(side_of(link, node));
    if (link.open[side] && ends_[node]->known_by(link.key[1 - side]) != link.party[1 - side])
      over.push_back(id);
  }
  for (const auto id : over) end_now(links_.at(id), side_of(links_.at(id), node));
}

void Wires::lose(Link& link, std::uint64_t notice_ms) {
  link.lost = {true, true};
  for (const int side : {0, 1})
    end_at(link.id, side, queue_.now_ms() + 1 + rng_.below(notice_ms));
}

std::vector<Wires::Link*> Wires::links_between(std::size_t a, std::size_t b) {
  std::vector<Link*> out;
  for (auto& [id, link] : links_) {
    const bool pair = (link.end[0] == a && link.end[1] == b) ||
                      (link.end[0] == b && link.end[1] == a);
    if (pair && link.open[0] && link.open[1] && !link.lost[0] && !link.lost[1])
      out.push_back(&link);
  }
  return out;
}

bool Wires::slow_down(std::size_t a, std::size_t b, std::uint64_t latency_ms,
                      std::uint64_t for_ms) {
  const Pair pair{std::min(a, b), std::max(a, b)};
  slow_[pair] = {latency_ms, queue_.now_ms() + for_ms};
  for (Link* link : links_between(a, b)) link->latency_ms = latency_ms;
  queue_.after(for_ms, [this, a, b] {
    for (Link* link : links_between(a, b)) link->latency_ms = std::min<std::uint64_t>(link->latency_ms, 50);
  });
  return true;
}

bool Wires::lose_after(std::size_t a, std::size_t b, std::uint64_t frames) {
  const auto links = links_between(a, b);
  for (Link* link : links) link->lose_in = frames;
  return !links.empty();
}

bool Wires::lose_acknowledgement(std::size_t a, std::size_t b) {
  const auto links = links_between(a, b);
  for (Link* link : links) link->lose_ack_to = side_of(*link, a);
  return !links.empty();
}

bool Wires::second_connection(std::size_t a, std::size_t b) {
  const auto links = links_between(a, b);
  if (links.empty()) return false;
  for (Link* link : links) link->latency_ms = 2000 + rng_.below(4000);
  return connect({a, b});
}

bool Wires::partition(std::size_t a, std::size_t b, std::uint64_t for_ms, bool one_way) {
  const std::uint64_t until = queue_.now_ms() + for_ms;
  blocked_until_[{a, b}] = until;
  if (!one_way) blocked_until_[{b, a}] = until;
  const auto links = links_between(a, b);
  for (Link* link : links) {
    // What was under way is lost; both ends notice when the heartbeat stays away.
    if (!one_way) {
      lose(*link, kMinuteMs);
      continue;
    }
    const int to = side_of(*link, b);
    link->lost[static_cast<std::size_t>(to)] = true;
    for (const int side : {0, 1})
      end_at(link->id, side, queue_.now_ms() + kMinuteMs + rng_.below(30'000));
  }
  return true;
}

bool Wires::stop_reading(std::size_t a, std::size_t b, std::uint64_t for_ms) {
  stalled_until_[{a, b}] = queue_.now_ms() + for_ms;
  return !links_between(a, b).empty();
}

void Wires::heal() {
  blocked_until_.clear();
  stalled_until_.clear();
  slow_.clear();
  failed_.clear();
  for (auto& [id, link] : links_) {
    link.lose_in = 0;
    link.lose_ack_to = -1;
    link.latency_ms = std::min<std::uint64_t>(link.latency_ms, 50);
  }
}

}  // namespace focal::sim
