// Notes on the links: what is told and asked, what comes in, and what a change of a party's
// standing does to links and rows. What a note means is the book's to judge.
#include <algorithm>

#include "base/log.h"
#include "node/exchange/machine.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kAnswerFrames = 16;     // for one NOTES_WANT
constexpr std::size_t kMaxAsked = 4096;       // heads remembered
constexpr char kSuspendedHere[] = "the party is suspended here";
constexpr char kCardRevoked[] = "the party's card is revoked";

// Why nothing is sent to the party; empty: nothing stands against it.
std::string blocked(const Peer& peer) {
  if (peer.standing.revoked) return kCardRevoked;
  if (peer.standing.suspended) return kSuspendedHere;
  return {};
}

// Newest serial that need not be asked for: pinned, or held and not refused.
std::uint64_t newest_serial(const Peer& peer) {
  std::uint64_t newest = peer.card.serial;
  for (const Card& held : peer.held) newest = std::max(newest, held.serial);
  return newest;
}

// Is that card here in any way?
bool has_card(const Peer& peer, std::uint64_t serial, const CardTag& tag) {
  const auto is = [&](const Card& card) {
    return card.serial == serial && card_tag(card.card_id) == tag;
  };
  return is(peer.card) || std::any_of(peer.old_cards.begin(), peer.old_cards.end(), is) ||
         std::any_of(peer.held.begin(), peer.held.end(), is);
}

// The pinned card and those it builds on, newer than a serial, oldest first.
std::vector<std::string> chain_after(const Card& newest, const std::vector<Card>& old,
                                     std::uint64_t serial) {
  std::vector<std::string> out;
  const Card* at = &newest;
  while (at != nullptr && at->serial > serial) {
    out.push_back(at->note);
    const auto before = std::find_if(old.begin(), old.end(), [&](const Card& card) {
      return at->prev == card.card_id;
    });
    at = before == old.end() ? nullptr : &*before;
  }
  std::reverse(out.begin(), out.end());
  return out;
}

// What others should know of a party's revocations: those of the card in use, one by each key
// for each scope, with the earliest date; what takes the whole card away comes first.
std::vector<const Revocation*> worth_telling(const Peer& peer) {
  std::map<std::pair<RevocationScope, Hash32>, const Revocation*> best;
  for (const Peer::Withdrawn& each : peer.revocations) {
    if (!each.counts || each.note.card_id != peer.card.card_id) continue;
    const Revocation*& held = best[{each.note.scope, each.note.key}];
    if (held == nullptr || each.note.since_ms < held->since_ms) held = &each.note;
  }
  std::vector<const Revocation*> out;
  out.reserve(best.size());
  for (const auto& [key, note] : best) out.push_back(note);  // kAll is the first scope
  return out;
}

// In frames of at most 16 notes and 1 MiB.
std::vector<NotesFrame> framed(std::vector<std::string> notes) {
  std::vector<NotesFrame> out;
  std::size_t bytes = 0;
  for (std::string& note : notes) {
    if (out.empty() || out.back().notes.size() == kMaxNotes || bytes + note.size() > kMaxNotesBytes) {
      out.emplace_back();
      bytes = 0;
    }
    bytes += note.size();
    out.back().notes.push_back(std::move(note));
  }
  return out;
}

}  // namespace

// Whom this node knows is told to those that somebody vouches for.
bool Machine::tells_of_others(const std::string& party) const {
  const Peer* peer = peers_.find(party);
  return peer != nullptr && peer->standing.level >= TrustLevel::kIntroduced &&
         peers_.may_link(*peer);
}

void Machine::put_heads(const std::string& party, HelloFrame& hello) const {
  if (!tells_of_others(party)) return;
  for (const auto& [name, peer] : peers_.all()) {
    if (name == party || hello.cards.size() == kMaxCardHeads) continue;
    hello.cards.push_back({name, peer.card.serial, peer.schedule ? peer.schedule->serial : 0,
                           card_tag(peer.card.card_id)});
  }
  for (const auto& [introducer, directory] : book_.directories())
    if (hello.dirs.size() < kMaxDirHeads)
      hello.dirs.push_back({introducer, directory.serial, directory.directory_id});
}

