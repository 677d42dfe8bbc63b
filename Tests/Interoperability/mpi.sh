#!/usr/bin/env bash
# Federated training over the processes of an MPI job: every byte as in one process, for any number of processes, also
# after one of them was killed.
#   mpi.sh EDGEWISE [CHECK]       the tool and MessagePassingCheck, built with --traits MPI
set -euo pipefail
cd "$(dirname "$0")/../.."
edgewise=$(realpath "$1")
check=$(realpath "${2:-$(dirname "$edgewise")/MessagePassingCheck}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() { echo "MPI IS NOT TESTED: $1"; exit 0; }
command -v mpirun >/dev/null || skip "there is no mpirun (Debian: openmpi-bin libopenmpi-dev)"
mpirun --version 2>/dev/null | grep -q 'Open MPI' || skip "mpirun is not Open MPI's"
ldd "$edgewise" | grep -q libmpi || skip "$edgewise was built without --traits MPI"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OPENBLAS_NUM_THREADS=1
launch() { mpirun --oversubscribe --bind-to none "$@"; }
fail() { echo "error: $1" >&2; shift; for file in "$@"; do sed 's/^/  /' "$file" >&2; done; exit 1; }

# expect CODE TEXT COMMAND…: ends with the code and says the text.
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$@" >"$work/said" 2>&1 || got=$?
  [ "$got" = "$code" ] || fail "$* ended with $got, not $code" "$work/said"
  grep -q -- "$text" "$work/said" || fail "$* did not say '$text'" "$work/said"
}

echo "== the C file with the library and without"
for define in -UEDGEWISE_MPI -DEDGEWISE_MPI; do
  clang -Wall -Wextra -Werror -fsyntax-only $define $(pkg-config --cflags ompi-c) -I Sources/CMPIShim/include \
    Sources/CMPIShim/message_passing.c
done

echo "== messages of many lengths, whole and in small parts"
for processes in 1 2 4; do
  expect 0 "$processes processes: every byte arrived" launch -n $processes "$check" exchange
  expect 0 "$processes processes: every byte arrived" launch -n $processes "$check" exchange 1000
done
expect 0 'every byte arrived' launch --mca btl tcp,self -n 2 "$check" exchange
[ "${EDGEWISE_MPI_LARGE:-}" ] && expect 0 'every byte arrived' launch -n 2 "$check" large 2200000000

echo "== processes that cannot work together"
expect 66 'process 2 of 3: x.yaml: no such file' launch -n 3 "$check" refuse
expect 64 'process 2 of 3 is about to do something else' launch -n 3 "$check" mismatch

# A federation of five unlike clients, of whom four take part in a round, some work less, and some updates are lost.
# experiment NAME LINES-OF-FEDERATION
experiment() {
  mkdir -p "$work/$1"
  cat >"$work/$1/experiment.yaml" <<YAML
description: sites that balance poles
scenario: $PWD/Environments/classic-control/CartPole-v1.yaml
seeds: [0]
algorithm:
  name: dqn
  double: true
  learning_rate: 1e-3
  batch_size: 32
  replay: {capacity: 2000}
  warmup_steps: 50
  discount: 0.99
  train_every_steps: 1
  updates: 1
  target: {update: polyak, tau: 0.01}
  exploration: {initial: 1.0, final: 0.05, fraction: 0.3}
  network: {hidden: [32, 32], activation: relu}
  loss: huber
  gradient_clip: 10
  parameters: shared
  normalization: running
training: {log_every_steps: 100, checkpoint_every_steps: 250}
selection: {every_steps: 600, episodes: 2, final_episodes: 2}
federation:
  local_steps: 200
  clients: [{name: first}, {name: second}, {name: third}, {name: fourth}, {name: fifth}]
  share: both
$2
YAML
}

experiment merged "  rounds: 12
  rule: {name: fedavg}
  targets: merge
  moments: merge
  weights: samples
  sampling: {clients: 4}
  stragglers: {share: 0.3, work: 0.5}
  dropouts: 0.1"
experiment edges "  rounds: 6
  rule: {name: fedavg}
  targets: copy
  moments: reset
  weights: equal
  edges:
    cloud_every_rounds: 3
    groups: [{clients: [first, fourth]}, {clients: [second, third, fifth]}]"
experiment own "  rounds: 4
  rule: {name: independent}
  targets: keep
  moments: keep
  weights: equal"
experiment compressed "  rounds: 6
  rule: {name: fedavg}
  targets: copy
  moments: keep
  weights: samples
  compression: {up: {name: top-k, fraction: 0.1}, down: {name: quantized, bits: 8}}"
experiment secret "  rounds: 6
  rule: {name: fedavg}
  targets: copy
  moments: keep
  weights: equal
  dropouts: 0.2
  privacy: {place: central, clip: 0.5, noise_multiplier: 0.1, delta: 1e-5}
  secure_aggregation: {threshold: 0.51}"
