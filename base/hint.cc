#include "base/hint.h"

namespace focal {
namespace {

const char* general_hint(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage: return "see `focal --help`, or --help after the command";
    case ErrorCode::kInvalid: return "correct that value and try again";
    case ErrorCode::kNotFound: return "check the name";
    case ErrorCode::kExists: return "use the existing one, or another name; nothing was changed";
    case ErrorCode::kPermission: return "use the account the node runs as";
    case ErrorCode::kLimit: return "make it smaller; docs/protocol.md has the limits";
    case ErrorCode::kIo: return "check the disk and the path";
    case ErrorCode::kNoSpace: return "free some space; nothing was lost";
    case ErrorCode::kCorrupt: return "stop, and see docs/operations.md, \"When the disk fails\"";
    case ErrorCode::kBusy: return "try again in a moment";
    case ErrorCode::kUnavailable: return "is focald running, and the peer's node?";
    case ErrorCode::kState: return "see `focal status`";
    case ErrorCode::kConfig: return "compare the line with config/examples/focal.toml";
    case ErrorCode::kPassphrase: return "try again; nothing was changed";
    case ErrorCode::kKeystore: return "bring back the last good copy of the file";
    case ErrorCode::kNote: return "get the file again; mail programs like to change line ends";
    case ErrorCode::kSignature: return "get it again by another path; if it stays, report it";
    case ErrorCode::kCard: return "ask the party for a fresh export";
    case ErrorCode::kCardKey: return "do not use the card; tell the party";
    case ErrorCode::kCardChain: return "speak to the party before anything else";
    case ErrorCode::kLint:
    case ErrorCode::kEnvelope:
    case ErrorCode::kBatch: return "the sender's program is at fault; tell them";
    case ErrorCode::kDecrypt: return "it is sent again by itself with the newest keys";
    case ErrorCode::kTrust: return "compare the safety number: `focal peer verify`";
    case ErrorCode::kRecord: return "correct the field named and try again; nothing was sent";
    case ErrorCode::kCase: return "`focal trace show` lists what is possible now";
    case ErrorCode::kFrame: return "the link was closed; tell the peer if it repeats";
    case ErrorCode::kStarting: return "`focal status` says for whom the node waits";
    case ErrorCode::kRolledBack: return "`focal status` says what to do";
    case ErrorCode::kErased: return "what is left of it stands in the log: `focal ledger tail`";
    case ErrorCode::kBundle: return "ask for the file again; nothing of it was looked at";
    case ErrorCode::kWitness: return "tell the party whose log it is";
    case ErrorCode::kSession: return "enter again: `focal console` prints a link";
    case ErrorCode::kConfirm: return "show again that it is you, then try again";
    case ErrorCode::kAwaitsRelease: return "a supervisor releases it: `focal release list`";
  }
  return "look at the log of the node";
}

}  // namespace

std::string hint_of(const Error& error) {
  return error.hint.empty() ? general_hint(error.code) : error.hint;
}

}  // namespace focal
