// What other systems hear of a record: that it took effect in its case, when the leaf that made it
// do so was written. Read from the ledger alone, so that it can be read again after a crash and is
// the same. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/casework/fold.h"
#include "node/store/view.h"

namespace focal::desk {

// One record that took effect.
struct ExportEntry {
  store::LeafIndex leaf = 0;  // by which it took effect: its own, or that of one it waited for
  unsigned number = 0;        // among those that did so by this leaf, from 0, in the case's order
  std::string notice;         // {"rid":…,"kind":…,"case_number":…,"party":…,"at":…} and a line end
  std::string content;        // the record as JSON; empty unless asked for, or it cannot be read
};

// Where the feed goes on.
struct ExportPosition {
  store::LeafIndex next = 0;
  std::optional<Hash32> last{};  // hash of the leaf before; nothing: not known, or there is none
  bool operator==(const ExportPosition&) const = default;
};

struct ExportSlice {
  std::vector<ExportEntry> entries;
  ExportPosition after;
  store::LeafIndex behind = 0;   // leaves that are left
};
inline constexpr store::LeafIndex kExportLeaves = 512;  // looked at in one slice
inline constexpr std::size_t kExportRecords = 8;        // of cases; each opens its case
inline constexpr std::size_t kExportBytes = 4u << 20;   // of content, but for the last entry

// The end of the log: where a folder that was never used begins.
ExportPosition end_of_log(store::View& view);
// kState: this is not the ledger of which the position is.
Result<ExportSlice> read_slice(store::View& view, const ExportPosition& from, bool content);

// An event of a case and the leaf it stands at.
struct PlacedEvent {
  casework::Event event;
  store::LeafIndex idx = 0;
};
// Of the events of one case, those that took effect by that leaf and by no leaf before it, in the
// order in which they did. An effect may go and come again when earlier records arrive late; told
// is the first time only. Pure.
std::vector<PlacedEvent> first_effects(const std::vector<PlacedEvent>& all, const Hash32& root,
                                       store::LeafIndex idx);

// What took effect by that leaf. A record that is rejected, has no case, or has no effect (yet) is
// left out; so is all of a case of which records were erased, which nobody can fold any more.
std::vector<ExportEntry> effects_of(store::View& view, store::LeafIndex idx, bool content);

}  // namespace focal::desk
