#include "tests/hostile/officer.h"

#include <optional>

namespace focal::hostile {
namespace {

using std::chrono::milliseconds;

constexpr int kRecordsOfARound = 3;
constexpr milliseconds kPause{10};  // between two questions
// Bounds how long a broken build takes to fail; nobody waits for it otherwise.
constexpr std::uint64_t kDeliveryLimitMs = 180'000;

}  // namespace

GateState gate_of(cli::Client& node) {
  const auto reply = node.request("GET", "/v1/status");
  EXPECT_TRUE(reply && reply->status == 200) << "the node does not answer";
  if (!reply || reply->status != 200) return {};
  const e2e::Json status(reply->body);
  return {static_cast<std::uint32_t>(std::stoul(status["gate.restarts"])),
          status["gate.last_error"]};
}

std::optional<Released> release_ping(cli::Client& node, const std::string& to) {
  const auto reply = node.request("POST", cli::target_of({"v1", "peers", to, "ping"}), "{}");
  if (!reply || reply->status != 200) return std::nullopt;
  const e2e::Json ping(reply->body);
  return Released{ping["rid"], ping["outbox_id"]};
}

Officer::Officer(const e2e::Party& at, std::string to, const e2e::Party& attacked)
    : node_(at.folder()),
      attacked_(attacked.folder()),
      to_(std::move(to)),
      work_([this](const std::stop_token& over) { work(over); }) {}

std::set<std::string> Officer::stop() {
  work_.request_stop();
  work_.join();
  return std::move(ids_);
}

void Officer::work(const std::stop_token& over) {
  while (!over.stop_requested() && !::testing::Test::HasFailure()) {
    const std::uint32_t before = gate_of(attacked_).restarts;
    round_began_after_ = before;
    std::vector<std::string> open;
    for (int i = 0; i < kRecordsOfARound; ++i) {
      const auto record = release_ping(node_, to_);
      EXPECT_TRUE(record) << "an honest record was not taken";
      if (!record) return;
      EXPECT_TRUE(ids_.insert(record->rid).second) << "one id for two records";
      open.push_back(record->outbox_id);
    }
    for (const std::string& id : open) wait_for_receipt(id);
    const std::uint32_t during = gate_of(attacked_).restarts - before;
    EXPECT_LE(during, 1u) << "an honest record to " << to_ << " came late: the gate was started "
                          << during << " times before its receipt was here";
    if (during > most_restarts_) most_restarts_ = during;
    ++rounds_;
  }
}

void Officer::wait_for_receipt(const std::string& outbox_id) {
  const bool received = e2e::eventually(
      [&] {
        if (::testing::Test::HasFailure()) return true;  // the node may be gone
        std::this_thread::sleep_for(kPause);
        const auto reply = node_.request("GET", cli::target_of({"v1", "outbox", outbox_id}));
        return reply && reply->status == 200 &&
               e2e::Json(reply->body).is("entry.state", "ACCEPTED");
      },
      kDeliveryLimitMs);
  EXPECT_TRUE(received) << "no receipt for an honest record to " << to_ << " (" << outbox_id
                        << ") while the attack went on";
}

}  // namespace focal::hostile
