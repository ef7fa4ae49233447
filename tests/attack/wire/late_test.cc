// Goal: what comes late is opened as long as it may come, and else sealed anew, never lost
// and never sent without end; what an issuer publishes after a mishap is taken, and is no
// contradiction. Numbers 58, 127, 128, 129. Method: genuine envelopes that arrive weeks
// after they were sealed; nodes that come back after weeks, from an older copy, under a new
// sign key.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "crypto/keystore.h"
#include "node/exchange/frame.h"
#include "tests/attack/wire/forge.h"

namespace focal::test {
namespace {

using exchange::BounceCode;
using exchange::kWeekMs;
using exchange::Path;

struct Late : ::testing::Test {
  World w;
  int records_sent = 0;                       // DATA frames of XA
  std::size_t bounced = 0;                    // envelopes of XA
  std::map<std::uint64_t, std::set<std::string>> published;  // by serial, what XB sent in NOTES
  void SetUp() override {
    for (const char* p : {"XA", "XB", "XC"}) w.add(p);
    w.verify_both("XA", "XB");
    w.verify_both("XC", "XB");
    w.on_frame = [this](const auto& from, const auto&, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      if (!parsed) return true;
      records_sent += from == "XA" && std::holds_alternative<exchange::DataFrame>(*parsed) ? 1 : 0;
      const auto* bounce = std::get_if<exchange::BounceFrame>(&*parsed);
      if (from == "XB" && bounce != nullptr) bounced += bounce->bounces.size();
      const auto* notes = std::get_if<exchange::NotesFrame>(&*parsed);
      if (notes == nullptr || from != "XB") return true;
      for (const auto& note : notes->notes)
        if (const auto schedule = exchange::parse_schedule(note))
          published[schedule->serial].insert(note);
      return true;
    };
  }
  void weeks(int n) {
    for (int i = 0; i < n; ++i) w.advance(kWeekMs);
  }
  // Between two frames: published, committed, and the keys of before destroyed.
  void replace_keys_of_xb() {
    node::Node& node = w.node("XB");
    EXPECT_TRUE(node.replace_seal_keys(w.now(), "may be known to others").has_value());
    for (auto& output : node.commit_group(w.now()).outputs)
      if (auto* frame = std::get_if<exchange::SendFrame>(&output))
        w.inject(frame->link, "XB", std::move(frame->bytes));
    node.tend(w.now());
  }
  // The record's Inner, from XA's ledger.
  Bytes inner_of(const store::RecordRef& ref) {
    auto& view = w.view("XA");
    const auto batch = view.batch(view.find(ref)->batch);
    const std::vector<Bytes> items = {*view.item(view.find(ref)->idx)};
    return exchange::encode_batch_inner(batch->stmt, batch->sig, items);
  }
  // Sealed by what XA holds of XB, as that path asks.
  Bytes seal_for(Path path, ByteView inner) {
    const auto& schedule = w.core("XA").peers().find("XB")->schedule;
    const auto* key = exchange::select_key(schedule->keys, w.now().wall_ms, exchange::lead_ms(path));
    crypto::SystemRng rng;
    return exchange::SealContext::open(rng, "XB", key->kid, key->pk, 0)->seal(inner);
  }
  store::OutboxState state(const store::RecordRef& ref) {
    return w.view("XA").outbox(w.view("XA").find(ref)->batch, "XB")->state;
  }
};

TEST_F(Late, N058_AnEnvelopeWhoseKeyIsDestroyedIsBouncedAndLeavesNoTrace) {
  Forger from_c(w, "XC", "XB");
  const Bytes envelope = from_c.seal(from_c.honest().inner);
  weeks(4);
  from_c.deliver(envelope);
  ASSERT_EQ(from_c.effect.bounces.size(), 1u);
  EXPECT_EQ(from_c.effect.bounces[0].code, static_cast<std::uint32_t>(BounceCode::kKidGone));
  EXPECT_EQ(from_c.effect.leaves, 0u);
  EXPECT_EQ(from_c.effect.silent.count(1), 1u);
  w.crash("XB");
  Forger again(w, "XC", "XB");
  again.deliver(envelope);
  EXPECT_EQ(again.effect.bounces.at(0).code, static_cast<std::uint32_t>(BounceCode::kKidGone))
      << "also another process knows that there was such a key";
  Bytes strange = envelope;
  strange[5] ^= 1;  // in the kid
  again.deliver(strange);
  EXPECT_EQ(again.effect.bounces.at(0).code, static_cast<std::uint32_t>(BounceCode::kKidUnknown));
}

// XA was away for ten weeks with a record that nobody has, and every key it knows is over.
TEST_F(Late, N058_AfterWeeksAwayARecordWaitsForNewKeysAndThenGoes) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body("written before the long silence"));
  w.stop("XA");
  weeks(10);
  w.start("XA");
  w.run();
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(records_sent, 1) << "sealed once, by the new schedule";
}

