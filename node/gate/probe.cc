#include "node/gate/probe.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/descriptor.h"

namespace focal::gate {
namespace {

constexpr int kLookMs = 10;                  // how often an answer of the name server is looked for
constexpr std::size_t kGreeting = 10;        // bytes of a ZMTP 3 signature (rfc.zeromq.org/spec/23)

// Until when all of it has to be done.
class Deadline {
 public:
  explicit Deadline(int limit_ms)
      : end_ms_(read_clocks().mono_ms + static_cast<std::uint64_t>(limit_ms)) {}
  int left() const {
    const std::uint64_t now = read_clocks().mono_ms;
    return now >= end_ms_ ? 0 : static_cast<int>(end_ms_ - now);
  }

 private:
  std::uint64_t end_ms_;
};

bool wait_for(int fd, short events, const Deadline& deadline) {
  for (;;) {
    pollfd one{fd, events, 0};
    const int ready = ::poll(&one, 1, deadline.left());
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

// The endpoint with a number for its host; or why there is none.
std::optional<ProbeOutcome> resolve(std::string& endpoint, Resolver& resolver,
                                    const Deadline& deadline) {
  const std::string name = name_in(endpoint);
  if (name.empty()) return std::nullopt;
  static std::atomic<std::uint64_t> asked{0};  // two who ask for one name do not wait for each other
  const std::string owner = "probe " + std::to_string(++asked);
  if (!resolver.start(owner, name)) return ProbeOutcome::kNameServer;
  for (;;) {
    if (const auto address = resolver.take(owner)) {
      if (address->empty()) return ProbeOutcome::kNoName;
      endpoint = with_address(endpoint, *address);
      return std::nullopt;
    }
    if (deadline.left() == 0) break;
    ::poll(nullptr, 0, std::min(kLookMs, deadline.left()));
  }
  resolver.forget(owner);
  return ProbeOutcome::kNameServer;
}

ProbeOutcome outcome_of(int error) {
  switch (error) {
    case ECONNREFUSED: return ProbeOutcome::kRefused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN: return ProbeOutcome::kNoRoute;
    case ETIMEDOUT: return ProbeOutcome::kNoAnswer;
    default: return ProbeOutcome::kFailed;
  }
}

std::optional<ProbeOutcome> connect(int fd, const addrinfo& where, const Deadline& deadline) {
  if (::connect(fd, where.ai_addr, where.ai_addrlen) == 0) return std::nullopt;
  if (errno != EINPROGRESS) return outcome_of(errno);
  if (!wait_for(fd, POLLOUT, deadline)) return ProbeOutcome::kNoAnswer;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return ProbeOutcome::kFailed;
  if (error == 0) return std::nullopt;
  return outcome_of(error);
}

// A ZeroMQ socket begins by itself, before the other end has said a word.
ProbeOutcome listen(int fd, const Deadline& deadline) {
  std::array<unsigned char, kGreeting> said{};
  std::size_t have = 0;
  while (have < said.size()) {
    if (!wait_for(fd, POLLIN, deadline))
      return have == 0 ? ProbeOutcome::kSilent : ProbeOutcome::kOther;
    const ssize_t n = ::recv(fd, said.data() + have, said.size() - have, 0);
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return have == 0 ? ProbeOutcome::kSilent : ProbeOutcome::kOther;
    have += static_cast<std::size_t>(n);
  }
  return said.front() == 0xff && (said.back() & 0x01) != 0 ? ProbeOutcome::kFocal
                                                           : ProbeOutcome::kOther;
}

ProbeOutcome try_address(const std::string& host, const std::string& port,
                         const Deadline& deadline) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // no name server is asked
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0)
    return ProbeOutcome::kFailed;
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, freeaddrinfo);
  const Descriptor fd(
      ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return outcome_of(errno);
  if (const auto failed = connect(fd.get(), *found, deadline)) return *failed;
  return listen(fd.get(), deadline);
}

}  // namespace

Probe probe(std::string_view endpoint, Resolver& resolver, int limit_ms) {
  const Deadline deadline(limit_ms);
  Probe out;
  out.endpoint = std::string(endpoint);
  std::string numbers(endpoint);
  if (const auto failed = resolve(numbers, resolver, deadline)) {
    out.outcome = *failed;
    return out;
  }
  constexpr std::string_view kScheme = "tcp://";
  const std::size_t colon = numbers.rfind(':');
  if (!numbers.starts_with(kScheme) || colon < kScheme.size()) return out;
  out.address = numbers.substr(kScheme.size());
  std::string host = numbers.substr(kScheme.size(), colon - kScheme.size());
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  out.outcome = try_address(host, numbers.substr(colon + 1), deadline);
  return out;
}

}  // namespace focal::gate
