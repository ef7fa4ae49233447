// Whole objects of the wire, valid, for tests that then change one part.
#pragma once

#include <string>

#include "node/exchange/manifest.h"
#include "tests/support/party_fixture.h"

namespace focal::test {

inline Hash32 hash_of(std::uint8_t byte) {
  Hash32 out;
  out.fill(byte);
  return out;
}

// From XA to XB and XC, with every field that may stand.
inline exchange::Manifest full_manifest() {
  exchange::Manifest m;
  m.msg_id.fill(7);
  m.from = "XA";
  m.from_card = hash_of(0xca);
  m.to = {"XB", "XC"};
  m.kind = "trace.request";
  m.thread = store::RecordRef{hash_of(0x11), kIssuedMs - 2000};
  m.reply_to = store::RecordRef{hash_of(0x12), kIssuedMs - 1000};
  m.created_ms = kIssuedMs;
  m.expires_ms = kIssuedMs + kDayMs;
  m.body_commit = hash_of(0xbc);
  m.body_len = 1234;
  m.approver = {hash_of(0xa1), hash_of(0xa2)};
  exchange::encode_manifest(m);
  return m;
}

// Only what must stand.
inline exchange::Manifest least_manifest() {
  exchange::Manifest m = full_manifest();
  m.to = {"XB"};
  m.thread.reset();
  m.reply_to.reset();
  m.expires_ms = 0;
  m.body_len = 0;
  m.approver.clear();
  exchange::encode_manifest(m);
  return m;
}

}  // namespace focal::test
