#include "node/desk/export_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/descriptor.h"

namespace focal::desk {
namespace {

constexpr std::string_view kHead = "focal-export/v1\nnext ";
constexpr std::string_view kPart = ".part";
constexpr std::string_view kNotice = ".json";
constexpr std::string_view kContent = ".record.json";
constexpr std::size_t kLeafDigits = 20;
constexpr std::size_t kMaxPosition = 256;
constexpr mode_t kMode = 0640;  // the folder's own mode says who gets at them

Error cannot(const std::string& what, const std::filesystem::path& where) {
  const int error = errno;
  const ErrorCode code = error == ENOENT || error == ENOTDIR          ? ErrorCode::kNotFound
                         : error == ENOSPC || error == EDQUOT         ? ErrorCode::kNoSpace
                         : error == EACCES || error == EROFS || error == EPERM ||
                                 error == ELOOP
                             ? ErrorCode::kPermission
                             : ErrorCode::kIo;
  return fail(code, "cannot " + what + " " + where.string() + ": " +
                        std::generic_category().message(error),
              "Check the folder, the room on its disk and its permissions.", where.string());
}

Descriptor open_folder(const std::filesystem::path& folder) {
  return Descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::string padded(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

std::string stem_of(const ExportEntry& entry) {
  return padded(static_cast<std::uint64_t>(entry.leaf), kLeafDigits) + "-" + padded(entry.number, 4);
}

std::string part_of(const std::string& name) { return "." + name + std::string(kPart); }

// Of a file of ours; nothing: it is none.
std::optional<store::LeafIndex> leaf_of(std::string_view name) {
  if (!name.ends_with(kNotice) || name.size() <= kLeafDigits || name[kLeafDigits] != '-')
    return std::nullopt;
  store::LeafIndex out = 0;
  const char* const end = name.data() + kLeafDigits;
  const auto [at, error] = std::from_chars(name.data(), end, out);
  return error == std::errc{} && at == end && out >= 0 ? std::optional(out) : std::nullopt;
}

// The name that a part is to get; nothing: it is none of ours.
std::optional<std::string> whole_name(std::string_view part) {
  if (!part.starts_with('.') || !part.ends_with(kPart) || part.size() <= 1 + kPart.size())
    return std::nullopt;
  const std::string_view whole = part.substr(1, part.size() - 1 - kPart.size());
  if (!leaf_of(whole) && whole != kExportPositionFile) return std::nullopt;
  return std::string(whole);
}

// Sorted bytewise. nullopt: errno says why.
std::optional<std::vector<std::string>> names_in(const Descriptor& folder) {
  const int again = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* const dir = again < 0 ? nullptr : ::fdopendir(again);
  if (dir == nullptr) {
    if (again >= 0) ::close(again);
    return std::nullopt;
  }
  std::vector<std::string> out;
  errno = 0;
  while (const dirent* entry = ::readdir(dir)) out.emplace_back(entry->d_name);
  const int failed = errno;
  ::closedir(dir);
  errno = failed;
  if (failed != 0) return std::nullopt;
  std::sort(out.begin(), out.end());
  return out;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// A file that was not there before, whole on the disk but for its name.
bool write_part(const Descriptor& folder, const std::string& part, std::string_view text) {
  ::unlinkat(folder.get(), part.c_str(), 0);
  const Descriptor file(::openat(folder.get(), part.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kMode));
  return file.ok() && ::fchmod(file.get(), kMode) == 0 && write_all(file.get(), text) &&
         ::fsync(file.get()) == 0;
}

bool name_part(const Descriptor& folder, const std::string& name) {
  return ::renameat(folder.get(), part_of(name).c_str(), folder.get(), name.c_str()) == 0;
}

std::string format_position(const ExportPosition& position) {
  std::string out(kHead);
  out.append(std::to_string(position.next)).append("\nlast ");
  return out.append(position.last ? hex(*position.last) : "-").append("\n");
}

std::optional<ExportPosition> parse_position(std::string_view text) {
  if (!text.starts_with(kHead)) return std::nullopt;
  text.remove_prefix(kHead.size());
  ExportPosition out;
  const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), out.next);
  if (error != std::errc{} || out.next < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(at - text.data()));
  constexpr std::string_view kLast = "\nlast ";
  if (!text.starts_with(kLast) || !text.ends_with('\n')) return std::nullopt;
  text = text.substr(kLast.size(), text.size() - kLast.size() - 1);
  if (text != "-") {
    const auto bytes = unhex(text);
    out.last = bytes ? fixed<32>(ByteView(*bytes)) : std::nullopt;
    if (!out.last) return std::nullopt;
  }
  return out;
}

// Nothing: there is none. kCorrupt, kIo, kPermission.
Result<std::optional<ExportPosition>> read_position(const Descriptor& folder,
                                                    const std::filesystem::path& where) {
  const Descriptor file(::openat(folder.get(), kExportPositionFile,
                           O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok() && errno == ENOENT) return std::optional<ExportPosition>();
  if (!file.ok()) return cannot("open", where);
  std::string text(kMaxPosition + 1, '\0');
  const ssize_t n = ::read(file.get(), text.data(), text.size());
  if (n < 0) return cannot("read", where);
  text.resize(static_cast<std::size_t>(n));
  if (const auto out = parse_position(text)) return std::optional(*out);
  return fail(ErrorCode::kCorrupt, where.string() + " is not in its form",
              "Name an empty folder in [export]; what was written stays in this one.",
              where.string());
}

}  // namespace

std::string ExportFolder::file_name(const ExportEntry& entry) {
  return stem_of(entry) + std::string(kNotice);
}

std::string ExportFolder::content_name(const ExportEntry& entry) {
  return stem_of(entry) + std::string(kContent);
}

Result<std::optional<ExportPosition>> ExportFolder::open() {
  const Descriptor folder = open_folder(folder_);
  if (!folder.ok()) return cannot("open", folder_);
  FOCAL_ASSIGN(auto position, read_position(folder, folder_ / kExportPositionFile));
  const auto names = names_in(folder);
  if (!names) return cannot("read", folder_);
  if (!position)
    for (const std::string& name : *names)
      if (const auto leaf = leaf_of(name); leaf && (!position || *leaf >= position->next))
        position = ExportPosition{*leaf + 1, {}};
  // In their order, and a record before its notice: "-0000.json" sorts before "-0000.record.json".
  std::vector<std::string> parts;
  for (const std::string& name : *names)
    if (const auto whole = whole_name(name)) parts.push_back(*whole);
  std::stable_sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
    const std::string a_stem = a.substr(0, a.find('.')), b_stem = b.substr(0, b.find('.'));
    return a_stem != b_stem ? a_stem < b_stem : a.size() > b.size();
  });
  for (const std::string& whole : parts) {
    const auto leaf = leaf_of(whole);
    const bool is_due = leaf && position && *leaf < position->next;
    const bool done = is_due ? name_part(folder, whole)
                             : ::unlinkat(folder.get(), part_of(whole).c_str(), 0) == 0;
    if (!done) return cannot("finish", folder_ / part_of(whole));
  }
  if (!parts.empty() && ::fsync(folder.get()) != 0) return cannot("sync", folder_);
  return position;
}

Status ExportFolder::put(const std::vector<ExportEntry>& entries, const ExportPosition& after) {
  const Descriptor folder = open_folder(folder_);
  if (!folder.ok()) return cannot("open", folder_);
  std::vector<std::string> names;
  for (const ExportEntry& entry : entries) {
    if (!entry.content.empty()) {
      names.push_back(content_name(entry));
      if (!write_part(folder, part_of(names.back()), entry.content))
        return cannot("write", folder_ / names.back());
    }
    names.push_back(file_name(entry));
    if (!write_part(folder, part_of(names.back()), entry.notice))
      return cannot("write", folder_ / names.back());
  }
  if (!names.empty() && ::fsync(folder.get()) != 0) return cannot("sync", folder_);
  const std::string position = kExportPositionFile;
  if (!write_part(folder, part_of(position), format_position(after)) ||
      !name_part(folder, position) || ::fsync(folder.get()) != 0)
    return cannot("write", folder_ / position);
  for (const std::string& name : names)
    if (!name_part(folder, name)) return cannot("name", folder_ / name);
  if (!names.empty() && ::fsync(folder.get()) != 0) return cannot("sync", folder_);
  return {};
}

Result<std::size_t> ExportFolder::count() const {
  const Descriptor folder = open_folder(folder_);
  if (!folder.ok()) return cannot("open", folder_);
  const auto names = names_in(folder);
  if (!names) return cannot("read", folder_);
  return static_cast<std::size_t>(std::count_if(
      names->begin(), names->end(), [](const std::string& name) {
        return leaf_of(name).has_value() && !name.ends_with(kContent);
      }));
}

}  // namespace focal::desk
