#include "tests/e2e/secrets.h"

#include <gtest/gtest.h>

#include <mutex>

#include "base/bytes.h"
#include "crypto/keystore.h"

namespace focal::e2e {
namespace fs = std::filesystem;
namespace {

std::mutex mutex;  // officers work in threads

}  // namespace

const std::vector<Needle>& record_words() {
  static const std::vector<Needle> words = [] {
    std::vector<Needle> out;
    for (const char* word :
         {"Kestrel", "seized at", "Van stopped", "controlled substance", "double rear panel",
          "Arsenal Delta", "ARSENAL DELTA", "D-9 Compact", "DA 0I7 342", "DA017342", "5??8841",
          "5268841", "DA 017 355", "SUBJECT-1", "SUBJECT-7", "XA-NPC-2026", "XB/T/26",
          "XB-EL-15-0090", "before 1990", "classified by law", "public court file",
          "mutual legal assistance", "electric motor housing", "Firearms Act", "Is this line open",
          "wrong desk by mistake"})
      out.push_back({word, word});
    return out;
  }();
  return words;
}

std::vector<Needle> keystore_secrets(const fs::path& file, const std::string& passphrase) {
  std::vector<Needle> out;
  const auto store = crypto::Keystore::open(file, crypto::Secret::copy_of(as_bytes(passphrase)));
  if (!store) {
    ADD_FAILURE() << store.error().message;
    return out;
  }
  for (const std::string& name : store->names()) {
    const ByteView secret = store->find(name)->view();
    if (secret.size() < 16 || name.starts_with("public/")) continue;  // what is remembered in the open
    out.push_back({name + " (bytes)", to_string(secret)});
    out.push_back({name + " (hex)", hex(secret)});
    out.push_back({name + " (base64)", base64(secret).substr(0, 40)});
  }
  EXPECT_FALSE(out.empty()) << file << " holds no key";
  return out;
}

std::vector<std::string> found_in(std::string_view text, const std::vector<Needle>& needles) {
  std::vector<std::string> out;
  for (const Needle& needle : needles)
    if (text.find(needle.bytes) != std::string_view::npos) out.push_back(needle.name);
  return out;
}

std::vector<std::string> found_in_folder(const fs::path& folder,
                                         const std::vector<Needle>& needles) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    for (const std::string& name : found_in(read_text(entry.path()), needles))
      out.push_back(entry.path().filename().string() + ": " + name);
  }
  return out;
}

Shown& shown() {
  static Shown instance;
  return instance;
}

void note_run(const Launch& launch, const Ran& ran) {
  std::string words;
  for (const std::string& word : launch.words) words += word + " ";
  const std::lock_guard lock(mutex);
  shown().arguments.push_back(std::move(words));
  shown().errors.push_back(ran.err);
  if (ran.code != 0) shown().errors.push_back(ran.out);
}

}  // namespace focal::e2e
