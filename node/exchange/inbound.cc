#include "node/exchange/inbound.h"

#include <algorithm>

#include "base/defect.h"
#include "crypto/merkle.h"
#include "node/exchange/approval.h"
#include "proto/lint.h"

namespace focal::exchange {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr char kRevokedKey[] = "signed with a key that is revoked";

Refused silent(int step, std::string why, BounceCode bounce = BounceCode::kUnopenable,
               std::string from = {}) {
  return Refused{step, bounce, std::move(why), std::move(from)};
}

Refused silent(int step, const Error& error) {
  return silent(step, error.path.empty() ? error.message : error.path + ": " + error.message);
}

Wait wait_for(store::WaitReason reason, std::string why, std::string from = {}) {
  return Wait{reason, std::move(why), std::move(from)};
}

// Field 1 first: a newer version cannot be linted by this program.
std::optional<Judgement> newer_version(ByteView object, const char* what) {
  const auto version = proto::peek_version(object);
  if (!version) return Judgement{silent(4, version.error())};
  if (*version != kVersion)
    return Judgement{wait_for(store::WaitReason::kVersion,
                              std::string(what) + " is of a newer version")};
  return std::nullopt;
}

bool contains(const std::vector<std::string>& parties, const std::string& party) {
  return std::find(parties.begin(), parties.end(), party) != parties.end();
}

}  // namespace

tl::expected<Bytes, Refused> Inbound::open(ByteView envelope, const Now& now, PairUse* use) {
  // Step 1: the header, and a key of mine that is alive.
  const auto header = parse_envelope(envelope);
  if (!header) return tl::make_unexpected(silent(1, header.error().message, BounceCode::kTooBig));
  const SealingKey* key = self_.find_sealing(header->to_kid);
  if (key == nullptr || key->suite != header->suite)
    return tl::make_unexpected(
        self_.is_gone(header->to_kid)
            ? silent(1, "sealed to a key that was destroyed", BounceCode::kKidGone)
            : silent(1, "sealed to a key this node has not", BounceCode::kKidUnknown));
  const PairKey* pair = nullptr;
  if (header->mode == kModePsk && !contexts_.knows(*header, now.mono_ms)) {
    pair = self_.pairs.opening_key(Identity::week_of(*key), header->enc, header->hint, use);
    if (pair == nullptr) {
      ++strange_hints_;
      return tl::make_unexpected(silent(1, "the hint is that of no pair secret here",
                                        BounceCode::kPskUnknown));
    }
  }
  // Steps 2 and 3: opening, length and padding. One code for every failure.
  auto inner = contexts_.open(*header, key->key, self_.party(), now.mono_ms, pair);
  if (!inner) {
    const int step = inner.error().code == ErrorCode::kDecrypt ? 2 : 3;
    return tl::make_unexpected(silent(step, inner.error().message));
  }
  return std::move(*inner);
}

Judgement Inbound::judge(ByteView inner, const Now& now, bool wait_over) {
  // Step 4 begins: structure of Inner and items.
  auto parsed = parse_inner(inner);
  if (!parsed) return silent(4, parsed.error());
  if (const auto* receipts = std::get_if<ReceiptsView>(&*parsed)) return judge_receipts(*receipts, now);
  return judge_batch(std::get<BatchView>(*parsed), now, wait_over);
}

// Step 4 for a batch: statement and manifests, one sender and one audience, the
// leaves fold to the signed root.
std::optional<Judgement> Inbound::read_batch(const BatchView& batch, JudgedBatch& out) {
  if (auto newer = newer_version(batch.stmt, "the statement")) return newer;
  auto statement = parse_statement(batch.stmt);
  if (!statement) return Judgement{silent(4, statement.error())};
  out.statement = std::move(*statement);
  out.signature = to_bytes(batch.sig);
  const Manifest* first = nullptr;
  out.items.resize(batch.items.size());
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const ItemView& view = batch.items[i];
    JudgedItem& item = out.items[i];
    item.position = static_cast<std::uint32_t>(i);
    item.raw = view.raw;
    if (view.manifest.empty()) {
      item.verdict = JudgedItem::Verdict::kLeafOnly;
      out.rids.push_back(*fixed<32>(view.leaf));
      continue;
    }
    if (auto newer = newer_version(view.manifest, "a manifest")) return newer;
    auto manifest = parse_manifest(view.manifest);
    if (!manifest) return Judgement{silent(4, manifest.error())};
    item.manifest = std::move(*manifest);
    out.rids.push_back(item.manifest.rid);
    if (first == nullptr) first = &item.manifest;
    if (item.manifest.from != first->from || item.manifest.from_card != first->from_card ||
        item.manifest.to != first->to)
      return Judgement{silent(4, "the manifests differ in sender or audience")};
  }
  if (first == nullptr) return Judgement{silent(4, "a batch of leaves only")};
  if (out.statement.size != out.items.size())
    return Judgement{silent(4, "the item count is not the signed size")};
  if (crypto::merkle_root(out.rids) != out.statement.root)
    return Judgement{silent(4, "the leaves do not fold to the signed root")};
  out.from = first->from;
  return std::nullopt;
}

