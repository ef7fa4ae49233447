# The people of XA in the play of ./run, sourced by packaging/demo.sh: one of each role, each a unix
# user of the play's own (by number; nothing is added to this machine's users).
# shellcheck shell=bash disable=SC2154 # demo, bin: of demo.sh

# name, number of the unix user, role, further options of `people add`
play_people() {
  cat <<'TEXT'
jo  40001 officer       --personal-data
mia 40002 supervisor    --personal-data
ann 40003 auditor
kim 40004 key-custodian
ed  40005 administrator
TEXT
}
password_of() { echo "demo password of $1"; } # its console; a supervisor's key has the same words

# How to act as another user; fails if this user may not. A socket that others reach lies where they
# may go, and `focal` beside it: the folder of this clone may be closed to them.
people_begin() {
  if [ "$(id -u)" = 0 ]; then become=(setpriv --regid "$(id -g)" --clear-groups --reuid)
  elif sudo -n -u '#40001' -g "#$(id -g)" true 2>/dev/null; then become=(sudo -n -g "#$(id -g)" -u)
  else return 1; fi
  meeting=$(mktemp -d "${TMPDIR:-/tmp}/focal-demo.XXXXXX") && chmod 755 "$meeting" &&
    cp "$bin/focal" "$meeting" || return 1
  # Only then: sections come last in the file.
  printf 'api_socket = "%s"\napi_group = "%s"\n%s\n' "$meeting/api.sock" "$(id -g)" \
    "$(cat "$demo/XA/focal.toml")" >"$demo/focal.toml.new" &&
    cat "$demo/focal.toml.new" >"$demo/XA/focal.toml" && rm "$demo/focal.toml.new" &&
    ln -s "$meeting/api.sock" "$demo/XA/api.sock" # where the owner looks for it
}
people_end() { if [ -n "${meeting:-}" ]; then rm -rf -- "$meeting"; fi; }

as() { # name, command…: as that person types it; standard input is handed on
  local name=$1 uid
  shift
  uid=$(play_people | awk -v name="$name" '$1 == name { print $2 }')
  [ "${become[0]}" = sudo ] && uid="#$uid"
  (cd / && NO_COLOR=1 "${become[@]}" "$uid" "$meeting/focal" -C "$meeting/api.sock" "$@")
}

# Names them; each sets a console password, and the supervisor makes the key to release with.
people_named() {
  local name uid role more
  while read -r name uid role more; do
    # shellcheck disable=SC2086 # options
    at XA people add "$name" --unix "$uid" --role "$role" $more >/dev/null </dev/null || fail "people add $name"
    as "$name" console password --password-fd 0 <<<"$(password_of "$name")" >/dev/null ||
      fail "console password of $name"
  done < <(play_people)
  as mia people key --officer-passphrase-fd 0 <<<"$(password_of mia)" >/dev/null || fail "people key"
}

# Where each of them enters the console, for the end of the play.
people_told() {
  local name role link
  while read -r name _ role _; do
    link=$(as "$name" --json console </dev/null | sed -n 's/.*"url":"\([^"]*\)".*/\1/p')
    printf '  XA   %-14s %s\n' "$role" "$link"
  done < <(play_people)
  echo "Later, at XA: ${link%%#*} with the name and the password of one of its people:"
  while read -r name _ role _; do
    printf "  %-4s '%s'\n" "$name" "$(password_of "$name")"
  done < <(play_people)
}
