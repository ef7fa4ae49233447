#include "tests/scenario/two_years.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/ledger/verify.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

using exchange::kWeekMs;

constexpr std::size_t kWeeks = 104;
constexpr std::uint64_t kSlackMs = 2 * kDayMs;  // chores are done hourly, the world moves daily
const std::vector<std::string> kParties = {"XA", "XB", "XC"};

// A key that a node has published, and what is known of it.
struct Published {
  std::uint64_t not_after_ms = 0;
  bool destroyed = false;
};

class Life {
 public:
  Life();
  TwoYears live();

 private:
  struct Sent {
    std::string from, to;
    store::RecordRef ref;
  };
  bool runs(const std::string& party) const { return w_.is_running(party); }
  void connect_all();
  void week(std::size_t number);
  void away(std::size_t number);
  void officers_write(std::size_t number);
  void restart(std::size_t number);
  void clocks(std::size_t number);
  void jump(const std::string& party, std::int64_t by_ms, bool with_start);
  void learn(const std::string& party);
  void check_keys(const std::string& party);
  void check_schedules();
  void check_end();
  bool is_sure(const std::string& party);
  void wrong(std::string what) {
    if (out_.wrong.size() < kMaxWrong)
      out_.wrong.push_back(format_utc(w_.now().wall_ms) + ": " + std::move(what));
  }

  World w_;
  TwoYears out_;
  std::vector<std::pair<std::string, std::string>> pairs_;
  std::map<std::string, exchange::LinkId> links_;  // by "XA-XB"
  std::map<std::string, std::map<Id16, Published>> published_;
  std::map<std::string, std::uint64_t> sure_since_ms_;
  std::vector<Sent> sent_;
};

Life::Life() {
  // What was sent two years ago has to open at the end: nothing is due before.
  w_.configure = [](config::NodeConfig& config) {
    config.retention.protocol = *config::parse_period("never");
    config.retention.other = *config::parse_period("never");
  };
  for (const auto& party : kParties) w_.add(party, kStartMs + 3 * 365 * kDayMs);
  for (std::size_t a = 0; a < kParties.size(); ++a)
    for (std::size_t b = a + 1; b < kParties.size(); ++b) pairs_.emplace_back(kParties[a], kParties[b]);
  for (const auto& [a, b] : pairs_) w_.verify_both(a, b);
}

void Life::connect_all() {
  for (const auto& [a, b] : pairs_)
    if (runs(a) && runs(b)) {
      exchange::LinkId& link = links_[a + "-" + b];
      if (link != 0 && w_.is_up(link)) continue;
      link = w_.connect(a, b);
    }
}

// Which time is right is known for so long that every chore has had its turn.
bool Life::is_sure(const std::string& party) {
  const auto state = w_.core(party).machine().safe_clock().read(w_.now(party)).state;
  const bool sure = state == exchange::ClockState::kAgreed || state == exchange::ClockState::kAlone;
  auto& since = sure_since_ms_[party];
  if (!sure) since = 0;
  if (sure && since == 0) since = w_.now().wall_ms;
  return since != 0 && since + kSlackMs <= w_.now().wall_ms;
}

void Life::learn(const std::string& party) {
  const auto schedule = exchange::parse_schedule(w_.core(party).self().schedule_note);
  for (const auto& key : schedule->keys)
    published_[party].try_emplace(key.kid, Published{key.not_after_ms, false});
}

// None is destroyed early, none is kept late, file and memory hold the same, the ledger
// tells of each end.
void Life::check_keys(const std::string& party) {
  learn(party);
  const auto keystore = w_.keystore(party);
  std::set<Id16> in_file;
  const auto names = *node::seal_names(keystore, node::kSealPrefix);
  for (const auto& name : names) in_file.insert(name.kid);
  const auto& self = w_.core(party).self();
  out_.most_keys = std::max(out_.most_keys, self.sealing.size());
  if (in_file.size() != self.sealing.size())
    wrong(party + " holds other keys in memory than in its keystore");
  const bool sure = is_sure(party);
  const std::uint64_t right = w_.now().wall_ms;
  for (auto& [kid, key] : published_[party]) {
    const std::uint64_t end = key.not_after_ms + 21 * kDayMs;
    const bool here = self.find_sealing(kid) != nullptr;
    if (here != in_file.contains(kid)) wrong(party + " holds a key only in one place");
    if (!here && right < end) wrong(party + " destroyed the key of the week to " + format_date(key.not_after_ms) + " early");
    if (here && sure && right > end + kSlackMs)
      wrong(party + " kept the key of the week to " + format_date(key.not_after_ms) + " late");
    if (here && key.destroyed) wrong(party + " has a key again that was destroyed");
    if (!here && !key.destroyed) {
      key.destroyed = true;
      ++out_.destroyed;
    }
  }
}

