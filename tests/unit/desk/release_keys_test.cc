// Goal: no single person puts another card in the place of a known party's, by whatever way; what a
// party proves by its chain needs nobody, and what takes trust away never waits.
// Method: a whole node with named persons, asked through the desk by each way a card can come; then
// what is pinned and what the ledger holds.
#include <gmock/gmock.h>

#include "crypto/hash.h"
#include "crypto/sign.h"
#include "node/desk/release.h"
#include "node/exchange/approval.h"
#include "node/exchange/directory.h"
#include "tests/support/notes_fixture.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

class ReleaseKeys : public ReleaseTest {
 protected:
  std::uint64_t serial(const std::string& party = "XB") {
    return peer(party).peer().card().serial();
  }
  v1::PeerDetailsResponse peer(const std::string& party) {
    v1::PeerDetailsRequest request;
    request.set_party(party);
    return must(desk_->peer_show(request));
  }
  v1::NotesAddResponse notes(const std::string& text, uid_t by = kJo) {
    v1::NotesAddRequest request;
    request.set_text(text);
    return must(desk_->notes_add(request, as(by)));
  }
  Result<v1::PeerTrustResponse> confirm(const std::string& number, uid_t by = kJo,
                                        const std::string& how = "PHONE") {
    v1::PeerConfirmRequest request;
    request.set_party("XB");
    request.set_how(how);
    request.set_number(number);
    return desk_->peer_confirm(request, as(by));
  }
  std::string number_of(const crypto::PublicKey& root) const {
    return exchange::safety_number("XA", own_.root, "XB", root);
  }
  std::string person_certificate(const std::string& name) {
    v1::PeopleShowRequest request;
    request.set_name(name);
    return must(desk_->people_show(request)).certificate_text();
  }
  // Details of the leaves of that type, oldest first.
  std::vector<ActDetail> details(store::LeafType type) {
    std::vector<ActDetail> out;
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      for (store::LeafIndex i = 0; i < node_->ledger().log_size(); ++i) {
        if (node_->ledger().leaf(i)->type != type) continue;
        const auto text = node_->ledger().detail(i);
        if (auto detail = text ? parse_detail(*text) : std::nullopt) out.push_back(*detail);
      }
      return {};
    }).has_value());
    return out;
  }
};

TEST_F(ReleaseKeys, AChangeOfAPeersKeyIsReleasedAndSignedInTheLedger) {
  auto fields = xb_.fields_after(xb_.card());
  const auto next_sign = test::signing_key(99);
  fields.sign = next_sign.pk;
  const exchange::CardKeys keys{xb_.root, next_sign, xb_.log, xb_.witness};
  v1::PeerAddRequest request;
  request.set_bundle(must(exchange::make_card(fields, keys)));
  const auto held = desk_->peer_add(request, as(kJo));
  ASSERT_EQ(code(held), ErrorCode::kAwaitsRelease) << (held ? "" : held.error().message);
  v1::PeerDetailsRequest which;
  which.set_party("XB");
  EXPECT_EQ(must(desk_->peer_show(which)).peer().card().serial(), 1u);
  const auto shown = show("R-1");
  EXPECT_NE(shown.entry().summary(0).find("card 2 of XB"), std::string::npos);
  EXPECT_NE(shown.entry().summary(0).find("keys that change: sign"), std::string::npos);
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(must(desk_->peer_show(which)).peer().card().serial(), 2u);

  // The leaf of the card holds what the second officer signed.
  std::optional<ActDetail> detail;
  ASSERT_TRUE(node_->perform([&](const Now&) -> Status {
    for (store::LeafIndex i = 0; i < node_->ledger().log_size(); ++i)
      if (node_->ledger().leaf(i)->type == store::LeafType::kPeerCard)
        if (const auto text = node_->ledger().detail(i)) detail = parse_detail(*text);
    return {};
  }).has_value());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->act, "peer.add");
  EXPECT_EQ(detail->actor.person, "jo");
  EXPECT_EQ(detail->approver.person, "mia");
  EXPECT_EQ(detail->statement, shown.statement());
  const auto note = must(exchange::parse_certificate(detail->certificate, own_));
  const Bytes signed_text = crypto::pae(crypto::kActType, as_bytes(detail->statement));
  EXPECT_TRUE(crypto::verify(note.key, signed_text, detail->signature));
  // It can be taken neither for a record's release nor for another act's.
  EXPECT_FALSE(crypto::verify(
      note.key, crypto::pae(crypto::kReleaseType, as_bytes(detail->statement)), detail->signature));
  std::string other = detail->statement;
  other.back() = ' ';
  EXPECT_FALSE(crypto::verify(note.key, crypto::pae(crypto::kActType, as_bytes(other)),
                              detail->signature));
}