// Own notes, and revocations of cards that others use: who was away hears of them.
void Machine::send_notes(Session& session) {
  NotesFrame notes;
  notes.notes.push_back(self_.card.note);
  if (!self_.schedule_note.empty()) notes.notes.push_back(self_.schedule_note);
  for (std::size_t i = 0; i < std::min(self_.notes.size(), kMaxOwnNotes); ++i)
    notes.notes.push_back(self_.notes[i]);
  add_policy(session, notes);
  add_revocations(session.party(), notes);
  emit(session.link(), notes);
}

// Whole cards before single keys. Where there is no room for all of them, the next link is told
// of the parties behind: nobody's revocations stand in the way of the others' for ever.
void Machine::add_revocations(const std::string& to, NotesFrame& notes) {
  std::vector<std::pair<const std::string*, const Revocation*>> whole, single;
  const auto collect = [&](auto from, auto end) {
    for (; from != end; ++from) {
      if (from->first == to || from->second.revocations.empty()) continue;
      for (const Revocation* each : worth_telling(from->second))
        (each->scope == RevocationScope::kAll ? whole : single).emplace_back(&from->first, each);
    }
  };
  const auto start = peers_.all().upper_bound(told_last_);
  collect(start, peers_.all().end());
  collect(peers_.all().begin(), start);
  const std::string* last = nullptr;
  for (const auto* list : {&whole, &single}) {
    for (const auto& [party, note] : *list) {
      if (notes.notes.size() == kMaxNotes) {
        if (last != nullptr) told_last_ = *last;
        return;
      }
      notes.notes.push_back(note->note);
      last = party;
    }
  }
}

void Machine::send_proofs(Session& session) {
  GossipFrame gossip;
  for (store::ForkProofRow& row : view_.fork_proofs(kMaxForkProofsSent))
    gossip.forks.push_back({std::move(row.a), std::move(row.b)});
  add_checkpoints(session, gossip);
  if (!gossip.forks.empty() || !gossip.checkpoints.empty()) emit(session.link(), gossip);
}

// What to ask for, of what somebody says it holds.
std::optional<CardHead> Machine::want_of(const CardHead& head) const {
  if (head.party == self_.party()) {
    const bool ours = head.card_serial <= self_.card.serial &&
                      (head.card_serial != self_.card.serial ||
                       head.tag == card_tag(self_.card.card_id));
    if (ours) return std::nullopt;  // of an older one nothing is known any more
    return CardHead{head.party, head.card_serial - 1, 0, {}};  // a thief's, perhaps
  }
  const Peer* peer = peers_.find(head.party);
  if (peer == nullptr) {
    if (!introduced_root(book_.policy(), book_.counted(), head.party)) return std::nullopt;
    return CardHead{head.party, 0, 0, {}};
  }
  const std::uint64_t sealed = peer->schedule ? peer->schedule->serial : 0;
  if (head.card_serial > newest_serial(*peer))
    return CardHead{head.party, peer->card.serial, sealed, {}};
  if (!has_card(*peer, head.card_serial, head.tag))
    return CardHead{head.party, head.card_serial - 1, sealed, {}};
  if (head.tag == card_tag(peer->card.card_id) && head.seal_serial > sealed)
    return CardHead{head.party, peer->card.serial, sealed, {}};
  return std::nullopt;
}

std::optional<DirHead> Machine::want_of(const DirHead& head) const {
  if (peers_.find(head.introducer) == nullptr) return std::nullopt;
  const auto held = book_.directories().find(head.introducer);
  if (held == book_.directories().end() || head.serial > held->second.serial)
    return DirHead{head.introducer, held == book_.directories().end() ? 0 : held->second.serial, {}};
  if (head.serial == held->second.serial && head.hash != held->second.directory_id)
    return DirHead{head.introducer, head.serial - 1, {}};  // two with one serial
  return std::nullopt;
}

