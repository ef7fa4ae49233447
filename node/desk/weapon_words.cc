// A hit of a weapon search in words: how the numbers agree, what agrees beside them, and where
// the case stands.
#include <algorithm>

#include "node/desk/views.h"
#include "node/desk/weapon_search.h"
#include "node/record/serial_keys.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxPairs = 4;  // of characters named

// The code points of a key.
std::vector<std::string> characters(std::string_view text) {
  std::vector<std::string> out;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80 || out.empty()) out.emplace_back();
    out.back() += c;
  }
  return out;
}

// "O read as 0, I read as 1": where two keys that are one after all differ. Keys of another
// length differ in more than single characters.
std::string differences(std::string_view asked, std::string_view found, std::string_view otherwise) {
  const auto a = characters(asked);
  const auto b = characters(found);
  std::vector<std::string> pairs;
  for (std::size_t i = 0; a.size() == b.size() && i < a.size(); ++i) {
    const std::string pair = a[i] + " read as " + b[i];
    if (a[i] != b[i] && std::find(pairs.begin(), pairs.end(), pair) == pairs.end())
      pairs.push_back(pair);
  }
  if (pairs.empty()) return std::string(otherwise);
  std::string out;
  for (std::size_t i = 0; i < std::min(pairs.size(), kMaxPairs); ++i)
    out += (out.empty() ? "" : ", ") + pairs[i];
  return pairs.size() > kMaxPairs ? out + " and more" : out;
}

std::string serial_words(const WeaponHit& hit) {
  const auto asked = record::derive_serial_keys(hit.asked_serial);
  const auto found = record::derive_serial_keys(hit.serial);
  switch (hit.match.tier) {
    case record::Tier::kExact: return {};
    case record::Tier::kLatin:
      return differences(asked.exact, found.exact, "letters of two scripts that look alike") +
             " (letters that look alike)";
    case record::Tier::kFold:
      return differences(asked.latin, found.latin, "characters that are taken for each other");
    case record::Tier::kPattern:
      return std::to_string(hit.match.agreeing) + " of " + std::to_string(hit.match.length) +
             " characters are known on both sides and agree";
    case record::Tier::kDigits: return "without the letters between the digits";
    case record::Tier::kEdit1: break;
  }
  return "one character more, less or other: " + asked.fold + " and " + found.fold;
}

std::string reason_words(const WeaponReason& reason) {
  return code_text("match_attribute", reason.attribute) + ": " +
         code_text("attribute_agreement", reason.agreement);
}

std::string calibre_of(const focal::v1::WeaponItem& item) {
  return item.calibre_raw().empty() ? item.calibre_code() : item.calibre_raw();
}

void fill_case_of(store::View& view, const WeaponHit& hit, v1::WeaponMatch* out) {
  const auto row = hit.case_id ? view.case_by_id(*hit.case_id) : std::nullopt;
  if (!row) return;
  const node::OpenedCase opened = node::open_case(view, *row);
  out->set_case_number(case_number(opened.row.id));
  out->set_party(opened.row.peer);
  out->set_by_us(opened.row.ours);
  out->set_state(opened.row.state);
  out->set_state_text(code_text(
      opened.row.ours ? "trace_requester_state" : "trace_responder_state", opened.row.state));
  for (const auto& each : opened.fold.items) {
    if (each.item_no != hit.item.item_no() || each.result.empty()) continue;
    out->set_outcome(each.result);
    out->set_outcome_text(code_text("result_per_item", each.result));
  }
}

}  // namespace

void fill_match(store::View& view, const WeaponHit& hit, v1::WeaponMatch* out) {
  out->set_party(hit.party);
  out->set_by_us(hit.by_us);
  fill_case_of(view, hit, out);
  out->set_item_no(hit.item.item_no());
  out->set_date(format_date(hit.ref.created_ms));
  out->set_serial(hit.serial);
  out->set_score(hit.score);
  out->set_tier(std::string(record::code_of(hit.match.tier)));
  out->set_tier_text(code_text("match_tier", out->tier()));
  out->set_serial_text(serial_words(hit));
  for (const WeaponReason& each : hit.reasons) {
    auto* reason = out->add_reasons();
    reason->set_attribute(each.attribute);
    reason->set_agreement(each.agreement);
    reason->set_asked(each.asked);
    reason->set_found(each.found);
    reason->set_text(reason_words(each));
  }
  out->set_make(hit.item.make());
  out->set_model(hit.item.model());
  out->set_calibre(calibre_of(hit.item));
  out->set_type(hit.item.type());
  out->set_type_text(code_text("weapon_type", hit.item.type()));
  out->set_kind(hit.kind);
  out->set_rid(hex(hit.ref.rid));
}

}  // namespace focal::desk