// Steps 5 and 6: who signs, under which card, and does the signature verify.
std::optional<Judgement> Inbound::check_signer(const std::string& from, const Hash32& card_id,
                                               const Statement& statement, ByteView signature,
                                               Purpose purpose, const Now& now, const Card** card) {
  const Peer* peer = peers_.find(from);
  if (peer == nullptr)
    return Judgement{wait_for(store::WaitReason::kNeedCard, "no card of " + from + " here", from)};
  // Also of a revoked party: its next card may be held here, or come behind the revocation.
  *card = peer->find_card(card_id);
  if (*card == nullptr)
    return Judgement{wait_for(store::WaitReason::kNeedCard, "signed under a card of " + from +
                              " that is not here", from)};
  if (peer->standing.revoked)
    return Judgement{silent(5, from + " is revoked", BounceCode::kUnopenable, from)};
  if (peer->is_out_of_use(**card, clock_.at(now)))
    return Judgement{silent(5, "signed under a card that was superseded more than 400 days ago",
                            BounceCode::kUnopenable, from)};
  if (statement.purpose != static_cast<std::uint32_t>(purpose))
    return Judgement{silent(6, "the statement is for another purpose", BounceCode::kUnopenable, from)};
  if (statement.from != from)
    return Judgement{silent(6, "statement and manifest name different senders",
                            BounceCode::kUnopenable, from)};
  if (statement.card != card_id)
    return Judgement{silent(6, "statement and manifest name different cards",
                            BounceCode::kUnopenable, from)};
  if (!planted(Defect::kSkippedSignature) &&
      !verify_statement((*card)->sign, statement.bytes, signature))
    return Judgement{silent(6, "the signature does not verify", BounceCode::kUnopenable, from)};
  // Receipts under a key that somebody else may have end nothing; of records only those that
  // are here already are answered (judge_item).
  if (purpose == Purpose::kReceipts && peer->revoked_since(**card, RevocationScope::kSign))
    return Judgement{silent(5, kRevokedKey, BounceCode::kUnopenable, from)};
  return std::nullopt;
}

Judgement Inbound::judge_batch(const BatchView& batch, const Now& now, bool wait_over) {
  JudgedBatch out;
  if (auto stop = read_batch(batch, out)) return std::move(*stop);
  const auto first = std::find_if(out.items.begin(), out.items.end(), [](const JudgedItem& item) {
    return item.verdict != JudgedItem::Verdict::kLeafOnly;
  });
  const Card* card = nullptr;
  if (auto stop = check_signer(out.from, first->manifest.from_card, out.statement, batch.sig,
                               Purpose::kRecords, now, &card))
    return std::move(*stop);
  // Step 7: written to me, not to its own sender, not by me.
  if (!contains(first->manifest.to, self_.party()) && !planted(Defect::kSkippedAudience))
    return silent(7, "this party is not in the audience", BounceCode::kUnopenable, out.from);
  if (contains(first->manifest.to, out.from) || out.from == self_.party())
    return silent(7, "the sender is in the audience", BounceCode::kUnopenable, out.from);
  for (std::size_t i = 0; i < out.items.size(); ++i)
    if (out.items[i].verdict != JudgedItem::Verdict::kLeafOnly)
      judge_item(batch.items[i], *card, now, wait_over, out.statement, out.items[i]);
  return out;
}

// Step 8: the parts that the manifest commits to.
std::optional<Refused> Inbound::check_content(const ItemView& view, const Card& card,
                                              const Manifest& m) {
  if (planted(Defect::kSkippedBody)) return std::nullopt;
  if (view.body.size() != m.body_len) return silent(8, "the body has another length");
  const auto salt = fixed<32>(view.salt);
  if (!salt || body_commitment(*salt, view.body) != m.body_commit)
    return silent(8, "the body is not the one committed to");
  if (view.attachment_keys != m.attachments || view.attachment_names != m.attachments)
    return silent(8, "attachment keys or names do not match the manifest");
  if (view.approvals.size() != m.approver.size())
    return silent(8, "approvals do not match the manifest");
  for (std::size_t i = 0; i < m.approver.size(); ++i) {
    const auto role = check_approval(view.approvals[i].certificate, view.approvals[i].signature,
                                     m.approver[i], card, m.bytes, m.created_ms);
    if (!role) return silent(8, role.error());
  }
  return std::nullopt;
}