TEST_F(ReleaseKeys, AStrangerIsPinnedWithoutASecondOfficer) {
  const test::TestParty xc("XC", 101);
  v1::PeerAddRequest request;
  request.set_bundle(xc.card_note() + xc.schedule_note());
  EXPECT_TRUE(desk_->peer_add(request, as(kJo)).has_value()) << "NONE gives nothing yet";
  EXPECT_TRUE(desk_->peer_add(request, as(kJo)).has_value()) << "the same card changes nothing";
}

TEST_F(ReleaseKeys, ARecoveryIsConfirmedByTwo) {
  const auto next = test::recovery_of(xb_, xb_.card());
  ASSERT_EQ(notes(next.note).notes(0).result(), "SUSPENDED") << "taking trust away does not wait";
  EXPECT_EQ(peer("XB").trust().level(), "SUSPENDED");
  EXPECT_EQ(code(confirm(number_of(xb_.root.pk))), ErrorCode::kInvalid) << "wrong digits do not wait";
  EXPECT_EQ(waiting(), 0);
  ASSERT_EQ(code(confirm(number_of(xb_.next_root.pk))), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(serial(), 1u);
  EXPECT_EQ(peer("XB").trust().level(), "SUSPENDED");
  const auto shown = show("R-1");
  EXPECT_EQ(shown.entry().act(), "peer.confirm");
  EXPECT_NE(shown.entry().summary(0).find("keys that change: root"), std::string::npos);
  EXPECT_EQ(code(approve("R-1", kJo, kMiaSays)), ErrorCode::kState) << "jo has no key";
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(serial(), next.serial);
  EXPECT_EQ(peer("XB").trust().level(), "VERIFIED");
  EXPECT_EQ(peer("XB").trust().verified_by(),
            "jo (uid 40001, OFFICER), released by mia (uid 40002, SUPERVISOR)");
  const auto cards = details(store::LeafType::kPeerCard);
  ASSERT_FALSE(cards.empty());
  EXPECT_EQ(cards.back().act, "peer.confirm");
  EXPECT_EQ(cards.back().release, "R-1");
  const auto note = must(exchange::parse_certificate(cards.back().certificate, own_));
  EXPECT_TRUE(crypto::verify(note.key,
                             crypto::pae(crypto::kActType, as_bytes(cards.back().statement)),
                             cards.back().signature));
  EXPECT_EQ(cards.back().statement, shown.statement());
}

TEST_F(ReleaseKeys, TheSecondOfficerSeesHowACardWasComparedAndWhatFollows) {
  const auto next = test::recovery_of(xb_, xb_.card());
  notes(next.note);
  const std::string number = number_of(xb_.next_root.pk);
  ASSERT_EQ(code(confirm(number)), ErrorCode::kAwaitsRelease);
  ASSERT_EQ(code(confirm(number, kJo, "IN_PERSON")), ErrorCode::kAwaitsRelease);
  const auto by_phone = show("R-1");
  const auto in_person = show("R-2");
  EXPECT_NE(by_phone.entry().summary(0).find("; compared PHONE by jo, safety number " + number +
                                             "; XB becomes VERIFIED"),
            std::string::npos)
      << by_phone.entry().summary(0);
  EXPECT_NE(in_person.entry().summary(0).find("; compared IN_PERSON by jo"), std::string::npos);
  const auto effect = [](const std::string& statement) {
    return statement.substr(statement.find("\neffect "));
  };
  EXPECT_NE(effect(by_phone.statement()), effect(in_person.statement()));
  must(approve("R-2", kMia, kMiaSays));
  EXPECT_EQ(peer("XB").trust().level(), "VERIFIED");
}

TEST_F(ReleaseKeys, NobodyConfirmsAloneEvenWithBothRoles) {
  const auto next = test::recovery_of(xb_, xb_.card());
  notes(next.note, kSam);
  ASSERT_EQ(code(confirm(number_of(xb_.next_root.pk), kSam)), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(code(approve("R-1", kSam, kSamSays)), ErrorCode::kPermission);
  EXPECT_EQ(serial(), 1u);
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(serial(), next.serial);
}

TEST_F(ReleaseKeys, ACardThatIsRefusedMeanwhileIsNotReleased) {
  notes(test::recovery_of(xb_, xb_.card()).note);
  ASSERT_EQ(code(confirm(number_of(xb_.next_root.pk))), ErrorCode::kAwaitsRelease);
  v1::PeerRejectRequest reject_it;
  reject_it.set_party("XB");
  reject_it.set_reason("they know nothing of it");
  must(desk_->peer_reject(reject_it, as(kSam)));
  EXPECT_EQ(code(approve("R-1", kMia, kMiaSays)), ErrorCode::kNotFound);
  EXPECT_EQ(serial(), 1u);
  EXPECT_EQ(waiting(), 1);
}

TEST_F(ReleaseKeys, OfAFileOnlyWhatAPersonsWordBringsWaits) {
  const test::TestParty xc("XC", 101);
  pin(xc);
  verify(xc, kSam);
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  const auto three = test::update_of(xb_, two, "Three");
  const auto out = notes(three.note + test::revocation_of(xc.card(), xc.root) + two.note);
  EXPECT_EQ(out.notes(0).result(), "AWAITS_RELEASE") << out.notes(0).text();
  EXPECT_EQ(out.notes(2).result(), "AWAITS_RELEASE") << out.notes(2).text();
  EXPECT_NE(out.notes(2).text().find("stored as R-1"), std::string::npos);
  EXPECT_EQ(out.notes(1).result(), "REVOKED") << "a revocation bites at once";
  EXPECT_EQ(peer("XC").trust().level(), "REVOKED");
  EXPECT_EQ(serial(), 1u);
  const auto shown = show("R-1");
  EXPECT_EQ(shown.entry().act(), "notes.add");
  ASSERT_EQ(shown.entry().summary_size(), 2);
  EXPECT_NE(shown.entry().summary(0).find("card 2 of XB"), std::string::npos);
  EXPECT_NE(shown.entry().summary(1).find("card 3 of XB"), std::string::npos);
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(serial(), 3u);
  EXPECT_EQ(details(store::LeafType::kPeerCard).back().approver.person, "mia");
}

// Whoever fills the table must not keep a revocation out.
TEST_F(ReleaseKeys, ARevocationIsTakenThoughNoMoreActsMayWait) {
  const test::TestParty xc("XC", 101);
  pin(xc);
  verify(xc, kSam);
  fill_the_table();
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  const auto out = notes(two.note + test::revocation_of(xc.card(), xc.root));
  EXPECT_EQ(out.notes(0).result(), "REFUSED") << out.notes(0).text();
  EXPECT_NE(out.notes(0).text().find("wait for release already"), std::string::npos);
  EXPECT_NE(out.notes(0).hint(), "");
  EXPECT_EQ(out.notes(1).result(), "REVOKED") << out.notes(1).text();
  EXPECT_EQ(peer("XC").trust().level(), "REVOKED");
  EXPECT_EQ(serial(), 1u);
  EXPECT_EQ(waiting(), 64);
}

TEST_F(ReleaseKeys, WhatWouldBeRefusedOfAFileIsSaidAtOnceAndDoesNotWait) {
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  test::TestParty other("XB", 171);  // another root altogether
  const auto three = test::update_of(other, two, "Three");
  const auto out = notes(three.note + two.note);
  EXPECT_EQ(out.notes(0).result(), "REFUSED") << out.notes(0).text();
  EXPECT_NE(out.notes(0).text().find("root key that cannot speak"), std::string::npos)
      << out.notes(0).text();
  EXPECT_EQ(out.notes(1).result(), "AWAITS_RELEASE") << out.notes(1).text();
  const auto shown = show("R-1");
  ASSERT_EQ(shown.entry().summary_size(), 1);
  EXPECT_NE(shown.entry().summary(0).find("card 2 of XB"), std::string::npos);
  const auto done = must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(done.entry().state(), "RELEASED");
  ASSERT_EQ(done.notes_size(), 1) << "what became of each note";
  EXPECT_EQ(done.notes(0).result(), "TAKEN") << done.notes(0).text();
  EXPECT_EQ(serial(), 2u);
}

TEST_F(ReleaseKeys, ASecondCardOfOneSerialInAFileDoesNotWait) {
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  const auto twin = test::update_of(xb_, xb_.card(), "Twin");
  const auto out = notes(two.note + twin.note);
  EXPECT_EQ(out.notes(0).result(), "AWAITS_RELEASE") << out.notes(0).text();
  EXPECT_EQ(out.notes(1).result(), "REFUSED") << out.notes(1).text();
  EXPECT_NE(out.notes(1).text().find("fork"), std::string::npos) << out.notes(1).text();
  EXPECT_EQ(show("R-1").entry().summary_size(), 1);
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(serial(), 2u);
}

TEST_F(ReleaseKeys, ACardWithAKeyOfThisNodeIsRefusedAtOnce) {
  const auto keystore = must(crypto::Keystore::open(folder_ / "node" / node::kKeystoreFile,
                                                    secret("a test passphrase")));
  const auto keys = must(node::load_online_keys(keystore));
  const std::string copy = must(exchange::make_card(
      xb_.fields_after(xb_.card()), {xb_.root, xb_.sign, keys.log, xb_.witness}));
  EXPECT_EQ(notes(copy).notes(0).result(), "REFUSED");
  EXPECT_EQ(waiting(), 0);
}

// It fitted when it was asked for, and does not any more.
TEST_F(ReleaseKeys, AReleasedFileNeverEndsReleasedWithANoteRefused) {
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  const std::string schedule = [&] {
    exchange::ScheduleFields f = xb_.schedule_fields();
    f.serial += 5;
    return test::TestParty::must(exchange::make_schedule(f, xb_.sign));
  }();
  const auto out = notes(two.note + schedule);
  EXPECT_EQ(out.notes(0).result(), "AWAITS_RELEASE");
  EXPECT_EQ(out.notes(1).result(), "AWAITS_RELEASE") << out.notes(1).text();
  notes(test::revocation_of(xb_.card(), xb_.root, exchange::RevocationScope::kSign));
  const auto done = approve("R-1", kMia, kMiaSays);
  ASSERT_FALSE(done.has_value());
  EXPECT_EQ(done.error().code, ErrorCode::kState);
  EXPECT_NE(done.error().message.find("schedule of XB"), std::string::npos)
      << done.error().message;
  EXPECT_EQ(serial(), 1u) << "all of it or nothing";
  EXPECT_EQ(show("R-1").entry().state(), "AWAITING");
}

TEST_F(ReleaseKeys, ACardOfAFileThatIsNoLongerNewIsNotReleased) {
  const auto two = test::update_of(xb_, xb_.card(), "Two");
  EXPECT_EQ(notes(two.note).notes(0).result(), "AWAITS_RELEASE");
  EXPECT_EQ(notes(two.note).notes(0).result(), "AWAITS_RELEASE");
  must(approve("R-1", kMia, kMiaSays));
  EXPECT_EQ(serial(), 2u);
  EXPECT_EQ(code(approve("R-2", kMia, kMiaSays)), ErrorCode::kState) << "nothing is left of it";
  must(reject("R-2", kMia));
}

// What the ledger says of releases is proven by what stands beside it, not by the names.
TEST_F(ReleaseKeys, ALeafWithoutAGoodSignatureIsNotARelease) {
  EXPECT_EQ(notes(test::update_of(xb_, xb_.card(), "Two").note).notes(0).result(),
            "AWAITS_RELEASE");
  must(approve("R-1", kMia, kMiaSays));
  ASSERT_FALSE(open(kJo).has_value());
  must(approve("R-2", kMia, kMiaSays));
  const std::string hash =
      hex(crypto::sha256(std::string_view(details(store::LeafType::kPeerCard).back().certificate)));
  std::size_t proven = 0;
  for (const auto& leaf : acts()) {
    if (leaf.act() == "people.key" && leaf.who() == "mia (uid 40002, SUPERVISOR)") {
      EXPECT_THAT(leaf.reason(), ::testing::EndsWith("certificate " + hash));
    }
    if (leaf.released_by().empty()) continue;
    ++proven;
    EXPECT_EQ(leaf.remark(), "") << leaf.type();
    EXPECT_EQ(leaf.certificate(), hash) << leaf.type();
  }
  EXPECT_EQ(proven, 4u) << "the card, the record, and the end of either release";

  const ActDetail good = details(store::LeafType::kPeerCard).back();
  const auto remark = [&](const ActDetail& forged) {
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      node_->core().write(store::PutAdmin{{}, detail_text(forged)});
      return {};
    }).has_value());
    EXPECT_EQ(acts().back().released_by(), "mia (uid 40002, SUPERVISOR)");
    return acts().back().remark();
  };
  EXPECT_EQ(remark(good), "");
  ActDetail forged = good;
  forged.signature[5] ^= 1;
  EXPECT_EQ(remark(forged), "release not proven: the signature does not verify");
  forged = good;
  forged.certificate = person_certificate("sam");
  EXPECT_EQ(remark(forged), "release not proven: the signature does not verify");
  exchange::OfficerCertificate thief;
  thief.party = "XA";
  thief.role = "SUPERVISOR";
  thief.key = test::signing_key(200).pk;
  thief.from_ms = 1'000;
  thief.until_ms = 4'000'000'000'000;
  forged.certificate = exchange::make_certificate(thief, test::signing_key(201));
  forged.signature = to_bytes(ByteView(crypto::sign(
      test::signing_key(200), crypto::pae(crypto::kActType, as_bytes(forged.statement)))));
  EXPECT_THAT(remark(forged), ::testing::StartsWith("release not proven: "));
  forged = good;
  forged.certificate.clear();
  forged.statement.clear();
  forged.signature.clear();
  EXPECT_EQ(remark(forged), "release not proven: no signature stands beside it");
  const char* const kOther =
      "release not proven: the statement is of another release, person or act";
  forged = good;
  forged.release = "R-2";
  EXPECT_EQ(remark(forged), kOther);
  forged = good;
  forged.actor.person = "sam";
  EXPECT_EQ(remark(forged), kOther);
  forged = good;
  forged.act = "peer.confirm";
  EXPECT_EQ(remark(forged), kOther);
  forged = good;
  forged.statement += "effect peer.key_change XC x\n";
  EXPECT_EQ(remark(forged), "release not proven: the signature does not verify");
}

