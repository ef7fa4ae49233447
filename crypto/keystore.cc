#include "crypto/keystore.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/private_file.h"

// File, integers big-endian:
//   off len
//     0   8  "FOCALKS1"
//     8   8  Argon2id operations
//    16   8  Argon2id memory in bytes
//    24  16  salt
//    40  16  check value of the key: tells a wrong passphrase from a damaged body
//    56   8  first bytes of SHA-256 of 0..56: tells a damaged header from a wrong passphrase
//    64   8  length of the file
//    72  24  nonce, new with every save
//    96   n  XChaCha20-Poly1305(body key, nonce, AAD = bytes 0..96, entries)
// Entries, by ascending name: 0x01 || u16 length || name || u32 length || value.
namespace focal::crypto {
namespace {

constexpr std::string_view kMagic = "FOCALKS1";
constexpr std::size_t kSaltSize = crypto_pwhash_argon2id_SALTBYTES;
constexpr std::size_t kCheckSize = 16;
constexpr std::size_t kSumSize = 8;
constexpr std::size_t kSaltAt = 24;
constexpr std::size_t kCheckAt = kSaltAt + kSaltSize;
constexpr std::size_t kSumAt = kCheckAt + kCheckSize;
constexpr std::size_t kHeaderSize = kSumAt + kSumSize;  // what stays from save to save
constexpr std::size_t kNonceAt = kHeaderSize + 8;
constexpr std::size_t kBodyAt = kNonceAt + sizeof(Nonce24);

constexpr std::size_t kMaxFile = 1024 * 1024;
constexpr std::size_t kMaxEntries = 4096;
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMasterSize = 32;
constexpr std::uint8_t kEntryTag = 0x01;
constexpr std::size_t kEntryOverhead = 1 + 2 + 4;

// A file that asks for more was not written by us, and would stall the node.
constexpr std::uint64_t kMaxOperations = 64;
constexpr std::uint64_t kMaxMemory = std::uint64_t{1} << 30;

using Entries = std::map<std::string, Secret, std::less<>>;

Error damaged(const std::string& what, const std::filesystem::path& file) {
  return fail(ErrorCode::kKeystore, "the keystore " + file.string() + " is damaged: " + what,
              "restore the file from its backup; the passphrase is not at fault", file.string());
}

bool cost_is_sane(const KdfCost& cost) {
  return cost.operations >= crypto_pwhash_argon2id_OPSLIMIT_MIN &&
         cost.operations <= kMaxOperations &&
         cost.memory_bytes >= crypto_pwhash_argon2id_MEMLIMIT_MIN &&
         cost.memory_bytes <= kMaxMemory;
}

Result<Secret> derive_master(const Secret& passphrase, const KdfCost& cost, ByteView salt) {
  Secret master(kMasterSize);
  // libsodium wants an address even for no bytes.
  const std::string_view text = passphrase.empty() ? "" : as_text(passphrase.view());
  if (crypto_pwhash_argon2id(master.bytes().data(), master.size(), text.data(), text.size(),
                             salt.data(), cost.operations, cost.memory_bytes,
                             crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::kIo, "not enough memory to derive the keystore's key",
                "the keystore needs " + std::to_string(cost.memory_bytes >> 20) + " MiB of memory");
  return master;
}

Secret body_key(const Secret& master) {
  return hkdf_expand(master.view(), as_bytes("focal/keystore/body/v1"), 32);
}

Secret check_value(const Secret& master) {
  return hkdf_expand(master.view(), as_bytes("focal/keystore/check/v1"), kCheckSize);
}

Bytes header_sum(ByteView header) {
  const Hash32 hash = sha256(header.first(kSumAt));
  return to_bytes(ByteView(hash).first(kSumSize));
}

Bytes make_header(const KdfCost& cost, ByteView salt, const Secret& master) {
  Bytes out = to_bytes(kMagic);
  put_u64be(out, cost.operations);
  put_u64be(out, cost.memory_bytes);
  append(out, salt);
  append(out, check_value(master).view());
  append(out, header_sum(out));
  return out;
}

std::size_t encoded_size(const Entries& entries) {
  std::size_t size = 0;
  for (const auto& entry : entries)
    size += kEntryOverhead + entry.first.size() + entry.second.size();
  return size;
}

void put_bytes(std::span<std::uint8_t>& out, ByteView bytes) {
  if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
  out = out.subspan(bytes.size());
}

// In locked memory, sized beforehand so that nothing is copied while it grows.
Secret encode(const Entries& entries) {
  Secret out(encoded_size(entries));
  auto rest = out.bytes();
  for (const auto& entry : entries) {
    Bytes name{kEntryTag};
    put_u16be(name, static_cast<std::uint16_t>(entry.first.size()));
    append(name, entry.first);
    put_u32be(name, static_cast<std::uint32_t>(entry.second.size()));
    put_bytes(rest, name);
    put_bytes(rest, entry.second.view());
  }
  FOCAL_CHECK(rest.empty());
  return out;
}

// Nothing unless the bytes are exactly what encode() makes.
std::optional<Entries> decode(ByteView in) {
  Entries out;
  while (!in.empty()) {
    if (in.size() < 3 || in[0] != kEntryTag) return std::nullopt;
    const std::size_t name_size = get_u16be(in.subspan(1));
    if (name_size == 0 || name_size > kMaxName || in.size() < kEntryOverhead + name_size)
      return std::nullopt;
    std::string name = to_string(in.subspan(3, name_size));
    const std::size_t value_size = get_u32be(in.subspan(3 + name_size));
    in = in.subspan(kEntryOverhead + name_size);
    if (value_size > in.size() || out.size() == kMaxEntries) return std::nullopt;
    if (!out.empty() && out.rbegin()->first >= name) return std::nullopt;
    out.emplace_hint(out.end(), std::move(name), Secret::copy_of(in.first(value_size)));
    in = in.subspan(value_size);
  }
  return out;
}

struct Header {
  KdfCost cost;
  ByteView salt;
  ByteView check;
};

Result<Header> read_header(ByteView bytes, const std::filesystem::path& file) {
  const ByteView magic = bytes.first(std::min(bytes.size(), kMagic.size()));
  if (!equal(magic, as_bytes(kMagic).first(magic.size())))
    return fail(ErrorCode::kKeystore,
                file.string() + " is not a keystore, or of a version this program does not know",
                "check the path and the program's version", file.string());
  if (bytes.size() < kBodyAt + kTagSize) return damaged("it is truncated", file);
  if (!equal(bytes.subspan(kSumAt, kSumSize), header_sum(bytes)))
    return damaged("its header was changed", file);
  if (get_u64be(bytes.subspan(kHeaderSize)) != bytes.size())
    return damaged("it is truncated, or something was added to it", file);
  const KdfCost cost{get_u64be(bytes.subspan(8)),
                     static_cast<std::size_t>(get_u64be(bytes.subspan(16)))};
  if (!cost_is_sane(cost)) return damaged("its cost is out of range", file);
  return Header{cost, bytes.subspan(kSaltAt, kSaltSize), bytes.subspan(kCheckAt, kCheckSize)};
}

}  // namespace

Result<Keystore> Keystore::create(const std::filesystem::path& file, const Secret& passphrase,
                                  KdfCost cost, Rng& rng) {
  FOCAL_ASSIGN(Keystore out, begin(file, passphrase, cost, rng));
  FOCAL_TRY(out.save(rng));
  return out;
}

Result<Keystore> Keystore::begin(const std::filesystem::path& file, const Secret& passphrase,
                                 KdfCost cost, Rng& rng) {
  FOCAL_CHECK(cost_is_sane(cost));
  if (passphrase.empty())
    return fail(ErrorCode::kInvalid, "the passphrase is empty", "choose a passphrase");
  const auto salt = rng.array<kSaltSize>();
  Keystore out;
  out.file_ = file;
  FOCAL_ASSIGN(out.master_, derive_master(passphrase, cost, salt));
  out.header_ = make_header(cost, salt, out.master_);
  out.is_new_ = true;
  return out;
}

Result<Keystore> Keystore::open(const std::filesystem::path& file, const Secret& passphrase) {
  auto read = read_private_file(file, kMaxFile);
  if (!read && read.error().code == ErrorCode::kLimit) return damaged("it is too large", file);
  if (!read) return std::move(read).error();
  const ByteView bytes(*read);
  FOCAL_ASSIGN(const Header header, read_header(bytes, file));
  Keystore out;
  out.file_ = file;
  out.header_ = to_bytes(bytes.first(kHeaderSize));
  FOCAL_ASSIGN(out.master_, derive_master(passphrase, header.cost, header.salt));
  if (!check_value(out.master_).equals(header.check))
    return fail(ErrorCode::kPassphrase, "wrong passphrase for " + file.string(),
                "try again; nothing was changed", file.string());
  const auto nonce = *fixed<sizeof(Nonce24)>(bytes.subspan(kNonceAt, sizeof(Nonce24)));
  auto plain = open_xchacha(body_key(out.master_).view(), nonce, bytes.first(kBodyAt),
                            bytes.subspan(kBodyAt));
  if (!plain) return damaged("its contents were changed", file);
  auto entries = decode(*plain);
  wipe(*plain);
  if (!entries) return damaged("its contents are not in the format", file);
  out.secrets_ = std::move(*entries);
  return out;
}

const Secret* Keystore::find(std::string_view name) const {
  const auto at = secrets_.find(name);
  return at == secrets_.end() ? nullptr : &at->second;
}

std::vector<std::string> Keystore::names() const {
  std::vector<std::string> out;
  for (const auto& entry : secrets_) out.push_back(entry.first);
  return out;
}

void Keystore::put(std::string name, Secret value) {
  FOCAL_CHECK(!name.empty() && name.size() <= kMaxName);
  secrets_.insert_or_assign(std::move(name), std::move(value));
}

void Keystore::erase(std::string_view name) {
  const auto at = secrets_.find(name);
  if (at != secrets_.end()) secrets_.erase(at);
}

Status Keystore::save(Rng& rng) {
  const std::size_t file_size = kBodyAt + encoded_size(secrets_) + kTagSize;
  if (secrets_.size() > kMaxEntries || file_size > kMaxFile)
    return fail(ErrorCode::kLimit, "the keystore would hold more than 4096 entries or 1 MiB",
                "remove keys that are no longer needed", file_.string());
  Bytes out = header_;
  put_u64be(out, file_size);
  const auto nonce = rng.array<sizeof(Nonce24)>();
  append(out, nonce);
  const Bytes aad = out;
  const Secret plain = encode(secrets_);
  seal_xchacha(body_key(master_).view(), nonce, aad, plain.view(), out);
  overwritten_ = false;
  if (is_new_) {
    FOCAL_TRY(write_private_file(file_, out, IfPresent::kRefuse));
    is_new_ = false;
    return {};
  }
  FOCAL_ASSIGN(overwritten_, replace_private_file(file_, out));
  return {};
}

}  // namespace focal::crypto
