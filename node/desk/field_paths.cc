#include "node/desk/field_paths.h"

#include <charconv>
#include <optional>

#include "node/record/schema.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

constexpr std::string_view kRoot = "trace_request.";
constexpr std::string_view kItems = "trace_request.items[";
constexpr std::string_view kRaw = "_raw";
constexpr std::string_view kWeapon = "item";
constexpr std::size_t kMaxShown = 200;  // bytes of a path in an error

// The number at the front of text, which is then cut off.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string numbers_of(const focal::v1::TraceRequest& request) {
  if (request.items_size() == 1) return "item" + std::to_string(request.items(0).item_no());
  return "item" + std::to_string(request.items(0).item_no()) + " to item" +
         std::to_string(request.items(request.items_size() - 1).item_no());
}

Error no_such_weapon(std::string_view typed, const focal::v1::TraceRequest& request) {
  return fail(ErrorCode::kInvalid,
              "'" + std::string(typed.substr(0, kMaxShown)) + "' names no weapon of this request",
              "The request has " + numbers_of(request) + "; 'focal trace show' lists them.");
}

// "item2.serial" with its number turned into the place in the list; nothing: no such form.
Result<std::string> with_place(std::string_view typed, const focal::v1::TraceRequest& request) {
  if (!typed.starts_with(kWeapon)) return std::string(typed);
  std::string_view rest = typed.substr(kWeapon.size());
  const auto number = take_number(rest);
  if (!number || !rest.starts_with('.')) return std::string(typed);
  for (int i = 0; i < request.items_size(); ++i)
    if (request.items(i).item_no() == static_cast<std::uint32_t>(*number))
      return "items[" + std::to_string(i) + "]" + std::string(rest);
  return no_such_weapon(typed, request);
}

}  // namespace

Result<std::string> full_path(std::string_view typed, const focal::v1::TraceRequest& request) {
  FOCAL_ASSIGN(std::string path, with_place(typed, request));
  if (!path.starts_with(kRoot)) path.insert(0, kRoot);
  for (const std::string& meant : {path, path + std::string(kRaw)}) {
    if (record::read_path(meant) != record::PathKind::kField) continue;
    FOCAL_TRY(check_path(meant, request));
    return meant;
  }
  return fail(ErrorCode::kInvalid,
              "'" + std::string(typed.substr(0, kMaxShown)) + "' names no field of a request",
              "For example item1.serial, item1.markings, item2.country_of_import or "
              "circumstances.narrative.");
}

std::string short_path(std::string_view path, const focal::v1::TraceRequest& request) {
  std::string out(path);
  if (path.starts_with(kItems)) {
    std::string_view rest = path.substr(kItems.size());
    const auto place = take_number(rest);
    if (!place || *place >= request.items_size() || !rest.starts_with(']')) return out;
    out = std::string(kWeapon) + std::to_string(request.items(*place).item_no()) +
          std::string(rest.substr(1));
  } else if (path.starts_with(kRoot)) {
    out = path.substr(kRoot.size());
  } else {
    return out;
  }
  if (out.ends_with(kRaw)) out.resize(out.size() - kRaw.size());
  return out;
}

Status check_path(std::string_view path, const focal::v1::TraceRequest& request) {
  if (!path.starts_with(kItems)) return {};
  std::string_view rest = path.substr(kItems.size());
  const auto place = take_number(rest);
  if (place && *place < request.items_size()) return {};
  return no_such_weapon(path, request);
}

}  // namespace focal::desk
