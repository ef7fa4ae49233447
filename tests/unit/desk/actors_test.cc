// Goal: every leaf that a person's act made names that person, the role that allowed it and the
// act; no operation that changes something leaves none.
// Method: named persons do one after the other what can be done at a node, then every leaf since
// is read; the acts found are compared with the routes that change something, so that a new one
// fails here until it is done too. What a caller says about himself changes nothing.
#include <algorithm>
#include <map>
#include <set>

#include "node/api/desk_routes.h"
#include "node/desk/peer_decisions.h"
#include "node/exchange/directory.h"
#include "node/store/leaf.h"
#include "proto/console.pb.h"
#include "tests/support/notes_fixture.h"
#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

constexpr uid_t kKim = 40'005;
constexpr char kOverItsLink[] = "card 2 of XE accepted over the link of XE";

// Routes that change something, but leave no leaf of their own here.
const std::set<std::string>& elsewhere() {
  static const std::set<std::string> list{
      // reads, by a number that must not stand in an address
      "find", "ledger.find",
      // a file beside the ledger, until card.apply
      "card.prepare", "card.cancel",
      // the act that waited has the leaf: "released by"
      "release.approve",
      // a meeting: in memory until it is finished; pair_test
      "pair.begin", "pair.stop", "pair.finish", "pair.drop",
      // a whole ceremony: e2e_ceremonies looks at its leaves; a clock that jumped: clock_test; a list: rights_test
      "card.apply", "card.revoke", "clock.confirm", "trace.import",
      // a node that waited a day for its witnesses; held for a second officer: erase_test
      "start.override", "record.erase",
      // questions with a body
      "suggest", "record.check",
      // what a person keeps, outside the ledger: drafts_test
      "draft.save", "draft.drop", "preferences.set",
      // what another party's log holds: evidence_test
      "evidence.demand",
      // they need the other end's records: ActsStory.EveryActByTheCommandLine looks at each leaf
      "trace.ack", "trace.ask", "trace.supply", "trace.delay", "trace.interim", "trace.answer",
      "trace.refuse", "trace.clarify", "trace.reply", "trace.correct", "trace.close",
      "trace.reopen", "trace.follow"};
  return list;
}

