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
constexpr std::size_t kBeforeEnc = 1 + 1 + 1 + 16 + 2;
constexpr std::size_t kIdxSize = 8;
constexpr std::string_view kInfoLabel{"focal/env/v1\0", 13};
constexpr std::string_view kKeyLabel{"focal/env-key/v1\0", 17};
constexpr std::string_view kIdLabel{"focal/envelope/v1\0", 18};

constexpr std::size_t hint_size(std::uint8_t mode) { return mode == kModePsk ? kHintSize : 0; }

std::size_t header_size(const crypto::Suite& suite, std::uint8_t mode) {
  return kBeforeEnc + suite.enc_size + 1 + hint_size(mode) + kIdxSize;
}

Bytes hpke_info(std::uint8_t suite, std::uint8_t mode, const std::string& to, const Id16& kid) {
  Bytes info = to_bytes(kInfoLabel);
  info.push_back(suite);
  info.push_back(mode);
  put_lp(info, to);
  append(info, kid);
  return info;
}

crypto::hpke::Psk psk_of(const PairKey* pair) {
  if (pair == nullptr) return {};
  return {pair->psk.view(), as_bytes(kPskId)};
}

crypto::Secret envelope_key(const crypto::hpke::Context& context, std::uint64_t idx) {
  Bytes label = to_bytes(kKeyLabel);
  put_u64be(label, idx);
  return context.export_secret(label, 32);
}

// Everything that the key depends on: a header that differs in any of it must not meet
// the context of another.
Bytes context_name(const EnvelopeHeader& header) {
  Bytes name{header.suite, header.mode};
  append(name, header.to_kid);
  append(name, header.hint);
  append(name, header.enc);
  return name;
}

Error refuse(std::string why) { return fail(ErrorCode::kEnvelope, std::move(why)); }

// Step 3: without length and padding.
Result<Bytes> inner_of(const Bytes& plain) {
  const std::size_t length = get_u32be(plain);
  if (length == 0 || length > plain.size() - kLengthSize)
    return refuse("the inner length does not fit");
  const auto padding = plain.begin() + static_cast<std::ptrdiff_t>(kLengthSize + length);
  if (std::any_of(padding, plain.end(), [](std::uint8_t b) { return b != 0; }))
    return refuse("the padding is not zero");
  return Bytes(plain.begin() + kLengthSize, padding);
}

}  // namespace

std::size_t bucket_for(std::size_t inner_size) {
  for (const std::size_t bucket : kBuckets)
    if (inner_size + kLengthSize <= bucket) return bucket;
  return 0;
}

std::size_t envelope_size(const crypto::Suite& suite, std::uint8_t mode, std::size_t inner_size) {
  const std::size_t bucket = bucket_for(inner_size);
  FOCAL_CHECK(bucket != 0);
  return header_size(suite, mode) + bucket + crypto::kTagSize;
}

Hash32 envelope_id(ByteView envelope) { return crypto::sha256({as_bytes(kIdLabel), envelope}); }

Result<EnvelopeHeader> parse_envelope(ByteView e) {
  if (e.size() < kBeforeEnc) return refuse("shorter than a header");
  if (e[0] != kEnvelopeVersion) return refuse("unknown envelope version");
  EnvelopeHeader h;
  h.suite = e[1];
  h.mode = e[2];
  const crypto::Suite* suite = crypto::find_suite(h.suite);
  if (suite == nullptr) return refuse("unknown suite");
  if (h.mode != kModeBase && h.mode != kModePsk) return refuse("unknown mode");
  std::copy_n(e.begin() + 3, h.to_kid.size(), h.to_kid.begin());
  const std::size_t enc_size = get_u16be(e.subspan(19));
  if (enc_size != suite->enc_size) return refuse("enc has the wrong length");
  std::size_t at = kBeforeEnc;
  if (e.size() < at + enc_size + 1) return refuse("shorter than its header says");
  h.enc = e.subspan(at, enc_size);
  at += enc_size;
  if (e[at++] != hint_size(h.mode)) return refuse("hint has the wrong length");
  if (e.size() < at + hint_size(h.mode) + kIdxSize) return refuse("shorter than its header says");
  h.hint = e.subspan(at, hint_size(h.mode));
  at += h.hint.size();
  h.idx = get_u64be(e.subspan(at));
  at += kIdxSize;
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
                                             const Id16& kid, ByteView pk, std::uint64_t mono_ms,
                                             const Options& options) {
  const crypto::Suite* suite = crypto::find_suite(options.suite);
  if (suite == nullptr) return std::nullopt;
  SealContext out;
  out.suite_ = suite;
  out.mode_ = options.pair == nullptr ? kModeBase : kModePsk;
  const Bytes info = hpke_info(suite->id, out.mode_, to_party, kid);
  auto sender = crypto::hpke::setup_s(*suite, rng, pk, info, psk_of(options.pair));
  if (!sender) return std::nullopt;
  out.context_ = std::move(sender->context);
  out.enc_ = std::move(sender->enc);
  if (options.pair != nullptr) out.hint_ = to_bytes(ByteView(options.pair->hint(out.enc_)));
  out.kid_ = kid;
  out.opened_ms_ = mono_ms;
  return out;
}

