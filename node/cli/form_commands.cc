// What a form is made from, on the command line: the schema, the code lists, what a name can mean,
// and a record asked against the rules. And the description of the API.
#include <google/protobuf/struct.pb.h>

#include <map>
#include <set>

#include "node/cli/case_text.h"
#include "node/cli/common_options.h"
#include "node/cli/families.h"
#include "node/cli/session.h"
#include "node/cli/width.h"
#include "proto/console.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;
using Kind = Option::Kind;

constexpr std::string_view kCountries = "country";

const Option kLang{"--lang", Kind::kText, "LANG", "Language of the names (default en)", false,
                   {"en", "fr", "es", "ru", "zh", "ar"}};

template <typename Texts>
std::string joined(const Texts& texts, const char* between = ", ") {
  std::string out;
  for (const std::string& text : texts) out.append(out.empty() ? "" : between).append(text);
  return out;
}

std::string type_words(const v1::SchemaField& field) {
  std::string out = field.type() == "MESSAGE" ? field.message() : field.type();
  if (!field.code_list().empty()) out += " " + field.code_list();
  return field.list() ? "list of " + out : out;
}

std::string rule_words(const v1::SchemaField& field) {
  std::vector<std::string> out;
  if (field.required()) out.push_back("required");
  if (field.prompted()) out.push_back("a value, or declared unknown");
  if (!field.min().empty() || !field.max().empty())
    out.push_back((field.min().empty() ? "" : field.min()) + " to " + field.max());
  if (field.min_chars() != 0)
    out.push_back("at least " + std::to_string(field.min_chars()) + " characters");
  if (field.max_bytes() != 0) out.push_back("at most " + std::to_string(field.max_bytes()) + " bytes");
  if (field.max_items() != 0) out.push_back("at most " + std::to_string(field.max_items()) + " entries");
  if (field.personal()) out.push_back("personal data");
  if (field.attachment()) out.push_back("not yet");
  return joined(out);
}

std::string need_words(const v1::SchemaNeed& need) {
  std::string out = need.field() + " " + joined(need.codes(), " or ") + ": needs " +
                    joined(need.fields());
  if (need.may_be_unknown()) out += " (or declared unknown)";
  if (!need.unless_field().empty())
    out += ", unless " + need.unless_field() + " is " + need.unless_code();
  if (need.only()) out += "; nowhere else";
  return out;
}

std::string message_text(const v1::SchemaMessage& message, const Look& look) {
  Table table({"FIELD", "NAME", "TYPE", "~RULES"});
  for (const v1::SchemaField& field : message.fields())
    table.add({field.name(), field.label(), type_words(field), rule_words(field)});
  std::string out = paint(clean(message.name()), Style::kBold, look) + "\n" + table.text(look, 2);
  for (const v1::SchemaNeed& need : message.needs()) out += "  " + clean(need_words(need)) + "\n";
  return out;
}

// The messages of a kind, each after the one that holds it.
std::string kind_schema(const v1::SchemaResponse& schema, const v1::SchemaKind& kind,
                        const Look& look) {
  std::map<std::string, const v1::SchemaMessage*> by_name;
  for (const v1::SchemaMessage& message : schema.messages()) by_name[message.name()] = &message;
  std::vector<std::string> queue{"Header", kind.message()};
  std::set<std::string> seen(queue.begin(), queue.end());
  std::string out;
  for (std::size_t i = 0; i < queue.size(); ++i) {
    const auto found = by_name.find(queue[i]);
    if (found == by_name.end()) continue;
    out.append(out.empty() ? "" : "\n").append(message_text(*found->second, look));
    for (const v1::SchemaField& field : found->second->fields())
      if (!field.message().empty() && seen.insert(field.message()).second)
        queue.push_back(field.message());
  }
  return out;
}

Error no_such(const std::string& what, const std::string& name, const char* hint) {
  return fail(ErrorCode::kNotFound, "there is no " + what + " " + clean(name), hint);
}

std::string with_lang(std::string target, const Values& values) {
  add_query(target, "lang", values.text("--lang"));
  return target;
}

Result<int> run_schema(Session& session, const Values& values) {
  v1::SchemaResponse schema;
  FOCAL_TRY(session.get(with_lang("/v1/schema", values), schema));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  const std::string wanted = values.text("KIND");
  if (wanted.empty()) {
    Table table({"KIND", "NAME", "LIFE"});
    for (const v1::SchemaKind& kind : schema.kinds())
      table.add({kind.name(), kind.label(), kind.life().empty() ? "-" : kind.life()});
    session.print(table.text(look));
    return kExitOk;
  }
  for (const v1::SchemaKind& kind : schema.kinds()) {
    if (kind.name() != wanted) continue;
    session.print(kind_schema(schema, kind, look));
    return kExitOk;
  }
  return no_such("kind", wanted, "'focal schema' lists them.");
}

std::string countries_text(const v1::CodesResponse& codes, const Look& look) {
  Table table({"CODE", "NAME", "KIND", "~SUCCESSORS"});
  for (const v1::CountryView& country : codes.countries())
    table.add({country.code(), country.label(), country.kind(), joined(country.successors())});
  return table.text(look);
}

