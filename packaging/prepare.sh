#!/bin/sh
# Puts the Debian packages on this machine that Focal needs and that are missing.
#   packaging/prepare.sh PART…      PART is build, test or deep (packages.txt)
# Says nothing and changes nothing when all of them are there. Removes no package.
# FOCAL_NO_INSTALL=1 only reports what is missing.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
log=$root/build/log/prepare.log
[ $# -gt 0 ] || set -- build

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# True if one of these programs is on the machine.
any_program() {
  for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 && return 0
  done
  return 1
}

wanted=
for part in "$@"; do
  lines=$(awk -v part="$part" '$1 == part' "$here/packages.txt")
  [ -n "$lines" ] || fail "prepare: packaging/packages.txt has no part '$part'"
  while read -r _ name unless programs; do
    # shellcheck disable=SC2086  # a list of names, split on purpose
    [ "$unless" = unless ] && any_program $programs && continue
    wanted="$wanted $name"
  done <<LINES
$lines
LINES
done

# shellcheck disable=SC2086  # a list of names, split on purpose
list() { printf '    %s\n' "$(echo $missing)"; }

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  echo "prepare: this is no Debian system, nothing is installed; Focal is built and tested on" \
    "Debian 12 (the packages: packaging/packages.txt)" >&2
  exit 0
fi

# The wanted packages that dpkg does not call installed.
missing_now() {
  # shellcheck disable=SC2086
  LC_ALL=C dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
    awk -v wanted="$wanted" '
      $1 == "installed" { have[$2] = 1 }
      END { n = split(wanted, w, /[ \n]+/)
            for (i = 1; i <= n; i++) if (w[i] != "" && !(w[i] in have)) print w[i] }'
}

missing=$(missing_now)
[ -n "$missing" ] || exit 0
# shellcheck disable=SC2086
set -- $missing
count=$#

[ -z "${FOCAL_NO_INSTALL:-}" ] ||
  fail "prepare: $count packages are missing and FOCAL_NO_INSTALL is set:" "$(list)"
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || fail \
    "prepare: $count Debian packages are missing, and this user is neither root nor has sudo:" \
    "$(list)" "Ask an administrator to run:  apt-get install $*"
  as_root=sudo
fi

mkdir -p "$(dirname -- "$log")"
: >"$log"
apt() {
  echo "+ apt-get $*" >>"$log"
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 -o Acquire::Retries=2 "$@" </dev/null >>"$log" 2>&1
}
install() { apt install --no-install-recommends --no-remove "$@"; }
# A package without a candidate means that apt has no (or an old) list.
known() {
  LC_ALL=C apt-cache policy "$@" 2>/dev/null |
    awk '/^ +Candidate:/ && $2 != "(none)" { n++ } END { print n + 0 }'
}

start=$(date +%s)
echo "prepare: installing $count Debian packages (log: build/log/prepare.log)"
updated=
if [ "$(known "$@")" != "$count" ]; then
  apt update # a source that fails matters only if the install fails
  updated=1
fi
if ! install "$@"; then
  # Lists that are old name versions the mirror no longer has.
  [ -z "$updated" ] && apt update && install "$@"
fi

missing=$(missing_now)
if [ -n "$missing" ]; then
  echo "prepare: these packages could not be installed:" >&2
  list >&2
  echo "The last lines of build/log/prepare.log:" >&2
  tail -n 15 "$log" | sed 's/^/    /' >&2
  fail "Look at the sources in /etc/apt, then try:  ${as_root:+sudo }apt-get update &&" \
    "  ${as_root:+sudo }apt-get install --no-install-recommends $(echo $missing)"
fi
echo "prepare: done in $(($(date +%s) - start)) s"
