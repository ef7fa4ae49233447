#include "tests/interop/peer_world.h"

#include <charconv>

#include "base/check.h"

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

bool PeerWorld::tell(const std::vector<std::string>& words) {
  const std::string& what = words[0];
  const std::size_t given = words.size() - 1;
  if (what == "world" && given == 0) {
    *this = PeerWorld();
  } else if (what == "own" && given == 1) {
    self.card.party = words[1];
  } else if (what == "now" && given == 1) {
    now_ms = number_of(words[1]);
  } else if (what == "sealing" && given == 1) {
    auto key = crypto::dh_key_from_secret(crypto::Secret::copy_of(*unhex(words[1])));
    self.sealing.push_back({exchange::kid16(exchange::kSuite1, key.pk), ~std::uint64_t{0} >> 1,
                            std::move(key)});
  } else if (what == "peer" && given == 2) {
    store::PeerRow row;
    row.card_note = note_of(words[2]);
    row.party = subject = party_of(row.card_note);
    row.level = level_of(words[1]);
    rows[subject] = row;
  } else if (what == "old" && given == 1) {  // newest first
    rows.at(subject).old_cards.push_back(note_of(words[1]));
  } else if (what == "sent" && given == 3) {
    store::PutSentBatch batch;
    batch.records.push_back({{*fixed<32>(*unhex(words[1])), number_of(words[2])}, "peer.ping", {}});
    batch.to = split_at(words[3], ',');
    sent.push_back(batch);
  } else {
    return false;
  }
  return true;
}

exchange::Peers PeerWorld::peers() const {
  exchange::Peers out;
  for (const auto& [party, row] : rows) FOCAL_CHECK(out.put(row).has_value());
  return out;
}

exchange::Card PeerWorld::subject_card() const {
  auto card = exchange::parse_card(subject_row().card_note);
  FOCAL_CHECK(card.has_value());
  return std::move(*card);
}

}  // namespace focal::test