class Actors : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();  // the owner names persons
    static_cast<void>(node_->perform([&](const Now&) -> Status {
      first_ = node_->ledger().log_size();
      return {};
    }));
    must(add("kim", kKim, {"KEY_CUSTODIAN"}, kAda));
  }
  template <typename Request>
  static Request about(const std::string& party) {
    Request out;
    out.set_party(party);
    return out;
  }
  // The party's next card comes over its own link; what an officer says of it.
  v1::PeerSeenRequest new_card_of(const test::TestParty& party) {
    const std::string note = test::update_of(party, party.card()).note;
    static_cast<void>(node_->perform([&](const Now& now) -> Status {
      const auto taken = book_of(*node_).take(note, {party.party, {}}, book_time(*node_, now));
      return taken ? Status() : Status(taken.error());
    }));
    auto out = about<v1::PeerSeenRequest>(party.party);
    const auto shown = must(desk_->peer_show(about<v1::PeerDetailsRequest>(party.party)));
    if (shown.trust().new_cards_size() == 1)
      out.set_leaf_index(shown.trust().new_cards(0).leaf_index());
    return out;
  }
  void do_trust() {
    const test::TestParty xc("XC", 101);
    v1::PeerAddRequest file;
    file.set_bundle(xc.card_note() + xc.schedule_note());
    must(desk_->peer_add(file, as(kJo)));
    verify(xc, kJo);
    must(desk_->peer_ping(about<v1::PeerPingRequest>("XC"), as(kJo)));
    auto suspend = about<v1::PeerSuspendRequest>("XC");
    suspend.set_reason("their server was stolen");
    must(desk_->peer_suspend(suspend, as(kJo)));
    must(desk_->peer_resume(about<v1::PeerResumeRequest>("XC"), as(kJo)));
    const test::TestParty xe("XE", 201);
    file.set_bundle(xe.card_note() + xe.schedule_note());
    must(desk_->peer_add(file, as(kJo)));
    must(desk_->peer_seen(new_card_of(xe), as(kJo)));
    v1::NotesAddRequest notes;
    notes.set_text(test::recovery_of(xb_, xb_.card()).note);
    must(desk_->notes_add(notes, as(kKim)));
    auto reject_it = about<v1::PeerRejectRequest>("XB");
    reject_it.set_reason("not theirs");
    must(desk_->peer_reject(reject_it, as(kJo)));
    notes.set_text(test::recovery_of(xc, xc.card()).note);
    must(desk_->notes_add(notes, as(kKim)));
    auto confirm = about<v1::PeerConfirmRequest>("XC");
    confirm.set_how("PHONE");
    confirm.set_number(exchange::safety_number("XA", own_.root, "XC", xc.next_root.pk));
    EXPECT_EQ(code(desk_->peer_confirm(confirm, as(kJo))), ErrorCode::kAwaitsRelease);
    must(approve("R-1", kMia, kMiaSays));
    exchange::DirectoryFields f;
    f.introducer = "XB";
    f.entries = {{"XD", test::TestParty("XD", 151).root.pk, 1}};
    notes.set_text(must(exchange::make_directory(f, xb_.root)));
    must(desk_->directory_import(notes, as(kAda)));
  }
  void do_cases() {
    must(open(kJo, false));
    must(open(kJo, false));
    v1::TraceLinkRequest link;
    link.set_case_number("T-1");
    link.set_other("T-2");
    link.set_verdict("SAME");
    link.set_reason("the same number");
    must(desk_->trace_link(link, as(kJo)));
    must(withdraw(kJo));
    v1::OutboxListRequest all;
    const auto outbox = must(desk_->outbox_list(all));
    ASSERT_GT(outbox.entries_size(), 0);
    v1::OutboxRetryRequest retry;
    retry.set_id(outbox.entries(0).id());
    must(desk_->outbox_retry(retry, as(kJo)));
    v1::OutboxCancelRequest cancel;
    cancel.set_id(outbox.entries(0).id());
    cancel.set_reason("a mistake");
    must(desk_->outbox_cancel(cancel, as(kJo)));
    EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
    must(reject("R-2", kMia));
  }
  void do_people() {
    v1::PeopleRoleRequest role;
    role.set_name("jo");
    role.add_roles("OFFICER");
    role.set_reason("as it was");
    must(desk_->people_role(role, as(kAda)));
    must(make_key(kMia, kMiaSays, true));
    v1::PeoplePassphraseRequest change;
    must(desk_->people_passphrase(change, as(kMia), secret(kMiaSays),
                                  secret("mia's other passphrase")));
    v1::PeopleRevokeKeyRequest revoke;
    revoke.set_name("mia");
    revoke.set_reason("lost");
    must(desk_->people_revoke_key(revoke, as(kKim)));
    v1::PeopleRemoveRequest gone;
    gone.set_name("sam");
    gone.set_reason("left");
    must(desk_->people_remove(gone, as(kAda)));
    must(desk_->session_password({}, as(kJo), secret("four odd words")));
    v1::KeysReplaceRequest replace;
    replace.set_reason("a backup was lost");
    must(desk_->keys_replace(replace, as(kKim)));
  }
  void do_upkeep() {
    must(desk_->witness_set(v1::WitnessSetRequest(), as(kKim)));
    v1::BackupMakeRequest backup;
    backup.set_to((folder_ / "backups").string());
    must(desk_->backup_make(backup, as(kAda)));
    must(desk_->retention_run(v1::RetentionRunRequest(), as(kAda)));
    v1::EvidenceExportRequest bundle;
    bundle.set_target("T-1");
    must(desk_->evidence_export(bundle, as(kJo)));
  }
  // Acts in the details of all leaves since the persons were named; each checked.
  std::set<std::string> acts_done() {
    const std::map<std::string, uid_t> uids{
        {"jo", kJo}, {"mia", kMia}, {"sam", kSam}, {"ada", kAda}, {"kim", kKim}};
    std::set<std::string> out;
    EXPECT_TRUE(node_->perform([&](const Now&) -> Status {
      for (store::LeafIndex i = first_; i < node_->ledger().log_size(); ++i) {
        const auto leaf = *node_->ledger().leaf(i);
        if (!is_of_a_person(leaf)) continue;
        const auto text = node_->ledger().detail(i);
        if (text && *text == kOverItsLink) continue;  // nobody here did that
        const auto detail = text ? parse_detail(*text) : std::nullopt;
        if (!detail) {
          ADD_FAILURE() << "leaf " << i << " (" << store::leaf_type_name(leaf.type)
                        << ") names nobody: " << (text ? *text : text.error().message);
          continue;
        }
        const auto uid = uids.find(detail->actor.person);
        if (uid == uids.end() || uid->second != detail->actor.uid)
          ADD_FAILURE() << "leaf " << i << " names " << actor_text(detail->actor);
        std::string operation = detail->act;
        std::replace(operation.begin(), operation.end(), '.', '_');
        const auto role = parse_role(detail->actor.role);
        EXPECT_TRUE(role && has(roles_for(operation), *role))
            << "leaf " << i << ": " << operation << " as " << detail->actor.role;
        out.insert(detail->act);
      }
      return {};
    }).has_value());
    return out;
  }
  // Padding, schedules and the end of a key are the program's own.
  static bool is_of_a_person(const store::Leaf& leaf) {
    using store::LeafType;
    if (leaf.type == LeafType::kPad || leaf.type == LeafType::kKeyEpoch) return false;
    const std::string_view seal_end = "focal/seal-ended";
    return !(leaf.type == LeafType::kAdmin &&
             equal(ByteView(leaf.ref).first(seal_end.size()), as_bytes(seal_end)));
  }

  store::LeafIndex first_ = 0;
};

