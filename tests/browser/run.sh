#!/usr/bin/env bash
# Runs the stories of this folder with the Node.js and the packages that packaging/console_build.sh has put into
# CONSOLE; makes sure that they are there.
#   tests/browser/run.sh BIN CONSOLE [OPTIONS of run.mjs]
set -u -o pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || exit 1
[ $# -ge 2 ] || { sed -n '4s/^# */usage: /p' "$0" >&2; exit 2; }
bin=$1 console=$2
shift 2
"$here/../../packaging/console_build.sh" "$console" || exit 1
for node in "$console"/toolchain/node_modules/node-linux-*/bin/node; do
  exec "$node" "$here/run.mjs" --bin "$bin" --console "$console" "$@"
done
