#!/bin/bash
# Goal: the notes, cards and checkpoints that we make, Go's golang.org/x/mod/sumdb/note
# opens; what was changed, both refuse.
# Method: the makers write notes and mutations with our verdict, note_open judges the
# same bytes, this script compares.
#   note_interop.sh NOTE_OPEN FOLDER MAKER...
set -euo pipefail
note_open=$1 folder=$2
shift 2
rm -rf "$folder" && mkdir -p "$folder"
for maker in "$@"; do "$maker" "$folder"; done
failed=0
fail() { echo "FAILED: $*"; failed=1; }

for note in "$folder"/*.note; do
  name=${note%.note}
  mapfile -t keys <"$name.vkeys"
  "$note_open" "$note" "${keys[@]}" || fail "$note does not open"
  # A key that did not sign: another name, so another key id.
  if "$note_open" "$note" "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW" \
    2>/dev/null; then fail "$note opens with a stranger's key"; fi

  cut -d' ' -f3 "$name.mutations" >"$name.lines"
  "$note_open" -batch "$name.lines" "${keys[@]}" >"$name.theirs"
  paste -d' ' <(cut -d' ' -f1,2 "$name.mutations") "$name.theirs" >"$name.verdicts"
  [ "$(wc -l <"$name.theirs")" = "$(wc -l <"$name.mutations")" ] || fail "$name: lines are missing"
  bad=$(awk '{ want = $1 == "same" ? "good good" : ($1 == "content" ? "bad bad" : "bad " $3) }
             ($2 " " $3) != want { print NR ": " $0 }' "$name.verdicts")
  [ -z "$bad" ] || fail "$(basename "$name"): class, ours, Go's by line: $bad"
  echo "$(basename "$name"): $(sort "$name.verdicts" | uniq -c | tr -s ' ' | tr '\n' ';')"
done
for name in note card card-rotation checkpoint; do
  [ -s "$folder/$name.note" ] || fail "$name was not made"
done
exit $failed
