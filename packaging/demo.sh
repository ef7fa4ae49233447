#!/usr/bin/env bash
# The play of ./run: two nodes on loopback, real keys, real records.
#   packaging/demo.sh BIN FOLDER EXAMPLES [--quick]
# BIN: folder of focald, focal, focal-gate, focal-demo-check. FOLDER: made new each time.
# Every step prints what the officer sees. Exit code 0 only if nothing is missing; 130 when
# it is broken off before the end. When it ends, so have the nodes.
set -u -o pipefail
bin=$1 demo=$2 examples=$3 quick=${4:-}
A=(env NO_COLOR=1 "$bin/focal" -C "$demo/XA")
B=(env NO_COLOR=1 "$bin/focal" -C "$demo/XB")
kills=0

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$*"; }
fail() {
  printf '\nThe demonstration failed: %s\n' "$1" >&2
  for party in XA XB; do
    [ -f "$demo/$party.log" ] && { echo "-- end of $demo/$party.log" >&2; tail -n 5 "$demo/$party.log" >&2; }
  done
  exit 1
}
shown() { # an officer's command with its output, indented
  local who=$1
  shift
  printf '  %s> focal %s\n' "$who" "$*"
  local out code
  if [ "$who" = XA ]; then out=$("${A[@]}" "$@" 2>&1); else out=$("${B[@]}" "$@" 2>&1); fi
  code=$?
  printf '%s\n' "$out" | sed 's/^/  | /'
  return $code
}
must() { shown "$@" || fail "focal ${*:2}"; }
# One number of `focal status --json`, by its name.
number() { sed -n "s/.*\"$1\":\"\{0,1\}\([0-9]*\).*/\1/p" <<<"$2"; }

