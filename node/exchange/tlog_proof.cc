#include "node/exchange/tlog_proof.h"

#include "node/exchange/lines.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLines = "c2sp.org/tlog-proof@v1\nindex ";
constexpr std::uint64_t kMostLeaves = (std::uint64_t{1} << 63) - 1;

Error bad(const std::string& what) {
  return fail(ErrorCode::kWitness, "not a proof of a leaf: " + what,
              "Ask the party whose log it is for the proof again.");
}

}  // namespace

std::string format_tlog_proof(const TlogProof& proof) {
  std::string out(kFirstLines);
  out.append(std::to_string(proof.index)).append("\n");
  for (const Hash32& hash : proof.path) out.append(base64(hash)).append("\n");
  return out.append("\n").append(proof.note);
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kMaxTlogProof)
    return fail(ErrorCode::kLimit, "the proof is larger than 96 KiB");
  if (!text.starts_with(kFirstLines)) return bad("it does not begin with its format and an index");
  text.remove_prefix(kFirstLines.size());
  TlogProof out;
  std::size_t end = text.find('\n');
  const auto index = read_number(text.substr(0, end));
  if (end == std::string_view::npos || !index || *index > kMostLeaves)
    return bad("its index is no number below 2^63");
  out.index = *index;
  for (;;) {
    text.remove_prefix(end + 1);
    end = text.find('\n');
    if (end == std::string_view::npos) return bad("it has no checkpoint");
    if (end == 0) break;
    const auto hash = read_hash(text.substr(0, end));
    if (!hash) return bad("a line is no hash");
    if (out.path.size() == kMaxTlogProofHashes) return bad("it has more than 63 hashes");
    out.path.push_back(*hash);
  }
  out.note = std::string(text.substr(1));
  const auto checkpoint = store::parse_checkpoint(out.note);
  if (!checkpoint) return bad(checkpoint.error().message);
  if (out.index >= checkpoint->size) return bad("its index is not below the size of the log");
  return out;
}

Result<store::Checkpoint> check_tlog_proof(const TlogProof& proof, const Hash32& leaf_hash,
                                           std::string_view origin,
                                           const crypto::PublicKey& log_key) {
  FOCAL_ASSIGN(store::Checkpoint checkpoint, store::parse_checkpoint(proof.note));
  if (checkpoint.origin != origin)
    return bad("it is of the log " + checkpoint.origin + ", not of " + std::string(origin));
  FOCAL_TRY(crypto::check_note(checkpoint.note, {{checkpoint.origin, log_key}}));
  if (!crypto::verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.path,
                                checkpoint.root))
    return bad("the leaf does not stand there");
  return checkpoint;
}

}  // namespace focal::exchange
