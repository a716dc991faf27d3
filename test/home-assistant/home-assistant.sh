#!/usr/bin/env bash
# home-assistant.sh validate|check [VERSION…]
# home-assistant.sh build|start|stop|ports VERSION
# home-assistant.sh start-one|stop-one VERSION ha|mosquitto
# home-assistant.sh run VERSION FILE [ARGUMENT…]
#
# "validate" holds the discovery documents against Home Assistant's own schemas; "check" shows them
# to a real, headless Home Assistant beside a real Mosquitto. For a version that is not there yet
# either first makes a Debian root folder with the Python and the packages that it needs, as nothing
# that runs on the machine itself may have that Python: half a minute and 1 GB a version, in
# $LOOKOUT_HOME_ASSISTANT or the user's cache folder.
# "start" runs a fresh Home Assistant and a broker, "stop-one" and "start-one" one of them as it
# is, "run" a Python file of this folder beside it; $(… ports VERSION) has the ports of both.
# $LOOKOUT_TEST_HOME_ASSISTANT may name the versions for "validate" and "check", or be "off".
# exit 0: all well, 1: not, 77: cannot run here.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=test/home-assistant
cache=${LOOKOUT_HOME_ASSISTANT:-${XDG_CACHE_HOME:-$HOME/.cache}/lookout-home-assistant}

skip() { echo "SKIP $1"; exit 77; }
say() { printf '%s %s\n' "$version" "$*"; }

# use VERSION: Home Assistant demands a Python that Debian's stable release need not have.
use() {
  version=$1
  case $version in
    2024.12.5) suite=trixie python=python3.13 ;;
    2026.11.0) suite=forky python=python3.14 ;;
    *) echo "Cannot use Home Assistant \"$version\": valid are 2024.12.5 and 2026.11.0" >&2; exit 2 ;;
  esac
  dir=$cache/$version root=$cache/$version/root work=$cache/$version/work
}

# Replaces the shell it runs in, so that the process id of a background job is the command's own.
in_root() {
  exec $here/in-root.sh "$root" "$work" env PATH=/opt/ha/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt UV_LINK_MODE=hardlink \
    MQTT_PORT="${mqtt_port:-}" HA_PORT="${ha_port:-}" "$@"
}

build() {
  [ "$(id -u)" = 0 ] || skip 'only root can build and enter a Debian root folder'
  local program
  for program in mmdebstrap mosquitto python3 curl; do
    command -v $program >/dev/null || skip "$program is not installed"
  done
  [ ! -e "$dir/built" ] || return 0
  say "a Debian $suite"
  rm -rf "$root" "$work"
  mkdir -p "$work"
  local mirror part
  mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
  mmdebstrap --quiet --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="libc-bin,$python-venv,coreutils,dash,tzdata,libstdc++6,libturbojpeg0" \
    --keyring=/usr/share/keyrings/debian-archive-keyring.gpg "$suite" "$root" "deb $mirror $suite main"
  for part in bin sbin lib lib64; do
    [ -e "$root/$part" ] || ln -s "usr/$part" "$root/$part"
  done
  say 'its packages'
  python3 -m venv "$dir/uv"
  "$dir/uv/bin/pip" install -q uv==0.13.6
  mkdir -p "$root/usr/local/bin"
  mv "$dir/uv/bin/uv" "$root/usr/local/bin/uv"
  rm -r "$dir/uv"
  cp $here/requirements-"$version".txt "$work/requirements.txt"
  (in_root /usr/local/bin/uv venv -q --python "/usr/bin/$python" /opt/ha)
  (in_root /usr/local/bin/uv pip install -q --no-deps --python /opt/ha/bin/python -r /work/requirements.txt)
  rm -rf "$root/root/.cache"
  stub_pages
  touch "$dir/built"
  say "built, $(du -sm "$dir" | cut -f1) MB"
}

