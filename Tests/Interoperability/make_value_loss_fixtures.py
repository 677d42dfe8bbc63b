"""Writes Tests/AgentsTests/Fixtures/value-losses.json: what rlax says of random transitions.

Usage: python make_value_loss_fixtures.py     (rlax 0.1.9, jax 0.10.2, numpy 2.4.6)

For each row: q_learning and double_q_learning (their errors), categorical_q_learning and
categorical_double_q_learning (cross-entropy), quantile_q_learning (quantile Huber loss, threshold 1, plain and double).
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import rlax

ACTIONS, ATOMS, QUANTILES, ROWS = 4, 11, 7, 6
jax.config.update("jax_enable_x64", False)


def floats(array):
    return [float(x) for x in np.asarray(array, dtype=np.float32).ravel()]


def row(random):
    f = lambda *shape: random.standard_normal(shape).astype(np.float32)
    action = int(random.integers(ACTIONS))
    reward, discount = np.float32(random.normal()), np.float32(random.choice([0.0, 0.9, 0.99**3]))
    q, target, selector = f(ACTIONS), f(ACTIONS), f(ACTIONS)
    atoms = np.linspace(-2, 2, ATOMS).astype(np.float32)
    logits, target_logits, selector_logits = f(ACTIONS, ATOMS), f(ACTIONS, ATOMS), f(ACTIONS, ATOMS)
    expectation = lambda l: jax.nn.softmax(jnp.asarray(l)) @ atoms
    quantiles, target_quantiles, selector_quantiles = f(QUANTILES, ACTIONS), f(QUANTILES, ACTIONS), f(QUANTILES, ACTIONS)
    tau = ((np.arange(QUANTILES) + 0.5) / QUANTILES).astype(np.float32)
    quantile = lambda selector: rlax.quantile_q_learning(
        quantiles, tau, action, reward, discount, selector, target_quantiles, 1.0)
    return {
        "action": action, "reward": float(reward), "discount": float(discount),
        "q": floats(q), "target_q": floats(target), "selector_q": floats(selector),
        "q_error": float(rlax.q_learning(q, action, reward, discount, target)),
        "double_q_error": float(rlax.double_q_learning(q, action, reward, discount, target, selector)),
        "logits": floats(logits), "target_logits": floats(target_logits), "selector_logits": floats(selector_logits),
        "categorical_loss": float(rlax.categorical_q_learning(
            atoms, logits, action, reward, discount, atoms, target_logits)),
        "double_categorical_loss": float(rlax.categorical_double_q_learning(
            atoms, logits, action, reward, discount, atoms, target_logits, expectation(selector_logits))),
        # Ours are option-major: the quantiles of an action lie together.
        "quantiles": floats(quantiles.T), "target_quantiles": floats(target_quantiles.T),
        "selector_quantiles": floats(selector_quantiles.T),
        "quantile_loss": float(quantile(target_quantiles)),
        "double_quantile_loss": float(quantile(selector_quantiles)),
    }


random = np.random.default_rng(7)
fixture = {"actions": ACTIONS, "atoms": ATOMS, "minimum": -2, "maximum": 2, "quantiles": QUANTILES,
           "rows": [row(random) for _ in range(ROWS)]}
folder = Path(__file__).parent.parent / "AgentsTests" / "Fixtures"
folder.mkdir(exist_ok=True)
(folder / "value-losses.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
