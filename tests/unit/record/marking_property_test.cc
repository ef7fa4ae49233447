// Goal: what the headers promise of keys and matches holds for any text.
// Method: rapidcheck over serial numbers as people write them, over random code points
// of all of Unicode, and over random bytes.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "base/bytes.h"
#include "node/record/calibres.h"
#include "node/record/makes.h"
#include "node/record/weapon_match.h"

namespace focal::record {
namespace {

// Characters that are near each other, so that keys do meet.
rc::Gen<std::string> written() {
  static const std::array<std::string, 34> kPieces = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8",  "9", "O", "I",  "B", "A", "S", "Z", "-",
      " ", ".", "?", "*", "А", "В", "О", "Ж", "No", "№", "٣", "式", "É", "★", "З", "N", "Ø"};
  return rc::gen::map(rc::gen::container<std::vector<std::size_t>>(
                          rc::gen::inRange<std::size_t>(0, kPieces.size())),
                      [](const std::vector<std::size_t>& picks) {
                        std::string out;
                        for (const std::size_t pick : picks)
                          if (out.size() < kMaxSerialBytes - 4) out += kPieces[pick];
                        return out;
                      });
}

rc::Gen<std::string> any_unicode() {
  const auto point =
      rc::gen::weightedOneOf<char32_t>({{4, rc::gen::inRange<char32_t>(1, 0x80)},
                                        {3, rc::gen::inRange<char32_t>(0x80, 0x800)},
                                        {2, rc::gen::inRange<char32_t>(0x800, 0xd800)},
                                        {1, rc::gen::inRange<char32_t>(0xe000, 0x110000)}});
  return rc::gen::map(rc::gen::container<std::vector<char32_t>>(point),
                      [](const std::vector<char32_t>& points) {
                        std::string out;
                        for (const char32_t c : points)
                          if (out.size() < kMaxSerialBytes - 4) text::append_utf8(out, c);
                        return out;
                      });
}

rc::Gen<std::string> noise() {
  return rc::gen::oneOf(written(), any_unicode(), rc::gen::arbitrary<std::string>());
}

rc::Gen<std::string> known_fold() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 5)),
      [](const std::vector<std::size_t>& picks) {
        std::string out = "12345";
        for (const std::size_t pick : picks)
          if (out.size() < 20) out += "1379A"[pick];
        return out;
      });
}

RC_GTEST_PROP(MarkingProperty, KeysStayWhenDerivedAgain, ()) {
  const std::string raw = *rc::gen::oneOf(written(), any_unicode());
  const SerialKeys keys = derive_serial_keys(raw);
  if (keys.state != SerialState::kUsable) {
    RC_ASSERT(keys.exact.empty() && keys.latin.empty() && keys.fold.empty() && !keys.pattern);
    return;
  }
  RC_ASSERT(!keys.fold.empty() && is_utf8(keys.exact) && is_utf8(keys.fold));
  if (keys.exact.size() <= kMaxSerialBytes) {  // upper case can be longer in bytes
    const SerialKeys again = derive_serial_keys(keys.exact);
    RC_ASSERT(again.exact == keys.exact);
    RC_ASSERT(again.latin == keys.latin);
    RC_ASSERT(again.fold == keys.fold);
    RC_ASSERT(again.digits == keys.digits);
    RC_ASSERT(again.scripts == keys.scripts);
    RC_ASSERT(again.pattern == keys.pattern);
  }
  if (keys.latin.size() <= kMaxSerialBytes)
    RC_ASSERT(derive_serial_keys(keys.latin).latin == keys.latin);
  RC_ASSERT(fold_of(keys.latin) == keys.fold);
  RC_ASSERT(fold_of(keys.fold) == keys.fold);
  if (!keys.digits.empty()) RC_ASSERT(digits_of(keys.digits) == keys.digits);
}

RC_GTEST_PROP(MarkingProperty, EqualExactKeysAreEqualInEveryKey, ()) {
  const std::string raw = *written();
  // Separators anywhere change nothing in exact, and so nothing in the rest. Only
  // between whole characters, and not where a word such as No would end.
  std::string spaced = "-";
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if ((static_cast<unsigned char>(raw[i]) & 0xc0) != 0x80 && spaced.size() < 60 &&
        *rc::gen::arbitrary<bool>())
      spaced += '-';
    spaced += raw[i];
  }
  const SerialKeys a = derive_serial_keys(raw);
  const SerialKeys b = derive_serial_keys(spaced.substr(0, kMaxSerialBytes));
  if (a.state != SerialState::kUsable || b.state != a.state || a.exact != b.exact) return;
  RC_ASSERT(a.latin == b.latin && a.fold == b.fold && a.digits == b.digits);
  const auto found = match_serials(a, b);
  if (!a.pattern) RC_ASSERT(found.has_value() && found->tier == Tier::kExact);
}

