// Goal: two States prove one case to somebody who has nothing but the file, each from its own
// ledger; what one has destroyed is left out, and a timeline says who released, stored, opened and
// witnessed each record. Method: two whole nodes that witness each other; what each exports is
// given to the verifier of the program with the fingerprints of both roots.
#include "node/desk/evidence.h"

#include "node/desk/bundle_shelf.h"
#include "node/desk/witness.h"
#include "node/evidence/check.h"
#include "proto/evidence.pb.h"
#include "proto/witness.pb.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class EvidenceDesk : public DeskWorld {
 protected:
  void SetUp() override {
    DeskWorld::SetUp();
    w.connect("XA", "XB");
    w.run();
  }
  void witnessed(const std::string& party, const std::string& by) {
    v1::WitnessSetRequest request;
    request.add_witnesses(by);
    request.set_quorum(1);
    ASSERT_TRUE(set_witness(w.node(party), request, {}, w.now()).has_value());
    w.run();
    w.core(party).machine().own_notes_changed();
    w.run();
  }
  // A checkpoint of each, cosigned by the other.
  void publish() {
    w.advance(2 * kMinuteMs);
    for (const char* party : {"XA", "XB"}) w.checkpoint(party);
    for (int i = 0; i < 15; ++i) w.advance(kSecondMs);
  }
  // A request and its acknowledgement, behind the first checkpoints of logs that are witnessed.
  void exchanged() {
    witnessed("XA", "XB");
    witnessed("XB", "XA");
    publish();
    opened();
    ASSERT_TRUE(ack().has_value());
    w.run();
    publish();
  }

  struct Exported {
    Bytes archive;
    v1::EvidenceSummary summary;
  };
  Result<Exported> exported(const std::string& party, const std::string& target = "T-1",
                            const std::vector<std::string>& withhold = {}) {
    v1::EvidenceExportRequest request;
    request.set_target(target);
    for (const std::string& word : withhold) request.add_withhold(word);
    Exported out;
    By by;
    FOCAL_ASSIGN(out.archive, export_evidence(w.node(party), request, by, w.now(), &out.summary));
    w.run();
    fill_verdict(out.archive, &out.summary);
    return out;
  }
  v1::EvidenceProof demand(const std::string& party, std::uint64_t leaf) {
    v1::EvidenceDemandRequest request;
    request.set_record(std::to_string(leaf));
    v1::EvidenceDemandResponse out;
    By by;
    const Status done = demand_proofs(w.node(party), request, by, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    w.run();
    return out.proofs_size() == 1 ? out.proofs(0) : v1::EvidenceProof();
  }
  static std::string words(const v1::EvidenceSummary& summary) {
    std::string out = summary.verdict();
    for (const std::string& each : summary.missing()) out.append("\n").append(each);
    return out;
  }
};

TEST_F(EvidenceDesk, BothEndsProveTheWholeCase) {
  exchanged();
  for (const char* party : {"XA", "XB"}) {
    const auto before = exported(party);
    ASSERT_TRUE(before.has_value()) << before.error().message;
    EXPECT_EQ(before->summary.verdict(), "INCOMPLETE") << "the other ledger has proved nothing yet";
    for (const auto& record : before->summary.records())
      EXPECT_EQ(demand(party, record.index()).state(), "ASKED");
  }
  w.advance(2 * kMinuteMs);
  w.advance(2 * kMinuteMs);
  for (const char* party : {"XA", "XB"}) {
    const auto made = exported(party);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    EXPECT_EQ(made->summary.verdict(), "PROVED") << party << "\n" << words(made->summary);
    EXPECT_EQ(made->summary.records_size(), 2);
    EXPECT_EQ(made->summary.proved(), made->summary.claims());
    ASSERT_EQ(made->summary.parties_size(), 2);
    EXPECT_EQ(made->summary.parties(party[1] == 'A' ? 0 : 1).known(), "OURS");
    EXPECT_EQ(made->summary.parties(party[1] == 'A' ? 1 : 0).known(), "VERIFIED");
    EXPECT_EQ(evidence::whole_of(evidence::check_bundle(made->archive, {})),
              evidence::Whole::kIncomplete)
        << "without fingerprints nothing is proved";
    const auto proof = demand(party, made->summary.records(0).index());
    EXPECT_EQ(proof.state(), "PROVED");
    EXPECT_NE(proof.text().find(proof.log()), std::string::npos);
  }
}

