#include "tests/interop/peer_maker.h"

#include <algorithm>
#include <vector>

#include "base/calendar.h"
#include "base/check.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "node/exchange/approval.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/directory.h"
#include "node/exchange/envelope.h"
#include "node/exchange/inner.h"
#include "node/exchange/intro.h"
#include "node/exchange/manifest.h"
#include "node/exchange/pair_secret.h"
#include "node/exchange/revocation.h"
#include "node/exchange/schedule.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "proto/envelope.pb.h"
#include "proto/record.pb.h"
#include "tests/interop/peer_witness.h"
#include "tests/support/party_fixture.h"

namespace focal::test {
namespace {

constexpr std::uint64_t kSecondMs = 1000;

// A party with random keys; what it signs.
struct Maker : TestParty {
  Maker(crypto::Rng& rng, std::string name) : TestParty(std::move(name)) {
    for (auto* key : {&root, &next_root, &sign, &log, &witness, &officer})
      *key = crypto::make_signing_key(rng);
    transport = crypto::make_dh_key(rng);
  }
  crypto::SigningKey officer;

  std::vector<const crypto::SigningKey*> all() const {
    return {&root, &next_root, &sign, &log, &witness, &officer};
  }
};

class WorldMaker {
 public:
  explicit WorldMaker(std::uint64_t seed)
      : rng_(seed),
        now_ms_(kIssuedMs + below(300 * 86400) * kSecondMs),
        from_(rng_, pick({"XA", "XA-ITI", "Q0", "INTERPOL"})),
        me_(rng_, pick({"XB", "ABCDEFGHIJKL"})),
        introduced_(rng_, "XI") {}

  std::string run() {
    tell({"world"});
    cards();
    followers();
    texts();
    codes();
    witnessing();
    batches();
    receipts();
    return std::move(out_);
  }

 private:
  std::uint64_t below(std::uint64_t n) { return rng_.below(n); }
  template <typename T>
  T pick(const std::vector<T>& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }
  std::string pick(std::initializer_list<const char*> list) {
    return pick(std::vector<std::string>(list.begin(), list.end()));
  }
  Bytes random_bytes(std::size_t n) {
    Bytes out(n);
    rng_.fill(out);
    return out;
  }
  std::uint64_t now_seconds_ms(std::uint64_t before_s) const { return now_ms_ - before_s * kSecondMs; }

  void tell(const std::vector<std::string>& words) {
    for (const std::string& word : words) out_.append(&word == &words.front() ? "" : " ").append(word);
    out_.push_back('\n');
  }
  void sample(const std::string& kind, std::string_view bytes) {
    tell({"sample", kind, base64(as_bytes(bytes))});
  }

  exchange::CardFields fields(const Maker& party, std::uint64_t issued_ms) {
    exchange::CardFields f = party.fields();
    f.issued_ms = issued_ms;
    f.expires_ms = issued_ms + (1 + below(700 * 86400)) * kSecondMs;
    f.log_generation = pick(std::vector<std::uint64_t>{1, 7, 4294967295});
    f.suites = pick(std::vector<std::vector<unsigned>>{{1}, {1, 2}, {1, 255}});
    f.authority.assign(1 + static_cast<std::size_t>(below(8)), pick({"Office", "\xC3\x89tat", "x y  z"}));
    return f;
  }
  std::string card(const exchange::CardFields& f, const Maker& party,
                   const crypto::SigningKey& root) {
    return TestParty::must(exchange::make_card(f, {root, party.sign, party.log, party.witness}));
  }

