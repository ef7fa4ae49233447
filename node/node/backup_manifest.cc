#include "node/node/backup_manifest.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/clock.h"

namespace focal::node {
namespace {

constexpr std::string_view kFirst = "focal-backup/v1";
constexpr std::size_t kMaxName = 200;

bool is_plain(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// No way out of the folder.
bool is_file_name(std::string_view name) {
  if (!is_plain(name)) return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part.empty() || part.front() == '.' ||
        !std::all_of(part.begin(), part.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '.' || c == '-' || c == '_';
        }))
      return false;
    at = end + 1;
  }
  return true;
}

class Lines {
 public:
  explicit Lines(std::string_view text) : left_(text) {}
  // What stands behind "word " in the next line, if it begins so; the line is taken.
  std::optional<std::string_view> take(std::string_view word) {
    const std::size_t end = left_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view line = left_.substr(0, end);
    if (!line.starts_with(word)) return std::nullopt;
    line.remove_prefix(word.size());
    left_.remove_prefix(end + 1);
    return line;
  }
  bool is_over() const { return left_.empty(); }

 private:
  std::string_view left_;
};

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && std::to_string(out) == text;
}

bool read_file_line(std::string_view line, BackupFile& out) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos || !read_number(line.substr(0, first), out.size)) return false;
  line.remove_prefix(first + 1);
  if (line.size() < 66 || line[64] != ' ') return false;
  const auto hash = unhex(line.substr(0, 64));
  if (!hash || hash->size() != out.hash.size()) return false;
  std::copy(hash->begin(), hash->end(), out.hash.begin());
  out.name = line.substr(65);
  return is_file_name(out.name) && out.name != kBackupManifest;
}

bool read_head(Lines& lines, BackupManifest& out) {
  const auto party = lines.take("party ");
  const auto log = lines.take("log ");
  const auto made = lines.take("made ");
  const auto schema = lines.take("schema ");
  const auto leaves = lines.take("leaves ");
  const auto checkpoint = lines.take("checkpoint ");
  if (!party || !log || !made || !schema || !leaves || !checkpoint) return false;
  const auto made_ms = parse_utc(*made);
  if (!is_plain(*party) || !is_plain(*log) || !made_ms || !read_number(*schema, out.schema) ||
      !read_number(*leaves, out.leaves))
    return false;
  out.party = *party;
  out.log = *log;
  out.made_ms = *made_ms;
  if (*checkpoint == "none") return true;
  const auto note = unbase64(*checkpoint);
  if (!note || note->empty()) return false;
  out.checkpoint = as_text(*note);
  return true;
}

bool read_lists(Lines& lines, BackupManifest& out) {
  while (const auto key = lines.take("key ")) {
    if (!is_plain(*key) || out.keys.size() == kMaxBackupKeys) return false;
    out.keys.emplace_back(*key);
  }
  while (const auto line = lines.take("file ")) {
    BackupFile file;
    if (!read_file_line(*line, file) || out.files.size() == kMaxBackupFiles) return false;
    if (!out.files.empty() && out.files.back().name >= file.name) return false;
    out.files.push_back(std::move(file));
  }
  return lines.take("end") && lines.is_over();
}

}  // namespace

std::string format_manifest(const BackupManifest& m) {
  std::string out(kFirst);
  out.append("\nparty ").append(m.party).append("\nlog ").append(m.log);
  out.append("\nmade ").append(format_utc(m.made_ms));
  out.append("\nschema ").append(std::to_string(m.schema));
  out.append("\nleaves ").append(std::to_string(m.leaves));
  out.append("\ncheckpoint ");
  out.append(m.checkpoint.empty() ? std::string("none") : base64(as_bytes(m.checkpoint)));
  for (const std::string& key : m.keys) out.append("\nkey ").append(key);
  for (const BackupFile& file : m.files) {
    out.append("\nfile ").append(std::to_string(file.size)).append(" ");
    out.append(hex(file.hash)).append(" ").append(file.name);
  }
  return out.append("\nend\n");
}

Result<BackupManifest> parse_manifest(std::string_view text) {
  if (text.size() > kMaxBackupManifest)
    return fail(ErrorCode::kLimit, "the list of the backup is larger than 512 KiB");
  BackupManifest out;
  Lines lines(text);
  const auto first = lines.take(kFirst);
  if (!first || !first->empty() || !read_head(lines, out) || !read_lists(lines, out) ||
      format_manifest(out) != text)
    return fail(ErrorCode::kCorrupt, "backup.txt is not the list of a backup of this program",
                "take another copy of the backup");
  return out;
}

}  // namespace focal::node
