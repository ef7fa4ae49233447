// Code lists and countries: data files of this folder, part of the program.
// Labels exist in the six languages of the United Nations; a `check` in the
// note column of data/codes.tsv asks for a native reader.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace focal::record {

// Views point into constant data and stay valid for ever.
bool is_code_list(std::string_view list);
// A list found once, for callers that ask often; nullptr: no such list.
struct CodeList;
const CodeList* find_code_list(std::string_view list);
bool is_code(const CodeList& list, std::string_view code);

std::vector<std::string_view> code_lists();  // sorted
bool is_code(std::string_view list, std::string_view code);
// In display order; empty: no such list.
std::span<const std::string_view> codes(std::string_view list);
// lang is en, fr, es, ru, zh or ar; anything else gives en. Nothing: no such code.
std::optional<std::string_view> label(std::string_view list, std::string_view code,
                                      std::string_view lang);
// The code somebody meant: same letters in another writing, or one or two typing
// slips. Empty if none is near.
std::string_view suggest(std::string_view list, std::string_view wrong);
// For an error: a suggestion, and the codes of a list that is not too long, with their labels.
std::string code_hint(std::string_view list, std::string_view wrong);

// ISO 3166-1 alpha-2, and XA..XZ which ISO leaves to users (demonstration States).
bool is_current_country(std::string_view code);
// The above, ISO 3166-3 four-letter codes of former States, and ZZ = unknown.
bool is_country(std::string_view code);
// Name, or nothing where the data has none (then show the code).
std::optional<std::string_view> country_name(std::string_view code, std::string_view lang);
// Every code of the data, sorted: States, areas, former States (not XA..XZ, which have no row).
std::vector<std::string_view> countries();
// STATE, AREA or FORMER; empty: no row of the data.
std::string_view country_kind(std::string_view code);
// The States of today that a former State's marks may lead to; none for any other code. Which of
// them is asked is an officer's decision, never the program's.
std::vector<std::string_view> successors(std::string_view code);
// A party that acts for a State: its country code, alone or with "-…" after it.
bool is_state_party(std::string_view party);

}  // namespace focal::record
