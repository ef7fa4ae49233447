#!/bin/sh
# Goal: what is shipped carries no planted defect (base/defect.h). Method: the name
# of the switch is in the program built to have it, and in nothing else.
#   no_hooks.sh PROGRAM-WITH-DEFECTS SHIPPED…
set -u
with=$1
shift
if ! grep -q planted_defect "$with"; then
  echo "the search finds nothing even in $with"
  exit 1
fi
[ $# -gt 0 ] || { echo "nothing to look at"; exit 1; }
for file; do
  if [ ! -s "$file" ]; then
    echo "$file is not there"
    exit 1
  fi
  if grep -q planted_defect "$file"; then
    echo "$file carries the switch for planted defects"
    exit 1
  fi
done
echo "$# files without the switch"
