// Goal: the root signs what its custodian saw, once for each serial, on whatever copy of
// the medium; without his word, with another medium or another plan it signs nothing and
// changes nothing. Method: whole ceremonies on real files; copies, swapped files and
// tampered requests; the bytes of the media are compared where nothing may change.
#include "node/node/root_acts.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>

#include "custody_world.h"

namespace focal::node {
namespace {

using exchange::Card;

class Root : public Custody {
 protected:
  void SetUp() override {
    Custody::SetUp();
    init();
  }
  std::map<std::string, std::string> media(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::directory_iterator(folder))
      out[entry.path().filename()] = bytes_of(entry.path());
    return out;
  }
  Result<RootDone> sign_with(const fs::path& folder, const PendingCard& pending,
                             const RootConfirm& confirm = agree) {
    RootOptions options = roots;
    options.folders = {folder};
    return root_sign(options, pending.file, root_passphrase, confirm, rng);
  }
  std::map<RootRole, std::string> roles() {
    std::map<RootRole, std::string> out;
    const auto shown = root_show(roots, root_passphrase);
    EXPECT_TRUE(shown) << shown.error().message;
    if (shown)
      for (const RootKeyInfo& key : shown->keys) out[key.role] = key.file.filename();
    return out;
  }
  void copy(const fs::path& from, const fs::path& to) {
    fs::copy(from, to, fs::copy_options::recursive);
  }
};

TEST_F(Root, ShowsWhatIsOnTheMedium) {
  const auto shown = root_show(roots, root_passphrase);
  ASSERT_TRUE(shown) << shown.error().message;
  ASSERT_EQ(shown->keys.size(), 2u);
  for (const RootKeyInfo& key : shown->keys) {
    EXPECT_EQ(key.party, "XA");
    EXPECT_EQ(key.signed_serial, key.role == RootRole::kRoot ? 1u : 0u);
  }
  EXPECT_EQ(shown->last_card, card().note);
  EXPECT_EQ(shown->preview.number, exchange::card_number(card().card_id));
  EXPECT_EQ(roles(), (std::map<RootRole, std::string>{{RootRole::kRoot, kRootFile},
                                                      {RootRole::kNext, kNextRootFile}}));
}

TEST_F(Root, LaysOpenWhatItWillSign) {
  CardWish wish;
  wish.act = CardAct::kReplaceKeys;
  wish.authority = {"Another office"};
  const auto pending = prepare(wish);
  ASSERT_TRUE(pending);
  RootPreview seen;
  const auto done = sign_with(setup.root_folder, *pending, [&](const RootPreview& preview) -> Status {
    seen = preview;
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(seen.act, RootAct::kSign);
  EXPECT_EQ(seen.party, "XA");
  EXPECT_EQ(seen.serial, 2u);
  EXPECT_TRUE(seen.new_keys);
  EXPECT_TRUE(seen.remembered);
  EXPECT_EQ(seen.number, exchange::card_number(exchange::parse_card(done->note)->card_id));
  std::set<std::string> changed;
  for (const RootChange& change : seen.changes) changed.insert(change.what);
  EXPECT_EQ(changed, (std::set<std::string>{"serial", "issued", "sign", "log", "witness",
                                            "transport", "authority"}));
}

TEST_F(Root, WithoutTheCustodiansWordNothingIsSignedOrChanged) {
  const auto pending = prepare(CardAct::kRenew);
  ASSERT_TRUE(pending);
  const auto before = media(setup.root_folder);
  const RootConfirm no = [](const RootPreview&) -> Status {
    return fail(ErrorCode::kState, "no");
  };
  EXPECT_EQ(sign_with(setup.root_folder, *pending, no).error().code, ErrorCode::kState);
  EXPECT_FALSE(root_plan(roots, RootAct::kPlanRotate, root_passphrase, no, rng));
  RootOptions elsewhere = roots;
  elsewhere.folders = {temp / "new"};
  EXPECT_FALSE(root_make(elsewhere, "XB", root_passphrase, no, rng));
  EXPECT_FALSE(fs::exists(temp / "new"));
  EXPECT_EQ(media(setup.root_folder), before);
}

TEST_F(Root, OneSerialOneCardOnEveryCopyOfTheMedium) {
  copy(setup.root_folder, temp / "copy");
  const auto first = prepare(CardAct::kRenew);
  ASSERT_TRUE(first);
  const auto done = sign_with(setup.root_folder, *first);
  ASSERT_TRUE(done);
  EXPECT_EQ(sign_with(setup.root_folder, *first)->note, done->note) << "again is the same card";
  crypto::Keystore store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  pass_time();
  const auto second = prepare(CardAct::kRenew);
  ASSERT_TRUE(second);
  const auto refused = sign_with(setup.root_folder, *second);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kExists);
  EXPECT_NE(refused.error().hint.find("--after"), std::string::npos);
  RootOptions both = roots;
  both.folders = {temp / "copy", setup.root_folder};
  EXPECT_EQ(root_sign(both, second->file, root_passphrase, agree, rng).error().code,
            ErrorCode::kExists) << "one copy that remembers is enough";
}

TEST_F(Root, AnOlderCopySignsButSaysThatItIsOlder) {
  copy(setup.root_folder, temp / "copy");
  change(CardAct::kRenew);
  const auto pending = prepare(CardAct::kRenew);
  ASSERT_TRUE(pending);
  bool remembered = true;
  const auto done = sign_with(temp / "copy", *pending, [&](const RootPreview& preview) -> Status {
    remembered = preview.remembered;
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(remembered);
}

TEST_F(Root, ACardInForceThatThisRootDidNotSignStopsIt) {
  // A thief with another copy of the root made card 2; ours remembers its own card 2.
  copy(setup.root_folder, temp / "stolen");
  copy(setup.folder, temp / "node-of-thief");
  change(CardAct::kRenew);
  const fs::path ours = setup.folder, medium = setup.root_folder;
  setup.folder = temp / "node-of-thief";
  roots.folders = {temp / "stolen"};
  pass_time();
  change(CardAct::kRenew);
  const auto third = prepare(CardAct::kRenew);
  ASSERT_TRUE(third);
  const auto refused = sign_with(medium, *third);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kCardChain);
}

TEST_F(Root, NamesFollowTheRolesAndARetiredRootSignsNoMore) {
  copy(setup.root_folder, temp / "old");
  const Card rotated = change(planned(CardAct::kRotate));
  EXPECT_EQ(roles(),
            (std::map<RootRole, std::string>{{RootRole::kRoot, kRootFile},
                                             {RootRole::kNext, kNextRootFile},
                                             {RootRole::kRetired, "retired-root-2.focalkey"}}));
  EXPECT_EQ(change(CardAct::kRenew).root, rotated.root);
  // The retired root, asked for a card of the time before.
  const auto node_before = prepare(CardAct::kRenew);
  ASSERT_TRUE(node_before);
  exchange::CardFields fields = node_before->request.next;
  RootOptions with_old = roots;
  with_old.folders = {temp / "old", setup.root_folder};
  const auto shown = root_show(with_old, root_passphrase);
  ASSERT_TRUE(shown);
  EXPECT_EQ(std::count_if(shown->keys.begin(), shown->keys.end(),
                          [](const auto& key) { return key.role == RootRole::kRetired; }),
            2);
  const auto first = exchange::parse_card(root_show(RootOptions{{temp / "old"}, crypto::kKdfTest},
                                                    root_passphrase)->last_card);
  ASSERT_TRUE(first);
  fields.root = first->root;
  fields.next = first->next;
  fields.serial = 2;
  fields.prev = first->card_id;
  fields.log_generation = first->log_generation;
  const OnlineKeys now_keys = keys();
  const auto old_card =
      exchange::make_unsigned_card(fields, {now_keys.sign, now_keys.log, now_keys.witness});
  ASSERT_TRUE(old_card) << old_card.error().message;
  const auto file = exchange::make_card_request(*old_card, first->note);
  ASSERT_TRUE(file) << file.error().message;
  const auto refused = root_sign(with_old, *file, root_passphrase, agree, rng);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kState);
}

TEST_F(Root, ARotationThatWasCutShortIsDoneAgain) {
  const auto pending = prepare(planned(CardAct::kRotate));
  ASSERT_TRUE(pending);
  copy(setup.root_folder, temp / "before");
  const auto done = sign(*pending);
  ASSERT_TRUE(done);
  // The names as before the renaming, the contents as after it; and nothing of it at all.
  EXPECT_EQ(sign(*pending)->note, done->note);
  roots.folders = {temp / "before"};
  EXPECT_EQ(sign(*pending)->note, done->note);
}

TEST_F(Root, AChangedPlanIsNoticedBeforeAnythingIsSigned) {
  CardWish wish = planned(CardAct::kRotate);
  wish.plan->next = exchange::next_root_hash(crypto::make_signing_key(rng).pk);
  const auto pending = prepare(wish);
  ASSERT_TRUE(pending) << "the node cannot tell";
  const auto before = media(setup.root_folder);
  EXPECT_EQ(sign(*pending).error().code, ErrorCode::kCardChain);
  EXPECT_EQ(media(setup.root_folder), before);
}

TEST_F(Root, APlanIsTheSameUntilItIsCarriedOut) {
  const auto first = root_plan(roots, RootAct::kPlanRotate, root_passphrase, agree, rng);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->written, (std::vector<fs::path>{setup.root_folder / kNewNextFile}));
  const auto again = root_plan(roots, RootAct::kPlanRecover, root_passphrase, agree, rng);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->note, first->note);
  EXPECT_TRUE(again->written.empty());
}

