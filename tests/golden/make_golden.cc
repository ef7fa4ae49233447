// Writes what a later build has to go on reading (README.md): two whole nodes, their roots,
// notes of every kind, envelopes and frames, as this build makes them.
//   make_golden FOLDER     makes FOLDER, which must not exist
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "crypto/hash.h"
#include "node/evidence/check.h"
#include "node/evidence/maker.h"
#include "node/exchange/approval.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/directory.h"
#include "node/exchange/envelope.h"
#include "node/exchange/fork_proof.h"
#include "node/exchange/frame.h"
#include "node/exchange/intro.h"
#include "node/exchange/revocation.h"
#include "node/node/own_card.h"
#include "node/node/root_acts.h"
#include "node/node/setup.h"
#include "node/record/record.h"
#include "proto/people.pb.h"
#include "proto/record.pb.h"
#include "proto/release.pb.h"
#include "tests/golden/golden_world.h"
#include "tests/support/paths.h"

namespace focal::golden {
namespace {

namespace fs = std::filesystem;

void put_file(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) give_up(Error{ErrorCode::kIo, "cannot write " + file.string()});
}

Bytes example_body(const std::string& file, const std::string& from, const std::string& to) {
  std::ifstream in(test::in_tree("tests/vectors/examples/" + file));
  std::stringstream text;
  text << in.rdbuf();
  auto record = record::from_json(text.str(), from, {to});
  if (!record) give_up(record.error().as_error());
  return record->body();
}

Bytes ping_body(const std::string& text) {
  v1::Record record;
  record.mutable_header()->set_from_desk("NPC");
  record.mutable_header()->set_subject("Golden record");
  record.mutable_header()->set_language("en");
  record.mutable_header()->set_priority("ROUTINE");
  record.mutable_peer_ping()->set_text(text);
  return to_bytes(record.SerializeAsString());
}

class Maker {
 public:
  explicit Maker(fs::path folder) : folder_(std::move(folder)), w_(folder_) {
    w_.on_frame = [this](const std::string& from, const std::string& to, const Bytes& frame) {
      keep(from, to, frame);
    };
  }

  void run() {
    for (const char* party : {"XA", "XB", "XC"}) w_.add(party);
    first_notes();
    w_.verify_both("XA", "XB");
    w_.verify_both("XA", "XC");
    ab_ = w_.connect("XA", "XB");
    ac_ = w_.connect("XA", "XC");
    witnesses();
    story();
    pair_secret();
    desk();
    others();
    under_way();
    w_.advance(kHourMs);
    w_.checkpoints();
    w_.advance(kMinuteMs);
    checkpoint_notes();
    bundles();
    say_logs();
    w_.close();
    continuation("XB");
    by_hand();
    put_file(folder_ / "expected.txt", expected_);
    fs::remove_all(folder_ / "XC");  // only its notes and envelopes are kept
    fs::remove_all(folder_ / "root-XC");
    for (const char* party : {"XA", "XB"}) fs::remove(folder_ / party / ledger::kLockFile);
  }

 private:
  void expect(const std::vector<std::string>& words) {
    for (const std::string& word : words)
      expected_.append(&word == &words.front() ? "" : " ").append(word);
    expected_.push_back('\n');
  }
  void expect_record(const std::string& at, const store::RecordRef& ref) {
    const auto info = w_.at(at).ledger->find(ref);
    if (!info) give_up(Error{ErrorCode::kNotFound, "a record did not arrive at " + at});
    const Bytes item = need(w_.at(at).ledger->item(info->idx));
    expect({"record", at, std::to_string(info->idx), hex(ref.rid), std::to_string(ref.created_ms),
            info->kind, info->sent ? "sent" : "received", std::to_string(info->status),
            hex(crypto::sha256(item))});
  }

