#include "node/evidence/index.h"

#include "base/clock.h"
#include "base/names.h"
#include "crypto/hash.h"
#include "node/exchange/lines.h"

namespace focal::evidence {
namespace {

constexpr std::string_view kFirstLine = "focal-proof/v1";
constexpr std::string_view kLastLine = "end\n";
constexpr std::string_view kNoRoot = "none";
constexpr std::size_t kDigestDigits = 64;

Error wrong(const Error& why) { return fail(ErrorCode::kBundle, why.message, {}, why.path); }

// "NAME SIZE DIGEST" of the line `file`; whether size and digest are those of the file.
Result<bool> read_file_line(std::string_view value, const FileView& file) {
  if (file.name.find(' ') != std::string_view::npos ||  // no word of such a line
      value.substr(0, file.name.size()) != file.name || value.substr(file.name.size(), 1) != " ")
    return fail(ErrorCode::kBundle, "index: it does not name the files that are here", {}, "index");
  value.remove_prefix(file.name.size() + 1);
  const std::size_t space = value.find(' ');
  const auto size = exchange::read_number(value.substr(0, space));
  const std::string_view digits =
      space == std::string_view::npos ? std::string_view() : value.substr(space + 1);
  const auto digest = unhex(digits);
  if (!size || *size > kMaxFileSize || !digest || digits.size() != kDigestDigits ||
      hex(*digest) != digits)
    return fail(ErrorCode::kBundle, "index: a size or a digest has another form", {}, "index");
  return *size == file.data.size() && equal(*digest, crypto::sha256(file.data));
}

Result<std::optional<Hash32>> read_root(std::string_view value) {
  if (value == kNoRoot) return std::optional<Hash32>();
  const auto raw = unhex(value);
  const auto root = raw ? fixed<32>(*raw) : std::nullopt;
  if (!root || hex(*root) != value)
    return fail(ErrorCode::kBundle, "index: the root is no record", {}, "index.root");
  return root;
}

}  // namespace

std::string index_text(const IndexHead& head, std::span<const FileView> files) {
  std::string out(kFirstLine);
  out.append("\nexporter ").append(head.exporter);
  out.append("\nmade ").append(format_utc(head.made_ms));
  out.append("\nroot ").append(head.root ? hex(*head.root) : std::string(kNoRoot)).append("\n");
  for (const FileView& file : files)
    out.append("file ")
        .append(file.name)
        .append(" ")
        .append(std::to_string(file.data.size()))
        .append(" ")
        .append(hex(crypto::sha256(file.data)))
        .append("\n");
  return out.append(kLastLine);
}

Result<Index> read_index(std::string_view text, std::span<const FileView> files) {
  if (!is_utf8(text) || !text.ends_with(kLastLine))
    return fail(ErrorCode::kBundle, "index: it is not UTF-8, or does not end", {}, "index");
  Index out;
  exchange::Lines in(text.substr(0, text.size() - kLastLine.size()), "index");
  if (auto first = in.take_first(kFirstLine); !first.has_value()) return wrong(first.error());
  auto exporter = in.take_party("exporter");
  if (!exporter.has_value()) return wrong(exporter.error());
  out.head.exporter = std::move(*exporter);
  const auto made = in.take_time("made");
  if (!made.has_value()) return wrong(made.error());
  out.head.made_ms = *made;
  const auto root = in.take("root");
  if (!root.has_value()) return wrong(root.error());
  FOCAL_ASSIGN(out.head.root, read_root(*root));
  out.digests = true;
  for (const FileView& file : files) {
    const auto line = in.take("file");
    if (!line.has_value()) return wrong(line.error());
    FOCAL_ASSIGN(const bool same, read_file_line(*line, file));
    out.digests = out.digests && same;
  }
  if (auto done = in.done(); !done.has_value()) return wrong(done.error());
  return out;
}

}  // namespace focal::evidence
