#!/bin/sh
# Puts the JavaScript peer and its packages (package-lock.json) into a folder of the build.
#   js_install.sh SOURCE FOLDER
# npm runs only when the lock file or the version of node changed, so a second run needs
# no network. The source folder stays as it is.
set -u
source=$1
mkdir -p "$2" && folder=$(cd "$2" && pwd) || exit 1
stamp=$folder/node_modules/.focal-installed
# What was removed from the source must not go on working here.
rm -rf "${folder:?}/lib" "${folder:?}/mutate" "${folder:?}"/*.mjs
cp -R "$source/." "$folder/" || exit 1

wanted="$(cksum <"$folder/package-lock.json") $(node --version)"
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "the packages are there"
  exit 0
fi
cd "$folder" || exit 1
for attempt in 1 2 3; do
  if npm ci --no-audit --no-fund; then
    echo "$wanted" >"$stamp"
    exit 0
  fi
  echo "npm ci failed (attempt $attempt)" >&2
  sleep "$attempt"
done
cat >&2 <<TEXT
The npm packages of the JavaScript peer could not be installed. npm needs its registry once
($(npm config get registry)); is there a network, or a proxy to name in npm_config_registry?
Next: cd $folder && npm ci
TEXT
exit 1
