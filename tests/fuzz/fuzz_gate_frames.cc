// The stream between focald and focal-gate. First byte: direction and size of the pieces
// it arrives in. A message that is accepted is the same after it was written and read
// again; the pieces make no difference.
#include <algorithm>

#include "base/check.h"
#include "node/gate/frames.h"

namespace {

using namespace focal;

Bytes written(const gate::ToGate& message) {
  Bytes out;
  if (const auto* key = std::get_if<gate::TransportKey>(&message))
    return to_bytes(gate::encode_transport_key(key->secret).view());
  if (const auto* key = std::get_if<gate::OtherKey>(&message))
    return to_bytes(gate::encode_other_key(key->secret).view());
  gate::encode(out, message);
  return out;
}
Bytes written(const gate::FromGate& message) {
  Bytes out;
  gate::encode(out, message);
  return out;
}

template <bool to_gate>
Result<Bytes> decode_and_write(gate::RawMessage raw) {
  if constexpr (to_gate) {
    FOCAL_ASSIGN(const auto message, gate::decode_to_gate(raw));
    return written(message);
  } else {
    FOCAL_ASSIGN(const auto message, gate::decode_from_gate(raw));
    return written(message);
  }
}

// The messages up to the first bad one, written again.
template <bool to_gate>
std::vector<Bytes> read_all(ByteView stream, std::size_t piece) {
  std::vector<Bytes> out;
  gate::MessageParser parser;
  while (!stream.empty()) {
    const auto room = parser.room(1);
    const std::size_t n = std::min({piece, stream.size(), room.size()});
    std::copy_n(stream.begin(), n, room.begin());
    parser.commit(n);
    stream = stream.subspan(n);
    for (;;) {
      const auto next = parser.next();
      if (!next.has_value()) {
        FOCAL_CHECK(next.error().code == ErrorCode::kFrame);
        FOCAL_CHECK(!parser.next().has_value());  // for good
        return out;
      }
      if (!next->has_value()) break;
      auto message = decode_and_write<to_gate>(**next);
      if (!message.has_value()) {
        FOCAL_CHECK(message.error().code == ErrorCode::kFrame);
        return out;
      }
      out.push_back(std::move(*message));
    }
  }
  return out;
}

template <bool to_gate>
void run(ByteView stream, std::size_t piece) {
  const auto messages = read_all<to_gate>(stream, piece);
  FOCAL_CHECK(messages == read_all<to_gate>(stream, stream.size() + 1));
  for (const Bytes& message : messages) {
    const auto again = read_all<to_gate>(message, 7);
    FOCAL_CHECK(again.size() == 1 && again.front() == message);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  focal::crypto::init();
  if (size == 0) return 0;
  const ByteView stream(data + 1, size - 1);
  const std::size_t piece = 1 + (data[0] >> 1);
  if ((data[0] & 1) != 0)
    run<true>(stream, piece);
  else
    run<false>(stream, piece);
  return 0;
}
