// Calibres: data/calibres.tsv, and reading what people write for one. What is not known
// stays as it was written; a code is never guessed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace focal::record {

// Views point into constant data and stay valid for ever.
struct Calibre {
  std::string_view code;  // of the code list calibre
  std::vector<std::string_view> aliases;
  std::string_view metric;                // "7.62x39mm"; several calibres may share one
  std::string_view inch;                  // ".30", "12 ga", or empty
  std::string_view kind;                  // pistol, rifle, shotgun, …: for display order only
  std::vector<std::string_view> related;  // sold or fired as each other; both name each other
  std::string_view source;                // where the row is from
};

std::span<const Calibre> calibres();                   // in the order of the file
const Calibre* find_calibre(std::string_view code);    // nullptr: no such code
bool are_related(const Calibre& a, const Calibre& b);  // not of a calibre with itself

struct CalibreReading {
  // Empty: unknown. More than one: the text can mean any of them and a person chooses.
  std::vector<const Calibre*> candidates;
  // Only the width of the bore was written ("9 mm", ".38"), which is no calibre yet.
  bool bore_only = false;
};

// The same: decimal comma or point or none; mm, мм, 毫米, ملم or nothing; x, X, *, × or
// Cyrillic х; a point before inch calibres or none; blanks, case, script of look-alikes;
// "cal." before it. At most text::kMaxBytes.
CalibreReading read_calibre(std::string_view text);

// While somebody types: calibres with a name that begins so, at most limit.
std::vector<const Calibre*> suggest_calibres(std::string_view typed, std::size_t limit);

// The key under which two writings are one; empty if nothing is left.
std::string calibre_key(std::string_view text);

}  // namespace focal::record
