// What a local program posts. First byte: which request; the rest: its JSON body, or for
// the last number a request target. What is read is the same after it was written.
#include <functional>

#include "base/bytes.h"
#include "base/check.h"
#include "node/api/http.h"
#include "proto/api.pb.h"
#include "proto/json.h"
#include "proto/sheet.pb.h"

namespace {

using namespace focal;
namespace v1 = api::v1;

template <typename Request>
void body(std::string_view text) {
  Request message;
  if (!json::read(text, message).has_value()) return;
  const std::string once = json::write(message);
  Request again;
  FOCAL_CHECK(json::read(once, again).has_value() && json::write(again) == once);
}

using Reader = void (*)(std::string_view);
constexpr Reader kReaders[] = {
    body<v1::StatusRequest>,      body<v1::CardShowRequest>,    body<v1::CardExportRequest>,
    body<v1::PeerListRequest>,    body<v1::PeerAddRequest>,     body<v1::PeerShowRequest>,
    body<v1::PeerVerifyRequest>,  body<v1::PeerPingRequest>,    body<v1::TraceListRequest>,
    body<v1::TraceOpenRequest>,   body<v1::TraceShowRequest>,   body<v1::TraceAckRequest>,
    body<v1::TraceAnswerRequest>, body<v1::TraceRefuseRequest>, body<v1::InboxRequest>,
    body<v1::OutboxListRequest>,  body<v1::OutboxShowRequest>,  body<v1::OutboxRetryRequest>,
    body<v1::OutboxCancelRequest>, body<v1::LedgerVerifyRequest>, body<v1::LedgerTailRequest>,
    body<v1::TraceAskRequest>,    body<v1::TraceSupplyRequest>, body<v1::TraceDelayRequest>,
    body<v1::TraceInterimRequest>, body<v1::TraceClarifyRequest>, body<v1::TraceReplyRequest>,
    body<v1::TraceCorrectRequest>, body<v1::TraceWithdrawRequest>, body<v1::TraceCloseRequest>,
    body<v1::TraceReopenRequest>, body<v1::TraceSheetRequest>,
};

void target(std::string_view raw) {
  const api::http::Limits limits;
  const auto parsed = api::http::parse_target(raw, limits);
  if (!parsed.has_value()) return;
  FOCAL_CHECK(raw.size() <= limits.target_bytes && parsed->segments.size() <= limits.segments);
  FOCAL_CHECK(parsed->query.size() <= limits.query_pairs);
  for (const std::string& segment : parsed->segments) {
    FOCAL_CHECK(segment != "." && segment != ".." && is_utf8(segment));
    for (const char c : segment) FOCAL_CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = as_text({data + 1, size - 1});
  const std::size_t which = data[0] % (std::size(kReaders) + 1);
  if (which < std::size(kReaders))
    kReaders[which](rest);
  else
    target(rest);
  return 0;
}
