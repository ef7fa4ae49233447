// Is the desk on a screen quick at a node that has worked for years? A ledger of 10^6 records with
// 10^5 open cases, and on it the real programs: focald, its API and its console in a browser.
//   bench_console [FOLDER]   FOCAL_BENCH_CASES, FOCAL_BENCH_RECORDS set the size;
//                            FOCAL_BENCH_PICTURES: a folder for screenshots of what was measured
// Four JSON lines.
//   api   inbox_p50_ms, inbox_p99_ms   of a page of the inbox, at random places and with filters,
//         case_p50_ms, case_p99_ms     of what the page of a case asks (case and its sheet), on the
//                                      console's port as a browser does
//         start_s                      focald answers; ready_s: … and has read every open case
//   live  event_p50_ms, event_p99_ms   at most: from an act that was sent until the first event heard
//                                      on /v1/events behind its answer, commit and answer included,
//                                      while records_per_s are committed
//         inbox_p99_ms                 of the inbox meanwhile
//   flood plain_p50_ms, plain_p99_ms   of a page of the inbox while eight others ask it for other words
//                                      without a pause, each of which looks through every open case
//         floods_per_s                 how many of those were answered
//   page  script_kb                    all of the console's script, compressed
//         first_rows_ms                from opening the link until the first rows stand there
//         …and what bench/console_page.mjs says of scrolling, filters, search and long tasks
// Needs node and chromium: without them it fails.
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bench/http_client.h"
#include "bench/large_node.h"
#include "bench/pair.h"
#include "crypto/random.h"
#include "proto/api.pb.h"
#include "proto/console.pb.h"
#include "proto/json.h"
#include "tests/e2e/process.h"
#include "tests/support/paths.h"

namespace focal::bench {
namespace {

namespace fs = std::filesystem;
namespace v1 = focal::api::v1;

constexpr std::size_t kQuestions = 600;
constexpr double kLiveS = 10;
constexpr std::size_t kWantedPerS = 1000;
constexpr int kClients = 8;
constexpr std::uint64_t kPageLimitMs = 180'000;

double part(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  if (values.empty()) give_up("nothing was measured");
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

fs::path build_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path().parent_path();
}

template <typename Message>
Message read(const std::string& text) {
  Message out;
  if (const auto done = json::read(text, out); !done) give_up(done.error().message);
  return out;
}

// focald on the folder, from its start until it is destroyed.
class Served {
 public:
  Served(const fs::path& folder, int port) : folder_(folder / "XA"), port_(port) {
    e2e::Launch launch;
    launch.words = {build_folder() / "bin" / "focald", "--folder", folder_.string(),
                    "--passphrase-fd", "7"};
    launch.secrets = {{7, std::string(kBenchPassphrase)}};
    const auto start = Clock::now();
    child_ = std::make_unique<e2e::Child>(launch, folder / "focald.out", folder / "focald.log");
    const bool answers = e2e::eventually([&] { return fs::exists(socket()); });
    if (!answers) give_up("focald does not start: see " + (folder / "focald.log").string());
    HttpClient client(socket());
    (void)client.ask("GET", "/v1/status");
    start_s_ = seconds_since(start);
    while (read<v1::InboxResponse>(client.ask("GET", "/v1/inbox?limit=1")).behind() != 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    ready_s_ = seconds_since(start);
  }
  ~Served() { child_->signal_and_wait(SIGTERM); }

  fs::path socket() const { return folder_ / "api.sock"; }
  int port() const { return port_; }
  double start_s() const { return start_s_; }
  double ready_s() const { return ready_s_; }
  pid_t pid() const { return child_->pid(); }
  std::string link() {
    HttpClient client(socket());
    return read<v1::ConsoleLinkResponse>(client.ask("POST", "/v1/console/link", "{}")).url();
  }
  // A connection of somebody who is in by the console.
  std::unique_ptr<HttpClient> enter() {
    const std::string url = link();
    auto out = std::make_unique<HttpClient>(port_);
    std::string headers;
    (void)out->ask("POST", "/v1/session",
                   "{\"link\":\"" + url.substr(url.find("#enter=") + 7) + "\"}", &headers);
    const std::size_t at = headers.find("focal_session");
    out->set_cookie(headers.substr(at, headers.find(';', at) - at));
    return out;
  }

 private:
  fs::path folder_;
  int port_;
  std::unique_ptr<e2e::Child> child_;
  double start_s_ = 0, ready_s_ = 0;
};

double timed(HttpClient& client, const std::string& target) {
  const auto start = Clock::now();
  (void)client.ask("GET", target);
  return seconds_since(start) * 1e3;
}

std::string inbox_target(crypto::SeededRng& rng, std::size_t cases) {
  std::string page = "/v1/inbox?limit=100&skip=" + std::to_string(rng.below(cases));
  switch (rng.below(5)) {
    case 0: return "/v1/inbox?limit=100&text=revolver&skip=" + std::to_string(rng.below(cases / 20));
    case 1: return page + "&needs_action=true&priority=URGENT";
    case 2: return page + "&overdue=true";
    default: return page;
  }
}

void measure_api(Served& node, std::size_t cases, std::size_t records) {
  const auto client = node.enter();
  crypto::SeededRng rng(3);
  std::vector<double> inbox, page;
  for (std::size_t i = 0; i < kQuestions; ++i) {
    inbox.push_back(timed(*client, inbox_target(rng, cases)));
    const std::string of = "/v1/traces/T-" + std::to_string(1 + rng.below(cases));
    page.push_back(timed(*client, of + "?with_records=true"));
    page.push_back(timed(*client, of + "/sheet?lang=ar"));
  }
  std::printf("{\"bench\":\"console\",\"load\":\"api\",\"cases\":%zu,\"records\":%zu,\"start_s\":%.2f,"
              "\"ready_s\":%.2f,\"inbox_p50_ms\":%.2f,\"inbox_p99_ms\":%.2f,\"case_p50_ms\":%.2f,"
              "\"case_p99_ms\":%.2f}\n",
              cases, records, node.start_s(), node.ready_s(), part(inbox, 0.5), part(inbox, 0.99),
              part(page, 0.5), part(page, 0.99));
  std::fflush(stdout);
}

// Words that nobody asked for before: what is kept of earlier questions is of no use.
void measure_flood(Served& node, std::size_t cases) {
  std::atomic<bool> over{false};
  std::atomic<std::size_t> answered{0};
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  const auto start = Clock::now();
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&, i] {
      HttpClient client(node.socket());
      for (std::size_t n = 0; !over; ++n, ++answered)
        (void)client.ask("GET", "/v1/inbox?limit=100&text=word" + std::to_string(i) + "x" +
                                    std::to_string(n));
    });
  const auto client = node.enter();
  crypto::SeededRng rng(7);
  std::vector<double> plain;
  while (seconds_since(start) < kLiveS)
    plain.push_back(timed(*client, "/v1/inbox?limit=100&skip=" + std::to_string(rng.below(cases))));
  over = true;
  const double rate = static_cast<double>(answered) / seconds_since(start);
  for (auto& each : clients) each.join();
  std::printf("{\"bench\":\"console\",\"load\":\"flood\",\"floods_per_s\":%.0f,\"plain_p50_ms\":%.2f,"
              "\"plain_p99_ms\":%.2f}\n",
              rate, part(plain, 0.5), part(plain, 0.99));
  std::fflush(stdout);
}

struct Act {
  Clock::time_point sent, answered;
};

// When each event of the outbox was heard, in order.
class Heard {
 public:
  explicit Heard(Served& node) : client_(node.enter()) {
    thread_ = std::thread([this] {
      client_->listen("/v1/events", [this](std::string_view piece) {
        const std::lock_guard lock(mutex_);
        if (piece.find("\"outbox\"") != std::string_view::npos) at_.push_back(Clock::now());
        return !ends_;
      });
    });
  }
  ~Heard() {
    ends_ = true;  // the next piece, of which there is one every fifteen seconds, ends it
    thread_.join();
  }
  // From each act until the first event behind its answer; left out where none came.
  std::vector<double> after(const std::vector<Act>& acts) {
    const std::lock_guard lock(mutex_);
    std::vector<double> out;
    for (const Act& act : acts) {
      const auto next = std::lower_bound(at_.begin(), at_.end(), act.answered);
      if (next != at_.end())
        out.push_back(std::chrono::duration<double, std::milli>(*next - act.sent).count());
    }
    return out;
  }

