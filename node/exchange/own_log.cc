#include "node/exchange/own_log.h"

#include <algorithm>
#include <utility>

#include "crypto/hash.h"
#include "node/store/checkpoint.h"

namespace focal::exchange {
namespace {

constexpr std::uint32_t kMostTries = 10;

Error refused(std::string why, std::string hint = {}) {
  return fail(ErrorCode::kWitness, std::move(why), std::move(hint));
}

// The checkpoint with the lines under it.
std::string whole_note(const store::PublishedRow& row) {
  std::string out = row.checkpoint.note;
  for (const store::CosigRow& line : row.cosigs)
    if (out.size() + line.line.size() <= crypto::kMaxNoteSize) out += line.line;
  return out;
}

std::string leaves(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " leaf" : " leaves"); }

}  // namespace

Status OwnLog::load() {
  ops_.clear();
  policy_staged_ = published_staged_ = false;
  newest_ = view_.last_checkpoint();
  if (newest_) {
    const auto at = store::parse_checkpoint(newest_->note);
    if (!at || at->origin != self_.card.log_name) newest_.reset();  // of the name before
  }
  continuation_ = -1;
  std::string name;
  for (const store::OwnCardRow& row : view_.own_cards()) {
    if (!name.empty() && row.origin != name) continuation_ = row.idx - 1;
    name = row.origin;
  }
  FOCAL_TRY(load_policies());
  const auto published = view_.newest_published();
  published_ = published ? published->checkpoint.size : 0;
  published_note_ = published ? whole_note(*published) : std::string();
  lines_.clear();
  const auto remember = [this](std::uint64_t size) {
    for (const store::CosigRow& row : view_.cosigs(size)) {
      lines_[size].insert(row.witness);
      std::uint64_t& holds = holds_[row.witness];
      if (size > static_cast<std::uint64_t>(continuation_ + 1)) holds = std::max(holds, size);
    }
  };
  if (published_ != 0) remember(published_);
  if (newest_ && newest_->size != published_) remember(newest_->size);
  publish_if_due();
  return {};
}

Status OwnLog::load_policies() {
  policies_.clear();
  for (const store::WitnessPolicyRow& row : view_.witness_policies()) {
    auto policy = read_witness_policy(row.note);
    if (!policy)
      return fail(ErrorCode::kCorrupt,
                  "a stored witness policy cannot be read: " + policy.error().message,
                  "Run 'focal ledger verify', then restore the ledger from a backup.");
    policies_.push_back({row.idx, std::move(*policy), {}});
  }
  return {};
}

void OwnLog::committed() {
  if (std::exchange(policy_staged_, false)) static_cast<void>(load_policies());
  if (!std::exchange(published_staged_, false)) return;
  if (const auto published = view_.newest_published()) published_note_ = whole_note(*published);
}

void OwnLog::made(const store::CheckpointRow& row) {
  newest_ = row;
  sent_.clear();
  publish_if_due();
}

OwnLog::List OwnLog::list_for(std::uint64_t size) const {
  for (auto policy = policies_.rbegin(); policy != policies_.rend(); ++policy) {
    const auto end = static_cast<std::uint64_t>(policy->idx) + 1;  // size that contains its leaf
    if (end > size) continue;
    // After a continuation the newest list before it counts at once.
    const bool at_once = policy->idx < continuation_ &&
                         size > static_cast<std::uint64_t>(continuation_);
    if (!at_once && !policy->first)
      if (const auto first = view_.first_published(end)) policy->first = first->checkpoint.size;
    if (at_once || (policy->first && *policy->first < size))
      return {policy->what.witnesses, policy->what.quorum};
  }
  return {};
}

bool OwnLog::has_line(std::uint64_t size, const std::string& party) const {
  const auto it = lines_.find(size);
  return it != lines_.end() && it->second.contains(party);
}

std::size_t OwnLog::lines_of(std::uint64_t size, const List& list) const {
  return static_cast<std::size_t>(
      std::count_if(list.witnesses.begin(), list.witnesses.end(),
                    [&](const std::string& party) { return has_line(size, party); }));
}

// Only ever a larger one than the last: which list counts for a size is settled for good.
void OwnLog::publish_if_due() {
  std::set<std::uint64_t> sizes;
  for (const auto& [size, parties] : lines_)
    if (size > published_) sizes.insert(size);
  if (newest_ && newest_->size > published_) sizes.insert(newest_->size);
  for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
    const List list = list_for(*size);
    if (lines_of(*size, list) < list.quorum) continue;
    published_ = *size;
    published_staged_ = true;
    ops_.emplace_back(store::PutPublished{*size});
    std::erase_if(lines_, [&](const auto& each) { return each.first < published_; });
    return;
  }
}

