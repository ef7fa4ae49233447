// interop_object_maker FOLDER: writes cards as exchange::make_card makes them and the
// checkpoint of a real ledger, and mutations of them, for another implementation to judge
// (note_case.h). Our verdict is that of the whole reader, not of the signatures alone.
#include <cstdio>
#include <filesystem>
#include <map>

#include "base/check.h"
#include "node/exchange/succession.h"
#include "node/store/checkpoint.h"
#include "node/ledger/ledger.h"
#include "tests/interop/note_case.h"
#include "tests/support/party_fixture.h"

namespace focal::test {
namespace {

using crypto::NoteVerifier;

constexpr auto kType = crypto::NoteKeyType::kEd25519;

std::vector<NoteVerifier> verifiers_of(const exchange::Card& card) {
  return {{exchange::root_name(card.party), card.root, kType},
          {exchange::sign_name(card.party), card.sign, kType},
          {card.log_name, card.log, kType}};
}

// The witness line is a cosignature (type 0x04), which Go's note package does not know.
std::size_t witness_line(const std::string& note, const std::string& party) {
  return note.find("\xE2\x80\x94 " + exchange::witness_name(party) + " ");
}

NoteCase card_case() {
  const TestParty party;
  NoteCase c{"card", party.card_note(), verifiers_of(party.card()),
             [](const std::string& b) { return exchange::parse_card(b).has_value(); }};
  c.unchecked_from = witness_line(c.note, "XA");
  FOCAL_CHECK(c.unchecked_from != std::string::npos);
  return c;
}

// A new root, signed by both: two lines of one name.
NoteCase rotation_case() {
  const TestParty party;
  const exchange::Card pinned = party.card();
  exchange::CardFields fields = party.fields_after(pinned);
  fields.next = exchange::next_root_hash(signing_key(99).pk);
  const exchange::CardKeys keys{party.next_root, party.sign, party.log, party.witness, &party.root};
  const std::string note = TestParty::must(exchange::make_card(fields, keys));
  auto verifiers = verifiers_of(TestParty::must(exchange::parse_card(note)));
  verifiers.push_back({exchange::root_name("XA"), party.root.pk, kType});
  NoteCase c{"card-rotation", note, verifiers, [pinned](const std::string& b) {
               const auto card = exchange::parse_card(b);
               return card.has_value() &&
                      check_successor(pinned, *card) == exchange::Succession::kRotate;
             }};
  const std::size_t witness = witness_line(note, "XA");
  if (note.find("\xE2\x80\x94", witness + 1) == std::string::npos) c.unchecked_from = witness;
  return c;
}

// No detail is sealed here: one key is enough.
class OneKek final : public ledger::KekRing {
 public:
  Result<ledger::Kek> current(ledger::KekClass, std::uint64_t) override {
    return ledger::Kek{kId, key_};
  }
  Result<ledger::Kek> renew(ledger::KekId) override { return ledger::Kek{kId, key_}; }
  Status destroy(ledger::KekId) override { return {}; }
  std::vector<ledger::KekId> ids() override { return {kId}; }
  std::optional<ByteView> find(ledger::KekId) override { return ByteView(key_); }
  Result<ByteView> index_key() override { return ByteView(key_); }

 private:
  static constexpr ledger::KekId kId = 1'202'611;
  Hash32 key_{7};
};

NoteCase checkpoint_case(const std::filesystem::path& folder) {
  const TestParty party;
  const exchange::Card card = party.card();
  OneKek keks;
  crypto::SeededRng rng(11);
  auto made = ledger::Ledger::create(folder, "XA", card.log_name, keks, rng);
  FOCAL_CHECK(made.has_value());
  for (std::uint64_t n = 0; n < 2; ++n) {
    store::Txn txn;
    txn.now_ms = kIssuedMs + n * kHourMs;
    for (int i = 0; i < 70; ++i) txn.ops.push_back(store::PutAdmin{rng.array<32>(), "an act"});
    FOCAL_CHECK((*made)->commit(txn).has_value());
    FOCAL_CHECK((*made)->make_checkpoint(txn.now_ms, party.log).has_value());
  }
  const store::CheckpointRow row = *(*made)->last_checkpoint();
  return {"checkpoint", row.note, {{card.log_name, card.log, kType}},
          [row, card](const std::string& b) {
            store::CheckpointRow read = row;
            read.note = b;
            return store::check_checkpoint(read, card.log_name, card.log).has_value();
          }};
}

}  // namespace
}  // namespace focal::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: interop_object_maker FOLDER\n");
    return 2;
  }
  focal::crypto::init();
  const std::string folder = argv[1];
  const bool written = focal::test::write_case(folder, focal::test::card_case()) &&
                       focal::test::write_case(folder, focal::test::rotation_case()) &&
                       focal::test::write_case(folder, focal::test::checkpoint_case(folder + "/ledger"));
  return written ? 0 : 1;
}
