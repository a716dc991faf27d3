#!/usr/bin/env bash
# arm64.sh
#
# Installs the checkout as "npm ci" on a Raspberry Pi does, runs it on a Pi 4 and a Pi 5 whose
# processors are emulated, and compares what they find with what this machine finds. No time that is
# measured there means anything. $LOOKOUT_TEST_ARM64=off leaves it out.
# Prints a line for each check; exit 0: all passed, 1: some failed, 77: cannot run here.
set -uo pipefail
cd "$(dirname "$0")/../.."
. test/system/checks.sh
. test/system/emulated-boards.sh

data=$(readlink -f "${LOOKOUT_TEST_DATA:-../shared/data}")

[ "${LOOKOUT_TEST_ARM64:-}" != off ] || skip 'LOOKOUT_TEST_ARM64 is off'
obstacle=$(boards_obstacle)
[ -z "$obstacle" ] || skip "$obstacle"
[ -f dist/src/main.js ] || skip 'dist/src/main.js is not built'
[ -d "$data/models" ] || skip 'no reference data (LOOKOUT_TEST_DATA)'

export LOOKOUT_TEST_DATA=$data
run=$(mktemp -d)
trap 'rm -rf "$run"' EXIT
trap 'exit 1' HUP INT TERM
# A crash that is provoked leaves no core; and the tests in here are nobody's subtests.
ulimit -c 0
unset NODE_TEST_CONTEXT NODE_OPTIONS
app=$run/app

# Of what runs in compiled parts or takes binary files apart; the others know no processor.
tests=(
  unit/{pixel-kernel,pixel-values,preprocess,resample,placement,postprocess-layout}.test.js
  unit/{model-file,flat-table,flexbuffer,detector-model}.test.js
  integration/systemd-supervisor.test.js
)
# Of these, what takes no minute there; "to the bit" is against TensorFlow Lite 2.9.
litert_tests='to the bit|memory|given away|disposed|threads|overlook|one file|no model|names the'

copy_checkout() {
  mkdir "$app" &&
    tar -c --exclude=./{.git,node_modules,native/build,native/litert} . | tar -x -C "$app"
}

# -Werror is for our own C: what else is compiled is C++.
install_on() { CFLAGS='-Wcast-align=strict -Werror' board_install "$run/$1" "$app"; }

# node_on BOARD ARGUMENTS…: the board "here" is this machine.
node_on() {
  # What is found out and kept of one processor is not another's.
  export STATE_DIRECTORY="$run/state-$1"
  case $1 in
    here) node "${@:2}" ;;
    *) (cd "$app" && "$run/$1/bin/node" "${@:2}") ;;
  esac
}
lookout_on() { node_on "$1" dist/src/main.js "${@:2}"; }

# pass_tests_on BOARD PATTERN FILE…: in one process, because a start takes a second. What a test
# skips here would go unseen.
pass_tests_on() {
  node_on "$1" --test-reporter=tap --test-name-pattern="$2" --input-type=module \
    --eval 'for (const file of process.argv.slice(1)) await import(path.resolve("dist/test", file))' \
    "${@:3}" >"$run/tests.tap"
}

# inspect_on BOARD MODEL: what "models inspect" says of a file without regard to the machine.
inspect_on() {
  lookout_on "$1" models inspect --json --engine tfjs "$data/models/$2.tflite" | node -e '
    const { usable, sha256, layout, inputs, outputs, labels, operators } = JSON.parse(fs.readFileSync(0));
    assert.equal(usable, true);
    console.log(JSON.stringify({ sha256, layout, inputs, outputs, labels, operators }, null, 1));'
}
inspects_as_here() {
  inspect_on here "$2" >"$run/here.json" && inspect_on "$1" "$2" >"$run/there.json" &&
    diff "$run/here.json" "$run/there.json"
}

# detect_on BOARD ENGINE MODEL PICTURE…
detect_on() {
  lookout_on "$1" detect --json --threshold 0.3 --engine "$2" --threads 1 \
    --model "$data/models/$3.tflite" "${@:4}"
}
# detects_as_here BOARD ENGINE MODEL PICTURE…
detects_as_here() {
  local pictures=("${@:4}")
  pictures=("${pictures[@]/#/$data/images/}")
  detect_on here "${@:2:2}" "${pictures[@]}" >"$run/here.json" &&
    detect_on "$1" "${@:2:2}" "${pictures[@]}" >"$run/there.json" &&
    node dist/test/fixtures/detections-agree.js "$run/here.json" "$run/there.json"
}

classic_ssd=(ssd_mobilenet_v1_coco_quant_metadata cat.bmp pets.jpg ncs_car_bicycle.jpg)
mobiledet=(ssdlite_mobiledet_dog_vs_cat_quant cat.bmp pets.jpg cats_and_dogs.jpg)

check "Node.js $(node --version) for arm64 is there" boards_fetch_node "$run"
board_create "$run" pi4 cortex-a72 4096 0xd08 'fp asimd evtstrm crc32 cpuid'
board_create "$run" pi5 cortex-a76 16384 0xd0b \
  'fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp'
check 'the checkout is copied' copy_checkout
check 'npm ci: compiles and links for arm64, our C without a warning' install_on pi4
[ $failures = 0 ] || exit 1

for board in pi4 pi5; do
  check "$board: unit tests of what depends on the processor" pass_tests_on $board
  check "$board: models inspect says what it says here" inspects_as_here $board "${classic_ssd[0]}"
  for engine in tfjs; do
    check "$board: the classic SSD on $engine finds what it finds here" \
      detects_as_here $board $engine "${classic_ssd[@]}"
    sed 's/^/     /' "$run/output"
    check "$board: MobileDet on $engine finds what it finds here" \
      detects_as_here $board $engine "${mobiledet[@]}"
    sed 's/^/     /' "$run/output"
  done
done

echo "--- $failures failed"
[ $failures = 0 ]
