"""Writes the fixtures of Tests/ReinforcementLearningTests/Fixtures.

Usage: python make_replay_fixtures.py     (rlax 0.1.9, cpprb 11)

n-step.json: returns with their bootstrap by rlax.n_step_bootstrapped_returns, for trajectories that terminate in
between and are cut at the end. priorities.json: importance weights by cpprb.PrioritizedReplayBuffer.
"""

import json
from importlib.metadata import version
from pathlib import Path

import jax
import numpy as np
import rlax
from cpprb import PrioritizedReplayBuffer

jax.config.update("jax_enable_x64", True)
FIXTURES = Path(__file__).resolve().parent.parent / "ReinforcementLearningTests" / "Fixtures"


def write(name, origin, cases):
    FIXTURES.mkdir(exist_ok=True)
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps({"origin": f"{origin} {version(origin)}", "cases": cases}) + "\n")
    print(path.name, path.stat().st_size)


def returns(n, discount, generator):
    steps = 30
    rewards = generator.normal(size=steps)
    values = generator.normal(size=steps)
    terminated = (generator.random(steps) < 0.15).astype(float)
    # rlax's discount of a step is 0 where the step terminates; past the end it takes the last value.
    result = rlax.n_step_bootstrapped_returns(rewards, discount * (1 - terminated), values, n)
    return {
        "n": n, "discount": discount, "rewards": rewards.tolist(), "nextValues": values.tolist(),
        "terminated": terminated.tolist(), "returns": np.asarray(result).tolist(),
    }


def priorities(exponent, floor, beta, generator):
    buffer = PrioritizedReplayBuffer(64, {"row": {"dtype": np.int64}}, alpha=exponent, eps=floor)
    errors = generator.exponential(size=50).astype(np.float32)
    for row in range(len(errors)):
        buffer.add(row=row)
    buffer.update_priorities(np.arange(len(errors)), errors.astype(np.float64))
    sample = buffer.sample(512, beta=beta)
    first = {int(i): float(w) for i, w in zip(sample["indexes"], sample["weights"])}
    rows = sorted(first)
    return {
        "exponent": exponent, "floor": floor, "beta": beta, "errors": errors.tolist(), "rows": rows,
        "weights": [first[row] for row in rows],
    }


write("n-step", "rlax", [returns(n, d, np.random.default_rng(n)) for n in range(1, 6) for d in (0.9, 1.0)])
write("priorities", "cpprb", [
    priorities(a, e, b, np.random.default_rng(seed))
    for seed, (a, e, b) in enumerate([(0.6, 1e-3, 0.4), (0.6, 1e-4, 1.0), (1.0, 1e-2, 0.5), (0.3, 1e-6, 0.7)])
])