TEST_F(Root, RotateAndSignAreNotMixedUp) {
  const auto renew = prepare(CardAct::kRenew);
  ASSERT_TRUE(renew);
  EXPECT_EQ(root_change(roots, RootAct::kRotate, renew->file, root_passphrase, agree, rng)
                .error().code, ErrorCode::kCardChain);
  crypto::Keystore store = keystore();
  ASSERT_TRUE(cancel_card(store, rng));
  const auto rotate = prepare(planned(CardAct::kRotate));
  ASSERT_TRUE(rotate);
  EXPECT_EQ(root_sign(roots, rotate->file, root_passphrase, agree, rng).error().code,
            ErrorCode::kCardChain);
}

TEST_F(Root, AThiefOfTheRootAloneCannotRotate) {
  const auto pending = prepare(planned(CardAct::kRotate));
  ASSERT_TRUE(pending);
  fs::create_directory(temp / "thief");
  fs::copy(setup.root_folder / kRootFile, temp / "thief" / kRootFile);
  RootOptions thief{{temp / "thief"}, crypto::kKdfTest};
  for (const RootAct act : {RootAct::kRotate, RootAct::kRecover})
    EXPECT_EQ(root_change(thief, act, pending->file, root_passphrase, agree, rng).error().code,
              ErrorCode::kNotFound);
  EXPECT_EQ(root_plan(thief, RootAct::kPlanRecover, root_passphrase, agree, rng).error().code,
            ErrorCode::kNotFound);
}

