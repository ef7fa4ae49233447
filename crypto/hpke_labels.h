// LabeledExtract and LabeledExpand of RFC 9180 section 4, for its KEM (dhkem.cc) and
// its key schedule (hpke.cc).
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "crypto/secret.h"

namespace focal::crypto::hpke {

// suite: "KEM" || kem, or "HPKE" || kem || kdf || aead. 32 bytes.
Secret labeled_extract(ByteView suite, ByteView salt, std::string_view label, ByteView ikm);
// length <= 8160 (checked).
Secret labeled_expand(ByteView suite, ByteView prk, std::string_view label, ByteView info,
                      std::size_t length);

}  // namespace focal::crypto::hpke
