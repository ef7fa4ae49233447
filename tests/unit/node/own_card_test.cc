// Goal: a node changes its card whole or not at all, whatever step a kill comes at; old
// keys are gone afterwards, what was sealed to it before still opens, and its log goes on
// so that it verifies. Method: whole ceremonies with real files; a child process is killed
// before each step, and what is left is opened as a start would.
#include "node/node/own_card.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "custody_world.h"
#include "node/desk/custody.h"

namespace focal::node {
namespace {

using exchange::Card;

class OwnCard : public Custody {
 protected:
  void SetUp() override {
    Custody::SetUp();
    init();
  }
  // Applies in a child that is killed before that step.
  void apply_and_die(const std::string& note, SettleStep where) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      static_cast<void>(apply(note, [where](SettleStep step) {
        if (step == where) ::kill(::getpid(), SIGKILL);
      }));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the step was never reached";
  }
  std::vector<std::string> names_of(std::string_view prefix) {
    std::vector<std::string> out;
    for (const std::string& name : keystore().names())
      if (name.starts_with(prefix) || name.starts_with("public/" + std::string(prefix)))
        out.push_back(name);
    return out;
  }
};

TEST_F(OwnCard, ARenewalKeepsKeysAndLog) {
  const Card before = card();
  CardWish wish;
  wish.expires_ms = before.expires_ms + 100 * kDayMs;
  wish.authority = {"Office for tests", "Second line"};
  const Card after = change(wish);
  EXPECT_EQ(exchange::check_successor(before, after), exchange::Succession::kUpdate);
  EXPECT_EQ(after.serial, 2u);
  EXPECT_EQ(after.expires_ms, wish.expires_ms);
  EXPECT_EQ(after.authority, wish.authority);
  EXPECT_EQ(after.sign, before.sign);
  EXPECT_EQ(after.transport, before.transport);
  EXPECT_EQ(after.log_name, before.log_name);
  EXPECT_EQ(after.next, before.next);
  EXPECT_TRUE(names_of("next/").empty());
  EXPECT_TRUE(names_of("old/").empty());
  expect_whole();
}

TEST_F(OwnCard, NewKeysTakeThePlaceOfTheOldOnesAndTheLogGoesOn) {
  const OnlineKeys old = keys();
  Id16 old_kid{};
  {
    const auto node = open_node();
    ASSERT_TRUE(node);
    old_kid = (*node)->core().self().sealing.front().kid;
    ASSERT_TRUE((*node)->ledger().make_checkpoint(now.wall_ms, old.log));
  }
  const Card before = card();
  const Card after = change(CardAct::kReplaceKeys);
  EXPECT_EQ(exchange::check_successor(before, after), exchange::Succession::kUpdate);
  EXPECT_EQ(after.log_name, "focal/XA/log/2");
  const OnlineKeys fresh = keys();
  EXPECT_NE(fresh.sign.pk, old.sign.pk);
  EXPECT_NE(fresh.log.pk, old.log.pk);
  EXPECT_NE(fresh.witness.pk, old.witness.pk);
  EXPECT_NE(fresh.transport.pk, old.transport.pk);
  for (const auto& name : keystore().names())
    for (const crypto::Secret* secret : {&old.sign.seed, &old.log.seed, &old.witness.seed})
      EXPECT_FALSE(keystore().find(name)->equals(secret->view())) << name;
  ASSERT_NE(keystore().find(kOldTransportName), nullptr);
  EXPECT_TRUE(keystore().find(kOldTransportName)->equals(old.transport.sk.view()));
  expect_whole();
  const auto node = open_node();
  ASSERT_TRUE(node);
  const exchange::Identity& self = (*node)->core().self();
  EXPECT_NE(self.find_sealing(old_kid), nullptr) << "what is on its way still opens";
  const auto schedule = exchange::parse_schedule(self.schedule_note);
  ASSERT_TRUE(schedule);
  EXPECT_EQ(schedule->keys.size(), exchange::kPublishedWeeks);
  for (const auto& key : schedule->keys) EXPECT_NE(key.kid, old_kid);
  const auto made = (*node)->ledger().make_checkpoint(now.wall_ms, fresh.log);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->note.substr(0, 15), "focal/XA/log/2\n");
}

