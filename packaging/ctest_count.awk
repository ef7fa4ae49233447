# Counts test cases in the output of `ctest -V` and shows why the failed ones failed.
#   awk -f packaging/ctest_count.awk LOG
# A GoogleTest program counts each of its cases, any other test counts one.
# Skipped, disabled and never started tests are failures; so is a program that
# ran no case, and every case that a program announced and did not end, though it
# left with exit code 0. The last line is "COUNT passed failed".

function keep(id, text) {  # the output since the last case began, at most 80 lines
  if (held[id] < kMost) line[id, held[id]++] = text
  else { for (i = 1; i < kMost; i++) line[id, i - 1] = line[id, i]; line[id, kMost - 1] = text }
}
function show(id, title, only_case,   i) {
  if (++shown > 10) return
  printf "\n--- %s\n", title
  for (i = 0; i < held[id]; i++) printf "    %s\n", line[id, i]
  if (only_case != "") printf "    again: %s --gtest_filter=%s\n", command[id], only_case
}
BEGIN { kMost = 80 }

/^[0-9]+: / {
  id = $0; sub(/: .*/, "", id)
  text = $0; sub(/^[0-9]+: /, "", text)
  if (text ~ /^Test command: /) { command[id] = substr(text, 15); next }
  if (text ~ /^\[ RUN      \] /) { held[id] = 0; began[id]++; open_case[id] = substr(text, 14) }
  keep(id, text)
  if (text ~ /^\[==========\] Running [0-9]+ tests?/) {
    gtest[id] = 1; n = text; sub(/^[^0-9]*/, "", n); announced[id] += n + 0
  }
  if (text ~ /\[       OK \] /) { ok[id]++; open_case[id] = "" }
  if (text ~ /\[  SKIPPED \] .* \([0-9]+ ms\)$/) {
    skipped[id]++; show(id, open_case[id] " was skipped"); open_case[id] = ""
  }
  if (text ~ /\[  FAILED  \] .* \([0-9]+ ms\)$/) {
    bad[id]++; show(id, open_case[id], open_case[id]); open_case[id] = ""
  }
  if (text ~ /^ *YOU HAVE [0-9]+ DISABLED TEST/) { n = text; gsub(/[^0-9]/, "", n); disabled[id] = n + 0 }
  next
}

# "12/40 Test #12: name ....   Passed    0.42 sec"
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
  id = $0; sub(/^[^#]*#/, "", id); sub(/:.*/, "", id)
  name = $0; sub(/^[^#]*#[0-9]+: /, "", name); sub(/ .*/, "", name)
  seen++
  good = ($0 ~ / Passed +[0-9.]+ sec/)
  passed += ok[id]
  lost = bad[id] + skipped[id] + disabled[id]
  if (disabled[id]) show(id, name ": " disabled[id] " disabled tests")
  if (good && !gtest[id]) passed++
  missing = announced[id] - ok[id] - bad[id] - skipped[id]
  if (good && missing > 0) {
    lost += missing
    show(id, name " left before its end: " missing " of " announced[id] " tests", open_case[id])
  }
  if (good && gtest[id] && ok[id] + lost == 0) { lost = 1; show(id, name " ran no test") }
  if (!good && (open_case[id] != "" || lost == 0)) {
    lost++
    how = $0; sub(/.*\*\*\*/, "", how)
    show(id, name " (" how ")" (open_case[id] != "" ? " in " open_case[id] : ""), open_case[id])
  }
  failed += lost
}

END {
  if (shown > 10) printf "\n… and %d more\n", shown - 10
  printf "COUNT %d %d\n", passed, failed
}
