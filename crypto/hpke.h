// HPKE (RFC 9180), modes base and psk, for the suites of crypto/suite.h. Focal uses
// Export only; seal and open of the RFC are here so that its vectors (A.2) can be
// checked.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/random.h"
#include "crypto/suite.h"

namespace focal::crypto::hpke {

class Context {  // the key schedule's secrets; move-only
 public:
  // RFC 9180 5.3. length <= 8160.
  Secret export_secret(ByteView exporter_context, std::size_t length) const;
  // RFC 9180 5.2, for a caller-chosen sequence number.
  Bytes seal(std::uint64_t seq, ByteView aad, ByteView plain) const;
  std::optional<Bytes> open(std::uint64_t seq, ByteView aad, ByteView sealed) const;

 private:
  friend struct Schedule;
  const Suite* suite_ = nullptr;
  Secret key_;
  Secret base_nonce_;
  Secret exporter_;
};

// Of mode psk; empty views: mode base. At least 32 bytes of key, and both or neither
// (checked: they are our own, never a peer's).
struct Psk {
  ByteView key;
  ByteView id;
};

struct Sender {
  Bytes enc;
  Context context;
};

// Nothing when the recipient's key is not usable.
std::optional<Sender> setup_s(const Suite& suite, Rng& rng, ByteView pk_r, ByteView info,
                              const Psk& psk = {});
// Nothing when enc has another size than the suite's or is not usable.
std::optional<Context> setup_r(const Suite& suite, ByteView enc, const KemKey& key_r,
                               ByteView info, const Psk& psk = {});

// The key schedule alone, for vectors with a fixed ephemeral key.
Sender setup_with(const Suite& suite, Encapsulated encapsulated, ByteView info, const Psk& psk);

}  // namespace focal::crypto::hpke
