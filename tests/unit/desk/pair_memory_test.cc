// Goal: after a meeting nothing in focald's memory is left of the two codes, of the halves in
// them, and of what came of both: who reads the memory later has no pair secret.
// Method: a whole node behind its real HTTP server in this process; the client keeps codes in
// wiped memory only; every mapping of the process is searched, by masks.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/api/desk_routes.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/pair_secret.h"
#include "tests/support/memory_search.h"
#include "tests/unit/desk/desk_node.h"

namespace focal::desk {
namespace {

using test::Needle;

class PairMemory : public DeskNode {
 protected:
  PairMemory() {
    pin(xb_);
    api::add_desk_routes(router_, *desk_);
    api::http::Options options;
    options.socket = socket_;
    server_ = must(api::http::Server::start(
        options, [this](const api::http::Request& request) { return router_.handle(request); }));
  }

  // A POST; the whole answer, status line and all, in memory that is wiped with it.
  crypto::Secret post(const std::string& path, ByteView body, std::size_t* size) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_.native().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const std::string head = "POST " + path +
                             " HTTP/1.1\r\nHost: focal\r\nConnection: close\r\n"
                             "Content-Type: application/json\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n";
    EXPECT_EQ(::write(fd, head.data(), head.size()), static_cast<ssize_t>(head.size()));
    EXPECT_EQ(::write(fd, body.data(), body.size()), static_cast<ssize_t>(body.size()));
    crypto::Secret answer(16'384);
    *size = 0;
    for (;;) {
      const ssize_t n = ::read(fd, answer.bytes().data() + *size, answer.size() - *size);
      if (n <= 0) break;
      *size += static_cast<std::size_t>(n);
    }
    ::close(fd);
    EXPECT_EQ(as_text(answer.view().first(std::min<std::size_t>(*size, 12))), "HTTP/1.1 200");
    return answer;
  }
  // Our code, as an officer would read it off the screen.
  crypto::Secret begin() {
    std::size_t size = 0;
    const crypto::Secret answer = post("/v1/peers/XB/meet", as_bytes("{}"), &size);
    const std::string_view text = as_text(answer.view().first(size));
    const std::size_t from = text.find("FOCAL:1:");
    EXPECT_NE(from, text.npos);
    const std::size_t until = text.find('"', from);
    return crypto::Secret::copy_of(answer.view().subspan(from, until - from));
  }
  void finish(const crypto::Secret& theirs) {
    constexpr std::string_view kHead = R"({"code":")", kTail = R"("})";
    crypto::Secret body(kHead.size() + theirs.size() + kTail.size());
    auto to = std::copy(kHead.begin(), kHead.end(), body.bytes().begin());
    to = std::copy(theirs.view().begin(), theirs.view().end(), to);
    std::copy(kTail.begin(), kTail.end(), to);
    std::size_t size = 0;
    post("/v1/peers/XB/meet/finish", body.view(), &size);
  }
  static Needle tail_of(const crypto::Secret& code) { return Needle(code.view().last(32)); }

  test::TestParty xb_{"XB", 51};
  std::filesystem::path socket_ = folder_ / "api.sock";
  api::Router router_{[](std::string_view, const api::http::Caller&) { return Status(); }};
  std::unique_ptr<api::http::Server> server_;
};

TEST_F(PairMemory, NothingOfAMeetingIsLeft) {
  std::map<std::string, Needle> needles;
  std::vector<std::string> places;
  {
    const crypto::Secret ours = begin();
    auto our = must(exchange::parse_ceremony_code(as_text(ours.view())));
    needles.emplace("our code", tail_of(ours));
    needles.emplace("our half", Needle(our.c.view()));
    crypto::Secret half(exchange::kCeremonySecretSize);
    crypto::SystemRng rng;
    rng.fill(half.bytes());
    const crypto::Secret theirs = exchange::ceremony_code("XB", xb_.root.pk, half);
    needles.emplace("their code", tail_of(theirs));
    needles.emplace("their half", Needle(half.view()));
    const Hash32 n = exchange::pair_hash(exchange::root_fingerprint("XA", own_.root),
                                         exchange::root_fingerprint("XB", xb_.root.pk));
    needles.emplace("what came of them", Needle(exchange::pair_secret(our.c, half, n).view()));
    EXPECT_GE(test::count_in_memory(needles.at("our half"), places), 2u) << "here, and in the book";
    EXPECT_GE(test::count_in_memory(needles.at("their code"), places), 1u);
    finish(theirs);
  }
  server_.reset();  // whatever is under way has ended
  v1::PairShowRequest request;
  request.set_party("XB");
  EXPECT_EQ(must(desk_->pair_show(request)).pair().state(), "UNCONFIRMED");
  for (const auto& [what, needle] : needles) {
    places.clear();
    EXPECT_EQ(test::count_in_memory(needle, places), 0u)
        << what << " in " << (places.empty() ? "" : places.front());
  }
}

}  // namespace
}  // namespace focal::desk
