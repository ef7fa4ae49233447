#!/bin/bash
# Goal: the logs that we export, Go's golang.org/x/mod/sumdb/tlog walks; tiles, entries, proofs and
# checkpoints that were changed, both refuse.
# Method: the maker writes logs and mutations with the verdict of crypto/merkle, go_tiles judges the
# same bytes, this script compares.
#   tile_interop.sh GO_TILES FOLDER MAKER
set -euo pipefail
go_tiles=$1 folder=$2 maker=$3
rm -rf "$folder" && mkdir -p "$folder"
failed=0
fail() { echo "FAILED: $*"; failed=1; }

"$maker" "$folder"
"$go_tiles" walk "$folder" || fail "an export that was not changed"
"$go_tiles" judge "$folder" >"$folder/theirs"
[ "$(wc -l <"$folder/theirs")" = "$(wc -l <"$folder/cases")" ] || fail "lines are missing"

# class, what it is about, ours, Go's
paste -d' ' "$folder/verdicts" "$folder/theirs" <(cut -d' ' -f1 "$folder/cases") |
  awk '{ print $1, $4, $2, $3 }' >"$folder/compared"
bad=$(awk '{ want = $1 == "same" ? "good good" : ($1 == "content" ? "bad bad" : $3 " " $3) }
           ($3 " " $4) != want { print NR ": " $0 }' "$folder/compared")
[ -z "$bad" ] || fail "class, kind, ours, Go's by line: $bad"
sort "$folder/compared" | uniq -c
for kind in export record tree; do
  [ "$(grep -c "^content $kind " "$folder/compared")" -ge 100 ] || fail "too few changes of $kind"
  grep -q "^same $kind good good" "$folder/compared" || fail "no $kind that was not changed"
done
find "$folder" -mindepth 1 -maxdepth 1 -type d -exec rm -r {} +  # tens of megabytes
exit $failed