  // At most two of a type and direction; of DATA two of each lane, and its envelopes.
  void keep(const std::string& from, const std::string& to, const Bytes& bytes) {
    static constexpr std::size_t kOfEach = 2;
    const auto frame = need(exchange::parse_frame(bytes));
    static const char* const kNames[] = {"hello", "data", "ack", "notes", "bye", "bounce",
                                         "notes_want", "gossip", "ckpt", "cosig"};
    std::string name = kNames[frame.index()];
    if (const auto* hello = std::get_if<exchange::HelloFrame>(&frame))
      name = hello->is_reply ? "hello_ok" : "hello";
    if (const auto* data = std::get_if<exchange::DataFrame>(&frame)) {
      name += std::to_string(data->lane);
      for (const Bytes& envelope : data->envelopes) keep_envelope(from, to, data->lane, envelope);
    }
    const std::string key = name + "-" + from + "-" + to;
    const std::size_t n = ++seen_[key];
    if (n <= kOfEach)
      put_file(folder_ / "frames" / (key + "-" + std::to_string(n) + ".bin"), as_text(bytes));
  }

  // What was sealed to XA or XB opens with the keystore in their folder.
  void keep_envelope(const std::string& from, const std::string& to, std::uint32_t lane,
                     const Bytes& envelope) {
    static constexpr std::size_t kOfEach = 3;
    if (to == "XC") return;
    const auto header = need(exchange::parse_envelope(envelope));
    const std::string key = "lane" + std::to_string(lane) + (header.mode == 0 ? "-base-" : "-psk-") +
                            from + "-" + to;
    const std::size_t n = ++seen_["envelope " + key];
    if (n <= kOfEach)
      put_file(folder_ / "envelopes" / (key + "-" + std::to_string(n) + ".env"), as_text(envelope));
  }

  void note(const std::string& name, const std::string& text) {
    put_file(folder_ / "notes" / name, text);
  }

  void first_notes() {
    for (const char* party : {"XA", "XB", "XC"}) {
      const exchange::Identity& self = w_.at(party).self;
      note(std::string("card-") + party + "-1.note", self.card.note);
      note(std::string("schedule-") + party + ".note", self.schedule_note);
      note(std::string("intro-") + party + ".focalcard",
           need(exchange::make_intro(self.card.note, self.schedule_note)));
      note(std::string("code-") + party + ".txt",
           exchange::fingerprint_code(party, self.card.root) + "\n");
    }
  }

  // XA is witnessed by two parties, XB by XA, XC by nobody. The first list counts once a checkpoint
  // that contains its leaf is published, which no list asks for yet.
  void witnesses() {
    name_witnesses("XA", {"XB", "XC"}, 2);
    name_witnesses("XB", {"XA"}, 1);
    w_.checkpoints();
    w_.advance(kMinuteMs);
  }

  void name_witnesses(const std::string& party, std::vector<std::string> list, std::uint32_t q) {
    exchange::Machine& machine = w_.machine(party);
    auto put = need(machine.witness().own().set_policy(std::move(list), q,
                                                       machine.book_time(w_.now(party))));
    put.detail = "golden officer";
    note("policy-" + party + ".note", put.note);
    w_.write(party, std::move(put));
  }

  // A case from request to answer, and one that stays open at the other end.
  void story() {
    const auto request = w_.send("XA", "XB", "trace.request",
                                 example_body("01_trace_request_XA_XB.json", "XA", "XB"));
    w_.advance(kMinuteMs);
    const auto ack = w_.send("XB", "XA", "trace.ack",
                             example_body("02_trace_ack_XB_XA.json", "XB", "XA"), request, request);
    w_.advance(kMinuteMs);
    const auto answer =
        w_.send("XB", "XA", "trace.response",
                example_body("05_trace_response_XB_XA.json", "XB", "XA"), request, ack);
    w_.advance(kMinuteMs);
    const auto second = w_.send("XA", "XB", "trace.request",
                                example_body("06_trace_request_XA_XB.json", "XA", "XB"));
    w_.advance(kMinuteMs);
    records_ = {request, ack, answer, second};
    for (const auto& ref : records_)
      for (const char* at : {"XA", "XB"}) expect_record(at, ref);
    w_.checkpoints();
    w_.advance(kMinuteMs);
  }

  void pair_secret() {
    w_.advance(kHourMs);
    w_.meet("XA", "XB");
    w_.advance(kMinuteMs);
    const auto there = w_.send("XA", "XB", "peer.ping", ping_body("under the pair secret"));
    w_.advance(kMinuteMs);
    const auto back = w_.send("XB", "XA", "peer.ping", ping_body("and back"));
    w_.advance(kMinuteMs);
    for (const auto& ref : {there, back}) expect_record("XB", ref);
    expect_record("XA", there);
    erased(back);
  }

