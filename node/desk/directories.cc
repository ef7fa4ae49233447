#include "node/desk/directories.h"

#include <algorithm>
#include <set>

#include "node/desk/peer_decisions.h"
#include "node/desk/trust_words.h"
#include "node/desk/views.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

using exchange::Directory;

// Why a directory of that introducer does not count; empty if it does.
std::string why_not(node::Node& node, const std::string& introducer) {
  const auto& named = node.config().introduce.parties;
  if (std::find(named.begin(), named.end(), introducer) == named.end())
    return "'introduce' in focal.toml does not name " + introducer;
  const exchange::Peer* peer = node.core().peers().find(introducer);
  if (peer == nullptr) return introducer + " is not known here";
  if (peer->standing.revoked) return introducer + " is revoked";
  if (peer->standing.suspended) return introducer + " is suspended";
  if (peer->standing.level != exchange::TrustLevel::kVerified)
    return introducer + " is not verified: 'focal peer verify " + introducer + "'";
  return {};
}

void fill_info(node::Node& node, const Directory& directory, v1::DirectoryInfo* out) {
  out->set_introducer(directory.introducer);
  out->set_serial(directory.serial);
  out->set_entries(static_cast<std::uint32_t>(directory.entries.size()));
  if (const auto row = node.core().view().directory(directory.introducer, directory.serial)) {
    out->set_at(time_text(row->at_ms));
    out->set_leaf_index(static_cast<std::uint64_t>(row->idx));
  }
  const std::string reason = why_not(node, directory.introducer);
  out->set_counts(reason.empty());
  out->set_text(reason);
}

void fill_entry(node::Node& node, const exchange::DirectoryEntry& entry,
                v1::DirectoryEntry* out) {
  out->set_party(entry.party);
  out->set_root_key(base64(entry.root));
  out->set_card_serial(entry.card_serial);
  const auto& own = node.core().self().card;
  if (entry.party == own.party) {
    const bool same = entry.root == own.root;
    out->set_known(same ? "SELF" : "SELF_OTHER_KEY");
    out->set_text(same ? "this node" : "this node, with a key that is not ours: call the introducer");
    return;
  }
  const exchange::Peer* peer = node.core().peers().find(entry.party);
  if (peer == nullptr) {
    out->set_known("NOT_MET");
    out->set_text("no card is here");
    return;
  }
  const bool same = entry.root == peer->card.root;
  out->set_known(same ? "SAME_KEY" : "OTHER_KEY");
  out->set_text(same ? "the key that is here, " + std::string(exchange::standing_name(peer->standing))
                     : "not the key that is here: call " + entry.party + " and the introducer");
}

struct Listing {
  std::vector<std::string> by;          // introducers that list the party
  std::set<crypto::PublicKey> roots;
  bool other_than_here = false;
};

std::string compared_words(const std::string& party, const Listing& listing, std::size_t introducers,
                           bool is_self) {
  if (listing.roots.size() > 1)
    return "different keys: call " + party + " and the introducers";
  if (listing.other_than_here)
    return is_self ? "not our key: call the introducers"
                   : "not the key that is here: call " + party + " and the introducers";
  if (introducers > 1 && listing.by.size() == 1) return "only " + listing.by.front() + " lists it";
  return introducers > 1 && listing.by.size() == introducers ? "all agree" : "no contradiction";
}

}  // namespace

std::string policy_text(const config::Introduce& introduce) {
  if (introduce.needed == 0) return {};
  std::string out = std::to_string(introduce.needed) + " of ";
  for (std::size_t i = 0; i < introduce.parties.size(); ++i) {
    if (i != 0) out += ", ";
    out += introduce.parties[i];
  }
  return out;
}

void list_directories(node::Node& node, v1::DirectoryListResponse* out) {
  const auto& directories = book_of(node).directories();
  out->set_policy(policy_text(node.config().introduce));
  for (const auto& [introducer, directory] : directories)
    fill_info(node, directory, out->add_directories());
  for (const std::string& named : node.config().introduce.parties)
    if (!directories.contains(named)) out->add_missing(named);
}

Status show_directory(node::Node& node, const std::string& introducer,
                      v1::DirectoryShowResponse* out) {
  const auto& directories = book_of(node).directories();
  const auto found = directories.find(introducer);
  if (found == directories.end())
    return fail(ErrorCode::kNotFound, "no directory of " + introducer.substr(0, 40) + " is here",
                "Ask for it and run 'focal directory import FILE'; 'focal directory list' shows "
                "which are here.",
                "introducer");
  fill_info(node, found->second, out->mutable_directory());
  for (const auto& entry : found->second.entries) fill_entry(node, entry, out->add_entries());
  out->set_note(found->second.note);
  return {};
}

void compare_all(node::Node& node, v1::DirectoryCompareResponse* out) {
  const auto& directories = book_of(node).directories();
  std::map<std::string, Listing> parties;
  for (const auto& [introducer, directory] : directories) {
    out->add_introducers(introducer);
    for (const auto& entry : directory.entries) {
      Listing& listing = parties[entry.party];
      listing.by.push_back(introducer);
      listing.roots.insert(entry.root);
    }
  }
  std::uint32_t differences = 0;
  for (auto& [party, listing] : parties) {
    auto* row = out->add_parties();
    row->set_party(party);
    for (const auto& [introducer, directory] : directories) {
      auto* cell = row->add_listed();
      const exchange::DirectoryEntry* entry = directory.find(party);
      if (entry == nullptr) continue;
      fill_entry(node, *entry, cell);
      listing.other_than_here |= cell->known() == "OTHER_KEY" || cell->known() == "SELF_OTHER_KEY";
    }
    const bool differs = listing.roots.size() > 1 || listing.other_than_here;
    row->set_differs(differs);
    row->set_text(compared_words(party, listing, directories.size(),
                                 party == node.core().self().party()));
    differences += differs ? 1 : 0;
  }
  out->set_differences(differences);
}

}  // namespace focal::desk
