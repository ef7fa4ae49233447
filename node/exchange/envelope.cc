#include "node/exchange/envelope.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/hash.h"

namespace focal::exchange {
namespace {

constexpr std::uint8_t kEnvelopeVersion = 1;
constexpr std::array<std::size_t, 9> kBuckets = {1u << 10, 2u << 10,  4u << 10,  8u << 10,  16u << 10,
                                                 32u << 10, 64u << 10, 128u << 10, 288u << 10};
constexpr std::size_t kLengthSize = 4;
constexpr std::string_view kInfoLabel{"focal/env/v1\0", 13};
constexpr std::string_view kKeyLabel{"focal/env-key/v1\0", 17};
constexpr std::string_view kIdLabel{"focal/envelope/v1\0", 18};

constexpr std::uint64_t kContextLifeMs = 60'000;
constexpr std::uint64_t kContextEnvelopes = 1u << 16;
constexpr std::uint64_t kContextBytes = 256u << 20;
constexpr std::size_t kOpenContexts = 4096;
constexpr std::uint64_t kOpenContextLifeMs = 5 * 60'000;

Bytes hpke_info(std::uint8_t suite, std::uint8_t mode, const std::string& to, const Id16& kid) {
  Bytes info = to_bytes(kInfoLabel);
  info.push_back(suite);
  info.push_back(mode);
  put_lp(info, to);
  append(info, kid);
  return info;
}

crypto::Secret envelope_key(const crypto::hpke::Context& context, std::uint64_t idx) {
  Bytes label = to_bytes(kKeyLabel);
  put_u64be(label, idx);
  return context.export_secret(label, 32);
}

Error refuse(std::string why) { return fail(ErrorCode::kEnvelope, std::move(why)); }

}  // namespace

std::size_t bucket_for(std::size_t inner_size) {
  for (const std::size_t bucket : kBuckets)
    if (inner_size + kLengthSize <= bucket) return bucket;
  return 0;
}

Hash32 envelope_id(ByteView envelope) { return crypto::sha256({as_bytes(kIdLabel), envelope}); }

Result<EnvelopeHeader> parse_envelope(ByteView e) {
  constexpr std::size_t kFixed = 1 + 1 + 1 + 16 + 2;
  if (e.size() < kFixed) return refuse("shorter than a header");
  if (e[0] != kEnvelopeVersion) return refuse("unknown envelope version");
  EnvelopeHeader h;
  h.suite = e[1];
  h.mode = e[2];
  if (h.suite != kSuite1) return refuse("unknown suite");
  if (h.mode != kModeBase && h.mode != kModePsk) return refuse("unknown mode");
  std::copy_n(e.begin() + 3, h.to_kid.size(), h.to_kid.begin());
  const std::size_t enc_size = get_u16be(e.subspan(19));
  if (enc_size != crypto::hpke::kEncSize) return refuse("enc has the wrong length");
  std::size_t at = kFixed;
  if (e.size() < at + enc_size + 1) return refuse("shorter than its header says");
  h.enc = e.subspan(at, enc_size);
  at += enc_size;
  const std::size_t hint_size = e[at++];
  if (hint_size != (h.mode == kModePsk ? kHintSize : 0)) return refuse("hint has the wrong length");
  if (e.size() < at + hint_size + 8) return refuse("shorter than its header says");
  h.hint = e.subspan(at, hint_size);
  at += hint_size;
  h.idx = get_u64be(e.subspan(at));
  at += 8;
  if (h.idx >= kMaxContextIdx) return refuse("idx is out of range");
  h.aad = e.first(at);
  h.ct = e.subspan(at);
  const bool whole_bucket =
      std::any_of(kBuckets.begin(), kBuckets.end(),
                  [&](std::size_t b) { return h.ct.size() == b + crypto::kTagSize; });
  if (!whole_bucket) return refuse("the sealed part is not a whole bucket");
  return h;
}

std::optional<SealContext> SealContext::open(crypto::Rng& rng, const std::string& to_party,
                                             const Id16& kid, const Hash32& pk,
                                             std::uint64_t mono_ms) {
  const Bytes info = hpke_info(kSuite1, kModeBase, to_party, kid);
  auto sender = crypto::hpke::setup_base_s(rng, pk, info);
  if (!sender) return std::nullopt;
  SealContext out;
  out.context_ = std::move(sender->context);
  out.enc_ = sender->enc;
  out.kid_ = kid;
  out.opened_ms_ = mono_ms;
  return out;
}

bool SealContext::is_spent(std::uint64_t mono_ms) const {
  return mono_ms - opened_ms_ >= kContextLifeMs || next_idx_ >= kContextEnvelopes ||
         bytes_ >= kContextBytes;
}

Bytes SealContext::seal(ByteView inner) {
  const std::size_t bucket = bucket_for(inner.size());
  FOCAL_CHECK(bucket != 0);
  Bytes out;
  out.reserve(64 + bucket + crypto::kTagSize);
  out.push_back(kEnvelopeVersion);
  out.push_back(kSuite1);
  out.push_back(kModeBase);
  append(out, kid_);
  put_u16be(out, static_cast<std::uint16_t>(enc_.size()));
  append(out, enc_);
  out.push_back(0);  // no hint
  put_u64be(out, next_idx_);

  Bytes plain;
  plain.reserve(bucket);
  put_u32be(plain, static_cast<std::uint32_t>(inner.size()));
  append(plain, inner);
  plain.resize(bucket);

  const crypto::Secret key = envelope_key(context_, next_idx_);
  const Bytes aad = out;
  crypto::seal_chacha(key.view(), crypto::Nonce12{}, aad, plain, out);
  crypto::wipe(plain);
  ++next_idx_;
  bytes_ += out.size();
  return out;
}

const crypto::hpke::Context* OpenContexts::context_for(const EnvelopeHeader& header,
                                                       const crypto::DhKey& key,
                                                       const std::string& own_party,
                                                       std::uint64_t mono_ms) {
  Bytes name = to_bytes(ByteView(header.to_kid));
  append(name, header.enc);
  const auto found = entries_.find(name);
  if (found != entries_.end() && mono_ms - found->second.since_ms < kOpenContextLifeMs)
    return &found->second.context;
  if (found != entries_.end()) entries_.erase(found);
  const Bytes info = hpke_info(header.suite, header.mode, own_party, header.to_kid);
  ++made_;
  auto made = crypto::hpke::setup_base_r(header.enc, key, info);
  if (!made) return nullptr;
  if (entries_.size() >= kOpenContexts) {
    const auto oldest = std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& a, const auto& b) { return a.second.since_ms < b.second.since_ms; });
    entries_.erase(oldest);
  }
  const auto put = entries_.emplace(std::move(name), Entry{std::move(*made), mono_ms});
  return &put.first->second.context;
}

