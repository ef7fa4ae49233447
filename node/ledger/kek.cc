#include "node/ledger/kek.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/clock.h"

namespace focal::ledger {
namespace {

constexpr KekId kClassUnit = 1'000'000;
constexpr KekId kGenerationUnit = 100'000'000;
constexpr std::string_view kPrefix = "kek/";
constexpr std::array<std::string_view, 5> kClassNames = {"tracing", "protocol", "acts", "waiting",
                                                         "other"};

std::optional<KekId> number(std::string_view digits) {
  KekId out = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return out;
}

}  // namespace

KekClass class_of(std::string_view kind) {
  if (kind.starts_with("trace.")) return KekClass::kTracing;
  if (kind.starts_with("peer.") || kind.starts_with("recovery.")) return KekClass::kProtocol;
  return KekClass::kOther;
}

KekId kek_id(KekClass kek_class, std::uint64_t unix_ms) {
  const std::string date = format_date(unix_ms);  // YYYY-MM-DD
  const auto digit = [&](std::size_t i) { return static_cast<KekId>(date[i] - '0'); };
  const KekId year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  return static_cast<KekId>(kek_class) * kClassUnit + year * 100 + digit(5) * 10 + digit(6);
}

KekId next_generation(KekId id) { return id + kGenerationUnit; }

KekId first_generation(KekId id) { return id % kGenerationUnit; }

KekId newest_generation(KekRing& ring, KekId id) {
  KekId newest = first_generation(id);
  for (const KekId each : ring.ids())
    if (first_generation(each) == first_generation(id) && each > newest) newest = each;
  return newest;
}

KekClass class_of(KekId id) { return static_cast<KekClass>(id % kGenerationUnit / kClassUnit); }

std::string kek_name(KekId id) {
  const KekId month = id % kClassUnit;
  const KekId generation = id / kGenerationUnit;
  const auto named = static_cast<std::size_t>(id % kGenerationUnit / kClassUnit);
  if (id <= 0 || named == 0 || named > kClassNames.size()) return "kek/" + std::to_string(id);
  std::array<char, 16> date{};
  std::snprintf(date.data(), date.size(), "%04d-%02d", static_cast<int>(month / 100),
                static_cast<int>(month % 100));
  std::string out(kPrefix);
  out.append(kClassNames[named - 1]).append("/").append(date.data());
  if (generation > 0) out.append(".").append(std::to_string(generation + 1));
  return out;
}

std::optional<KekId> kek_of_name(std::string_view name) {
  for (std::size_t i = 0; i < kClassNames.size(); ++i) {
    std::string begin(kPrefix);
    begin.append(kClassNames[i]).append("/");
    if (!name.starts_with(begin) || name.size() < begin.size() + 7) continue;
    const auto year = number(name.substr(begin.size(), 4));
    const auto month = number(name.substr(begin.size() + 5, 2));
    const auto rest = name.substr(begin.size() + 7);
    const auto counted = rest.empty() ? std::optional<KekId>(1) : number(rest.substr(1));
    if (!year || !month || !counted) return std::nullopt;
    const KekId id = (*counted - 1) * kGenerationUnit +
                     static_cast<KekId>(i + 1) * kClassUnit + *year * 100 + *month;
    return kek_name(id) == name ? std::optional<KekId>(id) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace focal::ledger
