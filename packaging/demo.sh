#!/usr/bin/env bash
# The play of ./run: three nodes on loopback, real keys, real records.
#   packaging/demo.sh BIN FOLDER VECTORS [--quick]
# BIN: folder of focald, focal, focal-gate, focal-demo-check. FOLDER: made new each time.
# VECTORS: tests/vectors. FOCAL_SECOND_VERIFIER: verify.mjs with its packages beside it; empty: it
# is left out. Every step prints what the officers see. Exit code 0 only if nothing is
# missing; 130 when it is broken off before the end. When it ends, so have the nodes.
set -u -o pipefail
bin=$1 demo=$2 vectors=$3 quick=${4:-}
parties="XA XB XC"
kills=0

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] || say() { printf '\n== %s\n' "$*"; }
fail() {
  printf '\nThe demonstration failed: %s\n' "$1" >&2
  for party in $parties; do
    [ -f "$demo/$party.log" ] && { echo "-- end of $demo/$party.log" >&2; tail -n 5 "$demo/$party.log" >&2; }
  done
  exit 1
}
at() { # party, command…: as an officer there types it
  local who=$1
  shift
  NO_COLOR=1 "$bin/focal" -C "$demo/$who" "$@"
}
shown() { # an officer's command with its output, indented
  local who=$1 out code
  shift
  printf '  %s> focal %s\n' "$who" "$*"
  out=$(at "$who" "$@" 2>&1)
  code=$?
  printf '%s\n' "$out" | sed 's/^/  | /'
  return $code
}
must() { shown "$@" || fail "focal ${*:2}"; }
# Only its first line: what the command did to the case.
briefly() {
  local out
  out=$(shown "$@") || { printf '%s\n' "$out"; fail "focal ${*:2}"; }
  sed -n '1,2p' <<<"$out"
}
# One number of `focal status --json`, by its name.
number() { sed -n "s/.*\"$1\":\"\{0,1\}\([0-9]*\).*/\1/p" <<<"$2"; }
# The first text of that name in a case shown as JSON; the last one.
first() { sed -n "s/[^{]*{\"trace\":{\([^{}]*,\)\{0,1\}\"$1\":\"\([^\"]*\)\".*/\2/p" <<<"$2"; }
last() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" <<<"$2"; }

# What the case looks like from that desk, in one line: state, whose turn, what came last.
sees() { # party, case
  local shown turn flags
  shown=$(at "$1" --json trace show "$2") || fail "trace show $2 at $1"
  turn=$(first turn "$shown")
  case $turn in OURS) turn="its turn" ;; THEIRS) turn="waits" ;; *) turn="nobody's turn" ;; esac
  flags=$(sed -n 's/[^[]*"flags":\["\([A-Z_",]*\)"\].*/ \1/p' <<<"$shown")
  printf '  %s sees  %s %s%s, %s: %s\n' "$1" "$2" "$(first state "$shown")" "$flags" "$turn" \
    "$(last summary "$shown" | sed 's/^\(.\{105\}\)..*$/\1…/')"
}

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
ended() { # pid: waits until it has
  local tries
  for tries in $(seq 300); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  echo "focald $1 does not end ($tries tries); it is killed" >&2
  kill -9 "$1" 2>/dev/null
}
stop() { # party
  local pid=pid_$1
  kill "${!pid}" 2>/dev/null
  ended "${!pid}"
  eval "pid_$1="
}
stop_all() {
  trap '' INT TERM
  kill ${pid_XA:-} ${pid_XB:-} ${pid_XC:-} ${submitters:-} 2>/dev/null
  wait 2>/dev/null
  people_end
  # The nodes are disowned, which `wait` does not wait for; the next ./run removes their folders.
  local pid
  for pid in ${pid_XA:-} ${pid_XB:-} ${pid_XC:-}; do ended "$pid"; done
}
pid_XA='' pid_XB='' pid_XC='' submitters=''
trap stop_all EXIT
trap 'echo; echo "Broken off: stopping the nodes."; exit 130' INT TERM

wait_for() { # seconds, what, command… (until it succeeds)
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt "$until" ] || fail "waited in vain for $what"
    sleep 0.1
  done
}
linked() { at "$1" --json peer show "$2" | grep -q '"link":"UP"'; }
state_is() { [ "$(first state "$(at "$1" --json trace show "$2")")" = "$3" ]; }
arrives() { wait_for 20 "case $2 as $3 at $1" state_is "$1" "$2" "$3"; } # party, case, state
crossed() { at "$1" --json trace show "$2" | grep -q '"flags":\[[^]]*"CROSSED_WITH_WITHDRAWAL"'; }
outbox_empty() {
  local s
  s=$(at "$1" --json status) || return 1
  [ "$(($(number ready "$s") + $(number inflight "$s")))" = 0 ]
}
safety_number() { at "$1" --json peer show "$2" | sed -n 's/.*"safety_number":"\([0-9 ]*\)".*/\1/p'; }

