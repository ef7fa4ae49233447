#!/usr/bin/env bash
# Builds the console (console/README.md) into a folder of the build.
#   packaging/console_build.sh OUT            the files for focald: OUT/dist
#   packaging/console_build.sh OUT --check    also svelte-check and the tests of console/
# Node.js is the one that console/toolchain pins, from npm's registry, whatever the machine has; npm
# runs only when a lock file changed, and nothing runs when no source changed. The folders of the
# sources stay as they are.
set -u -o pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd) || exit 1
[ $# -ge 1 ] || { echo "usage: packaging/console_build.sh OUT [--check]" >&2; exit 2; }
check=${2:-}
mkdir -p -- "$1" && out=$(cd -- "$1" && pwd) || exit 1

fail() {
  printf '\nThe console was not built: %s\nNext: %s\n' "$1" "$2" >&2
  exit 1
}

exec 9>"$out/lock" || fail "$out cannot be written" "remove it, or take it over"
command -v flock >/dev/null && flock 9

# What the bundle is made of, in the order and by the names of the tree.
sources() {
  cd -- "$root" && {
    find console -name node_modules -prune -o -path console/dist -prune -o \
      -path console/src/api/generated -prune -o -type f -print
    find proto -name '*.proto'
    find node/record/data -name '*.tsv'
    echo docs/openapi.json
    echo docs/operations.md
    echo tests/vectors/messages.jsonl
    echo packaging/console_build.sh
  } | LC_ALL=C sort
}
wanted=$(cd -- "$root" && sources | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -d ' ' -f 1) ||
  fail "its sources cannot be read" "look at console/"
is_done() { [ "$(cat "$out/$1.stamp" 2>/dev/null)" = "$wanted" ]; }
if is_done dist && [ -e "$out/dist/index.html" ]; then
  [ -z "$check" ] && exit 0
  is_done check && exit 0
fi

install() { # folder with a lock file
  local lock
  lock=$(sha256sum <"$1/package-lock.json")
  [ "$(cat "$1/installed" 2>/dev/null)" = "$lock" ] && return 0
  local attempt
  for attempt in 1 2 3; do
    if (cd -- "$1" && npm ci --no-audit --no-fund --loglevel=error); then
      echo "$lock" >"$1/installed"
      return 0
    fi
    echo "npm ci failed (attempt $attempt)" >&2
    sleep "$attempt"
  done
  fail "npm could not install the packages of ${1##*/}" \
    "npm needs its registry once ($(npm config get registry)): is there a network, or a proxy to name in npm_config_registry?"
}

command -v npm >/dev/null || fail "npm is missing" "packaging/prepare.sh build"
mkdir -p "$out/toolchain" "$out/tree"
cp -- "$root"/console/toolchain/package*.json "$root/console/.npmrc" "$out/toolchain/" || exit 1
install "$out/toolchain"
PATH=$out/toolchain/node_modules/.bin:$PATH
for binary in "$out"/toolchain/node_modules/node-linux-*/bin; do PATH=$binary:$PATH; done
case $(node -v) in
  v22.* | v23.* | v24.*) ;;
  *) fail "node is $(node -v), not the one of console/toolchain" "rm -r $out/toolchain" ;;
esac

# A copy of the tree with what it needs and nothing else; the packages that are there stay.
find "$out/tree" -mindepth 1 -maxdepth 1 ! -name console -exec rm -rf -- {} +
[ -d "$out/tree/console" ] &&
  find "$out/tree/console" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name installed -exec rm -rf -- {} +
(cd -- "$root" && sources | tr '\n' '\0' | xargs -0 cp --parents -t "$out/tree") || exit 1
install "$out/tree/console"
cd -- "$out/tree/console" || exit 1
npm run --silent build || fail "see above" "mend it, then: packaging/console_build.sh OUT"
rm -rf -- "$out/dist" && cp -R dist "$out/dist" && echo "$wanted" >"$out/dist.stamp" || exit 1
[ -z "$check" ] && exit 0
npm run --silent check && npm run --silent test ||
  fail "see above" "mend it, then: packaging/console_build.sh OUT --check"
echo "$wanted" >"$out/check.stamp"
