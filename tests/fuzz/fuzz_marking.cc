// Markings: lines of text. The first two are serial numbers, then make, model, calibre and
// type. Keys stay when derived again, matches are symmetric and within bounds, what is
// suggested keeps to its limit.
#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"
#include "node/record/calibres.h"
#include "node/record/makes.h"
#include "node/record/weapon_match.h"

namespace {

using namespace focal;
using namespace focal::record;

constexpr std::size_t kLimit = 5;

void check_keys(const SerialKeys& keys) {
  if (keys.state != SerialState::kUsable) {
    FOCAL_CHECK(keys.exact.empty() && keys.fold.empty() && keys.digits.empty() && !keys.pattern);
    return;
  }
  FOCAL_CHECK(is_utf8(keys.exact) && is_utf8(keys.latin) && !keys.fold.empty());
  FOCAL_CHECK(fold_of(keys.latin) == keys.fold && fold_of(keys.fold) == keys.fold);
  if (keys.exact.size() > kMaxSerialBytes) return;  // capitals can have more bytes
  const SerialKeys again = derive_serial_keys(keys.exact);
  FOCAL_CHECK(again.exact == keys.exact && again.latin == keys.latin && again.fold == keys.fold &&
              again.digits == keys.digits && again.pattern == keys.pattern);
}

void check_pair(const WeaponKeys& a, const WeaponKeys& b) {
  const auto there = match_weapons(a, b);
  const auto back = match_weapons(b, a);
  FOCAL_CHECK(there.has_value() == back.has_value());
  if (!there) return;
  FOCAL_CHECK(there->score == back->score && there->serial.tier == back->serial.tier);
  FOCAL_CHECK(there->score >= 0 && there->score <= there->serial.score);
  FOCAL_CHECK(there->serial.score <= kExactScore && !there->first_key.empty());
}

void check_names(std::string_view text) {
  FOCAL_CHECK(is_utf8(text::name_key(text)) && is_utf8(calibre_key(text)));
  FOCAL_CHECK(suggest_calibres(text, kLimit).size() <= kLimit);
  FOCAL_CHECK(suggest_makes(text, kLimit).size() <= kLimit);
  FOCAL_CHECK(suggest_models(text, "", kLimit).size() <= kLimit);
  for (const Calibre* calibre : read_calibre(text).candidates)
    FOCAL_CHECK(find_calibre(calibre->code) == calibre);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = as_text(ByteView(data, size));
  std::array<std::string_view, 6> lines;
  for (std::string_view& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  WeaponText first;
  first.serial_raw = lines[0];
  first.make = lines[2];
  first.model = lines[3];
  first.calibre_raw = lines[4];
  first.type = lines[5];
  WeaponText second;
  second.serial_raw = lines[1];
  second.serial_alternatives = {lines[0]};
  second.make_code = lines[2];
  second.model = lines[4];
  second.calibre_code = lines[3];
  const WeaponKeys a = derive_weapon_keys(first);
  const WeaponKeys b = derive_weapon_keys(second);
  for (const auto* keys : {&a, &b})
    for (const SerialKeys& reading : keys->readings) check_keys(reading);
  check_pair(a, b);
  for (const std::string_view line : lines) check_names(line);
  return 0;
}
