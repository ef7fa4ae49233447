// focald: the node's process. Opens the folder, starts the gate and the local
// API, serves until SIGTERM or SIGINT.
#include <getopt.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/hint.h"
#include "base/log.h"
#include "crypto/secret.h"
#include "node/api/desk_routes.h"
#include "node/api/door.h"
#include "node/api/metrics_server.h"
#include "node/cli/passphrase.h"
#include "node/main/console.h"
#include "node/desk/desk.h"
#include "node/main/event_stream.h"
#include "node/main/service.h"
#include "node/node/node.h"

namespace focal {
namespace {

namespace fs = std::filesystem;

constexpr char kUsage[] =
    "focald: the node of one focal point\n"
    "\n"
    "  focald [--folder DIR] [--passphrase-fd N]\n"
    "\n"
    "  --folder DIR         the node's folder, made by 'focal init' (default: $FOCAL_HOME, else .)\n"
    "  --passphrase-fd N    read the keystore's passphrase from this descriptor; without it\n"
    "                       the systemd credential focal-passphrase, then the terminal\n"
    "  --version            print the version\n"
    "\n"
    "It runs in the foreground, logs JSON lines to standard error and ends in order on\n"
    "SIGTERM. 'focal status' talks to it. Exit: 0 ended in order, 1 could not run, 2 usage.\n";

node::Node* running = nullptr;
volatile sig_atomic_t told_to_end = 0;

void on_signal(int) {
  told_to_end = 1;
  if (running != nullptr) running->stop();
}

int report(const Error& error) {
  std::fprintf(stderr, "focald: %s\n  %s\n", error.message.c_str(), hint_of(error).c_str());
  return 1;
}

// No core dump and no debugger: the process holds every online key.
void lock_down() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  ::signal(SIGPIPE, SIG_IGN);
}

struct Arguments {
  fs::path folder;
  cli::PassphraseSource passphrase;
  int exit_code = -1;  // >= 0: end at once
};

Arguments read_arguments(int argc, char** argv) {
  Arguments out;
  const char* home = std::getenv("FOCAL_HOME");
  out.folder = home != nullptr && *home != '\0' ? home : ".";
  out.passphrase.prompt = "Passphrase of the node's keystore";
  const option options[] = {{"folder", required_argument, nullptr, 'C'},
                            {"passphrase-fd", required_argument, nullptr, 'p'},
                            {"help", no_argument, nullptr, 'h'},
                            {"version", no_argument, nullptr, 'v'},
                            {nullptr, 0, nullptr, 0}};
  for (int c = 0; (c = ::getopt_long(argc, argv, "C:h", options, nullptr)) != -1;) {
    switch (c) {
      case 'C': out.folder = optarg; break;
      case 'p': {
        const char* end = optarg + std::strlen(optarg);
        const auto parsed = std::from_chars(optarg, end, out.passphrase.fd);
        if (parsed.ec != std::errc{} || parsed.ptr != end || out.passphrase.fd < 0) {
          std::fprintf(stderr, "focald: --passphrase-fd takes the number of an open descriptor\n");
          out.exit_code = 2;
        }
        break;
      }
      case 'h': std::fputs(kUsage, stdout); out.exit_code = 0; break;
      case 'v': std::puts("focald " FOCAL_VERSION); out.exit_code = 0; break;
      default: std::fputs(kUsage, stderr); out.exit_code = 2;
    }
  }
  if (out.exit_code < 0 && optind < argc) {
    std::fputs(kUsage, stderr);
    out.exit_code = 2;
  }
  return out;
}

// Answers of the API by class of status; any thread.
class Responses {
 public:
  void add(int status) {
    const int at = status / 100 - 1;
    if (at >= 0 && at < static_cast<int>(counts_.size())) ++counts_[static_cast<std::size_t>(at)];
  }
  desk::ResponseCounts now() const {
    desk::ResponseCounts out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = counts_[i];
    return out;
  }