TEST_F(Root, MediaThatCannotBeUsed) {
  const auto pending = prepare(CardAct::kRenew);
  ASSERT_TRUE(pending);
  const auto wrong = crypto::Secret::copy_of(as_bytes("other words entirely"));
  EXPECT_EQ(root_show(roots, wrong).error().code, ErrorCode::kPassphrase);
  RootOptions options = roots;
  options.folders = {temp / "nowhere"};
  EXPECT_EQ(root_show(options, root_passphrase).error().code, ErrorCode::kNotFound);
  fs::create_directory(temp / "empty");
  options.folders = {temp / "empty"};
  EXPECT_EQ(root_show(options, root_passphrase).error().code, ErrorCode::kNotFound);
  options.folders.assign(kMaxRootFolders + 1, setup.root_folder);
  EXPECT_EQ(root_show(options, root_passphrase).error().code, ErrorCode::kLimit);
  options.folders = {setup.folder};  // a node's
  EXPECT_EQ(root_show(options, passphrase).error().code, ErrorCode::kKeystore);
  options.folders = {temp / "xb"};
  ASSERT_TRUE(root_make(options, "XB", root_passphrase, agree, rng));
  EXPECT_EQ(sign_with(temp / "xb", *pending).error().code, ErrorCode::kNotFound);
  options.folders = {setup.root_folder, temp / "xb"};
  EXPECT_EQ(root_show(options, root_passphrase).error().code, ErrorCode::kInvalid);
}