experiment long "  rounds: 90
  rule: {name: fedavg}
  targets: copy
  moments: reset
  weights: samples"

train() { # EXPERIMENT OUTPUT ARGUMENT…
  local experiment=$1 output=$2
  shift 2
  "$edgewise" train "$work/$experiment/experiment.yaml" --quiet --output "$work/$output" "$@"
}
over() { # PROCESSES EXPERIMENT OUTPUT ARGUMENT…
  local processes=$1 experiment=$2 output=$3
  shift 3
  launch -n "$processes" "$edgewise" train "$work/$experiment/experiment.yaml" --quiet --output "$work/$output" "$@"
}
same() { # OUTPUT OUTPUT
  diff -r "$work/$1" "$work/$2" >"$work/said" || fail "$1 and $2 differ" "$work/said"
}

for experiment in merged edges own compressed secret; do
  echo "== $experiment: the bytes of one process, in 1, 2 and 4"
  train $experiment $experiment-whole >/dev/null
  for processes in 1 2 4; do
    expect 0 'seed 0: best return' over $processes $experiment $experiment-$processes
    same $experiment-whole $experiment-$processes
  done
done

echo "== what a person may do wrong"
expect 64 'has no federation' launch -n 2 "$edgewise" train Experiments/CartPole-v1-dqn --output "$work/none"
expect 64 '6 processes for 5 learners' over 6 merged none
expect 66 'no such' launch -n 2 "$edgewise" train Experiments/no-such --output "$work/none"
expect 64 'process 1 of 2 is about to do something else' launch \
  -n 1 "$edgewise" train "$work/merged/experiment.yaml" --output "$work/none" : \
  -n 1 "$edgewise" train "$work/edges/experiment.yaml" --output "$work/none"
[ "$(grep -c '^error' "$work/said")" = 1 ] || fail 'more than one process said so' "$work/said"
expect 73 'holds a run already' over 2 merged merged-whole
mkdir "$work/here" "$work/there"
expect 73 '^error: process 1 of 2: none/seed-0 is another folder here' launch \
  -n 1 --wdir "$work/here" "$edgewise" train "$work/merged/experiment.yaml" --root "$PWD" --output none : \
  -n 1 --wdir "$work/there" "$edgewise" train "$work/merged/experiment.yaml" --root "$PWD" --output none
mkdir -p "$work/hindered/seed-0/clients"
touch "$work/hindered/seed-0/clients/third"
expect 73 '^error: process 2 of 3: cannot make the folder' over 3 merged hindered

# The number of the process that a launcher started with a number.
rank() { # LAUNCHER RANK
  local child
  for child in $(pgrep -P "$1"); do
    tr '\0' '\n' <"/proc/$child/environ" | grep -qx "OMPI_COMM_WORLD_RANK=$2" && echo "$child"
  done
}
# Starts four processes beside this script.
begin() { # OUTPUT
  mpirun --oversubscribe --bind-to none -n 4 "$edgewise" train "$work/long/experiment.yaml" --quiet \
    --output "$work/$1" >"$work/said" 2>&1 &
  launcher=$!
}
begun() { # OUTPUT
  for ((try = 0; try < 600; try++)); do
    [ -e "$work/$1/seed-0/last.h5" ] && sleep 0.1 && return
    sleep 0.05
  done
  fail "$1 has not begun" "$work/said"
}

train long long-whole >/dev/null
for victim in 2 0; do
  echo "== process $victim of 4 is killed; the run goes on in two processes, and in one"
  begin killed-$victim
  begun killed-$victim
  kill -KILL "$(rank $launcher $victim)"
  wait $launcher && fail "a run without process $victim ended well" "$work/said"
  speaker=$((victim == 0))
  grep -q "^error: stopped while process $speaker of 4 waited for process $victim; continue with --resume" \
    "$work/said" || fail "nobody said what happened" "$work/said"
  "$edgewise" inspect "$work/killed-$victim/seed-0/last.h5" >/dev/null || fail "no checkpoint" "$work/said"
  cp -r "$work/killed-$victim" "$work/goes-on-$victim"
  expect 0 'seed 0: best return' over 2 long killed-$victim --resume
  same long-whole killed-$victim
  expect 0 'seed 0: best return' train long goes-on-$victim --resume
  same long-whole goes-on-$victim
done

echo "== the launcher is asked to stop; the run goes on inside its round"
begin stopped
begun stopped
kill -TERM $launcher
wait $launcher && fail "a run that was stopped ended well" "$work/said"
[ "$(grep -c '^error: interrupted at step' "$work/said")" = 1 ] || fail "not one process said so" "$work/said"
expect 0 'seed 0: best return' over 4 long stopped --resume
same long-whole stopped
echo "mpi: the bytes agree"
