// Test help: whole nodes that know each other, with what the key custodians of their parties
// can make: revocations, later cards, directories.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "node/exchange/directory.h"
#include "node/exchange/revocation.h"
#include "tests/support/world.h"

namespace focal::test {

class Noted : public ::testing::Test {
 protected:
  // Every two of them have verified each other.
  void make(const std::vector<std::string>& parties) {
    for (const std::string& party : parties) w.add(party);
    for (const std::string& a : parties)
      for (const std::string& b : parties)
        if (a < b) w.verify_both(a, b);
    w.on_frame = [this](const std::string& from, const std::string& to, const Bytes& frame) {
      if (auto parsed = exchange::parse_frame(frame)) said.push_back({from, to, std::move(*parsed)});
      return true;
    };
  }
  struct Said {
    std::string from, to;
    exchange::Frame frame;
  };
  template <typename T>
  std::size_t count(const std::string& from, const std::string& to) const {
    std::size_t n = 0;
    for (const Said& one : said)
      n += one.from == from && one.to == to && std::holds_alternative<T>(one.frame) ? 1 : 0;
    return n;
  }

  const exchange::Card& card(const std::string& party) { return w.core(party).self().card; }
  std::string revocation(const std::string& party,
                         exchange::RevocationScope scope = exchange::RevocationScope::kAll,
                         std::uint64_t since_ms = kStartMs, bool by_next_root = false) {
    exchange::RevocationFields f;
    f.party = party;
    f.card_id = card(party).card_id;
    f.scope = scope;
    f.since_ms = since_ms;
    f.reason = "The server was stolen";
    return *exchange::make_revocation(f, w.root_key(party, by_next_root));
  }

  // The party's next card. Its new online keys stay here until take_over().
  struct Successor {
    exchange::Card card;
    node::OnlineKeys keys;
  };
  Successor successor(const std::string& party, const exchange::Card& before, bool recovery = false) {
    Successor out;
    crypto::SystemRng rng;
    out.keys = node::make_online_keys(rng);
    exchange::CardFields f = before;
    f.serial = before.serial + 1;
    f.prev = before.card_id;
    f.issued_ms = w.now().wall_ms / kSecondMs * kSecondMs;
    f.transport = out.keys.transport.pk;
    const auto root = w.root_key(party, recovery);
    if (recovery) f.next = exchange::next_root_hash(crypto::make_signing_key(rng).pk);
    const auto note = exchange::make_card(
        f, {root, out.keys.sign, out.keys.log, out.keys.witness});
    EXPECT_TRUE(note.has_value()) << note.error().message;
    out.card = *exchange::parse_card(*note);
    return out;
  }
  // The node of the party runs under that card from now on.
  void take_over(const std::string& party, Successor next) {
    exchange::Identity& self = w.core(party).self();
    exchange::ScheduleFields f = *exchange::parse_schedule(self.schedule_note);
    f.serial = self.schedule_serial = exchange::next_schedule_serial(f.serial, w.now().wall_ms);
    self.old_cards.insert(self.old_cards.begin(), self.card);
    self.card = std::move(next.card);
    self.sign = std::move(next.keys.sign);
    self.log = std::move(next.keys.log);
    self.witness = std::move(next.keys.witness);
    crypto::SystemRng rng;
    for (exchange::SealKey& key : f.keys) {
      crypto::DhKey fresh = crypto::make_dh_key(rng);
      key = exchange::make_seal_key(fresh.pk, key.not_before_ms);
      self.sealing.push_back({key.kid, key.not_after_ms, std::move(fresh)});
    }
    self.schedule_note = *exchange::make_schedule(f, self.sign);
  }

  // A note, as that party's node would bring it over the link.
  void bring(exchange::LinkId link, const std::string& from, std::vector<std::string> notes) {
    w.inject(link, from, exchange::encode_frame(exchange::NotesFrame{std::move(notes)}));
    w.run();
  }
  // A note, as an officer at that node adds it.
  void add(const std::string& at, const std::string& note) {
    exchange::Machine& machine = w.core(at).machine();
    const auto taken = machine.book().take(note, {{}, "jo"}, machine.book_time(w.now()));
    EXPECT_TRUE(taken.has_value()) << taken.error().message;
    w.run();
  }
  const exchange::Peer& peer(const std::string& at, const std::string& party) {
    return *w.core(at).peers().find(party);
  }
  bool is_up(const std::string& at, const std::string& party) {
    return w.core(at).machine().link_state(party).up;
  }
  store::OutboxRow row(const std::string& at, const store::RecordRef& ref, const std::string& party) {
    return *w.view(at).outbox(w.view(at).find(ref)->batch, party);
  }
  store::RecordRef ping(const std::string& from, const std::string& to) {
    const auto ref = w.send(from, to, "peer.ping", ping_body());
    w.run();
    return ref;
  }

  World w;
  std::vector<Said> said;
};

}  // namespace focal::test
