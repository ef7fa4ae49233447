#include "bench/filling.h"

#include <cstdio>

#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"

namespace focal::bench {

store::NewRecord a_record(crypto::SeededRng& rng, const std::string& kind, const std::string& from,
                          const std::string& to, std::uint64_t created_ms, const Bytes& body) {
  const Hash32 salt = rng.array<32>();
  exchange::Manifest m;
  m.msg_id = rng.array<16>();
  m.from = from;
  m.to = {to};
  m.kind = kind;
  m.created_ms = created_ms;
  m.body_commit = exchange::body_commitment(salt, body);
  m.body_len = body.size();
  exchange::encode_manifest(m);
  return {{m.rid, m.created_ms}, m.kind, exchange::encode_item(m.bytes, salt, body)};
}

std::string a_serial(crypto::SeededRng& rng) {
  char out[16];
  std::snprintf(out, sizeof out, "%c%c%06u", static_cast<char>('A' + rng.below(26)),
                static_cast<char>('A' + rng.below(26)), static_cast<unsigned>(rng.below(1'000'000)));
  return out;
}

}  // namespace focal::bench
