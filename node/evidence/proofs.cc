#include "node/evidence/proofs.h"

#include "node/exchange/lines.h"

namespace focal::evidence {
namespace {

constexpr std::string_view kProofLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::uint64_t kMostLeaves = (std::uint64_t{1} << 63) - 1;

Error wrong(std::string what) { return fail(ErrorCode::kBundle, std::move(what), {}, "proof"); }

// A whole line without its '\n', taken off text; false: there is none.
bool take_line(std::string_view& text, std::string_view& line) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

// "index 7\n"
Result<std::uint64_t> take_number(std::string_view& text, std::string_view key) {
  std::string_view line;
  if (!take_line(text, line) || !line.starts_with(key) || line.substr(key.size(), 1) != " ")
    return wrong("a line with a number is missing");
  const auto number = exchange::read_number(line.substr(key.size() + 1));
  if (!number || *number > kMostLeaves) return wrong("a number has another form");
  return *number;
}

Status take_hash(std::string_view line, crypto::MerklePath& hashes) {
  const auto hash = exchange::read_hash(line);
  if (!hash || hashes.size() == kMaxProofHashes)
    return wrong("a line is no hash, or there are more than 63");
  hashes.push_back(*hash);
  return {};
}

void put_hashes(std::string& out, const crypto::MerklePath& hashes) {
  for (const Hash32& hash : hashes) out.append(base64(hash)).append("\n");
}

}  // namespace

std::string path_text(const BatchPath& path) {
  std::string out =
      "index " + std::to_string(path.index) + "\nsize " + std::to_string(path.size) + "\n";
  put_hashes(out, path.hashes);
  return out;
}

Result<BatchPath> read_path(std::string_view text) {
  BatchPath out;
  FOCAL_ASSIGN(out.index, take_number(text, "index"));
  FOCAL_ASSIGN(out.size, take_number(text, "size"));
  if (out.size > kMaxPathSize || out.index >= out.size)
    return wrong("no batch has this place or this size");
  for (std::string_view line; !text.empty();) {
    if (!take_line(text, line)) return wrong("the last line does not end");
    FOCAL_TRY(take_hash(line, out.hashes));
  }
  return out;
}

std::string proof_text(const LogProof& proof) {
  std::string out(kProofLine);
  out.append("index ").append(std::to_string(proof.index)).append("\n");
  put_hashes(out, proof.hashes);
  return out.append("\n").append(proof.note);
}

Result<LogProof> read_proof(std::string_view text) {
  if (!is_utf8(text) || !text.starts_with(kProofLine)) return wrong("it is no proof of a log");
  text.remove_prefix(kProofLine.size());
  LogProof out;
  FOCAL_ASSIGN(out.index, take_number(text, "index"));
  for (std::string_view line;;) {
    if (!take_line(text, line)) return wrong("the empty line is missing");
    if (line.empty()) break;
    FOCAL_TRY(take_hash(line, out.hashes));
  }
  out.note = text;
  return out;
}

}  // namespace focal::evidence
