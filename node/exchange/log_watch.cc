#include "node/exchange/log_watch.h"

#include <algorithm>
#include <utility>

#include "crypto/merkle.h"
#include "node/exchange/frame.h"
#include "node/exchange/own_log.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kRowsLookedAt = 4096;  // of one log: 16 and one a day
constexpr std::uint32_t kMostTries = 10;

}  // namespace

void LogWatch::load() {
  logs_.clear();
  staged_.clear();
  ops_.clear();
}

LogWatch::Log& LogWatch::log_of(const std::string& origin, const std::string& party) {
  const auto there = logs_.find(origin);
  if (there != logs_.end()) return there->second;
  Log log;
  log.party = party;
  const auto row_of = [](const store::PeerCheckpointRow& row) {
    Held held;
    held.mark = {row.size, row.root};
    held.note = row.note;
    held.since_ms = row.demanded_ms;
    return held;
  };
  for (const store::PeerCheckpointRow& row : view_.peer_checkpoints(origin, kRowsLookedAt)) {
    if (row.demanded_ms != 0 && log.open.size() < kMaxOpenCheckpoints)
      log.open.push_back(row_of(row));
    else if (row.demanded_ms == 0 && !log.head)
      log.head = row_of(row);
  }
  const store::WitnessStateRow* mine = witness_.held(origin);
  const bool is_open = mine != nullptr && std::any_of(log.open.begin(), log.open.end(), [&](const Held& each) {
    return each.mark.size == mine->size;
  });
  // What this node cosigned continues what it cosigned before; the row of that may be the head.
  if (mine != nullptr && !is_open && (!log.head || log.head->mark.size < mine->size))
    log.head = Held{{mine->size, mine->root}, mine->note, 0, {}, false};
  return logs_.emplace(origin, std::move(log)).first->second;
}

std::string LogWatch::contradicted_by(const Log& log, const SeenCheckpoint& seen, bool& known) {
  known = false;
  const auto judge = [&](std::uint64_t size, const Hash32& root, const std::string& note) {
    if (size != seen.at.size) return std::string();
    known = known || root == seen.at.root;
    return root == seen.at.root ? std::string() : note;
  };
  std::string other;
  const auto look = [&](std::uint64_t size, const Hash32& root, const std::string& note) {
    if (other.empty()) other = judge(size, root, note);
  };
  if (log.head) look(log.head->mark.size, log.head->mark.root, log.head->note);
  for (const Held& each : log.open) look(each.mark.size, each.mark.root, each.note);
  if (const auto* mine = witness_.held(seen.at.origin)) look(mine->size, mine->root, mine->note);
  const auto staged = staged_.find({seen.at.origin, seen.at.size});
  if (staged != staged_.end()) look(staged->second.size, staged->second.root, staged->second.note);
  if (!other.empty() || known) return other;
  for (const auto& row : view_.peer_checkpoints(seen.at.origin, kRowsLookedAt))
    look(row.size, row.root, row.note);
  return other;
}

void LogWatch::put(const std::string& origin, const std::string& party, const Held& held,
                   const BookTime& time, std::uint64_t open_since_ms) {
  store::PeerCheckpointRow row{origin,    party,        held.mark.size, held.mark.root,
                               held.note, time.safe_ms, open_since_ms};
  staged_[{origin, row.size}] = row;
  ops_.emplace_back(store::PutPeerCheckpoint{std::move(row)});
}

void LogWatch::put(const SeenCheckpoint& seen, const BookTime& time, std::uint64_t open_since_ms) {
  Held held;
  held.mark = {seen.at.size, seen.at.root};
  held.note = seen.note;
  put(seen.at.origin, seen.party, held, time, open_since_ms);
}

void LogWatch::saw(const SeenCheckpoint& seen, const NoteOrigin& from, const BookTime& time) {
  if (seen.at.size == 0) return;  // the beginning of every log
  Log& log = log_of(seen.at.origin, seen.party);
  bool known = false;
  const std::string other = contradicted_by(log, seen, known);
  if (!other.empty()) {
    static_cast<void>(book_.take_fork_proof(other, seen.note, from, time));
    return;
  }
  if (known) return;
  if (!seen.is_in_force) return put(seen, time, 0);  // nobody can be asked about it any more
  Held held;
  held.mark = {seen.at.size, seen.at.root};
  held.note = seen.note;
  if (!log.head) {
    log.head = std::move(held);
    return put(seen, time, 0);
  }
  if (log.open.size() >= kMaxOpenCheckpoints) return;  // these decide it
  held.since_ms = std::max<std::uint64_t>(time.safe_ms, 1);
  put(seen, time, held.since_ms);
  log.open.push_back(std::move(held));
  log.next_ms = log.tries = 0;
}

