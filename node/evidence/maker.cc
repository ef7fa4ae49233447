#include "node/evidence/maker.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/evidence/bundle.h"
#include "node/evidence/check.h"
#include "node/evidence/index.h"
#include "node/evidence/policy.h"
#include "node/evidence/proofs.h"
#include "node/evidence/tar.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/exchange/revocation.h"
#include "node/store/vouched.h"

namespace focal::evidence {
namespace {

using exchange::Card;

constexpr std::size_t kCardDigits = 10;
constexpr std::size_t kRevocationDigits = 16;
constexpr std::size_t kPolicyDigits = 16;

Error corrupt(const std::string& what) {
  return fail(ErrorCode::kCorrupt, what, "run focal ledger verify");
}

std::string padded(std::uint64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return text.size() < digits ? std::string(digits - text.size(), '0').append(text) : text;
}

// The checkpoint with every line that is known.
std::string whole_note(const store::PublishedRow& published) {
  std::string out = published.checkpoint.note;
  for (const store::CosigRow& cosig : published.cosigs) out.append(cosig.line);
  return out;
}

// Parties named by the witness lines of a note: focal/XB/witness.
void add_witnesses(std::set<std::string>& parties, std::string_view note) {
  const auto parsed = crypto::parse_note(note);
  if (!parsed.has_value()) return;
  for (const crypto::NoteSignature& line : parsed->signatures) {
    constexpr std::string_view kBegin = "focal/";
    const std::size_t end = line.name.find('/', kBegin.size());
    if (!line.name.starts_with(kBegin) || end == std::string::npos) continue;
    const std::string party = line.name.substr(kBegin.size(), end - kBegin.size());
    if (line.name == exchange::witness_name(party)) parties.insert(party);
  }
}

class Maker {
 public:
  Maker(store::View& view, const exchange::Identity& self, const exchange::Peers& peers,
        const Wish& wish)
      : view_(view), self_(self), peers_(peers), wish_(wish) {}

  Result<Made> make(const Now& now) {
    if (wish_.records.empty())
      return fail(ErrorCode::kInvalid, "no record was asked for", "name a case or a record");
    Made made;
    for (const store::LeafIndex idx : wish_.records) FOCAL_TRY(add_record(idx, made.left_out));
    if (made.left_out.size() == wish_.records.size())
      return fail(ErrorCode::kErased, "of what was asked for, nothing is here that could be shown",
                  "another party to the record may still hold it");
    for (const std::string& party : signers_) FOCAL_TRY(add_party(party));
    FOCAL_ASSIGN(made.archive, pack(now));
    return made;
  }

 private:
  void put(std::string name, ByteView data) { files_[std::move(name)] = to_bytes(data); }
  void put(std::string name, std::string_view text) { put(std::move(name), as_bytes(text)); }

  Status add_record(store::LeafIndex idx, std::vector<store::RecordRef>& left_out) {
    const auto info = view_.record(idx);
    if (!info) return fail(ErrorCode::kNotFound, "there is no such record here", "see focal find");
    const auto item = view_.item(idx);
    if (!item.has_value()) {
      if (item.error().code == ErrorCode::kCorrupt) return item.error();
      left_out.push_back(info->ref);
      return {};
    }
    const exchange::ItemView parts = exchange::parse_item(*item);
    FOCAL_ASSIGN(const exchange::Manifest manifest, exchange::parse_manifest(parts.manifest));
    const std::string folder = "rec/" + hex(manifest.rid) + "/";
    put(folder + "manifest.bin", manifest.bytes);
    for (std::size_t i = 0; i < parts.approvals.size(); ++i) {
      const std::string name = folder + "approval-" + std::to_string(i);
      put(name + ".cert", parts.approvals[i].certificate);
      put(name + ".sig", parts.approvals[i].signature);
    }
    if (!wish_.withheld.contains(manifest.rid)) {
      put(folder + "body.bin", parts.body);
      put(folder + "salt.bin", parts.salt);
    }
    FOCAL_TRY(add_batch(*info, folder));
    signers_.insert(manifest.from);
    if (info->sent) {
      for (const std::string& party : manifest.to) {
        FOCAL_TRY(add_receipt(view_.receipt_for(idx, party), party, manifest.rid, folder));
        add_proof(idx, party, folder);
      }
    } else {
      FOCAL_TRY(add_receipt(view_.issued_receipt(idx), self_.party(), manifest.rid, folder));
      add_proof(idx, manifest.from, folder);
    }
    return add_own_leaf(idx, folder);
  }

  Status add_batch(const store::RecordInfo& info, const std::string& folder) {
    const auto batch = view_.batch(info.batch);
    if (!batch || info.position >= batch->rids.size())
      return corrupt("the batch of a record is not here");
    put(folder + "batch.stmt", batch->stmt);
    put(folder + "batch.sig", batch->sig);
    put(folder + "batch.path", path_text({info.position, batch->rids.size(),
                                          crypto::inclusion_path(info.position, batch->rids)}));
    return {};
  }