Result<int> run_codes(Session& session, const Values& values) {
  v1::CodesResponse codes;
  FOCAL_TRY(session.get(with_lang("/v1/codes", values), codes));
  if (session.show_json()) return kExitOk;
  const Look look = session.look();
  const std::string wanted = values.text("LIST");
  if (wanted.empty()) {
    Table table({"LIST", "<CODES"});
    for (const v1::CodeListView& list : codes.lists())
      table.add({list.name(), std::to_string(list.codes_size())});
    table.add({std::string(kCountries), std::to_string(codes.countries_size())});
    session.print(table.text(look));
    return kExitOk;
  }
  if (wanted == kCountries) {
    session.print(countries_text(codes, look));
    return kExitOk;
  }
  for (const v1::CodeListView& list : codes.lists()) {
    if (list.name() != wanted) continue;
    Table table({"CODE", "NAME"});
    for (const v1::CodeView& code : list.codes()) table.add({code.code(), code.label()});
    session.print(table.text(look));
    return kExitOk;
  }
  return no_such("code list", wanted, "'focal codes' lists them.");
}

Result<int> run_suggest(Session& session, const Values& values) {
  v1::SuggestRequest request;
  request.set_what(as_code(values.text("WHAT")));
  request.set_text(values.text("TEXT"));
  request.set_make(values.text("--make"));
  v1::SuggestResponse answer;
  FOCAL_TRY(session.post("/v1/suggest", request, answer));
  if (session.show_json()) return kExitOk;
  if (answer.suggestions_size() == 0) {
    session.print("Nothing that is known begins so.\n");
    return kExitOk;
  }
  Table table({"CODE", "NAME", "~ALSO CALLED"});
  for (const v1::Suggestion& each : answer.suggestions())
    table.add({each.code(), each.label(), each.why()});
  session.print(table.text(session.look()));
  return kExitOk;
}

Result<int> run_record_check(Session& session, const Values& values) {
  v1::RecordCheckRequest request;
  FOCAL_TRY(session.read_record(values.text("FILE"), *request.mutable_record()));
  for (const std::string& party : values.list("--to")) request.add_to(party);
  request.set_lang(values.text("--lang"));
  v1::RecordCheckResponse answer;
  FOCAL_TRY(session.post("/v1/records/check", request, answer));
  const int code = answer.found() == 0 ? kExitOk : kExitFailed;
  if (session.show_json()) return code;
  std::string out;
  const Look look = session.look();
  for (const v1::RecordProblem& each : answer.problems()) {
    out += paint(each.path().empty() ? "the record" : clean(each.path()), Style::kBold, look);
    if (!each.label().empty()) out += " (" + clean(each.label()) + ")";
    out += ": " + clean(each.text()) + "\n";
    if (!each.hint().empty()) out += "  " + clean(each.hint()) + "\n";
  }
  const auto shown = static_cast<std::uint32_t>(answer.problems_size());
  if (answer.found() > shown) out += std::to_string(answer.found() - shown) + " more\n";
  session.print(answer.found() == 0 ? "It breaks no rule of the schema.\n" : out);
  return code;
}

Result<int> run_openapi(Session& session, const Values&) {
  FOCAL_ASSIGN(const std::string document, session.get_text("/v1/openapi.json"));
  session.print(document);
  return kExitOk;
}

}  // namespace

std::vector<Command> form_table() {
  return {
      {"schema", "What a record can say: kinds, fields, rules",
       "Lists the kinds of record, or every field of one kind with its name, its type and its rules. "
       "With --json all of it, as forms are made from it.",
       "focal schema\nfocal schema trace.request --lang fr",
       {{"KIND", Kind::kPositional, "", "As the list shows it, e.g. trace.request"}, kLang},
       run_schema},
      {"codes", "The code lists, in six languages",
       "Lists the code lists, or the codes of one with their names. The list `country` has States, "
       "areas and former States.",
       "focal codes\nfocal codes weapon_type --lang ru",
       {{"LIST", Kind::kPositional, "", "As the list shows it, e.g. weapon_type"}, kLang},
       run_codes},
      {"suggest", "What a maker, model, calibre or type can mean",
       "Looks in the tables of this program for what was read or typed, in whatever writing: whole "
       "names first, then names that begin so. At most 12.",
       "focal suggest make Kalash\nfocal suggest model 'AK-47' --make Izhmash\n"
       "focal suggest calibre '7,62x39'",
       {{"WHAT", Kind::kPositional, "", "make, model, calibre or weapon-type", true,
         {"make", "model", "calibre", "weapon-type"}},
        {"TEXT", Kind::kPositional, "", "As seen", true},
        {"--make", Kind::kText, "NAME", "Of a model: its maker, if known"}},
       run_suggest},
      {"record check", "Ask a record against the rules, without sending it",
       "Checks the record in a file as if it were to be sent, and names every rule that it breaks, "
       "with the field's path and name. No case and no peer is asked; nothing is kept. Ends with 1 if "
       "a rule is broken.",
       "focal record check request.json --to XB\nfocal record check - --to XB --lang es",
       {{"FILE", Kind::kPositional, "", "The record as JSON; - is standard input", true},
        {"--to", Kind::kList, "PARTY", "Whom it would go to (may be repeated)"}, kLang},
       run_record_check},
      {"openapi", "The description of the local API",
       "Prints the OpenAPI document that the node serves: every operation, its form, and which roles "
       "may ask for it.",
       "focal openapi", {}, run_openapi},
  };
}

}  // namespace focal::cli