 private:
  std::unique_ptr<HttpClient> client_;
  std::atomic<bool> ends_{false};
  std::mutex mutex_;
  std::vector<Clock::time_point> at_;
  std::thread thread_;
};

void measure_live(Served& node, std::size_t cases) {
  Heard heard(node);
  std::mutex mutex;
  std::vector<Act> sent;
  std::atomic<bool> over{false};
  std::vector<std::thread> clients;
  clients.reserve(kClients);
  const auto start = Clock::now();
  for (int i = 0; i < kClients; ++i)
    clients.emplace_back([&] {
      HttpClient client(node.socket());
      for (std::size_t mine = 0; !over; ++mine) {
        // No faster than wanted, all clients together.
        const double due = static_cast<double>(mine * kClients) / kWantedPerS;
        while (!over && seconds_since(start) < due)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const auto at = Clock::now();
        (void)client.ask("POST", "/v1/peers/XB/ping", "{}");
        const auto answered = Clock::now();
        const std::lock_guard lock(mutex);
        sent.push_back({at, answered});
      }
    });
  const auto client = node.enter();
  crypto::SeededRng rng(5);
  std::vector<double> inbox;
  while (seconds_since(start) < kLiveS) {
    inbox.push_back(timed(*client, inbox_target(rng, cases)));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  over = true;
  for (auto& each : clients) each.join();
  const double rate = static_cast<double>(sent.size()) / seconds_since(start);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const auto late = heard.after(sent);
  if (late.size() < sent.size() * 9 / 10) give_up("events are missing");
  std::printf("{\"bench\":\"console\",\"load\":\"live\",\"records_per_s\":%.0f,\"event_p50_ms\":%.2f,"
              "\"event_p99_ms\":%.2f,\"inbox_p99_ms\":%.2f}\n",
              rate, part(late, 0.5), part(late, 0.99), part(inbox, 0.99));
  std::fflush(stdout);
}

void measure_page(Served& node) {
  e2e::Launch launch;
  launch.words = {"/usr/bin/env", "node", test::in_tree("bench/console_page.mjs"), node.link()};
  if (const char* pictures = std::getenv("FOCAL_BENCH_PICTURES")) launch.words.push_back(pictures);
  const auto ran = e2e::run(launch, kPageLimitMs);
  if (ran.code != 0) give_up("the browser: " + ran.err + ran.out);
  std::fputs(ran.out.c_str(), stdout);
}

int run(int argc, char** argv) {
  const fs::path folder = argc > 1 ? argv[1] : fs::temp_directory_path();
  LargeNode size;
  size.cases = from_env("FOCAL_BENCH_CASES", size.cases);
  size.records = from_env("FOCAL_BENCH_RECORDS", size.records);
  make_large_node(folder, size);
  Served node(folder, size.console_port);
  measure_api(node, size.cases, size.records);
  measure_flood(node, size.cases);
  measure_page(node);
  measure_live(node, size.cases);
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }
