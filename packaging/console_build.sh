#!/bin/sh
# Builds the console (console/) into OUT/dist, with the Node.js and npm that console/toolchain pins: a fresh
# Debian 12 has older ones, which its own nodejs and npm packages are only used to fetch.
#   packaging/console_build.sh OUT
# Quick when nothing changed: OUT/console.stamp names the inputs of what stands in OUT/dist. npm's registry is
# needed the first time, and when a lock file changed. Says little; what went wrong stands in OUT/console.log and,
# with what to do, at the end of what this prints.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
[ $# -eq 1 ] || { echo "usage: packaging/console_build.sh OUT" >&2; exit 2; }
mkdir -p "$1" && out=$(CDPATH='' cd -- "$1" && pwd) || exit 1
log=$out/console.log
wanted_node=22

fail() {
  tail -n 25 "$log" >&2 2>/dev/null
  printf '%s\n' "console: $1" "console: the whole log is $log" "Next: $2" >&2
  exit 1
}

# Names and contents of everything that goes into the build.
inputs() {
  cd "$root" && find console proto node/api docs/openapi.json node/record/data \
    \( -name node_modules -o -name dist -o -name build -o -name generated \) -prune -o -type f -print 2>/dev/null |
    grep -Ev '^node/api/.*\.cc$' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

stamp=$(inputs) || exit 1
if [ "$(cat "$out/console.stamp" 2>/dev/null)" = "$stamp" ] && [ -f "$out/dist/index.html" ]; then
  echo "console: nothing changed"
  exit 0
fi
rm -f "$out/console.stamp"
: >"$log"

# npm ci in a folder, unless its lock file was installed there already. Three tries: registries hiccup.
install_packages() {
  mark=$1/node_modules/.focal-installed
  lock=$(cksum <"$1/package-lock.json")
  [ "$(cat "$mark" 2>/dev/null)" = "$lock" ] && return 0
  for attempt in 1 2 3; do
    if (cd "$1" && npm ci --no-audit --no-fund) >>"$log" 2>&1; then
      echo "$lock" >"$mark"
      return 0
    fi
    echo "npm ci in $1 failed (attempt $attempt)" >>"$log"
    sleep "$attempt"
  done
  return 1
}

command -v npm >/dev/null 2>&1 ||
  fail "npm is not on this machine" "packaging/prepare.sh build, or apt-get install nodejs npm"

mkdir -p "$out/toolchain"
cp "$root/console/toolchain/package.json" "$root/console/toolchain/package-lock.json" \
  "$root/console/toolchain/.npmrc" "$out/toolchain/" || exit 1
install_packages "$out/toolchain" ||
  fail "Node.js $wanted_node could not be fetched from npm's registry ($(npm config get registry))" \
    "look for a network or a proxy (npm_config_registry), then run this again"
PATH=$out/toolchain/node_modules/.bin:$PATH
export PATH
case $(node -v 2>>"$log") in
v$wanted_node.*) ;;
*) fail "the Node.js that was fetched is $(node -v 2>&1), not $wanted_node" "rm -r $out/toolchain, then run this again" ;;
esac

# A copy: the sources stay as they are. What was removed there must not go on being built.
mkdir -p "$out/console"
for old in "$out/console"/* "$out/console"/.npmrc; do
  case ${old##*/} in node_modules) ;; *) rm -rf "$old" ;; esac
done
(cd "$root/console" && tar cf - --exclude=./node_modules --exclude=./dist --exclude=./build --exclude=./src/api/generated --exclude=./toolchain .) |
  (cd "$out/console" && tar xf -) || exit 1
install_packages "$out/console" ||
  fail "the packages of the console could not be fetched from npm's registry ($(npm config get registry))" \
    "look for a network or a proxy (npm_config_registry), then run this again"

FOCAL_ROOT=$root
export FOCAL_ROOT
(cd "$out/console" && npm run --silent build) >>"$log" 2>&1 ||
  fail "the console does not build" "mend what the log names: a missing text (npm run messages), a type, the size of the script"
rm -rf "$out/dist.old"
[ -d "$out/dist" ] && mv "$out/dist" "$out/dist.old"
mv "$out/console/dist" "$out/dist" || exit 1
rm -rf "$out/dist.old"
echo "$stamp" >"$out/console.stamp"
grep '^scripts:' "$log" | sed 's/^/console: built; /'
