#include "node/exchange/wire.h"

namespace focal::exchange {

void put_varint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

void put_field(Bytes& out, std::uint32_t number, ByteView value) {
  if (value.empty()) return;
  put_varint(out, (static_cast<std::uint64_t>(number) << 3) | 2);
  put_varint(out, value.size());
  append(out, value);
}

std::optional<std::uint64_t> FieldReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const std::uint8_t byte = rest_.front();
    rest_ = rest_.subspan(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<FieldReader::Field> FieldReader::next() {
  while (!rest_.empty()) {
    const auto tag = varint();
    if (!tag) return std::nullopt;
    const auto type = static_cast<unsigned>(*tag & 7);
    if (type == 0) {
      if (!varint()) return std::nullopt;
      continue;
    }
    if (type == 1) {
      if (rest_.size() < 8) return std::nullopt;
      rest_ = rest_.subspan(8);
      continue;
    }
    if (type != 2) return std::nullopt;
    const auto size = varint();
    if (!size || *size > rest_.size()) return std::nullopt;
    const Field field{static_cast<std::uint32_t>(*tag >> 3),
                      rest_.first(static_cast<std::size_t>(*size))};
    rest_ = rest_.subspan(static_cast<std::size_t>(*size));
    return field;
  }
  return std::nullopt;
}

}  // namespace focal::exchange
