#!/bin/sh
# Puts a program in JavaScript and its packages (package-lock.json) into a folder of the build.
#   js_install.sh SOURCE FOLDER [FROM=TO]...
# FROM=TO: the files of folder FROM go into TO of FOLDER besides: what several programs share
# stands once in the sources. npm runs only when the lock file or the version of node changed,
# so a second run needs no network. The source folders stay as they are.
set -u
source=$1
mkdir -p "$2" && folder=$(cd "$2" && pwd) || exit 1
shift 2
stamp=$folder/node_modules/.focal-installed
# What was removed from the sources must not go on working here.
for old in lib mutate bundles data; do rm -rf "${folder:?}/$old"; done
rm -f "${folder:?}"/*.mjs
cp -R "$source/." "$folder/" || exit 1
for pair in "$@"; do
  from=${pair%%=*} to=$folder/${pair#*=}
  mkdir -p "$to" || exit 1
  for file in "$from"/*; do
    if [ -e "$to/${file##*/}" ]; then
      echo "${file##*/} stands in two of the folders" >&2
      exit 1
    fi
    cp "$file" "$to/" || exit 1
  done
done

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
The npm packages of this program could not be installed. npm needs its registry once
($(npm config get registry)); is there a network, or a proxy to name in npm_config_registry?
Next: cd $folder && npm ci
TEXT
exit 1
