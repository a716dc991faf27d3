#!/usr/bin/env bash
# arm64.sh
#
# Installs the checkout as "npm ci" does on a Raspberry Pi, runs it on a Pi 4 and a Pi 5 whose
# processors are emulated, and compares what they find with what this machine finds. No time that is
# measured there means anything. Takes two to three minutes; $LOOKOUT_TEST_ARM64 may name one board
# of the two (pi4, pi5), or be "off".
# Prints a line for each check; exit 0: all passed, 1: some failed, 77: cannot run here.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/system/checks.sh
. test/system/emulated-boards.sh

boards=${LOOKOUT_TEST_ARM64:-pi4 pi5}
data=$(readlink -f "${LOOKOUT_TEST_DATA:-../shared/data}")

[ "$boards" != off ] || skip 'LOOKOUT_TEST_ARM64 is off'
obstacle=$(boards_obstacle)
[ -z "$obstacle" ] || skip "$obstacle"
[ -f dist/src/main.js ] || skip 'dist/src/main.js is not built'
[ -d "$data/models" ] || skip 'no reference data (LOOKOUT_TEST_DATA)'

export LOOKOUT_TEST_DATA=$data LOOKOUT_LOG_LEVEL=warn
# The tests in here are nobody's subtests.
unset NODE_TEST_CONTEXT NODE_OPTIONS
ulimit -c 0
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
trap 'exit 1' HUP INT TERM
app=$run/app

# With what their kernels say of their processors.
create_boards() {
  board_create "$run" pi4 cortex-a72 4096 0xd08 'fp asimd evtstrm crc32 cpuid' &&
    board_create "$run" pi5 cortex-a76 16384 0xd0b 'fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp'
}

# Without what tells npm's hooks that this is a place of development: they fetch the library then.
copy_checkout() {
  mkdir "$app" &&
    tar -c --exclude=./{.git,node_modules,native/build,native/litert,tsconfig.json} . | tar -x -C "$app"
}