void OpenContexts::forget(const Id16& kid) {
  std::erase_if(entries_, [&](const auto& entry) {
    return equal(ByteView(entry.first).first(kid.size()), kid);
  });
}

Result<Bytes> OpenContexts::open(const EnvelopeHeader& header, const crypto::DhKey& key,
                                 const std::string& own_party, std::uint64_t mono_ms) {
  const auto* context = context_for(header, key, own_party, mono_ms);
  if (context == nullptr) return fail(ErrorCode::kDecrypt, "enc is not a usable key");
  const crypto::Secret env_key = envelope_key(*context, header.idx);
  auto plain = crypto::open_chacha(env_key.view(), crypto::Nonce12{}, header.aad, header.ct);
  if (!plain) return fail(ErrorCode::kDecrypt, "the envelope does not open");
  const std::size_t length = get_u32be(*plain);
  if (length == 0 || length > plain->size() - kLengthSize)
    return refuse("the inner length does not fit");
  const auto padding = plain->begin() + static_cast<std::ptrdiff_t>(kLengthSize + length);
  if (std::any_of(padding, plain->end(), [](std::uint8_t b) { return b != 0; }))
    return refuse("the padding is not zero");
  return Bytes(plain->begin() + kLengthSize, padding);
}

}  // namespace focal::exchange
