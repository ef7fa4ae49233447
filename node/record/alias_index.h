// Finds rows of a table by any of their names, whole or by the first letters.
// Internal to node/record; made once, then only read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace focal::record {

class AliasIndex {
 public:
  // key: what the table's own rule makes of a name; an empty one is no name.
  void add(std::string key, std::uint32_t row) {
    if (!key.empty()) entries_.emplace_back(std::move(key), row);
  }
  // To be called once, after the last add.
  void close() {
    std::sort(entries_.begin(), entries_.end());
    entries_.erase(std::unique(entries_.begin(), entries_.end()), entries_.end());
  }

  // Rows with this name, ascending.
  std::vector<std::uint32_t> find(std::string_view key) const {
    std::vector<std::uint32_t> rows;
    for (auto at = first(key); at != entries_.end() && at->first == key; ++at)
      rows.push_back(at->second);
    return rows;
  }

  // The same rows of the table itself.
  template <typename Row>
  std::vector<const Row*> rows(const std::vector<Row>& table, std::string_view key) const {
    return rows_at(table, find(key));
  }
  // What a person who typed the beginning of a name may mean; nothing for an empty key.
  template <typename Row, typename Accept>
  std::vector<const Row*> suggestions(const std::vector<Row>& table, std::string_view key,
                                      std::size_t limit, Accept accept) const {
    if (key.empty()) return {};
    return rows_at(table, starting_with(key, limit,
                                        [&](std::uint32_t row) { return accept(table[row]); }));
  }

  // Rows with a name that begins so, each once; a row whose whole name it is comes
  // first, then in the order of the names. accept(row) may leave rows out.
  template <typename Accept>
  std::vector<std::uint32_t> starting_with(std::string_view key, std::size_t limit,
                                           Accept accept) const {
    std::vector<std::uint32_t> rows;
    for (auto at = first(key); at != entries_.end() && rows.size() < limit; ++at) {
      if (std::string_view(at->first).substr(0, key.size()) != key) break;
      if (accept(at->second) && std::find(rows.begin(), rows.end(), at->second) == rows.end())
        rows.push_back(at->second);
    }
    return rows;
  }

 private:
  template <typename Row>
  static std::vector<const Row*> rows_at(const std::vector<Row>& table,
                                         const std::vector<std::uint32_t>& numbers) {
    std::vector<const Row*> out;
    out.reserve(numbers.size());
    for (const std::uint32_t number : numbers) out.push_back(&table[number]);
    return out;
  }

  using Entry = std::pair<std::string, std::uint32_t>;

  std::vector<Entry>::const_iterator first(std::string_view key) const {
    return std::lower_bound(entries_.begin(), entries_.end(), key,
                            [](const Entry& entry, std::string_view k) { return entry.first < k; });
  }

  std::vector<Entry> entries_;
};

}  // namespace focal::record
