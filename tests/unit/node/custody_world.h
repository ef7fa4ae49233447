// A party with its node's folder and its root medium, and the ceremonies between them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>

#include "crypto/private_file.h"
#include "node/desk/ledger_check.h"
#include "node/exchange/succession.h"
#include "node/ledger/ledger.h"
#include "node/node/node.h"
#include "node/node/root_acts.h"
#include "node/node/setup.h"
#include "tests/support/temp_folder.h"

namespace focal::node {

namespace fs = std::filesystem;

inline Status agree(const RootPreview&) { return {}; }

class Custody : public ::testing::Test {
 protected:
  void SetUp() override {
    setup.folder = temp / "node";
    setup.root_folder = temp / "root";
    setup.party = "XA";
    setup.listen = "tcp://127.0.0.1:7117";
    setup.endpoints = {"tcp://127.0.0.1:7117"};
    setup.authority = {"Office for tests"};
    setup.kdf = crypto::kKdfTest;
    roots.folders = {setup.root_folder};
    roots.kdf = crypto::kKdfTest;
  }
  void init() {
    const auto made = set_up(setup, passphrase, root_passphrase, now, rng);
    ASSERT_TRUE(made) << made.error().message;
    pass_time();
  }
  void pass_time() {
    now.wall_ms += kHourMs;
    now.mono_ms += kHourMs;
  }

  crypto::Keystore keystore() {
    auto opened = crypto::Keystore::open(setup.folder / kKeystoreFile, passphrase);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  OnlineKeys keys() { return std::move(*load_online_keys(keystore())); }
  exchange::Card card() {
    const auto note = crypto::read_private_file(setup.folder / kCardFile, exchange::kMaxCardSize);
    if (!note) throw std::runtime_error(note.error().message);
    return std::move(*exchange::parse_card(to_string(*note)));
  }

  Result<PendingCard> prepare(const CardWish& wish) {
    crypto::Keystore store = keystore();
    return prepare_card(wish, card(), keys(), store, now, rng);
  }
  Result<PendingCard> prepare(CardAct act) {
    CardWish wish;
    wish.act = act;
    return prepare(wish);
  }
  exchange::RootPlan plan(RootAct act) {
    const auto made = root_plan(roots, act, root_passphrase, agree, rng);
    EXPECT_TRUE(made) << made.error().message;
    return made ? *exchange::parse_root_plan(made->note) : exchange::RootPlan{};
  }
  CardWish planned(CardAct act) {
    CardWish wish;
    wish.act = act;
    wish.plan = plan(act == CardAct::kRotate ? RootAct::kPlanRotate : RootAct::kPlanRecover);
    return wish;
  }
  // At the root machine.
  Result<RootDone> sign(const PendingCard& pending) {
    switch (pending.act) {
      case CardAct::kRotate:
        return root_change(roots, RootAct::kRotate, pending.file, root_passphrase, agree, rng);
      case CardAct::kRecover:
        return root_change(roots, RootAct::kRecover, pending.file, root_passphrase, agree, rng);
      default: return root_sign(roots, pending.file, root_passphrase, agree, rng);
    }
  }
  Result<exchange::Card> apply(std::string_view note, const SettleHook& hook = {}) {
    return apply_card_offline(setup.folder, note, "by the test", passphrase, now, rng, hook);
  }
  // The whole way: the card in force after it.
  exchange::Card change(const CardWish& wish) {
    const auto pending = prepare(wish);
    EXPECT_TRUE(pending) << pending.error().message;
    if (!pending) return card();
    const auto signed_card = sign(*pending);
    EXPECT_TRUE(signed_card) << signed_card.error().message;
    if (!signed_card) return card();
    const auto applied = apply(signed_card->note);
    EXPECT_TRUE(applied) << applied.error().message;
    pass_time();
    return card();
  }
  exchange::Card change(CardAct act) {
    CardWish wish;
    wish.act = act;
    return change(wish);
  }

  Result<std::unique_ptr<Node>> open_node() {
    auto config = config::load_config(setup.folder / kConfigFile);
    if (!config) return config.error();
    return Node::open(std::move(*config), passphrase, now);
  }
  // The node opens and its ledger verifies under the card in its folder.
  void expect_whole() {
    {
      const auto node = open_node();
      ASSERT_TRUE(node) << node.error().message;
      EXPECT_EQ((*node)->core().self().card.card_id, card().card_id);
      EXPECT_EQ((*node)->ledger().own_cards().back().note, card().note);
      EXPECT_EQ((*node)->ledger().origin(), card().log_name);
      const auto schedule = exchange::parse_schedule((*node)->core().self().schedule_note);
      ASSERT_TRUE(schedule);
      EXPECT_TRUE(exchange::check_schedule_of(*schedule, card()));
    }
    const auto report =
        ledger::verify(setup.folder / ledger::kLedgerFile, desk::verify_options(card()));
    ASSERT_TRUE(report) << report.error().message;
    std::string problems;
    for (const std::string& problem : report->problems) problems.append(problem).append("\n");
    EXPECT_TRUE(report->ok()) << problems;
  }
  std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::TempFolder temp;
  crypto::SystemRng rng;
  crypto::Secret passphrase = crypto::Secret::copy_of(as_bytes("words of the node"));
  crypto::Secret root_passphrase = crypto::Secret::copy_of(as_bytes("words of the roots"));
  Now now{kDayMs, 1'795'428'000'000};
  SetupOptions setup;
  RootOptions roots;
};

}  // namespace focal::node