// XB's keys were replaced while there was no link: the new schedule is there before anything
// is sealed.
TEST_F(Late, N058_AReplacedKeyIsNotSealedToWhenTheNewScheduleComesFirst) {
  ASSERT_TRUE(w.node("XB").replace_seal_keys(w.now(), "may be known to others").has_value());
  w.run();
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(records_sent, 1);
  EXPECT_EQ(bounced, 0u);
}

// XB's keys go while envelopes are on the way to it, sealed to them: each is bounced once,
// sealed anew by the new schedule and receipted once. Then it is quiet.
TEST_F(Late, N058_SealedToAKeyThatGoesMeanwhileItIsBouncedSealedAnewAndArrivesOnce) {
  w.connect("XA", "XB");
  bool replaced = false;
  w.on_frame = [&, count = w.on_frame](const auto& from, const auto& to, const Bytes& frame) {
    if (from == "XA" && !replaced &&
        std::holds_alternative<exchange::DataFrame>(*exchange::parse_frame(frame))) {
      replaced = true;
      replace_keys_of_xb();
    }
    return count(from, to, frame);
  };
  std::vector<store::RecordRef> refs;
  for (int i = 0; i < 3; ++i) refs.push_back(w.send("XA", "XB", "peer.ping", ping_body()));
  w.run();
  for (const auto& ref : refs) EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(w.leaves("XB", store::LeafType::kReceived), 3u);
  EXPECT_GE(bounced, 1u);
  EXPECT_LE(bounced, 3u) << "each once";
  const int sent = records_sent;
  const std::size_t before = bounced;
  EXPECT_LE(sent, 2 * 3);
  weeks(2);
  EXPECT_EQ(records_sent, sent) << "no loop";
  EXPECT_EQ(bounced, before);
}

// XA comes back after five weeks with a clock that stood still. XB has no key any more of the
// week that XA believes it is: the record waits, nothing is sent in vain, and it goes as soon as
// somebody puts the clock right.
TEST_F(Late, N058_UnderAClockThatStoodStillARecordWaitsUntilTheClockIsRight) {
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body("written before the clock stood"));
  w.stop("XA");
  weeks(5);
  w.set_clock("XA", -static_cast<std::int64_t>(5 * kWeekMs));
  w.start("XA");
  w.run();
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  EXPECT_EQ(records_sent, 0);
  w.advance(kDayMs);
  EXPECT_EQ(records_sent, 0);
  w.set_clock("XA", 0);
  w.advance(kDayMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_EQ(records_sent, 1);
  EXPECT_EQ(bounced, 0u);
}

// The schedule went to XA by a bag of four weeks, the record comes back by one of four weeks.
TEST_F(Late, N127_ABagWithARoundTripOfEightWeeksIsOpened) {
  Forger carrier(w, "XC", "XB");
  weeks(4);
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body("by bag"));
  const Bytes inner = inner_of(ref);
  const Bytes by_bag = seal_for(Path::kCourier, inner);
  const Bytes as_if_direct = seal_for(Path::kDirect, inner);
  weeks(4);
  Forger courier(w, "XC", "XB");
  courier.deliver(as_if_direct);
  EXPECT_EQ(courier.effect.bounces.at(0).code, static_cast<std::uint32_t>(BounceCode::kKidGone))
      << "the key of the week of sealing is destroyed by now";
  courier.deliver(by_bag);
  EXPECT_TRUE(courier.effect.bounces.empty());
  EXPECT_TRUE(w.has("XB", ref));
  // And a bag of another three weeks, sealed by the same schedule.
  const auto late = w.send("XA", "XB", "peer.ping", ping_body("by a bag that was held up"));
  const Bytes second = seal_for(Path::kCourier, inner_of(late));
  weeks(3);
  Forger at_last(w, "XC", "XB");
  at_last.deliver(second);
  EXPECT_TRUE(w.has("XB", late));
}

