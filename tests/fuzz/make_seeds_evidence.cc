// Seeds of fuzz_bundle: a whole bundle as an archive and as a list of files, one with an erasure,
// one with later cards and revocations.
#include "tests/fuzz/seeds.h"
#include "tests/unit/evidence/sample_bundle.h"

namespace focal::test {
namespace {

std::string list_of(const SampleBundle& bundle) {
  std::string out;
  for (const auto& [name, data] : bundle.files) {
    Bytes size;
    put_u16be(size, static_cast<std::uint16_t>(data.size()));
    out.append(name).append(1, '\0').append(as_text(size)).append(as_text(data));
  }
  return out;
}

void put_revocation(SampleBundle& bundle, const std::string& note) {
  const auto parsed = TestParty::must(exchange::parse_revocation(note));
  bundle.put("revoke/XA/" + hex(parsed.revocation_id).substr(0, 16) + ".note", note);
}

}  // namespace

void evidence_seeds() {
  const SampleBundle good;
  write_seed("fuzz_bundle", "archive", to_string(ByteView(good.archive())));
  write_seed("fuzz_bundle", "files", list_of(good));
  SampleBundle erased;
  erased.erase_at_xb();
  write_seed("fuzz_bundle", "erased", list_of(erased));
  SampleBundle chain;
  const exchange::Card first = chain.xa.card();
  const exchange::Card second = update_of(chain.xa, first);
  chain.put(SampleBundle::card_name("XA", 2), second.note);
  chain.put(SampleBundle::card_name("XA", 3), recovery_of(chain.xa, second).note);
  put_revocation(chain, revocation_of(first, chain.xa.root));
  put_revocation(chain, revocation_of(second, chain.xa.next_root));
  write_seed("fuzz_bundle", "chain", list_of(chain));
  write_seed("fuzz_bundle", "empty", std::string(1024, '\0'));
}

}  // namespace focal::test
