# shellcheck shell=bash
# Steps with a name, a log and a time, for ./check and ./run (sourced by bash).
#   steps_init FOLDER [TOTAL]  logs go to FOLDER/NAME.log
#   step NAME TITLE COMMAND…   runs it; one line on the screen; its exit code is returned
#   side_by_side JOBS FUNCTION NAME…   the command of a step that is several programs (below)
# On a terminal the line shows the progress of the build meanwhile. File descriptor 9
# (the caller's lock) is closed for the command, so that nothing it starts keeps it.

steps_init() {
  steps_dir=$1 steps_total=${2:-} steps_done=0 steps_poller=
  mkdir -p "$steps_dir"
  trap 'steps_stop_poller' EXIT
}

steps_stop_poller() {
  if [ -n "${steps_poller:-}" ]; then
    kill "$steps_poller" 2>/dev/null
    wait "$steps_poller" 2>/dev/null
    steps_poller=
  fi
}

steps_time() { # seconds -> 42 s, 3 min 05 s
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); fi
}

# The last "[12/345]" of ninja or "12/40 Test" of ctest in a log.
steps_progress() {
  tail -c 2000 "$1" 2>/dev/null | grep -Eo '^(\[[0-9]+/[0-9]+\]| *[0-9]+/[0-9]+ Test)' | tail -n 1 |
    tr -d '[] Test'
}

step() {
  local name=$1 title=$2 start=$SECONDS code head
  shift 2
  steps_done=$((steps_done + 1))
  step_log=$steps_dir/$name.log
  head=$(printf '[%d%s] %-34s' "$steps_done" "${steps_total:+/$steps_total}" "$title")
  : >"$step_log"
  if [ -t 1 ]; then
    (
      trap 'exit 0' TERM
      while :; do
        printf '\r\033[K%s %s  %s' "$head" "$(steps_time $((SECONDS - start)))" \
          "$(steps_progress "$step_log")"
        sleep 1
      done
    ) &
    steps_poller=$!
  else
    printf '%s …\n' "$head"
  fi
  "$@" >>"$step_log" 2>&1 </dev/null 9>&-
  code=$?
  step_seconds=$((SECONDS - start))
  steps_stop_poller
  [ -t 1 ] && printf '\r\033[K'
  if [ $code = 0 ]; then
    printf '%s ok      %s\n' "$head" "$(steps_time $step_seconds)"
  else
    printf '%s FAILED  %s\n' "$head" "$(steps_time $step_seconds)"
  fi
  return $code
}

# Runs "FUNCTION NAME" for each NAME, JOBS at a time, in processes of their own. The output goes
# to NAME.log, exit code and seconds to NAME.code; whoever leaves no NAME.code did not end.
# FUNCTION sees exported variables only. Prints "[2/9] NAME" as they end. Fails if one failed.
side_by_side() {
  local jobs=$1 function=$2 name ended=0 code failures=0
  shift 2
  for name in "$@"; do rm -f -- "$steps_dir/$name.code"; done
  export steps_dir
  export -f "${function?}"
  # By xargs in a pipe and not by "&", so that Ctrl-C reaches them.
  # shellcheck disable=SC2016  # expanded by the inner shell
  printf '%s\n' "$@" | xargs -d '\n' -P "$jobs" -n 1 bash -c '
    "$0" "$1" >"$steps_dir/$1.log" 2>&1
    code=$?
    echo "$code $SECONDS" >"$steps_dir/$1.code"
    echo "$1 $code"' "$function" | {
    while read -r name code; do
      ended=$((ended + 1))
      [ "$code" = 0 ] || failures=$((failures + 1))
      echo "[$ended/$#] $name, exit code $code"
    done
    [ "$failures" = 0 ] && [ "$ended" = $# ]
  }
}