void LogWatch::shown(const CkptFrame& frame, const SeenCheckpoint& seen, const BookTime& time) {
  if (!seen.is_in_force || seen.at.size == 0) return;
  Log& log = log_of(seen.at.origin, seen.party);
  const NoteOrigin from{seen.party, {}};
  bool known = false;
  const std::string other = contradicted_by(log, seen, known);
  if (!other.empty()) {
    static_cast<void>(book_.take_fork_proof(other, seen.note, from, time));
    return;
  }
  const auto continues = [&](const Held& held) {
    if (held.mark.size != frame.old_size) return false;
    if (frame.old_size == seen.at.size) return held.mark.is(seen.at);
    return crypto::verify_consistency(frame.old_size, held.mark.root, seen.at.size, seen.at.root,
                                      frame.proof);
  };
  bool any = false;
  const auto lead = [&](Held& held) {
    if (held.mark.is(seen.at)) held.leads_to = held.mark;
    if (!continues(held)) return;
    held.leads_to = Mark{seen.at.size, seen.at.root};
    any = true;
  };
  if (log.head) lead(*log.head);
  for (Held& each : log.open) lead(each);
  if (!any) return known ? void() : saw(seen, from, time);
  log.target = Mark{seen.at.size, seen.at.root};
  log.next_ms = log.tries = 0;
  settle(log, seen, time);
}

// All that is here leads to what its owner showed last: that is the head now.
void LogWatch::settle(Log& log, const SeenCheckpoint& seen, const BookTime& time) {
  const auto leads = [&](const Held& held) {
    return held.mark == *log.target || held.leads_to == log.target;
  };
  if (!leads(*log.head) || !std::all_of(log.open.begin(), log.open.end(), leads)) return;
  bool here = log.head->mark == *log.target;
  for (const Held& each : log.open) {
    here = here || each.mark == *log.target;
    put(seen.at.origin, log.party, each, time, 0);
  }
  if (!here) put(seen, time, 0);
  log.open.clear();
  log.head = Held{*log.target, seen.note, 0, {}, false};
  log.target.reset();
}

std::optional<CosigFrame> LogWatch::demand_for(const std::string& party, const BookTime& time) {
  const Peer* peer = peers_.find(party);
  if (peer == nullptr) return std::nullopt;
  Log& log = log_of(peer->card.log_name, party);
  if (log.open.empty() || !log.head || time.now.mono_ms < log.next_ms) return std::nullopt;
  const Held* next = nullptr;
  const auto consider = [&](const Held& held) {
    if (log.target && (held.mark == *log.target || held.leads_to == log.target)) return;
    if (next == nullptr || held.mark.size < next->mark.size) next = &held;
  };
  consider(*log.head);
  for (const Held& each : log.open) consider(each);
  if (next == nullptr) return std::nullopt;
  log.asked_ms = time.now.mono_ms;
  log.next_ms = time.now.mono_ms +
                std::min(kCkptEveryMs << std::min(log.tries, kMostTries), kCkptAgainMs);
  ++log.tries;
  return CosigFrame{{}, {}, next->note};
}

void LogWatch::tick(const BookTime& time) {
  for (auto& [origin, log] : logs_) {
    // Who is not reached cannot answer.
    if (log.asked_ms == 0 || time.now.mono_ms > log.asked_ms + kDayMs) continue;
    for (Held& each : log.open) {
      if (each.is_told || time.safe_ms < each.since_ms + kUnansweredMs) continue;
      each.is_told = true;
      book_.raise_alarm(log.party,
                        "it does not show that its checkpoints of " +
                            std::to_string(each.mark.size) + " and " +
                            std::to_string(log.head->mark.size) +
                            " leaves are of one log: call them",
                        time);
    }
  }
}

std::vector<std::string> LogWatch::gossip(const std::string& to, crypto::Rng& rng) {
  std::vector<std::string> out;
  for (const auto& [party, peer] : peers_.all()) {
    if (party == to) continue;
    const Log& log = log_of(peer.card.log_name, party);
    if (!log.head) continue;
    std::string note = log.head->note;
    const auto* mine = witness_.held(peer.card.log_name);
    if (mine != nullptr && mine->size == log.head->mark.size) note = mine->note + mine->line;
    out.push_back(std::move(note));
  }
  for (std::size_t i = 0; i + 1 < out.size() && i < kMaxGossipCheckpoints; ++i)
    std::swap(out[i], out[i + rng.below(out.size() - i)]);
  if (out.size() > kMaxGossipCheckpoints) out.resize(kMaxGossipCheckpoints);
  return out;
}

std::string LogWatch::newest_of(const std::string& party) {
  const Peer* peer = peers_.find(party);
  if (peer == nullptr) return {};
  const Log& log = log_of(peer->card.log_name, party);
  const Held* newest = log.head ? &*log.head : nullptr;
  for (const Held& each : log.open)
    if (newest == nullptr || each.mark.size > newest->mark.size) newest = &each;
  return newest == nullptr ? std::string() : newest->note;
}

}  // namespace focal::exchange
