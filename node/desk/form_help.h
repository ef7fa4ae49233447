// What helps to fill in a form: the code lists in the reader's language, what a name may mean, and
// the rules asked before anything is sent. Constant data and pure: any thread.
#pragma once

#include <string>

#include "base/result.h"

namespace focal::api::v1 {
class CodesRequest;
class CodesResponse;
class RecordCheckRequest;
class RecordCheckResponse;
class SuggestRequest;
class SuggestResponse;
}  // namespace focal::api::v1

namespace focal::desk {

inline constexpr std::size_t kMaxSuggestions = 12;
inline constexpr std::size_t kMaxSuggestText = 256;   // bytes; every name of a record is shorter
inline constexpr std::size_t kMaxCheckedParties = 256;  // as an audience

// kInvalid (lang).
Status show_codes(const api::v1::CodesRequest& request, api::v1::CodesResponse* out);

// kInvalid: what is asked for, or a text that is too long.
Status suggest_names(const api::v1::SuggestRequest& request, api::v1::SuggestResponse* out);

// What `from` could not send to the parties that are named, by the rules of the schema alone: a case
// or a peer may still refuse it. A record that is no record has one problem, of rule JSON.
// kInvalid: lang, or to.
Status check_record(const api::v1::RecordCheckRequest& request, const std::string& from,
                    api::v1::RecordCheckResponse* out);

}  // namespace focal::desk