void Machine::on_heads(const Now& now, Session& session, const HelloFrame& hello) {
  if (!tells_of_others(session.party())) return;
  NotesWantFrame want;
  for (const CardHead& head : hello.cards)
    if (auto one = want_of(head)) want.have.push_back(std::move(*one));
  for (const DirHead& head : hello.dirs)
    if (auto one = want_of(head)) want.dirs.push_back(std::move(*one));
  ask(now, session, std::move(want));
}

// Nothing is asked for twice within a minute, whoever may have it.
void Machine::ask(const Now& now, Session& session, NotesWantFrame want) {
  if (asked_.size() > kMaxAsked)
    std::erase_if(asked_, [&](const auto& each) { return each.second <= now.mono_ms; });
  const auto just_asked = [&](const std::string& key) {
    std::uint64_t& again = asked_[key];
    if (now.mono_ms < again) return true;
    again = now.mono_ms + kAskAgainMs;
    return false;
  };
  std::erase_if(want.have, [&](const CardHead& head) {
    return just_asked("card " + head.party + " " + std::to_string(head.card_serial) + " " +
                      std::to_string(head.seal_serial));
  });
  std::erase_if(want.dirs, [&](const DirHead& head) {
    return just_asked("dir " + head.introducer + " " + std::to_string(head.serial));
  });
  if (!want.have.empty() || !want.dirs.empty()) emit(session.link(), want);
}

NotesWantFrame Machine::everything_held(const std::string& asked) const {
  NotesWantFrame want;
  for (const auto& [party, peer] : peers_.all()) {
    if (want.have.size() == kMaxCardHeads) break;
    // After a theft the true card may be no newer than the one that is pinned here.
    const bool doubted = peer.standing.suspended || peer.standing.revoked;
    want.have.push_back({party, doubted ? 0 : peer.card.serial,
                         peer.schedule ? peer.schedule->serial : 0, {}});
  }
  const Directories counted = book_.counted();
  for (const auto& [introducer, directory] : counted)
    for (const DirectoryEntry& entry : directory->entries)
      if (want.have.size() < kMaxCardHeads && peers_.find(entry.party) == nullptr &&
          entry.party != self_.party() &&
          introduced(book_.policy(), counted, entry.party, entry.root) &&
          std::none_of(want.have.begin(), want.have.end(),
                       [&](const CardHead& head) { return head.party == entry.party; }))
        want.have.push_back({entry.party, 0, 0, {}});
  const auto add_directory = [&](const std::string& introducer) {
    const auto held = book_.directories().find(introducer);
    if (peers_.find(introducer) == nullptr || want.dirs.size() == kMaxDirHeads) return;
    want.dirs.push_back({introducer, held == book_.directories().end() ? 0 : held->second.serial, {}});
  };
  for (const std::string& introducer : book_.policy().introducers) add_directory(introducer);
  if (want.dirs.empty()) add_directory(asked);
  return want;
}

// Once an hour one link in turn is asked what is newer: what a HELLO did not say, because
// the link has stood for weeks, arrives all the same.
void Machine::ask_round(const Now& now) {
  next_round_ms_ = now.mono_ms + kAskRoundMs;
  Session* next = nullptr;
  Session* first = nullptr;
  for (auto& [link, session] : sessions_) {
    if (!session.is_up() || !tells_of_others(session.party())) continue;
    if (first == nullptr || session.party() < first->party()) first = &session;
    if (session.party() > asked_last_ && (next == nullptr || session.party() < next->party()))
      next = &session;
  }
  if (next == nullptr) next = first;
  if (next == nullptr) return;
  asked_last_ = next->party();
  emit(next->link(), everything_held(asked_last_));
}

