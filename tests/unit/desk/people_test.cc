// Goal: one person until somebody is named; then only who is named, with the roles given, at once,
// through restarts; the ledger says who did what. A key belongs to a passphrase, not to a user.
// Method: a whole node, asked through the desk by made-up uids.
#include "tests/unit/desk/desk_node.h"

#include "node/desk/officer_keys.h"

namespace focal::desk {
namespace {

class PeopleTest : public DeskNode {
 protected:
  Result<v1::PeopleChangeResponse> role(const std::string& name,
                                        const std::vector<std::string>& roles, uid_t by) {
    v1::PeopleRoleRequest request;
    request.set_name(name);
    for (const std::string& each : roles) request.add_roles(each);
    request.set_reason("a test");
    return desk_->people_role(request, as(by));
  }
  Result<v1::PeopleChangeResponse> remove(const std::string& name, uid_t by) {
    v1::PeopleRemoveRequest request;
    request.set_name(name);
    request.set_reason("left the office");
    return desk_->people_remove(request, as(by));
  }
  bool may(uid_t uid, const std::string& operation) {
    return desk_->permit(operation, as(uid)).has_value();
  }
  std::string warnings() {
    std::string out;
    const auto status = must(desk_->status({}));
    for (const auto& line : status.warnings()) out.append(line).append("\n");
    return out;
  }
};

TEST_F(PeopleTest, UntilSomebodyIsNamedTheOwnerIsTheOnlyPerson) {
  const auto list = people();
  ASSERT_EQ(list.people_size(), 1);
  EXPECT_EQ(list.people(0).uid(), owner_);
  EXPECT_EQ(list.people(0).roles_size(), 5);
  EXPECT_TRUE(list.nobody_named());
  EXPECT_NE(list.note().find("Nobody is named yet"), std::string::npos);
  EXPECT_NE(warnings().find("Nobody is named yet"), std::string::npos);
  for (const Permission& each : permissions())
    EXPECT_TRUE(may(owner_, std::string(each.operation))) << each.operation;
  EXPECT_TRUE(desk_->person_of(owner_).has_value());
  for (const uid_t stranger : {kJo, owner_ + 1, uid_t{65534}}) {
    EXPECT_FALSE(desk_->person_of(stranger).has_value());
    for (const Permission& each : permissions())
      EXPECT_FALSE(may(stranger, std::string(each.operation))) << each.operation;
  }
}

TEST_F(PeopleTest, WithTheFirstPersonTheOwnerKeepsTheAdministratorsRole) {
  const auto added = must(add("jo", kJo, {"OFFICER"}, owner_));
  EXPECT_EQ(added.person().name(), "jo");
  EXPECT_GE(added.notes_size(), 1);
  const auto list = people();
  EXPECT_FALSE(list.nobody_named());
  EXPECT_EQ(list.people_size(), 2);
  EXPECT_EQ(warnings().find("Nobody is named yet"), std::string::npos);
  EXPECT_FALSE(may(owner_, "trace_open"));
  EXPECT_FALSE(may(owner_, "trace_show"));
  EXPECT_TRUE(may(owner_, "people_add"));
  EXPECT_TRUE(may(kJo, "trace_open"));
  EXPECT_FALSE(may(kJo, "people_add"));
  EXPECT_FALSE(may(kMia, "status")) << "a stranger";
  stop();
  start();
  EXPECT_FALSE(people().nobody_named()) << "the ledger keeps them";
  EXPECT_FALSE(may(owner_, "trace_open"));
  EXPECT_TRUE(may(kJo, "trace_open"));
}

TEST_F(PeopleTest, AnOwnerWhoIsNamedHimselfStaysAdministrator) {
  const auto added = must(add("boss", owner_, {"OFFICER"}, owner_));
  EXPECT_EQ(added.person().roles_size(), 2);
  EXPECT_EQ(people().people_size(), 1);
  EXPECT_TRUE(may(owner_, "trace_open"));
  EXPECT_TRUE(may(owner_, "people_add"));
  EXPECT_FALSE(may(owner_, "release_approve"));
}

TEST_F(PeopleTest, AChangeOfRolesTakesEffectAtOnce) {
  name_everybody();
  EXPECT_FALSE(may(kJo, "release_approve"));
  must(role("jo", {"SUPERVISOR"}, kAda));
  EXPECT_TRUE(may(kJo, "release_approve"));
  EXPECT_FALSE(may(kJo, "trace_open"));
  must(remove("jo", kAda));
  EXPECT_FALSE(may(kJo, "status"));
  EXPECT_FALSE(desk_->person_of(kJo).has_value());
  EXPECT_NE(person("jo").removed_at(), "");
  EXPECT_EQ(code(role("jo", {"OFFICER"}, kAda)), ErrorCode::kState);
}

TEST_F(PeopleTest, TheLastAdministratorStays) {
  name_everybody();
  const std::string owner = people().people(0).uid() == owner_ ? people().people(0).name()
                                                               : people().people(1).name();
  must(remove(owner, kAda));
  EXPECT_FALSE(desk_->person_of(owner_).has_value()) << "the owner can go when there is another administrator";
  EXPECT_EQ(code(remove("ada", kAda)), ErrorCode::kState);
  EXPECT_EQ(code(role("ada", {"AUDITOR"}, kAda)), ErrorCode::kState);
  must(role("jo", {"ADMINISTRATOR"}, kAda));
  must(remove("ada", kJo));
}

TEST_F(PeopleTest, NamesAndUsersAreUniqueAndANameStaysWithItsUser) {
  name_everybody();
  EXPECT_EQ(code(add("jo", 50'000, {"OFFICER"}, kAda)), ErrorCode::kExists);
  EXPECT_EQ(code(add("jojo", kJo, {"OFFICER"}, kAda)), ErrorCode::kExists);
  must(remove("jo", kAda));
  EXPECT_EQ(code(add("jo", 50'000, {"OFFICER"}, kAda)), ErrorCode::kExists)
      << "the ledger speaks of the first jo";
  must(add("jo", kJo, {"AUDITOR"}, kAda));
  EXPECT_TRUE(may(kJo, "ledger_tail"));
  EXPECT_FALSE(may(kJo, "trace_open"));
  EXPECT_EQ(people(true).people_size(), 6);
}

TEST_F(PeopleTest, HostileInputIsRefused) {
  for (const char* name : {"", "a", "Jo", "jo ferrer", "../jo", "jo/..", "1jo", "j\xc3\xb3se", "-jo",
                           "jo\n", "a234567890123456789012345678901234"})
    EXPECT_EQ(code(add(name, kJo, {"OFFICER"}, owner_)), ErrorCode::kInvalid) << name;
  EXPECT_EQ(code(add("jo", kJo, {}, owner_)), ErrorCode::kInvalid);
  EXPECT_EQ(code(add("jo", kJo, {"officer"}, owner_)), ErrorCode::kInvalid);
  EXPECT_EQ(code(add("jo", kJo, {"OFFICER", "KING"}, owner_)), ErrorCode::kInvalid);
  v1::PeopleAddRequest request;
  request.set_name("jo");
  request.add_roles("OFFICER");
  for (const char* user : {"", "no-such-user-here", "-1", "4294967295", "99999999999", "0x10"}) {
    request.set_unix_user(user);
    EXPECT_EQ(code(desk_->people_add(request, as(owner_))), ErrorCode::kNotFound) << user;
  }
  EXPECT_TRUE(people().nobody_named());
  v1::PeopleRemoveRequest unknown;
  unknown.set_name("nobody");
  unknown.set_reason("why");
  EXPECT_EQ(code(desk_->people_remove(unknown, as(owner_))), ErrorCode::kNotFound);
}

TEST_F(PeopleTest, TheLedgerSaysWhoNamedWhomAndWhy) {
  name_everybody();
  must(role("jo", {"AUDITOR"}, kAda));
  const auto lines = acts();
  ASSERT_GE(lines.size(), 6u);
  EXPECT_NE(lines.front().who().find("OWNER"), std::string::npos) << lines.front().who();
  EXPECT_EQ(lines.back().who(), "ada (uid 40004, ADMINISTRATOR)");
  EXPECT_EQ(lines.back().act(), "people.role");
  EXPECT_EQ(lines.back().type(), "ADMIN");
  EXPECT_EQ(lines.back().reason(), "jo (uid 40001): AUDITOR; a test");
}

TEST_F(PeopleTest, PersonalDataIsAPermissionOfAPerson) {
  must(add("jo", kJo, {"OFFICER"}, owner_));
  v1::TraceSheetRequest sheet;
  sheet.set_case_number("T-1");
  sheet.set_with_personal_data(true);
  EXPECT_EQ(code(desk_->trace_sheet(sheet, as(kJo))), ErrorCode::kPermission);
  sheet.set_with_personal_data(false);
  EXPECT_EQ(code(desk_->trace_sheet(sheet, as(kJo))), ErrorCode::kNotFound) << "no such case";
  v1::PeopleRoleRequest request;
  request.set_name("jo");
  request.add_roles("OFFICER");
  request.set_personal_data("YES");
  request.set_reason("handles persons");
  EXPECT_TRUE(must(desk_->people_role(request, as(owner_))).person().personal_data());
  sheet.set_with_personal_data(true);
  EXPECT_EQ(code(desk_->trace_sheet(sheet, as(kJo))), ErrorCode::kNotFound);
  v1::TraceFollowRequest follow;
  follow.set_with_persons(true);
  EXPECT_EQ(code(desk_->trace_follow(follow, as(kMia))), ErrorCode::kPermission);
}

// ------------------------------------------------------------------ keys

TEST_F(PeopleTest, AKeyIsMadeCertifiedAndRenewedByItsOwnerAlone) {
  EXPECT_EQ(code(make_key(owner_, "a long passphrase")), ErrorCode::kState) << "nobody is named";
  name_everybody();
  EXPECT_EQ(code(make_key(kMia, "short")), ErrorCode::kPassphrase);
  EXPECT_EQ(person("mia").key(), "NONE");
  EXPECT_FALSE(std::filesystem::exists(officer_file(folder_ / "node", "mia")));
  const auto made = must(make_key(kMia, "mia's own passphrase"));
  EXPECT_EQ(made.person().key(), "VALID");
  const auto note = exchange::parse_certificate(made.certificate_text(), own_);
  ASSERT_TRUE(note.has_value()) << note.error().message;
  EXPECT_EQ(note->role, "SUPERVISOR");
  EXPECT_EQ(note->until_ms - note->from_ms, 365 * kDayMs);
  struct stat st {};
  ASSERT_EQ(::stat(officer_file(folder_ / "node", "mia").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777, 0600u);
  EXPECT_EQ(code(make_key(kMia, "mia's own passphrase")), ErrorCode::kExists);
  EXPECT_EQ(code(make_key(kMia, "somebody's passphrase", true)), ErrorCode::kPassphrase);
  const auto renewed = must(make_key(kMia, "mia's own passphrase", true));
  const auto second = exchange::parse_certificate(renewed.certificate_text(), own_);
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->key, note->key);
  EXPECT_EQ(code(make_key(kSam, "sam's own passphrase", true)), ErrorCode::kState);
}

TEST_F(PeopleTest, AKeyEndsWithItsPersonOrWhenItIsRevoked) {
  name_everybody();
  must(make_key(kMia, "mia's own passphrase"));
  v1::PeopleRevokeKeyRequest revoke;
  revoke.set_name("mia");
  EXPECT_EQ(code(desk_->people_revoke_key(revoke, as(kAda))), ErrorCode::kInvalid) << "no reason";
  revoke.set_reason("passphrase forgotten");
  EXPECT_EQ(must(desk_->people_revoke_key(revoke, as(kAda))).person().key(), "REVOKED");
  EXPECT_FALSE(std::filesystem::exists(officer_file(folder_ / "node", "mia")));
  EXPECT_EQ(code(make_key(kMia, "mia's own passphrase", true)), ErrorCode::kState);
  must(make_key(kMia, "another passphrase"));
  EXPECT_EQ(person("mia").key(), "VALID");
  must(remove("mia", kAda));
  EXPECT_EQ(person("mia").key(), "REVOKED");
  EXPECT_FALSE(std::filesystem::exists(officer_file(folder_ / "node", "mia")));
}

TEST_F(PeopleTest, AKeyGetsAnotherPassphraseAndStaysTheSame) {
  name_everybody();
  const auto change = [&](uid_t uid, std::string_view old, std::string_view fresh) {
    return desk_->people_passphrase({}, as(uid), secret(old), secret(fresh));
  };
  EXPECT_EQ(code(change(kMia, "mia's own passphrase", "another passphrase")), ErrorCode::kState)
      << "no key";
  const auto made = must(make_key(kMia, "mia's own passphrase"));
  const auto key = must(exchange::parse_certificate(made.certificate_text(), own_)).key;
  EXPECT_EQ(code(change(kMia, "somebody's passphrase", "another passphrase")),
            ErrorCode::kPassphrase);
  EXPECT_EQ(code(change(kMia, "mia's own passphrase", "short")), ErrorCode::kPassphrase);
  EXPECT_EQ(code(change(kSam, "mia's own passphrase", "another passphrase")), ErrorCode::kState)
      << "each changes the own";
  must(change(kMia, "mia's own passphrase", "another passphrase"));
  EXPECT_EQ(acts().back().act(), "people.passphrase");
  EXPECT_EQ(code(open_officer_key(folder_ / "node", "mia", secret("mia's own passphrase"))),
            ErrorCode::kPassphrase);
  EXPECT_EQ(must(open_officer_key(folder_ / "node", "mia", secret("another passphrase"))).pk, key);
  EXPECT_EQ(person("mia").key(), "VALID");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& each :
       std::filesystem::directory_iterator(folder_ / "node" / kOfficersFolder))
    ++files;
  EXPECT_EQ(files, 1u) << "nothing is left beside it";
}

TEST_F(PeopleTest, WrongPassphrasesLockNobodyOut) {
  name_everybody();
  must(make_key(kMia, "mia's own passphrase"));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(code(make_key(kMia, "not mia's passphrase", true)), ErrorCode::kPassphrase);
  must(make_key(kMia, "mia's own passphrase", true));
}

TEST_F(PeopleTest, AKeyComesBackFromACopyOfItsFile) {
  name_everybody();
  must(make_key(kMia, "mia's own passphrase"));
  const auto file = officer_file(folder_ / "node", "mia");
  std::filesystem::copy_file(file, folder_ / "copy");
  std::filesystem::remove(file);
  EXPECT_EQ(code(make_key(kMia, "mia's own passphrase", true)), ErrorCode::kNotFound);
  EXPECT_EQ(person("mia").key(), "VALID") << "the node still certifies it";
  std::filesystem::copy_file(folder_ / "copy", file);
  must(make_key(kMia, "mia's own passphrase", true));
}

TEST_F(PeopleTest, ARefusalSaysWhoYouAreAndWhomToAsk) {
  name_everybody();
  const Status refused = desk_->permit("release_approve", as(kJo));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().message, "you are jo (OFFICER); release.approve needs a supervisor");
  EXPECT_EQ(refused.error().hint, "Ask mia or sam.");
  const Status nobody = desk_->permit("card_apply", as(kJo));
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().message, "you are jo (OFFICER); card.apply needs a key custodian");
  EXPECT_NE(nobody.error().hint.find("'focal people role'"), std::string::npos);
}

TEST_F(PeopleTest, AnotherFileInThePlaceOfAKeyIsNotCertified) {
  name_everybody();
  must(make_key(kMia, "mia's own passphrase"));
  crypto::SystemRng rng;
  must(make_officer_key(folder_ / "node", "mia", secret("a thief's passphrase"), crypto::kKdfTest,
                        rng));
  EXPECT_EQ(code(make_key(kMia, "a thief's passphrase", true)), ErrorCode::kKeystore);
}

}  // namespace
}  // namespace focal::desk
