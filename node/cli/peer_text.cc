#include "node/cli/peer_text.h"

#include "base/clock.h"
#include "node/cli/width.h"
#include "proto/api.pb.h"

namespace focal::cli {
namespace {

namespace v1 = api::v1;

Style level_style(const v1::Peer& p) {
  if (p.level() == "VERIFIED") return Style::kGood;
  if (p.level() == "SUSPENDED" || p.level() == "REVOKED") return Style::kBad;
  return Style::kWarn;
}

std::string reason(const v1::Peer& p) {
  return p.not_connected_text().empty() ? p.not_connected_code() : p.not_connected_text();
}

template <typename List>
std::string joined(const List& list, const char* separator) {
  std::string out;
  for (const std::string& s : list) out += (out.empty() ? "" : separator) + s;
  return out;
}

}  // namespace

std::string card_text(const v1::CardInfo& c, const Look& look) {
  return labelled({{"party", c.party()},
                   {"authority", joined(c.authority(), "\n")},
                   {"card", c.card_id()},
                   {"serial", c.serial() == 0 ? "" : std::to_string(c.serial())},
                   {"issued", past_time(c.issued_at(), look)},
                   {"expires", {due_time(c.expires_at(), look),
                                is_past(c.expires_at(), look) ? Style::kBad : Style::kPlain}},
                   {"sealing keys until", due_time(c.seal_until_at(), look)},
                   {"reach", c.reach()},
                   {"addresses", joined(c.endpoints(), ", ")},
                   {"root key", c.root_key()}},
                  look);
}

std::string how_code(const std::string& how) {
  if (how == "phone") return "PHONE";
  return how == "in-person" ? "IN_PERSON" : "NOTE_VERBALE";
}

std::string level_text(const v1::Peer& p, const Look& look) {
  return paint(clean(p.level()), level_style(p), look);
}

// Nothing while both show the same second.
std::string clock_words(std::int64_t offset_ms) {
  const auto apart = offset_ms < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(offset_ms)
                                   : static_cast<std::uint64_t>(offset_ms);
  if (apart < kSecondMs) return {};
  return (offset_ms > 0 ? "ahead of ours by " : "behind ours by ") + duration(apart);
}

std::string peer_text(const v1::Peer& p, const Look& look) {
  std::string why = reason(p);
  if (!p.not_connected_hint().empty()) why += (why.empty() ? "" : "; ") + p.not_connected_hint();
  return labelled(
             {{"link", {p.link(), p.link() == "UP" ? Style::kGood : Style::kWarn}},
              {"last contact",
               p.last_contact_at().empty() ? "never" : past_time(p.last_contact_at(), look)},
              {"not connected", {p.link() == "UP" ? "" : why, Style::kWarn}},
              {"its clock", clock_words(p.clock_offset_ms())},
              {"to be sent", p.queued() == 0 ? "" : count(p.queued(), "sending", "sendings")},
              {"waiting here", p.waiting() == 0 ? "" : count(p.waiting(), "record", "records")}},
             look) +
         card_text(p.card(), look);
}

Table peer_table_for(const Look&) {
  return Table(
      {"PARTY", "TRUST", "LINK", "LAST CONTACT", "<QUEUED", "CARD EXPIRES", "~WHY NOT CONNECTED"});
}

void add_peer_row(Table& table, const v1::Peer& p, const Look& look) {
  std::string last = past_time(p.last_contact_at(), look);
  const auto open = last.find('(');  // the table has room for the relative part only
  if (open != std::string::npos) last = last.substr(open + 1, last.size() - open - 2);
  table.add({p.party(),
             {p.level(), level_style(p)},
             {p.link(), p.link() == "UP" ? Style::kGood : Style::kWarn},
             last.empty() ? "never" : last,
             std::to_string(p.queued()),
             {p.card().expires_at().substr(0, 10),
              is_past(p.card().expires_at(), look) ? Style::kBad : Style::kPlain},
             p.link() == "UP" ? "" : reason(p)});
}

std::string number_text(const std::string& number) {
  std::string digits;
  for (const char c : number)
    if (c >= '0' && c <= '9') digits += c;
  if (digits.size() != 60) return "  " + clean(number) + "\n";
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 5)
    out += (i % 20 == 0 ? "    " : " ") + digits.substr(i, 5) + (i % 20 == 15 ? "\n" : "");
  return out;
}

}  // namespace focal::cli