free_port() { # a port nobody listens on
  local port
  for port in $(seq "$1" "$(($1 + 400))"); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

start() { # party
  "$bin/focald" --folder "$demo/$1" --passphrase-fd 7 7<<<"demo passphrase of $1" \
    >>"$demo/$1.out" 2>>"$demo/$1.log" </dev/null &
  eval "pid_$1=$!"
  disown %+ 2>/dev/null # its end is no news to the shell
  local tries
  for tries in $(seq 100); do
    "$bin/focal" -C "$demo/$1" status >/dev/null 2>&1 && return 0
    sleep 0.1
  done
  fail "focald of $1 does not answer ($tries tries)"
}
stop_all() {
  trap '' INT TERM
  kill ${pid_XA:-} ${pid_XB:-} ${submitters:-} 2>/dev/null
  wait 2>/dev/null
  # The nodes are disowned, which `wait` does not wait for; the next ./run removes their folders.
  local pid tries
  for pid in ${pid_XA:-} ${pid_XB:-}; do
    for tries in $(seq 300); do
      kill -0 "$pid" 2>/dev/null || continue 2
      sleep 0.1
    done
    echo "focald $pid does not end ($tries tries); it is killed" >&2
    kill -9 "$pid" 2>/dev/null
  done
}
pid_XA= pid_XB= submitters=
trap stop_all EXIT
trap 'echo; echo "Broken off: stopping the nodes."; exit 130' INT TERM

wait_for() { # seconds, what, command… (until it succeeds)
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$until" ] || fail "waited in vain for $what"
    sleep 0.2
  done
}
linked() { "$bin/focal" -C "$demo/$1" --json peer show "$2" | grep -q '"link":"UP"'; }
state_is() { "$bin/focal" -C "$demo/$1" --json trace show "$2" | grep -q "\"state\":\"$3\""; }
outbox_empty() {
  local s
  s=$("${A[@]}" --json status) || return 1
  [ "$(($(number ready "$s") + $(number inflight "$s")))" = 0 ]
}

rm -rf -- "$demo"
mkdir -p -m 700 "$demo"
say "Two States make their nodes: root keys apart, working keys, first card"
port=$(free_port 7117)
for party in XA XB; do
  endpoint=tcp://127.0.0.1:$port
  "$bin/focal" -C "$demo/$party" init "$party" --root-folder "$demo/offline-medium-$party" \
    --listen "$endpoint" --endpoint "$endpoint" --authority "Demonstration focal point of $party" \
    --passphrase-fd 7 --root-passphrase-fd 8 \
    7<<<"demo passphrase of $party" 8<<<"demo root passphrase of $party" | sed -n '1,4s/^/  /p' ||
    fail "init of $party"
  # Restarts follow each other quickly here: dial again soon, admit more handshakes.
  printf '\n[gate]\nbackoff_base_ms = 100\nbackoff_cap_ms = 500\nhandshakes_per_minute = 600\n' \
    >>"$demo/$party/focal.toml"
  port=$(free_port $((port + 1)))
done
start XA
start XB

say "They exchange cards and compare the safety number by phone"
"${A[@]}" card export >"$demo/XA.focalcard" || fail "card export"
"${B[@]}" card export >"$demo/XB.focalcard" || fail "card export"
"${A[@]}" peer add "$demo/XB.focalcard" >/dev/null || fail "peer add"
"${B[@]}" peer add "$demo/XA.focalcard" >/dev/null || fail "peer add"
# Each side types what the other one reads out: the number of the other node's own output.
read_by_xa=$("${A[@]}" --json peer show XB | sed -n 's/.*"safety_number":"\([0-9 ]*\)".*/\1/p')
read_by_xb=$("${B[@]}" --json peer show XA | sed -n 's/.*"safety_number":"\([0-9 ]*\)".*/\1/p')
echo "  XB reads: $read_by_xb"
wrong=${read_by_xb%?}$(((${read_by_xb: -1} + 1) % 10))
"${A[@]}" peer verify XB --number "$wrong" --how phone >/dev/null 2>&1 &&
  fail "a wrong digit was accepted"
echo "  One wrong digit is refused; XB stays $("${A[@]}" --json peer show XB | sed -n 's/.*"level":"\([A-Z]*\)".*/\1/p')."
must XA peer verify XB --number "$read_by_xb" --how phone
must XB peer verify XA --number "$read_by_xa" --how phone
wait_for 20 "the link" linked XA XB

say "XA asks XB about two weapons"
# The due dates of the examples lie in the past: left out, the node sets its own.
for name in 01_trace_request_XA_XB 05_trace_response_XB_XA 06_trace_request_XA_XB; do
  grep -vE '"(ack|answer)_by_ms"' "$examples/$name.json" >"$demo/$name.json"
done
cd -- "$demo" || fail "no folder $demo"
must XA trace open --from 01_trace_request_XA_XB.json --to XB
wait_for 20 "the request at XB" state_is XB T-1 RECEIVED
must XB inbox
say "XB acknowledges, then answers in part: one result is restricted, with ground and reason"
must XB trace ack T-1 --ref XB/T/26/0458 --expected-by 2026-12-24 --note "Records before 1990 are on paper."
wait_for 20 "the acknowledgement at XA" state_is XA T-1 ACKNOWLEDGED
must XB trace answer T-1 --from 05_trace_response_XB_XA.json
wait_for 20 "the answer at XA" state_is XA T-1 RESTRICTED
must XA trace show T-1

say "A second request is refused, with ground and reason"
must XA trace open --from 06_trace_request_XA_XB.json --to XB
wait_for 20 "the request at XB" state_is XB T-2 RECEIVED
must XB trace refuse T-2 --ground NO_CONFIDENTIALITY_GUARANTEE --ref XB/T/26/0460 \
  --reason "The request says that answers become part of a public court file; without a guarantee of confidentiality the holder cannot be named."
wait_for 20 "the refusal at XA" state_is XA T-2 REFUSED
must XA trace show T-2

say "XB's focald is killed with SIGKILL, again and again, while records are in flight"
submit() { for _ in $(seq 400); do [ -e "$demo/enough" ] && return; "${A[@]}" peer ping XB --wait 0 >/dev/null 2>&1; done; }
for _ in 1 2 3 4; do
  submit &
  submitters="$submitters $!"
done
for round in 1 2 3 4 5 6; do
  wait_for 20 "the link" linked XA XB
  for _ in $(seq 200); do # the moment when something is on its way
    s=$("${A[@]}" --json status)
    inflight=$(number inflight "$s") ready=$(number ready "$s")
    [ "${inflight:-0}" -gt 0 ] && break
  done
  kill -9 "$pid_XB"
  if [ "${inflight:-0}" -gt 0 ]; then kills=$((kills + 1)); fi
  echo "  kill $round: in flight ${inflight:-0}, waiting ${ready:-0}"
  sleep 0.3
  start XB
done
: >"$demo/enough"
# shellcheck disable=SC2086
wait $submitters
submitters=
[ "$kills" -ge 5 ] || fail "only $kills of 6 kills hit a record in flight"
wait_for 60 "the outbox to drain" outbox_empty
must XA outbox
must XA status

say "An independent checker reads both ledgers"
"$bin/focal-demo-check" "$demo/XA" "$demo/XB" || fail "the ledgers disagree"
echo
echo "Done: $kills kills with records in flight, nothing lost, nothing repeated."

if [ "$quick" = --quick ]; then exit 0; fi
trap 'echo; echo "Stopping the nodes."; exit 0' INT TERM
cat <<TEXT

The two nodes go on until you press Ctrl-C. In another terminal, try:
  $bin/focal -C $demo/XA inbox
  $bin/focal -C $demo/XA trace show T-1
  $bin/focal -C $demo/XB ledger tail
  $bin/focal -C $demo/XA peer ping XB
  $bin/focal -C $demo/XB ledger verify
Logs: $demo/XA.log, $demo/XB.log
TEXT
while :; do sleep 3600 & wait $!; done
