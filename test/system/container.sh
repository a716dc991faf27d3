# Sourced: a Debian with its own systemd, booted in a container that forgets everything at its end.
# Needs root; leaves only the unpacked Debian behind, in $TMPDIR, for the next run.

CONTAINER_PACKAGES=systemd,systemd-sysv,dbus,udev,libcap2-bin,iproute2,procps,libbpf1,util-linux,perl-base,mosquitto,mosquitto-clients,ffmpeg

# Prints why this machine cannot run a container; nothing if it can.
container_obstacle() {
  [ "$(id -u)" = 0 ] || { echo 'not root'; return; }
  local tool
  for tool in mmdebstrap systemd-nspawn unshare nsenter; do
    command -v "$tool" >/dev/null || { echo "$tool is not installed"; return; }
  done
}

# container_root SUITE: prints the folder of an unpacked Debian, made at the first call (40 s).
container_root() {
  local root="${TMPDIR:-/tmp}/lookout-test-root-$1"
  local part="$root.part-$$"
  if [ ! -d "$root" ]; then
    mmdebstrap --quiet --variant=minbase --include="$CONTAINER_PACKAGES" \
      --aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      "$1" "$part" >&2 || { rm -rf "$part"; return 1; }
    # Node is bound over this one, see container_start.
    : >"$part/usr/bin/node"
    # Another run may have been faster.
    mv -T "$part" "$root" 2>/dev/null || rm -rf "$part"
  fi
  echo "$root"
}

# container_start ROOT RUN_DIR [nspawn arguments]: boots and waits until everything is up.
container_start() {
  local root=$1 run=$2
  shift 2
  container_run=$run
  container_name="lookout-$$"
  # The machine's own cgroup tree may be of version 1 or read-only: the container gets a tree of
  # version 2 in a mount namespace of its own. Without the bpf rights systemd inside does not
  # enforce the rules for addresses and devices, and does not say so.
  setsid unshare --mount --propagation slave -- bash -c '
    umount -R -l /sys/fs/cgroup
    mount -t cgroup2 none /sys/fs/cgroup
    mkdir "/sys/fs/cgroup/$0" && echo $$ >"/sys/fs/cgroup/$0/cgroup.procs"
    exec systemd-nspawn --quiet --directory="$1" --machine="$0" --boot --register=no --keep-unit \
      --link-journal=no --console=pipe --volatile=overlay --private-network \
      --system-call-filter=bpf --capability=CAP_BPF,CAP_PERFMON,CAP_NET_ADMIN "${@:2}"
  ' "$container_name" "$root" "$@" >"$run/console.log" 2>&1 </dev/null &
  container_pid=$!
  wait_for 60 container_is_up
}

# The process 1 of the container, as seen from outside.
container_leader() {
  local child
  for child in $(cat "/proc/$container_pid/task/"*/children 2>/dev/null); do
    [ "$(cat "/proc/$child/comm" 2>/dev/null)" = systemd ] && { echo "$child"; return; }
  done
  return 1
}

container_is_up() {
  case $(inside systemctl is-system-running 2>/dev/null) in running | degraded) ;; *) false ;; esac
}

# inside COMMAND…: runs a command in the container, as its root.
inside() {
  local leader
  leader=$(container_leader) || return 1
  nsenter -t "$leader" -m -u -i -n -p -C -r -w -- \
    env -i PATH=/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8 "$@"
}

# Ends the container, whatever state it is in. May be called twice.
container_stop() {
  [ -n "${container_pid:-}" ] || return 0
  kill -TERM "$container_pid" 2>/dev/null
  wait_for 20 container_is_gone || kill -KILL "$container_pid" 2>/dev/null
  wait "$container_pid" 2>/dev/null
  # The kernel lets go of the last processes a moment after they have ended.
  wait_for 5 container_cgroup_is_removed
  container_pid=
}

container_cgroup_is_removed() {
  find /sys/fs/cgroup -depth -type d -path "*/$container_name*" -exec rmdir {} \; 2>/dev/null
  [ -z "$(find /sys/fs/cgroup -maxdepth 2 -name "$container_name")" ]
}

container_is_gone() { ! kill -0 "$container_pid" 2>/dev/null; }

# wait_for SECONDS COMMAND…: true as soon as the command succeeds, false when the time is over.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}
