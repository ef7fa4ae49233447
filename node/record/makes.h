// Makers and models: data/makes.tsv and data/models.tsv, and reading what people write for
// one. What is not known stays as it was written; a name that several have gives all.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace focal::record {

// Views point into constant data and stay valid for ever.
struct Make {
  std::string_view code;  // of this program's own table, no outside standard
  std::string_view name;
  std::vector<std::string_view> aliases;
  std::string_view source;  // where the row is from
};

struct Model {
  std::string id;  // make code, "/", name: one for each row
  std::string_view make_code;
  std::string_view name;
  std::vector<std::string_view> aliases;
  std::string_view country;                // where it was first made, as is_country; copies exist
  std::string_view type;                   // of the code list weapon_type
  std::vector<std::string_view> calibres;  // codes
  std::string_view note;
  std::string_view source;
};

std::span<const Make> makes();  // in the order of the file
std::span<const Model> models();
const Make* find_make_code(std::string_view code);  // nullptr: no such code

// By code, name or alias: case, punctuation, blanks, accents and look-alike letters of
// other scripts do not count. Empty: unknown.
std::vector<const Make*> find_makes(std::string_view text);
// The same by model name or alias, with or without the maker's name before it. make_code
// narrows if it fits one of them, and is otherwise passed over: makes are often wrong.
std::vector<const Model*> find_models(std::string_view text, std::string_view make_code = {});

// While somebody types: names that begin so, at most limit. make_code empty: of any maker.
std::vector<const Make*> suggest_makes(std::string_view typed, std::size_t limit);
std::vector<const Model*> suggest_models(std::string_view typed, std::string_view make_code,
                                         std::size_t limit);

}  // namespace focal::record
