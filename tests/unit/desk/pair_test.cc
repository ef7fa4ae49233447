// Goal: what a meeting does at the desk: nothing before both codes fit, everything in one
// group with the record that confirms it, and what is shown of it.
// Method: whole nodes in one process, the use-cases on their loop thread.
#include "node/desk/pair.h"

#include "node/desk/peer_decisions.h"
#include "node/exchange/ceremony_code.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

struct PairDesk : DeskWorld {
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.pin("XA", "XB", store::PeerLevel::kNone);
    w.pin("XB", "XA", store::PeerLevel::kNone);
    w.connect("XA", "XB");
  }
  std::string begin(const std::string& at, const std::string& with) {
    v1::PairBeginRequest request;
    request.set_party(with);
    v1::PairBeginResponse out;
    crypto::Secret code;
    const Status done = begin_meeting(w.node(at), request, w.now(), &out, &code);
    EXPECT_TRUE(done) << done.error().message;
    EXPECT_EQ(out.our_party(), at);
    EXPECT_EQ(out.code(), "") << "it is in no message";
    return to_string(code.view());
  }
  // Both halves, as Desk::pair_finish does them.
  Status finish(const std::string& at, const std::string& with, const std::string& code,
                v1::PairFinishResponse* out = nullptr) {
    v1::PairFinishRequest request;
    request.set_party(with);
    const auto secret = crypto::Secret::copy_of(as_bytes(code));
    store::RecordRef sent;
    FOCAL_TRY(finish_meeting(w.node(at), request, secret, By{}, w.now(), &sent));
    w.run();
    v1::PairFinishResponse ignored;
    meeting_finished(w.node(at), request, sent, w.now(), out == nullptr ? &ignored : out);
    w.run();
    return {};
  }
  v1::PairInfo info(const std::string& at, const std::string& of) {
    v1::PairInfo out;
    EXPECT_TRUE(show_pair(w.node(at), of, w.now(), &out));
    return out;
  }
  ErrorCode refused(const std::string& code) {
    const Status done = finish("XA", "XB", code);
    if (done) return ErrorCode::kUsage;
    EXPECT_FALSE(done.error().hint.empty()) << done.error().message;
    EXPECT_EQ(done.error().message.find("FOCAL:1:"), std::string::npos);
    return done.error().code;
  }
};

TEST_F(PairDesk, BothEndsVerifyAndConfirm) {
  EXPECT_EQ(info("XA", "XB").state(), "NONE");
  EXPECT_NE(info("XA", "XB").state_text().find("quantum"), std::string::npos);
  const std::string a = begin("XA", "XB"), b = begin("XB", "XA");
  EXPECT_FALSE(info("XA", "XB").meeting_until().empty());
  v1::PairFinishResponse out;
  ASSERT_TRUE(finish("XA", "XB", b, &out));
  EXPECT_EQ(out.level(), "VERIFIED");
  EXPECT_EQ(out.pair().state(), "UNCONFIRMED");
  EXPECT_FALSE(out.outbox_id().empty());
  EXPECT_TRUE(info("XA", "XB").meeting_until().empty());
  ASSERT_TRUE(finish("XB", "XA", a, &out));
  w.advance(2 * kMinuteMs);  // XA's confirm waited at XB for trust
  EXPECT_EQ(info("XA", "XB").state(), "CONFIRMED");
  EXPECT_EQ(info("XB", "XA").state(), "CONFIRMED");
  EXPECT_FALSE(info("XA", "XB").confirmed_at().empty());
  const auto& peer = *w.core("XA").peers().find("XB");
  EXPECT_EQ(peer.row.level, store::PeerLevel::kVerified);
  EXPECT_EQ(peer.row.verified_how, "IN_PERSON");
  EXPECT_EQ(w.leaves("XA", store::LeafType::kPeerVerified), 2u);  // pin() writes one
}

TEST_F(PairDesk, NothingHappensWithoutBothCodes) {
  const std::string b = begin("XB", "XA");
  EXPECT_EQ(refused(b), ErrorCode::kState) << "we have shown nothing";
  const std::string a = begin("XA", "XB");
  EXPECT_EQ(refused(a), ErrorCode::kInvalid) << "our own code";
  EXPECT_EQ(refused(exchange::fingerprint_code("XB", w.core("XB").self().card.root)),
            ErrorCode::kInvalid) << "no secret in it";
  EXPECT_EQ(refused("FOCAL:1:"), ErrorCode::kInvalid);
  EXPECT_EQ(refused(std::string(200, 'A')), ErrorCode::kLimit);
  const auto own = exchange::parse_ceremony_code(a);
  const auto theirs = exchange::parse_ceremony_code(b);
  const auto code = [](const std::string& party, const crypto::PublicKey& root,
                       const crypto::Secret& c) {
    return std::string(as_text(exchange::ceremony_code(party, root, c).view()));
  };
  EXPECT_EQ(refused(code("XB", own->root, theirs->c)), ErrorCode::kInvalid) << "another root";
  EXPECT_EQ(refused(code("XC", theirs->root, theirs->c)), ErrorCode::kInvalid) << "another party";
  EXPECT_EQ(refused(code("XB", theirs->root, own->c)), ErrorCode::kInvalid) << "our secret in it";
  EXPECT_EQ(w.core("XA").peers().find("XB")->row.level, store::PeerLevel::kNone);
  EXPECT_EQ(info("XA", "XB").state(), "NONE");
  EXPECT_FALSE(w.core("XA").self().pairs.has_unsaved());
  EXPECT_EQ(refused(b), ErrorCode::kUsage) << "and the right one still works";
}