void Life::check_schedules() {
  for (const auto& [a, b] : pairs_) {
    if (!runs(a) || !runs(b)) continue;
    for (const auto& [at, of] : {std::pair{a, b}, std::pair{b, a}}) {
      const auto& held = w_.core(at).peers().find(of)->schedule;
      if (!held || held->note != w_.core(of).self().schedule_note)
        wrong(at + " does not hold the newest schedule of " + of);
      if (held && exchange::select_key(held->keys, w_.now().wall_ms) == nullptr)
        wrong(at + " has no key for " + of);
    }
  }
}

void Life::away(std::size_t number) {
  if (number == 20 || number == 60) {
    w_.stop("XC");
    links_.erase("XA-XC"), links_.erase("XB-XC");
  }
  if (number == 30 || number == 70) {
    for (const auto& party : {"XA", "XB"})
      w_.core(party).machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
        out_.held_back += entry.row.peer == "XC" ? 1 : 0;
      });
    w_.start("XC");
    w_.run();
  }
}

void Life::officers_write(std::size_t number) {
  for (const auto& from : kParties)
    for (const auto& to : kParties) {
      if (from == to || !runs(from)) continue;
      const auto text = from + " to " + to + " in week " + std::to_string(number);
      sent_.push_back({from, to, w_.send(from, to, "peer.ping", ping_body(text))});
    }
  w_.run();
}

void Life::restart(std::size_t number) {
  const std::string& party = kParties[(number / 5) % kParties.size()];
  if (number % 5 != 3 || !runs(party)) return;
  w_.crash(party);
  ++out_.restarts;
  connect_all();
}

// Sixty days ahead for a minute, or a month behind for an hour.
void Life::jump(const std::string& party, std::int64_t by_ms, bool with_start) {
  if (!runs(party)) return;
  ++out_.jumps;
  w_.set_clock(party, by_ms);
  w_.advance(kHourMs);  // every chore has its turn by the wrong clock
  if (with_start) {
    w_.crash(party);
    w_.run();           // alone with the wrong clock
    check_keys(party);
    connect_all();
    w_.advance(kHourMs);
  }
  check_keys(party);
  w_.set_clock(party, 0);
  w_.advance(kMinuteMs);
  connect_all();
}

void Life::clocks(std::size_t number) {
  const std::string& party = kParties[number % kParties.size()];
  if (number % 8 == 5) jump(party, 60 * static_cast<std::int64_t>(kDayMs), number % 16 == 5);
  if (number % 8 == 1) jump(party, -30 * static_cast<std::int64_t>(kDayMs), number % 16 == 1);
}

void Life::week(std::size_t number) {
  away(number);
  connect_all();
  officers_write(number);
  clocks(number);
  restart(number);
  for (int day = 0; day < 7; ++day) {
    w_.advance(kDayMs);
    for (const auto& party : kParties)
      if (runs(party)) check_keys(party);
  }
  connect_all();
  check_schedules();
}

// Everything that was sent has arrived, stays readable long after its key is gone, and the
// ledgers are whole.
void Life::check_end() {
  out_.sent = sent_.size();
  for (const Sent& each : sent_) {
    const auto status = w_.status_of(each.from, each.ref, each.to);
    if (status != 1) wrong("a record of " + each.from + " to " + each.to + " has status " + std::to_string(status));
    const auto info = w_.view(each.to).find(each.ref);
    if (!info || !w_.view(each.to).item(info->idx))
      wrong("a record of " + each.from + " cannot be read at " + each.to);
  }
  for (const auto& party : kParties) {
    std::map<Hash32, int> ends;
    for (store::LeafIndex i = 0; i < w_.view(party).log_size(); ++i)
      if (const auto leaf = w_.node(party).ledger().leaf(i); leaf->type == store::LeafType::kAdmin)
        ++ends[leaf->ref];
    for (const auto& [kid, key] : published_[party])
      if (ends[store::seal_end_ref(kid)] != (key.destroyed ? 1 : 0))
        wrong("the ledger of " + party + " does not tell once of the end of each key");
    w_.stop(party);
    const auto report = ledger::verify(w_.folder(party) / ledger::kLedgerFile, {});
    if (!report || !report->ok()) wrong("the ledger of " + party + " does not verify");
  }
}

TwoYears Life::live() {
  connect_all();
  for (std::size_t number = 0; number < kWeeks; ++number) week(number);
  check_end();
  return std::move(out_);
}

}  // namespace

TwoYears live_two_years() { return Life().live(); }

}  // namespace focal::test