TEST_F(Root, MakeRefusesWhatIsThere) {
  const auto before = media(setup.root_folder);
  EXPECT_EQ(root_make(roots, "XA", root_passphrase, agree, rng).error().code, ErrorCode::kExists);
  EXPECT_EQ(root_make(roots, "xa", root_passphrase, agree, rng).error().code, ErrorCode::kInvalid);
  RootOptions two = roots;
  two.folders = {temp / "one", temp / "two"};
  const auto made = root_make(two, "XC", root_passphrase, agree, rng);
  ASSERT_TRUE(made);
  EXPECT_TRUE(fs::exists(temp / "one" / kRootFile));
  EXPECT_TRUE(fs::exists(temp / "two" / kNextRootFile));
  EXPECT_FALSE(fs::exists(temp / "one" / kNextRootFile));
  EXPECT_EQ(media(setup.root_folder), before);
}

// A request that was changed on its way is refused before the medium is opened.
TEST_F(Root, ATamperedRequestIsRefused) {
  const auto pending = prepare(CardAct::kRenew);
  ASSERT_TRUE(pending);
  const auto refuses = [&](std::string file) {
    const auto done = root_sign(roots, file, root_passphrase, agree, rng);
    EXPECT_FALSE(done);
    return done ? ErrorCode::kUnavailable : done.error().code;
  };
  std::string text = pending->file;
  text.replace(text.find("Office"), 6, "Bureau");
  EXPECT_EQ(refuses(text), ErrorCode::kSignature);
  EXPECT_EQ(refuses(pending->request.next.note), ErrorCode::kCardChain) << "the card in force is gone";
  EXPECT_EQ(refuses(""), ErrorCode::kNote);
  EXPECT_EQ(refuses(std::string(exchange::kMaxRequestSize + 1, 'x')), ErrorCode::kLimit);
  EXPECT_EQ(refuses("\xef\xbb\xbf" + pending->file), ErrorCode::kNote);
  text = pending->file;
  text.replace(text.find('\n'), 1, "\r\n");
  EXPECT_EQ(refuses(text), ErrorCode::kNote);
  EXPECT_EQ(refuses(card().note), ErrorCode::kSignature) << "a whole card is no request";
}

// A first card fixes name and next root for good.
TEST_F(Custody, AFirstCardIsSignedOnlyWithTheNextRootInSightAndForThePartyOfTheMedium) {
  roots.folders = {temp / "one", temp / "two"};
  const auto made = root_make(roots, "XA", root_passphrase, agree, rng);
  ASSERT_TRUE(made);
  const auto plan = *exchange::parse_root_plan(made->note);
  const auto request = [&](const exchange::RootPlan& changed) {
    fs::remove_all(setup.folder);
    setup.party = changed.party;
    CardWish wish;
    wish.act = CardAct::kFirst;
    wish.plan = changed;
    const auto prepared = prepare_node(setup, wish, passphrase, now, rng);
    EXPECT_TRUE(prepared) << prepared.error().message;
    return prepared ? prepared->pending.file : std::string();
  };
  const std::string root_before = bytes_of(temp / "one" / kRootFile);
  const auto refused = [&](const std::string& file) {
    const auto done = root_sign(roots, file, root_passphrase, agree, rng);
    return done ? ErrorCode::kUnavailable : done.error().code;
  };
  auto changed = plan;
  changed.next = exchange::next_root_hash(crypto::make_signing_key(rng).pk);
  EXPECT_EQ(refused(request(changed)), ErrorCode::kCardChain) << "a stranger's next root";
  changed = plan;
  changed.party = "XB";
  EXPECT_EQ(refused(request(changed)), ErrorCode::kCardChain) << "another party";
  const std::string right = request(plan);
  roots.folders = {temp / "one"};
  EXPECT_EQ(refused(right), ErrorCode::kCardChain) << "the next root is not to be seen";
  EXPECT_EQ(bytes_of(temp / "one" / kRootFile), root_before);
  roots.folders = {temp / "one", temp / "two"};
  EXPECT_TRUE(root_sign(roots, right, root_passphrase, agree, rng));
}

