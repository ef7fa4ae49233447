#!/bin/sh
# Goal: what is shipped carries nothing that only tests may have: no planted defect
# (base/defect.h), no suite of a test (tests/support/test_suite.cc). Method: a word of it is
# in the program built to have it, and in nothing else.
#   no_hooks.sh [--word WORD] PROGRAM-THAT-HAS-IT SHIPPED…
set -u
word=planted_defect
if [ "$1" = --word ]; then
  word=$2
  shift 2
fi
with=$1
shift
if ! grep -q "$word" "$with"; then
  echo "the search finds nothing even in $with"
  exit 1
fi
[ $# -gt 0 ] || { echo "nothing to look at"; exit 1; }
for file; do
  if [ ! -s "$file" ]; then
    echo "$file is not there"
    exit 1
  fi
  if grep -q "$word" "$file"; then
    echo "$file carries '$word'"
    exit 1
  fi
done
echo "$# files without it"
