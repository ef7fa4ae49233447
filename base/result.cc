#include "base/result.h"

namespace focal {

std::string_view error_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage: return "USAGE";
    case ErrorCode::kInvalid: return "INVALID";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kExists: return "EXISTS";
    case ErrorCode::kPermission: return "PERMISSION";
    case ErrorCode::kLimit: return "LIMIT";
    case ErrorCode::kIo: return "IO";
    case ErrorCode::kNoSpace: return "NO_SPACE";
    case ErrorCode::kCorrupt: return "CORRUPT";
    case ErrorCode::kBusy: return "BUSY";
    case ErrorCode::kUnavailable: return "UNAVAILABLE";
    case ErrorCode::kState: return "STATE";
    case ErrorCode::kConfig: return "CONFIG";
    case ErrorCode::kPassphrase: return "PASSPHRASE";
    case ErrorCode::kKeystore: return "KEYSTORE";
    case ErrorCode::kNote: return "NOTE";
    case ErrorCode::kSignature: return "SIGNATURE";
    case ErrorCode::kCard: return "CARD";
    case ErrorCode::kCardKey: return "CARD_KEY";
    case ErrorCode::kCardChain: return "CARD_CHAIN";
    case ErrorCode::kLint: return "LINT";
    case ErrorCode::kEnvelope: return "ENVELOPE";
    case ErrorCode::kDecrypt: return "DECRYPT";
    case ErrorCode::kBatch: return "BATCH";
    case ErrorCode::kTrust: return "TRUST";
    case ErrorCode::kRecord: return "RECORD";
    case ErrorCode::kCase: return "CASE";
    case ErrorCode::kFrame: return "FRAME";
    case ErrorCode::kStarting: return "STARTING";
    case ErrorCode::kRolledBack: return "ROLLED_BACK";
    case ErrorCode::kErased: return "ERASED";
    case ErrorCode::kBundle: return "BUNDLE";
    case ErrorCode::kWitness: return "WITNESS";
    case ErrorCode::kAwaitsRelease: return "AWAITS_RELEASE";
    case ErrorCode::kSession: return "SESSION";
    case ErrorCode::kConfirm: return "CONFIRM";
  }
  return "UNKNOWN";
}

}  // namespace focal