console_of() { at "$1" --json console | sed -n 's/.*"url":"\([^"]*\)".*/\1/p'; }
# shellcheck source=packaging/demo_people.sh
. "${BASH_SOURCE[0]%/*}/demo_people.sh"

rm -rf -- "$demo"
mkdir -p -m 700 "$demo"
say "Three States make their nodes: root keys apart, working keys, first card"
port=$(free_port 7117)
for party in $parties; do
  endpoint=tcp://127.0.0.1:$port
  "$bin/focal" -C "$demo/$party" init "$party" --root-folder "$demo/offline-medium-$party" \
    --listen "$endpoint" --endpoint "$endpoint" --authority "Demonstration focal point of $party" \
    --passphrase-fd 7 --root-passphrase-fd 8 \
    7<<<"demo passphrase of $party" 8<<<"demo root passphrase of $party" | sed -n '1,2s/^/  /p' ||
    fail "init of $party"
  # Restarts follow each other quickly here: dial again soon, admit more handshakes.
  printf '\n[gate]\nbackoff_base_ms = 100\nbackoff_cap_ms = 500\nhandshakes_per_minute = 600\n' \
    >>"$demo/$party/focal.toml"
  port=$(free_port $((port + 1)))
done
with_people=yes
people_begin || with_people=
for party in $parties; do start "$party"; done

say "XA exchanges cards with XB and XC; each pair compares its safety number by phone"
for party in $parties; do at "$party" card export >"$demo/$party.focalcard" || fail "card export"; done
for other in XB XC; do
  at XA peer add "$demo/$other.focalcard" >/dev/null || fail "peer add"
  at "$other" peer add "$demo/XA.focalcard" >/dev/null || fail "peer add"
done
# Each side types what the other one reads out: the number of the other node's own output.
read_by_xb=$(safety_number XB XA)
echo "  XB reads: $read_by_xb"
wrong=${read_by_xb%?}$(((${read_by_xb: -1} + 1) % 10))
at XA peer verify XB --number "$wrong" --how phone >/dev/null 2>&1 && fail "a wrong digit was accepted"
echo "  One wrong digit is refused; XB stays $(at XA --json peer show XB | sed -n 's/.*"level":"\([A-Z]*\)".*/\1/p')."
briefly XA peer verify XB --number "$read_by_xb" --how phone
for pair in "XB XA" "XA XC" "XC XA"; do
  read -r here there <<<"$pair"
  at "$here" peer verify "$there" --number "$(safety_number "$there" "$here")" --how phone >/dev/null ||
    fail "peer verify $there at $here"
done
echo "  XB verifies XA, and XA and XC verify each other, in the same way."
for other in XB XC; do wait_for 20 "the link to $other" linked XA "$other"; done

say "Each State asks others to vouch for its ledger; they see how it grows, never what it holds"
must XA witness set XB,XC --yes
for other in XB XC; do at "$other" witness set XA --yes >/dev/null || fail "witness set at $other"; done

# The due dates of the examples lie in the past: left out, the node sets its own.
for name in examples/01_trace_request_XA_XB examples/04_trace_info_supply_XA_XB \
  examples/05_trace_response_XB_XA examples/06_trace_request_XA_XB seizure/request; do
  grep -vE '"(ack|answer)_by_ms"' "$vectors/$name.json" >"$demo/${name##*/}.json" || fail "$name"
done
cp "$vectors"/seizure/{dirty_200.csv,map.txt} "$demo" || fail "the seizure list"
cd -- "$demo" || fail "no folder $demo"

say "XA asks XB about two weapons"
must XA trace open --from 01_trace_request_XA_XB.json --to XB --yes
arrives XB T-1 RECEIVED
must XB inbox
briefly XB trace ack T-1 --ref XB/T/26/0458 --expected-by "$(date -d "+27 days" +%F)" --note "Records before 1990 are on paper."
arrives XA T-1 ACKNOWLEDGED

say "XB asks for a better reading of a serial number; XA's laboratory supplies it"
briefly XB trace ask T-1 --missing item1.serial --text "Digit zero or letter O after DA?" \
  --missing item2.serial --text "Can positions 2 and 3 be recovered?"
arrives XA T-1 INFO_REQUESTED
sees XA T-1
briefly XA trace supply T-1 --from 04_trace_info_supply_XA_XB.json
arrives XB T-1 ACKNOWLEDGED
sees XB T-1

say "XB answers: one weapon in full, one with a restriction, its ground and its reason"
briefly XB trace answer T-1 --from 05_trace_response_XB_XA.json
arrives XA T-1 RESTRICTED
must XA trace show T-1

