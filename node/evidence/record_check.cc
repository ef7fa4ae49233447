#include "node/evidence/record_check.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/sign.h"
#include "node/evidence/proofs.h"
#include "node/exchange/approval.h"
#include "node/exchange/inner.h"
#include "node/exchange/statement.h"
#include "node/store/rows.h"

namespace focal::evidence {
namespace {

using exchange::Card;
using exchange::Statement;

constexpr std::size_t kSignatureSize = 64;
constexpr std::size_t kSaltSize = 32;

// A statement with its signature and the path of one of its leaves, in their form (5.2, 20.3).
struct SignedBatch {
  Statement statement;
  ByteView signature;
  BatchPath path;
};
std::optional<SignedBatch> read_batch(ByteView stmt, ByteView sig, ByteView path) {
  auto statement = exchange::parse_statement(stmt);  // refuses another version than 1
  auto way = read_path(as_text(path));
  if (!statement.has_value() || sig.size() != kSignatureSize || !way.has_value())
    return std::nullopt;
  return SignedBatch{std::move(*statement), sig, std::move(*way)};
}

bool leads_to_root(const SignedBatch& batch, const Hash32& leaf) {
  return batch.path.size == batch.statement.size &&
         crypto::verify_inclusion(leaf, batch.path.index, batch.path.size, batch.path.hashes,
                                  batch.statement.root);
}

bool verifies(const Card& card, const SignedBatch& batch) {
  return exchange::verify_statement(card.sign, batch.statement.bytes, batch.signature);
}

// The earliest of some times.
void take_earlier(std::optional<std::uint64_t>& earliest, std::uint64_t seconds) {
  earliest = earliest ? std::min(*earliest, seconds) : seconds;
}

class RecordCheck {
 public:
  RecordCheck(const Chains& chains, const RecordFiles& record)
      : chains_(chains), r_(record), m_(record.manifest), rid_(hex(m_.rid)) {
    read_ledger(m_.from);
    for (const std::string& party : m_.to) read_ledger(party);
  }

  void say(std::vector<Claim>& out) const {
    out.push_back(signed_by_sender());
    for (std::size_t i = 0; i < m_.approver.size(); ++i) out.push_back(released(i));
    out.push_back(content());
    for (const std::string& party : m_.to) out.push_back(receipt(party));
    for (const LogEntry& entry : entries_) out.push_back(logged(entry));
    say_witnessed(out);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (entries_[i].stands()) out.push_back(quorum(i));
    out.push_back(time());
    for (const auto& [party, files] : r_.erased) out.push_back(erased(party));
  }

 private:
  void read_ledger(const std::string& party) {
    LogEntry entry = read_logged(chains_, r_, party);
    std::vector<WitnessLine> lines;
    if (entry.stands()) lines = witness_lines(chains_, party, entry.checkpoint.note);
    for (const WitnessLine& line : lines) {
      if (line.judgement != kProven) continue;
      take_earlier(seen_, *line.at_s);
      if (line.party != m_.from) take_earlier(seen_by_others_, *line.at_s);
      take_earlier(seen_in_[party], *line.at_s);
    }
    entries_.push_back(std::move(entry));
    lines_.push_back(std::move(lines));
  }

  Claim claim(ClaimKind kind, const std::string& party) const {
    Claim out;
    out.kind = kind;
    out.rid = rid_;
    out.party = party;
    return out;
  }

  std::optional<std::uint64_t> seen_in(const std::string& party) const {
    const auto at = seen_in_.find(party);
    return at == seen_in_.end() ? std::nullopt : at->second;
  }

  Claim signed_by_sender() const {
    Claim out = claim(ClaimKind::kSigned, m_.from);
    const auto batch = read_batch(*r_.stmt, *r_.sig, *r_.path);
    if (!batch) {
      out.judgement = broken(Reason::kForm);
      return out;
    }
    const Statement& s = batch->statement;
    const Chain& chain = chain_of(chains_, m_.from);
    const Card* card = chain.card(m_.from_card);
    if (card != nullptr) out.by = std::to_string(card->serial);
    out.at = claim_time(s.signed_ms);
    const bool is_of_manifest =
        s.purpose == static_cast<std::uint32_t>(exchange::Purpose::kRecords) && s.from == m_.from &&
        s.card == m_.from_card;
    if (!leads_to_root(*batch, m_.rid)) {
      out.judgement = broken(Reason::kPath);
    } else if (!is_of_manifest) {
      out.judgement = broken(Reason::kSignature);
    } else if (card == nullptr) {
      out.judgement = chain.missing();
    } else if (!verifies(*card, *batch)) {
      out.judgement = broken(Reason::kSignature);
    } else {
      out.judgement = chain.standing(*card, KeyRole::kSign, seen_by_others_);
    }
    return out;
  }

  Claim released(std::size_t place) const {
    Claim out = claim(ClaimKind::kReleased, m_.from);
    const auto files = r_.approvals.find(place);
    if (files == r_.approvals.end()) {
      out.judgement = not_shown(Reason::kAbsent);
      return out;
    }
    const std::string_view certificate = as_text(*files->second.certificate);
    if (crypto::sha256(certificate) != m_.approver[place]) {
      out.judgement = broken(Reason::kCertificate);
      return out;
    }
    const Chain& chain = chain_of(chains_, m_.from);
    const Card* card = chain.card(m_.from_card);
    if (card == nullptr) {
      out.judgement = chain.missing();
      return out;
    }
    const auto officer = exchange::parse_certificate(certificate, *card);
    if (!officer.has_value() || !exchange::is_valid_at(*officer, m_.created_ms)) {
      out.judgement = broken(Reason::kCertificate);
      return out;
    }
    out.by = officer->role;
    out.at = claim_time(m_.created_ms);
    out.judgement = exchange::verify_approval(officer->key, m_.bytes, *files->second.signature)
                        ? chain.standing(*card, KeyRole::kSign, seen_by_others_)
                        : broken(Reason::kSignature);
    return out;
  }

