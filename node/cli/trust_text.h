// How trust, its proofs, notes and directories are shown (node/cli/trust_commands.cc,
// peer_commands.cc, directory_commands.cc). Includes generated messages' names only.
#pragma once

#include <string>

#include "node/cli/print.h"

namespace focal::api::v1 {
class DirectoryCompareResponse;
class DirectoryListResponse;
class DirectoryShowResponse;
class HeldCard;
class NotesAddResponse;
class PeerDetailsResponse;
class PeersResponse;
class PeerTrust;
}  // namespace focal::api::v1

namespace focal::cli {

// A paragraph for each party: its standing, what follows, the next step.
std::string trust_list_text(const api::v1::PeersResponse& answer, const Look& look);
// Labelled lines of one party; then its cards on hold.
std::string trust_text(const api::v1::PeerTrust& trust, const Look& look);
// Old and new root key, and what becomes of the safety number.
std::string held_text(const api::v1::HeldCard& held, const Look& look);
// Decisions, and notes verbatim between lines that name them.
std::string proof_text(const api::v1::PeerDetailsResponse& answer, const Look& look);

// The number in groups, who reads which half, and how to go on.
std::string compare_text(const api::v1::PeerDetailsResponse& answer, const Look& look);

std::string notes_text(const api::v1::NotesAddResponse& answer, const Look& look);
bool all_notes_taken(const api::v1::NotesAddResponse& answer);

std::string directories_text(const api::v1::DirectoryListResponse& answer, const Look& look);
std::string directory_text(const api::v1::DirectoryShowResponse& answer, const Look& look);
std::string comparison_text(const api::v1::DirectoryCompareResponse& answer, const Look& look);

}  // namespace focal::cli