  void cards() {
    const std::string first = card(fields(from_, now_seconds_ms(86400 * 600)), from_, from_.root);
    pinned_ = fields(from_, now_seconds_ms(86400 * pick(std::vector<std::uint64_t>{2, 401})));
    pinned_.serial = 2;
    pinned_.prev = exchange::parse_card(first)->card_id;
    pinned_note_ = card(pinned_, from_, from_.root);
    card_ = TestParty::must(exchange::parse_card(pinned_note_));
    tell({"own", me_.party});
    tell({"now", std::to_string(now_ms_)});
    const std::string other = card(fields(introduced_, now_seconds_ms(5000)), introduced_, introduced_.root);
    tell({"peer", "INTRODUCED", base64(as_bytes(other))});
    tell({"peer", "VERIFIED", base64(as_bytes(pinned_note_))});
    tell({"old", base64(as_bytes(first))});
    for (std::size_t i = 0, n = 2 + static_cast<std::size_t>(below(8)); i < n; ++i) {
      sealing_.push_back(crypto::make_dh_key(rng_));
      mondays_.push_back(monday_of(now_ms_) + i * exchange::kWeekMs);
      tell({"sealing", hex(sealing_.back().sk.view()), format_utc(mondays_.back()).substr(0, 10)});
    }
    // The stranger's comes first: every secret that is held is tried.
    for (const std::string& party : {introduced_.party, from_.party}) {
      pair_ = crypto::Secret::copy_of(rng_.array<32>());
      tell({"pair", party, hex(pair_.view())});
    }
    for (const Maker* party : {&from_, &me_, &introduced_})
      for (const crypto::SigningKey* key : party->all()) tell({"key", hex(key->seed.view())});
    sample("card", first);
    sample("card", pinned_note_);
  }

  void followers() {
    exchange::CardFields next = pinned_;
    next.serial = 3;
    next.prev = card_.card_id;
    next.authority = {"Updated"};
    const std::string update = card(next, from_, from_.root);
    sample("card", update);
    sample("succession", update);
  }

  void revocation() {
    exchange::RevocationFields r;
    r.party = from_.party;
    r.card_id = below(2) == 0 ? card_.card_id : rng_.array<32>();
    r.scope = pick(std::vector<exchange::RevocationScope>{
        exchange::RevocationScope::kAll, exchange::RevocationScope::kSign,
        exchange::RevocationScope::kTransport, exchange::RevocationScope::kSeal});
    r.since_ms = now_seconds_ms(below(1000000));
    r.reason = pick({"stolen", "\xC3\xA9 \xE5\x9B\xBD", "a  b"});
    sample("revocation", TestParty::must(exchange::make_revocation(
                             r, below(2) == 0 ? from_.root : from_.next_root)));
  }

  void directory() {
    exchange::DirectoryFields d;
    d.introducer = from_.party;
    d.serial = pick(std::vector<std::uint64_t>{1, 2, 77});
    if (d.serial != 1) d.prev = rng_.array<32>();
    for (const char* party : {"AA", "B-", "B0", "XA-1", "ZZZZZZZZZZZZ"})
      if (below(2) == 0)
        d.entries.push_back({party, crypto::make_signing_key(rng_).pk, 1 + below(1000)});
    sample("directory", TestParty::must(exchange::make_directory(d, from_.root)));
  }

  // u32be length of the first || first || second.
  void fork(exchange::ScheduleFields fields, const std::string& schedule) {
    fields.reach = exchange::Reach::kRelay;
    fields.relay = "XS";
    Bytes both;
    put_u32be(both, static_cast<std::uint32_t>(schedule.size()));
    append(both, schedule);
    append(both, TestParty::must(exchange::make_schedule(fields, from_.sign)));
    sample("fork", as_text(both));
  }