TEST_F(OwnCard, TheOldTransportKeyGoesAfterNinetyDaysOfSafeTime) {
  change(CardAct::kReplaceKeys);
  const auto is_there = [&] { return keystore().find(kOldTransportName) != nullptr; };
  const auto day = [&](int number) {
    now.wall_ms += static_cast<std::uint64_t>(number) * kDayMs;
    now.mono_ms += static_cast<std::uint64_t>(number) * kDayMs;
  };
  expect_whole();  // it has run, and knows what time it is
  // A clock that is wrong at a start ends nothing.
  const Now right = now;
  now.wall_ms += kOldTransportKeptMs + kDayMs;
  expect_whole();
  EXPECT_TRUE(is_there());
  now = right;
  expect_whole();
  // A renewal begins nothing anew; the node need not be opened again.
  day(1);
  change(CardAct::kRenew);
  EXPECT_TRUE(is_there());
  auto node = open_node();
  ASSERT_TRUE(node) << node.error().message;
  day(88);
  (*node)->tend(now);
  EXPECT_TRUE(is_there());
  day(1);
  (*node)->tend(now);
  EXPECT_FALSE(is_there());
  node->reset();
  expect_whole();
}

// A peer that only dials is told under the old key, for twenty minutes and no more, and once.
TEST_F(OwnCard, TheHandOverToPeersThatOnlyDialIsShortWhateverTheClockSays) {
  setup.folder = temp / "dialer";
  setup.root_folder = temp / "dialer-root";
  setup.party = "XB";
  setup.endpoints.clear();
  const auto made = set_up(setup, passphrase, root_passphrase, now, rng);
  ASSERT_TRUE(made);
  const exchange::Card dialer = card();
  setup.folder = temp / "node";
  const auto is_handing_over = [&] {
    const auto node = open_node();
    EXPECT_TRUE(node) << node.error().message;
    return (*node)->is_handing_over();
  };
  {
    auto node = open_node();
    ASSERT_TRUE(node);
    store::PeerRow row;
    row.party = "XB";
    row.level = store::PeerLevel::kVerified;
    row.card_note = dialer.note;
    row.schedule_note = made->schedule_note;
    row.added_ms = now.wall_ms;
    (*node)->core().write(store::PutPeer{row, dialer.card_id});
    (*node)->core().write(store::SetTrust{"XB", dialer.card_id, store::PeerLevel::kVerified,
                                          store::Suspension::kNone, "PHONE", "test"});
    ASSERT_TRUE((*node)->commit_group(now).status);
  }
  change(CardAct::kReplaceKeys);
  now.wall_ms -= kHourMs;  // change() let an hour pass
  EXPECT_TRUE(is_handing_over());
  now.wall_ms += kHandOverMs;
  EXPECT_FALSE(is_handing_over());
  pass_time();
  change(CardAct::kRenew);
  now.wall_ms -= kHourMs;
  EXPECT_FALSE(is_handing_over()) << "the key is the same";
}

// Before the ledger's transaction: the old card, and the new one still to be applied. After
// it: the new one, whatever else was not reached.
TEST_F(OwnCard, KilledBeforeAnyStepItIsTheOldCardOrTheNewOne) {
  for (const CardAct act : {CardAct::kRenew, CardAct::kReplaceKeys, CardAct::kReplaceKeys,
                            CardAct::kRotate}) {
    for (const SettleStep step :
         {SettleStep::kLedger, SettleStep::kNote, SettleStep::kKeys, SettleStep::kDone}) {
      const Card before = card();
      const auto pending = prepare(act == CardAct::kRotate ? planned(act) : [&] {
        CardWish wish;
        wish.act = act;
        return wish;
      }());
      ASSERT_TRUE(pending) << pending.error().message;
      const auto done = sign(*pending);
      ASSERT_TRUE(done) << done.error().message;
      apply_and_die(done->note, step);
      expect_whole();
      if (step == SettleStep::kLedger) {
        EXPECT_EQ(card().card_id, before.card_id);
        ASSERT_TRUE(apply(done->note)) << "and it can still be applied";
        expect_whole();
      }
      EXPECT_EQ(card().card_id, pending->request.next.card_id);
      EXPECT_TRUE(names_of("next/").empty());
      EXPECT_FALSE(apply(done->note)) << "there is nothing more to apply";
      pass_time();
    }
  }
}

