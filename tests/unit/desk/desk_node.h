// A node XA with its loop and gate, and the desk on it, as focald has them; what is asked runs on
// the caller's thread. The callers are uids: nobody has to be a real user.
#pragma once

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "crypto/keystore.h"
#include "node/desk/desk.h"
#include "node/exchange/intro.h"
#include "node/exchange/safety_number.h"
#include "node/node/setup.h"
#include "proto/api.pb.h"
#include "proto/json.h"
#include "proto/people.pb.h"
#include "proto/release.pb.h"
#include "proto/sheet.pb.h"
#include "proto/trust.pb.h"
#include "tests/support/party_fixture.h"
#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"
#include "tests/support/world.h"

namespace focal::desk {

class DeskNode : public ::testing::Test {
 protected:
  static constexpr uid_t kJo = 40'001, kMia = 40'002, kSam = 40'003, kAda = 40'004;

  DeskNode() {
    crypto::init();
    node::SetupOptions options;
    options.folder = folder_ / "node";
    options.root_folder = folder_ / "root";
    options.party = "XA";
    options.listen = "tcp://127.0.0.1:7117";
    options.endpoints = {"tcp://127.0.0.1:7117"};
    options.authority = {"Test authority"};
    options.kdf = crypto::kKdfTest;
    crypto::SystemRng rng;
    own_ = must(node::set_up(options, secret("a test passphrase"), secret("a test passphrase"),
                             read_clocks(), rng))
               .card;
    struct stat st {};
    ::stat((folder_ / "node").c_str(), &st);
    owner_ = st.st_uid;
    start();
  }
  ~DeskNode() override { stop(); }

  void start() {
    auto config = must(config::load_config(folder_ / "node" / node::kConfigFile));
    config.listen = "tcp://127.0.0.1:0";
    config.gate_program = test::in_build("bin/focal-gate");
    config.release = policy_;
    node_ = must(node::Node::open(std::move(config), secret("a test passphrase"), read_clocks()));
    desk_ = std::make_unique<Desk>(*node_, crypto::kKdfTest);
    EXPECT_TRUE(desk_->ready().has_value());
    loop_ = std::thread([this] { ended_ = node_->run(); });
  }
  void stop() {
    node_->stop();
    loop_.join();
    EXPECT_TRUE(ended_.has_value()) << (ended_ ? "" : ended_.error().message);
    desk_.reset();
    node_.reset();
  }

  template <typename T>
  static T must(Result<T> result) {
    return test::TestParty::must(std::move(result));
  }
  static crypto::Secret secret(std::string_view text) {
    return crypto::Secret::copy_of(as_bytes(text));
  }
  static Caller as(uid_t uid) { return Caller{uid, uid, 1}; }
  template <typename T>
  static ErrorCode code(const Result<T>& result) {
    return result ? ErrorCode::kUsage : result.error().code;
  }

  Result<v1::PeopleAddResponse> add(const std::string& name, uid_t uid,
                                    const std::vector<std::string>& roles, uid_t by) {
    v1::PeopleAddRequest request;
    request.set_name(name);
    request.set_unix_user(std::to_string(uid));
    for (const std::string& role : roles) request.add_roles(role);
    return desk_->people_add(request, as(by));
  }
  // jo does the casework, mia releases, sam does both, ada is the administrator.
  void name_everybody() {
    must(add("jo", kJo, {"OFFICER"}, owner_));
    must(add("mia", kMia, {"SUPERVISOR"}, owner_));
    must(add("sam", kSam, {"OFFICER", "SUPERVISOR"}, owner_));
    must(add("ada", kAda, {"ADMINISTRATOR"}, owner_));
  }
  Result<v1::PeopleKeyResponse> make_key(uid_t uid, std::string_view passphrase,
                                         bool renew = false) {
    v1::PeopleKeyRequest request;
    request.set_renew(renew);
    return desk_->people_key(request, as(uid), secret(passphrase));
  }
  v1::PeopleListResponse people(bool all = false) {
    v1::PeopleListRequest request;
    request.set_all(all);
    return must(desk_->people_list(request));
  }
  v1::Person person(const std::string& name) {
    v1::PeopleShowRequest request;
    request.set_name(name);
    return must(desk_->people_show(request)).person();
  }
  // The newest leaves with a person, oldest first.
  std::vector<v1::LedgerView> acts() {
    v1::LedgerTailRequest request;
    request.set_limit(1000);
    std::vector<v1::LedgerView> out;
    const auto tail = must(desk_->ledger_tail(request));
    for (const auto& leaf : tail.leaves())
      if (!leaf.who().empty()) out.push_back(leaf);
    return out;
  }

  // By the owner while nobody is named, then by jo.
  void pin(const test::TestParty& party) {
    v1::PeerAddRequest request;
    request.set_bundle(party.card_note() + party.schedule_note());
    const bool owner_may = desk_->permit("peer_add", as(owner_)).has_value();
    must(desk_->peer_add(request, as(owner_may ? owner_ : kJo)));
  }
  void verify(const test::TestParty& party, uid_t by) {
    v1::PeerVerifyRequest request;
    request.set_party(party.party);
    request.set_how("PHONE");
    request.set_number(exchange::safety_number("XA", own_.root, party.party, party.root.pk));
    must(desk_->peer_verify(request, as(by)));
  }

  test::TempFolder folder_;
  config::ReleasePolicy policy_;
  exchange::Card own_;
  uid_t owner_ = 0;
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<Desk> desk_;
  std::thread loop_;
  Status ended_;
};

}  // namespace focal::desk
