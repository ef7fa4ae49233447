// A draft as it is asked with, kept and shown. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "proto/console.pb.h"

namespace focal::desk {

// "D-17" is 17. kUsage (path "id").
Result<std::uint32_t> parse_draft_id(std::string_view id);

// kInvalid: path of the field. kLimit: more than kMaxDraftBytes.
Result<api::v1::StoredDraft> stored_draft(const api::v1::Draft& draft, std::uint64_t now_ms);

// Without its content.
api::v1::Draft shown_draft(std::uint32_t number, const api::v1::StoredDraft& stored);

}  // namespace focal::desk
