// Bodies of records. First byte: which kind, or with the high bit set, that the rest is
// JSON of people. What is accepted keeps its bytes, can be shown, and what was read from
// JSON is accepted from its own bytes.
#include "base/check.h"
#include "node/record/record.h"

namespace {

using namespace focal;

const std::vector<std::string> kTo{"XB"};

void check_refusal(const record::Refusal& refusal) {
  FOCAL_CHECK(!refusal.problems.empty() && refusal.problems.size() <= record::kMaxProblems);
  FOCAL_CHECK(refusal.as_error().code == ErrorCode::kRecord && !refusal.as_error().message.empty());
}

void from_people(std::string_view json) {
  const auto made = record::from_json(json, "XA", kTo);
  if (!made.has_value()) return check_refusal(made.error());
  FOCAL_CHECK(made->body().size() <= record::kMaxBodyBytes && made->newer_fields() == 0);
  const auto again = record::parse_checked(made->body(), made->kind(), "XA", kTo);
  FOCAL_CHECK(again.has_value() && record::to_json(*again) == record::to_json(*made));
}

void from_the_wire(const record::KindInfo& kind, ByteView body) {
  const auto checked = record::parse_checked(body, kind.name, "XA", kTo);
  if (!checked.has_value()) return check_refusal(checked.error());
  FOCAL_CHECK(equal(checked->body(), body) && checked->kind() == kind.name);
  const std::string json = record::to_json(*checked);
  FOCAL_CHECK(!json.empty());
  if (checked->newer_fields() == 0) {
    const auto again = record::from_json(json, "XA", kTo);
    FOCAL_CHECK(again.has_value() && record::to_json(*again) == json);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView rest(data + 1, size - 1);
  if ((data[0] & 0x80) != 0) return from_people(as_text(rest)), 0;
  const auto kinds = record::kinds();
  from_the_wire(kinds[data[0] % kinds.size()], rest);
  return 0;
}
