// A log of a TestParty in memory: leaves, roots, proofs and signed checkpoints, also those that an
// honest log never makes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/exchange/ckpt.h"
#include "node/store/checkpoint.h"
#include "tests/support/party_fixture.h"

namespace focal::test {

class TestLog {
 public:
  // salt: two logs of one party with different salts share their first `common` leaves.
  explicit TestLog(const TestParty& party, std::string salt = {}, std::uint64_t common = 0,
                   std::uint64_t generation = 1)
      : party_(party), salt_(std::move(salt)), common_(common),
        origin_(exchange::log_name(party.party, generation)) {}

  const std::string& origin() const { return origin_; }
  Hash32 leaf(std::uint64_t i) const {
    return crypto::merkle_leaf(as_bytes((i < common_ ? "" : salt_) + "/" + std::to_string(i)));
  }
  Hash32 root(std::uint64_t size) const { return crypto::merkle_root(leaves(size)); }
  // Signed by the party's log key, unless another is given.
  std::string note(std::uint64_t size, const crypto::SigningKey* key = nullptr) const {
    crypto::Note note{store::checkpoint_text(origin_, size, root(size)), {}};
    crypto::sign_note(note, origin_, key == nullptr ? party_.log : *key);
    return crypto::format_note(note);
  }
  crypto::MerklePath consistency(std::uint64_t old_size, std::uint64_t size) const {
    if (old_size == 0 || old_size == size) return {};
    const auto all = leaves(size);
    return crypto::consistency_path(old_size, size, [&](unsigned level, std::uint64_t index) {
      const std::size_t width = std::size_t{1} << level;
      return crypto::merkle_root(
          std::span(all).subspan(static_cast<std::size_t>(index) * width, width));
    });
  }
  crypto::MerklePath inclusion(std::uint64_t index, std::uint64_t size) const {
    return crypto::inclusion_path(index, leaves(size));
  }
  exchange::CkptFrame ckpt(std::uint64_t old_size, std::uint64_t size) const {
    return {old_size, consistency(old_size, size), note(size)};
  }

 private:
  std::vector<Hash32> leaves(std::uint64_t size) const {
    std::vector<Hash32> out;
    out.reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) out.push_back(leaf(i));
    return out;
  }

  const TestParty& party_;
  std::string salt_;
  std::uint64_t common_;
  std::string origin_;
};

// The line of that witness over a note, as a COSIG carries it.
inline std::string cosignature_of(const std::string& note, const TestParty& witness,
                                  std::uint64_t seconds) {
  crypto::Note over = TestParty::must(crypto::parse_note(note));
  over.signatures.clear();
  crypto::cosign_note(over, exchange::witness_name(witness.party), witness.witness, seconds);
  return crypto::format_note(over).substr(over.text.size() + 1);
}

}  // namespace focal::test