Status OwnLog::take_line(const std::string& from, const crypto::Note& note, const BookTime& time) {
  const Peer* peer = peers_.find(from);
  if (peer == nullptr) return refused("a line of nobody known here");
  FOCAL_ASSIGN(const store::Checkpoint at, store::parse_checkpoint(crypto::format_note(note)));
  if (at.origin != self_.card.log_name) return refused("a line over a checkpoint of another log");
  const auto row = view_.checkpoint(at.size);
  if (!row || row->root != at.root)
    return refused("a line over a checkpoint that this node has not made");
  if (!is_witness(from)) return refused(from + " is no witness of this log");
  const std::string name = witness_name(from);
  FOCAL_TRY(crypto::check_note(
      note, {{name, peer->card.witness, crypto::NoteKeyType::kCosignature}}));
  const auto id = crypto::note_key_id(name, crypto::NoteKeyType::kCosignature, peer->card.witness);
  const auto line = std::find_if(
      note.signatures.begin(), note.signatures.end(),
      [&](const crypto::NoteSignature& each) { return each.name == name && each.key_id == id; });
  const auto seconds = crypto::cosignature_time(*line);
  const auto last = view_.leaf(static_cast<store::LeafIndex>(at.size) - 1);
  const std::uint64_t at_ms = seconds ? std::min(*seconds, ~std::uint64_t{0} / kSecondMs) * kSecondMs : 0;
  if (!seconds || at_ms > time.latest_ms + kLineClockMs ||
      (last && at_ms + kLineClockMs < last->time_ms))
    return refused("the line of " + from + " is dated as no right clock can date it",
                   "Ask them to look at the clock of their node.");
  std::uint64_t& holds = holds_[from];
  holds = std::max(holds, at.size);
  sent_.erase(from);
  if (has_line(at.size, from)) return {};
  const bool is_old = at.size < published_;
  if (!is_old) lines_[at.size].insert(from);
  const std::string only = crypto::format_note({note.text, {*line}}).substr(note.text.size() + 1);
  ops_.emplace_back(store::PutCosig{{at.size, from, *seconds, only}});
  published_staged_ = published_staged_ || at.size == published_;  // its note has a line more
  if (!is_old) publish_if_due();
  return {};
}

Status OwnLog::take_conflict(const std::string& from, const std::string& note) {
  FOCAL_ASSIGN(const store::Checkpoint at, store::parse_checkpoint(note));
  if (at.origin != self_.card.log_name) return refused("a checkpoint of another log");
  FOCAL_TRY(crypto::check_note(at.note, {{at.origin, self_.card.log}}));
  const auto row = view_.checkpoint(at.size);
  if (!row || row->root != at.root)
    return refused(from + " holds a checkpoint that our log key signed and that is not here",
                   "This node may be an older copy of itself, or somebody else has its keys.");
  holds_[from] = at.size;
  asked_[from] = at.size;
  Sent& sent = sent_[from];
  sent.tries = 0;
  return {};
}

std::optional<CkptFrame> OwnLog::due_for(const std::string& peer, const BookTime& time) {
  if (!newest_) return std::nullopt;
  const Peer* to = peers_.find(peer);
  if (to == nullptr || to->standing.suspended || to->standing.revoked) return std::nullopt;
  const auto sent = sent_.find(peer);
  if (sent != sent_.end() && time.now.mono_ms < sent->second.next_ms) return std::nullopt;
  const List list = list_for(newest_->size);
  const bool is_its_witness =
      std::find(list.witnesses.begin(), list.witnesses.end(), peer) != list.witnesses.end();
  std::optional<store::CheckpointRow> what = newest_;
  if (!is_its_witness && newest_->size != published_) {  // a witness alone sees the unpublished
    what = published_ == 0 ? std::nullopt : view_.checkpoint(published_);
    const auto at = what ? store::parse_checkpoint(what->note) : Result<store::Checkpoint>(refused(""));
    if (!at || at->origin != self_.card.log_name) what.reset();
  }
  const auto asks = asked_.find(peer);
  const bool is_asked = asks != asked_.end() && what && asks->second <= what->size;
  if (!is_asked && (!is_its_witness || has_line(newest_->size, peer))) return std::nullopt;
  Sent& state = sent_[peer];
  std::uint64_t old_size = is_asked ? asks->second : 0;
  // What they hold may have gone where they lost it: every second try begins anew.
  if (const auto holds = holds_.find(peer); !is_asked && holds != holds_.end() && state.tries % 2 == 0)
    old_size = holds->second <= what->size ? holds->second : 0;
  if (is_asked) asked_.erase(asks);
  state.next_ms = time.now.mono_ms +
                  std::min(kCkptEveryMs << std::min(state.tries, kMostTries), kCkptAgainMs);
  ++state.tries;
  state.size = what->size;
  CkptFrame out{old_size, {}, what->note};
  if (old_size != 0 && old_size < what->size) out.proof = view_.consistency(old_size, what->size);
  return out;
}

bool OwnLog::is_witness(const std::string& party) const {
  const auto has = [&](const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), party) != list.end();
  };
  if (newest_ && has(list_for(newest_->size).witnesses)) return true;
  return !policies_.empty() && has(policies_.back().what.witnesses);
}

Result<WitnessPolicy> OwnLog::make_policy(WitnessPolicyFields fields, const BookTime& time) const {
  if (self_.log.pk != self_.card.log) return refused("this node has no key of its log");
  fields.party = self_.party();
  fields.log = self_.card.log_name;
  const std::uint64_t before = policies_.empty() ? 0 : policies_.back().what.serial;
  fields.serial = std::max(before + 1, time.now.wall_ms / kSecondMs);
  return make_witness_policy(fields, self_.log);
}

