#include "bench/pair.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "crypto/keystore.h"
#include "node/exchange/party.h"
#include "node/node/setup.h"
#include "node/record/record.h"
#include "tests/support/paths.h"

namespace focal::bench {
namespace {

constexpr std::size_t kChunk = 500;    // submissions a turn of the loop
constexpr std::size_t kAhead = 8000;   // records submitted and not yet receipted
constexpr double kPatienceS = 300;
// Who released the records, as the desk says it: one detail a batch.
constexpr char kReleasedBy[] =
    "focal-detail/v1\nperson bench\nuid 1000\nrole OFFICER\nact trace.open\n";
constexpr std::chrono::milliseconds kLook{2};  // each look costs the node a turn

crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes(kBenchPassphrase)); }

std::uint64_t number_in(const char* file, const std::string& key) {
  std::ifstream in(file);
  std::string word;
  std::uint64_t value = 0;
  while (in >> word)
    if (word == key && in >> value) return value;
  give_up(std::string("no ") + key + " in " + file);
}

}  // namespace

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
    at->core().write(store::SetTrust{row.party, card_id, row.level, store::Suspension::kNone, "PHONE", "benchmark"});
    if (!at->core().peers().put(row)) give_up("pin");
    at->core().machine().peer_changed(now, row.party);
    at->links_changed();
  });
}

Running::Running(const std::filesystem::path& folder, const std::string& party, int port)
    : party_(party),
      folder_(folder / party),
      gate_(std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin" /
            "focal-gate") {
  crypto::init();
  node::SetupOptions options;
  options.folder = folder_;
  options.root_folder = folder / ("root-" + party);
  options.party = party;
  options.listen = "tcp://127.0.0.1:" + std::to_string(port);
  options.endpoints = {options.listen};
  options.authority = {"benchmark"};
  options.kdf = crypto::kKdfTest;
  crypto::SystemRng rng;
  need(node::set_up(options, passphrase(), passphrase(), read_clocks(), rng));
  open();
}

Running::~Running() { stop(); }

void Running::open() {
  auto config = need(config::load_config(folder_ / node::kConfigFile));
  config.gate_program = gate_;
  config.gate.backoff_base_ms = 50;
  config.gate.backoff_cap_ms = 200;  // an outage here is short
  node_ = need(node::Node::open(std::move(config), passphrase(), read_clocks()));
  log::set_level(log::Level::kError);
}

void Running::start() {
  if (thread_.joinable()) return;
  if (!node_) open();
  thread_ = std::thread([this] { (void)node_->run(); });
  pthread_setname_np(thread_.native_handle(), party_.c_str());  // for profilers
}

void Running::stop() {
  if (!thread_.joinable()) return;
  node_->stop();
  thread_.join();
  node_.reset();
}

void Running::on_loop(const std::function<void(const Now&)>& act) {
  if (!thread_.joinable()) {
    const Now now = read_clocks();
    act(now);
    if (const auto done = node_->core().finish_group(now); !done.status)
      give_up(done.status.error().message);
    return;
  }
  const Status done = node_->perform([&](const Now& now) -> Status {
    act(now);
    return {};
  });
  if (!done) give_up(done.error().message);
}

Load opaque_1k() { return {"bench.opaque", Bytes(1024, 'x'), 1}; }

Load trace_request() {
  std::ifstream in(test::in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
  std::stringstream text;
  text << in.rdbuf();
  const auto record = record::from_json(text.str(), "XA", {"XB"});
  if (!record) give_up(record.error().as_error().message);
  return {"trace.request", record->body(), 1};
}

Pair::Pair(const std::filesystem::path& folder, int first_port)
    : a(folder, "XA", first_port), b(folder, "XB", first_port + 1) {
  pin(a, b);
  pin(b, a);
  a.start();
  b.start();
  run(opaque_1k(), 1);  // the link is up
}

void Pair::submit(const Load& load, std::size_t n) {
  a.on_loop([&](const Now& now) {
    for (std::size_t i = 0; i < n; ++i) {
      exchange::Draft draft;
      draft.to = {"XB"};
      draft.kind = load.kind;
      draft.body = load.body;
      draft.lane = load.lane;
      draft.detail = kReleasedBy;
      a->core().machine().submit(now, std::move(draft));
    }
  });
}

std::size_t Pair::open_rows() {
  std::size_t n = 0;
  a.on_loop([&](const Now&) { n = a->core().machine().outbox().size(); });
  return n;
}

std::size_t Pair::open_records() {
  std::size_t n = 0;
  a.on_loop([&](const Now&) {
    a->core().machine().outbox().for_each(
        [&](const exchange::OutboxEntry& e) { n += e.row.item_status.size(); });
  });
  return n;
}

void Pair::wait_empty(double limit_s) {
  const auto start = Clock::now();
  while (open_rows() != 0) {
    if (seconds_since(start) > limit_s) give_up("the outbox does not drain");
    std::this_thread::sleep_for(kLook);
  }
}

double Pair::run(const Load& load, std::size_t n) {
  const auto start = Clock::now();
  for (std::size_t sent = 0; sent < n;) {
    // Keep a bounded backlog, as a desk under load would.
    if (open_records() > kAhead) {
      if (seconds_since(start) > kPatienceS) give_up("records do not leave");
      std::this_thread::sleep_for(kLook);
      continue;
    }
    const std::size_t some = std::min(kChunk, n - sent);
    submit(load, some);
    sent += some;
  }
  wait_empty(kPatienceS);
  return seconds_since(start);
}

double Pair::one(const Load& load) {
  const auto start = Clock::now();
  submit(load, 1);
  while (open_rows() != 0) std::this_thread::yield();
  return seconds_since(start) * 1e6;
}

std::uint64_t resident_kib() { return number_in("/proc/self/status", "VmRSS:"); }
std::uint64_t written_bytes() { return number_in("/proc/self/io", "write_bytes:"); }

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  double sum = 0;
  for (const timeval& t : {usage.ru_utime, usage.ru_stime})
    sum += static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  return sum;
}

double gates_cpu_s() {
  double ticks = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream in(entry.path() / "stat");
    std::string line;
    if (!std::getline(in, line)) continue;
    std::istringstream rest(line.substr(line.rfind(')') + 1));  // the name may hold anything
    std::string state;
    long long parent = 0, skipped = 0;
    double user = 0, system = 0;
    rest >> state >> parent;
    for (int i = 0; i < 9; ++i) rest >> skipped;
    rest >> user >> system;
    if (parent == ::getpid()) ticks += user + system;
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

FocalPrimitives primitives(const std::filesystem::path& folder) {
  FocalPrimitives out{};
  char error[256];
  if (focal_measure_primitives(folder.c_str(), &out, error, sizeof error) != 0) give_up(error);
  return out;
}

}  // namespace focal::bench
