#!/usr/bin/env bash
# Makes docs/pictures again: the play of ./run, looked at in Debian's chromium.
#   packaging/pictures.sh [FOLDER]   FOLDER: instead of docs/pictures
# Takes some four minutes. Needs what ./check needs, and root or sudo without a question, as the
# people of the play are other unix users.
set -u -o pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
case ${1:-} in -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
mkdir -p -- "${1:-$root/docs/pictures}" && out=$(cd -- "${1:-$root/docs/pictures}" && pwd) || exit 1
cd "$root" || exit 1
fail() {
  echo "pictures: $1" >&2
  exit 1
}

packaging/prepare.sh build test || exit 1
cmake --preset dev >/dev/null && cmake --build build/dev --target focald focal focal-gate focal-verify focal-demo-check >&2 ||
  fail "Focal does not build: cmake --build build/dev"
mkdir -p build/log
said=build/log/pictures-play.log
setsid bash packaging/demo.sh "$root/build/dev/bin" "$root/build/pictures" "$root/tests/vectors" >"$said" 2>&1 &
play=$!
trap 'kill -TERM -- "-$play" 2>/dev/null; wait' EXIT
until grep -qs "^Logs: " "$said"; do
  kill -0 "$play" 2>/dev/null || fail "the play failed: $said"
  sleep 1
done
grep -q '^  XA   supervisor' "$said" || fail "the people of the play are left out: $said"

# "  XA   officer        http://…": a role of XA, or the owner of another node
mapfile -t links < <(awk '$NF ~ /#enter=/ { print ($2 == "the" ? $1 : $2) "=" $NF }' "$said")
PATH=$(echo "$root"/build/console/toolchain/node_modules/node-linux-*/bin):$PATH
cd build/console/tree/console && node scripts/pictures.mjs "$out" "${links[@]}"