TEST_F(ReleaseKeys, WhatAChainProvesNeedsNobody) {
  const auto rotated = test::recovery_of(xb_, xb_.card(), &xb_.root);
  EXPECT_EQ(notes(rotated.note).notes(0).result(), "TAKEN");
  EXPECT_EQ(serial(), 2u);
  EXPECT_EQ(waiting(), 0);
}

TEST_F(ReleaseKeys, WithoutTheRuleAnOfficersWordIsEnough) {
  require({"personal_data"});
  EXPECT_EQ(notes(test::update_of(xb_, xb_.card(), "Two").note).notes(0).result(), "TAKEN");
  EXPECT_EQ(serial(), 2u);
}

TEST_F(ReleaseKeys, DirectoriesAreTheAdministrators) {
  exchange::DirectoryFields f;
  f.introducer = "XB";
  f.serial = 1;
  f.entries = {{"XC", test::TestParty("XC", 101).root.pk, 1}};
  const std::string directory = must(exchange::make_directory(f, xb_.root));
  const auto refused = notes(directory + xb_.card_note());
  EXPECT_EQ(refused.notes(0).result(), "REFUSED");
  EXPECT_NE(refused.notes(0).hint().find("administrator"), std::string::npos);
  EXPECT_EQ(refused.notes(1).result(), "KNOWN");
  EXPECT_FALSE(desk_->permit("directory_import", as(kJo)).has_value());
  ASSERT_TRUE(desk_->permit("directory_import", as(kAda)).has_value());
  v1::NotesAddRequest request;
  request.set_text(directory);
  EXPECT_EQ(must(desk_->directory_import(request, as(kAda))).notes(0).result(), "TAKEN");
  const auto kept = details(store::LeafType::kPeerCard);
  EXPECT_EQ(kept.back().actor.person, "ada");
  EXPECT_EQ(kept.back().act, "directory.import");
  request.set_text(xb_.card_note());
  EXPECT_EQ(code(desk_->directory_import(request, as(kAda))), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace focal::desk
