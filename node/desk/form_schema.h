// The schema of records as a form needs it: every kind, message and field with its name in the
// reader's language, its rules, and what is needed when. Made from the descriptors, so that a new
// kind is here without a line. Constant data: any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace focal::api::v1 {
class SchemaRequest;
class SchemaResponse;
}  // namespace focal::api::v1

namespace focal::desk {

// One of the six languages, or English for "". kInvalid (path "lang").
Result<std::string> form_language(const std::string& lang);

// kInvalid (lang).
Status show_schema(const api::v1::SchemaRequest& request, api::v1::SchemaResponse* out);

}  // namespace focal::desk
