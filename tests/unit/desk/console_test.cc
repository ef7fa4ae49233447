// Goal: the console knows who is in and what they may do, a password is its person's alone, and acts
// that move keys or release need that who asks has shown lately who it is.
// Method: a whole node, asked through the desk as made-up users and sessions.
#include "crypto/password.h"
#include "proto/console.pb.h"
#include "tests/unit/desk/desk_node.h"

namespace focal::desk {
namespace {

constexpr std::string_view kWords = "four odd words";

class ConsoleTest : public DeskNode {
 protected:
  static Caller session(uid_t uid, std::uint64_t confirmed_ms) {
    Caller out;
    out.uid = uid;
    out.came = Came::kSession;
    out.session = 1;
    out.left_ms = 3'600'000;
    out.idle_ms = 900'000;
    out.confirmed_left_ms = confirmed_ms;
    return out;
  }
  Result<v1::SessionPasswordResponse> set_password(uid_t uid, std::string_view words) {
    return desk_->session_password({}, as(uid), secret(words));
  }
  ErrorCode enters(const std::string& name, std::string_view words) {
    const auto uid = desk_->console_user(name, std::nullopt, secret(words));
    return uid ? ErrorCode::kUsage : uid.error().code;
  }
};

TEST_F(ConsoleTest, ASessionSaysWhoIsInAndWhatTheyMay) {
  name_everybody();
  const auto jo = must(desk_->session_show({}, session(kJo, 60'000)));
  EXPECT_EQ(jo.person(), "jo");
  EXPECT_EQ(jo.party(), "XA");
  EXPECT_FALSE(jo.party_name().empty());
  EXPECT_EQ(jo.roles_size(), 1);
  const std::set<std::string> may(jo.operations().begin(), jo.operations().end());
  for (const Permission& each : permissions())
    EXPECT_EQ(may.count(std::string(each.operation)) == 1,
              has(each.roles, Role::kOfficer)) << each.operation;
  EXPECT_FALSE(jo.expires_at().empty());
  EXPECT_EQ(jo.idle_s(), 900u);
  EXPECT_FALSE(jo.confirmed_until_at().empty());
  EXPECT_FALSE(jo.has_password());
  EXPECT_TRUE(must(desk_->session_show({}, session(kJo, 0))).confirmed_until_at().empty());
  EXPECT_TRUE(must(desk_->session_show({}, as(kJo))).expires_at().empty()) << "no session";
  EXPECT_EQ(code(desk_->session_show({}, as(kJo + 100))), ErrorCode::kPermission);
}

TEST_F(ConsoleTest, APasswordIsItsPersonsAlone) {
  name_everybody();
  EXPECT_EQ(enters("jo", kWords), ErrorCode::kPassphrase) << "none was set";
  must(set_password(kJo, kWords));
  EXPECT_EQ(must(desk_->console_user("jo", std::nullopt, secret(kWords))), kJo);
  EXPECT_EQ(must(desk_->console_user("", kJo, secret(kWords))), kJo);
  EXPECT_TRUE(must(desk_->session_show({}, as(kJo))).has_password());
  EXPECT_EQ(enters("jo", "four odd word"), ErrorCode::kPassphrase);
  EXPECT_EQ(enters("mia", kWords), ErrorCode::kPassphrase);
  EXPECT_EQ(enters("nobody", kWords), ErrorCode::kPassphrase);
  EXPECT_EQ(enters("", kWords), ErrorCode::kPassphrase);
  EXPECT_EQ(enters("jo", ""), ErrorCode::kPassphrase);
  must(set_password(kJo, "some other words"));
  EXPECT_EQ(enters("jo", kWords), ErrorCode::kPassphrase) << "replaced";
  stop();
  start();
  EXPECT_EQ(must(desk_->console_user("jo", std::nullopt, secret("some other words"))), kJo)
      << "the ledger keeps it";
  v1::PeopleRemoveRequest gone;
  gone.set_name("jo");
  gone.set_reason("left the office");
  must(desk_->people_remove(gone, as(owner_)));
  EXPECT_EQ(enters("jo", "some other words"), ErrorCode::kPassphrase) << "a person no more";
}

TEST_F(ConsoleTest, APasswordHasItsLengthAndItsPerson) {
  EXPECT_EQ(code(set_password(owner_, kWords)), ErrorCode::kState) << "nobody is named";
  name_everybody();
  EXPECT_EQ(code(set_password(kJo, "elevenbytes")), ErrorCode::kInvalid);
  EXPECT_EQ(code(set_password(kJo, std::string(257, 'a'))), ErrorCode::kInvalid);
  EXPECT_EQ(code(set_password(kJo + 100, kWords)), ErrorCode::kState);
  must(set_password(kJo, std::string(256, 'a')));
  EXPECT_EQ(enters("jo", std::string(257, 'a')), ErrorCode::kPassphrase);
  bool told = false;
  for (const auto& leaf : acts()) told |= leaf.act() == "session.password" && leaf.who().rfind("jo", 0) == 0;
  EXPECT_TRUE(told) << "the ledger says that it was set, and by whom";
}

TEST_F(ConsoleTest, WhatMovesKeysOrReleasesNeedsToKnowAgainThatItIsYou) {
  std::size_t asked = 0;
  for (const Permission& each : permissions()) {
    const std::string operation(each.operation);
    EXPECT_TRUE(desk_->permit(operation, session(owner_, 1))) << operation;
    const Status late = desk_->permit(operation, session(owner_, 0));
    if (late) continue;
    ++asked;
    EXPECT_EQ(late.error().code, ErrorCode::kConfirm) << operation;
    EXPECT_TRUE(desk_->permit(operation, as(owner_))) << operation << " on the socket";
  }
  EXPECT_EQ(asked, confirmed_operations().size()) << "each of them stands in the table";
  // A new operation of these families has to be thought about.
  for (const Permission& each : permissions()) {
    const bool key = each.operation.rfind("keys_r", 0) == 0 ||
                     each.operation.rfind("people_r", 0) == 0 ||
                     each.operation.rfind("people_a", 0) == 0 || each.operation == "card_apply" ||
                     each.operation == "release_approve";
    if (key) {
      EXPECT_FALSE(check_confirmed(each.operation, session(owner_, 0))) << each.operation;
    }
  }
}

TEST(Password, AHashIsOfItsPasswordAndSaltedEachTime) {
  crypto::init();
  const auto words = crypto::Secret::copy_of(as_bytes(kWords));
  const auto one = crypto::hash_password(words), two = crypto::hash_password(words);
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two);
  EXPECT_EQ(one->rfind("$argon2id$v=19$m=65536,t=3,p=1$", 0), 0u) << *one;
  EXPECT_TRUE(crypto::is_password(*one, words));
  EXPECT_FALSE(crypto::is_password(*one, crypto::Secret::copy_of(as_bytes("four odd wordz"))));
  EXPECT_FALSE(crypto::is_password("", words));
  EXPECT_FALSE(crypto::is_password("$argon2id$", words));
  EXPECT_FALSE(crypto::is_password(std::string(500, '$'), words));
}

}  // namespace
}  // namespace focal::desk
