#include "node/desk/seizure_cells.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/csv.h"
#include "node/record/code_names.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::desk::seizure {
namespace {

namespace pb = google::protobuf;
using Fault = std::optional<CellFault>;

// Where the value goes: the message that holds the last step.
pb::Message* holder_of(const Field& field, pb::Message& item) {
  pb::Message* at = &item;
  for (std::size_t i = 0; i + 1 < field.steps.size(); ++i)
    at = at->GetReflection()->MutableMessage(at, field.steps[i]);
  return at;
}

void put(const Field& field, std::string_view value, pb::Message& item) {
  pb::Message* holder = holder_of(field, item);
  const pb::FieldDescriptor* last = field.steps.back();
  if (last->is_repeated())
    holder->GetReflection()->AddString(holder, last, std::string(value));
  else
    holder->GetReflection()->SetString(holder, last, std::string(value));
}

std::string shown(const std::vector<std::string_view>& codes, std::string_view list) {
  std::string out;
  for (const std::string_view code : codes) {
    if (!out.empty()) out += ", ";
    out += code;
    const auto name = list == record::kCountryNames ? record::country_name(code, "en")
                                                    : record::label(list, code, "en");
    if (name) out += " (" + std::string(*name) + ")";
  }
  return out;
}

// The code that the text means; a fault if it means none or several.
Fault read_one(std::string_view list, std::string_view text, std::string* code) {
  const auto codes = record::read_code(list, text);
  const bool country = list == record::kCountryNames;
  if (codes.size() == 1) {
    if (country && record::says_unknown(text))
      return CellFault{"can mean a country or that it is not known",
                       "Write " + shown(codes, list) + " in full, or leave the cell empty."};
    *code = codes.front();
    return std::nullopt;
  }
  if (codes.size() > 1)
    return CellFault{"can mean several things", "Write the code: " + shown(codes, list) + "."};
  if (country && text == "ZZ") {  // "unknown" in the language of the schema
    *code = text;
    return std::nullopt;
  }
  if (country)
    return CellFault{"is no country that is known here",
                     "Write its two-letter code (ISO 3166-1), or its name in one of the six "
                     "languages of the United Nations."};
  return CellFault{"is none of the values of this field", record::code_hint(list, text)};
}

Fault fill_code(const Field& field, std::string_view list, std::string_view text,
                pb::Message& item) {
  std::string code;
  if (Fault fault = read_one(list, text, &code)) {
    const bool unknown = record::says_unknown(text) && record::read_code(list, text).empty();
    return unknown ? std::nullopt : fault;
  }
  if (code != "ZZ" || list != record::kCountryNames) put(field, code, item);  // ZZ: not known
  return std::nullopt;
}

// A list of values in one cell. Codes may stand between commas too, which no code holds.
Fault fill_list(const Field& field, std::string_view text, pb::Message& item) {
  const std::string& list = field.rule->code_list();
  if (!list.empty() && !record::read_code(list, text).empty())
    return fill_code(field, list, text, item);
  const std::string_view separators = list.empty() ? ";|\n" : ";|,\n";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    const std::string_view part = csv::shown_cell(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    if (part.empty()) continue;
    if (list.empty())
      put(field, part, item);
    else if (Fault fault = fill_code(field, list, part, item))
      return fault;
  }
  return std::nullopt;
}

Fault fill_number(const Field& field, std::string_view text, pb::Message& item) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() ||
      value > std::numeric_limits<std::uint32_t>::max())
    return CellFault{"is no whole number", "Write digits only, without a unit."};
  pb::Message* holder = holder_of(field, item);
  holder->GetReflection()->SetUInt32(holder, field.steps.back(), static_cast<std::uint32_t>(value));
  return std::nullopt;
}

Fault fill_flag(const Field& field, std::string_view text, pb::Message& item) {
  const auto said = record::read_code(record::kYesNo, text);
  if (said.size() != 1) return CellFault{"is neither yes nor no", "Write yes or no."};
  pb::Message* holder = holder_of(field, item);
  holder->GetReflection()->SetBool(holder, field.steps.back(), said.front() == "true");
  return std::nullopt;
}

// "c. 1987", "ca 1987", "~1987": the date, and that it is about so.
Fault fill_date(const Field& field, std::string_view text, pb::Message& item) {
  constexpr std::array<std::string_view, 6> kAbout = {"circa", "ca.", "ca", "c.", "c", "~"};
  const std::string_view whole = text;
  for (const std::string_view word : kAbout) {
    if (!text.starts_with(word)) continue;
    text = csv::shown_cell(text.substr(word.size()));
    break;
  }
  put(field, text, item);
  if (text.size() != whole.size()) {
    pb::Message* holder = holder_of(field, item);
    if (const auto* about = holder->GetDescriptor()->FindFieldByName("circa"))
      holder->GetReflection()->SetBool(holder, about, true);
  }
  return std::nullopt;
}

// "1.23E+11": a spreadsheet has taken the number for a quantity, and its digits are gone.
bool is_shortened(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || e + 2 >= text.size() || text[e + 1] != '+')
    return false;
  const auto digits = [](std::string_view part, std::string_view more) {
    return std::all_of(part.begin(), part.end(), [&](char c) {
      return (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
    });
  };
  return digits(text.substr(0, e), ".,") && digits(text.substr(e + 2), "");
}

}  // namespace

Fault fill_cell(const Field& field, std::string_view cell, focal::v1::WeaponItem& item) {
  if (cell.empty()) return std::nullopt;
  const bool serial = field.name == "serial" || field.name == "serial_alternatives";
  if (serial && is_shortened(cell))
    return CellFault{"was shortened by a spreadsheet; digits are lost",
                     "Make the column text in the spreadsheet, then write the number anew from "
                     "the weapon's own papers."};
  const pb::FieldDescriptor* last = field.steps.back();
  // "n/a" is no code, although its letters alone may be one (NA is Namibia).
  const bool punctuated = cell.find_first_of("/.-") != std::string_view::npos;
  if (!serial && punctuated && record::says_unknown(cell)) return std::nullopt;
  if (last->is_repeated()) return fill_list(field, cell, item);
  if (field.rule->format() == focal::v1::FORMAT_COUNTRY)
    return fill_code(field, record::kCountryNames, cell, item);
  if (!field.rule->code_list().empty())
    return fill_code(field, field.rule->code_list(), cell, item);
  if (!serial && record::says_unknown(cell)) return std::nullopt;
  switch (last->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_UINT32: return fill_number(field, cell, item);
    case pb::FieldDescriptor::CPPTYPE_BOOL: return fill_flag(field, cell, item);
    default: break;
  }
  if (field.rule->format() == focal::v1::FORMAT_PARTIAL_DATE) return fill_date(field, cell, item);
  put(field, cell, item);
  return std::nullopt;
}

}  // namespace focal::desk::seizure