  void texts() {
    exchange::ScheduleFields s;
    s.party = from_.party;
    s.serial = exchange::next_schedule_serial(below(2) * now_ms_, now_ms_);
    s.reach = pick(std::vector<exchange::Reach>{exchange::Reach::kDirect, exchange::Reach::kDialout,
                                                exchange::Reach::kRelay});
    if (s.reach == exchange::Reach::kRelay) s.relay = "XR";
    const std::vector<std::string> endpoints{"tcp://198.51.100.7:7117", "tcp://focal.example:1",
                                             "tcp://[2001:db8::7]:65535", "tcp://a-b.c:9"};
    s.endpoints.assign(endpoints.begin(), endpoints.begin() + static_cast<std::ptrdiff_t>(below(5)));
    for (std::size_t i = 0, n = 2 + static_cast<std::size_t>(below(15)); i < n; ++i)
      s.keys.push_back(exchange::make_seal_key(crypto::make_dh_key(rng_).pk,
                                               monday_of(now_ms_) + i * exchange::kWeekMs));
    // Keys of a suite that nobody here has, if the card names one.
    if (pinned_.suites.size() > 1)
      for (std::size_t i = 0, n = 2 + static_cast<std::size_t>(below(3)); i < n; ++i)
        s.keys.push_back(exchange::make_seal_key(
            random_bytes(pick(std::vector<std::size_t>{32, 1216, 1280})),
            monday_of(now_ms_) + i * exchange::kWeekMs,
            static_cast<std::uint8_t>(pinned_.suites[1])));
    const std::string schedule = TestParty::must(exchange::make_schedule(s, from_.sign));
    sample("schedule", schedule);
    fork(s, schedule);
    revocation();
    directory();
    sample("intro", TestParty::must(exchange::make_intro(pinned_note_, below(3) == 0 ? "" : schedule)));
    exchange::OfficerCertificate c{from_.party, pick({"SUPERVISOR", "OFFICER"}), from_.officer.pk,
                                   now_seconds_ms(below(10000)), now_seconds_ms(0) + kDayMs, {}};
    certificate_ = exchange::make_certificate(c, from_.sign);
    sample("certificate", certificate_);
    crypto::Note note;
    note.text = store::checkpoint_text(card_.log_name, 64 * below(1000000), rng_.array<32>());
    crypto::sign_note(note, card_.log_name, from_.log);
    sample("checkpoint", crypto::format_note(note));
  }

  Bytes body(const std::string& kind) {
    if (kind != "peer.ping") return random_bytes(static_cast<std::size_t>(below(3000)));
    v1::Record record;
    record.mutable_header()->set_from_desk("NPC");
    record.mutable_header()->set_subject("Test record");
    record.mutable_header()->set_language("en");
    record.mutable_header()->set_priority("ROUTINE");
    record.mutable_peer_ping()->set_text(std::string(static_cast<std::size_t>(below(200)), 'p'));
    return to_bytes(record.SerializeAsString());
  }

  struct Made {
    Bytes item;
    Hash32 leaf{};
  };
  Made record(const std::vector<std::string>& to, bool approved) {
    exchange::Manifest m;
    m.msg_id = rng_.array<16>();
    m.from = from_.party;
    m.from_card = card_.card_id;
    m.to = to;
    m.kind = pick({"peer.ping", "future.kind"});
    m.created_ms = now_ms_ - below(1000);
    if (below(2) == 0) m.thread = store::RecordRef{rng_.array<32>(), now_ms_ - below(1000000)};
    if (below(2) == 0) m.reply_to = store::RecordRef{rng_.array<32>(), now_ms_ - below(1000000)};
    if (below(2) == 0) m.expires_ms = now_ms_ + kDayMs;
    const Hash32 salt = rng_.array<32>();
    const Bytes content = body(m.kind);
    m.body_commit = exchange::body_commitment(salt, content);
    m.body_len = content.size();
    if (approved) m.approver = {crypto::sha256(as_bytes(certificate_))};
    exchange::encode_manifest(m);
    Bytes item = exchange::encode_item(m.bytes, salt, content);
    if (approved) {
      v1::Item with;
      FOCAL_CHECK(with.ParseFromArray(item.data(), static_cast<int>(item.size())));
      v1::Approval& approval = *with.add_approvals();
      approval.set_certificate(certificate_);
      const auto sig = crypto::sign(from_.officer, crypto::pae(crypto::kReleaseType, m.bytes));
      approval.set_signature(to_string(ByteView(sig)));
      item = to_bytes(with.SerializeAsString());
    }
    return {std::move(item), m.rid};
  }

