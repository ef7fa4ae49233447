#include "node/desk/weapon_search.h"

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "node/desk/opened_records.h"
#include "node/desk/views.h"
#include "node/record/search_fields.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

// Held while the array is looked through; the best stay.
constexpr std::size_t kMaxHeld = 2048;
constexpr std::size_t kMaxEqual = 512;  // places of one key that are asked for

struct Candidate {
  store::IndexPlace place;
  int score = 0;  // of the serial number alone
};

// Best first, then newest first.
bool before(const Candidate& a, const Candidate& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.place.idx != b.place.idx) return a.place.idx > b.place.idx;
  return a.place.item_no < b.place.item_no;
}

class Candidates {
 public:
  void add(const store::IndexPlace& place, int score) {
    list_.push_back({place, score});
    if (list_.size() < 2 * kMaxHeld) return;
    const auto keep = list_.begin() + kMaxHeld;
    std::nth_element(list_.begin(), keep, list_.end(), before);
    list_.erase(keep, list_.end());
    dropped_ = true;
  }
  void some_left_out() { dropped_ = true; }
  bool dropped() const { return dropped_; }
  const std::vector<Candidate>& sorted() {
    std::sort(list_.begin(), list_.end(), before);
    return list_;
  }

 private:
  std::vector<Candidate> list_;
  bool dropped_ = false;
};

// One reading of what is asked, with what rules out most of the array at a glance.
struct Asked {
  record::PackedKeys keys;
  std::uint64_t chars = 0;  // without the bit for a pattern
  // Of a pattern: what every number without ? and * that fits begins and ends with.
  std::string_view begin;
  std::string_view end;
};

// Can the two sets of characters belong to numbers that match?
bool may_match(const Asked& asked, const store::PackedReading& there) {
  const std::uint64_t known = there.chars & ~store::kPatternBit;
  const bool pattern = known != there.chars;
  if (asked.keys.pattern && pattern) return true;
  if (asked.keys.pattern)
    return (asked.chars & ~known) == 0 && there.fold.ends_with(asked.end) &&
           there.fold.starts_with(asked.begin);
  if (pattern) return (known & ~asked.chars) == 0;
  // One edit takes at most one character out of the set and puts one in.
  if (std::popcount(asked.chars ^ known) <= 2) return true;
  return !asked.keys.digits.empty() && asked.keys.digits == there.digits;
}

void look_through(const store::SerialArray& array, const std::vector<Asked>& all,
                  Candidates& out) {
  array.for_each([&](const store::PackedReading& there) {
    for (const Asked& asked : all) {
      if (!may_match(asked, there)) continue;
      const record::PackedKeys keys{there.fold, there.digits,
                                    (there.chars & store::kPatternBit) != 0};
      if (const auto match = record::match_packed(asked.keys, keys))
        out.add(there.place, match->score);
    }
  });
}

void look_up(store::View& view, const std::vector<Asked>& all, Candidates& out) {
  for (const Asked& asked : all) {
    if (asked.keys.pattern) continue;
    const auto places = view.index_find(record::kSerialIndex, asked.keys.fold, kMaxEqual + 1);
    for (const store::IndexPlace& place : places) out.add(place, record::kFoldScore);
    if (places.size() > kMaxEqual) out.some_left_out();
  }
}

std::vector<Asked> asked_readings(const record::WeaponKeys& keys) {
  std::vector<Asked> out;
  for (const record::SerialKeys& each : keys.readings) {
    if (each.state != record::SerialState::kUsable) continue;
    const std::string_view fold = each.fold;
    Asked asked{{fold, each.digits, each.pattern},
                store::char_set(fold) & ~store::kPatternBit, {}, {}};
    if (each.pattern) {
      asked.begin = fold.substr(0, fold.find_first_of("?*"));
      asked.end = fold.substr(fold.find_last_of("?*") + 1);
    }
    out.push_back(asked);
  }
  return out;
}

std::string_view reading_of(const record::WeaponText& text, std::size_t reading) {
  return reading == 0 ? text.serial_raw : text.serial_alternatives[reading - 1];
}

class Search {
 public:
  Search(store::View& view, const record::WeaponText& asked, OpenedRecords& opened)
      : view_(view), opened_(opened), asked_(asked), keys_(record::derive_weapon_keys(asked)) {}

  WeaponSearch run(Depth depth, std::size_t limit) {
    const std::vector<Asked> readings = asked_readings(keys_);
    Candidates candidates;
    look_up(view_, readings, candidates);
    if (depth == Depth::kAll) look_through(view_.serials(), readings, candidates);
    open_records(candidates);
    out_.cut_off = out_.cut_off || candidates.dropped();
    arrange(limit);
    return std::move(out_);
  }

