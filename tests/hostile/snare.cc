#include "tests/hostile/snare.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "node/exchange/frame.h"

namespace focal::hostile {
namespace {

constexpr int kTurnMs = 100;  // looks whether it is over
constexpr int kShutTurns = 20;
constexpr int kLingerMs = 60;  // until the dialer has had its answer
constexpr const char* kAnswers[] = {"answers_hello_with_hello", "answers_as_another",
                                    "answers_garbage",          "answers_multipart",
                                    "answers_oversize",         "answers_data_without_credit",
                                    "answers_nothing"};
constexpr const char* kRaw[] = {"raw_closes", "raw_garbage", "raw_silence"};

std::string tcp(int port) { return "tcp://127.0.0.1:" + std::to_string(port); }

// One ROUTER as CURVE server, as a node would have it; anybody is admitted.
struct Door {
  Door(void* context, const Villain& villain, int port) : socket(zmq_socket(context, ZMQ_ROUTER)) {
    const int none = 0, one = 1;
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &one, sizeof one);
    const ByteView secret = villain.transport().sk.view();
    FOCAL_CHECK(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret.data(), secret.size()) == 0);
    is_open = zmq_bind(socket, tcp(port).c_str()) == 0;
  }
  ~Door() { zmq_close(socket); }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  bool receive(std::string& id) {  // the first frame of a caller; what it says is known
    zmq_pollitem_t item{socket, 0, ZMQ_POLLIN, 0};
    char buffer[256];
    if (zmq_poll(&item, 1, kTurnMs) != 1) return false;
    const int size = zmq_recv(socket, buffer, sizeof buffer, ZMQ_DONTWAIT);
    if (size <= 0) return false;
    id.assign(buffer, static_cast<std::size_t>(size));
    while (zmq_recv(socket, buffer, sizeof buffer, ZMQ_DONTWAIT) >= 0) {
    }
    return true;
  }
  void send(const std::string& id, std::vector<Bytes> parts) {
    zmq_send(socket, id.data(), id.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT);
    for (std::size_t i = 0; i < parts.size(); ++i)
      zmq_send(socket, parts[i].data(), parts[i].size(),
               ZMQ_DONTWAIT | (i + 1 < parts.size() ? ZMQ_SNDMORE : 0));
  }
  void* socket;
  bool is_open = false;
};

Bytes random_bytes(crypto::Rng& rng, std::size_t size) {
  Bytes out(size);
  rng.fill(out);
  return out;
}

std::vector<std::vector<Bytes>> answer(std::size_t which, const Villain& villain,
                                       crypto::Rng& rng) {
  exchange::HelloFrame hello;
  hello.is_reply = which != 0;
  hello.party = which == 1 ? "XA" : villain.name();
  hello.card_id = to_bytes(ByteView(villain.card().card_id));
  hello.stream_id = rng.array<16>();
  switch (which) {
    case 2: return {{random_bytes(rng, 700)}};
    case 3: return {{random_bytes(rng, 10), random_bytes(rng, 10), random_bytes(rng, 10)}};
    case 4: return {{random_bytes(rng, exchange::kMaxFrame + 1)}};
    case 5:
      return {{exchange::encode_frame(hello)},
              {exchange::encode_frame(
                  exchange::DataFrame{hello.stream_id, 1, 1, {random_bytes(rng, 1u << 20)}})}};
    case 6: return {};
    default: return {{exchange::encode_frame(hello)}};
  }
}

int listen_on(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  FOCAL_CHECK(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  FOCAL_CHECK(::listen(fd, 16) == 0);
  return fd;
}

}  // namespace

Snare::Snare(int link_port, int raw_port) : link_port_(link_port), raw_port_(raw_port) {
  for (const char* name : kAnswers) counts_[name] = 0;
  for (const char* name : kRaw) counts_[name] = 0;
}

std::vector<std::string> Snare::endpoints() const { return {tcp(link_port_), tcp(raw_port_)}; }

void Snare::start(const Villain& villain, std::uint64_t seed) {
  work_.emplace_back(
      [this, &villain, seed](const std::stop_token& over) { serve_links(over, villain, seed); });
  work_.emplace_back([this, seed](const std::stop_token& over) { serve_raw(over, seed + 1); });
}

void Snare::stop() {
  for (auto& work : work_) work.request_stop();
  work_.clear();
}

// A new door for each caller, so that every one ends and the target dials again. In
// between it stays shut until the target has tried the other place.
void Snare::serve_links(const std::stop_token& over, const Villain& villain, std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  const std::unique_ptr<void, int (*)(void*)> context(zmq_ctx_new(), zmq_ctx_term);
  for (std::size_t turn = 0; !over.stop_requested();) {
    auto door = std::make_unique<Door>(context.get(), villain, link_port_);
    std::string id;
    if (!door->is_open) ::poll(nullptr, 0, 5);  // the last one is not gone yet
    while (door->is_open && !over.stop_requested() && !door->receive(id)) {
    }
    if (id.empty()) continue;
    const std::size_t which = turn++ % std::size(kAnswers);
    for (auto& parts : answer(which, villain, rng)) door->send(id, std::move(parts));
    count(kAnswers[which]);
    ::poll(nullptr, 0, kLingerMs);
    const std::uint64_t before = raw_calls_;
    door.reset();
    for (int i = 0; i < kShutTurns && raw_calls_ == before && !over.stop_requested(); ++i)
      ::poll(nullptr, 0, kTurnMs);
  }
}

void Snare::serve_raw(const std::stop_token& over, std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  const int listener = listen_on(raw_port_);
  for (std::size_t turn = 0; !over.stop_requested();) {
    pollfd item{listener, POLLIN, 0};
    if (::poll(&item, 1, kTurnMs) != 1) continue;
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const std::size_t which = turn++ % std::size(kRaw);
    const Bytes noise = random_bytes(rng, 3000);
    if (which == 1)
      static_cast<void>(::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    if (which != 0) ::poll(nullptr, 0, kLingerMs);
    ::close(fd);
    count(kRaw[which]);
    ++raw_calls_;
  }
  ::close(listener);
}

void Snare::count(const std::string& what) {
  const std::lock_guard lock(mutex_);
  ++counts_[what];
}
std::map<std::string, std::uint64_t> Snare::counts() {
  const std::lock_guard lock(mutex_);
  return counts_;
}
bool Snare::has_done_each() {
  const auto now = counts();
  return std::all_of(now.begin(), now.end(), [](const auto& each) { return each.second > 0; });
}

}  // namespace focal::hostile
