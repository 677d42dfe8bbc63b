"""Edgewise beside what its users would pick instead, by turns on one core, and the ratios.

Usage: python Benchmarks/peers.py WORK… [--edgewise .build/release/edgewise] [--peers ../shared/peers] [--rounds 5]
       WORK: update-large update-small cartpole-tuned cartpole-small decision stepping maddpg-update maddpg-spread
             td3-pendulum (all if none is given)

Python with gymnasium 1.3, jax 0.10 + optax, onnx + onnxruntime 1.32, stable-baselines3 2.9 and torch 2.13 (CPU build);
gcc with OpenBLAS. AgileRL 2.58 needs a Python of its own: --agilerl-python. RLtools has no script: --rltools names a
program that trains TD3 on Pendulum-v1 for 10,000 steps, built from its source. The peers' scripts define the work and are not part of this project; --peers says where they lie.
Each round measures the peer and Edgewise one after the other; the ratio is the median over the rounds, the spread is
the least and the greatest. Machines are shared: only the ratios count. OPENBLAS_CORETYPE is taken out of the
environment, so that both choose the kernels of the processor.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")}
ENVIRONMENT.update(OMP_NUM_THREADS="1", QUIET_BUDGET="0", XLA_FLAGS="--xla_cpu_multi_thread_eigen=false")
PIN = ["taskset", "-c", "0"]


def run(command, **more):
    result = subprocess.run(PIN + [str(part) for part in command], env={**ENVIRONMENT, **more}, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"error: {' '.join(map(str, command))} left with {result.returncode}: {result.stderr[-2000:]}")
    return result.stdout


class Bench:
    def __init__(self, options):
        self.edgewise = Path(options.edgewise).resolve()
        self.peers = Path(options.peers).resolve()
        self.seconds = options.seconds
        self.agilerl = options.agilerl_python
        self.rltools = options.rltools
        self.folder = Path(tempfile.mkdtemp())

    def script(self, name, *arguments, python=sys.executable):
        """The records that a peer's script writes: name -> median."""
        log = self.folder / "log.jsonl"
        log.unlink(missing_ok=True)
        run([python, self.peers / name, *arguments], PEERS_LOG=str(log))
        return {r["name"]: r["median"] for r in map(json.loads, log.read_text().splitlines())}

    def ours(self, suite, work):
        text = run([self.edgewise, "benchmark", suite, "--seconds", self.seconds, "--repeats", 3, "--format", "json"])
        rows = {row["work"]: row for row in json.loads(text)["rows"]}
        return rows[work]

    def reference(self):
        binary = self.folder / "reference"
        if not binary.exists():
            source = self.peers / "dqn_update_reference.c"
            run(["gcc", "-O3", "-march=native", "-ffast-math", "-o", binary, source, "-lopenblas", "-lm"])
        return run([binary, self.seconds, 3])

    def seconds_of(self, command):
        start = time.perf_counter()
        run(command)
        return time.perf_counter() - start

    def cpu_seconds_of(self, work, *arguments, **more):
        """Processor time, so that storage, which the peers do not write to, stays out of it."""
        before = os.times()
        work(*arguments, **more)
        after = os.times()
        return after.children_user - before.children_user + after.children_system - before.children_system

    def train(self, *settings, experiment="CartPole-v1-dqn"):
        arguments = [self.edgewise, "train", ROOT / "Experiments" / experiment, "--seed", 0, "--quiet", "--output",
                     self.folder / f"run-{time.monotonic_ns()}"]
        for setting in settings:
            arguments += ["--set", setting]
        return self.seconds_of(arguments)


# Each work gives, for one round, pairs of (peer, peer's figure, ours, whether more is better).


def update_large(b):
    ours = b.ours("networks", "double DQN update 32-256-256-16, batch 64")
    reference = float(b.reference().splitlines()[0].split("wall ")[1].split()[0])
    jax = b.script("dqn_update_jax.py", "--seconds", b.seconds, "--repeats", 3)
    torch = b.script("dqn_update_torch.py", "--seconds", b.seconds, "--repeats", 3, "--threads", 1)
    yield "C + OpenBLAS", reference, ours["median"], True
    yield "JAX jit", pick(jax, "jit DQN update b64"), ours["median"], True
    yield "JAX scan(32)", pick(jax, "scan(32) DQN update b64"), ours["median"], True
    yield "PyTorch", max(v for k, v in torch.items() if "b64" in k and "DQN" in k), ours["median"], True
    yield "bare products (time)", 1.0, ours["floor_ratio"], False


def update_small(b):
    ours = b.ours("networks", "double DQN update 4-64-64-2, batch 64")["median"]
    torch = b.script("dqn_update_torch.py", "--seconds", b.seconds, "--repeats", 3, "--threads", 1, "--obs", 4,
                     "--hidden", 64, "--actions", 2)
    for name, figure in torch.items():
        if "b64" in name and "DQN" in name:
            yield f"PyTorch: {name}", figure, ours, True


def cartpole_tuned(b):
    for double in ("false", "true"):
        ours = b.train("selection.every_steps=50000", "selection.episodes=1", "selection.final_episodes=0",
                       f"algorithm.double={double}")
        if double == "false":
            peer = [v for k, v in b.script("dqn_cartpole_sb3.py", "--mode", "zoo", "--seeds", 1).items() if k.endswith("wall")][0]
        yield f"Stable-Baselines3 (ours: double {double})", peer, ours, False


