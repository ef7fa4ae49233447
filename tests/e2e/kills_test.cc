// Goal: two nodes that write to each other without a pause, and of which one process or
// another is killed again and again, at any moment, lose nothing and repeat nothing.
// Method: officers of both sides release records as fast as they are answered; SIGKILL
// to focald and focal-gate of either side in random order, at random moments. At the end
// the ledger files of the stopped nodes are compared. What was under way at a kill is
// read from the ledger file of the node that sent it.
//
// FOCAL_KILLS: how many kills (default 200). FOCAL_KILL_SEED: another order of them.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "crypto/keystore.h"
#include "node/cli/client.h"
#include "node/ledger/sqlite_driver.h"
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

using std::chrono::milliseconds;

constexpr int kKills = 200;
constexpr int kOpenAtMost = 40;             // records of an officer without a receipt
constexpr milliseconds kLongestPause{150};  // between two kills
constexpr double kWantedUnderWay = 0.5;

int number_from(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr && std::atoi(text) > 0 ? std::atoi(text) : otherwise;
}

// The same keys under a passphrase that costs nothing: a start takes milliseconds.
void make_starts_quick(const Party& party) {
  const fs::path file = party.folder() / "keystore.focalkey", old = party.file("old.focalkey");
  fs::rename(file, old);
  const auto passphrase = crypto::Secret::copy_of(as_bytes(party.passphrase()));
  crypto::SystemRng rng;
  auto from = crypto::Keystore::open(old, passphrase);
  auto to = crypto::Keystore::create(file, passphrase, crypto::kKdfTest, rng);
  ASSERT_TRUE(from && to);
  for (const std::string& name : from->names())
    to->put(name, crypto::Secret::copy_of(from->find(name)->view()));
  ASSERT_TRUE(to->save(rng));
  fs::remove(old);
}

// Rows of the outbox that have not ended, in the ledger file of a node.
bool has_open_rows(const Party& party) {
  static constexpr char kOpen[] = "SELECT 1 FROM outbox WHERE state<10";
  const auto db = ledger::open_sqlite(party.ledger(), ledger::SqliteMode::kReadOnly);
  if (!db) return false;  // held still with a lock in its hand
  const auto row = ledger::Query(**db, kOpen).next();
  return row && *row;
}

// Releases test records to the other party until told to stop, whether its node
// answers or is dead. Keeps the ids of those that were answered for.
class Officer {
 public:
  Officer(const Party& at, std::string to)
      : client_(at.folder()), to_(std::move(to)), work_([this](const std::stop_token& over) {
          while (!over.stop_requested()) release(over);
        }) {}

  std::set<std::string> stop() {
    work_.request_stop();
    work_.join();
    return std::move(answered_);
  }
  int unanswered() const { return unanswered_; }

 private:
  void release(const std::stop_token& over) {
    if (++since_look_ >= kOpenAtMost / 2) wait_for_receipts(over);
    const auto reply = client_.request("POST", cli::target_of({"v1", "peers", to_, "ping"}), "{}");
    if (!reply || reply->status != 200) {  // killed before, or while it worked
      ++unanswered_;
      std::this_thread::sleep_for(milliseconds(2));
      return;
    }
    const Json ping(reply->body);
    EXPECT_TRUE(answered_.insert(ping["rid"]).second) << "one id for two records";
  }
  void wait_for_receipts(const std::stop_token& over) {
    since_look_ = 0;
    while (!over.stop_requested()) {
      const auto reply = client_.request("GET", "/v1/outbox?limit=1");
      if (reply && reply->status == 200 && std::stoi(Json(reply->body)["total"]) < kOpenAtMost)
        return;
      std::this_thread::sleep_for(milliseconds(2));
    }
  }

  cli::Client client_;
  std::string to_;
  std::set<std::string> answered_;
  int since_look_ = 0;
  std::atomic<int> unanswered_ = 0;
  std::jthread work_;
};

class Kills : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    make_starts_quick(xa_);
    make_starts_quick(xb_);
  }

  // Had the one who dies records under way that its peer has not receipted? The rows of
  // its outbox are counted as they stood at the kill: of a dead node, or of one that is
  // held still while its gate dies.
  bool kill_one(Party& party, bool gate) {
    const pid_t gate_pid = party.gate_pid();
    if (!gate) {
      party.crash();
      const bool flew = has_open_rows(party);
      party.start();
      return flew;
    }
    EXPECT_GT(gate_pid, 1);  // never a signal to all
    party.signal(SIGSTOP);
    const bool flew = has_open_rows(party);
    if (gate_pid > 1) ::kill(gate_pid, SIGKILL);
    party.signal(SIGCONT);
    return flew;
  }
};

TEST_F(Kills, N101_KilledAgainAndAgainUnderLoadNothingIsLostOrRepeated) {
  const int kills = number_from("FOCAL_KILLS", kKills);
  const int seed = number_from("FOCAL_KILL_SEED", 1);
  std::mt19937 dice(static_cast<unsigned>(seed));
  start_both();
  Officer officer_a(xa_, "XB"), officer_b(xb_, "XA");
  const auto begin = std::chrono::steady_clock::now();
  int focald = 0, gates = 0, flew = 0;
  for (int i = 0; i < kills; ++i) {
    std::this_thread::sleep_for(milliseconds(dice() % kLongestPause.count()));
    Party& victim = dice() % 2 == 0 ? xa_ : xb_;
    const bool gate = dice() % 2 == 0;
    flew += kill_one(victim, gate) ? 1 : 0;
    (gate ? gates : focald) += 1;
    ASSERT_FALSE(HasFailure());
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  const auto from_a = officer_a.stop(), from_b = officer_b.stop();
  ASSERT_TRUE(xa_.settles() && xb_.settles());
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  expect_each_once(xa_, xb_);
  expect_each_once(xb_, xa_);
  for (const auto& [party, ids] : {std::pair(&xa_, &from_a), std::pair(&xb_, &from_b)}) {
    const auto sent = party->ids_in_ledger(store::LeafType::kSent);
    const std::set<std::string> all(sent.begin(), sent.end());
    EXPECT_TRUE(std::includes(all.begin(), all.end(), ids->begin(), ids->end()))
        << party->name() << " answered for a record that it has not stored";
    std::printf("%s: %zu records, %zu answered for\n", party->name().c_str(), all.size(),
                ids->size());
    EXPECT_GT(ids->size(), static_cast<std::size_t>(kills));
  }
  std::printf(
      "%d kills, seed %d: %d of focald, %d of focal-gate; records under way at %d; %lld s\n", kills,
      seed, focald, gates, flew,
      static_cast<long long>(std::chrono::duration_cast<std::chrono::seconds>(took).count()));
  EXPECT_GT(flew, kWantedUnderWay * kills);
}

}  // namespace
}  // namespace focal::e2e