TEST_F(Custody, APlanThatCouldNotBeWrittenIsShownAgain) {
  roots.folders = {temp / "one", temp / "two"};
  const auto made = root_make(roots, "XA", root_passphrase, agree, rng);
  ASSERT_TRUE(made);
  const auto again = root_make(roots, "XA", root_passphrase, agree, rng);
  EXPECT_EQ(again.error().code, ErrorCode::kExists);
  EXPECT_NE(again.error().hint.find("--plan"), std::string::npos);
  EXPECT_EQ(root_show(roots, root_passphrase)->note, made->note);
  roots.folders = {temp / "one"};
  EXPECT_EQ(root_show(roots, root_passphrase)->note, "") << "the next root is not here";
}

// A process that is killed while it writes a new key leaves no file that is none.
TEST_F(Root, AKillWhileANewRootIsMadeLeavesTheMediumUsable) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit whole_but_empty{112, 112};  // an empty key file fits, one with a key does not
    ::setrlimit(RLIMIT_FSIZE, &whole_but_empty);
    static_cast<void>(root_plan(roots, RootAct::kPlanRotate, root_passphrase, agree, rng));
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_FALSE(fs::exists(setup.root_folder / kNewNextFile));
  const auto shown = root_show(roots, root_passphrase);
  EXPECT_TRUE(shown) << shown.error().message;
  EXPECT_TRUE(root_plan(roots, RootAct::kPlanRotate, root_passphrase, agree, rng));
}

TEST_F(Root, ARevocationNamesItsCardAndItsSigner) {
  change(CardAct::kReplaceKeys);
  RootRevoke what;
  what.since_ms = now.wall_ms / kSecondMs * kSecondMs;
  what.reason = "server stolen";
  std::string signer;
  const auto revoke = [&](const fs::path& folder) {
    return root_revoke({{folder}, crypto::kKdfTest}, what, root_passphrase,
                       [&](const RootPreview& preview) -> Status {
                         signer = preview.signer;
                         return {};
                       });
  };
  const auto which = revoke(setup.root_folder);
  ASSERT_FALSE(which) << "the newest card is the one with the new keys";
  EXPECT_EQ(which.error().code, ErrorCode::kUsage);
  EXPECT_NE(which.error().hint.find("--serial"), std::string::npos);
  what.serial = 1;
  ASSERT_TRUE(revoke(setup.root_folder));
  EXPECT_EQ(signer, "ROOT");
  // The next root signs only where somebody says so.
  fs::create_directory(temp / "next");
  fs::copy(setup.root_folder / kNextRootFile, temp / "next" / kNextRootFile);
  signer.clear();
  const auto alone = revoke(temp / "next");
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, ErrorCode::kNotFound);
  EXPECT_NE(alone.error().hint.find("--by-next-root"), std::string::npos);
  EXPECT_EQ(signer, "");
  what.by_next_root = true;
  EXPECT_TRUE(revoke(temp / "next"));
  EXPECT_EQ(signer, "NEXT_ROOT");
  fs::create_directory(temp / "root-only");
  fs::copy(setup.root_folder / kRootFile, temp / "root-only" / kRootFile);
  EXPECT_EQ(revoke(temp / "root-only").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace focal::node
