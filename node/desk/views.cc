#include "node/desk/views.h"

#include <charconv>

#include "node/desk/link_words.h"
#include "node/desk/peer_trust.h"
#include "node/exchange/party.h"
#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "node/record/kinds.h"

namespace focal::desk {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

}  // namespace

std::string time_text(std::uint64_t unix_ms) { return unix_ms == 0 ? "" : format_utc(unix_ms); }

std::string code_text(std::string_view list, std::string_view code) {
  const auto text = record::label(list, code, "en");
  return std::string(text ? *text : code);
}

std::string kind_text(std::string_view kind, std::string_view lang) {
  const record::KindInfo* info = record::find_kind(kind);
  const auto text = info == nullptr
                        ? std::nullopt
                        : record::field_labels().text("Record." + info->field_name, lang);
  return std::string(text.value_or(kind));
}

std::string case_number(store::CaseId id) { return "T-" + std::to_string(id); }

Result<store::CaseId> parse_case_number(std::string_view text) {
  const auto value = number(text.starts_with("T-") ? text.substr(2) : text);
  if (!value)
    return fail(ErrorCode::kUsage, "'" + std::string(text.substr(0, 40)) + "' is not a case number",
                "Case numbers look like T-12; 'focal trace list' shows them.", "case_number");
  return *value;
}

std::string outbox_id(store::BatchId batch, const std::string& party) {
  return std::to_string(batch) + "-" + party;
}

Result<std::pair<store::BatchId, std::string>> parse_outbox_id(std::string_view text) {
  const auto dash = text.find('-');
  const auto batch = dash == std::string_view::npos ? std::nullopt : number(text.substr(0, dash));
  if (!batch || !exchange::is_party(text.substr(dash + 1)))
    return fail(ErrorCode::kUsage, "'" + std::string(text.substr(0, 40)) + "' is not an outbox id",
                "Ids look like 17-XB; 'focal outbox' shows them.", "id");
  return std::pair{*batch, std::string(text.substr(dash + 1))};
}

void fill_card(const exchange::Card& card, const std::optional<exchange::Schedule>& schedule,
               v1::CardInfo* out) {
  out->set_party(card.party);
  out->set_card_id(hex(card.card_id));
  out->set_serial(static_cast<std::uint32_t>(card.serial));
  out->set_issued_at(time_text(card.issued_ms));
  out->set_expires_at(time_text(card.expires_ms));
  out->set_root_key(base64(card.root));
  for (const auto& line : card.authority) out->add_authority(line);
  if (!schedule) return;
  out->set_seal_serial(schedule->serial);
  out->set_seal_until_at(time_text(schedule->keys.back().not_after_ms));
  out->set_reach(schedule->reach == exchange::Reach::kDirect    ? "direct"
                 : schedule->reach == exchange::Reach::kDialout ? "dialout"
                                                                : "relay");
  for (const auto& endpoint : schedule->endpoints) out->add_endpoints(endpoint);
}

void fill_link(node::Node& node, const exchange::Peer& peer, v1::Peer* out) {
  const std::string& party = peer.row.party;
  const auto link = node.core().machine().link_state(party);
  const auto& report = node.gate_report();
  out->set_last_contact_at(time_text(link.last_heard_wall_ms));
  out->set_clock_offset_ms(link.clock_skew_ms);
  if (link.up) {
    out->set_link("UP");
    return;
  }
  const bool dials = peer.schedule && !peer.schedule->endpoints.empty();
  out->set_link(dials ? "CONNECTING" : "DOWN");
  const NoLink why = no_link(party, dials, report.furthest(party), link);
  out->set_not_connected_code(why.code);
  out->set_not_connected_text(why.text);
  out->set_not_connected_hint(why.hint);
}

void fill_peer(node::Node& node, const exchange::Peer& peer, const Now& now, v1::Peer* out) {
  out->set_party(peer.row.party);
  out->set_level(std::string(exchange::standing_name(peer.standing)));
  const TrustFacts facts = facts_of(node, peer, now);
  out->set_level_text(trust_words(facts) + " " + passes_words(facts));
  if (peer.row.verified_ms != 0) {
    out->set_verified_at(time_text(peer.row.verified_ms));
    out->set_verified_how(peer.row.verified_how);
  }
  fill_card(peer.card, peer.schedule, out->mutable_card());
  fill_link(node, peer, out);
  out->set_queued(static_cast<std::uint32_t>(facts.sendings));
  out->set_waiting(static_cast<std::uint32_t>(facts.waiting));
}

Result<const exchange::Peer*> find_peer(node::Node& node, const std::string& party) {
  const exchange::Peer* peer = node.core().peers().find(party);
  if (peer == nullptr)
    return fail(ErrorCode::kNotFound, "this node does not know " + party.substr(0, 40),
                "Ask them for the file of 'focal card export' and add it with 'focal peer add FILE'.",
                "party");
  return peer;
}

}  // namespace focal::desk