  // Rows of the desk: a person, an act that waits, a link of two cases, an act on its own.
  void desk() {
    api::v1::StoredPerson person;
    person.set_name("A. Golden");
    person.set_uid(4711);
    person.set_unix_user("golden");
    person.add_roles("OFFICER");
    person.set_personal_data(true);
    person.set_added_ms(w_.now("XA").wall_ms);
    w_.write("XA", store::PutDesk{store::DeskTable::kPerson, 1, true,
                                  to_bytes(person.SerializeAsString()), "named by the maker"});
    api::v1::StoredRelease release;
    release.set_operation("trace_answer");
    release.set_rule("answer");
    release.set_person(person.name());
    release.set_uid(person.uid());
    release.set_role("OFFICER");
    release.set_asked_ms(w_.now("XA").wall_ms);
    release.set_expires_ms(w_.now("XA").wall_ms + kDayMs);
    release.set_state("EXPIRED");
    w_.write("XA", store::PutDesk{store::DeskTable::kRelease, 1, false,
                                  to_bytes(release.SerializeAsString()), "it ran out"});
    w_.write("XA", store::PutCaseLink{1, 2, store::LinkVerdict::kDifferent, "two weapons"});
    w_.write("XA", store::PutAdmin{Hash32{1}, "an act of the operator"});
  }

  // Notes about XC, as officers and other nodes bring them.
  void others() {
    const exchange::Identity& xc = w_.at("XC").self;
    const crypto::SigningKey root = w_.root_key("XC");
    exchange::CardFields next = xc.card;
    next.serial = 2;
    next.prev = xc.card.card_id;
    next.issued_ms = w_.now("XC").wall_ms / kSecondMs * kSecondMs;
    next.authority = {"Golden authority of XC, renamed"};
    const node::OnlineKeys& keys = w_.at("XC").keys;
    const std::string renewed =
        need(exchange::make_card(next, {root, keys.sign, keys.log, keys.witness}));
    note("card-XC-2.note", renewed);
    // Over the link of another party: held for 72 hours.
    w_.inject(ab_, "XB", exchange::encode_frame(exchange::NotesFrame{{renewed}}));

    exchange::RevocationFields revoked;
    revoked.party = "XC";
    revoked.card_id = xc.card.card_id;
    revoked.scope = exchange::RevocationScope::kSeal;
    revoked.since_ms = kGoldenMs;
    revoked.reason = "A copy of the server was lost";
    const std::string revocation = need(exchange::make_revocation(revoked, root));
    note("revocation-XC.note", revocation);

    exchange::DirectoryFields listed;
    listed.introducer = "XC";
    listed.entries.push_back({"XB", w_.at("XB").self.card.root, 1});
    const std::string directory = need(exchange::make_directory(listed, root));
    note("directory-XC.note", directory);
    const auto parsed = need(exchange::parse_directory(directory, root.pk));
    w_.write("XA", store::PutDirectory{"XC", 1, directory, parsed.directory_id, "from a file"});
    fork(xc, keys);
    certificate();
    revocation_ = revocation;
  }

  void fork(const exchange::Identity& xc, const node::OnlineKeys& keys) {
    exchange::ScheduleFields other = need(exchange::parse_schedule(xc.schedule_note));
    other.endpoints = {"tcp://198.51.100.66:7117"};
    const std::string second = need(exchange::make_schedule(other, keys.sign));
    note("schedule-XC-fork.note", second);
    const auto proof = need(exchange::check_fork_proof(xc.schedule_note, second, xc.card, {}));
    w_.write("XA", store::PutForkProof{"XC", proof.a, proof.b, proof.id, "two schedules"});
    exchange::GossipFrame gossip;
    gossip.forks.push_back({proof.a, proof.b});
    put_file(folder_ / "frames" / "gossip-made.bin", as_text(exchange::encode_frame(gossip)));
  }

