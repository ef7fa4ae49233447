// A file of signed notes of any number and kind, as an officer brings it: cards, chains of them,
// schedules, revocations, directories. Each is judged by itself, and what happened is said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/desk/acting.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class NotesAddRequest;
class NotesAddResponse;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::size_t kMaxNotesFile = 1u << 20;  // bytes
inline constexpr std::size_t kMaxNotesInFile = 200;

// The notes of a file, in order, byte for byte; empty lines between them are skipped. kNote: the
// file ends inside a note, or an editor or a mail program changed it. kLimit.
Result<std::vector<std::string>> split_notes(std::string_view file);

// Judges each on the node's loop thread; what was taken joins the group under way. One that is
// refused does not keep the others out. Cards that would replace others by this person's word wait
// for a second officer if a rule says so, with what builds on them; by.held is where, and their
// result AWAITS_RELEASE, or REFUSED if no more acts may wait. What would be refused if those were
// in force is refused at once. directories: may this person bring them. kNote, kLimit; kInvalid:
// of another kind than asked for; kState: with a Second, they are not what that officer saw, or
// one would be refused now, and nothing is taken.
Status add_notes(node::Node& node, const v1::NotesAddRequest& request, By& by, const Now& now,
                 bool directories, v1::NotesAddResponse* out);

}  // namespace focal::desk
