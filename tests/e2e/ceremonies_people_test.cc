// Goal: the ceremonies of docs/operations.md also work at nodes whose persons are named: each step
// by a user of the system with the one role that the step names, and what puts another card in the
// place of a party's only by a second officer. Method: the steps are read from the document and
// typed as unprivileged users into the real programs of two nodes with named persons at both.
#include "tests/e2e/ceremony.h"

namespace focal::e2e {
namespace {

constexpr gid_t kGroup = 40'100;

Ids user(uid_t uid) { return {uid, static_cast<gid_t>(uid), {kGroup}}; }

std::set<std::string>& carried_out() {
  static std::set<std::string> names;
  return names;
}

// An office each: ada, jo, mia and kim, and the words of mia's key.
struct Office {
  explicit Office(uid_t first) : ada(first), jo(first + 1), mia(first + 2), kim(first + 3), sam(first + 4) {}
  uid_t ada, jo, mia, kim, sam;
  std::string mia_says() const { return "seven herons on the roof " + std::to_string(mia); }
  std::string sam_says() const { return "a ladder without a rung " + std::to_string(sam); }
};

template <typename Fixture>
class Named : public Fixture {
 protected:
  void SetUp() override {
    Fixture::SetUp();
    for (const Office* office : {&at_xa_, &at_xb_})
      for (const std::string& words : {office->mia_says(), office->sam_says()})
        must_stay_secret("an officer's passphrase", words);
    fs::create_directory(stick_);
    fs::permissions(stick_, fs::perms::all);  // anybody writes on a stick
    for (Party* party : {&this->xa_, &this->xb_}) ceremony_.add_node(*party);
    for (const char* root : {"root.focalkey", "next-root.focalkey"}) {
      const std::string medium = root == std::string("root.focalkey") ? "XA-root" : "XA-next";
      fs::create_directory(this->temp_ / medium);
      fs::copy(this->xa_.root_folder() / root, this->temp_ / medium / root);
      ceremony_.add_medium(medium, this->temp_ / medium, this->xa_.root_passphrase());
    }
  }
  // The owner of both folders names the persons and is administrator from then on.
  void name_everybody() {
    for (auto [party, office] : {std::pair(&this->xa_, &at_xa_), std::pair(&this->xb_, &at_xb_)}) {
      add(*party, "ada", office->ada, "administrator", "administrator");
      add(*party, "jo", office->jo, "officer", "officer");
      add(*party, "mia", office->mia, "supervisor", "supervisor", office->mia_says());
      add(*party, "kim", office->kim, "key-custodian", "custodian");
      const Ran key = party->focal_as(user(office->mia), {"people", "key", "--officer-passphrase-fd", "7"},
                                      "", {{7, office->mia_says() + "\n"}});
      ASSERT_EQ(key.code, 0) << key.out << key.err;
    }
  }
  void add(Party& party, const std::string& name, uid_t uid, const std::string& role,
           const std::string& who, const std::string& passphrase = {}) {
    party.ask({"people", "add", name, "--unix", std::to_string(uid), "--role", role});
    ceremony_.add_person(party, who, user(uid), passphrase);
  }
  void carry_out(const std::string& name) {
    ASSERT_TRUE(ceremonies_of_the_document().contains(name)) << name;
    carried_out().insert(name);
    ceremony_.run(ceremonies_of_the_document().at(name));
  }
  // What a user of XA's office gets: "ok" or the code of the refusal.
  std::string code_as(uid_t uid, Words words) {
    words.push_back("--json");
    const Ran ran = this->xa_.focal_as(user(uid), words);
    return ran.code == 0 ? "ok" : Json(ran.out)["code"];
  }
  void share_sockets() {
    for (Party* party : {&this->xa_, &this->xb_}) party->share_socket(kGroup);
  }

