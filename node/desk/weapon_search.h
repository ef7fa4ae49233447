// Finding a weapon in what this node holds. Equal serial numbers come from the blind index,
// everything else from the packed array; a candidate's record is opened and
// record::match_weapons says tier, score and reasons, and nothing else does. Called on the
// node's loop thread, inside Node::perform().
//
// A hit is a lead: a person compares all the data before anything is done with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "node/record/weapon_match.h"
#include "node/store/view.h"
#include "proto/trace.pb.h"

namespace focal::api::v1 {
class FindRequest;
class FindResponse;
class WeaponMatch;
}

namespace focal::desk {

namespace v1 = focal::api::v1;

enum class Depth : std::uint8_t {
  kEqual,  // tiers EXACT, LATIN and FOLD: a few reads of the index
  kAll,    // and PATTERN, DIGITS, EDIT_1: looks at every reading the node holds
};

// Beyond these a search ends early and says so.
inline constexpr std::size_t kMaxCandidateRecords = 200;
inline constexpr std::size_t kMaxCandidateBytes = 8u << 20;  // of items, opened

struct WeaponReason {
  std::string attribute;  // of the code list match_attribute
  std::string agreement;  // of the code list attribute_agreement
  std::string asked;      // what was compared
  std::string found;
};

struct WeaponHit {
  store::LeafIndex idx = 0;  // of the record that says it
  store::RecordRef ref;
  std::string kind;
  std::string party;         // the other side of that record
  bool by_us = false;        // the record is ours
  std::optional<store::CaseId> case_id;
  focal::v1::WeaponItem item;  // as the record has it
  std::string asked_serial;  // the readings that matched, as written
  std::string serial;
  int score = 0;             // 0..100
  record::SerialMatch match;
  std::string asked_key;     // the keys compared in that tier
  std::string found_key;
  std::vector<WeaponReason> reasons;  // four, in the order of record::Attribute
};

struct WeaponSearch {
  std::vector<WeaponHit> hits;  // by score, then newest first; one per case and item
  std::size_t found = 0;        // before `limit` cut the list
  std::size_t records_read = 0;
  bool cut_off = false;         // there were more candidates than may be read
};

// Of what was written, no code guessed. Views into item.
record::WeaponText weapon_text(const focal::v1::WeaponItem& item);

// limit: of hits. A serial number without usable keys finds nothing.
WeaponSearch search_weapon(store::View& view, const record::WeaponText& asked, Depth depth,
                           std::size_t limit);

// Cases in which somebody wrote this reference or one with another thread number: the part
// before a trailing "/N" counts, so XA-NPC-2026-0117/2 finds XA-NPC-2026-0117. Newest first.
std::vector<store::CaseId> cases_by_reference(store::View& view, std::string_view reference,
                                              std::size_t limit);

// How a hit is shown, everywhere. Reads its case for state and outcome.
void fill_match(store::View& view, const WeaponHit& hit, v1::WeaponMatch* out);

}  // namespace focal::desk
