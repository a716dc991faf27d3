#!/usr/bin/env bash
# systemd-container.sh [fixture|lookout] [bookworm|trixie]
#
# Installs the checkout and its unit in a container as docs/systemd.md says, and checks under the
# container's systemd what the unit promises. `fixture` runs a small program with Lookout's own
# supervision, `lookout` the daemon on a video of the reference data ($LOOKOUT_TEST_DATA).
# Prints a line for each check; exit 0: all passed, 1: some failed, 77: cannot run here.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/system/checks.sh
. test/system/container.sh

subject=${1:-fixture}
suite=${2:-bookworm}
data=$(readlink -f "${LOOKOUT_TEST_DATA:-../shared/data}")

obstacle=$(container_obstacle)
[ -z "$obstacle" ] || skip "$obstacle"
case $subject in
  fixture) program=test/fixtures/supervised-program.js watchdog=2 ;;
  lookout) program=src/main.js watchdog=4 ;;
  *) echo "unknown subject \"$subject\": fixture or lookout" >&2; exit 2 ;;
esac
[ -f "dist/$program" ] || skip "dist/$program is not built"
[ "$subject" = fixture ] || [ -d "$data/videos" ] || skip "no reference data (LOOKOUT_TEST_DATA)"

run=$(mktemp -d)
trap 'container_stop; rm -rf "$run"' EXIT
trap 'exit 1' HUP INT TERM

property() { inside systemctl show --value --property="$1" "${2:-lookout}"; }
is() { [ "$(property "$1")" = "$2" ] || { echo "$1 is $(property "$1"), expected $2"; false; }; }
not() { ! "$@"; }
all() { local each; for each; do eval "$each" || return 1; done; }
write() { inside sh -c 'mkdir -p "$(dirname "$1")" && cat >"$1"' sh "$1"; }
journal() { inside journalctl --unit="${1:-lookout}" --output=short-monotonic --no-hostname --no-pager; }
# Not "grep -q": it would break off the pipe, which pipefail takes for a failure.
journal_has() { journal | grep -- "$1" >/dev/null; }
start() { inside systemctl start lookout; }
stop() { inside systemctl stop lookout; }
fresh_start() { stop; inside systemctl reset-failed lookout 2>/dev/null; start; }

# Asked for in one go: between two questions systemd may have gone on.
restarted_from() {
  local state
  state=$(inside systemctl show --property=ActiveState,MainPID lookout)
  [[ $state == *ActiveState=active* && $state =~ MainPID=([1-9][0-9]*) && ${BASH_REMATCH[1]} != "$1" ]]
}

install_checkout() {
  mkdir -p "$run/app/node_modules"
  cp -a package.json dist native systemd "$run/app"
  local folder
  for folder in config models docs; do [ ! -d $folder ] || cp -a $folder "$run/app"; done
}

good_config() {
  case $subject in
    fixture) echo 'node: test' ;;
    lookout) cat <<-END
	camera:
	  source: replay
	  path: /srv/data/videos/intel_one-by-one-person-detection.mp4
	  loop: true
	model:
	  file: /srv/data/models/ssd_mobilenet_v1_coco_quant_metadata.tflite
	mqtt:
	  url: mqtt://127.0.0.1
	END
      ;;
  esac
}

install_service() {
  inside install -D -m 644 -t /etc/systemd/system /opt/lookout/systemd/lookout.service || return
  if [ "$suite" = bookworm ]; then
    inside install -D -m 644 -t /etc/systemd/system/lookout.service.d \
      /opt/lookout/systemd/lookout.service.d-252/reload.conf
  fi
  # The same unit in a hurry.
  write /etc/systemd/system/lookout.service.d/test.conf <<-END
	[Service]
	ExecStart=
	ExecStart=/usr/bin/node /opt/lookout/dist/$program run --config /etc/lookout/lookout.yaml
	WatchdogSec=$watchdog
	RestartSec=200ms
	END
  good_config | write /etc/lookout/lookout.yaml
  inside systemctl daemon-reload
}

# The unit's sandbox around another command, written as in a unit.
sandbox() {
  inside sh -c 'sed "/^Type=/d; /^Restart/d; /^Watchdog/d; /^ExecStart=/d; /^SyslogId/d" \
    /etc/systemd/system/lookout.service >/run/systemd/system/sandbox.service
    printf "[Service]\nType=oneshot\nExecStart=%s\n" "$1" >>/run/systemd/system/sandbox.service
    systemctl daemon-reload && systemctl start sandbox' sh "$1" || { journal sandbox | tail -15; false; }
}
sandbox_node() { sandbox "/usr/bin/node -e \"$1\""; }

# connect_is refused|ignored ADDRESS: the address is the container's own and nobody listens there,
# so a refusal comes if the sandbox lets the packet through, and nothing at all if it does not.
connect_is() {
  inside ip address replace "$2/32" dev lo
  sandbox_node "const end = (found) => { assert.equal(found, '$1'); process.exit() }; \
    net.connect(9, '$2').on('error', () => end('refused')); setTimeout(end, 3000, 'ignored')"
}

lives_on() {
  local pid
  pid=$(property MainPID)
  sleep "$1"
  all 'is ActiveState active' "is MainPID $pid"
}

