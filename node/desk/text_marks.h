// What others wrote, made visible before people read it on a sheet: a text must not hide a
// character, turn the line around, or pass a Cyrillic letter off as a Latin one. Pure.
#pragma once

#include <string>
#include <string_view>

namespace focal::desk {

struct MarkedText {
  std::string text;                 // valid UTF-8; line breaks stay, tabs are blanks
  bool control_characters = false;  // something was written out as ⟨U+202E⟩
  bool look_alikes = false;         // a word mixes scripts or sets of digits
};

// Written out: control characters, marks of direction, invisible characters (joiners and
// selectors only where they have no place), bytes that are not UTF-8, and accents piled up on one
// letter beyond four.
MarkedText mark_text(std::string_view text);

}  // namespace focal::desk
