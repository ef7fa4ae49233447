// A node XA, and other parties whose roots are in the hands of the test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "node/desk/notes_file.h"
#include "node/desk/peer_decisions.h"
#include "node/desk/peer_trust.h"
#include "node/desk/views.h"
#include "node/exchange/directory.h"
#include "node/exchange/revocation.h"
#include "node/exchange/safety_number.h"
#include "proto/api.pb.h"
#include "proto/trust.pb.h"
#include "tests/support/notes_fixture.h"
#include "tests/support/world.h"

namespace focal::desk {

using test::recovery_of;
using test::revocation_of;
using test::TestParty;
using test::update_of;
using ::testing::HasSubstr;
using ::testing::Not;

class TrustDesk : public ::testing::Test {
 protected:
  void SetUp() override { w.add("XA"); }

  node::Node& node() { return w.node("XA"); }
  const exchange::Peer* peer(const std::string& party) { return w.core("XA").peers().find(party); }

  // Adds by file, as an officer does.
  Status add(const std::string& bundle) {
    const auto intro = exchange::parse_intro(bundle);
    EXPECT_TRUE(intro.has_value());
    const auto done = book_of(node()).add(*intro, "jo", book_time(node(), w.now()));
    w.run();
    return done ? Status() : Status(done.error());
  }
  std::string number_of(const TestParty& party, const crypto::PublicKey& root) {
    return safety_number_with(node(), party.party, root);
  }
  static By jo() {
    By out;
    out.actor = {"jo", 1000, "OFFICER"};
    out.operation = "peer_decide";
    return out;
  }
  void verify(const TestParty& party) {
    v1::PeerVerifyRequest request;
    request.set_party(party.party);
    request.set_how("IN_PERSON");
    request.set_number(number_of(party, party.root.pk));
    const Status done = verify_peer(node(), request, jo(), w.now());
    EXPECT_TRUE(done.has_value()) << done.error().message;
    w.run();
  }
  void know(const TestParty& party) {
    EXPECT_TRUE(add(party.card_note() + party.schedule_note()).has_value());
    verify(party);
  }
  v1::NotesAddResponse notes(const std::string& text) {
    v1::NotesAddRequest request;
    request.set_text(text);
    v1::NotesAddResponse out;
    By nobody;
    const Status done = add_notes(node(), request, nobody, w.now(), true, &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    w.run();
    return out;
  }
  v1::PeerTrust trust(const std::string& party) {
    v1::PeerTrust out;
    fill_trust(node(), *peer(party), w.now(), &out);
    return out;
  }

  static std::string directory(const TestParty& by, std::uint64_t serial,
                               std::vector<exchange::DirectoryEntry> entries,
                               std::optional<Hash32> prev = {}) {
    exchange::DirectoryFields f;
    f.introducer = by.party;
    f.serial = serial;
    f.prev = prev;
    f.entries = std::move(entries);
    return TestParty::must(exchange::make_directory(f, by.root));
  }

  test::World w;
};

}  // namespace focal::desk
