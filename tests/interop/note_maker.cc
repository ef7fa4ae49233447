// interop_note_maker FOLDER: writes notes made by crypto/note with fixed keys, and
// mutations of them, for another implementation to judge (note_case.h).
#include <cstdio>

#include "crypto/hash.h"
#include "tests/interop/note_case.h"

namespace focal::test {
namespace {

struct Draft {
  std::string name;
  crypto::Note note;
  std::vector<crypto::NoteVerifier> verifiers;

  void sign_as(const std::string& key_name, std::string_view label) {
    const auto key = key_of(label);
    crypto::sign_note(note, key_name, key);
    verifiers.push_back({key_name, key.pk, crypto::NoteKeyType::kEd25519});
  }
  static crypto::SigningKey key_of(std::string_view label) {
    return crypto::signing_key_from_seed(crypto::Secret::copy_of(crypto::sha256(label)));
  }
  NoteCase done() const {
    return {name, crypto::format_note(note), verifiers, [keys = verifiers](const std::string& b) {
              const auto parsed = crypto::parse_note(b);
              return parsed.has_value() && crypto::check_note(*parsed, keys).has_value();
            }};
  }
};

std::vector<NoteCase> cases() {
  const std::string text =
      "focal-card/v1\nparty XA\nserial 1\nprev none\nroot " + base64(Draft::key_of("root").pk) +
      "\nissued 2026-11-23T10:00:00Z\nsuites 1\nauthority Minist\xC3\xA8re de l'Int\xC3\xA9rieur\n";
  Draft plain{"note", {text, {}}, {}};
  plain.sign_as("focal/XA/root", "root");
  Draft two{"two-keys-of-one-name", {text, {}}, {}};
  two.sign_as("focal/XA/root", "root");
  two.sign_as("focal/XA/root", "next root");
  return {plain.done(), two.done()};
}

}  // namespace
}  // namespace focal::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: interop_note_maker FOLDER\n");
    return 2;
  }
  focal::crypto::init();
  for (const auto& c : focal::test::cases())
    if (!focal::test::write_case(argv[1], c)) return 1;
  return 0;
}
