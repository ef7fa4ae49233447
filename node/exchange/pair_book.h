// The pair secrets of a node, and the ceremonies under way (docs/protocol.md, "Pair
// secret"). Pure. What is kept of a pair: for each direction the oldest weekly key that
// may still be needed, and the two confirm tags; neither PSK_ab nor any earlier key.
//
// A change is staged first; the caller makes entries() durable, then says saved(), and
// only then it counts. If that fails: discard(). What an operator drops goes the other way
// round, so that nothing is lost without a leaf: first the ledger, then drops_committed(),
// then the keystore. Ceremonies are memory only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crypto/random.h"
#include "node/exchange/pair_secret.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxCeremonies = 16;               // under way at once
inline constexpr std::uint64_t kCeremonyLifeMs = 30 * kMinuteMs;  // then c is wiped
inline constexpr std::string_view kPairPrefix = "pair/";          // keystore: pair/XB
inline constexpr std::string_view kNewPairPrefix = "pair-new/";   // … not yet confirmed by them
// Of a party, not yet confirmed: that of the last meeting, pair-new/XB, and those of the
// meetings before it, pair-new/XB/1 to /3, because they may be what the other side holds.
inline constexpr std::size_t kMaxWaitingPairs = 4;

// The oldest weeks that are still needed.
struct PairWeeks {
  std::uint64_t out = kFirstPairWeek;
  std::uint64_t in = kFirstPairWeek;
};

struct PairSecret {
  std::uint64_t made_ms = 0;       // wall clock of the ceremony
  std::uint64_t confirmed_ms = 0;  // their peer.psk_confirm came; 0: not yet
  PairChain out;                   // us -> them
  PairChain in;                    // them -> us
  crypto::Secret own_tag;          // what our confirm shows
  crypto::Secret their_tag;        // what theirs has to show
  bool told = false;               // our confirm stands in the ledger

  static PairSecret make(const crypto::Secret& psk_ab, std::string_view self,
                         std::string_view peer, const PairWeeks& weeks, std::uint64_t made_ms);
  PairSecret clone() const;
  crypto::Secret encode() const;   // 162 bytes, of the form decode takes
  static std::optional<PairSecret> decode(ByteView bytes);
};

// For operators.
struct PairStanding {
  std::uint64_t made_ms = 0;          // of the secret in use; 0: none
  std::uint64_t confirmed_ms = 0;
  std::uint64_t unconfirmed_ms = 0;   // ceremony of one that they have not confirmed yet; 0: none
  bool strange_confirm = false;       // they confirmed one that is not here
};

// Whose secret opened an envelope. Until they have confirmed it, also the tag that their
// confirm would show: that they sealed with it proves the same.
struct PairUse {
  std::string party;
  crypto::Secret unconfirmed_tag;     // empty: of the secret in use
};

class PairBook {
 public:
  // The c of our code for that party: of the ceremony under way, or of a new one.
  // kLimit: 16 are under way.
  Result<const crypto::Secret*> begin_ceremony(const std::string& party, crypto::Rng& rng,
                                               std::uint64_t mono_ms);
  const crypto::Secret* ceremony(const std::string& party) const;  // nullptr: none, or over
  std::uint64_t ceremony_ends_mono_ms(const std::string& party) const;  // 0: none
  void end_ceremony(const std::string& party) { ceremonies_.erase(party); }
  void end_old_ceremonies(std::uint64_t mono_ms);

  // Staged. A new secret is not used for sending before it is confirmed; until then an
  // older confirmed one goes on.
  void put(const std::string& party, PairSecret secret);
  // A peer.psk_confirm of that party. True: it fits a secret that waits for it, or, once
  // more, the one in use. A tag that fits nothing is remembered (one a party) for a put()
  // to come.
  bool confirm(const std::string& party, ByteView tag, std::uint64_t wall_ms);
  // An operator's act in the group under way; false: there is none. It is not staged:
  // nothing changes before drops_committed().
  bool drop(const std::string& party);
  bool has_drops() const { return !drops_.empty(); }
  // The ledger has the acts: those secrets are wiped, at once; the next save makes it durable.
  void drops_committed();

  // Own tags of secrets of which the ledger holds no confirm of ours, by party: the node
  // ended between keystore and ledger.
  std::vector<std::pair<std::string, crypto::Secret>> untold() const;
  void told(const std::string& party);  // at once; the next save makes it durable

  // Is what we send to the party sealed in mode 1? Never a question of its bounces.
  bool is_confirmed(const std::string& party) const;
  // made_ms of the secret in use, 0 if none: tells one from its successor.
  std::uint64_t made_ms(const std::string& party) const;
  // Nothing: no confirmed secret, or that week was forgotten.
  std::optional<PairKey> sealing_key(const std::string& party, std::uint64_t week) const;
  // The pair whose key of that week gives this hint for enc: one HMAC a secret, after
  // the first in a week. nullptr: none. Valid until the next change. use: whose it is.
  const PairKey* opening_key(std::uint64_t week, ByteView enc, ByteView hint,
                             PairUse* use = nullptr) const;
  PairStanding standing(const std::string& party) const;

  // Past keys are computed on and wiped. At once; the next save makes it durable.
  void forget_before(const PairWeeks& weeks);

  // What stands in the keystore under kPairPrefix and kNewPairPrefix.
  bool has_staged() const { return !staged_.empty(); }
  bool has_unsaved() const { return unsaved_ || has_staged(); }
  std::map<std::string, crypto::Secret> entries() const;
  void saved();
  void discard();
  // Parties whose mode changed since the last call.
  std::vector<std::string> take_changed() { return std::exchange(changed_, {}); }
  // kKeystore: a name or value that no entries() gave.
  Status load(std::string_view name, ByteView value);

 private:
  struct Entry {
    std::optional<PairSecret> current;  // confirmed
    std::vector<PairSecret> waiting;    // not yet, newest first
    bool empty() const { return !current && waiting.empty(); }
  };
  struct Ceremony {
    crypto::Secret c;
    std::uint64_t ends_mono_ms = 0;
  };
  using Opening = std::map<std::uint64_t, PairKey>;  // by week
  struct Live {
    Entry entry;
    mutable Opening of_current;           // computed once a week and pair
    mutable std::vector<Opening> of_waiting{};
  };

  static Entry clone(const Entry& entry);
  Entry& stage(const std::string& party);
  const Entry* newest(const std::string& party) const;  // as the group leaves it, without drops
  static bool try_tag(Entry& entry, ByteView tag, std::uint64_t wall_ms);
  const PairSecret* current(const std::string& party) const;

  std::map<std::string, Live> live_;
  std::map<std::string, Entry> staged_;
  std::map<std::string, std::vector<crypto::Secret>> drops_;  // own tags of what is dropped
  struct EarlyTag {
    Bytes tag;
    bool tried = false;  // a meeting ended here since, and it was not that of this tag
  };
  std::map<std::string, EarlyTag> early_tags_;
  std::map<std::string, Ceremony> ceremonies_;
  std::vector<std::string> changed_;
  bool unsaved_ = false;
};

}  // namespace focal::exchange
