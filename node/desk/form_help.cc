#include "node/desk/form_help.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>
#include <span>
#include <vector>

#include "node/desk/form_schema.h"
#include "node/record/calibres.h"
#include "node/record/catalogue.h"
#include "node/record/code_names.h"
#include "node/record/codes.h"
#include "node/record/formats.h"
#include "node/record/makes.h"
#include "node/record/parties.h"
#include "node/record/schema.h"
#include "node/record/validate.h"
#include "proto/console.pb.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace v1 = api::v1;
using Names = std::span<const std::string_view>;

constexpr std::string_view kWeaponType = "weapon_type";
constexpr std::string_view kFictional = "FICTIONAL";

void add_country(std::string_view code, std::string_view name, std::string_view kind,
                 v1::CodesResponse* out) {
  v1::CountryView* shown = out->add_countries();
  shown->set_code(std::string(code));
  shown->set_label(std::string(name));
  shown->set_kind(std::string(kind));
  for (const std::string_view next : record::successors(code))
    shown->add_successors(std::string(next));
}

void fill_countries(const std::string& lang, v1::CodesResponse* out) {
  for (const std::string_view kind : {"STATE", "AREA", "FORMER"})
    for (const std::string_view code : record::countries())
      if (record::country_kind(code) == kind)
        add_country(code, record::country_name(code, lang).value_or(code), kind, out);
  // Demonstrations need to name their States too.
  for (char c = 'A'; c <= 'Z'; ++c)
    if (const std::string code{'X', c}; const auto name = record::party_name(code, lang))
      add_country(code, *name, kFictional, out);
}

// Suggestions, each code once, best first.
class Answer {
 public:
  explicit Answer(v1::SuggestResponse* out) : out_(out) {}
  void add(std::string_view code, std::string label, std::string why) {
    if (seen_.size() == kMaxSuggestions || !seen_.emplace(code).second) return;
    v1::Suggestion* one = out_->add_suggestions();
    one->set_code(std::string(code));
    one->set_label(std::move(label));
    one->set_why(std::move(why));
  }

 private:
  v1::SuggestResponse* out_;
  std::set<std::string> seen_;
};

// The other name that was typed, where the one that is shown does not begin so.
std::string other_name(const std::string& typed, std::string_view shown, Names aliases,
                       std::string (*key)(std::string_view)) {
  if (typed.empty() || key(shown).starts_with(typed)) return {};
  for (const std::string_view alias : aliases)
    if (key(alias).starts_with(typed)) return std::string(alias);
  return {};
}

void suggest_make(const std::string& text, Answer& answer) {
  const std::string typed = record::name_key(text);
  const auto add = [&](const std::vector<const record::Make*>& found) {
    for (const record::Make* make : found)
      answer.add(make->code, std::string(make->name),
                 other_name(typed, make->name, make->aliases, record::name_key));
  };
  add(record::find_makes(text));
  add(record::suggest_makes(text, kMaxSuggestions));
}

// The makers that a text can mean; none: any.
std::vector<std::string_view> make_codes(const std::string& make) {
  std::vector<std::string_view> out;
  if (record::find_make_code(make) != nullptr) return {make};
  for (const record::Make* found : record::find_makes(make)) out.push_back(found->code);
  return out;
}

void suggest_model(const std::string& text, const std::string& make, Answer& answer) {
  const std::string typed = record::name_key(text);
  const auto add = [&](const std::vector<const record::Model*>& found) {
    for (const record::Model* model : found) {
      const record::Make* maker = record::find_make_code(model->make_code);
      std::string label(model->name);
      if (maker != nullptr) label.append(", ").append(maker->name);
      answer.add(model->id, std::move(label),
                 other_name(typed, model->name, model->aliases, record::name_key));
    }
  };
  const auto makers = make_codes(make);
  for (const std::string_view code : makers) {
    add(record::find_models(text, code));
    add(record::suggest_models(text, code, kMaxSuggestions));
  }
  // A make is often wrong: the models of others come after.
  add(record::find_models(text));
  add(record::suggest_models(text, {}, kMaxSuggestions));
}

void suggest_calibre(const std::string& text, Answer& answer) {
  const std::string typed = record::calibre_key(text);
  const auto add = [&](const std::vector<const record::Calibre*>& found) {
    for (const record::Calibre* calibre : found) {
      const auto label = record::label("calibre", calibre->code, "en").value_or(calibre->code);
      answer.add(calibre->code, std::string(label),
                 other_name(typed, label, calibre->aliases, record::calibre_key));
    }
  };
  const record::CalibreReading read = record::read_calibre(text);
  if (!read.bore_only) add(read.candidates);
  add(record::suggest_calibres(text, kMaxSuggestions));
  add(read.candidates);
}

