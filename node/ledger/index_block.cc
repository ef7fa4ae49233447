#include "node/ledger/index_block.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/hash.h"

namespace focal::ledger {
namespace {

constexpr char kBlockAad[] = "focal/index-block/v1";  // with its zero byte
constexpr std::size_t kKeySize = 32;

Bytes block_aad(store::LeafIndex first, store::LeafIndex last) {
  Bytes aad = to_bytes(std::string_view(kBlockAad, sizeof kBlockAad));
  put_u64be(aad, static_cast<std::uint64_t>(first));
  put_u64be(aad, static_cast<std::uint64_t>(last));
  return aad;
}

template <std::size_t N>
std::array<std::uint8_t, N> first_bytes(const Hash32& hash) {
  std::array<std::uint8_t, N> out{};
  std::copy_n(hash.begin(), N, out.begin());
  return out;
}

// Takes a text with its length from the front.
bool take_text(ByteView& rest, std::string_view& out) {
  if (rest.size() < 2) return false;
  const std::size_t size = get_u16be(rest);
  rest = rest.subspan(2);
  if (rest.size() < size) return false;
  out = as_text(rest.first(size));
  rest = rest.subspan(size);
  return true;
}

}  // namespace

IndexKeys derive_index_keys(ByteView index_key) {
  const crypto::Secret prk = crypto::hkdf_extract(as_bytes("focal/index/v1"), index_key);
  const auto derived = [&prk](std::string_view name, std::size_t size) {
    return crypto::hkdf_expand(prk.view(), as_bytes(name), size);
  };
  IndexKeys out;
  out.tags = derived("tags", kKeySize);
  out.blocks = derived("blocks", kKeySize);
  out.nonces = derived("nonces", kKeySize);
  const crypto::Secret check = derived("check", out.check.size());
  std::copy(check.view().begin(), check.view().end(), out.check.begin());
  return out;
}

Id16 index_tag(const IndexKeys& keys, std::string_view field, std::string_view key) {
  Bytes name;
  put_lp(name, field);
  return first_bytes<16>(crypto::hmac_sha256(keys.tags.view(), {name, as_bytes(key)}));
}

void put_reading(Bytes& plain, const store::IndexPlace& place, std::string_view fold,
                 std::string_view digits) {
  put_u64be(plain, static_cast<std::uint64_t>(place.idx));
  put_u16be(plain, static_cast<std::uint16_t>(place.item_no));
  for (const std::string_view text : {fold, digits}) {
    put_u16be(plain, static_cast<std::uint16_t>(text.size()));
    append(plain, text);
  }
}

bool read_readings(ByteView plain,
                   const std::function<void(const store::IndexPlace&, std::string_view,
                                            std::string_view)>& visit) {
  while (!plain.empty()) {
    if (plain.size() < 10) return false;
    store::IndexPlace place;
    place.idx = static_cast<store::LeafIndex>(get_u64be(plain));
    place.item_no = get_u16be(plain.subspan(8));
    plain = plain.subspan(10);
    std::string_view fold;
    std::string_view digits;
    if (!take_text(plain, fold) || !take_text(plain, digits)) return false;
    visit(place, fold, digits);
  }
  return true;
}

SealedBlock seal_block(const IndexKeys& keys, ByteView plain) {
  SealedBlock out;
  bool any = false;
  const bool formed =
      read_readings(plain, [&](const store::IndexPlace& place, std::string_view, std::string_view) {
        out.first = any ? std::min(out.first, place.idx) : place.idx;
        out.last = any ? std::max(out.last, place.idx) : place.idx;
        any = true;
      });
  FOCAL_CHECK(formed && any);
  out.nonce = first_bytes<24>(crypto::hmac_sha256(keys.nonces.view(), {plain}));
  crypto::seal_xchacha(keys.blocks.view(), out.nonce, block_aad(out.first, out.last), plain,
                       out.ct);
  return out;
}

std::optional<Bytes> open_block(const IndexKeys& keys, store::LeafIndex first,
                                store::LeafIndex last, ByteView nonce, ByteView ct) {
  const auto fixed_nonce = fixed<24>(nonce);
  if (!fixed_nonce) return std::nullopt;
  return crypto::open_xchacha(keys.blocks.view(), *fixed_nonce, block_aad(first, last), ct);
}

}  // namespace focal::ledger