say "The rifle went to XC: XA follows it there. XC is late, and then refuses"
must XA trace follow T-1 --to XC --yes
arrives XC T-1 RECEIVED
sees XC T-1
briefly XC trace delay T-1 --ground ONGOING_INVESTIGATION --expected-by "$(date -d "+60 days" +%F)" \
  --reason "A loss at a depot is under investigation."
arrives XA T-2 DELAYED
sees XA T-2
briefly XC trace refuse T-1 --ground CONFIDENTIALITY_LAW --ref XC-26-031 \
  --reason "The court has sealed the file; the register entry cannot be released."
arrives XA T-2 REFUSED
sees XA T-2
briefly XA trace close T-1 --outcome useful --next-asked XC --yes
arrives XB T-1 CLOSED
sees XB T-1

say "Two records cross: XA withdraws a request while XB answers it"
briefly XA trace open --from 06_trace_request_XA_XB.json --to XB --yes
arrives XB T-2 RECEIVED
echo "  The nodes cannot reach each other; neither officer can know what the other one does:"
stop XB
briefly XA trace withdraw T-3 --reason solved --yes
stop XA
start XB
cat >no_record.json <<'JSON'
{"trace_response": {"case_ref_requested": "XB/T/26/0460", "results": [{"item_no": 1,
 "result": "NO_RECORD", "completeness": "FULL", "period_covered": "2010 to 2016",
 "registers_searched": ["manufacturer ledgers", "export licences"]}]}}
JSON
briefly XB trace answer T-2 --from no_record.json
start XA
for pair in "XA T-3" "XB T-2"; do
  read -r who case <<<"$pair"
  wait_for 20 "the crossing at $who" crossed "$who" "$case"
  arrives "$who" "$case" NO_RECORD
  sees "$who" "$case"
done
echo "  Both ends hold both records and agree: the answer stands, marked CROSSED_WITH_WITHDRAWAL."

say "XA imports a seizure list of 200 weapons as the station wrote it"
import=(trace open --csv dirty_200.csv --from request.json --map map.txt)
shown XA "${import[@]}" --preview >preview.txt || fail "focal ${import[*]} --preview"
grep -q 'rows are wrong$' preview.txt || fail "rows that are wrong went unnoticed"
# Its headings: what is wrong, what is left out, whom the rest reaches.
sed -n -e 1p -e '/^  | How /d' -e '/^  | [^ ]/p' preview.txt
grep -q '^  | will reach: .*(XC)' preview.txt || fail "the list does not reach XC"
shown XA "${import[@]}" --accept-valid --yes >sent.txt || fail "focal ${import[*]}"
sed -n -e 1p -e '/^  | sent: /,$p' sent.txt
wait_for 20 "the list's request at XC" state_is XC T-2 RECEIVED
must XB inbox
must XA find 526B841 --calibre 7.62x39

say "XB's focald is killed with SIGKILL, again and again, while records are in flight"
submit() { for _ in $(seq 400); do [ -e "$demo/enough" ] && return; at XA peer ping XB --wait 0 >/dev/null 2>&1; done; }
for _ in 1 2 3 4; do
  submit &
  submitters="$submitters $!"
done
for round in $(seq 12); do # six that hit; on a busy machine a record may arrive before the signal
  [ "$kills" -lt 6 ] || break
  wait_for 20 "the link" linked XA XB
  for _ in $(seq 200); do # the moment when something is on its way
    s=$(at XA --json status)
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
submitters=''
[ "$kills" -ge 5 ] || fail "only $kills of $round kills hit a record in flight"
for party in $parties; do wait_for 60 "the outbox of $party to drain" outbox_empty "$party"; done
must XA outbox

say "XA proves case T-1 to somebody who has no node"
# A checkpoint comes once a minute where there is news; the first ones are of the time without witnesses.
witnessed() {
  at XA peer ping XB --wait 0
  sleep 2
  at XA --json trace show T-1 | grep -q '"witnesses":\[{'
}
if [ "$quick" = --quick ]; then
  echo "  Not waited for (--quick): the witnesses, who come with the second checkpoint, in two minutes."
else
  echo "  The witnesses come with the second checkpoint, in about two minutes."
  wait_for 240 "XB and XC to witness the ledger of XA" witnessed
fi
must XA witness show
must XA status
must XA evidence export T-1 --to T-1.focalproof
bare=$(at XA --json evidence export T-1 --withhold all --to bare.focalproof) || fail "evidence export"
roots=()
for party in $parties; do
  fp=$(sed -n "s/.*\"party\":\"$party\",\"fingerprint\":\"\([0-9a-f]*\)\".*/\1/p" <<<"$bare")
  # A witness that has not signed yet is not in the file.
  if [ -n "$fp" ]; then roots+=(--root "$party=$fp"); fi