void Inbound::judge_item(const ItemView& view, const Card& card, const Now& now, bool wait_over,
                         const Statement& statement, JudgedItem& item) {
  using Verdict = JudgedItem::Verdict;
  const Manifest& m = item.manifest;
  const auto reject = [&](store::RecordStatus status, std::string why) {
    item.verdict = Verdict::kFinal;
    item.status = static_cast<std::uint32_t>(status);
    item.why = std::move(why);
  };
  const auto hold = [&](store::WaitReason reason, std::string why) {
    item.verdict = Verdict::kWait;
    item.wait = wait_for(reason, std::move(why), m.from);
  };
  if (auto refused = check_content(view, card, m)) {
    item.verdict = Verdict::kSilent;
    item.refused = std::move(*refused);
    item.refused.from = m.from;
    return;
  }
  // A repeat: the original receipt stands, whatever this run would find.
  if (const auto known = view_.find({m.rid, m.created_ms}); known && !known->sent && !planted(Defect::kNoRecordIdCheck)) {
    item.verdict = Verdict::kRepeat;
    item.status = known->status;
    item.at_ms = known->at_ms;
    // It was judged when its receipt was signed; the content was lost since, and is the one that
    // the manifest commits to.
    item.restores = !known->has_body && !known->shred && known->peer == m.from;
    if (item.restores && store::is_accepted(known->status) && record::is_known_kind(m.kind))
      if (auto checked = record::parse_checked(view.body, m.kind, m.from, m.to))
        item.record = std::move(*checked);
    return;
  }
  const Peer& peer = *peers_.find(m.from);
  if (peer.revoked_since(card, RevocationScope::kSign)) {
    item.verdict = Verdict::kSilent;
    item.refused = silent(5, kRevokedKey, BounceCode::kUnopenable, m.from);
    return;
  }
  // Step 9: may this party say this kind of thing.
  const Permission permission = peers_.check_kind(m.kind, peer.standing);
  if (permission == Permission::kSuspended)
    return hold(store::WaitReason::kNeedTrust, m.from + " is suspended here");
  if (permission != Permission::kAllowed && !planted(Defect::kSkippedTrust)) {
    if (!wait_over) return hold(store::WaitReason::kNeedTrust, m.from + " is not verified here");
    return reject(store::RecordStatus::kNotTrusted, m.from + " was not verified within 30 days");
  }
  // Step 10: times. |signed - created| can never change, so it is final at once.
  const std::uint64_t skew = statement.signed_ms > m.created_ms
                                 ? statement.signed_ms - m.created_ms
                                 : m.created_ms - statement.signed_ms;
  if (m.created_ms > now.wall_ms + kMaxAheadMs && !planted(Defect::kSkippedClock)) {
    if (!wait_over) return hold(store::WaitReason::kClock, "written more than a day in the future");
    return reject(store::RecordStatus::kClock, "written more than a day in the future");
  }
  if (skew > kMaxSignSkewMs)
    return reject(store::RecordStatus::kClock, "signed more than seven days from its writing");
  // Step 11: form, authority and label.
  check_record(view, item);
}

void Inbound::check_record(const ItemView& view, JudgedItem& item) {
  const Manifest& m = item.manifest;
  item.verdict = JudgedItem::Verdict::kFinal;
  if (m.attachments != 0) {
    item.status = static_cast<std::uint32_t>(store::RecordStatus::kAttachmentsNotYet);
    item.why = "attachments are not supported yet";
    return;
  }
  // Step 8 has found as many approvals as the manifest names, each of them good.
  if (m.approver.empty() && approved_kinds_.contains(m.kind)) {
    item.status = static_cast<std::uint32_t>(store::RecordStatus::kAuthority);
    item.why = "no second officer of " + m.from + " released it, which this node asks of " + m.kind;
    return;
  }
  if (!record::is_known_kind(m.kind)) {
    item.status = static_cast<std::uint32_t>(store::RecordStatus::kAcceptedUnknownKind);
    return;
  }
  auto checked = record::parse_checked(view.body, m.kind, m.from, m.to);
  if (!checked) {
    item.status = static_cast<std::uint32_t>(checked.error().status);
    item.why = checked.error().as_error().message;  // names the path
    return;
  }
  item.status = static_cast<std::uint32_t>(store::RecordStatus::kAccepted);
  item.record = std::move(*checked);
}

Judgement Inbound::judge_receipts(const ReceiptsView& receipts, const Now& now) {
  if (auto newer = newer_version(receipts.stmt, "the statement")) return std::move(*newer);
  auto statement = parse_statement(receipts.stmt);
  if (!statement) return silent(4, statement.error());
  JudgedReceipts out;
  out.statement = std::move(*statement);
  out.from = out.statement.from;
  out.signature = to_bytes(receipts.sig);
  out.checkpoint = to_bytes(receipts.checkpoint);
  out.cosigs = to_bytes(receipts.cosigs);
  if (out.statement.size != receipts.items.size())
    return silent(4, "the receipt count is not the signed size");
  std::vector<Hash32> leaves;
  for (const ByteView raw : receipts.items) {
    auto item = parse_receipt_item(raw);
    if (!item) return silent(4, item.error());
    if (!is_receipt_status(item->status))
      return silent(4, "a receipt has a status that is never sent");
    leaves.push_back(crypto::merkle_leaf(raw));
    out.items.push_back(*item);
    out.raw.push_back(to_bytes(raw));
  }
  if (crypto::merkle_root(leaves) != out.statement.root)
    return silent(4, "the receipts do not fold to the signed root");
  const Card* card = nullptr;
  if (auto stop = check_signer(out.from, out.statement.card, out.statement, receipts.sig,
                               Purpose::kReceipts, now, &card))
    return std::move(*stop);
  return out;
}

}  // namespace focal::exchange