TEST_F(PairDesk, AMeetingIsOverAfterHalfAnHour) {
  const std::string a = begin("XA", "XB"), b = begin("XB", "XA");
  w.advance(exchange::kCeremonyLifeMs);
  EXPECT_EQ(refused(b), ErrorCode::kState);
  EXPECT_NE(begin("XA", "XB"), a);
}

TEST_F(PairDesk, StrangersAreRefused) {
  v1::PairBeginRequest request;
  request.set_party("XC");
  v1::PairBeginResponse out;
  crypto::Secret code;
  EXPECT_EQ(begin_meeting(w.node("XA"), request, w.now(), &out, &code).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(code.empty());
  v1::PairInfo shown;
  EXPECT_EQ(show_pair(w.node("XA"), "XC", w.now(), &shown).error().code, ErrorCode::kNotFound);
}

TEST_F(PairDesk, DroppingIsAnActWithAReason) {
  v1::PairDropRequest request;
  request.set_party("XB");
  EXPECT_EQ(drop_pair(w.node("XA"), request, By{}).error().code, ErrorCode::kInvalid);
  request.set_reason("XB lost its keystore");
  EXPECT_EQ(drop_pair(w.node("XA"), request, By{}).error().code, ErrorCode::kState);
  const std::string a = begin("XA", "XB"), b = begin("XB", "XA");
  ASSERT_TRUE(finish("XA", "XB", b));
  ASSERT_TRUE(finish("XB", "XA", a));
  const auto before = w.leaves("XA", store::LeafType::kAdmin);
  ASSERT_TRUE(drop_pair(w.node("XA"), request, By{}));
  w.run();
  EXPECT_EQ(info("XA", "XB").state(), "NONE");
  EXPECT_EQ(w.leaves("XA", store::LeafType::kAdmin), before + 1);
}

TEST_F(PairDesk, ItSaysWhatTheOtherSideConfirmedInstead) {
  w.pin("XA", "XB", store::PeerLevel::kVerified);
  w.pin("XB", "XA", store::PeerLevel::kVerified);
  const auto psk = [](std::uint8_t byte) { return crypto::Secret::copy_of(Bytes(32, byte)); };
  w.met("XB", "XA", psk(9));
  w.run();
  EXPECT_EQ(info("XA", "XB").state(), "NONE");
  EXPECT_NE(info("XA", "XB").state_text().find("end of a meeting"), std::string::npos);
  EXPECT_EQ(info("XB", "XA").state(), "UNCONFIRMED");
  EXPECT_EQ(info("XB", "XA").state_text().find(" But "), std::string::npos) << "nothing is wrong";
  w.met("XA", "XB", psk(8));
  w.run();
  for (const auto& [at, of] : {std::pair("XA", "XB"), std::pair("XB", "XA")}) {
    EXPECT_EQ(info(at, of).state(), "UNCONFIRMED");
    EXPECT_NE(info(at, of).state_text().find("different meetings"), std::string::npos) << at;
    EXPECT_NE(info(at, of).state_text().find("focal peer meet"), std::string::npos) << at;
  }
  w.met("XA", "XB", psk(7));
  w.met("XB", "XA", psk(7));
  w.run();
  for (const auto& [at, of] : {std::pair("XA", "XB"), std::pair("XB", "XA")}) {
    EXPECT_EQ(info(at, of).state(), "CONFIRMED");
    EXPECT_EQ(info(at, of).state_text().find(" But "), std::string::npos) << at;
  }
}

TEST_F(PairDesk, FingerprintCodes) {
  const auto code = card_code(w.node("XB"));
  EXPECT_EQ(code.party(), "XB");
  v1::PeerVerifyRequest request;
  request.set_party("XB");
  request.set_number(code.code());
  request.set_how("NOTE_VERBALE");
  ASSERT_TRUE(verify_peer(w.node("XA"), request, By{}, w.now()));
  w.run();
  EXPECT_EQ(w.core("XA").peers().find("XB")->row.level, store::PeerLevel::kVerified);
  EXPECT_EQ(info("XA", "XB").state(), "NONE") << "a fingerprint makes no secret";
  request.set_number(begin("XB", "XA"));
  EXPECT_EQ(verify_peer(w.node("XA"), request, By{}, w.now()).error().code,
            ErrorCode::kInvalid) << "a secret has no business here";
}

}  // namespace
}  // namespace focal::desk