TEST_F(OwnCard, ARotationAndARecoveryChangeTheRoot) {
  const Card first = card();
  const Card second = change(planned(CardAct::kRotate));
  EXPECT_EQ(exchange::check_successor(first, second), exchange::Succession::kRotate);
  expect_whole();
  fs::remove(setup.root_folder / kRootFile);  // stolen
  const Card third = change(planned(CardAct::kRecover));
  EXPECT_EQ(exchange::check_successor(second, third), exchange::Succession::kRecover);
  EXPECT_EQ(third.sign, first.sign);
  expect_whole();
  EXPECT_EQ(change(CardAct::kRenew).root, third.root) << "the recovered root signs on";
}

TEST_F(OwnCard, TheSameWishGivesTheSameRequestAndAnotherIsRefused) {
  const auto first = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(first);
  pass_time();
  const auto again = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->file, first->file);
  EXPECT_EQ(prepare(CardAct::kRenew).error().code, ErrorCode::kState);
  CardWish other;
  other.act = CardAct::kReplaceKeys;
  other.authority = {"Another office"};
  EXPECT_EQ(prepare(other).error().code, ErrorCode::kState);
  crypto::Keystore store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  EXPECT_EQ(cancel_card(store, rng).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(names_of("next/").empty());
  EXPECT_TRUE(prepare(CardAct::kRenew));
  expect_whole();
}

TEST_F(OwnCard, OnlyTheCardThatWasPreparedIsApplied) {
  EXPECT_EQ(apply(card().note).error().code, ErrorCode::kNotFound);
  const auto pending = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(pending);
  const std::string before = bytes_of(setup.folder / kCardFile);
  EXPECT_EQ(apply(card().note).error().code, ErrorCode::kCardChain);
  EXPECT_EQ(apply(pending->request.next.note).error().code, ErrorCode::kSignature);
  // The root signs a card with the keys of a thief.
  exchange::CardFields theirs = pending->request.next;
  const OnlineKeys thief = make_online_keys(rng);
  theirs.transport = thief.transport.pk;
  const auto forged = exchange::make_unsigned_card(theirs, {thief.sign, thief.log, thief.witness});
  ASSERT_TRUE(forged);
  const auto file = exchange::make_card_request(*forged, card().note);
  ASSERT_TRUE(file);
  const auto signed_for_thief = root_sign(roots, *file, root_passphrase, agree, rng);
  ASSERT_TRUE(signed_for_thief);
  EXPECT_EQ(apply(signed_for_thief->note).error().code, ErrorCode::kCardChain);
  EXPECT_EQ(bytes_of(setup.folder / kCardFile), before);
  expect_whole();
}

TEST_F(OwnCard, ARotationNeedsBothRoots) {
  const auto pending = prepare(planned(CardAct::kRotate));
  ASSERT_TRUE(pending);
  const auto by_one =
      root_change(roots, RootAct::kRecover, pending->file, root_passphrase, agree, rng);
  ASSERT_TRUE(by_one) << by_one.error().message;
  EXPECT_EQ(apply(by_one->note).error().code, ErrorCode::kCardChain);
}