# -Werror is for our own C: what else is compiled is C++.
install_on() {
  CFLAGS='-Wcast-align=strict -Werror' board_install "$run/$1" "$app" && ls "$app/native/litert"/*.so
}

# node_on BOARD ARGUMENTS…: the board "here" is this machine.
node_on() {
  # What Lookout finds out about one processor and keeps is not for another.
  local -x STATE_DIRECTORY="$run/state-$1"
  case $1 in
    here) node "${@:2}" ;;
    *) (unset LOOKOUT_TEST_LITERT && cd "$app" && "$run/$1/bin/node" "${@:2}") ;;
  esac
}
lookout_on() { node_on "$1" dist/src/main.js "${@:2}"; }

# passes_tests BOARD NAME_PATTERN FILE…: in one process, because a start takes a second.
passes_tests() {
  local tap=$run/tests.tap
  local program='for (const file of process.argv.slice(1)) await import(path.resolve("dist/test", file))'
  node_on "$1" --test-reporter=tap --test-name-pattern="$2" --input-type=module --eval "$program" \
    "${@:3}" >"$tap" || { sed -n '/not ok/,/^ *\.\.\.$/p' "$tap"; return 1; }
  # What is left out, for want of something or because the names have changed, would go unseen.
  grep '^# pass [1-9]' "$tap" && ! grep '# SKIP' "$tap" | grep -v 'not match pattern$'
}

engines_are_usable() {
  lookout_on "$1" engine list --json | node -e '
    const { engines } = JSON.parse(fs.readFileSync(0));
    for (const { name, runtime, reason } of engines) console.log(name, runtime, reason ?? "");
    assert(engines.length > 0 && engines.every(({ usable }) => usable));'
}

# optimizes_as_here BOARD MODEL: leaves the rewritten model in $run/rewritten.
optimizes_as_here() {
  mkdir -p "$run/rewritten" "$run/there" &&
    lookout_on here models optimize "$data/models/$2" --out "$run/rewritten/$2" &&
    lookout_on "$1" models optimize "$data/models/$2" --out "$run/there/$2" &&
    cmp "$run/rewritten/$2" "$run/there/$2"
}

# What "models inspect" says of a model, but for what is of the machine.
inspected() {
  lookout_on "$1" models inspect --json --engine tfjs "$data/models/$2" | node -e '
    const { usable, sha256, layout, inputs, outputs, labels, operators } = JSON.parse(fs.readFileSync(0));
    assert(usable);
    console.log(JSON.stringify({ sha256, layout, inputs, outputs, labels, operators }, null, 1));'
}
inspects_as_here() {
  inspected here "$2" >"$run/here.json" && inspected "$1" "$2" >"$run/there.json" &&
    diff "$run/here.json" "$run/there.json"
}

# … BOARD MODEL_FILE PICTURE…: what is found, as JSON.
by_command() { lookout_on "$1" detect --json --threshold 0.3 --threads 1 --model "${@:2}"; }
on_tfjs() { node_on "$1" dist/test/fixtures/detect-pinned.js tfjs "${@:2}"; }
on_litert() { node_on "$1" dist/test/fixtures/detect-pinned.js litert "${@:2}"; }

# finds_as_here BOARD by_command|on_tfjs|on_litert MODEL_FILE PICTURE…
finds_as_here() {
  "$2" here "${@:3}" >"$run/here.json" && "$2" "$1" "${@:3}" >"$run/there.json" &&
    node dist/test/fixtures/detections-agree.js "$run/here.json" "$run/there.json"
}

# The rewritten model was tried in a child process there, and agreed with the original.
tunes_and_finds_as_here() {
  finds_as_here "$1" by_command "${@:2}" && node -e '
    const [{ measured, refused }] = require(process.argv[1]).entries;
    for (const { name, kernels, form } of measured) console.log("measured", name, kernels ?? "", form);
    for (const refusal of refused) console.log("refused", JSON.stringify(refusal));
    assert(measured.some(({ form }) => form === "rewritten"));' "$run/state-$1/engines.json"
}

# Tests of what runs in compiled parts; the others know no processor.
compiled_tests=(
  unit/{pixel-kernel,pixel-values,preprocess,resample,postprocess-layout}.test.js
  integration/systemd-supervisor.test.js
)
# Those of LiteRT that take no minute there. "To the bit" is as TensorFlow Lite 2.9 computes.
litert_tests='ssd.* to the bit|memory|given away|disposed|overlook|one file|no model|names'

ssd=ssd_mobilenet_v1_coco_quant_metadata.tflite
ssd_pictures=("$data"/images/{pets.jpg,ncs_car_bicycle.jpg})
mobiledet=ssdlite_mobiledet_dog_vs_cat_quant.tflite
mobiledet_pictures=("$data/images/cat.bmp")
litert=${LOOKOUT_TEST_LITERT:-native/litert/libLiteRt.so}

check "Node.js $(node --version) for arm64 is there" boards_fetch_node "$run"
check 'the boards are there' create_boards
check 'the checkout is copied' copy_checkout
# Both boards share what is installed; the one that is faster to emulate does what is done once.
check "npm ci compiles for arm64, our C without a warning, and fetches LiteRT's library" install_on pi5
[ $failures = 0 ] || exit 1
check_and_show 'engine list: every engine is usable' engines_are_usable pi5
check 'models inspect says the same as here' inspects_as_here pi5 $ssd
check 'models optimize writes the same bytes as here: classic SSD' optimizes_as_here pi5 $ssd
check 'models optimize writes the same bytes as here: MobileDet' optimizes_as_here pi5 $mobiledet
check 'tests of LiteRT' passes_tests pi5 "$litert_tests" integration/litert-interpreter.test.js
check 'tests of the pipe from ffmpeg' \
  passes_tests pi5 'every frame of a video once' integration/replay-source.test.js
check_and_show 'the classic SSD, on the engine that is measured best, finds the same as here' \
  tunes_and_finds_as_here pi5 "$data/models/$ssd" "${ssd_pictures[0]}"
[ -f "$litert" ] || echo "SKIP comparisons of LiteRT: no $litert here"
for board in $boards; do
  check "$board: tests of the compiled parts" passes_tests $board . "${compiled_tests[@]}"
  check_and_show "$board: the classic SSD on tfjs finds the same as here" \
    finds_as_here $board on_tfjs "$data/models/$ssd" "${ssd_pictures[@]}"
  check_and_show "$board: MobileDet on tfjs finds the same as here" \
    finds_as_here $board on_tfjs "$data/models/$mobiledet" "${mobiledet_pictures[@]}"
  [ -f "$litert" ] || continue
  check_and_show "$board: the classic SSD, rewritten, on LiteRT finds the same as here" \
    finds_as_here $board on_litert "$run/rewritten/$ssd" "${ssd_pictures[@]}"
  check_and_show "$board: MobileDet, rewritten, on LiteRT finds the same as here" \
    finds_as_here $board on_litert "$run/rewritten/$mobiledet" "${mobiledet_pictures[@]}"
done

echo "--- $failures failed"
[ $failures = 0 ]
