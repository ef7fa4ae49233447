// C2SP signed notes (c2sp.org/signed-note): text, blank line, signature lines
//   — <name> <base64(u32be keyid || signature)>
// Parsed strictly: one accepted encoding, no control characters but \n, no CR,
// UTF-8, text ends with \n, at most 64 KiB and 32 signatures.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::crypto {

inline constexpr std::size_t kMaxNoteSize = 64 * 1024;
inline constexpr std::size_t kMaxNoteSignatures = 32;

enum class NoteKeyType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // without the key id
};

struct Note {
  std::string text;  // ends with '\n'; the bytes that were signed
  std::vector<NoteSignature> signatures;
};

struct NoteVerifier {
  std::string name;
  PublicKey pk{};
  NoteKeyType type = NoteKeyType::kEd25519;
};

// SHA-256(name || "\n" || type || pk)[0..4), big-endian.
std::uint32_t note_key_id(std::string_view name, NoteKeyType type, const PublicKey& pk);

Result<Note> parse_note(std::string_view bytes);  // ErrorCode::kNote, kLimit
std::string format_note(const Note& note);

// Adds a 0x01 signature line.
void sign_note(Note& note, std::string_view name, const SigningKey& key);

// Adds a cosignature line, type 0x04 (c2sp.org/tlog-cosignature): "at this time I knew of no
// other text". seconds: Unix time, 1 to 2^63 - 1.
void cosign_note(Note& note, std::string_view name, const SigningKey& key, std::uint64_t seconds);
// The time of a cosignature line, in seconds; nothing is verified. Nothing: it has not the form
// of one, or a time that none may have.
std::optional<std::uint64_t> cosignature_time(const NoteSignature& line);

// Every verifier must have exactly one signature that verifies, and every
// signature line whose name and key id match a verifier must verify; lines of
// unknown keys are ignored. ErrorCode::kSignature names the first that fails.
Status check_note(const Note& note, const std::vector<NoteVerifier>& required);

}  // namespace focal::crypto