RC_GTEST_PROP(MarkingProperty, MatchesAreSymmetricAndBounded, ()) {
  const SerialKeys a = derive_serial_keys(*written());
  const SerialKeys b = derive_serial_keys(*written());
  const auto there = match_serials(a, b);
  const auto back = match_serials(b, a);
  RC_ASSERT(there.has_value() == back.has_value());
  if (!there) return;
  RC_ASSERT(there->tier == back->tier && there->score == back->score);
  RC_ASSERT(there->agreeing == back->agreeing && there->length == back->length);
  RC_ASSERT(there->score >= kPatternLeast && there->score <= kExactScore);
  RC_ASSERT(there->agreeing <= there->length);
  if (there->tier == Tier::kPattern) RC_ASSERT(a.pattern || b.pattern);
  if (there->tier <= Tier::kFold) RC_ASSERT(a.fold == b.fold);
}

RC_GTEST_PROP(MarkingProperty, AWeaponMatchIsSymmetricAndBounded, ()) {
  const std::vector<std::string> words = {"", "Ижмаш", "Glock", "M70", "9mm", "9x19", ".223", "x"};
  const auto pick = [&words] { return words[*rc::gen::inRange<std::size_t>(0, words.size())]; };
  const std::string serial = *written();
  const std::string alternative = *written();
  const std::string make = pick(), model = pick(), calibre = pick(), other = pick();
  WeaponText first;
  first.serial_raw = serial;
  first.serial_alternatives = {alternative};
  first.make = make;
  first.model = model;
  first.calibre_raw = calibre;
  WeaponText second;
  second.serial_raw = *rc::gen::arbitrary<bool>() ? serial : alternative;
  second.make = other;
  second.model = other;
  second.calibre_raw = other;
  second.type = "SA_RIFLE";
  const WeaponKeys a = derive_weapon_keys(first);
  const WeaponKeys b = derive_weapon_keys(second);
  const auto there = match_weapons(a, b);
  const auto back = match_weapons(b, a);
  RC_ASSERT(there.has_value() == back.has_value());
  if (!there) return;
  RC_ASSERT(there->score == back->score && there->serial.tier == back->serial.tier);
  RC_ASSERT(there->score >= 0 && there->score <= there->serial.score);
  for (std::size_t i = 0; i < there->attributes.size(); ++i)
    RC_ASSERT(there->attributes[i].agreement == back->attributes[i].agreement);
}

RC_GTEST_PROP(MarkingProperty, OneEditIsFoundAndTwoFarApartAreNot, ()) {
  const std::string number = *known_fold();
  const auto keys = derive_serial_keys(number);
  RC_PRE(keys.state == SerialState::kUsable && keys.fold.size() >= 7);
  // U and W stand for nothing else and are in no number.
  const std::size_t at = *rc::gen::inRange<std::size_t>(0, number.size());
  std::string one = number;
  switch (*rc::gen::inRange(0, 4)) {
    case 0: one[at] = 'U'; break;
    case 1: one.insert(at, 1, 'U'); break;
    case 2: one.erase(at, 1); break;
    default:
      if (at + 1 < one.size()) std::swap(one[at], one[at + 1]);
  }
  RC_ASSERT(within_one_edit(number, one));
  RC_ASSERT(within_one_edit(one, number));
  RC_ASSERT(match_serials(keys, derive_serial_keys(one)).has_value());
  std::string two = number;
  two[0] = 'U';
  two[two.size() - 1 - *rc::gen::inRange<std::size_t>(0, 3)] = 'W';
  RC_ASSERT(!within_one_edit(number, two));
}

// The fast way for known numbers and the general one are one rule.
RC_GTEST_PROP(MarkingProperty, APatternMadeFromANumberFitsIt, ()) {
  const std::string number = *known_fold();
  std::string pattern;
  std::size_t known = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    switch (*rc::gen::inRange(0, 4)) {
      case 0: pattern += '?'; break;
      case 1: pattern += '*'; break;
      default: pattern += number[i]; ++known;
    }
  }
  const auto fast = fit_patterns(pattern, number);
  RC_ASSERT(fast.has_value());
  RC_ASSERT(fast->agreeing == known && fast->length == number.size());
  // A letter that is not ASCII on both sides sends them the general way.
  const auto general = fit_patterns("Ж" + pattern, "Ж" + number);
  RC_ASSERT(general.has_value());
  RC_ASSERT(general->agreeing == known + 1 && general->length == number.size() + 1);
  RC_ASSERT(!fit_patterns("Ж" + pattern + "W", "Ж" + number).has_value());
  RC_ASSERT(!fit_patterns(pattern + "W", number).has_value());
}

RC_GTEST_PROP(MarkingProperty, NoiseDoesNoHarm, ()) {
  const std::string a = *noise();
  const std::string b = *noise();
  WeaponText text;
  text.serial_raw = a;
  text.serial_alternatives = {b};
  text.make = text.model = text.calibre_raw = b;
  text.make_code = text.calibre_code = text.type = a;
  const WeaponKeys keys = derive_weapon_keys(text);
  const auto found = match_weapons(keys, keys);
  if (found) RC_ASSERT(found->score <= 100);
  RC_ASSERT(suggest_calibres(a, 3).size() <= 3u);
  RC_ASSERT(suggest_makes(a, 3).size() <= 3u);
  RC_ASSERT(suggest_models(a, "", 3).size() <= 3u);
  RC_ASSERT(is_utf8(calibre_key(a)) && is_utf8(text::name_key(a)));
}

}  // namespace
}  // namespace focal::record