  Claim content() const {
    Claim out = claim(ClaimKind::kContent, m_.from);
    if (!r_.body) {
      out.judgement = not_shown(r_.erased.empty() ? Reason::kWithheld : Reason::kAbsent);
      return out;
    }
    const auto salt = fixed<kSaltSize>(*r_.salt);
    if (!salt || r_.body->size() != m_.body_len ||
        exchange::body_commitment(*salt, *r_.body) != m_.body_commit)
      out.judgement = broken(Reason::kCommitment);
    return out;
  }

  // ACCEPTED or REJECTED.
  Claim receipt(const std::string& party) const {
    Claim out = claim(ClaimKind::kAccepted, party);
    const auto files = r_.receipts.find(party);
    if (files == r_.receipts.end()) {
      out.judgement = not_shown(Reason::kAbsent);
      return out;
    }
    const ReceiptFiles& f = files->second;
    const auto item = read_item(*f.item);
    const auto batch = read_batch(*f.stmt, *f.sig, *f.path);
    if (!item || !batch) {
      out.judgement = broken(Reason::kForm);
      return out;
    }
    if (store::is_rejected(item->status)) out.kind = ClaimKind::kRejected;
    out.by = std::to_string(item->status);
    out.at = claim_time(item->at_ms);
    out.judgement = judge_receipt(party, *item, *f.item, *batch);
    return out;
  }

  // Rules 2 to 7.
  Judgement judge_receipt(const std::string& party, const exchange::ReceiptItem& item,
                          ByteView item_bytes, const SignedBatch& batch) const {
    const store::RecordRef ref{m_.rid, m_.created_ms};
    if (item.ref != ref || item.leaf != exchange::receipt_for(ref, item.status, item.at_ms).leaf)
      return broken(Reason::kLeaf);
    if (!leads_to_root(batch, crypto::merkle_leaf(item_bytes))) return broken(Reason::kPath);
    const Statement& s = batch.statement;
    if (s.purpose != static_cast<std::uint32_t>(exchange::Purpose::kReceipts) || s.from != party)
      return broken(Reason::kSignature);
    const Chain& chain = chain_of(chains_, party);
    const Card* card = chain.card(s.card);
    if (card == nullptr) return chain.missing();
    if (!verifies(*card, batch)) return broken(Reason::kSignature);
    return chain.standing(*card, KeyRole::kSign, seen_in(party));
  }

  Claim logged(const LogEntry& entry) const {
    Claim out = claim(ClaimKind::kLogged, entry.party);
    out.by = entry.by;
    out.at = entry.at;
    out.judgement = entry.judgement;
    if (entry.stands())
      out.judgement =
          chain_of(chains_, entry.party).standing(*entry.card, KeyRole::kLog, seen_in(entry.party));
    return out;
  }

  void say_witnessed(std::vector<Claim>& out) const {
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!entries_[i].stands()) continue;
      for (const WitnessLine& line : lines_[i]) {
        out.push_back(claim(ClaimKind::kWitnessed, entries_[i].party));
        out.back().by = line.party;
        if (line.at_s) out.back().at = claim_time_of_seconds(*line.at_s);
        out.back().judgement = line.judgement;
      }
      if (!lines_[i].empty()) continue;
      out.push_back(claim(ClaimKind::kWitnessed, entries_[i].party));
      out.back().judgement = not_shown(Reason::kAbsent);
    }
  }

  Claim quorum(std::size_t place) const {
    const LogEntry& entry = entries_[place];
    const Claim about = logged(entry);
    Claim out = claim(ClaimKind::kQuorum, entry.party);
    if (about.judgement != kProven) {
      out.judgement = about.judgement;
      return out;
    }
    const Claim counted = quorum_of(chain_of(chains_, entry.party), entry, lines_[place]);
    out.by = counted.by;
    out.at = counted.at;
    out.judgement = counted.judgement;
    return out;
  }

  Claim time() const {
    Claim out = claim(ClaimKind::kTime, m_.from);
    out.by = claim_time(m_.created_ms);
    if (seen_) {
      out.at = claim_time_of_seconds(*seen_);
    } else {
      out.judgement = not_shown(Reason::kAbsent);
    }
    return out;
  }

  Claim erased(const std::string& party) const {
    const LogEntry entry = read_erased(chains_, r_, party);
    Claim out = claim(ClaimKind::kErased, party);
    out.by = entry.by;
    out.at = entry.at;
    out.judgement = entry.judgement;
    if (entry.stands())
      out.judgement = chain_of(chains_, party).standing(*entry.card, KeyRole::kLog);
    return out;
  }

  const Chains& chains_;
  const RecordFiles& r_;
  const exchange::Manifest& m_;
  std::string rid_;
  std::vector<LogEntry> entries_;                // of the sender, then of each recipient
  std::vector<std::vector<WitnessLine>> lines_;  // of each entry
  // The earliest times, in Unix seconds, by which a leaf of the record was seen: by anybody, by
  // others than the sender, in the ledger of one party (by others than that one).
  std::optional<std::uint64_t> seen_, seen_by_others_;
  std::map<std::string, std::optional<std::uint64_t>> seen_in_;
};

}  // namespace

void check_record(const Chains& chains, const RecordFiles& record, std::vector<Claim>& out) {
  RecordCheck(chains, record).say(out);
}

}  // namespace focal::evidence
