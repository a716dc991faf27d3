# Sourced: checks that print a line each. The folder $run takes their output; $failures counts.

failures=0

# check NAME COMMAND…: one line, with the time that the command took.
check() {
  local name=$1 from=${EPOCHREALTIME//[!0-9]/} verdict=PASS took_ms
  shift
  "$@" >"$run/output" 2>&1 || { verdict=FAIL; failures=$((failures + 1)); }
  took_ms=$(((${EPOCHREALTIME//[!0-9]/} - from) / 1000))
  printf '%s %s (%d.%d s)\n' $verdict "$name" $((took_ms / 1000)) $((took_ms % 1000 / 100))
  [ $verdict = PASS ] || sed 's/^/     /' "$run/output"
}

# check_and_show …: as "check", but what was printed is shown also where it passes.
check_and_show() {
  local before=$failures
  check "$@"
  [ $failures != "$before" ] || sed 's/^/     /' "$run/output"
}

skip() { echo "SKIP $1"; exit 77; }
