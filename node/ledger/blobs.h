// Lists kept in one column. decode_* returns nothing for bytes encode_* did not make.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "node/store/rows.h"

namespace focal::ledger {

// Concatenated hashes.
Bytes encode_hashes(std::span<const Hash32> hashes);
std::optional<std::vector<Hash32>> decode_hashes(ByteView blob);

// u32be length || bytes, each.
Bytes encode_list(std::span<const Bytes> items);
std::optional<std::vector<Bytes>> decode_list(ByteView blob);

// u64be each.
Bytes encode_indexes(std::span<const store::LeafIndex> indexes);
std::optional<std::vector<store::LeafIndex>> decode_indexes(ByteView blob);

// Item statuses as runs (LEB128 count, LEB128 status): a batch whose items end
// alike takes three bytes.
Bytes encode_statuses(std::span<const std::uint32_t> statuses);
std::optional<std::vector<std::uint32_t>> decode_statuses(ByteView blob, std::size_t n);

}  // namespace focal::ledger