done
[ ${#roots[@]} -ge 4 ] || fail "the fingerprints of XA and XB are not in the answer"
echo "  focal-verify, on a machine that has nothing but the file and the fingerprints:"
"$bin/focal-verify" T-1.focalproof "${roots[@]}" --require CARD,SIGNED,CONTENT,ACCEPTED >verdict.txt ||
  fail "focal-verify: $(cat verdict.txt)"
grep -E ' (signed|accepted) record| saw the ledger' verdict.txt | head -n 6 | cut -c 1-150 | sed 's/^/  | /'
cp T-1.focalproof changed.focalproof
size=$(wc -c <changed.focalproof)
printf 'X' | dd of=changed.focalproof bs=1 seek=$((size / 2)) conv=notrunc status=none
"$bin/focal-verify" changed.focalproof "${roots[@]}" >/dev/null 2>&1 && fail "a changed file was accepted"
echo "  One byte changed: $("$bin/focal-verify" changed.focalproof "${roots[@]}" 2>/dev/null | head -n 1)"
if [ -n "${FOCAL_SECOND_VERIFIER:-}" ]; then
  "$bin/focal-verify" T-1.focalproof "${roots[@]}" --json >one.json
  node "$FOCAL_SECOND_VERIFIER" T-1.focalproof "${roots[@]}" --json >two.json ||
    fail "the verifier in JavaScript refuses the file"
  cmp -s one.json two.json || fail "the two verifiers do not say the same"
  echo "  The second verifier, in JavaScript, says the same word for word."
else
  echo "  The second verifier is left out: it needs node.js, npm and, once, npm's registry."
fi

if [ -n "$with_people" ]; then
  say "XA names its people: what jo asks about a person, mia releases"
  people_named
  at XA people list | sed 's/^/  | /'
  sed 's/"personal_data": false/"personal_data": true/' 06_trace_request_XA_XB.json >personal.json
  person_asks() { # the officer; exit code 4: stored, a supervisor has to release it
    as jo trace open --from - --to XB --again --yes <personal.json >asked.txt 2>&1
    [ $? = 4 ] && sed "s/^/  jo   | /" asked.txt
  }
  person_asks || fail "focal trace open as jo: $(cat asked.txt)"
  as jo release approve R-1 --yes --officer-passphrase-fd 0 <<<"$(password_of mia)" >/dev/null 2>&1 &&
    fail "jo released an own act"
  as mia release approve R-1 --yes --officer-passphrase-fd 0 <<<"$(password_of mia)" >released.txt 2>&1 ||
    fail "focal release approve as mia: $(cat released.txt)"
  sed -n '1s/^/  mia  | /p' released.txt
  arrives XB T-4 RECEIVED
  sees XB T-4
  person_asks >/dev/null || fail "focal trace open as jo: $(cat asked.txt)"
  echo "  Another request of jo's waits for mia: release it in her console."
else
  say "XA's people are left out"
  echo "  Each is a unix user. Run this as root, or 'sudo -v' first (sudo must not ask in between)."
fi

for party in $parties; do wait_for 60 "the outbox of $party to drain" outbox_empty "$party"; done
say "An independent checker reads the three ledgers"
"$bin/focal-demo-check" "$demo/XA" "$demo/XB" "$demo/XC" || fail "the ledgers disagree"
echo
echo "Done: $kills kills with records in flight, nothing lost, nothing repeated."

if [ "$quick" = --quick ]; then exit 0; fi
trap 'echo; echo "Stopping the nodes."; exit 0' INT TERM
cat <<TEXT

The three nodes go on until you press Ctrl-C. Their consoles, in a browser of this machine. Each link opens
one once, within two minutes. At one node one browser is one person: take a private window for a second.
$(for party in $parties; do [ "$party$with_people" = XAyes ] || printf '  %-4s %-14s %s\n' "$party" "the owner" "$(console_of "$party")"; done)
$([ -n "$with_people" ] && people_told)
In another terminal, try:
  $bin/focal -C $demo/XB inbox
  $bin/focal -C $demo/XB trace show T-1
  $bin/focal -C $demo/XB trace sheet T-1
  $bin/focal -C $demo/XB find DA017342
  $bin/focal -C $demo/XC trace show T-1
  $bin/focal -C $demo/XB ledger tail
  $bin/focal -C $demo/XB ledger verify
  $bin/focal -C $demo/XB doctor XA
  $bin/focal -C $demo/XB console
Logs: $demo/XA.log, $demo/XB.log, $demo/XC.log
TEXT
while :; do sleep 3600 & wait $!; done