TEST_F(Actors, EveryLeafOfAnActNamesWhoDidIt) {
  do_trust();
  do_cases();
  do_people();
  do_upkeep();
  const auto seen = acts_done();
  api::Router router([](std::string_view, const Caller&) { return Status{}; });
  api::add_desk_routes(router, *desk_);
  for (const auto& entry : router.entries()) {
    const std::string act = act_word(entry.name);
    if (entry.method == "GET" || elsewhere().contains(act)) continue;
    EXPECT_TRUE(seen.contains(act)) << act << " leaves no leaf that names the person";
  }
  for (const std::string& act : elsewhere())
    EXPECT_FALSE(seen.contains(act)) << act << " is seen here: take it off the list";
}

TEST_F(Actors, NobodyNamesAnotherActor) {
  api::Router router([&](std::string_view name, const Caller& who) {
    return desk_->permit(name, who);
  });
  api::add_desk_routes(router, *desk_);
  const auto before = acts().size();
  for (const char* field : {"actor", "uid", "person", "role", "caller", "by"}) {
    api::http::Request request;
    request.method = "POST";
    request.segments = {"v1", "peers", "XB", "suspend"};
    request.caller = as(kJo);
    request.body = std::string(R"({"reason":"r",")") + field + R"(":"ada"})";
    EXPECT_EQ(router.handle(request).status, 400) << field;
  }
  EXPECT_EQ(acts().size(), before) << "a field that is not known is refused, not ignored";
  // A reason that looks like the lines of a detail stays a reason.
  v1::PeerSuspendRequest request;
  request.set_party("XB");
  request.set_reason("r\nperson ada\nuid 40004\nrole ADMINISTRATOR\nact people.add");
  must(desk_->peer_suspend(request, as(kJo)));
  EXPECT_EQ(acts().back().who(), "jo (uid 40001, OFFICER)");
  EXPECT_EQ(acts().back().act(), "peer.suspend");
}

}  // namespace
}  // namespace focal::desk