SMALL = """
import gymnasium, torch, stable_baselines3
torch.set_num_threads(1)
stable_baselines3.DQN("MlpPolicy", gymnasium.make("CartPole-v1"), seed=0, device="cpu", learning_rate=1e-3,
    batch_size=64, buffer_size=100_000, learning_starts=1000, gamma=0.99, target_update_interval=500, train_freq=1,
    gradient_steps=1, exploration_fraction=0.5, exploration_final_eps=0.05, policy_kwargs=dict(net_arch=[64, 64]),
).learn(10_000)
"""


def cartpole_small(b):
    ours = b.train(
        "training.steps=10000", "algorithm.network.hidden=[64, 64]", "algorithm.learning_rate=1e-3",
        "algorithm.train_every_steps=1", "algorithm.updates=1", "algorithm.target.every_steps=500",
        "algorithm.exploration={initial: 1.0, final: 0.05, fraction: 0.5}", "selection.every_steps=10000",
        "selection.episodes=1", "selection.final_episodes=0")
    yield "Stable-Baselines3, whole command", b.seconds_of([sys.executable, "-c", SMALL]), ours, False


def decision(b):
    peer = b.script("replay_io_and_onnxruntime.py", "--only", "ort", "--seconds", b.seconds)
    reference = b.reference().splitlines()
    for hidden in (64, 256):
        ours = b.ours("networks", f"decision 32-{hidden}-{hidden}-16, one row")["median"]
        bound = 1e6 / [v for k, v in peer.items() if f"32-{hidden}-{hidden}-16" in k and "iobinding" in k][0]
        plain = [line for line in reference if f"32-{hidden}-{hidden}-16" in line][0]
        yield f"ONNX Runtime io-binding, 32-{hidden}-{hidden}-16", bound, ours, False
        yield f"C sgemv, 32-{hidden}-{hidden}-16", float(plain.split("wall ")[1].split()[0]), ours, False


def stepping(b):
    peer = b.script("cartpole_stepping_gymnasium.py", "--seconds", b.seconds, "--repeats", 3)
    for count in (1_024, 16_384):
        ours = b.ours("environments", f"classic-control/CartPole-v1, {count} at once, 1 agent")["median"]
        yield f"gymnasium NumPy-vectorised, {count}", pick(peer, f"NumPy({count})"), ours, True


def maddpg_update(b):
    ours = b.ours("agents", "MADDPG update of 3 agents, shared batch")
    jax = b.script("maddpg_update_jax.py", "--seconds", b.seconds, "--repeats", 3)
    torch = b.script("maddpg_update_torch.py", "--seconds", b.seconds, "--repeats", 3)
    yield "JAX jit, shared batch, one core", pick(jax, "act=5"), ours["median"], True
    for name, figure in torch.items():
        yield f"PyTorch: {name}", figure, ours["median"], True
    yield "bare products (time)", 1.0, ours["floor_ratio"], False


def maddpg_spread(b):
    if not b.agilerl:
        sys.exit("error: maddpg-spread needs --agilerl-python, a Python that has agilerl 2.58")
    peer = b.script("maddpg_agilerl.py", "--seconds", b.seconds, "--repeats", 3, python=b.agilerl)
    best = max(v for k, v in peer.items() if "end-to-end" in k)
    for environments in (1, 8):
        ours = b.ours("learners", f"MADDPG on simple_spread, {environments} environments, batch 1,024 every 100 steps")
        yield f"AgileRL's best, ours with {environments} environments", best, ours["median"], True
    update = max(v for k, v in peer.items() if "learn()" in k and "cont=False" in k)
    yield "AgileRL learn()", update, b.ours("agents", "MADDPG update of 3 agents, shared batch")["median"], True


def td3_pendulum(b):
    ours = b.cpu_seconds_of(
        b.train, "training.steps=10000", "training.checkpoint_every_steps=10000", "algorithm.batch_size=100",
        "algorithm.warmup_steps=100", "algorithm.random_steps=100",
        "selection={every_steps: 10000, episodes: 1, final_episodes: 0}", experiment="Pendulum-v1-td3")
    if b.rltools:
        yield "RLtools, processor time", b.cpu_seconds_of(run, [b.rltools]), ours, False
    else:
        yield "RLtools as recorded, 1.85 s, another machine", 1.85, ours, False


def pick(records, part):
    return [v for k, v in records.items() if part in k][0]


WORKS = {"update-large": update_large, "update-small": update_small, "cartpole-tuned": cartpole_tuned,
         "cartpole-small": cartpole_small, "decision": decision, "stepping": stepping,
         "maddpg-update": maddpg_update, "maddpg-spread": maddpg_spread, "td3-pendulum": td3_pendulum}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("works", nargs="*", choices=[[], *WORKS], default=[])
    parser.add_argument("--edgewise", default=ROOT / ".build/release/edgewise")
    parser.add_argument("--peers", default=ROOT.parent / "shared/peers")
    parser.add_argument("--agilerl-python")
    parser.add_argument("--rltools")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5)
    options = parser.parse_args()
    bench = Bench(options)
    print(f"{'work':16} {'peer':52} {'peer':>12} {'edgewise':>12} {'ratio':>7}  spread", flush=True)
    for name in options.works or WORKS:
        rounds = {}
        for _ in range(options.rounds):
            for peer, theirs, ours, more in WORKS[name](bench):
                rounds.setdefault(peer, []).append((theirs, ours, ours / theirs if more else theirs / ours))
        for peer, figures in rounds.items():
            theirs, ours, ratio = (statistics.median(column) for column in zip(*figures))
            ratios = [figure[2] for figure in figures]
            print(f"{name:16} {peer:52.52} {theirs:12.5g} {ours:12.5g} {ratio:6.2f}x  {min(ratios):.2f} … {max(ratios):.2f}",
                  flush=True)


if __name__ == "__main__":
    main()
