#include "tests/interop/note_case.h"

#include <fstream>
#include <set>

#include "crypto/random.h"

namespace focal::test {
namespace {

constexpr std::size_t kMutations = 400;  // a note
const std::string kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string vkey(const crypto::NoteVerifier& v) {
  Bytes id;
  put_u32be(id, crypto::note_key_id(v.name, v.type, v.pk));
  Bytes key{static_cast<std::uint8_t>(v.type)};
  append(key, v.pk);
  return v.name + "+" + hex(id) + "+" + base64(key);
}

std::string mutate(crypto::Rng& rng, std::string bytes) {
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
  if (a.size() != b.size()) return false;
  std::vector<std::size_t> differ;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) differ.push_back(i);
  if (differ.size() != 1 || a[differ[0] + 1] != '=') return false;
  const std::size_t x = kDigits.find(a[differ[0]]);
  const std::size_t y = kDigits.find(b[differ[0]]);
  return x != std::string::npos && y != std::string::npos && x / 4 == y / 4;
}

bool others_may_take(const NoteCase& c, const std::string& bytes) {
  return only_spelled_otherwise(c.note, bytes) ||
         (c.unchecked_from != std::string::npos &&
          bytes.compare(0, c.unchecked_from, c.note, 0, c.unchecked_from) == 0);
}

}  // namespace

bool write_case(const std::string& folder, const NoteCase& c) {
  std::ofstream note(folder + "/" + c.name + ".note", std::ios::binary);
  note << c.note;
  std::ofstream keys(folder + "/" + c.name + ".vkeys");
  for (const auto& v : c.verifiers) keys << vkey(v) << "\n";
  std::ofstream out(folder + "/" + c.name + ".mutations");
  const auto write_line = [&](const char* kind, const std::string& bytes) {
    out << kind << (c.accept(bytes) ? " good " : " bad ") << base64(as_bytes(bytes)) << "\n";
  };
  write_line("same", c.note);
  crypto::SeededRng rng(2026);
  std::set<std::string> seen{c.note};
  while (seen.size() <= kMutations) {
    const std::string bytes = mutate(rng, c.note);
    if (!seen.insert(bytes).second) continue;
    write_line(others_may_take(c, bytes) ? "encoding" : "content", bytes);
  }
  // The data digit before '=' in every spelling, and a line twice.
  const std::size_t last = c.note.rfind('=') - 1;
  for (const std::size_t bit : {1u, 2u, 3u}) {
    std::string bytes = c.note;
    bytes[last] = kDigits[kDigits.find(c.note[last]) ^ bit];
    if (seen.insert(bytes).second) write_line("encoding", bytes);
  }
  write_line("encoding", c.note + c.note.substr(c.note.rfind("\xE2\x80\x94")));
  note.close(), keys.close(), out.close();
  return note.good() && keys.good() && out.good();
}

}  // namespace focal::test
