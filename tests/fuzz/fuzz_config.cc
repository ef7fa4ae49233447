// The configuration file. Whatever stands in it: a value inside its limits or an error
// that names the file; never an exception, never a crash.
#include "base/bytes.h"
#include "base/calendar.h"
#include "base/check.h"
#include "config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace config = focal::config;
  const auto parsed = config::parse_config(focal::as_text({data, size}), "/focal.toml");
  if (!parsed.has_value()) {
    FOCAL_CHECK(parsed.error().code == focal::ErrorCode::kConfig);
    FOCAL_CHECK(!parsed.error().message.empty() && parsed.error().path == "/focal.toml");
    return 0;
  }
  FOCAL_CHECK(parsed->party.size() >= 2 && parsed->party.size() <= 12);
  FOCAL_CHECK(parsed->folder.is_absolute() && parsed->api_socket.is_absolute());
  FOCAL_CHECK(parsed->api_socket.string().size() <= config::kMaxSocketPath);
  FOCAL_CHECK(config::is_listen_address(parsed->listen));
  FOCAL_CHECK(parsed->endpoints.size() <= config::kMaxEndpoints);
  FOCAL_CHECK(parsed->endpoints.empty() == (parsed->reach == "dialout"));
  FOCAL_CHECK(parsed->clocks.terms.size() == 3);
  for (const auto& [priority, terms] : parsed->clocks.terms)
    for (const focal::Term& term : {terms.acknowledge, terms.answer})
      FOCAL_CHECK(focal::parse_term(focal::format_term(term)) == term);
  for (const auto& [party, calendar] : parsed->calendars) {
    focal::Calendar used;
    used.week = calendar.week.value_or(focal::kMondayToFriday);
    used.holidays = calendar.holidays;
    used.utc_offset_min = calendar.utc_offset_min.value_or(0);
    FOCAL_CHECK(used.week != 0 && used.holidays.size() <= focal::kMaxHolidays);
    FOCAL_CHECK(focal::is_working_day(used, focal::add_working_days(used, 20'000, 1)));
  }
  FOCAL_CHECK(parsed->gate.backoff_base_ms <= parsed->gate.backoff_cap_ms);
  return 0;
}