TEST_F(OwnCard, APlanMustBeOfTheAnnouncedRoot) {
  CardWish wish = planned(CardAct::kRotate);
  const auto other = crypto::make_signing_key(rng);
  wish.plan->root = other.pk;
  EXPECT_EQ(prepare(wish).error().code, ErrorCode::kCardChain);
  wish = planned(CardAct::kRotate);
  wish.plan->party = "XB";
  EXPECT_EQ(prepare(wish).error().code, ErrorCode::kCardChain);
  wish.plan.reset();
  EXPECT_EQ(prepare(wish).error().code, ErrorCode::kUsage);
  wish = planned(CardAct::kRotate);
  wish.act = CardAct::kRenew;
  EXPECT_EQ(prepare(wish).error().code, ErrorCode::kUsage);
  wish = CardWish();
  wish.expires_ms = now.wall_ms - kDayMs;
  EXPECT_EQ(prepare(wish).error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(names_of("next/").empty());
}

TEST_F(OwnCard, ASignedCardWhoseKeysAreLostIsFollowedByTheNext) {
  const auto lost = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(lost);
  const auto signed_lost = sign(*lost);
  ASSERT_TRUE(signed_lost);
  crypto::Keystore store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  pass_time();
  const auto second = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(second);
  EXPECT_EQ(sign(*second).error().code, ErrorCode::kExists) << "one serial, one card";
  store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  CardWish wish;
  wish.act = CardAct::kReplaceKeys;
  wish.after = *exchange::parse_card(signed_lost->note);
  const Card after = change(wish);
  EXPECT_EQ(after.serial, 3u);
  EXPECT_EQ(after.prev, wish.after->card_id);
  EXPECT_EQ(after.log_name, "focal/XA/log/3");
  expect_whole();
  const auto node = open_node();
  ASSERT_TRUE(node);
  EXPECT_EQ((*node)->ledger().own_cards().size(), 3u) << "the whole chain is there to be shown";
}

TEST_F(OwnCard, TheCardAfterALostOneIsAskedForOnceTheOtherIsGivenUp) {
  const auto lost = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(lost);
  const auto signed_lost = sign(*lost);
  ASSERT_TRUE(signed_lost);
  crypto::Keystore store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  pass_time();
  ASSERT_TRUE(prepare(CardAct::kReplaceKeys));
  CardWish wish;
  wish.act = CardAct::kReplaceKeys;
  wish.after = *exchange::parse_card(signed_lost->note);
  const auto again = prepare(wish);
  ASSERT_FALSE(again) << "not the request that the root refuses";
  EXPECT_EQ(again.error().code, ErrorCode::kState);
  EXPECT_NE(again.error().hint.find("card cancel"), std::string::npos);
  store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  const auto after = prepare(wish);
  ASSERT_TRUE(after);
  EXPECT_EQ(prepare(wish)->file, after->file);
}

// A log that exists somewhere must not be begun a second time.
TEST_F(OwnCard, WithoutTheLedgerNoCardBeginsTheSameLogAgain) {
  const auto remove_ledger = [&] {
    for (const char* end : {"", "-wal", "-shm"})
      fs::remove(setup.folder / (std::string(ledger::kLedgerFile) + end));
  };
  const auto pending = prepare(CardAct::kRenew);
  ASSERT_TRUE(pending);
  const auto renewed = sign(*pending);
  ASSERT_TRUE(renewed);
  remove_ledger();
  const auto applied = apply(renewed->note);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().code, ErrorCode::kNotFound);
  EXPECT_NE(applied.error().hint.find("Put it back"), std::string::npos);
  const auto opened = open_node();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
  EXPECT_NE(opened.error().hint.find("Put it back"), std::string::npos);
  EXPECT_FALSE(fs::exists(setup.folder / ledger::kLedgerFile));
}

TEST_F(OwnCard, WithoutTheLedgerNewKeysBeginTheNextLog) {
  const auto pending = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(pending);
  const auto replaced = sign(*pending);
  ASSERT_TRUE(replaced);
  fs::remove(setup.folder / ledger::kLedgerFile);
  ASSERT_TRUE(apply(replaced->note));
  EXPECT_EQ(card().log_name, "focal/XA/log/2");
  expect_whole();
}

