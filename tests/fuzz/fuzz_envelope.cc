// Envelope headers. What is accepted is a partition of the bytes, and its fields are
// where the table says; a seal that was not made for us never opens.
#include "base/check.h"
#include "crypto/aead.h"
#include "node/exchange/envelope.h"
#include "tests/fuzz/fuzz_world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  const focal::ByteView bytes(data, size);
  const auto& self = focal::test::cast().self;
  const auto header = ex::parse_envelope(bytes);
  if (!header.has_value()) {
    FOCAL_CHECK(header.error().code == focal::ErrorCode::kEnvelope);
    return 0;
  }
  FOCAL_CHECK(header->aad.data() == data && header->aad.size() + header->ct.size() == size);
  FOCAL_CHECK(header->enc.size() == focal::crypto::find_suite(header->suite)->enc_size);
  FOCAL_CHECK(header->idx < ex::kMaxContextIdx);
  FOCAL_CHECK(header->hint.size() == (header->mode == ex::kModePsk ? ex::kHintSize : 0));
  const std::size_t bucket = header->ct.size() - focal::crypto::kTagSize;
  FOCAL_CHECK(ex::bucket_for(bucket - 4) == bucket);
  // Corpus files that do open are sealed to the first key under idx 0.
  ex::OpenContexts contexts;
  const auto& key = self.sealing.front();
  const auto opened = contexts.open(*header, key.key, "XB", 0);
  if (opened.has_value()) {
    FOCAL_CHECK(header->to_kid == key.kid && opened->size() <= bucket - 4);
    ex::OpenContexts others;
    FOCAL_CHECK(!others.open(*header, key.key, "XC", 0).has_value());
    FOCAL_CHECK(!others.open(*header, self.sealing.at(1).key, "XB", 0).has_value());
  }
  return 0;
}
