// A small closed ledger with a row in every table, and one change at a time to it.
//   leaves 0–2 sent, 3–6 received (6 rejected), 7, 8 receipts issued, 9 receipts
//   received, 10 ADMIN, 11 card of XB, 12 XB verified, 13 own schedule, 14 a
//   tracing request, 15 its receipt, 16 and 17 another one, 18 ADMIN: both are about the same
//   weapon, 19 a revocation, 20 a directory, 21 a fork proof, 22 our
//   card, 23 a revocation of ours, 24 and 25 ADMIN: a person, then the same one changed; then
//   padding up to a checkpoint of 64. The detail of leaves 0–2 stands beside leaf 0
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

#include "crypto/hash.h"
#include "ledger_world.h"

namespace focal::ledger {

inline store::CaseRow case_of(const store::RecordRef& root, std::uint64_t now,
                              store::CaseId id = 1) {
  store::CaseRow row;
  row.id = id;
  row.root = root;
  row.kind = "trace.request";
  row.peer = "XB";
  row.state = "RECEIVED";
  row.opened_ms = row.updated_ms = now;
  row.ack_due_ms = now + kDayMs;
  return row;
}

inline store::PutCaseEvent event_of(const store::RecordRef& ref, store::CaseId id = 1) {
  store::PutCaseEvent op;
  op.row.case_id = id;
  op.row.ref = ref;
  op.row.kind = "trace.request";
  op.row.from = "XB";
  return op;
}

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    world.create();
    world.add_signer(kParty);
    world.add_signer("XB");
    key = crypto::make_signing_key(world.rng);
    sent = world.sent(3, {"XB"});
    sent.detail = "jo released them";
    batch = world.commit({sent}).batches[0];
    received = world.received(4, "XB");
    received.records[3].status = 19;
    world.commit({received, world.receipts_out("XB", records_of(received))});
    auto scattered = records_of(received);
    std::swap(scattered[0], scattered[2]);
    world.commit({world.receipts_out("XB", scattered)});
    receipts = world.receipts_in("XB", batch, refs_of(sent), {1, 1, 19});
    world.commit({receipts, store::PutAdmin{world.rng.array<32>(), "why"}});
    const auto card = world.pin("XB");
    world.commit(
        {card,
         store::SetTrust{"XB", card.card_id, store::PeerLevel::kVerified, store::Suspension::kNone, "PHONE", "by jo"},
         store::PutSchedule{kParty, "own schedule"}});
    auto asked = world.received(1, "XB");
    asked.records[0].record.kind = "trace.request";
    request = asked.records[0].record.ref;
    store::PutWaiting waits;
    waits.head.inner_hash = world.rng.array<32>();
    waits.head.link_peer = "XB";
    waits.inner = to_bytes("waits");
    world.commit({asked, world.receipts_out("XB", records_of(asked)),
                  store::PutCase{case_of(request, world.now)}, event_of(request),
                  waits, indexed()});
    add_second_case_and_link();
    add_notes();
    EXPECT_TRUE(world->make_checkpoint(world.now, key));
    world.close();
    whole = read_file(world.folder.ledger());
  }
  void add_second_case_and_link() {
    world.now += 5;
    auto asked = world.received(1, "XB");
    asked.records[0].record.kind = "trace.request";
    second = asked.records[0].record.ref;
    world.commit({asked, world.receipts_out("XB", records_of(asked)),
                  store::PutCase{case_of(second, world.now, 2)}, event_of(second, 2)});
    world.commit({store::PutCaseLink{1, 2, store::LinkVerdict::kSame, "jo: the same pistol"}});
  }
  void add_notes() {
    const auto id = [](const std::string& text) { return crypto::sha256(std::string_view(text)); };
    const std::string revocation = "focal-revoke/v1\nparty XB\n";
    const std::string directory = "focal-directory/v1\nintroducer XB\nserial 4\n";
    const std::string a = "card\nparty XB\nserial 2\n", b = "card\nparty XB\nserial 2\nother\n";
    store::HeldCard held;
    held.card_id = id(a);
    held.note = world.note(a);
    world.commit({store::PutRevocation{"XB", world.note(revocation), id(revocation), "who"},
                  store::PutDirectory{"XB", 4, world.note(directory), id(directory), "who"},
                  store::PutForkProof{"XB", world.note(a), world.note(b),
                                      store::fork_proof_ref(id(a), id(b)), "who"},
                  store::PutHeldCard{"XB", held}});
    const std::string own = "focal-revoke/v1\nparty XA\n";
    const TestSigner& us = world.signers.at(kParty);
    world.commit({store::PutOwnCard{us.card_note, us.card_id, kOrigin, "who"},
                  store::PutOwnRevocation{world.note(own), id(own), "who"}});
    world.commit({store::PutDesk{store::DeskTable::kPerson, 1, true, to_bytes("jo"), "named"}});
    world.commit({store::PutDesk{store::DeskTable::kPerson, 1, true, to_bytes("jo!"), "changed"}});
  }
  store::PutIndex indexed() const {
    store::PutIndex op;
    op.ref = request;
    op.keys.push_back({"serial", "AB123", 1});
    op.readings.push_back({1, "AB123", ""});
    return op;
  }
  void put_back() {
    std::ofstream out(world.folder.ledger(), std::ios::binary | std::ios::trunc);
    out << whole;
  }
  // The report on the file as it is; the file is put back.
  VerifyReport look() {
    VerifyOptions options = world.keys();
    const TestSigner& us = world.signers.at(kParty);
    options.own_card = us.card_id;
    options.read_own_card = [&](const std::string& note) -> Result<OwnCard> {
      if (note != us.card_note) return fail(ErrorCode::kCard, "no card of ours");
      return OwnCard{{kParty, us.card_id, us.key.pk, us.key.pk}, kOrigin, key.pk, std::nullopt};
    };
    if (more) more(options);
    const auto report = verify(world.folder.ledger(), options);
    EXPECT_TRUE(report) << report.error().message;
    put_back();
    return report ? *report : VerifyReport{};
  }
  VerifyReport after(const std::string& sql) {
    tamper(world.folder.ledger(), sql);
    return look();
  }
  static std::string all_problems(const VerifyReport& report) {
    std::string all;
    for (const std::string& found : report.problems) all += found + "\n";
    return all;
  }
  void expect(const std::string& sql, const std::string& problem) {
    const VerifyReport report = after(sql);
    EXPECT_FALSE(report.ok()) << sql;
    EXPECT_NE(all_problems(report).find(problem), std::string::npos) << sql << "\n"
                                                                     << all_problems(report);
  }
  std::function<void(VerifyOptions&)> more;  // options beyond the keys
  World world;
  crypto::SigningKey key;
  store::PutSentBatch sent;
  store::PutReceivedBatch received;
  store::PutReceiptsIn receipts;
  store::RecordRef request;
  store::RecordRef second;
  store::BatchId batch = 0;
  std::string whole;
};

}  // namespace focal::ledger