void suggest_type(const std::string& text, Answer& answer) {
  const std::string typed = record::name_key(text);
  const auto add = [&](const std::vector<std::string_view>& codes) {
    for (const std::string_view code : codes) {
      const auto label = record::label(kWeaponType, code, "en").value_or(code);
      std::vector<std::string_view> others;
      for (const std::string_view lang : record::languages())
        others.push_back(record::label(kWeaponType, code, lang).value_or(code));
      answer.add(code, std::string(label), other_name(typed, label, others, record::name_key));
    }
  };
  add(record::read_code(kWeaponType, text));
  add(record::suggest_code(kWeaponType, text, kMaxSuggestions));
}

Error too_long(const char* path) {
  return fail(ErrorCode::kInvalid, "this is longer than 256 bytes", "Give the name alone.", path);
}

void add_problem(std::string_view rule, std::string path, std::string text, std::string hint,
                 std::string_view lang, v1::RecordCheckResponse* out) {
  v1::RecordProblem* one = out->add_problems();
  one->set_rule(std::string(rule));
  const google::protobuf::FieldDescriptor* field = nullptr;
  if (record::read_path(path, &field) == record::PathKind::kField)
    one->set_label(std::string(record::field_label(*field, lang).value_or(field->name())));
  one->set_path(std::move(path));
  one->set_text(std::move(text));
  one->set_hint(std::move(hint));
}

Status check_parties(const v1::RecordCheckRequest& request) {
  if (request.to_size() > static_cast<int>(kMaxCheckedParties))
    return fail(ErrorCode::kInvalid, "a record goes to 256 parties at most", {}, "to");
  for (int i = 0; i < request.to_size(); ++i)
    if (!record::is_party(request.to(i)))
      return fail(ErrorCode::kInvalid, "this is no party", "A code such as XA, XA-ITI or UNODA.",
                  "to[" + std::to_string(i) + "]");
  return {};
}

}  // namespace

Status show_codes(const v1::CodesRequest& request, v1::CodesResponse* out) {
  FOCAL_ASSIGN(const std::string lang, form_language(request.lang()));
  out->set_lang(lang);
  for (const std::string_view list : record::code_lists()) {
    v1::CodeListView* shown = out->add_lists();
    shown->set_name(std::string(list));
    for (const std::string_view code : record::codes(list)) {
      v1::CodeView* one = shown->add_codes();
      one->set_code(std::string(code));
      one->set_label(std::string(record::label(list, code, lang).value_or(code)));
    }
  }
  fill_countries(lang, out);
  return {};
}

Status suggest_names(const v1::SuggestRequest& request, v1::SuggestResponse* out) {
  if (request.text().size() > kMaxSuggestText) return too_long("text");
  if (request.make().size() > kMaxSuggestText) return too_long("make");
  Answer answer(out);
  const std::string& what = request.what();
  if (what == "MAKE") suggest_make(request.text(), answer);
  else if (what == "MODEL") suggest_model(request.text(), request.make(), answer);
  else if (what == "CALIBRE") suggest_calibre(request.text(), answer);
  else if (what == "WEAPON_TYPE") suggest_type(request.text(), answer);
  else
    return fail(ErrorCode::kInvalid, "nothing is suggested for that",
                "MAKE, MODEL, CALIBRE or WEAPON_TYPE.", "what");
  return {};
}

Status check_record(const v1::RecordCheckRequest& request, const std::string& from,
                    v1::RecordCheckResponse* out) {
  FOCAL_ASSIGN(const std::string lang, form_language(request.lang()));
  FOCAL_TRY(check_parties(request));
  const auto only = [&](std::string_view rule, std::string path, std::string text,
                        std::string hint) -> Status {
    add_problem(rule, std::move(path), std::move(text), std::move(hint), lang, out);
    out->set_found(1);
    return {};
  };
  focal::v1::Record record;
  if (Status read = json::from_struct(request.record(), record); !read)
    return only("JSON", read.error().path, read.error().message, read.error().hint);
  if (record.ByteSizeLong() > record::kMaxBodyBytes)
    return only("TOO_BIG", {}, "the record is too big",
                "at most " + std::to_string(record::kMaxBodyBytes) + " bytes");
  const std::vector<std::string> to(request.to().begin(), request.to().end());
  record::Facts facts;
  facts.from = from;
  facts.audience = to;
  facts.own = true;
  record::Report report = record::validate(record, facts);
  out->set_found(static_cast<std::uint32_t>(report.found));
  for (record::Problem& problem : report.problems)
    add_problem(problem.rule, std::move(problem.path), std::move(problem.message),
                std::move(problem.hint), lang, out);
  return {};
}

}  // namespace focal::desk