 private:
  // The record of each candidate once, the likeliest first.
  void open_records(Candidates& candidates) {
    std::map<store::LeafIndex, std::set<std::uint32_t>> items;
    std::vector<store::LeafIndex> order;
    for (const Candidate& each : candidates.sorted()) {
      auto& of_record = items[each.place.idx];
      if (of_record.empty()) order.push_back(each.place.idx);
      of_record.insert(each.place.item_no);
    }
    std::size_t bytes = 0;
    for (const store::LeafIndex idx : order) {
      if (out_.records_read >= kMaxCandidateRecords || bytes >= kMaxCandidateBytes) {
        out_.cut_off = true;
        return;
      }
      ++out_.records_read;
      const ShownRecord* shown = opened_.record(view_, idx);
      if (shown == nullptr) continue;  // destroyed meanwhile, or unreadable
      bytes += shown->record->body().size();
      const auto& of_record = items[idx];
      const auto wanted = [&of_record](std::uint32_t no) { return of_record.contains(no); };
      for (const record::DescribedWeapon& each : record::weapons_of(*shown->record, wanted))
        compare(*shown, each.place ? completed(idx, each) : each.item);
    }
  }

  // What the first record of the thread says of the weapon, with the number supplied since.
  pb::WeaponItem completed(store::LeafIndex idx, const record::DescribedWeapon& described) {
    const auto id = view_.case_of(idx);
    const auto row = id ? view_.case_by_id(*id) : std::nullopt;
    const auto root = row ? root_record(view_, *row) : std::nullopt;
    if (!root || !root->record) return described.item;
    const auto weapons = record::weapons_of(*root->record);
    if (*described.place >= weapons.size()) return described.item;
    pb::WeaponItem out = weapons[*described.place].item;
    out.set_serial_raw(described.item.serial_raw());
    out.clear_serial_alternatives();
    return out;
  }

  void compare(const ShownRecord& shown, const pb::WeaponItem& item) {
    const record::WeaponText text = weapon_text(item);
    const record::WeaponKeys keys = record::derive_weapon_keys(text);
    const auto match = record::match_weapons(keys_, keys);
    if (!match) return;
    WeaponHit hit;
    hit.idx = shown.info.idx;
    hit.ref = shown.info.ref;
    hit.kind = shown.info.kind;
    hit.party = shown.info.peer;
    hit.by_us = shown.info.sent;
    hit.case_id = view_.case_of(hit.idx);
    hit.item = item;
    hit.asked_serial = reading_of(asked_, match->first_reading);
    hit.serial = reading_of(text, match->second_reading);
    hit.score = match->score;
    hit.match = match->serial;
    hit.asked_key = match->first_key;
    hit.found_key = match->second_key;
    for (const record::AttributeReason& each : match->attributes)
      hit.reasons.push_back({std::string(code_of(each.attribute)),
                             std::string(code_of(each.agreement)), std::string(each.first),
                             std::string(each.second)});
    keep(std::move(hit));
  }

  // A weapon that its case describes more than once is shown once, as it fits best.
  void keep(WeaponHit hit) {
    const auto same = [&hit](const WeaponHit& other) {
      if (other.item.item_no() != hit.item.item_no()) return false;
      return hit.case_id ? other.case_id == hit.case_id : other.idx == hit.idx;
    };
    const auto known = std::find_if(out_.hits.begin(), out_.hits.end(), same);
    if (known == out_.hits.end())
      out_.hits.push_back(std::move(hit));
    else if (better(hit, *known))
      *known = std::move(hit);
  }

  static bool better(const WeaponHit& a, const WeaponHit& b) {
    if (a.score != b.score) return a.score > b.score;
    if (a.idx != b.idx) return a.idx > b.idx;
    return a.item.item_no() < b.item.item_no();
  }

  void arrange(std::size_t limit) {
    std::sort(out_.hits.begin(), out_.hits.end(), better);
    out_.found = out_.hits.size();
    if (out_.hits.size() > limit) out_.hits.resize(limit);
  }

  store::View& view_;
  OpenedRecords& opened_;
  const record::WeaponText& asked_;
  record::WeaponKeys keys_;
  WeaponSearch out_;
};

}  // namespace

record::WeaponText weapon_text(const pb::WeaponItem& item) {
  record::WeaponText out;
  out.serial_raw = item.serial_raw();
  for (const std::string& each : item.serial_alternatives()) out.serial_alternatives.push_back(each);
  out.make = item.make();
  out.make_code = item.make_code();
  out.model = item.model();
  out.calibre_raw = item.calibre_raw();
  out.calibre_code = item.calibre_code();
  out.type = item.type();
  return out;
}

WeaponSearch search_weapon(store::View& view, const record::WeaponText& asked, Depth depth,
                           std::size_t limit, OpenedRecords* opened) {
  OpenedRecords own;
  return Search(view, asked, opened != nullptr ? *opened : own).run(depth, limit);
}

std::vector<store::CaseId> cases_by_reference(store::View& view, std::string_view reference,
                                              std::size_t limit) {
  const std::string key = record::case_key(reference);
  std::vector<store::CaseId> out;
  if (key.empty()) return out;
  // Every record of a thread carries its references.
  constexpr std::size_t kRecordsPerCase = 64;
  for (const auto& place :
       view.index_find(record::kCaseIndex, key, limit * kRecordsPerCase)) {
    const auto id = view.case_of(place.idx);
    if (!id || std::find(out.begin(), out.end(), *id) != out.end()) continue;
    out.push_back(*id);
    if (out.size() == limit) break;
  }
  return out;
}

}  // namespace focal::desk
