// How a peer and a card are shown; used by peer, card and status commands.
// Includes generated messages' names only.
#pragma once

#include <string>

#include "node/cli/print.h"

namespace focal::api::v1 {
class CardInfo;
class Peer;
}  // namespace focal::api::v1

namespace focal::cli {

std::string card_text(const api::v1::CardInfo& card, const Look& look);  // labelled lines
std::string level_text(const api::v1::Peer& peer, const Look& look);     // one painted word
std::string peer_text(const api::v1::Peer& peer, const Look& look);      // link, queues, card
void add_peer_row(Table& table, const api::v1::Peer& peer, const Look& look);
Table peer_table_for(const Look& look);  // with the titles add_peer_row needs

// PHONE, IN_PERSON, NOTE_VERBALE for the words of the command line.
std::string how_code(const std::string& how);

// Twelve groups of five, four a line, indented; anything else as it is.
std::string number_text(const std::string& number);

}  // namespace focal::cli
