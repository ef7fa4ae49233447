// How many records a second go from one node to another, committed at both ends
// and receipted, and how long one alone takes. Two whole nodes (loop, ledger,
// gate process) on loopback in one program, submitting through the desk's door
// (Node::perform). Prints one JSON line a load; the ideal is what the primitives
// of the same run allow (bench/primitives.h).
//   bench_exchange [FOLDER]     FOCAL_BENCH_RECORDS sets the count (default 20000)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "bench/primitives.h"
#include "crypto/keystore.h"
#include "node/exchange/party.h"
#include "node/node/node.h"
#include "node/node/setup.h"
#include "node/record/record.h"

namespace focal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBody = 1024;
constexpr std::size_t kChunk = 500;     // submissions a turn of the loop
constexpr std::size_t kAhead = 8000;    // records submitted and not yet receipted
constexpr int kIdleRounds = 200;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_exchange: %s\n", why.c_str());
  std::exit(1);
}

template <typename T>
T need(Result<T> result) {
  if (!result) give_up(result.error().message);
  return std::move(*result);
}

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes("bench passphrase")); }

// A node that serves on a thread of its own.
class Running {
 public:
  Running(const std::filesystem::path& folder, const std::string& party, int port,
          const std::filesystem::path& gate) {
    node::SetupOptions options;
    options.folder = folder / party;
    options.root_folder = folder / ("root-" + party);
    options.party = party;
    options.listen = "tcp://127.0.0.1:" + std::to_string(port);
    options.endpoints = {options.listen};
    options.authority = {"benchmark"};
    options.kdf = crypto::kKdfTest;
    crypto::SystemRng rng;
    need(node::set_up(options, passphrase(), passphrase(), read_clocks(), rng));
    auto config = need(config::load_config(options.folder / node::kConfigFile));
    config.gate_program = gate;
    config.gate.backoff_base_ms = 50;
    node_ = need(node::Node::open(std::move(config), passphrase(), read_clocks()));
    log::set_level(log::Level::kError);
    thread_ = std::thread([this] { (void)node_->run(); });
  }
  ~Running() {
    node_->stop();
    thread_.join();
  }
  node::Node& operator*() { return *node_; }
  node::Node* operator->() { return node_.get(); }
  template <typename F>
  void on_loop(F&& act) {
    const Status done = node_->perform([&](const Now& now) -> Status {
      act(now);
      return {};
    });
    if (!done) give_up(done.error().message);
  }

 private:
  std::unique_ptr<node::Node> node_;
  std::thread thread_;
};

void pin(Running& at, Running& other) {
  store::PeerRow row;
  Hash32 card_id{};
  other.on_loop([&](const Now&) {
    const auto& self = other->core().self();
    row.party = self.party();
    row.card_note = self.card.note;
    row.schedule_note = self.schedule_note;
    card_id = self.card.card_id;
  });
  row.level = store::PeerLevel::kVerified;
  at.on_loop([&](const Now& now) {
    at->core().write(store::PutPeer{row, card_id});
    at->core().write(store::SetTrust{row.party, card_id, row.level, false, "PHONE", "benchmark"});
    if (!at->core().peers().put(row)) give_up("pin");
    at->core().machine().peer_changed(now, row.party);
    at->links_changed();
  });
}

std::size_t open_rows(Running& node) {
  std::size_t n = 0;
  node.on_loop([&](const Now&) { n = node->core().machine().outbox().size(); });
  return n;
}

void wait_empty(Running& node, double limit_s) {
  const auto start = Clock::now();
  while (open_rows(node) != 0) {
    if (seconds_since(start) > limit_s) give_up("the outbox does not drain");
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

void submit(Running& node, const std::string& kind, const Bytes& body, std::size_t n) {
  node.on_loop([&](const Now& now) {
    for (std::size_t i = 0; i < n; ++i) {
      exchange::Draft draft;
      draft.to = {"XB"};
      draft.kind = kind;
      draft.body = body;
      node->core().machine().submit(now, std::move(draft));
    }
  });
}

double records_per_s(Running& a, const std::string& kind, const Bytes& body, std::size_t records) {
  const auto start = Clock::now();
  std::size_t sent = 0;
  std::uint64_t acked = 0;
  while (sent < records) {
    // Keep a bounded backlog, as a desk under load would.
    a.on_loop([&](const Now&) {
      acked = 0;
      a->core().machine().outbox().for_each(
          [&](const exchange::OutboxEntry& e) { acked += e.row.item_status.size(); });
    });
    if (acked > kAhead) {
      std::this_thread::sleep_for(std::chrono::microseconds(500));
      continue;
    }
    const std::size_t n = std::min(kChunk, records - sent);
    submit(a, kind, body, n);
    sent += n;
  }
  wait_empty(a, 300);
  return static_cast<double>(records) / seconds_since(start);
}

struct Idle { double p50_us, p99_us; };

Idle idle_round_trips(Running& a, const std::string& kind, const Bytes& body) {
  std::vector<double> us;
  for (int i = 0; i < kIdleRounds; ++i) {
    const auto start = Clock::now();
    submit(a, kind, body, 1);
    while (open_rows(a) != 0) std::this_thread::yield();
    us.push_back(seconds_since(start) * 1e6);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::sort(us.begin(), us.end());
  return {us[us.size() / 2], us[us.size() * 99 / 100]};
}

Bytes trace_request() {
  std::ifstream in(FOCAL_SOURCE_DIR "/tests/vectors/examples/01_trace_request_XA_XB.json");
  std::stringstream text;
  text << in.rdbuf();
  const auto record = record::from_json(text.str(), "XA", {"XB"});
  if (!record) give_up(record.error().as_error().message);
  return record->body();
}

int run(int argc, char** argv) {
  crypto::init();
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const auto gate = std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() /
                    "bin" / "focal-gate";
  const char* wanted = std::getenv("FOCAL_BENCH_RECORDS");
  const std::size_t records = wanted != nullptr ? std::strtoul(wanted, nullptr, 10) : 20000;
  if (records == 0) give_up("FOCAL_BENCH_RECORDS is not a number");

  FocalPrimitives primitives{};
  char error[256];
  if (focal_measure_primitives(folder.c_str(), &primitives, error, sizeof error) != 0)
    give_up(error);
  const double ideal = focal_ideal_records_per_s(&primitives, 2, 225, 1024);
  const double ideal_idle = focal_ideal_round_trip_us(&primitives);

  Running a(folder, "XA", 7421, gate);
  Running b(folder, "XB", 7422, gate);
  pin(a, b);
  pin(b, a);
  submit(a, "bench.opaque", Bytes(kBody, 'x'), 1);
  wait_empty(a, 30);

  const struct { const char* load; const char* kind; Bytes body; std::size_t records; } loads[] = {
      {"opaque_1k", "bench.opaque", Bytes(kBody, 'x'), records},
      {"trace_request", "trace.request", trace_request(), records / 10},
  };
  for (const auto& load : loads) {
    const Idle idle = idle_round_trips(a, load.kind, load.body);
    const double rate = records_per_s(a, load.kind, load.body, load.records);
    std::printf("{\"bench\":\"bench_exchange\",\"load\":\"%s\",\"records\":%zu,"
                "\"records_per_s\":%.0f,\"ideal_records_per_s\":%.0f,\"ratio\":%.4f,"
                "\"idle_p50_us\":%.0f,\"idle_p99_us\":%.0f,\"ideal_idle_us\":%.0f}\n",
                load.load, load.records, rate, ideal, rate / ideal, idle.p50_us, idle.p99_us,
                ideal_idle);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace focal

int main(int argc, char** argv) { return focal::run(argc, argv); }
