#include "node/exchange/ckpt.h"

#include <google/protobuf/stubs/logging.h>

#include <optional>

#include "crypto/note.h"
#include "node/exchange/lines.h"
#include "node/store/checkpoint.h"
#include "proto/frames.pb.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kOld = "old ";

Error bad(std::string what) { return fail(ErrorCode::kFrame, std::move(what)); }

// Without its '\n', taken off `text`. Nothing: no line ends any more.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// The strict form of signature lines is that of a note; they stand under no text here.
bool are_signature_lines(const std::string& lines) {
  const auto note = crypto::parse_note("x\n\n" + lines);
  return note.has_value() && note->text == "x\n";
}

bool is_checkpoint(const std::string& note) { return store::parse_checkpoint(note).has_value(); }

}  // namespace

Result<CkptFrame> parse_ckpt(ByteView body) {
  if (body.size() > kMaxCkptBody) return bad("CKPT exceeds 68 KiB");
  std::string_view text = as_text(body);
  const auto first = take_line(text);
  if (!first || !first->starts_with(kOld)) return bad("CKPT does not begin with its old size");
  const auto old_size = read_number(first->substr(kOld.size()));
  if (!old_size) return bad("the old size of CKPT is not a number");
  CkptFrame out;
  out.old_size = *old_size;
  for (;;) {
    const auto line = take_line(text);
    if (!line) return bad("CKPT has no note");
    if (line->empty()) break;
    const auto hash = read_hash(*line);
    if (!hash) return bad("a line of CKPT is no hash");
    if (out.proof.size() == kMaxCkptProof) return bad("the proof of CKPT has more than 63 hashes");
    out.proof.push_back(*hash);
  }
  out.note = std::string(text);
  const auto checkpoint = store::parse_checkpoint(out.note);
  if (!checkpoint) return bad("the note of CKPT: " + checkpoint.error().message);
  if (out.old_size > checkpoint->size) return bad("the old size of CKPT is larger than its note's");
  if (!out.proof.empty() && (out.old_size == 0 || out.old_size == checkpoint->size))
    return bad("CKPT carries a proof where there is nothing to prove");
  return out;
}

Bytes encode_ckpt(const CkptFrame& frame) {
  std::string out(kOld);
  out.append(std::to_string(frame.old_size)).append("\n");
  for (const Hash32& hash : frame.proof) out.append(base64(hash)).append("\n");
  out.append("\n").append(frame.note);
  return to_bytes(out);
}

Result<CosigFrame> parse_cosig(ByteView body) {
  if (body.size() > 3 * kMaxCosigField) return bad("COSIG is too large");
  const google::protobuf::LogSilencer quiet;  // a hostile frame must not write to our log
  v1::Cosig m;
  if (!m.ParseFromArray(body.data(), static_cast<int>(body.size())))
    return bad("the frame does not parse");
  for (const std::string* field : {&m.checkpoint(), &m.lines(), &m.conflict()})
    if (field->size() > kMaxCosigField) return bad("a field of COSIG exceeds 64 KiB");
  const bool answers = !m.checkpoint().empty() && !m.lines().empty() && m.conflict().empty();
  const bool refuses = m.checkpoint().empty() && m.lines().empty() && !m.conflict().empty();
  if (!answers && !refuses) return bad("COSIG is neither an answer nor a refusal");
  if (!is_checkpoint(answers ? m.checkpoint() : m.conflict()))
    return bad("COSIG carries a note that is no checkpoint");
  if (answers && !are_signature_lines(m.lines()))
    return bad("COSIG carries lines that are no signatures");
  return CosigFrame{m.checkpoint(), m.lines(), m.conflict()};
}

Bytes encode_cosig(const CosigFrame& frame) {
  v1::Cosig m;
  m.set_checkpoint(frame.checkpoint);
  m.set_lines(frame.lines);
  m.set_conflict(frame.conflict);
  return to_bytes(m.SerializeAsString());
}

}  // namespace focal::exchange