TEST_F(Late, N128_ARestoredIssuerOfSchedulesDoesNotContradictItself) {
  w.connect("XA", "XB");
  const auto copy = w.folder("XB").parent_path() / "copy of XB";
  w.stop("XB");
  std::filesystem::copy(w.folder("XB"), copy, std::filesystem::copy_options::recursive);
  w.start("XB");
  w.connect("XA", "XB");
  weeks(2);
  const auto before = w.core("XB").self().schedule_note;
  ASSERT_EQ(w.core("XA").peers().find("XB")->schedule->note, before);
  w.stop("XB");
  std::filesystem::remove_all(w.folder("XB"));
  std::filesystem::copy(copy, w.folder("XB"), std::filesystem::copy_options::recursive);
  w.advance(kMinuteMs);  // a restore takes its time
  w.start("XB");
  w.run();
  EXPECT_NE(w.core("XB").self().schedule_note, before) << "other keys for the weeks it has lost";
  w.connect("XA", "XB");
  EXPECT_EQ(w.core("XA").peers().find("XB")->schedule->note, w.core("XB").self().schedule_note);
  for (const auto& [serial, notes] : published)
    EXPECT_EQ(notes.size(), 1u) << "two texts under serial " << serial;
  EXPECT_GE(published.size(), 3u);
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

// A row that bounced under the schedule of the old sign key goes by the first schedule of the
// new one, though its serial is lower.
TEST_F(Late, N129_TheFirstScheduleOfANewSignKeyFreesWhatWaited) {
  exchange::CardFields fields = w.core("XB").self().card;
  const auto& held = *w.core("XA").peers().find("XB");
  const auto passphrase = crypto::Secret::copy_of(as_bytes("a test passphrase"));
  const auto roots = crypto::Keystore::open(
      w.folder("XB").parent_path() / "root-XB" / node::kRootFile, passphrase);
  ASSERT_TRUE(roots.has_value());
  const auto root = crypto::signing_key_from_seed(roots->find(node::kRootKeyName)->clone());
  crypto::SystemRng rng;
  const auto sign = crypto::make_signing_key(rng);
  fields.serial = held.card.serial + 1;
  fields.prev = held.card.card_id;
  const auto& keys = w.keys("XB");
  const auto card = exchange::make_card(fields, {root, sign, keys.log, keys.witness});
  ASSERT_TRUE(card.has_value()) << card.error().message;

  // The last schedule under the old key names keys that XB has not (a disk was lost).
  exchange::ScheduleFields schedule = *exchange::parse_schedule(w.core("XB").self().schedule_note);
  const auto right_keys = schedule.keys;
  for (auto& key : schedule.keys)
    key = exchange::make_seal_key(crypto::make_dh_key(rng).pk, key.not_before_ms);
  schedule.serial += 1000;
  const auto link = w.connect("XA", "XB");
  w.inject(link, "XB", exchange::encode_frame(exchange::NotesFrame{
                           {*exchange::make_schedule(schedule, keys.sign)}}));
  w.run();
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  ASSERT_EQ(state(ref), store::OutboxState::kWaitSchedule);

  schedule.serial = 5;
  schedule.keys = right_keys;
  store::PeerRow row = w.core("XA").peers().find("XB")->row;
  row.old_cards.insert(row.old_cards.begin(), row.card_note);
  row.card_note = *card;
  row.schedule_note = *exchange::make_schedule(schedule, sign);
  w.core("XA").write(store::PutPeer{row, exchange::parse_card(*card)->card_id});
  ASSERT_TRUE(w.core("XA").peers().put(row).has_value());
  w.core("XA").machine().peer_changed(w.now(), "XB", exchange::Machine::Change::kSchedule);
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

}  // namespace
}  // namespace focal::test
