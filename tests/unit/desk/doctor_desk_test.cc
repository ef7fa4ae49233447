// Goal: everybody may look, only some may ask the other end, and a look at the network is a real one
// that leaves the loop alone. Method: a node with its loop and gate (tests/unit/desk/desk_node.h);
// a party whose address is a port of this machine where nobody listens.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "proto/console.pb.h"
#include "tests/unit/desk/desk_node.h"

namespace focal::desk {
namespace {

class DoctorDesk : public DeskNode {
 protected:
  Result<v1::DoctorResponse> doctor(const std::string& party, bool ask, uid_t by,
                                    const std::string& lang = "") {
    v1::DoctorRequest request;
    request.set_lang(lang);
    request.set_party(party);
    request.set_ask_peer(ask);
    return desk_->doctor(request, as(by));
  }
  static const v1::DoctorStep* step(const v1::DoctorResponse& answer, const std::string& name,
                                    const std::string& where = "OURS") {
    for (const auto& each : answer.steps())
      if (each.step() == name && each.where() == where) return &each;
    return nullptr;
  }
  // A schedule that names this endpoint; the party is pinned by the owner, or by jo.
  void pin_at(const test::TestParty& party, const std::string& endpoint) {
    auto fields = party.schedule_fields();
    fields.endpoints = {endpoint};
    v1::PeerAddRequest request;
    request.set_bundle(party.card_note() + must(exchange::make_schedule(fields, party.sign)));
    must(desk_->peer_add(request, as(owner_)));
  }
  // A port of loopback that nobody listens on while this lives.
  class ClosedPort {
   public:
    ClosedPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
      sockaddr_in where{};
      where.sin_family = AF_INET;
      where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      socklen_t size = sizeof where;
      EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&where), size), 0);
      EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&where), &size), 0);
      endpoint = "tcp://127.0.0.1:" + std::to_string(ntohs(where.sin_port));
    }
    ~ClosedPort() { ::close(fd_); }
    ClosedPort(const ClosedPort&) = delete;
    ClosedPort& operator=(const ClosedPort&) = delete;
    std::string endpoint;

   private:
    int fd_;
  };

  const test::TestParty xb_{"XB", 51};
};

TEST_F(DoctorDesk, EverybodyMayLookAndWhoMayPingMayAsk) {
  const ClosedPort port;
  pin_at(xb_, port.endpoint);
  name_everybody();
  constexpr uid_t kEve = 40'005, kCy = 40'006, kNobody = 40'099;
  must(add("eve", kEve, {"AUDITOR"}, kAda));
  must(add("cy", kCy, {"KEY_CUSTODIAN"}, kAda));
  for (const uid_t by : {kJo, kMia, kAda, kEve, kCy}) {
    EXPECT_TRUE(desk_->permit("doctor", as(by)).has_value()) << by;
    EXPECT_TRUE(doctor("", false, by).has_value()) << by;
  }
  EXPECT_FALSE(desk_->permit("doctor", as(kNobody)).has_value());
  for (const uid_t by : {kJo, kMia, kAda, kCy}) EXPECT_TRUE(doctor("XB", true, by).has_value()) << by;
  for (const uid_t by : {kEve, kNobody}) {
    const auto refused = doctor("XB", true, by);
    ASSERT_FALSE(refused.has_value()) << by;
    EXPECT_EQ(refused.error().code, ErrorCode::kPermission);
    EXPECT_EQ(refused.error().path, "ask_peer");
  }
}

TEST_F(DoctorDesk, NobodyListensAtTheAddress) {
  const ClosedPort port;
  pin_at(xb_, port.endpoint);
  const auto answer = must(doctor("XB", true, owner_));
  EXPECT_EQ(answer.party(), "XB");
  EXPECT_FALSE(answer.ok());
  ASSERT_NE(step(answer, "CONNECTION"), nullptr);
  EXPECT_EQ(step(answer, "CONNECTION")->state(), "FAILED");
  EXPECT_EQ(step(answer, "CONNECTION")->code(), "REFUSED");
  EXPECT_FALSE(step(answer, "CONNECTION")->cure().empty());
  EXPECT_EQ(step(answer, "ADDRESS")->state(), "OK");
  EXPECT_EQ(step(answer, "TRUST")->code(), "NOT_VERIFIED") << "it was only added";
  ASSERT_NE(step(answer, "PEER", "THEIRS"), nullptr);
  EXPECT_EQ(step(answer, "PEER", "THEIRS")->state(), "NOT_REACHED");
  EXPECT_EQ(answer.id(), "") << "nothing was asked";
}

TEST_F(DoctorDesk, TheNodeHasALineForEachParty) {
  const ClosedPort port;
  pin_at(xb_, port.endpoint);
  const auto answer = must(doctor("", false, owner_));
  ASSERT_NE(step(answer, "KEY"), nullptr);
  EXPECT_EQ(step(answer, "KEY")->state(), "OK");
  ASSERT_NE(step(answer, "PEER"), nullptr);
  EXPECT_EQ(step(answer, "PEER")->party(), "XB");
  EXPECT_EQ(step(answer, "PEER")->state(), "FAILED");
  EXPECT_EQ(step(answer, "TRUST")->code(), "NOBODY_VERIFIED");
}

TEST_F(DoctorDesk, SpeaksTheLanguageThatIsAskedFor) {
  const ClosedPort port;
  pin_at(xb_, port.endpoint);
  const auto english = must(doctor("XB", false, owner_));
  EXPECT_EQ(english.lang(), "en");
  EXPECT_TRUE(step(english, "CONNECTION")->text().starts_with("The machine at 127.0.0.1:"));
  const auto french = must(doctor("XB", false, owner_, "fr"));
  EXPECT_EQ(french.lang(), "fr");
  EXPECT_EQ(step(french, "CONNECTION")->code(), "REFUSED") << "codes are the same in all languages";
  EXPECT_TRUE(step(french, "CONNECTION")->text().starts_with("La machine à 127.0.0.1:"));
  EXPECT_TRUE(step(french, "CONNECTION")->cure().starts_with("Comparez l’adresse avec XB"));
  const auto node = must(doctor("", false, owner_, "zh"));
  EXPECT_EQ(step(node, "TRUST")->text(), "尚未核实任何一方：无法交换任何内容。");
  const auto none = doctor("XB", false, owner_, "de");
  EXPECT_EQ(code(none), ErrorCode::kInvalid);
  EXPECT_EQ(none.error().path, "lang");
}

TEST_F(DoctorDesk, WordsThatAreOff) {
  EXPECT_EQ(code(doctor("XB", false, owner_)), ErrorCode::kNotFound);
  const auto nobody = doctor("", true, owner_);
  EXPECT_EQ(code(nobody), ErrorCode::kInvalid);
  EXPECT_EQ(nobody.error().path, "ask_peer");
}

}  // namespace
}  // namespace focal::desk