reload() {
  local pid
  pid=$(property MainPID)
  all 'inside systemctl reload lookout' 'wait_for 20 journal_has "lookout\[.*[Rr]eload"' \
    'wait_for 20 is ActiveState active' "is MainPID $pid"
}

# Another process than PID is up, within the limits of detection, watchdog and restart together.
wait_restart() { wait_for 90 restarted_from "$1"; }

stuck_worker() {
  local pid
  pid=$(property MainPID)
  inside perl -e "$(cat test/system/stop-busiest-thread.pl)" "$pid" >"$run/tracer" &
  all "wait_restart $pid" 'journal_has "Watchdog timeout"' 'journal_has "watchdog is not fed"' \
    || { cat "$run/tracer"; false; }
}

stopped_process() {
  local pid timeouts
  pid=$(property MainPID)
  timeouts=$(journal | grep -c 'Watchdog timeout')
  inside kill -STOP "$pid"
  wait_restart "$pid" && [ "$(journal | grep -c 'Watchdog timeout')" -gt "$timeouts" ]
}

killed_process() {
  local pid
  pid=$(property MainPID)
  inside kill -KILL "$pid"
  wait_restart "$pid"
}

clean_stop() {
  all stop 'is ActiveState inactive' 'is Result success' 'is ExecMainStatus 0' \
    '! inside pgrep -f /opt/lookout/dist'
}

bad_config() {
  write /etc/lookout/lookout.yaml <<<'} nonsense {'
  local restarts
  restarts=$(property NRestarts)
  ! start || { echo 'started with a bad configuration'; return 1; }
  sleep 3
  all 'is ActiveState failed' 'is ExecMainStatus 78' "is NRestarts $restarts"
}

slow_start() {
  write /etc/lookout/lookout.yaml <<<'firstFrameAfterMs: 7000'
  inside sed -i '$ a TimeoutStartSec=4' /etc/systemd/system/lookout.service.d/test.conf
  inside systemctl daemon-reload
  fresh_start && is ActiveState active
}

root=$(container_root "$suite") || exit 1
install_checkout
binds=(
  --bind-ro="$(readlink -f "$(command -v node)"):/usr/bin/node"
  --bind-ro="$run/app:/opt/lookout"
  --bind-ro="$(readlink -f node_modules):/opt/lookout/node_modules"
)
[ "$subject" = fixture ] || binds+=(--bind-ro="$data:/srv/data")
check "the container boots ($suite)" container_start "$root" "$run" "${binds[@]}"
[ $failures = 0 ] || { cat "$run/console.log"; exit 1; }
inside systemctl --version | head -1

check 'the service installs' install_service
check 'exposure is 1.5 at most' inside systemd-analyze security --offline=true --threshold=15 \
  --no-pager /etc/systemd/system/lookout.service
sed -n 's/^→ /     /p' "$run/output"

modules=/opt/lookout/node_modules
check "sandbox: the camera's programs run" sandbox \
  '/usr/bin/setpriv --pdeathsig KILL -- /usr/bin/ffmpeg -v error -f lavfi -i testsrc=d=1 -f null -'
check 'sandbox: other programs do not' not sandbox /usr/bin/id
check 'sandbox: sharp loads' sandbox_node "require('$modules/sharp')"
check 'sandbox: the inference engine loads' sandbox_node \
  "require('$modules/tfjs-tflite-node/build/Release/node_tflite_binding.node')"
if [ -f native/litert/libLiteRt.so ]; then
  check 'sandbox: LiteRT and its library load' sandbox_node \
    "require('/opt/lookout/native/build/Release/litert.node').open('/opt/lookout/native/litert/libLiteRt.so')"
fi
check 'sandbox: the engine sees the processor' sandbox_node "fs.readFileSync('/proc/cpuinfo')"
check 'sandbox: the state can be written' sandbox_node \
  "fs.writeFileSync(process.env.STATE_DIRECTORY + '/x', '')"
check 'sandbox: the configuration cannot' not sandbox_node "fs.writeFileSync('/etc/lookout/x', '')"
write /etc/credstore/lookout.mqtt-password <<<'secret'
check 'sandbox: the password can be read where systemd puts it' sandbox_node \
  "assert.match(fs.readFileSync(process.env.CREDENTIALS_DIRECTORY + '/mqtt-password', 'utf8'), /^secret/)"
check 'sandbox: the local network is reached' connect_is refused 192.168.7.7
check 'sandbox: the rest of the world is not' connect_is ignored 203.0.113.7
inside rm /etc/credstore/lookout.mqtt-password

check 'start: returns when READY' all start 'is ActiveState active'
echo "     $(property StatusText)"
check 'runs as a user without a name' all '[ "$(property UID)" -ge 61184 ]'
check 'is alive beyond the watchdog'"'"'s limit' lives_on $((2 * watchdog + 1))
check 'reload: the same process goes on' reload
check 'SIGKILL: restarted' killed_process
check 'a stopped worker thread: the watchdog restarts' stuck_worker
check 'a stopped process: the watchdog restarts' stopped_process
check 'stop: exit 0, nothing left' clean_stop
check 'bad configuration: exit 78, not restarted' bad_config
if [ "$subject" = fixture ]; then
  check 'a start longer than its limit, with signs of life: not killed' slow_start
fi

echo '--- journal'
journal
echo "--- $failures failed"
[ $failures = 0 ]
