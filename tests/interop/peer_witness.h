// Witnessing in the worlds of tests/interop/README.md: what a judge is told of it, what it says,
// and samples. Judged by the WitnessBook of the node itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "crypto/random.h"
#include "node/exchange/card.h"
#include "node/store/rows.h"

namespace focal::test {

struct PeerWorld;

// What is told for a while: between `mark` and `back`.
struct ToldWitness {
  std::optional<store::WitnessStateRow> cosigned;  // of the log of the party told last
  Bytes log_seed;                                  // own log
  std::string mine, policy;                        // newest own checkpoint, own policy
  std::uint64_t last_ms = 0;                       // time of its last leaf
};

// Lines `cosigned` and `mine`. False: neither, or its arguments do not parse.
bool tell_witness(PeerWorld& world, const std::vector<std::string>& words);

// Kinds policy, ckpt, cosig, proof, hello.
std::string judge_policy(const PeerWorld& world, std::string_view note);
std::string judge_ckpt(const PeerWorld& world, ByteView body);
std::string judge_cosig(const PeerWorld& world, ByteView body);
std::string judge_proof(const PeerWorld& world, ByteView leaf_and_proof);

std::string judge_hello(ByteView body);

// The lines and samples of a world in which `from` is a witness of `me`, and `me` of `from`.
struct WitnessParty {
  std::string party, log_name;
  Hash32 card_id{};
  const crypto::SigningKey* log = nullptr;
  const crypto::SigningKey* witness = nullptr;
};
struct WitnessNotes {
  std::string checkpoint, cosigs;  // that receipts of `from` carry
};
using TellLine = std::function<void(const std::vector<std::string>& words)>;
WitnessNotes make_witnessing(crypto::Rng& rng, std::uint64_t now_ms, const WitnessParty& from,
                             const WitnessParty& me, const TellLine& tell);

}  // namespace focal::test