TEST_F(EvidenceDesk, ATimelineSaysWhatBecameOfEachRecord) {
  exchanged();
  auto at_xa = show("XA");
  ASSERT_EQ(at_xa.timeline_size(), 2);
  const v1::TimelineEntry request = at_xa.timeline(0);
  EXPECT_NE(request.released_at(), "");
  EXPECT_NE(request.delivery(0).stored_at(), "");
  EXPECT_EQ(request.delivery(0).opened_at(), "");
  ASSERT_EQ(request.leaf().witnesses_size(), 1);
  EXPECT_EQ(request.leaf().witnesses(0).party(), "XB");
  EXPECT_EQ(request.leaf().index(), request.leaf_index());
  EXPECT_NE(request.evidence_text().find("witnessed by XB"), std::string::npos)
      << request.evidence_text();
  note_opened(w.node("XB"), "T-1", w.now());
  w.run();
  note_opened(w.node("XB"), "T-1", w.now());
  w.run();
  EXPECT_EQ(w.leaves("XB", store::LeafType::kSent), 2u) << "the ack, and one word that it is open";
  at_xa = show("XA");
  EXPECT_NE(at_xa.timeline(0).delivery(0).opened_at(), "");
  EXPECT_NE(at_xa.timeline(0).evidence_text().find("opened at XB"), std::string::npos);
  EXPECT_NE(show("XB").timeline(0).opened_at(), "");
  demand("XA", request.leaf_index());
  w.advance(2 * kMinuteMs);
  w.advance(2 * kMinuteMs);
  at_xa = show("XA");
  ASSERT_TRUE(at_xa.timeline(0).delivery(0).has_leaf());
  EXPECT_EQ(at_xa.timeline(0).delivery(0).leaf().log(), "focal/XB/log/1");
}

TEST_F(EvidenceDesk, ARecordOfTheFirstDayIsVouchedForOnceThereAreWitnesses) {
  opened();
  publish();
  EXPECT_EQ(show("XA").timeline(0).leaf().witnesses_size(), 0);
  const std::uint64_t first = show("XA").timeline(0).leaf().size();
  EXPECT_NE(first, 0u);
  witnessed("XA", "XB");
  for (int i = 0; i < 4; ++i) {
    w.send("XA", "XB", "peer.ping", test::ping_body());
    publish();
  }
  const auto leaf = show("XA").timeline(0).leaf();
  ASSERT_EQ(leaf.witnesses_size(), 1);
  EXPECT_GT(leaf.size(), first);
  const auto witnessed_at = leaf.size();
  w.send("XA", "XB", "peer.ping", test::ping_body());
  publish();
  EXPECT_EQ(show("XA").timeline(0).leaf().size(), witnessed_at) << "the first of them";
}

TEST_F(EvidenceDesk, NobodyIsToldWhereItIsForbidden) {
  w.configure = [](config::NodeConfig& config) { config.tell_opened = false; };
  w.crash("XB");
  w.connect("XA", "XB");
  opened();
  note_opened(w.node("XB"), "T-1", w.now());
  w.run();
  EXPECT_EQ(w.leaves("XB", store::LeafType::kSent), 0u);
  EXPECT_EQ(show("XB").timeline(0).opened_at(), "");
}

TEST_F(EvidenceDesk, WhatIsErasedIsLeftOutAndSaidSo) {
  const store::RecordRef request = opened();
  ASSERT_TRUE(ack().has_value());
  w.run();
  w.core("XB").write(store::PutShred{request, "by lawful order"});
  w.run();
  const auto made = exported("XB");
  ASSERT_TRUE(made.has_value()) << made.error().message;
  ASSERT_EQ(made->summary.records_size(), 2);
  EXPECT_EQ(made->summary.records(0).content(), "ERASED");
  EXPECT_EQ(made->summary.records(1).content(), "INCLUDED");
  EXPECT_NE(made->summary.verdict(), "BROKEN");
  EXPECT_EQ(exported("XB", hex(request.rid)).error().code, ErrorCode::kErased);
  const auto elsewhere = exported("XA");
  ASSERT_TRUE(elsewhere.has_value());
  EXPECT_EQ(elsewhere->summary.records(0).content(), "INCLUDED") << "the other party keeps it";
}

