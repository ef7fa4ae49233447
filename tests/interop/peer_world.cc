#include "tests/interop/peer_world.h"

#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "node/exchange/card_rules.h"

namespace focal::test {
namespace {

std::uint64_t number_of(const std::string& text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  FOCAL_CHECK(error == std::errc() && end == text.data() + text.size());
  return out;
}

std::string note_of(const std::string& base64_text) {
  const auto bytes = unbase64(base64_text);
  FOCAL_CHECK(bytes.has_value());
  return to_string(*bytes);
}

std::string party_of(const std::string& card_note) {
  const auto card = exchange::parse_card(card_note);
  if (!card) std::fprintf(stderr, "a pinned card: %s\n", card.error().message.c_str());
  FOCAL_CHECK(card.has_value());
  return card->party;
}

store::PeerLevel level_of(const std::string& word) {
  if (word == "VERIFIED") return store::PeerLevel::kVerified;
  return word == "INTRODUCED" ? store::PeerLevel::kIntroduced : store::PeerLevel::kNone;
}

std::vector<std::string> split_at(const std::string& text, char mark) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(mark, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

}  // namespace

std::vector<std::string> split_words(std::string_view line) {
  return split_at(std::string(line), ' ');
}

// A held card, and why: a recovery is one whoever brought it, any other came from elsewhere.
void PeerWorld::hold(const std::string& note) {
  const auto card = exchange::parse_card(note);
  FOCAL_CHECK(card.has_value());
  const exchange::Peers all = peers();
  const auto verdict = exchange::judge_card(*all.find(subject), *card, all.pinned_keys());
  const bool recovers = verdict == exchange::Succession::kRecover ||
                        verdict == exchange::Succession::kRecoverEarlier;
  rows.at(subject).held.push_back(
      {card->card_id, recovers ? store::HoldWhy::kRecovery : store::HoldWhy::kElsewhere, now_ms, {},
       note});
}

// Lines about a party; all but the first about the one told last.
bool PeerWorld::tell_party(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  const std::size_t given = words.size() - 1;
  if (what == "peer" && given == 2) {
    store::PeerRow row;
    row.card_note = note_of(words[2]);
    row.party = subject = party_of(row.card_note);
    row.level = level_of(words[1]);
    rows[subject] = row;
  } else if (what == "old" && given == 1) {  // newest first
    rows.at(subject).old_cards.push_back(note_of(words[1]));
  } else if (what == "held" && given == 1) {
    hold(note_of(words[1]));
  } else if (what == "revoked" && given == 1) {
    rows.at(subject).revocations.push_back({0, now_ms, note_of(words[1])});
  } else if (what == "suspended" && given == 0) {
    rows.at(subject).suspended = store::Suspension::kOperator;
  } else {
    return false;
  }
  return true;
}

bool PeerWorld::tell(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  const std::size_t given = words.size() - 1;
  if (what == "world" && given == 0) {
    *this = PeerWorld();
  } else if (what == "own" && given == 1) {
    self.card.party = words[1];
  } else if (what == "now" && given == 1) {
    now_ms = number_of(words[1]);
  } else if (what == "sealing" && given == 2) {
    auto key = crypto::dh_key_from_secret(crypto::Secret::copy_of(*unhex(words[1])));
    const exchange::SealKey seal = exchange::make_seal_key(key.pk, *parse_date(words[2]));
    self.sealing.push_back({seal.kid, seal.not_after_ms, {to_bytes(ByteView(key.pk)), std::move(key.sk)},
                            exchange::kSuite1});
  } else if (what == "pair" && given == 2) {
    const auto secret = crypto::Secret::copy_of(*unhex(words[2]));
    self.pairs.put(words[1], exchange::PairSecret::make(secret, self.card.party, words[1], {}, 1));
    self.pairs.saved();
  } else if (what == "sent" && given == 3) {
    store::PutSentBatch batch;
    batch.records.push_back({{*fixed<32>(*unhex(words[1])), number_of(words[2])}, "peer.ping", {}});
    batch.to = split_at(words[3], ',');
    sent.push_back(batch);
  } else if (what == "here" && given == 3) {
    store::PutReceivedBatch batch;
    const store::RecordRef ref{*fixed<32>(*unhex(words[1])), number_of(words[2])};
    const auto status = static_cast<std::uint32_t>(number_of(words[3]));
    batch.records.push_back({{ref, "peer.ping", {}}, status, 0});
    here.push_back(batch);
  } else if (what == "approves" && given == 1) {
    approved_kinds.insert(words[1]);
  } else if (what == "witness" && given == 1) {
    witness_seed = unhex(words[1]).value_or(Bytes{});
  } else if (what == "mark" && given == 0 && !marked) {
    marked = static_cast<const Told&>(*this);
  } else if (what == "back" && given == 0 && marked) {
    static_cast<Told&>(*this) = *std::exchange(marked, std::nullopt);
  } else {
    return tell_party(words) || tell_witness(*this, words);
  }
  return true;
}

exchange::Peers PeerWorld::peers() const {
  exchange::Peers out;
  for (const auto& [party, row] : rows) FOCAL_CHECK(out.put(row).has_value());
  return out;
}

exchange::Identity PeerWorld::identity() const {
  exchange::Identity out;
  out.card = self.card;
  out.sign = crypto::signing_key_from_seed(crypto::Secret::copy_of(Bytes(32, 9)));
  for (const auto& key : self.sealing)
    out.sealing.push_back({key.kid, key.not_after_ms, {key.key.pk, key.key.sk.clone()}, key.suite});
  for (const auto& [name, value] : self.pairs.entries())
    FOCAL_CHECK(out.pairs.load(name, value.view()).has_value());
  return out;
}

exchange::Card PeerWorld::subject_card() const {
  auto card = exchange::parse_card(subject_row().card_note);
  FOCAL_CHECK(card.has_value());
  return std::move(*card);
}

}  // namespace focal::test
