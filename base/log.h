// Structured log: one JSON object a line on standard error (journald reads it).
// Never hand it a secret, a passphrase or the text of a record: ids, parties,
// kinds, codes and reasons only.
#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

namespace focal::log {

enum class Level { kDebug, kInfo, kWarn, kError };
using Field = std::pair<std::string_view, std::string_view>;

void set_level(Level least);  // default kInfo
void write(Level level, std::string_view component, std::string_view message,
           std::initializer_list<Field> fields = {});

inline void debug(std::string_view c, std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::kDebug, c, m, f);
}
inline void info(std::string_view c, std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::kInfo, c, m, f);
}
inline void warn(std::string_view c, std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::kWarn, c, m, f);
}
inline void error(std::string_view c, std::string_view m, std::initializer_list<Field> f = {}) {
  write(Level::kError, c, m, f);
}

}  // namespace focal::log
