// Sealing schedules. A text that is accepted has one encoding, its weeks follow each
// other, and a key can be chosen in each of them.
#include "base/check.h"
#include "crypto/secret.h"
#include "node/exchange/schedule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ex = focal::exchange;
  focal::crypto::init();
  const std::string_view bytes = focal::as_text({data, size});
  if (const auto s = ex::parse_schedule_text_unverified(bytes); s.has_value()) {
    FOCAL_CHECK(ex::schedule_text(*s) == bytes);
    FOCAL_CHECK(s->keys.size() >= ex::kMinSealKeys && s->keys.size() <= ex::kMaxSealKeys * ex::kMaxScheduleSuites);
    for (const ex::SealKey& key : s->keys)
      FOCAL_CHECK(ex::select_key(s->keys, key.not_before_ms, 0, key.suite) == &key);
  }
  const auto schedule = ex::parse_schedule(bytes);
  if (schedule.has_value()) FOCAL_CHECK(bytes.starts_with(ex::schedule_text(*schedule)));
  return 0;
}
