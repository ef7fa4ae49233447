// Goal: in the clear in the database stand only ids, parties, kinds, times,
// states and codes. Method: words planted in everything that is free text, then
// the raw files searched, write-ahead log included; words that are meant to be
// in the clear show that the search finds what is there.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger_world.h"

namespace focal::ledger {
namespace {

std::string raw_files(const World& world) {
  std::string all;
  for (const char* suffix : {"", "-wal", "-shm"})
    all += read_file(world.folder.ledger().string() + suffix);
  return all;
}

void plant(World& world) {
  auto sent = world.sent(2, {"XB"}, "subject KALASHNIKOWORD serial SN-ZEBRA-77");
  sent.records[0].kind = "trace.request";
  const auto batch = world.commit({sent}).batches[0];
  world.commit({world.received(2, "XB", 1, "body KALASHNIKOWORD"),
                world.received(1, "XB", 19, "rejected KALASHNIKOWORD")});
  world.commit(
      {store::SetOutbox{batch, "XB", store::OutboxState::kCancelled, "reason GIRAFFEWORD", 0, 0}});
  world.commit({store::PutAdmin{world.rng.array<32>(), "operator OCELOTWORD"}});
  store::PeerRow peer;
  peer.party = "XB";
  peer.card_note = "focal-card/v1 PUBLICWORD";
  world.commit({store::PutPeer{peer, world.rng.array<32>()},
                store::SetTrust{"XB", world.rng.array<32>(), store::PeerLevel::kVerified, store::Suspension::kNone,
                                "PHONE", "telephoned OCELOTWORD"}});
  store::PutWaiting waiting;
  waiting.head.inner_hash = world.rng.array<32>();
  waiting.head.link_peer = "XB";
  waiting.inner = to_bytes("inner MANATEEWORD");
  world.commit({waiting});
}

TEST(Secrecy, NoPlantedWordInTheRawFiles) {
  World world;
  world.create();
  plant(world);
  const auto search = [&](const std::string& when) {
    const std::string all = raw_files(world);
    for (const char* word :
         {"KALASHNIKOWORD", "SN-ZEBRA", "GIRAFFEWORD", "OCELOTWORD", "MANATEEWORD"})
      EXPECT_EQ(all.find(word), std::string::npos) << word << " " << when;
    for (const char* word : {"trace.request", "XB", "PUBLICWORD", "PHONE"})
      EXPECT_NE(all.find(word), std::string::npos) << word << " " << when;
    for (const auto& [id, key] : world.keks.keys) {
      EXPECT_EQ(all.find(std::string(as_text(key))), std::string::npos)
          << "key " << id << " " << when;
    }
  };
  search("in the write-ahead log");
  world->idle();
  search("after the log was moved");
  world.close();
  search("after the end");
}

}  // namespace
}  // namespace focal::ledger
