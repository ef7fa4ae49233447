// How stored things are shown: from rows, cards and folds to the messages of the
// API. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/node/cases.h"
#include "node/node/node.h"
#include "proto/api.pb.h"

namespace focal::desk {

namespace v1 = focal::api::v1;

std::string time_text(std::uint64_t unix_ms);                     // "" for 0
std::string code_text(std::string_view list, std::string_view code);  // label, or the code
// "tracing request", in one of the six languages; the kind itself if it is newer than we are.
std::string kind_text(std::string_view kind, std::string_view lang = "en");

std::string case_number(store::CaseId id);                        // "T-12"
Result<store::CaseId> parse_case_number(std::string_view text);   // kUsage
std::string outbox_id(store::BatchId batch, const std::string& party);      // "17-XB"
Result<std::pair<store::BatchId, std::string>> parse_outbox_id(std::string_view text);

void fill_card(const exchange::Card& card, const std::optional<exchange::Schedule>& schedule,
               v1::CardInfo* out);
void fill_peer(node::Node& node, const exchange::Peer& peer, const Now& now, v1::Peer* out);
void fill_link(node::Node& node, const exchange::Peer& peer, v1::Peer* out);  // a part of it
void fill_outbox(node::Node& node, const store::OutboxRow& row, const Now& now,
                 v1::OutboxEntry* out);
// READY, INFLIGHT, … (api.proto, OutboxEntry). entry: what memory knows of it, or nullptr.
std::string_view outbox_state(const store::OutboxRow& row, const exchange::OutboxEntry* entry);
void fill_case(node::Node& node, const node::OpenedCase& opened, std::uint64_t now_ms,
               v1::TraceCase* out);
// The same without the responder's reference, for which every record that counts is opened.
void fill_case_short(node::Node& node, const node::OpenedCase& opened, std::uint64_t now_ms,
                     v1::TraceCase* out);
// The line of the inbox, but for what fill_standing() says.
void fill_entry(const v1::TraceCase& from, v1::InboxEntry* out);

// A record of a case as it is stored: manifest and checked content.
struct ShownRecord {
  exchange::Manifest manifest;
  std::optional<record::CheckedRecord> record;  // nothing: of a kind not known here
  store::RecordInfo info;
  std::vector<std::string> released_by{};       // roles of the second officers at the sender
};
// ", released by SUPERVISOR at XA", or nothing.
std::string release_words(const ShownRecord& shown);
std::optional<ShownRecord> show_record(store::View& view, store::LeafIndex idx);
// The case's root record; nothing while it has not arrived.
std::optional<ShownRecord> root_record(store::View& view, const store::CaseRow& row);
// Those that took effect, in the order in which they did; with a kind only its.
std::vector<ShownRecord> taken_records(store::View& view, const node::OpenedCase& opened,
                                       std::string_view kind = {});
// The responder's own reference, as it said last; empty before.
std::string responders_reference(store::View& view, const node::OpenedCase& opened);

// The code list that the row's state stands in.
std::string_view state_list_of(const store::CaseRow& row);

// kNotFound with a hint.
Result<store::CaseRow> find_case(node::Node& node, std::string_view number);
Result<const exchange::Peer*> find_peer(node::Node& node, const std::string& party);

}  // namespace focal::desk