  Office at_xa_{40'001}, at_xb_{40'011};
  fs::path stick_{this->temp_ / "stick"};
  Ceremony ceremony_{stick_};
};

class Offices : public Named<Friends> {
 protected:
  void SetUp() override {
    Named::SetUp();
    share_sockets();
    start_both();
  }
  void TearDown() override {
    for (Party* party : {&xa_, &xb_}) {
      if (!party->runs()) continue;
      EXPECT_EQ(party->stop(), 0);
      party->expect_ledger_verifies();
    }
    Named::TearDown();
  }
};

TEST_F(Offices, FromOneUserToTwoPairsOfEyes) {
  for (const auto& [name, uid] : {std::pair("aberg", at_xa_.ada), std::pair("jferrer", at_xa_.jo),
                                  std::pair("msato", at_xa_.mia), std::pair("sdiallo", at_xa_.sam),
                                  std::pair("kwolff", at_xa_.kim)})
    ceremony_.add_user(name, uid);
  ceremony_.add_person(xa_, "ada", user(at_xa_.ada), "");
  ceremony_.add_person(xa_, "jo", user(at_xa_.jo), "");
  ceremony_.add_person(xa_, "mia", user(at_xa_.mia), at_xa_.mia_says());
  ceremony_.add_person(xa_, "sam", user(at_xa_.sam), at_xa_.sam_says());
  const std::string request = edited_example(xa_, "01", "\"personal_data\": false", "\"personal_data\": true");
  write_text(stick_ / "XA-request.json", read_text(request));
  carry_out("two-pairs-of-eyes");
  EXPECT_EQ(ceremony_.released(), 1);
  xa_.refused({"card", "renew", "--to", xa_.file("owner.request")}, "PERMISSION");
  EXPECT_EQ(code_as(at_xa_.ada, {"inbox"}), "PERMISSION");
}

TEST_F(Offices, TheYearlyRenewal) {
  name_everybody();
  for (const uid_t uid : {at_xa_.ada, at_xa_.jo, at_xa_.mia})
    EXPECT_EQ(code_as(uid, {"card", "renew", "--to", stick_ / std::to_string(uid)}), "PERMISSION");
  carry_out("yearly-renewal");
  EXPECT_EQ(ceremony_.released(), 0);
}

// The keys of the officers go on only when they are certified anew.
TEST_F(Offices, TheServerWasStolen) {
  name_everybody();
  carry_out("server-stolen");
  EXPECT_EQ(ceremony_.released(), 0);
  EXPECT_EQ(xa_.ask({"people", "show", "mia"})["person.key"], "VALID");
}

TEST_F(Offices, TheServerIsGone) {
  name_everybody();
  xa_.crash();
  fs::remove_all(xa_.folder());
  carry_out("server-gone");
  EXPECT_EQ(ceremony_.released(), 1);
  EXPECT_EQ(ceremony_.new_node("XA").stop(), 0);
  ceremony_.new_node("XA").expect_ledger_verifies();
}

TEST_F(Offices, TheRootWasStolen) {
  name_everybody();
  carry_out("root-stolen");
  EXPECT_EQ(ceremony_.released(), 1);
}

TEST_F(Offices, TheRootIsChangedOnAQuietDay) {
  name_everybody();
  carry_out("root-rotation");
  EXPECT_EQ(ceremony_.released(), 0);
}

class OnHold : public Named<ThreeFriends> {
 protected:
  void SetUp() override {
    Named::SetUp();
    for (Party* party : {&xa_, &xb_}) EXPECT_EQ(party->stop(), 0);
    share_sockets();
    for (Party* party : {&xa_, &xb_}) party->start();
  }
};

TEST_F(OnHold, ACardThatIsTheirs) {
  pass_on_a_card(xb_, xc_, xa_);
  name_everybody();
  carry_out("card-on-hold");
  EXPECT_EQ(ceremony_.released(), 1);
}

// What concerns persons in the document, the tests above carry out: the last test of the program.
TEST(CeremoniesForPersons, AreAllCarriedOut) {
  if (::testing::GTEST_FLAG(filter) != "*") return;  // some were left out
  std::size_t due = 0;
  for (const auto& [name, steps] : ceremonies_of_the_document()) {
    bool concerns = is_for_persons(name);
    for (const CeremonyStep& step : steps) concerns = concerns || step.if_named;
    if (!concerns) continue;
    EXPECT_TRUE(carried_out().contains(name)) << name;
    ++due;
  }
  EXPECT_GE(due, 5u);
}

}  // namespace
}  // namespace focal::e2e