# The web pages are a third of the whole, and nobody looks at them here.
stub_pages() {
  local pages
  pages=$(echo "$root"/opt/ha/lib/python3*/site-packages)/hass_frontend
  mkdir -p "$pages"
  echo '<html></html>' > "$pages/index.html"
  printf 'from pathlib import Path\n\n\ndef where():\n    return Path(__file__).parent\n' > "$pages/__init__.py"
}

start() {
  stop
  rm -rf "$work/config" "$work/token"
  mkdir -p "$work/config"
  python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print("mqtt_port=%d ha_port=%d" % tuple(s.getsockname()[1] for s in sockets))' > "$dir/ports"
  . "$dir/ports"
  sed "s/HA_PORT/$ha_port/" $here/configuration.yaml > "$work/config/configuration.yaml"
  printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\nlog_dest none\n' "$mqtt_port" > "$dir/mosquitto.conf"
  start_mosquitto
  start_ha
}

start_mosquitto() {
  . "$dir/ports"
  mosquitto -c "$dir/mosquitto.conf" > /dev/null 2>&1 &
  echo $! > "$dir/mosquitto.pid"
  until (exec 3<> "/dev/tcp/127.0.0.1/$mqtt_port") 2> /dev/null; do
    kill -0 "$(cat "$dir/mosquitto.pid")"
    sleep 0.1
  done
}

start_ha() {
  . "$dir/ports"
  in_root /opt/ha/bin/hass -c /work/config --skip-pip > "$work/ha.log" 2>&1 &
  echo $! > "$dir/ha.pid"
  until curl -s -o /dev/null -m 2 "http://127.0.0.1:$ha_port/manifest.json"; do
    kill -0 "$(cat "$dir/ha.pid")" || { tail -20 "$work/ha.log" >&2; return 1; }
    sleep 0.2
  done
}

# stop_one NAME: waits for it, half a minute at most.
stop_one() {
  [ -e "$dir/$1.pid" ] || return 0
  local pid _
  pid=$(cat "$dir/$1.pid")
  rm "$dir/$1.pid"
  kill "$pid" 2>/dev/null || return 0
  for _ in {1..150}; do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -9 "$pid"
}

stop() { stop_one ha; stop_one mosquitto; }

run() {
  [ ! -e "$dir/ports" ] || . "$dir/ports"
  cp $here/*.py "$work/"
  (in_root /opt/ha/bin/python "/work/$1" "${@:2}")
}

# missed SAMPLE REMEMBERED: a change while Home Assistant is off.
missed() {
  run check.py /work/samples announce || return 1
  stop_one ha
  run check.py /work/samples send "$1"
  start_ha
  run check.py /work/samples back "$1" "$2"
}

samples() {
  [ -f dist/tools/write-discovery-samples.js ] || skip 'dist/ is not built'
  rm -rf "$work/samples"
  node dist/tools/write-discovery-samples.js "$work/samples"
}

command=${1:-}
shift || true
case $command in
  validate | check)
    [ "${LOOKOUT_TEST_HOME_ASSISTANT:-}" != off ] || skip 'LOOKOUT_TEST_HOME_ASSISTANT is off'
    failures=0
    for wanted in "${@:-${LOOKOUT_TEST_HOME_ASSISTANT:-2024.12.5 2026.11.0}}"; do versions+=" $wanted"; done
    for wanted in $versions; do
      use "$wanted"
      build
      samples
      if [ "$command" = validate ]; then
        run validate.py /work/samples || failures=1
      else
        trap stop EXIT
        start
        run check.py /work/samples || failures=1
        missed change-labels remembered-labels || failures=1
        missed change-camera device-remembered || failures=1
        stop
      fi
    done
    exit $failures
    ;;
  build | start | stop) use "$1"; build; "$command" ;;
  start-one) use "$1"; "start_$2" ;;
  stop-one) use "$1"; stop_one "$2" ;;
  ports) use "$1"; cat "$dir/ports" ;;
  run) use "$1"; run "${@:2}" ;;
  *) sed -n '2,4p' "$0" | cut -c3- >&2; exit 2 ;;
esac
