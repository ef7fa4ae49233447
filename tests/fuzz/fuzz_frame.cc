// Frames of a link. What is accepted is inside the limits, and is the same after it was
// written and read again.
#include "base/check.h"
#include "base/error_id.h"
#include "node/exchange/frame.h"
#include "proto/lint.h"

namespace {

using namespace focal::exchange;

struct InsideLimits {
  void operator()(const HelloFrame& f) const {
    FOCAL_CHECK(f.card_id.size() == 32);
    FOCAL_CHECK(f.your_note.size() <= kMaxHelloNote && f.your_stmt.size() <= kMaxHelloStmt &&
                f.your_cosig.conflict.empty());
    FOCAL_CHECK((f.caps & kCapWitness) != 0 || (f.your_note.empty() && f.your_stmt.empty()));
    heads(f.cards, f.dirs);
  }
  void operator()(const DataFrame& f) const {
    std::size_t total = 0;
    for (const auto& e : f.envelopes) total += e.size();
    FOCAL_CHECK(!f.envelopes.empty() && f.envelopes.size() <= kMaxDataCount);
    FOCAL_CHECK(total <= kMaxDataEnvelopes && f.lane <= 3);
  }
  void operator()(const AckFrame&) const {}
  void operator()(const NotesFrame& f) const {
    std::size_t total = 0;
    for (const auto& n : f.notes) total += n.size();
    FOCAL_CHECK(f.notes.size() <= kMaxNotes && total <= kMaxNotesBytes);
  }
  void operator()(const ByeFrame& f) const { FOCAL_CHECK(f.text.size() <= kMaxByeText); }
  static void heads(const std::vector<CardHead>& cards, const std::vector<DirHead>& dirs) {
    FOCAL_CHECK(cards.size() <= kMaxCardHeads && dirs.size() <= kMaxDirHeads);
    for (const auto& head : cards) FOCAL_CHECK(head.party.size() <= 12);
    for (const auto& head : dirs) FOCAL_CHECK(head.introducer.size() <= 12);
  }
  void operator()(const NotesWantFrame& f) const { heads(f.have, f.dirs); }
  void operator()(const GossipFrame& f) const {
    std::size_t total = 0;
    for (const auto& fork : f.forks) total += fork.a.size() + fork.b.size();
    for (const auto& note : f.checkpoints) total += note.size();
    FOCAL_CHECK(f.forks.size() <= kMaxForkProofsSent && total <= kMaxNotesBytes &&
                f.checkpoints.size() <= kMaxGossipCheckpoints);
  }
  void operator()(const CkptFrame& f) const { FOCAL_CHECK(f.proof.size() <= kMaxCkptProof); }
  void operator()(const CosigFrame& f) const {
    FOCAL_CHECK(f.checkpoint.empty() == f.lines.empty() && f.lines.empty() != f.conflict.empty());
  }
  void operator()(const DoctorFrame& f) const { FOCAL_CHECK(focal::is_error_id(f.id)); }
  void operator()(const DoctorReplyFrame& f) const {
    FOCAL_CHECK(focal::is_error_id(f.id) && f.called_from.size() <= kMaxCalledFrom);
    FOCAL_CHECK(f.approved.size() <= kMaxDoctorKinds);
    FOCAL_CHECK(f.answer == DoctorAnswer::kWhole || (f.card_serial == 0 && f.address.empty()));
  }
  void operator()(const BounceFrame& f) const {
    FOCAL_CHECK(f.bounces.size() <= kMaxBounces);
    for (const auto& b : f.bounces) FOCAL_CHECK(b.items.size() <= focal::proto::kMaxItems);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = parse_frame({data, size});
  if (!frame.has_value()) {
    FOCAL_CHECK(frame.error().code == focal::ErrorCode::kFrame ||
                frame.error().code == focal::ErrorCode::kLimit);
    return 0;
  }
  std::visit(InsideLimits{}, *frame);
  const focal::Bytes once = encode_frame(*frame);
  FOCAL_CHECK(once.front() == data[0]);
  const auto again = parse_frame(once);
  FOCAL_CHECK(again.has_value() && encode_frame(*again) == once);
  return 0;
}