  void codes() {
    sample("code", exchange::fingerprint_code(from_.party, from_.root.pk));
    const auto code = exchange::ceremony_code(me_.party, me_.root.pk,
                                              crypto::Secret::copy_of(rng_.array<32>()));
    sample("code", as_text(code.view()));
  }

  void witnessing() {
    const WitnessParty from{from_.party, card_.log_name, card_.card_id, &from_.log, &from_.witness};
    const WitnessParty me{me_.party, "focal/" + me_.party + "/log/1", {}, &me_.log, &me_.witness};
    notes_ = make_witnessing(rng_, now_ms_, from, me,
                             [this](const std::vector<std::string>& words) { tell(words); });
  }

  void seal(ByteView inner) {
    const auto place = static_cast<std::size_t>(below(sealing_.size()));
    const crypto::DhKey& key = sealing_[place];
    const auto chain = exchange::PairChain::from_first(
        exchange::first_pair_key(pair_, from_.party, me_.party), exchange::kFirstPairWeek);
    const exchange::PairKey pair =
        exchange::make_pair_key(*chain.at(exchange::pair_week(mondays_[place])));
    exchange::SealContext::Options options;
    if (below(2) == 0) options.pair = &pair;
    auto context = exchange::SealContext::open(
        rng_, me_.party, exchange::kid16(exchange::kSuite1, key.pk), key.pk, 0, options);
    FOCAL_CHECK(context.has_value());
    sample("envelope", as_text(context->seal(inner)));
  }

  void send(const std::vector<Made>& records) {
    std::vector<Hash32> leaves;
    std::vector<Bytes> items;
    for (const Made& r : records) leaves.push_back(r.leaf), items.push_back(r.item);
    const auto stmt = exchange::sign_statement(from_.sign, from_.party, card_.card_id,
                                               exchange::Purpose::kRecords, leaves, now_ms_);
    seal(exchange::encode_batch_inner(stmt.statement.bytes, stmt.signature, items));
  }

  void batches() {
    std::vector<std::string> to{me_.party, "ITU", "XZ"};
    std::sort(to.begin(), to.end());
    const Hash32 leaf = rng_.array<32>();
    send({record(to, false), {exchange::encode_leaf_item(leaf), leaf}, record(to, true)});
    send({record({me_.party}, false)});
  }

  void receipts() {
    std::vector<Bytes> items;
    std::vector<Hash32> leaves;
    for (std::size_t i = 0, n = 1 + static_cast<std::size_t>(below(5)); i < n; ++i) {
      const store::RecordRef ref{rng_.array<32>(), now_ms_ - below(1000000)};
      tell({"sent", hex(ref.rid), std::to_string(ref.created_ms), from_.party});
      items.push_back(exchange::encode_receipt_item(exchange::receipt_for(
          ref, pick(std::vector<std::uint32_t>{1, 2, 16, 18, 27, 200}), now_ms_ + below(100))));
      leaves.push_back(crypto::merkle_leaf(items.back()));
    }
    const auto stmt = exchange::sign_statement(from_.sign, from_.party, card_.card_id,
                                               exchange::Purpose::kReceipts, leaves, now_ms_);
    const WitnessNotes carried = below(2) == 0 ? notes_ : WitnessNotes{};
    seal(exchange::encode_receipts_inner(stmt.statement.bytes, stmt.signature, items,
                                         as_bytes(carried.checkpoint), as_bytes(carried.cosigs)));
  }

  crypto::SeededRng rng_;
  std::uint64_t now_ms_;
  Maker from_, me_, introduced_;
  std::vector<crypto::DhKey> sealing_;
  std::vector<std::uint64_t> mondays_;  // of the same keys
  crypto::Secret pair_;                 // of the sender and this node
  exchange::CardFields pinned_;
  exchange::Card card_;
  std::string pinned_note_, certificate_;
  WitnessNotes notes_;
  std::string out_;
};

}  // namespace

std::string make_world(std::uint64_t seed) { return WorldMaker(seed).run(); }

}  // namespace focal::test
