// An evidence bundle taken apart (docs/protocol.md, "Archive" and "Index"): what stands in it,
// whose it is, and that it has the form of a bundle. Nothing is verified here but that form.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "node/evidence/claims.h"
#include "node/evidence/index.h"
#include "node/exchange/manifest.h"

namespace focal::evidence {

// Byte for byte what README.txt is in version 1.
std::string_view readme_text();

// Everything below views the archive, which must outlive it.
struct NamedNote {
  std::string_view name;  // serial or id, as in the file name
  std::string_view note;
};

// In the order of their names.
struct PartyFiles {
  std::vector<NamedNote> cards;
  std::vector<NamedNote> revocations;
  std::vector<NamedNote> policies;
};

struct ApprovalFiles {
  std::optional<ByteView> certificate, signature;
};
struct ReceiptFiles {
  std::optional<ByteView> item, stmt, sig, path;
};
struct LeafFiles {
  std::optional<ByteView> leaf, proof;
};
struct ErasedFiles {
  std::optional<ByteView> leaf, proof, detail;
};

// Of what stands together, all or none is here; keys are within what the manifest allows.
struct RecordFiles {
  exchange::Manifest manifest;
  std::optional<ByteView> manifest_bytes, stmt, sig, path;
  std::optional<ByteView> body, salt;
  std::map<std::size_t, ApprovalFiles> approvals;
  std::map<std::string, ReceiptFiles> receipts;
  std::map<std::string, LeafFiles> leaves;
  std::map<std::string, ErasedFiles> erased;
};

struct Bundle {
  IndexHead head;
  std::map<std::string, PartyFiles> parties;
  std::vector<RecordFiles> records;  // by (created_ms, rid)
};

struct BrokenForm {
  Reason reason = Reason::kForm;  // kForm or kDigest
  std::string why;                // for people who make bundles; never part of a verdict
};
// The bundle, or the first rule of its form that it breaks.
struct ReadBundle {
  std::optional<Bundle> bundle;
  BrokenForm broken;
};
ReadBundle read_bundle(ByteView archive);

}  // namespace focal::evidence