  Status add_receipt(const std::optional<store::ReceiptRow>& receipt, const std::string& party,
                     const Hash32& rid, const std::string& folder) {
    if (!receipt) return {};
    std::vector<Hash32> leaves;
    leaves.reserve(receipt->items.size());
    std::optional<std::size_t> place;
    for (const Bytes& bytes : receipt->items) {
      FOCAL_ASSIGN(const auto item, exchange::parse_receipt_item(bytes));
      if (item.ref.rid == rid) place = leaves.size();
      leaves.push_back(crypto::merkle_leaf(bytes));
    }
    if (!place) return corrupt("a receipt does not name the record it ended");
    const std::string name = folder + "receipt-" + party;
    put(name + ".item", receipt->items[*place]);
    put(name + ".stmt", receipt->stmt);
    put(name + ".sig", receipt->sig);
    put(name + ".path", path_text({*place, leaves.size(), crypto::inclusion_path(*place, leaves)}));
    signers_.insert(party);
    return {};
  }

  void put_leaf(const std::string& party, ByteView leaf, std::string_view proof,
                const std::string& folder) {
    put(folder + "leaf-" + party + ".bin", leaf);
    put(folder + "proof-" + party + ".tlog-proof", proof);
    signers_.insert(party);
    loggers_.insert(party);
    if (const auto read = read_proof(proof); read.has_value()) add_witnesses(signers_, read->note);
  }

  // What another party proved of its ledger.
  void add_proof(store::LeafIndex idx, const std::string& party, const std::string& folder) {
    const auto proof = view_.proof(idx, party);
    if (proof) put_leaf(party, proof->leaf, proof->proof, folder);
  }

  Status add_own_leaf(store::LeafIndex idx, const std::string& folder) {
    const auto place = static_cast<std::uint64_t>(idx);
    const auto published = store::best_published(view_, idx);
    if (!published) return {};
    const auto leaf = view_.leaf(idx);
    if (!leaf) return corrupt("a leaf is not here");
    const std::string note = whole_note(*published);
    const std::string text =
        proof_text({place, view_.inclusion(idx, published->checkpoint.size), note});
    put_leaf(self_.party(), store::encode_leaf(*leaf), text, folder);
    return {};
  }

  // The newest card and those that it builds on, as far back as they are held.
  Status add_cards(const Card& newest, const std::vector<Card>& older) {
    const Card* card = &newest;
    while (card != nullptr) {
      const std::string serial = padded(card->serial, kCardDigits);
      if (serial.size() > kCardDigits)
        return fail(ErrorCode::kLimit, "the serial of a card of " + card->party + " is too long");
      put("card/" + card->party + "/" + serial + ".note", card->note);
      const auto before = std::find_if(older.begin(), older.end(), [card](const Card& each) {
        return card->prev && each.card_id == *card->prev;
      });
      card = before == older.end() ? nullptr : &*before;
    }
    return {};
  }

  Status add_revocation(const std::string& note) {
    FOCAL_ASSIGN(const auto parsed, exchange::parse_revocation(note));
    const std::string id = hex(parsed.revocation_id).substr(0, kRevocationDigits);
    put("revoke/" + parsed.party + "/" + id + ".note", note);
    return {};
  }

  Status add_policy(const std::string& note) {
    FOCAL_ASSIGN(const auto parsed, parse_policy(note));
    put("policy/" + parsed.party + "/" + padded(parsed.serial, kPolicyDigits) + ".note", note);
    return {};
  }

  Status add_party(const std::string& party) {
    const bool logs = loggers_.contains(party);
    if (party == self_.party()) {
      FOCAL_TRY(add_cards(self_.card, self_.old_cards));
      for (const std::string& note : view_.own_revocations()) FOCAL_TRY(add_revocation(note));
      if (!logs) return {};
      for (const auto& row : view_.witness_policies()) FOCAL_TRY(add_policy(row.note));
      return {};
    }
    const exchange::Peer* peer = peers_.find(party);
    if (peer == nullptr) return {};  // a line of a key that nobody here knows
    FOCAL_TRY(add_cards(peer->card, peer->old_cards));
    for (const auto& withdrawn : peer->revocations) FOCAL_TRY(add_revocation(withdrawn.note.note));
    const std::string policy = logs ? view_.peer_policy(party) : std::string();
    return policy.empty() ? Status() : add_policy(policy);
  }

  Result<Bytes> pack(const Now& now) {
    std::vector<FileView> views;
    std::vector<Entry> entries;
    views.reserve(files_.size());
    entries.reserve(files_.size() + 2);
    for (const auto& [name, data] : files_) {
      views.push_back({name, data});
      entries.push_back({name, data});
    }
    const IndexHead head{self_.party(), now.wall_ms / kSecondMs * kSecondMs, wish_.root};
    entries.push_back({std::string(kIndexName), to_bytes(index_text(head, views))});
    entries.push_back({std::string(kReadmeName), to_bytes(readme_text())});
    FOCAL_ASSIGN(Bytes archive, write_tar(std::move(entries)));
    for (const Claim& claim : check_bundle(archive, {}))
      if (claim.judgement.verdict == Verdict::kBroken)
        return corrupt("what the ledger holds does not fit together: " +
                       std::string(claim_name(claim.kind)) + " " + claim.party + " " + claim.rid +
                       " " + std::string(reason_name(claim.judgement.reason)));
    return archive;
  }

  store::View& view_;
  const exchange::Identity& self_;
  const exchange::Peers& peers_;
  const Wish& wish_;
  std::map<std::string, Bytes> files_;
  std::set<std::string> signers_;  // whose cards are needed
  std::set<std::string> loggers_;  // whose policies are needed
};

}  // namespace

Result<Made> make_bundle(store::View& view, const exchange::Identity& self,
                         const exchange::Peers& peers, const Wish& wish, const Now& now) {
  return Maker(view, self, peers, wish).make(now);
}

}  // namespace focal::evidence