 private:
  std::array<std::atomic<std::uint64_t>, std::tuple_size_v<desk::ResponseCounts>> counts_{};
};

// What stays while the node opens itself again.
struct House {
  api::Door door;
  Responses responses;
  Service service;
  std::unique_ptr<api::MetricsServer> metrics;  // nothing: none are given
  std::unique_ptr<Console> console;             // goes before the door
};

// For everybody who may ask the service manager: no party, no case.
std::string status_line(node::Node& node) {
  std::size_t up = 0;
  for (const auto& [party, peer] : node.core().peers().all())
    up += node.core().machine().link_state(party).up ? 1 : 0;
  return std::string(exchange::run_state_name(node.run_view().state)) + ", " + std::to_string(up) +
         (up == 1 ? " link up" : " links up") + (node.disk_is_low() ? ", the disk is nearly full" : "");
}

// Until the node ends: by a signal, or to be opened again under its next card.
Status serve(node::Node& node, House& house) {
  running = &node;
  if (told_to_end) node.stop();  // the signal came between two nodes
  desk::Desk desk(node);
  FOCAL_TRY(desk.ready());
  api::Router router([&](std::string_view name, const api::http::Caller& caller) {
    return desk.permit(name, caller);
  });
  api::add_desk_routes(router, desk);
  api::add_port_routes(router, *house.console);
  house.door.open({router, [&](uid_t uid) { return desk.person_of(uid); },
                   [&](const std::string& name, std::optional<uid_t> of,
                       const crypto::Secret& password) {
                     return desk.console_user(name, of, password);
                   },
                   [&](std::optional<std::uint64_t> after) {
                     return event_stream(desk.events(), after);
                   }});
  if (house.metrics)
    house.metrics->open([&]() -> Result<std::string> {
      FOCAL_ASSIGN(const desk::Metrics metrics, desk.metrics(house.responses.now()));
      return desk::render(metrics);
    });
  node.set_pulse([&](const Now& now) { house.service.turned(now, [&] { return status_line(node); }); });
  desk.keep_backups();
  desk.tell_others();
  log::info("focald", "running",
            {{"party", node.config().party}, {"api", node.config().api_socket.string()}});
  Status ended = node.run();
  running = nullptr;
  if (node.wants_restart() && !told_to_end) house.service.still_here();
  else house.service.stopping();
  desk.events().close();  // who waits for one leaves the door free
  house.door.close();
  if (house.metrics) house.metrics->close();
  return ended;
}

// The node, and the one that takes its place under another card, while the socket stays open.
int serve_all(std::unique_ptr<node::Node> node) {
  House house;
  if (node->config().metrics.is_on()) {
    auto metrics = api::MetricsServer::start(node->config().metrics);
    if (!metrics) return report(metrics.error());
    house.metrics = std::move(*metrics);
  }
  api::Door& door = house.door;
  api::http::Options options;
  options.socket = node->config().api_socket;
  options.group = node->config().api_group;
  options.admit = [&](const api::http::Caller& caller) { return door.person_of(caller.uid).has_value(); };
  const auto answered = [&](int status) { house.responses.add(status); };
  options.answered = answered;
  auto server = api::http::Server::start(
      std::move(options), [&](const api::http::Request& request) { return door.handle(request); });
  if (!server) return report(server.error());
  house.console = std::make_unique<Console>(door, node->config().console, answered);
  Status ended;
  for (;;) {
    ended = serve(*node, house);
    if (!ended || !node->wants_restart() || told_to_end) break;
    auto next = node::Node::reopen(std::move(node), read_clocks());
    if (!next) {
      ended = next.error();
      break;
    }
    node = std::move(*next);
  }
  door.shut();
  server->reset();
  house.console.reset();
  return ended ? 0 : report(ended.error());
}

int run(int argc, char** argv) {
  Arguments arguments = read_arguments(argc, argv);
  if (arguments.exit_code >= 0) return arguments.exit_code;
  lock_down();
  crypto::init();
  auto config = config::load_config(arguments.folder / node::kConfigFile);
  if (!config) return report(config.error());
  log::set_level(config->log_level);
  auto passphrase = cli::read_passphrase(arguments.passphrase);
  if (!passphrase) return report(passphrase.error());
  auto node = node::Node::open(std::move(*config), *passphrase, read_clocks());
  if (!node) return report(node.error());
  *passphrase = crypto::Secret();
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  if (const int failed = serve_all(std::move(*node)); failed != 0) return failed;
  log::info("focald", "ended in order", {});
  return 0;
}

}  // namespace
}  // namespace focal

int main(int argc, char** argv) { return focal::run(argc, argv); }
