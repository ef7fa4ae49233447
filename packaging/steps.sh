# Steps with a name, a log and a time, for ./check and ./run (sourced by bash).
#   steps_init FOLDER [TOTAL]  logs go to FOLDER/NAME.log
#   step NAME TITLE COMMAND…   runs it; one line on the screen; its exit code is returned
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