bool SealContext::is_spent(std::uint64_t mono_ms) const {
  const std::size_t largest =
      header_size(*suite_, mode_) + kBuckets.back() + crypto::kTagSize;
  return mono_ms - opened_ms_ >= kContextLifeMs || next_idx_ >= kContextEnvelopes ||
         bytes_ + largest > kContextBytes;
}

Bytes SealContext::seal(ByteView inner) {
  FOCAL_CHECK(!is_spent(opened_ms_));  // whatever the time is
  const std::size_t size = envelope_size(*suite_, mode_, inner.size());
  Bytes out;
  out.reserve(size);
  out.push_back(kEnvelopeVersion);
  out.push_back(suite_->id);
  out.push_back(mode_);
  append(out, kid_);
  put_u16be(out, static_cast<std::uint16_t>(enc_.size()));
  append(out, enc_);
  out.push_back(static_cast<std::uint8_t>(hint_.size()));
  append(out, hint_);
  put_u64be(out, next_idx_);

  const std::size_t bucket = bucket_for(inner.size());
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

bool OpenContexts::knows(const EnvelopeHeader& header, std::uint64_t mono_ms) const {
  const auto found = entries_.find(context_name(header));
  return found != entries_.end() && mono_ms - found->second.since_ms < kOpenContextLifeMs;
}

void OpenContexts::sweep(std::uint64_t mono_ms) {
  for (auto it = entries_.begin(); it != entries_.end();) {
    const bool keep = mono_ms - it->second.since_ms < kOpenContextLifeMs;
    if (!keep) order_.erase(it->second.place);
    it = keep ? std::next(it) : entries_.erase(it);
  }
}

const crypto::hpke::Context* OpenContexts::context_for(const EnvelopeHeader& header,
                                                       const crypto::KemKey& key,
                                                       const std::string& own_party,
                                                       std::uint64_t mono_ms, const PairKey* pair) {
  Bytes name = context_name(header);
  const auto found = entries_.find(name);
  if (found != entries_.end() && mono_ms - found->second.since_ms < kOpenContextLifeMs) {
    order_.splice(order_.end(), order_, found->second.place);
    return &found->second.context;
  }
  if (found != entries_.end()) {
    order_.erase(found->second.place);
    entries_.erase(found);
  }
  const crypto::Suite* suite = crypto::find_suite(header.suite);
  if (suite == nullptr || (header.mode == kModePsk) != (pair != nullptr)) return nullptr;
  const Bytes info = hpke_info(header.suite, header.mode, own_party, header.to_kid);
  ++made_;
  auto made = crypto::hpke::setup_r(*suite, header.enc, key, info, psk_of(pair));
  if (!made) return nullptr;
  if (entries_.size() >= kOpenContexts) {
    entries_.erase(order_.front());
    order_.pop_front();
  }
  const auto place = order_.insert(order_.end(), name);
  const auto put = entries_.emplace(std::move(name),
                                    Entry{std::move(*made), mono_ms, header.to_kid, place});
  return &put.first->second.context;
}

void OpenContexts::forget(const Id16& kid) {
  for (auto it = entries_.begin(); it != entries_.end();) {
    const bool drop = it->second.kid == kid;
    if (drop) order_.erase(it->second.place);
    it = drop ? entries_.erase(it) : std::next(it);
  }
}

Result<Bytes> OpenContexts::open(const EnvelopeHeader& header, const crypto::KemKey& key,
                                 const std::string& own_party, std::uint64_t mono_ms,
                                 const PairKey* pair) {
  const auto* context = context_for(header, key, own_party, mono_ms, pair);
  if (context == nullptr) return fail(ErrorCode::kDecrypt, "enc is not a usable key");
  const crypto::Secret env_key = envelope_key(*context, header.idx);
  auto plain = crypto::open_chacha(env_key.view(), crypto::Nonce12{}, header.aad, header.ct);
  if (!plain) return fail(ErrorCode::kDecrypt, "the envelope does not open");
  Result<Bytes> inner = inner_of(*plain);
  crypto::wipe(*plain);
  return inner;
}

}  // namespace focal::exchange
