// The list of what an evidence bundle holds (docs/protocol.md, "Index"): who made it, when, and of
// every file its size and digest. Not signed: it only says that nothing was lost on the way.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "node/evidence/tar.h"

namespace focal::evidence {

inline constexpr std::string_view kReadmeName = "README.txt";
inline constexpr std::string_view kIndexName = "index.txt";

// What the exporter says; nothing proves it.
struct IndexHead {
  std::string exporter;        // a party
  std::uint64_t made_ms = 0;   // whole seconds
  std::optional<Hash32> root;  // first record of the case that was asked for
};

// Of the files of the archive, README.txt and index.txt left out; sorted by name.
std::string index_text(const IndexHead& head, std::span<const FileView> files);

struct Index {
  IndexHead head;
  bool digests = false;  // every size and digest is that of the file
};
// One line for each of these files, in their order. kBundle: grammar, or a name.
Result<Index> read_index(std::string_view text, std::span<const FileView> files);

}  // namespace focal::evidence
