// Offline verification of a ledger file, read-only, for `focal ledger verify`
// and independent checkers: every leaf is hashed again, and what the other
// tables say has to follow from the leaves, from signed statements and notes, or
// at least from each other. Needs no private key; bodies stay sealed.
//
// With the keys of VerifyOptions the signatures are verified too; without them
// only their sizes are looked at.
//
// What stands only in sealed text, or in no leaf at all, is NOT checked:
//  - kind and creation time of a record, as far as no receipt and no case depends on
//    them, and the further recipients of a sent one: they stand in its manifest;
//  - what a record answers, and state, times and marks of a case;
//  - how a sending stands: state, lane, tries, times, reason, and which status an
//    item ended with (a receipt that is stored is checked, its effect is not);
//  - waiting envelopes;
//  - of a peer all but its notes and that it was verified: level, suspension, introducers,
//    schedule, and how a card came to be held; whether two notes contradict each other;
//  - what the search index finds: its tags and blocks need the index key;
//  - when something was published, shown, asked or opened, how a request for a proof ended, when a
//    record is to be erased, which statements were lost, and what the table of keys says;
//  - what a row of the desk says: it is sealed, and bound to its leaf when it is opened;
//  - when a checkpoint was made, and whether sealed text opens.
// And whoever can write the file can cut off everything behind the last checkpoint
// that somebody else has seen.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sign.h"
#include "node/store/leaf.h"
#include "node/store/rows.h"

namespace focal::ledger {

inline constexpr std::size_t kMaxProblemsListed = 100;

// Who signs the checkpoints of a log.
struct LogSigner {
  std::string origin;  // "focal/XA/log/1"
  crypto::PublicKey key{};
};

// Who signs statements under a card.
struct Signer {
  std::string party;
  Hash32 card_id{};
  crypto::PublicKey key{};
  std::optional<crypto::PublicKey> witness{};  // its cosignatures; nothing: they are not checked
  std::optional<LogSigner> log{};              // nothing: no proof can be of it
};

// What a policy note says of the witnesses of a log.
struct WitnessRule {
  std::string origin;
  std::uint32_t quorum = 0;
  std::vector<std::string> witnesses;
};

// What a card of this node says about its keys and its log.
struct OwnCard {
  Signer signer;
  std::string origin;           // "focal/XA/log/1"
  crypto::PublicKey log_key{};
  std::optional<Hash32> prev;   // card_id of its predecessor
};

struct VerifyOptions {
  // Leaves, tiles and checkpoints alone: that nothing in the log was changed, at the rate of the
  // hash function. The other parts, the file's form included, are not looked at.
  bool log_only = false;
  // Of the card in force; they serve for all of a ledger without own cards.
  std::optional<crypto::PublicKey> log_key;   // checks the checkpoints' signatures
  std::optional<crypto::PublicKey> sign_key;  // checks the statements this node signed
  // The card in force, and what reads a stored own card (an error: no card). The stored ones
  // have to be the chain that ends with it; what was signed under each is checked with its keys.
  std::optional<Hash32> own_card;
  std::function<Result<OwnCard>(const std::string& card_note)> read_own_card;
  // Reads a stored card note; checks the statements of peers. An error: no card.
  std::function<Result<Signer>(const std::string& card_note)> read_card;
  // Reads a policy note of this node; without it no quorum is checked. An error: no policy.
  std::function<Result<WitnessRule>(const std::string& policy_note)> read_policy;
  // Does a stored proof show its leaf in a checkpoint of one of these, the logs that the stored
  // cards of its party name? Without it, it is not looked at.
  std::function<Status(const store::ProofRow& proof, const std::vector<LogSigner>& logs)>
      check_proof;
  std::function<void(std::uint64_t leaves_done, std::uint64_t leaves)> progress;
  std::function<std::uint64_t()> mono_ms;  // a clock, for the rate
  std::function<bool()> stop;  // asked now and then: true ends it, with a problem that says so
};

// What is checked, each with a verdict of its own.
enum class VerifyPart : std::uint8_t {
  kFile,  // SQLite's own check; indexes and guards
  kLeaves,
  kTiles,
  kCheckpoints,
  kRecords,
  kBatches,
  kReceipts,
  kSignatures,  // of statements
  kOutbox,
  kNotes,  // cards, revocations, directories, fork proofs, own cards and schedules, trust
  kCases,
  kIndex,  // what records are found by
  kDesk,   // persons, acts that wait for a second officer
  kWitnesses,  // cosignatures and publications, policies, what is witnessed of others
  kErasures,   // what was erased and what was lost, and proofs of others' logs
};
inline constexpr std::size_t kVerifyParts = 15;

struct VerifyReport {
  std::string party;
  std::string origin;
  bool log_only = false;  // as it was asked for
  std::uint64_t leaves = 0;
  std::uint64_t tiles = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t records = 0;
  std::uint64_t batches = 0;          // of records, sent and received
  std::uint64_t receipt_batches = 0;  // issued and received
  std::uint64_t signatures = 0;       // verified; 0 without keys
  std::uint64_t outbox_rows = 0;
  std::uint64_t notes = 0;  // of kNotes
  std::uint64_t cases = 0;
  std::uint64_t index_tags = 0;
  std::uint64_t desk_rows = 0;
  std::uint64_t witness_rows = 0;   // of kWitnesses
  std::uint64_t erased = 0;         // records
  std::uint64_t recovered = 0;      // records of which only the receipt came back
  Hash32 root{};                                   // of all leaves
  std::optional<store::CheckpointRow> checkpoint;  // the newest, as it is stored
  double leaves_per_s = 0;                         // 0 without a clock
  std::uint64_t problem_count = 0;
  std::array<std::uint64_t, kVerifyParts> problems_in{};  // by VerifyPart
  std::vector<std::string> problems;                      // the first kMaxProblemsListed
  bool ok() const { return problem_count == 0; }
};

struct VerifyVerdict {
  std::string_view name;      // "leaves", "tiles", …
  std::uint64_t checked = 0;  // how many
  std::uint64_t problems = 0;
};
// In the order of VerifyPart; with log_only those of the log, and what has a problem.
std::vector<VerifyVerdict> verdicts(const VerifyReport& report);

// An error only if the file cannot be read as a ledger at all (kNotFound,
// kCorrupt: damaged, or a table is missing or another; kState, kPermission, kIo,
// kBusy); whatever else is wrong is a problem. May run beside the node that
// writes: what is appended meanwhile is not looked at.
Result<VerifyReport> verify(const std::filesystem::path& ledger_file,
                            const VerifyOptions& options = {});

// What the leaves of one type name, in order of the log, repetitions included:
// their refs, or for RECEIPT_IN the record ids of the receipt items.
Result<std::vector<Hash32>> record_ids(const std::filesystem::path& ledger_file,
                                       store::LeafType type);

}  // namespace focal::ledger
