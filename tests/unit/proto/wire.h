// Writes protobuf wire bytes by hand, also wrong ones, independent of the library.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace focal::test {

class Wire {
 public:
  Wire& varint(std::uint64_t v) {
    while (v >= 0x80) {
      out_.push_back(static_cast<std::uint8_t>(v | 0x80));
      v >>= 7;
    }
    out_.push_back(static_cast<std::uint8_t>(v));
    return *this;
  }
  Wire& tag(unsigned field, unsigned wire_type) { return varint(field << 3 | wire_type); }
  Wire& number(unsigned field, std::uint64_t v) { return tag(field, 0).varint(v); }
  Wire& fixed64(unsigned field, std::uint64_t v) {
    tag(field, 1);
    for (unsigned i = 0; i < 8; ++i) out_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
    return *this;
  }
  Wire& bytes(unsigned field, ByteView v) {
    tag(field, 2).varint(v.size());
    append(out_, v);
    return *this;
  }
  Wire& text(unsigned field, std::string_view v) { return bytes(field, as_bytes(v)); }
  Wire& fill(unsigned field, std::size_t size) { return bytes(field, Bytes(size, 0x5a)); }
  Wire& raw(ByteView v) {
    append(out_, v);
    return *this;
  }
  operator ByteView() const { return out_; }  // NOLINT
  const Bytes& out() const { return out_; }

 private:
  Bytes out_;
};

}  // namespace focal::test