TEST_F(OwnCard, AfterNewKeysTheCardBeforeIsNamedForItsRevocation) {
  change(CardAct::kRenew);
  const auto pending = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(pending);
  api::v1::CardApplyResponse said;
  desk::fill_applied(card(), *pending, true, &said);
  ASSERT_GE(said.next_steps_size(), 1);
  EXPECT_NE(said.next_steps(0).find("focal root revoke --serial 2 "), std::string::npos)
      << said.next_steps(0);
}

TEST_F(OwnCard, AnOlderKeystoreIsNotTakenForTheNewOne) {
  const std::string old = bytes_of(setup.folder / kKeystoreFile);
  change(CardAct::kReplaceKeys);
  std::ofstream(setup.folder / kKeystoreFile, std::ios::binary | std::ios::trunc) << old;
  const auto node = open_node();
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::kCardKey);
}

TEST_F(OwnCard, ACardFileThatWasPutBackIsWrittenAgain) {
  const std::string old = bytes_of(setup.folder / kCardFile);
  const Card after = change(CardAct::kRenew);
  std::ofstream(setup.folder / kCardFile, std::ios::binary | std::ios::trunc) << old;
  expect_whole();
  EXPECT_EQ(card().card_id, after.card_id);
}

TEST_F(Custody, RootsMadeElsewhereGiveANodeItsFirstCard) {
  const auto made = root_make(roots, "XA", root_passphrase, agree, rng);
  ASSERT_TRUE(made) << made.error().message;
  CardWish wish;
  wish.act = CardAct::kFirst;
  wish.plan = *exchange::parse_root_plan(made->note);
  const auto prepared = prepare_node(setup, wish, passphrase, now, rng);
  ASSERT_TRUE(prepared) << prepared.error().message;
  EXPECT_EQ(open_node().error().code, ErrorCode::kState) << "it waits for its card";
  const auto again = prepare_node(setup, wish, passphrase, now, rng);
  ASSERT_TRUE(again) << "its request can have been lost: " << again.error().message;
  EXPECT_EQ(again->pending.file, prepared->pending.file);
  const auto wrong = crypto::Secret::copy_of(as_bytes("other words entirely"));
  EXPECT_EQ(prepare_node(setup, wish, wrong, now, rng).error().code, ErrorCode::kPassphrase);
  SetupOptions elsewhere = setup;
  elsewhere.listen = "tcp://127.0.0.1:7118";
  EXPECT_EQ(prepare_node(elsewhere, wish, passphrase, now, rng).error().code, ErrorCode::kExists);
  const auto done = sign(prepared->pending);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_TRUE(apply(done->note));
  EXPECT_EQ(card().serial, 1u);
  expect_whole();
  pass_time();
  EXPECT_EQ(change(CardAct::kRenew).serial, 2u);
  expect_whole();
}

TEST_F(Custody, ANodeWhoseFolderIsLostGoesOnInANewOne) {
  init();
  const Card last = card();
  fs::remove_all(setup.folder);
  CardWish wish;
  wish.act = CardAct::kFirst;
  wish.after = last;
  setup.authority.clear();  // as on the card
  const auto prepared = prepare_node(setup, wish, passphrase, now, rng);
  ASSERT_TRUE(prepared) << prepared.error().message;
  const auto done = sign(prepared->pending);
  ASSERT_TRUE(done) << done.error().message;
  ASSERT_TRUE(apply(done->note));
  EXPECT_EQ(exchange::check_successor(last, card()), exchange::Succession::kUpdate);
  EXPECT_EQ(card().log_name, "focal/XA/log/2");
  EXPECT_EQ(card().authority, last.authority);
  expect_whole();
  SetupOptions again = setup;
  EXPECT_EQ(prepare_node(again, wish, passphrase, now, rng).error().code, ErrorCode::kExists);
  again.folder = temp / "other";
  again.party = "XB";
  EXPECT_EQ(prepare_node(again, wish, passphrase, now, rng).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace focal::node
