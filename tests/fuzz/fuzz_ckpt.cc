// What is read of checkpoints, in text: the first byte says which form. What is accepted is
// written again as it was.
#include "base/check.h"
#include "node/exchange/ckpt.h"
#include "node/exchange/tlog_proof.h"
#include "node/exchange/witness_policy.h"
#include "node/store/checkpoint.h"

using namespace focal;
using namespace focal::exchange;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView body(data + 1, size - 1);
  const std::string_view text = as_text(body);
  switch (data[0] % 5) {
    case 0:
      if (const auto ckpt = parse_ckpt(body)) FOCAL_CHECK(equal(encode_ckpt(*ckpt), body));
      break;
    case 1:
      if (const auto cosig = parse_cosig(body)) {
        const auto again = parse_cosig(encode_cosig(*cosig));
        FOCAL_CHECK(again.has_value() && *again == *cosig);
      }
      break;
    case 2:
      if (const auto proof = parse_tlog_proof(text)) FOCAL_CHECK(format_tlog_proof(*proof) == text);
      break;
    case 3:
      if (const auto policy = read_witness_policy(text))
        FOCAL_CHECK(policy->note == text && is_witness_policy(text) &&
                    text.starts_with(witness_policy_text(*policy)));
      break;
    default:
      if (const auto at = store::parse_checkpoint(text))
        FOCAL_CHECK(text.starts_with(store::checkpoint_text(at->origin, at->size, at->root)));
  }
  return 0;
}
