#include "node/evidence/tar.h"

#include <algorithm>
#include <array>

namespace focal::evidence {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kEndBlocks = 2;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kSizeDigits = 11;
constexpr std::size_t kSumAt = 148;
constexpr std::size_t kSumDigits = 6;

using Header = std::array<std::uint8_t, kBlock>;

constexpr std::size_t padded(std::size_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

void put(Header& header, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string octal(std::size_t value, std::size_t digits) {
  std::string out(digits, '0');
  for (std::size_t i = digits; i-- > 0; value /= 8) out[i] = static_cast<char>('0' + value % 8);
  return out;
}

// The one header of a file of this name and size.
Header header_of(std::string_view name, std::size_t size) {
  Header header{};
  put(header, 0, name);
  put(header, 100, "0000644");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, kSizeAt, octal(size, kSizeDigits));
  put(header, 136, "00000000000");
  put(header, kSumAt, "        ");
  put(header, 156, "0");
  put(header, 257, "ustar");
  put(header, 263, "00");
  std::size_t sum = 0;
  for (const std::uint8_t byte : header) sum += byte;
  put(header, kSumAt, octal(sum, kSumDigits));
  header[kSumAt + kSumDigits] = 0;
  return header;
}

std::size_t read_octal(ByteView digits) {
  std::size_t value = 0;
  for (const std::uint8_t c : digits) value = value * 8 + (c & 7u);  // others do not compare equal
  return value;
}

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Error not_this(const std::string& what) {
  return fail(ErrorCode::kBundle, "not an evidence file: " + what,
              "ask for the file again, and have it sent as it is");
}

// The file whose header stands in front of `rest`; takes both off it.
Result<FileView> take_file(ByteView& rest) {
  if (rest.size() < kBlock) return not_this("it ends inside a header");
  const ByteView header = rest.first(kBlock);
  const auto end = std::find(header.begin(), header.begin() + kMaxFileName, 0);
  const std::string_view name =
      as_text(header.first(static_cast<std::size_t>(end - header.begin())));
  const std::size_t size = read_octal(header.subspan(kSizeAt, kSizeDigits));
  if (name.empty() || size > kMaxFileSize)
    return not_this("a file in it has no name or is too large");
  if (!equal(header, header_of(name, size)))
    return not_this("the header of a file has another form");
  rest = rest.subspan(kBlock);
  if (rest.size() < padded(size)) return not_this("it ends inside a file");
  const FileView file{name, rest.first(size)};
  if (!all_zero(rest.first(padded(size)).subspan(size)))
    return not_this("something stands behind a file");
  rest = rest.subspan(padded(size));
  return file;
}

}  // namespace

Result<Bytes> write_tar(std::vector<Entry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  if (entries.size() > kMaxFiles) return fail(ErrorCode::kLimit, "more than 4096 files");
  std::size_t total = kEndBlocks * kBlock;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    if (entry.name.empty() || entry.name.size() > kMaxFileName || entry.data.size() > kMaxFileSize)
      return fail(ErrorCode::kLimit, "a file of 16 MiB or a name of 100 bytes is the most", {},
                  entry.name);
    if (entry.name.find('\0') != std::string::npos || (i > 0 && entries[i - 1].name == entry.name))
      return fail(ErrorCode::kInvalid, "a name stands twice, or no file can have it", {},
                  entry.name);
    total += kBlock + padded(entry.data.size());
  }
  if (total > kMaxArchiveSize)
    return fail(ErrorCode::kLimit, "the evidence file would be larger than 64 MiB",
                "export fewer records, or withhold bodies");
  Bytes out;
  out.reserve(total);
  for (const Entry& entry : entries) {
    append(out, header_of(entry.name, entry.data.size()));
    append(out, entry.data);
    out.resize(padded(out.size()));
  }
  out.resize(total);
  return out;
}

Result<std::vector<FileView>> read_tar(ByteView archive) {
  if (archive.size() > kMaxArchiveSize) return not_this("it is larger than 64 MiB");
  std::vector<FileView> files;
  ByteView rest = archive;
  while (!rest.empty() && rest.front() != 0) {
    FOCAL_ASSIGN(const FileView file, take_file(rest));
    if (files.size() == kMaxFiles) return not_this("it has more than 4096 files");
    if (!files.empty() && !(files.back().name < file.name))
      return not_this("its files are not in order");
    files.push_back(file);
  }
  if (rest.size() != kEndBlocks * kBlock || !all_zero(rest))
    return not_this("it does not end as it should");
  return files;
}

}  // namespace focal::evidence
