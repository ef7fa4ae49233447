// Protobuf's wire format as far as slicing needs it: the exact bytes of embedded
// messages, so that nothing that was signed or hashed is ever serialised again.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace focal::exchange {

// Appends a length-delimited field (wire type 2). Empty values are omitted,
// as the lint demands.
void put_field(Bytes& out, std::uint32_t number, ByteView value);
void put_varint(Bytes& out, std::uint64_t value);

// Reads length-delimited fields of bytes that passed the lint. Fields of other
// wire types are skipped.
class FieldReader {
 public:
  explicit FieldReader(ByteView bytes) : rest_(bytes) {}
  struct Field {
    std::uint32_t number;
    ByteView value;
  };
  std::optional<Field> next();  // nothing at the end (or on bytes that were not linted)

 private:
  std::optional<std::uint64_t> varint();
  ByteView rest_;
};

}  // namespace focal::exchange
