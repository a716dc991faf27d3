#!/usr/bin/env bash
# daemon.sh [VERSION…]: runs Lookout beside a real Home Assistant and a real Mosquitto, and checks
# that Home Assistant has every entity with its state and not one too many: through commands,
# deletions, changes of labels, models and modes, and restarts of all three in every order, in which
# what was set has to last. The broker forgets everything when it stops. See home-assistant.sh, also
# for exit codes.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=test/home-assistant
bed=$here/home-assistant.sh
failures=0

[ "${LOOKOUT_TEST_HOME_ASSISTANT:-}" != off ] || { echo 'SKIP LOOKOUT_TEST_HOME_ASSISTANT is off'; exit 77; }
[ -f dist/src/main.js ] || { echo 'SKIP dist/ is not built'; exit 77; }

see() { "$bed" run "$version" check-daemon.py "$@" || failures=$((failures + 1)); }

# Runs it again when it asks for that, as systemd does.
run_daemon() {
  local child status
  trap 'kill "$child"; wait "$child"; exit 0' TERM
  while :; do
    # The detector comes second to Home Assistant here.
    nice node dist/src/main.js run --node=pi --camera.id=porch --camera.source=synthetic --camera.fps=2 \
      --model.file="$folder/one.tflite" --engine=tfjs --threads=1 --state_dir="$folder/state" \
      --zones="$zones" --mqtt.url="mqtt://127.0.0.1:$mqtt_port" --discovery.entities=all "$@" >> "$folder/daemon.log" 2>&1 &
    child=$!
    status=0
    wait "$child" || status=$?
    [ "$status" = 75 ] || exit "$status"
  done
}

start_daemon() {
  run_daemon "${options[@]}" &
  daemon=$!
}

stop_daemon() {
  [ -n "$daemon" ] || return 0
  kill "$daemon" 2>/dev/null || true
  wait "$daemon" || true
  daemon=
}

start_one() { if [ "$1" = daemon ]; then start_daemon; else "$bed" start-one "$version" "$1"; fi; }
stop_one() { if [ "$1" = daemon ]; then stop_daemon; else "$bed" stop-one "$version" "$1"; fi; }
restart_daemon() { options=("$@"); stop_daemon; start_daemon; }

check_version() {
  folder=$(mktemp -d)
  local name order part
  for name in one two; do cp models/lookout-demo.tflite "$folder/$name.tflite"; done
  # Another file is another model.
  printf '\0' >> "$folder/two.tflite"
  "$bed" start "$version"
  eval "$("$bed" ports "$version")"
  options=(--tracking.labels=person,cat)
  zones='drive 0,0 1,0 1,1 0,1;door 0,0 0.4,0 0.4,1 0,1 for person'
  start_daemon
  see shows 'at first'
  see commands 'after commands'
  cp "$folder/one.tflite" "$folder/three.tflite"
  see offers 'a model more' one three two
  rm "$folder/three.tflite"
  see offers 'a model less' one two
  see sets 'after settings'
  see restart_button 'the button "Restart"'
  see deletions 'after deletions'
  see switched_off 'switched off over a restart'
  for part in daemon mosquitto ha; do
    stop_one $part
    start_one $part
    see keeps "after a restart of $part"
  done
  # Not before deletions: when it has loaded MQTT again, 2024.12 fails to delete a device that has triggers.
  see enables 'all enabled'
  see sees 'after a while'
  for order in 'daemon mosquitto ha' 'daemon ha mosquitto' 'mosquitto daemon ha' 'mosquitto ha daemon' 'ha daemon mosquitto' 'ha mosquitto daemon'; do
    for part in daemon ha mosquitto; do stop_one $part; done
    for part in $order; do start_one $part; sleep 3; done
    see keeps "started in the order $order"
  done
  restart_daemon --tracking.labels=person
  see lacks 'a label less' cat
  restart_daemon --tracking.labels=person,cat
  see keeps 'the label again'
  zones='drive 0,0 1,0 1,1 0,1'
  restart_daemon --tracking.labels=person,cat
  see lacks 'a zone less' door
  stop_one ha
  restart_daemon --tracking.labels=person
  sleep 8
  start_one ha
  see lacks 'a label less while Home Assistant was off' cat
  restart_daemon --discovery.enabled=false
  see nothing 'switched off'
  restart_daemon --tracking.labels=person
  see keeps 'switched on again'
  restart_daemon --tracking.labels=person --discovery.mode=component
  see keeps 'entities one by one' migration
  restart_daemon --tracking.labels=person
  see keeps 'devices again' migration
  restart_daemon --discovery.enabled=false
  see nothing 'switched off after both modes' migration
  stop_daemon
  "$bed" stop "$version"
  echo "the daemon's own warnings:"
  grep -E ' (warn|error) ' "$folder/daemon.log" | sort | uniq -c | sort -rn | head -20 || true
  rm -rf "$folder"
}

daemon=
for version in "${@:-${LOOKOUT_TEST_HOME_ASSISTANT:-2024.12.5 2026.11.0}}"; do versions+=" $version"; done
for version in $versions; do
  "$bed" build "$version"
  trap 'stop_daemon; "$bed" stop "$version"' EXIT
  check_version
done
trap - EXIT
[ "$failures" = 0 ] || { echo "$failures steps failed"; exit 1; }
echo 'all good'
