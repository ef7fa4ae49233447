#!/usr/bin/env bash
# clang-tidy over the sources of the programs and benchmarks. See packaging/tidy.sh --help.
set -u -o pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || exit 1
self=$here/tidy.sh
root=${here%/*}
rooms='base|proto|crypto|config|node|bench|packaging'

usage() {
  cat <<'TEXT'
Runs clang-tidy (.clang-tidy; every finding is an error) over what stands in base, proto,
crypto, config, node, bench and packaging; the last line says how many files passed.

  packaging/tidy.sh [--all] [FILE…]
    FILE    look only at these
    --all   look again at files that passed before
    --help  this text

A file that passed leaves a stamp, and is not looked at again while these stay the same: its
text and that of every header it includes, its compile commands, .clang-tidy, the version and
the options of clang-tidy. Stamps that nobody needed for 30 days are removed. Measured over
153 files: 16 minutes of processor time from nothing, 18 seconds when nothing changed.

Before it:  cmake --preset tidy, and what the build generates (./check --deep does both)
Exit code:  0 if every file passed, 1 if not, 2 for a wrong option

Variables: FOCAL_JOBS        parallel jobs (default: the number of processors)
           FOCAL_TIDY_CACHE  folder of the stamps (default: focal-tidy in $XDG_CACHE_HOME
                             or ~/.cache)
TEXT
}

fail() {
  echo "tidy: $1" >&2
  exit 1
}

# --- one file, in a process of its own ---------------------------------------

# Everything the verdict on a file depends on, as one number; fails if the compiler does
# not find a header. $1: its line with the name, then lines with a folder and a command.
key_of() {
  local folder command deps
  {
    echo "$TIDY_BASE"
    while IFS=$'\t' read -r folder command; do
      # The last -o counts. The paths are those of this tree: left out, clones share stamps.
      deps=$(cd -- "$folder" && eval "$command -w -D__clang_analyzer__ -M -o -") || return 1
      echo "${command//"$root"/.}"
      # "x.o: a.cc b.h \" over many lines, blanks in names escaped, as xargs wants them
      (cd -- "$folder" && sed -e '1s/^[^:]*: *//' -e 's/ *\\$//' <<<"$deps" | xargs sha256sum --) |
        sed "s|  $root/|  ./|" || return 1
    done < <(tail -n +2 "$1")
  } >"$1.key" && sha256sum <"$1.key" | cut -d ' ' -f 1
}

# One line for the parent: how it went, and the file with what tells of it ($1).
one() {
  local file key stamp
  file=$(head -n 1 "$1")
  key=$(key_of "$1" 2>/dev/null) || key=
  stamp=$TIDY_CACHE/$key
  if [ -n "$key" ] && [ -z "$TIDY_ALL" ] && [ -e "$stamp" ]; then
    touch -- "$stamp"
    echo "same $1"
  elif (cd -- "$root" && $TIDY_CALL "$file") >"$1.out" 2>"$1.err"; then
    # Not if somebody wrote to a file meanwhile.
    [ -n "$key" ] && [ "$(key_of "$1" 2>/dev/null)" = "$key" ] && : >"$stamp"
    echo "ok $1"
  else
    echo "refused $1"
  fi
}

if [ "${1:-}" = --one ]; then
  one "$2"
  exit
fi

# --- all of them -------------------------------------------------------------

all='' files=()
for arg in "$@"; do
  case $arg in
    --all) all=1 ;;
    -h | --help) usage; exit 0 ;;
    -*) echo "tidy: unknown option '$arg' (packaging/tidy.sh --help)" >&2; exit 2 ;;
    *) files+=("$(realpath -ms -- "$arg")") ;;
  esac
done

for program in clang-tidy-14 python3 sha256sum; do
  command -v "$program" >/dev/null || fail "$program is missing (packaging/prepare.sh test deep)"
done
database=$root/build/tidy/compile_commands.json
export TIDY_ALL=$all TIDY_CALL='clang-tidy-14 -p build/tidy --config-file=.clang-tidy --quiet'
export TIDY_CACHE=${FOCAL_TIDY_CACHE:-${XDG_CACHE_HOME:-${HOME:-$root/build}/.cache}/focal-tidy}
[ -e "$database" ] || fail "build/tidy is missing: cmake --preset tidy"
mkdir -p -- "$TIDY_CACHE" || fail "$TIDY_CACHE cannot be made"
find "$TIDY_CACHE" -maxdepth 1 -regextype posix-extended -regex '.*/[0-9a-f]{64}' -type f \
  -mtime +30 -delete
TIDY_BASE=$(clang-tidy-14 --version && echo "$TIDY_CALL" && cat -- "$root/.clang-tidy") ||
  fail "clang-tidy-14 does not start, or .clang-tidy cannot be read"
export TIDY_BASE

work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM

# A file for each source: its path, then folder and command of each time it is compiled.
python3 - "$database" "$root" "$rooms" "$work" "${files[@]}" <<'PY' || exit 1
import json, os, re, sys
database, root, rooms, work, *wanted = sys.argv[1:]
found = {}
for entry in json.load(open(database)):
    path = os.path.join(entry["directory"], entry["file"])
    if re.match(re.escape(root) + f"/({rooms})/", path):
        found.setdefault(path, set()).add(entry["directory"] + "\t" + entry["command"] + "\n")
for path in wanted:
    if path not in found:
        sys.exit(f"tidy: {path} is not among the sources of build/tidy/compile_commands.json")
for number, path in enumerate(sorted(wanted or found)):
    with open(f"{work}/{number:05}", "w") as out:
        out.write(path + "\n" + "".join(sorted(found[path])))
PY
total=$(find "$work" -type f | wc -l)
[ "$total" -gt 0 ] || fail "no source to look at in build/tidy/compile_commands.json"

jobs=${FOCAL_JOBS:-$(nproc 2>/dev/null || echo 2)}
find "$work" -type f -print0 | sort -z | xargs -0 -P "$jobs" -n 1 "$self" --one | {
  ended=0 same=0 good=0
  while read -r how about; do
    ended=$((ended + 1))
    file=$(head -n 1 "$about")
    case $how in
      same) same=$((same + 1)) ;;
      ok) good=$((good + 1)) ;;
      *)
        cat -- "$about.out"
        # What clang says of itself; how many warnings it left out is no news.
        grep -vE '^[0-9]+ warnings? (generated|treated)|^Suppressed |^Use -header-filter' \
          "$about.err"
        ;;
    esac
    echo "[$ended/$total] $how ${file#"$root"/}"
  done
  # Whoever did not report has not passed either.
  bad=$((total - same - good))
  echo "$((same + good)) passed ($same unchanged since they passed before), $bad failed"
  [ "$bad" = 0 ]
}
