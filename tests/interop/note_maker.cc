// interop_note_maker FOLDER: writes notes made by crypto/note with fixed keys, and
// seeded mutations of them with our own verdict, for another implementation to judge.
//   NAME.note        the note
//   NAME.vkeys       verifier keys, one a line: all of them signed it
//   NAME.mutations   "CLASS VERDICT BASE64" a line. CLASS is same (nothing changed),
//                    content (text or signature changed: everybody must refuse) or
//                    encoding (only the spelling changed: we refuse, others may not).
//                    VERDICT is good or bad, by parse_note and check_note.
#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "crypto/note.h"

namespace focal::crypto {
namespace {

constexpr int kMutations = 400;  // a note

struct Case {
  std::string name;
  Note note;
  std::vector<NoteVerifier> verifiers;
};

SigningKey key_of(std::string_view label) {
  return signing_key_from_seed(Secret::copy_of(sha256(label)));
}

void sign_as(Case& c, const std::string& name, std::string_view label) {
  const SigningKey key = key_of(label);
  sign_note(c.note, name, key);
  c.verifiers.push_back({name, key.pk, NoteKeyType::kEd25519});
}

std::string vkey(const NoteVerifier& v) {
  Bytes id;
  put_u32be(id, note_key_id(v.name, v.type, v.pk));
  Bytes key{static_cast<std::uint8_t>(v.type)};
  append(key, v.pk);
  return v.name + "+" + hex(id) + "+" + base64(key);
}

std::vector<Case> cases() {
  const std::string card =
      "focal-card/v1\nparty XA\nserial 1\nprev none\nroot " + base64(key_of("root").pk) +
      "\nissued 2026-11-23T10:00:00Z\nsuites 1\nauthority Minist\xC3\xA8re de l'Int\xC3\xA9rieur\n";
  Case plain{"card", {card, {}}, {}};
  sign_as(plain, "focal/XA/root", "root");
  Case rotation{"rotation", {card, {}}, {}};
  sign_as(rotation, "focal/XA/root", "root");
  sign_as(rotation, "focal/XA/root", "next root");
  const std::string tree = "focal/XA/log/1\n4096\n" + base64(sha256("tree")) + "\n";
  Case checkpoint{"checkpoint", {tree, {}}, {}};
  sign_as(checkpoint, "focal/XA/log/1", "log");
  return {plain, rotation, checkpoint};
}

bool we_accept(const std::string& bytes, const std::vector<NoteVerifier>& verifiers) {
  const auto note = parse_note(bytes);
  return note.has_value() && check_note(*note, verifiers).has_value();
}

std::string mutate(Rng& rng, std::string bytes) {
  const auto at = static_cast<std::size_t>(rng.below(bytes.size()));
  switch (rng.below(6)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8))); break;
    case 1: bytes.erase(at, 1 + static_cast<std::size_t>(rng.below(3))); break;
    case 2: bytes.insert(at, 1, bytes[static_cast<std::size_t>(rng.below(bytes.size()))]); break;
    case 3: bytes.insert(at, 1, static_cast<char>(rng.below(256))); break;
    case 4: std::swap(bytes[at], bytes[static_cast<std::size_t>(rng.below(bytes.size()))]); break;
    default: bytes.resize(at); break;
  }
  return bytes;
}

// True if one byte differs, it is the last digit before a '=', and the bits of it
// that carry data are the same: another spelling of the same signature.
bool only_spelled_otherwise(const std::string& a, const std::string& b) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (a.size() != b.size()) return false;
  std::vector<std::size_t> differ;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) differ.push_back(i);
  if (differ.size() != 1 || a[differ[0] + 1] != '=') return false;
  const std::size_t x = kDigits.find(a[differ[0]]);
  const std::size_t y = kDigits.find(b[differ[0]]);
  return x != std::string::npos && y != std::string::npos && x / 4 == y / 4;
}

void write_line(std::ofstream& out, const Case& c, const char* kind, const std::string& bytes) {
  out << kind << (we_accept(bytes, c.verifiers) ? " good " : " bad ") << base64(as_bytes(bytes))
      << "\n";
}

bool write_case(const std::string& folder, const Case& c) {
  const std::string good = format_note(c.note);
  std::ofstream note(folder + "/" + c.name + ".note", std::ios::binary);
  note << good;
  std::ofstream keys(folder + "/" + c.name + ".vkeys");
  for (const NoteVerifier& v : c.verifiers) keys << vkey(v) << "\n";
  std::ofstream out(folder + "/" + c.name + ".mutations");
  write_line(out, c, "same", good);
  SeededRng rng(2026);
  std::set<std::string> seen{good};
  while (seen.size() <= kMutations) {
    const std::string bytes = mutate(rng, good);
    if (!seen.insert(bytes).second) continue;
    write_line(out, c, only_spelled_otherwise(good, bytes) ? "encoding" : "content", bytes);
  }
  // The data digit before '=' in every spelling, and a line twice.
  const std::size_t last = good.rfind('=') - 1;
  for (const char bit : {1, 2, 3}) {
    std::string bytes = good;
    static const std::string kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes[last] = kDigits[kDigits.find(good[last]) ^ static_cast<std::size_t>(bit)];
    if (seen.insert(bytes).second) write_line(out, c, "encoding", bytes);
  }
  write_line(out, c, "encoding", good + good.substr(good.rfind("\xE2\x80\x94")));
  note.close(), keys.close(), out.close();
  return note.good() && keys.good() && out.good();
}

}  // namespace
}  // namespace focal::crypto

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: interop_note_maker FOLDER\n");
    return 2;
  }
  focal::crypto::init();
  for (const auto& c : focal::crypto::cases())
    if (!focal::crypto::write_case(argv[1], c)) return 1;
  return 0;
}
