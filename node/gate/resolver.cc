#include "node/gate/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "base/check.h"

namespace focal::gate {
namespace {

constexpr std::string_view kScheme = "tcp://";
constexpr std::size_t kStackBytes = 512u << 10;

std::string_view host_of(std::string_view endpoint) {
  if (endpoint.starts_with(kScheme)) endpoint.remove_prefix(kScheme.size());
  return endpoint.substr(0, endpoint.rfind(':'));
}

}  // namespace

std::string name_in(std::string_view endpoint) {
  std::string host(host_of(endpoint));
  in_addr number{};
  if (host.starts_with('[') || inet_pton(AF_INET, host.c_str(), &number) == 1) return {};
  return host;
}

std::string with_address(std::string_view endpoint, std::string_view address) {
  const std::size_t colon = endpoint.rfind(':');
  FOCAL_CHECK(colon != std::string_view::npos);
  return std::string(kScheme) + std::string(address) + std::string(endpoint.substr(colon));
}

std::string look_up(const std::string& name) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &wanted, &found) != 0) return {};
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, freeaddrinfo);
  std::array<char, NI_MAXHOST> text{};
  if (getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return {};
  }
  const std::string address = text.data();
  return found->ai_family == AF_INET6 ? "[" + address + "]" : address;
}

struct Resolver::Shared {
  struct Question {
    bool is_wanted = true;
    std::optional<std::string> answer;
  };
  struct Job {
    std::shared_ptr<Shared> shared;
    std::string owner;
    std::string name;
  };

  explicit Shared(Ask how) : ask(std::move(how)), fd(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    FOCAL_CHECK(fd >= 0);
  }
  ~Shared() { close(fd); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  static void* work(void* raw) {
    const std::unique_ptr<Job> job(static_cast<Job*>(raw));
    std::string answer = job->shared->ask(job->name);
    Shared& shared = *job->shared;
    const std::lock_guard lock(shared.mutex);
    const auto question = shared.questions.find(job->owner);
    if (question->second.is_wanted) {
      question->second.answer = std::move(answer);
    } else {
      shared.questions.erase(question);
    }
    const std::uint64_t one = 1;
    (void)!write(shared.fd, &one, sizeof one);
    return nullptr;
  }

  const Ask ask;
  const int fd;
  std::mutex mutex;
  std::map<std::string, Question> questions;  // by owner, until answered and taken
};

Resolver::Resolver(Ask ask) : shared_(std::make_shared<Shared>(std::move(ask))) {}

Status Resolver::start(const std::string& owner, const std::string& name) {
  const std::lock_guard lock(shared_->mutex);
  if (shared_->questions.contains(owner)) {
    return fail(ErrorCode::kBusy, "the name server has not yet answered the last question");
  }
  if (shared_->questions.size() >= kMaxLookups) {
    return fail(ErrorCode::kBusy, "too many names are being looked up");
  }
  auto job = std::make_unique<Shared::Job>(Shared::Job{shared_, owner, name});
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  pthread_t thread{};
  const int failed = pthread_create(&thread, &attributes, Shared::work, job.get());
  pthread_attr_destroy(&attributes);
  if (failed != 0) return fail(ErrorCode::kIo, "no thread to look a name up");
  (void)job.release();  // the thread's; it waits for the lock
  shared_->questions[owner];
  return {};
}

std::optional<std::string> Resolver::take(const std::string& owner) {
  const std::lock_guard lock(shared_->mutex);
  const auto question = shared_->questions.find(owner);
  if (question == shared_->questions.end() || !question->second.answer) return std::nullopt;
  std::optional<std::string> answer = std::move(question->second.answer);
  shared_->questions.erase(question);
  return answer;
}

void Resolver::forget(const std::string& owner) {
  const std::lock_guard lock(shared_->mutex);
  const auto question = shared_->questions.find(owner);
  if (question == shared_->questions.end()) return;
  question->second.is_wanted = false;
  if (question->second.answer) shared_->questions.erase(question);
}

int Resolver::fd() const { return shared_->fd; }

void Resolver::clear_fd() const {
  std::uint64_t count = 0;
  (void)!read(shared_->fd, &count, sizeof count);
}

}  // namespace focal::gate
