#include "node/desk/follow_label.h"

#include <algorithm>

#include "node/desk/sheet_label.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::size_t kMaxH3Bytes = 1000;  // of one label, proto/record.proto

template <typename List>
bool holds(const List& list, const std::string& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// A code that is not known here may mean anything.
bool is_known(const record::Label& label) {
  const auto known = [](const char* list, const std::string& code) {
    return record::is_code(list, code);
  };
  return known("tlp", label.tlp) && known("onward", label.onward) &&
         known("use_permission", label.use) &&
         std::all_of(label.h_codes.begin(), label.h_codes.end(),
                     [&](const std::string& code) { return known("h_code", code); });
}

std::optional<std::string> why_not(const record::Label& label, const std::string& party,
                                   const std::string& to, std::string_view today) {
  if (!is_known(label)) return "the label of " + party + "'s answer has a code of a newer version";
  if (label.onward == "NONE") return party + " allows no onward disclosure";
  if (label.onward == "ASK") return party + " has to consent first (ask " + party + ")";
  if (label.onward == "NAMED" && !holds(label.onward_named, to))
    return party + " allows it for " + joined(label.onward_named) + " only (ask " + party + ")";
  if (label.tlp == "RED" && !holds(label.named_recipients, to))
    return party + " marked it TLP:RED, for named recipients only";
  if (holds(label.h_codes, "H3"))
    return party + " set a restriction in words; read it, then put in by hand what it allows";
  if (label.retain_until < today)
    return party + " allows keeping it until " + label.retain_until + " only";
  return std::nullopt;
}

// What both lists allow; an empty list names nobody and so limits nothing.
void keep_common(const std::vector<std::string>& theirs, const std::string& to, bool* emptied,
                 google::protobuf::RepeatedPtrField<std::string>* own) {
  if (theirs.empty()) return;
  // A party in such a list names who has it; of parties only the new addressee can remain.
  const auto allowed = [&](const std::string& name) {
    return name == to || record::is_code("agency_role", name);
  };
  google::protobuf::RepeatedPtrField<std::string> kept;
  const bool limited = !own->empty();
  for (const std::string& name : theirs)
    if (allowed(name) && (!limited || holds(*own, name))) *kept.Add() = name;
  if (kept.empty()) *emptied = true;
  *own = std::move(kept);
}

// Codes that exclude each other in a label: the stricter way out.
void settle(pb::Label* label) {
  const bool few = label->tlp() == "RED" || label->tlp() == "AMBER+STRICT";
  if (label->onward() == "FREE" && (few || holds(label->h_codes(), "H2"))) label->set_onward("ASK");
  if (label->use() == "EVIDENCE" && holds(label->h_codes(), "H1"))
    label->set_use("EVIDENCE_WITH_CONSENT");
  if (label->review_on() > label->retain_until()) label->set_review_on(label->retain_until());
  if (label->onward() != "NAMED") label->clear_onward_named();
  if (label->onward() == "NAMED" && label->onward_named().empty()) label->set_onward("NONE");
}

record::Label view_of(const pb::Label& label) {
  record::Label out;
  out.tlp = label.tlp();
  out.h_codes.assign(label.h_codes().begin(), label.h_codes().end());
  out.h3_text = label.h3_text();
  out.purposes.assign(label.purposes().begin(), label.purposes().end());
  out.onward = label.onward();
  out.use = label.use();
  out.retain_until = label.retain_until();
  return out;
}

}  // namespace

std::optional<std::string> why_not_passed_on(const std::vector<record::Label>& labels,
                                             const std::string& party, const std::string& to,
                                             std::string_view today) {
  if (labels.empty()) return party + "'s answer has no label";
  for (const record::Label& label : labels)
    if (auto why = why_not(label, party, to, today)) return why;
  return std::nullopt;
}

bool make_strictest(const std::vector<record::Label>& others, const std::string& to,
                    pb::Label* own) {
  std::vector<record::Label> all = others;
  all.push_back(view_of(*own));
  const auto strict = strictest(all);
  if (!strict || strict->purposes.empty()) return false;
  pb::Label out = *own;
  bool emptied = false;
  for (const record::Label& label : others) {
    keep_common(label.named_recipients, to, &emptied, out.mutable_named_recipients());
    if (label.onward != "NAMED") continue;
    // Further on it may go only to parties that every one of them names.
    google::protobuf::RepeatedPtrField<std::string> kept;
    for (const std::string& name : label.onward_named)
      if (out.onward_named().empty() || holds(out.onward_named(), name)) *kept.Add() = name;
    *out.mutable_onward_named() = std::move(kept);
    if (out.onward_named().empty()) emptied = true;
  }
  if (emptied) return false;
  out.set_tlp(strict->tlp);
  out.set_onward(strict->onward);
  out.set_use(strict->use);
  out.set_retain_until(strict->retain_until);
  out.mutable_h_codes()->Clear();
  for (const std::string& code : strict->h_codes) out.add_h_codes(code);
  out.mutable_purposes()->Clear();
  for (const std::string& purpose : strict->purposes) out.add_purposes(purpose);
  std::string words;
  for (const std::string& text : strict->h3_texts) words += (words.empty() ? "" : "\n") + text;
  if (words.size() > kMaxH3Bytes) return false;
  out.set_h3_text(words);
  settle(&out);
  *own = std::move(out);
  return true;
}

}  // namespace focal::desk