std::vector<std::string> Machine::answer_for(const CardHead& have, bool of_others) const {
  if (have.party == self_.party()) {
    auto out = chain_after(self_.card, self_.old_cards, have.card_serial);
    if (!self_.schedule_note.empty() && (!out.empty() || self_.schedule_serial > have.seal_serial))
      out.push_back(self_.schedule_note);
    return out;
  }
  const Peer* peer = peers_.find(have.party);
  if (peer == nullptr || !of_others) return {};
  std::vector<std::string> out;
  for (const Revocation* each : worth_telling(*peer)) out.push_back(each->note);
  const auto chain = chain_after(peer->card, peer->old_cards, have.card_serial);
  out.insert(out.end(), chain.begin(), chain.end());
  if (peer->schedule && (!chain.empty() || peer->schedule->serial > have.seal_serial))
    out.push_back(peer->row.schedule_note);
  return out;
}

void Machine::on_notes_want(const Now& now, Session& session, const NotesWantFrame& want) {
  Contact& contact = contacts_[session.party()];
  if (!contact.wants.allows(now.mono_ms, kWantsPerMinute)) return;
  const bool of_others = tells_of_others(session.party());
  std::vector<std::string> notes;
  // Where there is no room for all, the next answer goes on with what was left out.
  const std::size_t start = want.have.empty() ? 0 : contact.answered % want.have.size();
  for (std::size_t i = 0; i < want.have.size(); ++i) {
    const std::size_t at = (start + i) % want.have.size();
    if (notes.size() >= kAnswerFrames * kMaxNotes) {
      contact.answered = at;
      break;
    }
    for (std::string& note : answer_for(want.have[at], of_others)) notes.push_back(std::move(note));
  }
  for (const DirHead& have : want.dirs) {
    const auto held = book_.directories().find(have.introducer);
    if (of_others && held != book_.directories().end() && held->second.serial > have.serial)
      notes.push_back(held->second.note);
  }
  for (const NotesFrame& frame : framed(std::move(notes))) {
    if (!contact.notes_out.allows(now.mono_ms, kNotesSentPerMinute)) return;
    emit(session.link(), frame);
  }
}

void Machine::on_notes(const Now& now, Session& session, const NotesFrame& frame) {
  const std::string party = session.party();
  Contact& contact = contacts_[party];
  // What is left out comes again: what is held is asked for once an hour.
  if (!contact.notes.allows(now.mono_ms, kNotesPerMinute)) {
    if (contact.notes.is_over(now.mono_ms, kNotesFlood))
      bye(session, ByeCode::kBadFrame, "too many NOTES in a minute");
    return;
  }
  if (peers_.find(party) == nullptr) return;
  hear_own_notes(party, frame);
  if (!guard_.may_sign()) return;
  std::vector<NoteTaken> taken;
  const NoteOrigin origin{party, {}};
  count_in_group(0);
  const std::vector<std::string> notes = take_policies(now, party, frame.notes);
  if (const Status all = book_.take_all(notes, origin, book_time(now), &taken); !all) {
    if (contact.logged.allows(now.mono_ms, kLoggedPerMinute))
      log::warn("exchange", "refused a note",
                {{"party", party}, {"reason", all.error().message}});
    contact.state.trouble = "last refused note from " + party + ": " + all.error().message;
  }
  NotesWantFrame want;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (taken[i] != NoteTaken::kAskChain) continue;
    const std::string about = party_of_note(notes[i]);
    const Peer* peer = book_.find(about);
    if (peer != nullptr && want.have.size() < kMaxCardHeads)
      want.have.push_back({about, peer->card.serial, 0, {}});
  }
  ask(now, session, std::move(want));
}

void Machine::on_gossip(const Now& now, Session& session, const GossipFrame& gossip) {
  Contact& contact = contacts_[session.party()];
  if (!contact.gossip.allows(now.mono_ms, kGossipPerMinute)) return;
  const NoteOrigin origin{session.party(), {}};
  count_in_group(0);
  for (const GossipFrame::Fork& fork : gossip.forks) {
    const auto stored = book_.take_fork_proof(fork.a, fork.b, origin, book_time(now));
    if (!stored && contact.logged.allows(now.mono_ms, kLoggedPerMinute))
      log::warn("exchange", "refused a fork proof",
                {{"party", session.party()}, {"reason", stored.error().message}});
  }
  if ((settings_.caps & kCapWitness) == 0) return;
  for (const std::string& note : gossip.checkpoints) saw_checkpoint(now, note, session.party());
}