TEST_F(EvidenceDesk, WhatNobodyPromisedIsNotDemanded) {
  w.crash("XB");  // ends the link
  const store::RecordRef request = open(example_text("01_trace_request_XA_XB.json"))->ref;
  w.run();
  const auto leaf = static_cast<std::uint64_t>(w.view("XA").find(request)->idx);
  EXPECT_EQ(demand("XA", leaf).state(), "NOT_PROMISED");
  v1::EvidenceDemandRequest wrong;
  v1::EvidenceDemandResponse out;
  By by;
  for (const char* record : {"", "XB", "99999", "0", "-1", "18446744073709551616"}) {
    wrong.set_record(record);
    const Status done = demand_proofs(w.node("XA"), wrong, by, w.now(), &out);
    ASSERT_FALSE(done.has_value()) << record;
    EXPECT_EQ(done.error().path, "record");
    EXPECT_NE(done.error().hint, "");
  }
}

TEST_F(EvidenceDesk, WhatWasNotProvedIsBrokenUntilItIsAskedAgain) {
  opened();
  v1::EvidenceDemandRequest request;
  request.set_record(std::to_string(show("XA").timeline(0).leaf_index()));
  const auto asked = [&] {
    v1::EvidenceDemandResponse out;
    By by;
    EXPECT_TRUE(demand_proofs(w.node("XA"), request, by, w.now(), &out).has_value());
    w.run();
    return out.proofs(0);
  };
  const auto leaf = static_cast<store::LeafIndex>(std::stoll(request.record()));
  w.core("XA").write(
      store::PutPromise{{"XB", leaf, w.now().wall_ms, store::PromiseVerdict::kBroken}});
  w.run();
  EXPECT_EQ(asked().state(), "BROKEN");
  EXPECT_NE(asked().text().find("call them"), std::string::npos);
  request.set_again(true);
  EXPECT_EQ(asked().state(), "ASKED");
  request.set_again(false);
  EXPECT_EQ(asked().state(), "ASKED");
}

TEST(BundleShelf, PagesAreGivenToTheirPersonAloneForTenMinutes) {
  BundleShelf shelf;
  Bytes archive(2 * BundleShelf::kPageSize + 5);
  for (std::size_t i = 0; i < archive.size(); ++i) archive[i] = static_cast<std::uint8_t>(i % 251);
  EXPECT_EQ(shelf.put(1, Bytes(100, 7), 0).next, 0u);
  EXPECT_EQ(shelf.kept(), 0u) << "one page is not kept";
  const auto first = shelf.put(1, archive, 0);
  EXPECT_EQ(first.size, archive.size());
  EXPECT_EQ(shelf.page(2, first.bundle, first.next, 0).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(shelf.page(1, first.bundle, archive.size(), 0).error().code, ErrorCode::kNotFound);
  Bytes got = first.data;
  for (std::uint64_t next = first.next; next != 0;) {
    const auto page = shelf.page(1, first.bundle, next, BundleShelf::kKeptMs - 1);
    ASSERT_TRUE(page.has_value());
    append(got, page->data);
    next = page->next;
  }
  EXPECT_EQ(got, archive);
  EXPECT_EQ(shelf.kept(), 0u) << "the last page was given";
  const auto late = shelf.put(1, archive, 0);
  EXPECT_EQ(shelf.page(1, late.bundle, late.next, BundleShelf::kKeptMs).error().code,
            ErrorCode::kNotFound);
  for (uid_t who = 1; who <= 4; ++who) shelf.put(who, archive, 0);
  EXPECT_EQ(shelf.kept(), BundleShelf::kMost);
}

}  // namespace
}  // namespace focal::desk
