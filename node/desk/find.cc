#include "node/desk/find.h"

#include <algorithm>
#include <array>
#include <span>

#include "node/desk/disputed_words.h"
#include "node/desk/views.h"
#include "node/record/calibres.h"
#include "node/record/codes.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLimit = 20;
constexpr std::uint32_t kMostLimit = 200;
constexpr std::uint32_t kMostSkipped = 5000;
constexpr std::size_t kMaxNameBytes = 80;  // as in proto/trace.proto
constexpr std::size_t kMaxCalibreBytes = 40;

constexpr std::string_view kCaution =
    "A person confirms: nothing here is proof of identity. Serial numbers repeat between makers, "
    "models and years, and marks are misread and forged; compare all the data of both.";

// docs/markings.md, "What is not found".
constexpr std::array<std::string_view, 4> kNotFound = {
    "numbers with two or more wrong characters that are not look-alikes",
    "numbers with one wrong character, below five characters",
    "numbers written in another alphabet by sound (ZH for Ж)",
    "numbers that stand only in a free text or in a range"};

Error refused(std::string message, std::string hint, std::string path = "serial") {
  return fail(ErrorCode::kInvalid, std::move(message), std::move(hint), std::move(path));
}

std::size_t known_characters(const std::string& fold) {
  return static_cast<std::size_t>(std::count_if(fold.begin(), fold.end(), [](char c) {
    const bool inside = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    return c != '?' && c != '*' && !inside;
  }));
}

Status check_number(const std::string& text, std::string path) {
  const record::SerialKeys keys = record::derive_serial_keys(text);
  switch (keys.state) {
    case record::SerialState::kEmpty:
      return refused("the serial number has no letter or digit that is known",
                     "Give what can be read, with ? for one unreadable character and * for several.",
                     std::move(path));
    case record::SerialState::kNoNumber:
      return refused("these words say that there is no serial number",
                     "Such weapons cannot be found by number.", std::move(path));
    case record::SerialState::kTooLong:
      return refused("the serial number is longer than 64 bytes",
                     "Half a number is another number: check what was read.", std::move(path));
    case record::SerialState::kNotText:
      return refused("the serial number is not UTF-8 text", "Give it as UTF-8.", std::move(path));
    case record::SerialState::kUsable: break;
  }
  const std::size_t known = known_characters(keys.fold);
  if (keys.pattern && known < record::kMinPatternPart)
    return refused("only " + std::to_string(known) + " character of the number is known: everything "
                   "would fit",
                   "A partial number needs three known characters, or two that are half of it.",
                   std::move(path));
  return {};
}

Status check(const v1::FindRequest& request) {
  if (request.serial().empty())
    return refused("there is no serial number to look for",
                   "focal find SERIAL, with ? for one unreadable character and * for several.");
  FOCAL_TRY(check_number(request.serial(), "serial"));
  if (request.alternatives_size() >= static_cast<int>(record::kMaxReadings))
    return refused("more than 20 other readings", "Give the likeliest ones.", "alternatives");
  for (int i = 0; i < request.alternatives_size(); ++i)
    FOCAL_TRY(check_number(request.alternatives(i), "alternatives[" + std::to_string(i) + "]"));
  if (request.make().size() > kMaxNameBytes || request.model().size() > kMaxNameBytes)
    return refused("maker or model is longer than 80 bytes", "Give the name alone.", "make");
  if (request.calibre().size() > kMaxCalibreBytes)
    return refused("the calibre is longer than 40 bytes", "Give it as 9x19, 7,62x39 or .38.",
                   "calibre");
  if (!request.type().empty() && !record::is_code("weapon_type", request.type()))
    return refused("there is no such type of weapon",
                   record::code_hint("weapon_type", request.type()), "type");
  return {};
}

record::WeaponText asked_weapon(const v1::FindRequest& request) {
  record::WeaponText out;
  out.serial_raw = request.serial();
  for (const std::string& each : request.alternatives()) out.serial_alternatives.push_back(each);
  out.make = request.make();
  out.model = request.model();
  (record::find_calibre(request.calibre()) != nullptr ? out.calibre_code : out.calibre_raw) =
      request.calibre();
  out.type = request.type();
  return out;
}

void fill_tried(const v1::FindRequest& request, v1::FindResponse* out) {
  bool any_pattern = record::derive_serial_keys(request.serial()).pattern;
  bool any_whole = !any_pattern;
  for (const std::string& each : request.alternatives()) {
    const bool pattern = record::derive_serial_keys(each).pattern;
    any_pattern = any_pattern || pattern;
    any_whole = any_whole || !pattern;
  }
  using record::Tier;
  for (const Tier tier : {Tier::kExact, Tier::kLatin, Tier::kFold, Tier::kPattern, Tier::kDigits,
                          Tier::kEdit1})
    if (any_whole || tier == Tier::kPattern)
      out->add_tried(code_text("match_tier", record::code_of(tier)));
}

// The record that describes the weapon may be somebody else's.
void mark_disputed(node::Node& node, const WeaponHit& hit, v1::WeaponMatch* out) {
  const auto record = node.core().view().find(hit.ref);
  const std::string words = record ? disputed_words(node, *record) : std::string();
  if (!words.starts_with(kDisputed)) return;
  auto* reason = out->add_reasons();
  reason->set_attribute("RECORD");
  reason->set_agreement(std::string(kDisputed));
  reason->set_text(words);
}

}  // namespace

Status find_weapons(node::Node& node, const v1::FindRequest& request, const Now&,
                    v1::FindResponse* out) {
  FOCAL_TRY(check(request));
  store::View& view = node.core().view();
  const std::uint32_t limit =
      request.limit() == 0 ? kDefaultLimit : std::min(request.limit(), kMostLimit);
  const record::WeaponText asked = asked_weapon(request);
  if (request.skip() > kMostSkipped - limit)
    return refused("only the best 5000 can be reached", "Say more of the weapon: maker, model, type.",
                   "skip");
  const WeaponSearch found =
      search_weapon(view, asked, Depth::kAll, std::size_t{request.skip()} + limit);
  const auto skipped = std::min<std::size_t>(request.skip(), found.hits.size());
  for (const WeaponHit& hit : std::span(found.hits).subspan(skipped)) {
    fill_match(view, hit, out->add_matches());
    mark_disputed(node, hit, out->mutable_matches(out->matches_size() - 1));
  }
  out->set_total(static_cast<std::uint32_t>(found.found));
  out->set_cut_off(found.cut_off);
  out->set_readings(static_cast<std::uint32_t>(view.serials().size()));
  const store::IndexProgress progress = view.index_progress();
  out->set_not_indexed(static_cast<std::uint64_t>(progress.target - progress.done));
  out->set_not_held(view.serials().left_out());
  fill_tried(request, out);
  for (const std::string_view each : kNotFound) out->add_not_found(std::string(each));
  out->set_caution(std::string(kCaution));
  return {};
}

}  // namespace focal::desk