Result<store::PutWitnessPolicy> OwnLog::set_policy(std::vector<std::string> parties,
                                                   std::uint32_t quorum, const BookTime& time) {
  std::sort(parties.begin(), parties.end());
  if (std::adjacent_find(parties.begin(), parties.end()) != parties.end())
    return fail(ErrorCode::kInvalid, "a witness is named twice", {}, "witness");
  if (parties.size() > kMaxWitnesses)
    return fail(ErrorCode::kInvalid, "more than 16 witnesses are named", {}, "witness");
  for (const std::string& party : parties) {
    const Peer* peer = peers_.find(party);
    if (party == self_.party())
      return fail(ErrorCode::kInvalid, "a node is no witness of its own log", {}, "witness");
    if (peer == nullptr || peer->standing.level != TrustLevel::kVerified ||
        peer->standing.suspended || peer->standing.revoked)
      return fail(ErrorCode::kTrust, party + " is not VERIFIED here",
                  "Compare the safety number first: 'focal peer verify " + party + "'.", "witness");
  }
  if (!is_quorum(parties.size(), quorum))
    return fail(ErrorCode::kInvalid,
                std::to_string(quorum) + " of " + std::to_string(parties.size()) +
                    " is no quorum",
                "More than half of the witnesses have to be asked for.", "quorum");
  FOCAL_ASSIGN(WitnessPolicy policy, make_policy({{}, {}, 1, quorum, std::move(parties)}, time));
  policy_staged_ = true;
  return store::PutWitnessPolicy{std::move(policy.note), policy.policy_id, {}};
}

const WitnessPolicy* OwnLog::newest_policy() const {
  return policies_.empty() ? nullptr : &policies_.back().what;
}

const std::string& OwnLog::policy_note() const {
  static const std::string kNone;
  const WitnessPolicy* policy = newest_policy();
  return policy != nullptr && policy->log == self_.card.log_name ? policy->note : kNone;
}

std::optional<store::PutWitnessPolicy> OwnLog::renewed_policy(const BookTime& time) {
  const WitnessPolicy* policy = newest_policy();
  if (policy == nullptr || policy->log == self_.card.log_name || policy_staged_) return std::nullopt;
  auto again = make_policy({{}, {}, 1, policy->quorum, policy->witnesses}, time);
  if (!again) return std::nullopt;
  policy_staged_ = true;
  return store::PutWitnessPolicy{std::move(again->note), again->policy_id,
                                 "the same witnesses, under the new name of the log"};
}

std::optional<CosigFrame> OwnLog::line_of(const std::string& party) const {
  for (const std::uint64_t size : {newest_ ? newest_->size : 0, published_}) {
    const auto row = size == 0 ? std::nullopt : view_.checkpoint(size);
    if (!row) continue;
    for (const store::CosigRow& line : view_.cosigs(size))
      if (line.witness == party) return CosigFrame{row->note, line.line, {}};
  }
  return std::nullopt;
}

std::uint64_t OwnLog::cosigned_by(const std::string& party) const {
  if (newest_ && has_line(newest_->size, party)) return newest_->size;
  return has_line(published_, party) ? published_ : 0;
}

Coverage OwnLog::coverage() const {
  Coverage out;
  out.size = static_cast<std::uint64_t>(view_.log_size());
  const List list = list_for(newest_ ? newest_->size : out.size);
  out.n = static_cast<std::uint32_t>(list.witnesses.size());
  out.q = list.quorum;
  if (const auto published = view_.newest_published()) {
    out.published = published->checkpoint.size;
    for (const store::CosigRow& line : published->cosigs) out.by.push_back(line.witness);
    std::sort(out.by.begin(), out.by.end());
    const List then = list_for(published->checkpoint.size);
    if (then.quorum != 0) {
      out.witnessed = published->checkpoint.size;
      out.n = static_cast<std::uint32_t>(then.witnesses.size());
      out.q = then.quorum;
    }
  }
  out.unwitnessed_leaves = out.size - out.witnessed;
  out.words = words(out);
  return out;
}

std::string OwnLog::words(const Coverage& coverage) const {
  const WitnessPolicy* newest = newest_policy();
  if (coverage.witnessed != 0)
    return std::to_string(coverage.witnessed) + " of " + leaves(coverage.size) + " witnessed by " +
           joined(coverage.by) + " (" + std::to_string(coverage.by.size()) + " of " +
           std::to_string(coverage.n) + ")";
  if (newest == nullptr || newest->witnesses.empty())
    return "UNWITNESSED: no other party vouches for this log; name witnesses with "
           "'focal witness set'";
  if (coverage.n == 0)
    return "UNWITNESSED: " + joined(newest->witnesses) +
           " are asked from the second checkpoint after they were named";
  return "UNWITNESSED: " + std::to_string(coverage.q) + " of " + joined(newest->witnesses) +
         " have to cosign a checkpoint, and have not yet";
}

}  // namespace focal::exchange
