#!/usr/bin/env bash
# Everything that Python peers check: h5py, onnx, ONNX Runtime, mpe2, gymnasium, PettingZoo, and a recomputed rollout.
#   run.sh EDGEWISE PYTHON
set -euo pipefail
cd "$(dirname "$0")/../.."
edgewise=$1
python=$(realpath -s "$2")
here=Tests/Interoperability
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

train() { # NAME SETTING…
  local name=$1
  shift
  "$edgewise" train Experiments/trace-offloading-dqn --seed 1 --quiet --output "$work/$name" \
    --set training.steps=600 --set algorithm.warmup_steps=100 --set selection.every_steps=300 \
    --set selection.episodes=1 --set selection.final_episodes=2 "$@" >/dev/null
}

check() { # NAME
  "$edgewise" export "$work/$1/seed-1/best.h5" --output "$work/$1/bundle" 2>/dev/null
  "$python" $here/check_checkpoint.py "$work/$1/seed-1/last.h5"
  "$python" $here/check_checkpoint.py "$work/$1/seed-1/best.h5"
  "$python" $here/check_bundle.py "$work/$1/bundle" "$work/$1/seed-1/best.h5"
}

trained() { # NAME EXPERIMENT SETTING…
  local name=$1 experiment=$2
  shift 2
  "$edgewise" train "Experiments/$experiment" --seed 1 --quiet --output "$work/$name" \
    --set training.steps=1500 --set selection.every_steps=500 --set selection.episodes=1 \
    --set selection.final_episodes=0 "$@" >/dev/null
  check "$name"
}

member() { # NAME EXPERIMENT SETTING…
  trained "$@" --set algorithm.warmup_steps=200
}

# Every scenario from Python, through the library that stands beside the tool.
EDGEWISE_LIBRARY=$(realpath "$(dirname "$edgewise")/libEdgewiseEnvironments.so")
export EDGEWISE_LIBRARY
"$python" $here/check_stepping.py "$(realpath "$edgewise")"
"$python" $here/check_gymnasium.py
"$python" $here/check_pettingzoo.py

# The same library from C and from C++.
built=$(dirname "$EDGEWISE_LIBRARY")
for language in c c++; do
  clang -x $language -Wall -Wextra -Werror -I Sources/CEnvironmentInterface $here/step_worlds.c \
    -L "$built" -lEdgewiseEnvironments -Wl,-rpath,"$built" -Wl,--allow-shlib-undefined -o "$work/step_worlds"
  "$work/step_worlds" Environments/classic-control/CartPole-v1.yaml
done

# Every algorithm as it is trained, not only as a sample.
member c51 CartPole-v1-c51
member quantiles CartPole-v1-qr-dqn --set algorithm.network.layer_norm=true --set algorithm.network.activation=silu
member rainbow CartPole-v1-rainbow
member levels Pendulum-v1-dqn
member recurrent CartPole-v1-positions-dqn
member vdn simple_spread-vdn --set algorithm.parameters=shared --set algorithm.dueling=true
member qmix simple_spread-qmix
member maddpg simple_spread-maddpg --set algorithm.batch_size=64
member matd3 simple_speaker_listener-matd3 --set algorithm.batch_size=64 --set algorithm.normalization=running
member numbers simple_spread-continuous-maddpg --set algorithm.parameters=shared --set algorithm.random_steps=100
member td3 Pendulum-v1-td3
member both highway-offloading-hybrid-maddpg --set training.steps=500 --set selection.every_steps=250
trained mappo simple_speaker_listener-mappo
trained ippo simple_spread-mappo --set algorithm.name=ippo --set scenario.continuous=true \
  --set algorithm.initial_deviation=0.5 --set algorithm.parameters=individual
member running CartPole-v1-dqn --set algorithm.normalization=running --set algorithm.dueling=true

train shared
check shared
train individual --set algorithm.parameters=individual --set scenario.mobility.slots=3 --set algorithm.network.activation=tanh
check individual

# Rollouts recomputed, one a rule, on both scenarios, with discrete and with hybrid actions.
for scenario in trace-offloading highway-offloading trace-offloading-hybrid highway-offloading-hybrid; do
  "$python" - "Environments/vehicular/$scenario.yaml" >"$work/$scenario.json" <<'PY'
import json, sys, yaml
class Loader(yaml.SafeLoader):
    pass
def real(loader, node):
    return float(node.value.replace("_", ""))
import re
Loader.add_implicit_resolver("!real", re.compile(r"^[0-9][0-9_]*(\.[0-9]*)?([eE][-+]?[0-9]+)?$"), list("0123456789"))
Loader.add_constructor("!real", real)
scenario = yaml.load(open(sys.argv[1]), Loader)
scenario["units"]["servers"] = int(scenario["units"]["servers"])
scenario["cloud"]["servers"] = int(scenario["cloud"]["servers"])
json.dump(scenario, sys.stdout)
PY
  rules="random local local-dvfs edge cloud greedy"
  [[ $scenario == *-hybrid ]] && rules="random cloud greedy-cost"
  for rule in $rules; do
    total=$("$edgewise" rollout --scenario "vehicular/$scenario" --policy $rule --seed 3 --output "$work/$rule.csv" 2>&1 |
      sed -n 's/.*return //p')
    "$python" $here/check_rollout.py "$work/$rule.csv" "$work/$scenario.json" "$total"
  done
done

# Our own answers to 10,000 observations, written by the Swift tests, against ONNX Runtime.
answers=${EDGEWISE_INTEROP_DIR:-.build/interoperability}
if [ ! -d "$answers" ]; then
  echo "error: $answers is missing; run make swift-tests first, which writes it" >&2
  exit 1
fi
"$python" $here/check_answers.py "$answers"

# Our particle worlds, played by the Swift tests, replayed in mpe2.
"$python" $here/check_particles.py "$answers/particles"

# Our optima and bounds of schedules and servers, against HiGHS.
"$python" $here/check_programs.py "$answers/programs"

# Their checkpoint and bundle have every kind of layer, head, action and memory.
"$python" $here/check_checkpoint.py "$answers/policy.h5"
"$python" $here/check_bundle.py "$answers/bundle" "$answers/policy.h5"

# Federated training over the processes of an MPI job, where there is MPI.
$here/mpi.sh "$edgewise"
echo "interoperability: everything agrees"
