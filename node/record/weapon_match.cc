#include "node/record/weapon_match.h"

#include <algorithm>

#include "node/record/calibres.h"
#include "node/record/makes.h"
#include "node/record/unicode_text.h"

namespace focal::record {
namespace {

AttributeKey make_key(const WeaponText& text) {
  AttributeKey out;
  const Make* coded = find_make_code(text.make_code);
  out.shown = coded != nullptr ? text.make_code : text.make;
  out.key = text::name_key(out.shown);
  if (coded != nullptr) out.meanings = {coded->code};
  if (coded == nullptr)
    for (const Make* make : find_makes(text.make)) out.meanings.push_back(make->code);
  return out;
}

AttributeKey model_key(const WeaponText& text, const AttributeKey& make) {
  AttributeKey out;
  out.shown = text.model;
  out.key = text::name_key(text.model);
  const std::string_view maker = make.meanings.size() == 1 ? make.meanings[0] : std::string_view();
  for (const Model* model : find_models(text.model, maker)) out.meanings.push_back(model->id);
  return out;
}

AttributeKey calibre_key_of(const WeaponText& text) {
  AttributeKey out;
  if (const Calibre* coded = find_calibre(text.calibre_code); coded != nullptr) {
    out.shown = coded->code;
    out.key = calibre_key(coded->code);
    out.meanings = {coded->code};
    return out;
  }
  const CalibreReading reading = read_calibre(text.calibre_raw);
  out.shown = text.calibre_raw;
  out.key = calibre_key(text.calibre_raw);
  out.vague = reading.bore_only;
  for (const Calibre* calibre : reading.candidates) out.meanings.push_back(calibre->code);
  return out;
}

// "Unknown" and "other" are no statement about the type.
AttributeKey type_key(const WeaponText& text) {
  AttributeKey out;
  out.shown = text.type;
  constexpr std::string_view kOther = "_OTHER";
  const bool other = text.type.size() >= kOther.size() &&
                     text.type.substr(text.type.size() - kOther.size()) == kOther;
  if (!text.type.empty() && text.type != "UNKNOWN" && !other) out.key = text.type;
  return out;
}

bool share_one(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  return std::any_of(a.begin(), a.end(), [&b](std::string_view meaning) {
    return std::binary_search(b.begin(), b.end(), meaning);
  });
}

bool any_related(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  for (const auto first : a)
    for (const auto second : b)
      if (are_related(*find_calibre(first), *find_calibre(second))) return true;
  return false;
}

std::string_view key_of(Tier tier, const SerialKeys& keys) {
  switch (tier) {
    case Tier::kExact: return keys.exact;
    case Tier::kLatin: return keys.latin;
    case Tier::kDigits: return keys.digits;
    default: return keys.fold;
  }
}

// Better by tier score; the caller goes through the readings from the likeliest pair on.
bool find_best(const WeaponKeys& a, const WeaponKeys& b, Match& best) {
  bool found = false;
  for (std::size_t i = 0; i < a.readings.size(); ++i) {
    for (std::size_t j = 0; j < b.readings.size(); ++j) {
      const auto serial = match_serials(a.readings[i], b.readings[j]);
      if (!serial || (found && serial->score <= best.serial.score)) continue;
      found = true;
      best.serial = *serial;
      best.first_reading = i;
      best.second_reading = j;
    }
  }
  return found;
}

}  // namespace

WeaponKeys derive_weapon_keys(const WeaponText& text) {
  WeaponKeys out;
  const std::size_t alternatives = std::min(text.serial_alternatives.size(), kMaxReadings - 1);
  out.readings.reserve(1 + alternatives);
  out.readings.push_back(derive_serial_keys(text.serial_raw));
  for (std::size_t i = 0; i < alternatives; ++i)
    out.readings.push_back(derive_serial_keys(text.serial_alternatives[i]));
  out.make = make_key(text);
  out.model = model_key(text, out.make);
  out.calibre = calibre_key_of(text);
  out.type = type_key(text);
  for (AttributeKey* key : {&out.make, &out.model, &out.calibre})
    std::sort(key->meanings.begin(), key->meanings.end());
  return out;
}

std::string_view code_of(Attribute attribute) {
  switch (attribute) {
    case Attribute::kMake: return "MAKE";
    case Attribute::kModel: return "MODEL";
    case Attribute::kCalibre: return "CALIBRE";
    case Attribute::kType: break;
  }
  return "TYPE";
}

std::string_view code_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::kEqual: return "EQUAL";
    case Agreement::kRelated: return "RELATED";
    case Agreement::kUnknown: return "UNKNOWN";
    case Agreement::kConflict: break;
  }
  return "CONFLICT";
}

Agreement compare(Attribute attribute, const AttributeKey& a, const AttributeKey& b) {
  if (a.key.empty() || b.key.empty()) return Agreement::kUnknown;
  const bool vague = a.vague || b.vague;
  if (a.key == b.key && !vague) return Agreement::kEqual;
  if (attribute == Attribute::kType) return Agreement::kConflict;  // codes of a closed list
  if (a.meanings.empty() || b.meanings.empty())
    return a.key == b.key ? Agreement::kRelated : Agreement::kUnknown;
  if (share_one(a.meanings, b.meanings)) {
    const bool sure = !vague && a.meanings.size() == 1 && b.meanings.size() == 1;
    return sure ? Agreement::kEqual : Agreement::kRelated;
  }
  if (attribute == Attribute::kCalibre && any_related(a.meanings, b.meanings))
    return Agreement::kRelated;
  return Agreement::kConflict;
}

std::optional<Match> match_weapons(const WeaponKeys& a, const WeaponKeys& b) {
  Match match;
  if (!find_best(a, b, match)) return std::nullopt;
  match.first_key = key_of(match.serial.tier, a.readings[match.first_reading]);
  match.second_key = key_of(match.serial.tier, b.readings[match.second_reading]);
  const std::array<std::pair<const AttributeKey*, const AttributeKey*>, 4> pairs = {
      {{&a.make, &b.make}, {&a.model, &b.model}, {&a.calibre, &b.calibre}, {&a.type, &b.type}}};
  int score = match.serial.score;
  int whole = 1;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto attribute = static_cast<Attribute>(i);
    const auto& [first, second] = pairs[i];
    const Agreement agreement = compare(attribute, *first, *second);
    match.attributes[i] = {attribute, agreement, first->shown, second->shown};
    score *= twentieths(agreement);
    whole *= kWhole;
  }
  match.score = (score + whole / 2) / whole;  // to the nearest
  return match;
}

}  // namespace focal::record
