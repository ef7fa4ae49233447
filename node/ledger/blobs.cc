#include "node/ledger/blobs.h"

#include <algorithm>

namespace focal::ledger {
namespace {

void put_varint(Bytes& out, std::uint32_t v) {
  while (v >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(v | 0x80));
    v >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(v));
}

std::optional<std::uint32_t> take_varint(ByteView& in) {
  std::uint64_t v = 0;
  for (unsigned shift = 0; shift < 35 && !in.empty(); shift += 7) {
    const std::uint8_t byte = in[0];
    in = in.subspan(1);
    v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      if (v > 0xffffffffu) return std::nullopt;
      return static_cast<std::uint32_t>(v);
    }
  }
  return std::nullopt;
}

}  // namespace

Bytes encode_hashes(std::span<const Hash32> hashes) {
  Bytes out;
  out.reserve(hashes.size() * 32);
  for (const Hash32& hash : hashes) append(out, hash);
  return out;
}

std::optional<std::vector<Hash32>> decode_hashes(ByteView blob) {
  if (blob.size() % 32 != 0) return std::nullopt;
  std::vector<Hash32> out(blob.size() / 32);
  for (std::size_t i = 0; i < out.size(); ++i)
    std::copy_n(blob.begin() + static_cast<std::ptrdiff_t>(i * 32), 32, out[i].begin());
  return out;
}

Bytes encode_list(std::span<const Bytes> items) {
  Bytes out;
  for (const Bytes& item : items) {
    put_u32be(out, static_cast<std::uint32_t>(item.size()));
    append(out, item);
  }
  return out;
}

std::optional<std::vector<Bytes>> decode_list(ByteView blob) {
  std::vector<Bytes> out;
  while (!blob.empty()) {
    if (blob.size() < 4) return std::nullopt;
    const std::size_t size = get_u32be(blob);
    if (blob.size() - 4 < size) return std::nullopt;
    out.push_back(to_bytes(blob.subspan(4, size)));
    blob = blob.subspan(4 + size);
  }
  return out;
}

Bytes encode_indexes(std::span<const store::LeafIndex> indexes) {
  Bytes out;
  out.reserve(indexes.size() * 8);
  for (const store::LeafIndex idx : indexes) put_u64be(out, static_cast<std::uint64_t>(idx));
  return out;
}

std::optional<std::vector<store::LeafIndex>> decode_indexes(ByteView blob) {
  if (blob.size() % 8 != 0) return std::nullopt;
  std::vector<store::LeafIndex> out;
  for (std::size_t i = 0; i < blob.size(); i += 8)
    out.push_back(static_cast<store::LeafIndex>(get_u64be(blob.subspan(i))));
  return out;
}

Bytes encode_statuses(std::span<const std::uint32_t> statuses) {
  Bytes out;
  for (std::size_t i = 0; i < statuses.size();) {
    std::size_t end = i + 1;
    while (end < statuses.size() && statuses[end] == statuses[i]) ++end;
    put_varint(out, static_cast<std::uint32_t>(end - i));
    put_varint(out, statuses[i]);
    i = end;
  }
  return out;
}

std::optional<std::vector<std::uint32_t>> decode_statuses(ByteView blob, std::size_t n) {
  std::vector<std::uint32_t> out;
  while (!blob.empty()) {
    const auto count = take_varint(blob);
    const auto status = take_varint(blob);
    if (!count || !status || *count == 0 || *count > n - out.size()) return std::nullopt;
    out.insert(out.end(), *count, *status);
  }
  if (out.size() != n) return std::nullopt;
  return out;
}

}  // namespace focal::ledger
