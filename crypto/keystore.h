// A file of named secrets under a passphrase (Argon2id -> K_m, XChaCha20-
// Poly1305). Mode 0600, refused if group or others may read it. Every save is
// write-temp, fsync, rename, fsync directory. Used for the node's online keys
// and, with another passphrase, for each root key on its own medium. Whoever has the
// passphrase reads every copy of the file that was ever made.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace focal::crypto {

struct KdfCost {
  std::uint64_t operations;
  std::size_t memory_bytes;
};
inline constexpr KdfCost kKdfDefault{3, 64u << 20};  // about 0.2 s
inline constexpr KdfCost kKdfTest{1, 8192};          // tests only

class Keystore {
 public:
  // Writes an empty keystore. kExists if there is a file already; kInvalid (empty
  // passphrase); kIo, kNoSpace, kPermission.
  static Result<Keystore> create(const std::filesystem::path& file, const Secret& passphrase,
                                 KdfCost cost, Rng& rng);
  // The same in memory alone: the first save() makes the file, with what was put until then, and
  // refuses one that is there (kExists). kInvalid, kIo.
  static Result<Keystore> begin(const std::filesystem::path& file, const Secret& passphrase,
                                KdfCost cost, Rng& rng);
  // kNotFound; kPermission (readable by others, not a regular file, not ours);
  // kPassphrase (wrong passphrase); kKeystore (truncated, damaged, unknown version).
  static Result<Keystore> open(const std::filesystem::path& file, const Secret& passphrase);

  const Secret* find(std::string_view name) const;  // nullptr if absent; valid until put/erase
  std::vector<std::string> names() const;           // sorted
  // Memory only until save(). name has 1 to 255 bytes; an older value is wiped.
  void put(std::string name, Secret value);
  void erase(std::string_view name);
  // kLimit (4096 entries, 1 MiB), kIo, kNoSpace, kPermission; the old file stays whole.
  // The old file's bytes are overwritten after that, as far as replace_private_file can.
  Status save(Rng& rng);
  bool old_file_overwritten() const { return overwritten_; }  // by the last save

 private:
  std::filesystem::path file_;
  Secret master_;
  bool overwritten_ = false;
  bool is_new_ = false;  // no file yet
  Bytes header_;  // magic, cost, salt, check value: kept as written
  std::map<std::string, Secret, std::less<>> secrets_;
};

}  // namespace focal::crypto