  void certificate() {
    exchange::OfficerCertificate c;
    c.party = "XA";
    c.role = "SUPERVISOR";
    c.key = crypto::make_signing_key(rng_).pk;
    c.from_ms = kGoldenMs;
    c.until_ms = kGoldenMs + 365 * kDayMs;
    note("certificate-XA.bin", exchange::make_certificate(c, w_.at("XA").keys.sign));
  }

  // What is not at its end: a record that waits at XA for the clock, one of XA that nobody
  // has taken yet, one that was cancelled, and a card of XC whose sealing keys are revoked.
  void under_way() {
    w_.at("XC").clock_offset_ms = 3 * static_cast<std::int64_t>(kDayMs);
    const auto early = w_.send("XC", "XA", "peer.ping", ping_body("too early"));
    if (w_.at("XA").ledger->find(early) || w_.at("XA").ledger->waiting().empty())
      give_up(Error{ErrorCode::kState, "the early record does not wait"});
    expect({"waiting", "XA", std::to_string(w_.at("XA").ledger->waiting().size())});
    w_.cut(ac_);
    w_.cut(ab_);
    open_ = w_.send("XA", "XB", "peer.ping", ping_body("on its way"));
    const auto dropped = w_.send("XA", "XB", "peer.ping", ping_body("cancelled"));
    const auto info = w_.at("XA").ledger->find(dropped);
    w_.machine("XA").cancel(info->batch, "XB", "sent by mistake");
    w_.advance(kMinuteMs);
    expect_record("XA", open_);
    expect_record("XA", dropped);
    const auto parsed = need(exchange::parse_revocation(revocation_));
    w_.write("XA", store::PutRevocation{"XC", revocation_, parsed.revocation_id, "by phone"});
  }

  void checkpoint_notes() {
    for (const char* party : {"XA", "XB"}) {
      const auto row = w_.at(party).ledger->last_checkpoint();
      if (!row) give_up(Error{ErrorCode::kState, std::string(party) + " has no checkpoint"});
      note(std::string("checkpoint-") + party + ".note", row->note);
      expect({"checkpoint", party, std::to_string(row->size), hex(row->root)});
    }
  }

  // What XA shows of its records: all of them, and some without their content. The verdict is that of
  // this build under both roots.
  void bundles() {
    ledger::Ledger& ledger = *w_.at("XA").ledger;
    const auto published = ledger.newest_published();
    if (!published || published->cosigs.size() < 2)
      give_up(Error{ErrorCode::kState, "no checkpoint of XA is published by its witnesses"});
    std::string whole = published->checkpoint.note;
    for (const auto& cosig : published->cosigs) whole += cosig.line;
    note("checkpoint-XA-published.note", whole);
    evidence::Wish wish;
    for (const auto& ref : records_) wish.records.push_back(ledger.find(ref)->idx);
    bundle("whole", wish);
    for (const auto& ref : records_) wish.withheld.insert(ref.rid);
    bundle("withheld", wish);
  }

  void bundle(const std::string& name, const evidence::Wish& wish) {
    const Place& xa = w_.at("XA");
    const auto made = need(evidence::make_bundle(*xa.ledger, xa.self, xa.peers, wish, w_.now("XA")));
    put_file(folder_ / "bundles" / (name + ".focalproof"), as_text(made.archive));
    evidence::Fingerprints roots;
    for (const char* party : {"XA", "XB"})
      need(evidence::add_fingerprint(roots, exchange::fingerprint_code(party, w_.at(party).self.card.root)));
    const auto claims = evidence::check_bundle(made.archive, roots);
    expect({"bundle", name, std::string(evidence::whole_name(evidence::whole_of(claims))),
            std::to_string(claims.size())});
    for (const auto& claim : claims)
      expect({"claim", name, std::string(evidence::claim_name(claim.kind)), claim.rid.empty() ? "-" : claim.rid,
              claim.party.empty() ? "-" : claim.party, claim.by.empty() ? "-" : claim.by,
              std::string(evidence::verdict_name(claim.judgement.verdict)),
              std::string(evidence::reason_name(claim.judgement.reason)),
              claim.at.empty() ? "-" : claim.at});
  }

