// A disk that loses power. It is told every change a program makes to its files
// and knows which of them are certain to be on the medium: those that a sync of
// their file has followed. image() says what the files may look like afterwards.
//
// Assumed of the medium, as SQLite assumes it: a write never damages bytes beside
// its own, and names in a folder change in the order in which they were changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace focal::crash {

using Files = std::map<std::string, Bytes>;  // name -> content

struct Change {
  enum class Act { kCreate, kUnlink, kWrite, kTruncate, kSync };
  Act act = Act::kWrite;
  int file = 0;             // a file keeps its number when its name goes
  std::int64_t offset = 0;  // kTruncate: the new size
  Bytes data;
  std::string name;  // kCreate, kUnlink
};

// What is left of the changes that no sync has followed.
enum class Left { kNothing, kPrefix, kSubset, kTorn, kEverything };
inline constexpr Left kAllLeft[] = {Left::kNothing, Left::kPrefix, Left::kSubset, Left::kTorn,
                                    Left::kEverything};
const char* name_of(Left left);

class Disk {
 public:
  void apply(const Change& change);
  // `certain` (may be null) is one more change that did reach the medium, although
  // nothing says so: it is applied after what is left of the others. A sync makes
  // the changes of its file certain.
  Files image(Left left, std::mt19937_64& dice, const Change* certain = nullptr) const;
  std::size_t unsynced() const { return pending_.size(); }

 private:
  using Names = std::map<std::string, int>;
  void sync(int file);
  void change(const Change& change, std::size_t bytes_from, std::size_t bytes_to);
  void change(const Change& whole) { change(whole, 0, whole.data.size()); }
  void settle(Left left, std::mt19937_64& dice);

  Names names_;
  std::map<int, Bytes> files_;
  std::vector<Change> pending_;
};

}  // namespace focal::crash