void Machine::close_links(const std::string& party, const std::string& reason) {
  std::vector<LinkId> links;
  for (const auto& [link, session] : sessions_)
    if (session.party() == party) links.push_back(link);
  for (const LinkId link : links) {
    outputs_.emplace_back(CloseLink{link, reason});
    drop_session(link);
  }
  if (!links.empty()) contacts_[party].state.trouble = reason;
}

bool Machine::is_blocked(const std::string& party) const {
  const Peer* peer = peers_.find(party);
  return peer != nullptr && (peer->standing.revoked || peer->standing.suspended);
}

void Machine::settle_rows(const std::string& party) {
  const Peer* peer = peers_.find(party);
  if (peer == nullptr) return;
  const std::string why = blocked(*peer);
  for (OutboxEntry* entry : outbox_.of_party(party)) {
    const bool held = entry->row.state == store::OutboxState::kHeld;
    const bool by_this = entry->row.reason == kSuspendedHere || entry->row.reason == kCardRevoked;
    if (held && !by_this) continue;  // for a reason of its own
    if (!why.empty() && (!held || entry->row.reason != why))
      set_state(*entry, store::OutboxState::kHeld, why);
    else if (why.empty() && held)
      set_state(*entry, store::OutboxState::kReady, "");
  }
}

// Together, in as few frames as can be: a link takes so many a minute.
void Machine::forward(const std::vector<TrustBook::Forward>& all) {
  if (all.empty()) return;
  for (auto& [link, session] : sessions_) {
    if (!session.is_up()) continue;
    std::vector<std::string> notes;
    std::vector<GossipFrame> gossip;
    for (const TrustBook::Forward& what : all) {
      const std::string about = what.proof ? what.proof->party : party_of_note(what.note);
      if (session.party() == what.from || session.party() == about) continue;
      if (!what.proof) {
        notes.push_back(what.note);
        continue;
      }
      if (gossip.empty() || gossip.back().forks.size() == kMaxForkProofsSent) gossip.emplace_back();
      gossip.back().forks.push_back({what.proof->a, what.proof->b});
    }
    for (const NotesFrame& frame : framed(std::move(notes))) emit(link, frame);
    for (const GossipFrame& frame : gossip) emit(link, frame);
  }
}

// After the commit: links, rows and others follow what was decided.
void Machine::act_on(const Now& now, const TrustBook::Effects& effects) {
  for (const TrustBook::Changed& changed : effects.changed) {
    const Peer* peer = peers_.find(changed.party);
    if (peer == nullptr) continue;
    reach_changed_ |= changed.standing || changed.schedule || changed.transport;
    if (!peers_.may_link(*peer))
      close_links(changed.party, "the link to " + changed.party + " is not allowed any more");
    else if (changed.transport)
      close_links(changed.party, changed.party + " has another transport key now");
    if (changed.standing)
      peer_changed(now, changed.party);
    else if (changed.schedule)
      peer_changed(now, changed.party, Change::kSchedule);
  }
  forward(effects.forward);
  for (const TrustBook::Changed& changed : effects.changed) {
    if (!changed.asks) continue;
    const Peer* peer = peers_.find(changed.party);
    Session* session = session_of(changed.party);
    for (auto& [link, other] : sessions_) {
      if (session != nullptr) break;
      if (other.is_up() && tells_of_others(other.party())) session = &other;
    }
    if (peer != nullptr && session != nullptr && !peer->schedule)
      ask(now, *session, NotesWantFrame{{{changed.party, peer->card.serial, 0, {}}}, {}});
  }
}

}  // namespace focal::exchange
