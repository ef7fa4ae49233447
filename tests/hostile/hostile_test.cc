// Goal: a party that is verified at XB, holds valid keys and does everything that a peer
// can do at a gate, stops neither XB nor the traffic between XB and XA: honest records are
// neither lost nor late beyond one restart of the gate (docs/reliability.md, "Hostile client").
// Method: real processes of XA and XB; officers of both release test records without a
// pause and wait for the receipts. XM, whose keys `focal init` made and whose node never
// runs, attacks XB's gate with libzmq and raw TCP: some threads make every kind of attack
// in a seeded random order; where XM says it can be reached, XB's own gate is badly
// received. XB is made to write to XM, and XB's gate is killed as a lucky attack would
// kill it. The attack goes on until time is up, every kind was made, and the officers'
// last records are receipted. Then the ledgers of the stopped nodes are compared.
//
// FOCAL_HOSTILE_SECONDS: how long (default 10). FOCAL_HOSTILE_SEED: another order.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "tests/hostile/assault.h"
#include "tests/hostile/officer.h"
#include "tests/hostile/snare.h"

namespace focal::hostile {
namespace {

using e2e::Json;
using e2e::Party;
using Ids = std::set<std::string>;
using std::chrono::milliseconds;

constexpr int kSeconds = 10;
constexpr int kAttackers = 3;
constexpr int kStolen = 4;  // true records of each honest party in XM's hands
constexpr int kGateKills = 2;
constexpr int kProvokedAtMost = 4000;  // records of XB for XM
constexpr milliseconds kProvokePause{60};
constexpr milliseconds kLookPause{50};
// How long may it take until every kind was made once; only a broken build needs it.
constexpr std::uint64_t kEveryKindMs = 180'000;
// What XB may use. A start alone takes 64 MiB for its passphrase.
constexpr std::size_t kMostMemoryKib = 512 << 10;
constexpr std::size_t kMostGateMemoryKib = 1024 << 10;
// Lines of XB's log: some for each connection, a bounded number each minute for the rest.
constexpr std::size_t kLinesForAll = 300;
constexpr std::size_t kLinesForAConnection = 2;
constexpr std::size_t kLinesForAMinute = 300;

int number_from(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : otherwise;
}

// The most memory that the process ever had in use.
std::size_t peak_kib(pid_t pid) {
  const std::string status = e2e::proc_text(pid, "status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::stoul(status.substr(at + 6));
}

// Steps of the receive path at which the node must have refused something when all was
// tried, and has not: what was sent did get that far. (3 is a wrong padding, 5 a revoked
// sender.)
Ids steps_without_refusal(cli::Client& node) {
  Ids steps{"1", "2", "4", "6", "7", "8", "11"};
  const auto reply = node.request("GET", "/v1/status");
  if (!reply || reply->status != 200) return steps;
  const Json status(reply->body);
  for (std::size_t i = 0; i < status.size("refused"); ++i)
    steps.erase(status["refused[" + std::to_string(i) + "].step"]);
  return steps;
}

Ids as_set(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

Ids without(const Ids& all, const Ids& some) {
  Ids out;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(),
                      std::inserter(out, out.end()));
  return out;
}

// What the parts of the run took, for whoever wonders where the time went.
class Parts {
 public:
  void end(const std::string& part) {
    const auto now = std::chrono::steady_clock::now();
    const auto ms = std::chrono::duration_cast<milliseconds>(now - since_).count();
    text_ += (text_.empty() ? "" : ", ") + part + " " + std::to_string(ms) + " ms";
    since_ = now;
  }
  const std::string& text() const { return text_; }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::string text_;
};

// XB writes to XM too, so that there is something to answer wrongly.
class Provoker {
 public:
  explicit Provoker(const Party& at)
      : node_(at.folder()), work_([this](const std::stop_token& over) {
          for (int i = 0; i < kProvokedAtMost && !over.stop_requested(); ++i) {
            if (const auto record = release_ping(node_, "XM")) ids_.insert(record->rid);
            std::this_thread::sleep_for(kProvokePause);
          }
        }) {}
  Ids stop() {
    work_.request_stop();
    work_.join();
    return std::move(ids_);
  }

 private:
  cli::Client node_;
  Ids ids_;
  std::jthread work_;
};

class Hostile : public e2e::Friends {
 protected:
  Hostile() : snare_(e2e::free_port(), e2e::free_port()) {}

  // XM at XB: introduced and verified, as anybody is whose officer read the right number.
  void let_villain_in() {
    Party xm(temp_.path(), "XM", e2e::free_port());
    const auto made = xm.init();
    ASSERT_EQ(made.code, 0) << made.err;
    xb_.start();
    const std::string introduction = xb_.file("introduction");
    ASSERT_EQ(xb_.focal({"card", "export", "--to", introduction}).code, 0);
    villain_ = std::make_unique<Villain>(xm, target_from(e2e::read_text(introduction), xb_.port()),
                                         snare_.endpoints());
    const std::string card = xb_.file("from-XM.focalcard");
    e2e::write_text(card, villain_->introduction());
    xb_.ask({"peer", "add", card, "--party", "XM"});
    const std::string number = e2e::digits_shown(xb_.focal({"peer", "show", "XM"}).out);
    xb_.ask({"peer", "verify", "XM", "--number", number, "--how", "phone"});
    ASSERT_EQ(xb_.trust_in("XM"), "VERIFIED");
    EXPECT_EQ(xb_.stop(), 0);
  }

  // Records that one has released while the other could not be reached, for XM to bring.
  std::vector<Loot> let_villain_steal() {
    std::vector<Loot> loot;
    for (auto [from, to] : {std::pair(&xa_, &xb_), std::pair(&xb_, &xa_)}) {
      from->start();
      e2e::ping_burst(*from, to->name(), kStolen);
      EXPECT_EQ(from->stop(), 0);
      auto stolen = steal_outbox(*from);  // records released at once travel in one batch
      EXPECT_GE(stolen.size(), 1u);
      for (Loot& each : stolen) loot.push_back(std::move(each));
    }
    return loot;
  }

  // As an attack that finds a way would end it: only once all that is under way was
  // released after the last time, so that nothing suffers twice by our own hand.
  bool may_kill_gate(const Officer& a, const Officer& b, cli::Client& xb) {
    const std::uint32_t restarts = gate_of(xb).restarts;
    return restarts >= kills_ && a.round_began_after() >= restarts &&
           b.round_began_after() >= restarts;
  }

  void attack_until_all_is_done(Assault& assault, const Officer& a, const Officer& b);
  void expect_ledgers_in_order(const Ids& from_a, const Ids& from_b, const Ids& provoked);
  std::string summary(Assault& assault, const Officer& a, const Officer& b, cli::Client& xb);
  std::size_t log_lines() const {
    const std::string log = e2e::read_text(xb_.log());
    return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  }
  // A gate may end at any time, and one that a starved machine holds up is replaced; but
  // none of these attacks is known to end one. If one does, it is to be found out why.
  void expect_no_gate_crashed() const {
    std::istringstream log(e2e::read_text(xb_.log()));
    for (std::string line; std::getline(log, line);)
      if (line.find("it will be started again") != std::string::npos &&
          line.find("process ended (ended by signal 9)") == std::string::npos &&
          line.find("no sign of life") == std::string::npos &&
          line.find("does not take its messages") == std::string::npos)
        ADD_FAILURE() << "an attack has ended the gate: " << line;
  }

  const int seconds_ = number_from("FOCAL_HOSTILE_SECONDS", kSeconds);
  const int seed_ = number_from("FOCAL_HOSTILE_SEED", 1);
  Snare snare_;
  std::unique_ptr<Villain> villain_;
  std::size_t gate_peak_ = 0;
  std::uint32_t kills_ = 0;
  std::chrono::seconds took_{};
};

void Hostile::attack_until_all_is_done(Assault& assault, const Officer& a, const Officer& b) {
  const auto begin = std::chrono::steady_clock::now();
  const auto spent = [&] { return std::chrono::steady_clock::now() - begin; };
  cli::Client xb(xb_.folder());
  e2e::eventually(
      [&] {
        std::this_thread::sleep_for(kLookPause);
        const auto gates = e2e::children_of(xb_.pid(), "focal-gate");
        if (gates.size() == 1) gate_peak_ = std::max(gate_peak_, peak_kib(gates.front()));
        const auto next_kill = std::chrono::seconds(seconds_) * (kills_ + 1) / (kGateKills + 1);
        if (kills_ < kGateKills && spent() >= next_kill && gates.size() == 1 &&
            may_kill_gate(a, b, xb)) {
          ::kill(gates.front(), SIGKILL);
          ++kills_;
        }
        if (!xb_.runs() || HasFailure()) return true;
        return spent() >= std::chrono::seconds(seconds_) && kills_ == kGateKills &&
               assault.has_done_each() && snare_.has_done_each() &&
               steps_without_refusal(xb).empty();
      },
      static_cast<std::uint64_t>(seconds_) * 1000 + kEveryKindMs);
  took_ = std::chrono::duration_cast<std::chrono::seconds>(spent());
  EXPECT_TRUE(xb_.runs()) << "focald of XB has ended";
  if (HasFailure()) return;
  for (const auto& counts : {assault.counts(), snare_.counts()})
    for (const auto& [kind, count] : counts) EXPECT_GT(count, 0u) << "never made: " << kind;
}

void Hostile::expect_ledgers_in_order(const Ids& from_a, const Ids& from_b, const Ids& provoked) {
  const Ids good = villain_->good(), bad = villain_->bad();
  Ids others = good;
  for (const Ids& more : {provoked, villain_->invented()}) others.insert(more.begin(), more.end());
  e2e::expect_each_once(xa_, xb_, {}, others);
  e2e::expect_each_once(xb_, xa_, {}, others);
  const Ids sent_a = as_set(xa_.ids_in_ledger(store::LeafType::kSent));
  const Ids sent_b = as_set(xb_.ids_in_ledger(store::LeafType::kSent));
  EXPECT_EQ(without(from_a, sent_a), Ids{}) << "XA answered for what it has not stored";
  EXPECT_EQ(without(from_b, sent_b), Ids{}) << "XB answered for what it has not stored";
  // Of XM there is what was released in its name, and nothing else.
  const Ids received = as_set(xb_.ids_in_ledger(store::LeafType::kReceived));
  const Ids rejected = as_set(xb_.ids_in_ledger(store::LeafType::kRejected));
  EXPECT_EQ(without(without(received, sent_a), good), Ids{}) << "a record nobody released";
  EXPECT_FALSE(without(received, sent_a).empty()) << "XM's true records did not arrive";
  EXPECT_EQ(without(rejected, bad), Ids{}) << "a record was rejected that nobody released";
  EXPECT_FALSE(rejected.empty());
  EXPECT_EQ(xa_.ids_in_ledger(store::LeafType::kRejected).size(), 0u);
}

std::string Hostile::summary(Assault& assault, const Officer& a, const Officer& b,
                             cli::Client& xb) {
  std::ostringstream out;
  const GateState gate = gate_of(xb);
  std::uint64_t attacks = 0;
  for (const auto& counts : {assault.counts(), snare_.counts()})
    for (const auto& [kind, count] : counts) attacks += count;
  out << "hostile: seed " << seed_ << ", " << took_.count() << " s, " << attacks << " attacks of "
      << assault.counts().size() + snare_.counts().size() << " kinds, " << assault.connections()
      << " links tried; rounds of 3 honest records: " << a.rounds() << " to XB, " << b.rounds()
      << " to XA, most restarts in a round " << std::max(a.most_restarts(), b.most_restarts())
      << "; XB: gate restarts " << gate.restarts << " (" << kills_
      << " killed by the test), focald " << peak_kib(xb_.pid()) / 1024 << " MiB, gate "
      << gate_peak_ / 1024 << " MiB, log lines " << log_lines();
  if (gate.restarts > kills_) out << "; gate last ended: " << gate.last_error;
  out << ";";
  for (const auto& counts : {assault.counts(), snare_.counts()})
    for (const auto& [kind, count] : counts) out << " " << kind << " " << count;
  return out.str();
}

TEST_F(Hostile, EverythingAPeerCanDoAtTheGateNeitherLosesNorDelaysAnHonestRecord) {
  Parts parts;
  let_villain_in();
  const std::vector<Loot> loot = let_villain_steal();
  ASSERT_FALSE(HasFailure());
  parts.end("preparation");
  start_both();
  ASSERT_FALSE(HasFailure());
  parts.end("links");
  const pid_t focald = xb_.pid();
  cli::Client xb(xb_.folder());
  Provoker provoker(xb_);
  Officer officer_a(xa_, "XB", xb_), officer_b(xb_, "XA", xb_);
  snare_.start(*villain_, static_cast<std::uint64_t>(seed_));
  Assault assault(*villain_, loot, snare_.endpoints(), static_cast<std::uint64_t>(seed_),
                  kAttackers);
  attack_until_all_is_done(assault, officer_a, officer_b);
  // The officers' last records are receipted while the attack still goes on.
  const Ids from_a = officer_a.stop(), from_b = officer_b.stop();
  parts.end("attack");
  assault.stop();
  snare_.stop();
  const Ids provoked = provoker.stop();
  parts.end("end of it");

  ASSERT_TRUE(xb_.runs()) << "focald of XB has ended\n" << e2e::read_text(xb_.log());
  EXPECT_EQ(xb_.pid(), focald);
  std::printf("%s\n", summary(assault, officer_a, officer_b, xb).c_str());
  expect_no_gate_crashed();
  EXPECT_EQ(steps_without_refusal(xb), Ids{});
  EXPECT_GT(officer_a.rounds(), 0u);
  EXPECT_GT(officer_b.rounds(), 0u);
  EXPECT_LT(peak_kib(focald), kMostMemoryKib);
  EXPECT_LT(gate_peak_, kMostGateMemoryKib);
  EXPECT_LT(log_lines(), kLinesForAll + kLinesForAConnection * assault.connections() +
                             kLinesForAMinute * static_cast<std::size_t>(took_.count() / 60 + 2));
  ASSERT_TRUE(xa_.settles());
  ASSERT_TRUE(e2e::eventually([&] {
    return xb_.ask({"outbox", "--party", "XA"}).is("total", "0");
  }));
  parts.end("settled");
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  parts.end("stopped");
  expect_ledgers_in_order(from_a, from_b, provoked);
  parts.end("ledgers");
  std::printf("hostile: %s\n", parts.text().c_str());
}

}  // namespace
}  // namespace focal::hostile