  // The content of a record that was answered is destroyed; that it was there stays.
  void erased(const store::RecordRef& ref) {
    w_.write("XA", store::PutShred{ref, "golden officer; by order"});
    const auto info = w_.at("XA").ledger->find(ref);
    if (!info || !info->shred) give_up(Error{ErrorCode::kState, "the record is not erased"});
    expect({"erased", "XA", std::to_string(info->idx), hex(ref.rid), std::to_string(ref.created_ms),
            std::to_string(*info->shred)});
  }

  void say_logs() {
    for (const char* party : {"XA", "XB"}) {
      ledger::Ledger& ledger = *w_.at(party).ledger;
      const auto size = static_cast<std::uint64_t>(ledger.log_size());
      expect({"log", party, std::to_string(size), hex(ledger.root(size))});
      for (const auto& row : ledger.open_outbox())
        expect({"open", party, std::to_string(row.batch), row.peer, std::to_string(row.lane)});
      for (const auto& row : ledger.cases({}))
        expect({"case", party, std::to_string(row.id), row.kind, row.peer, row.state});
      for (const auto& row : ledger.peers())
        expect({"peer", party, row.party, std::to_string(static_cast<int>(row.level)),
                std::to_string(row.held.size()), std::to_string(row.revocations.size())});
    }
  }

  // A second card with new keys: the log of the party goes on as its next generation.
  void continuation(const std::string& party) {
    crypto::SeededRng rng(55);
    const Now now{2'000'000, kGoldenMs + kDayMs};
    const fs::path folder = folder_ / party;
    node::PendingCard pending;
    {
      auto keystore = need(crypto::Keystore::open(folder / node::kKeystoreFile, passphrase()));
      node::CardWish wish;
      wish.act = node::CardAct::kReplaceKeys;
      const auto card = need(exchange::parse_card(text_of(folder / node::kCardFile)));
      pending = need(node::prepare_card(wish, card, need(node::load_online_keys(keystore)),
                                        keystore, now, rng));
    }
    node::RootOptions root;
    root.folders = {folder_ / ("root-" + party)};
    root.kdf = crypto::kKdfTest;
    const auto done = need(node::root_sign(
        root, pending.file, passphrase(), [](const node::RootPreview&) { return Status{}; }, rng));
    note("card-request-" + party + "-2.txt", pending.file);
    note("card-" + party + "-2.note", done.note);
    const auto card = need(node::apply_card_offline(folder, done.note, "golden officer",
                                                    passphrase(), now, rng));
    expect({"card", party, std::to_string(card.serial), hex(card.card_id), card.log_name});
  }

  static std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }

  // Frames that a quiet story does not say.
  void by_hand() {
    exchange::BounceFrame bounce;
    bounce.bounces.push_back({Hash32{7}, 6, 3, {0, 2}});
    put_file(folder_ / "frames" / "bounce-made.bin", as_text(exchange::encode_frame(bounce)));
    const exchange::ByeFrame bye{7, "the node is stopping"};
    put_file(folder_ / "frames" / "bye-made.bin", as_text(exchange::encode_frame(bye)));
    exchange::NotesWantFrame want;
    want.have.push_back({"XB", 1, 0, {}});
    put_file(folder_ / "frames" / "notes_want-made.bin", as_text(exchange::encode_frame(want)));
  }

  fs::path folder_;
  GoldenWorld w_;
  crypto::SeededRng rng_{50};
  exchange::LinkId ab_ = 0, ac_ = 0;
  store::RecordRef open_;
  std::vector<store::RecordRef> records_;
  std::string revocation_, expected_;
  std::map<std::string, std::size_t> seen_;
};

int run(const char* folder) {
  std::error_code error;
  if (fs::exists(folder, error)) {
    std::fprintf(stderr, "make_golden: %s exists; what is golden is never made again\n", folder);
    return 1;
  }
  ::umask(077);
  fs::create_directories(folder);
  Maker(fs::absolute(folder)).run();
  return 0;
}

}  // namespace
}  // namespace focal::golden

int main(int argc, char** argv) {
  focal::crypto::init();
  if (argc != 2 || argv[1][0] == '-') {
    std::fprintf(stderr, "usage: make_golden FOLDER\n");
    return 2;
  }
  return focal::golden::run(argv[1]);
}
