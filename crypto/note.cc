#include "crypto/note.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/hash.h"

namespace focal::crypto {
namespace {

constexpr std::string_view kSignaturePrefix = "\xE2\x80\x94 ";  // em dash U+2014, space
constexpr std::size_t kKeyIdSize = 4;
constexpr std::size_t kTimeSize = 8;  // of a cosignature
constexpr std::uint64_t kLastSecond = (std::uint64_t{1} << 63) - 1;

Error bad_note(const std::string& what) {
  return fail(ErrorCode::kNote, "not a signed note: " + what,
              "ask for the note again, as a file rather than pasted text");
}

// UTF-8 without C0 (but \n), DEL and C1: cards are shown on terminals.
bool is_plain_text(std::string_view s) {
  if (!is_utf8(s)) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<std::uint8_t>(s[i]);
    if ((c < 0x20 && c != '\n') || c == 0x7F) return false;
    if (c == 0xC2 && static_cast<std::uint8_t>(s[i + 1]) < 0xA0) return false;
  }
  return true;
}

// Non-empty, no '+', no Unicode white space. s is plain text.
bool is_key_name(std::string_view s) {
  if (s.empty() || s.find_first_of(" \n+") != std::string_view::npos) return false;
  static constexpr std::string_view kSpaces[] = {"\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
                                                 "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F",
                                                 "\xE3\x80\x80"};
  for (const auto space : kSpaces)
    if (s.find(space) != std::string_view::npos) return false;
  for (std::size_t at = s.find("\xE2\x80"); at != std::string_view::npos;
       at = s.find("\xE2\x80", at + 1))
    if (static_cast<std::uint8_t>(s[at + 2]) <= 0x8A) return false;  // U+2000 to U+200A
  return true;
}

// One line without its '\n'.
Result<NoteSignature> parse_signature(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix))
    return bad_note("a line after the last blank line is not a signature");
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return bad_note("a signature line has no signature");
  const std::string_view name = line.substr(0, space);
  if (!is_key_name(name)) return bad_note("a signature line has no valid key name");
  const auto bytes = unbase64(line.substr(space + 1));
  if (!bytes) return bad_note("a signature is not canonical base64");
  if (bytes->size() <= kKeyIdSize) return bad_note("a signature is too short");
  const ByteView view(*bytes);
  return NoteSignature{std::string(name), get_u32be(view), to_bytes(view.subspan(kKeyIdSize))};
}

// c2sp.org/tlog-cosignature: what Ed25519 signs; the line is u64be time || signature.
std::string cosigned(const Note& note, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + note.text;
}

bool can_be_signed(const Note& note, std::string_view name) {
  return is_plain_text(name) && is_key_name(name) && is_plain_text(note.text) &&
         note.text.ends_with('\n') && !note.text.ends_with("\n\n") && note.text != "\n";
}

bool verifies(const NoteVerifier& verifier, const Note& note, ByteView signature) {
  if (verifier.type == NoteKeyType::kEd25519)
    return verify(verifier.pk, as_bytes(note.text), signature);
  if (signature.size() != kTimeSize + sizeof(Signature)) return false;
  const std::string message = cosigned(note, get_u64be(signature));
  return verify(verifier.pk, as_bytes(message), signature.subspan(kTimeSize));
}

}  // namespace

std::uint32_t note_key_id(std::string_view name, NoteKeyType type, const PublicKey& pk) {
  const auto type_byte = static_cast<std::uint8_t>(type);
  return get_u32be(sha256({as_bytes(name), as_bytes("\n"), ByteView(&type_byte, 1), pk}));
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kMaxNoteSize) return fail(ErrorCode::kLimit, "the note is larger than 64 KiB");
  if (!is_plain_text(bytes)) return bad_note("it is not UTF-8, or has a control character");
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return bad_note("no blank line before the signatures");
  const std::string_view text = bytes.substr(0, split + 1);
  std::string_view rest = bytes.substr(split + 2);
  if (text == "\n") return bad_note("the text is empty");
  // C2SP would take the first blank line as part of the text; one form only here.
  if (text.ends_with("\n\n")) return bad_note("two blank lines before the signatures");
  if (rest.empty() || rest.back() != '\n') return bad_note("the last line does not end");
  Note note;
  note.text = text;
  while (!rest.empty()) {
    if (note.signatures.size() == kMaxNoteSignatures)
      return fail(ErrorCode::kLimit, "the note has more than 32 signatures");
    const std::size_t end = rest.find('\n');
    FOCAL_ASSIGN(auto signature, parse_signature(rest.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    rest.remove_prefix(end + 1);
  }
  return note;
}

std::string format_note(const Note& note) {
  std::string out = note.text;
  out += '\n';
  for (const NoteSignature& signature : note.signatures) {
    Bytes bytes;
    put_u32be(bytes, signature.key_id);
    append(bytes, signature.signature);
    out += kSignaturePrefix;
    out += signature.name;
    out += ' ';
    out += base64(bytes);
    out += '\n';
  }
  return out;
}

void sign_note(Note& note, std::string_view name, const SigningKey& key) {
  FOCAL_CHECK(can_be_signed(note, name));
  const Signature signature = sign(key, as_bytes(note.text));
  note.signatures.push_back(
      {std::string(name), note_key_id(name, NoteKeyType::kEd25519, key.pk), to_bytes(signature)});
}

void cosign_note(Note& note, std::string_view name, const SigningKey& key, std::uint64_t seconds) {
  FOCAL_CHECK(can_be_signed(note, name) && seconds >= 1 && seconds <= kLastSecond);
  Bytes signature;
  put_u64be(signature, seconds);
  append(signature, sign(key, as_bytes(cosigned(note, seconds))));
  note.signatures.push_back({std::string(name),
                             note_key_id(name, NoteKeyType::kCosignature, key.pk),
                             std::move(signature)});
}

std::optional<std::uint64_t> cosignature_time(const NoteSignature& line) {
  if (line.signature.size() != kTimeSize + sizeof(Signature)) return std::nullopt;
  const std::uint64_t seconds = get_u64be(line.signature);
  if (seconds < 1 || seconds > kLastSecond) return std::nullopt;
  return seconds;
}

Status check_note(const Note& note, const std::vector<NoteVerifier>& required) {
  if (required.empty()) return fail(ErrorCode::kSignature, "no key to check the note with");
  for (const NoteVerifier& verifier : required) {
    const std::uint32_t id = note_key_id(verifier.name, verifier.type, verifier.pk);
    std::size_t found = 0;
    for (const NoteSignature& signature : note.signatures) {
      if (signature.name != verifier.name || signature.key_id != id) continue;
      if (!verifies(verifier, note, signature.signature))
        return fail(ErrorCode::kSignature, "the signature of " + verifier.name + " does not verify",
                    "the note was changed, or it is signed by another key of that name");
      ++found;
    }
    if (found != 1)
      return fail(ErrorCode::kSignature,
                  found == 0 ? "no signature of " + verifier.name + " with the expected key"
                             : "more than one signature of " + verifier.name,
                  "ask for a note signed once by that key");
  }
  return {};
}

}  // namespace focal::crypto
