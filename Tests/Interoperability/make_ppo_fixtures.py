"""Writes Tests/AgentsTests/Fixtures/ppo.json: what rlax and PyTorch say of random rollouts and actors.

Usage: python make_ppo_fixtures.py     (rlax 0.1.9, jax 0.10.2, torch 2.13.0, numpy 2.4.6)

- trajectories: rlax.truncated_generalized_advantage_estimation of each by itself; the last value is the bootstrap of a
  cut one, and the last discount is 0 where it is terminated.
- surrogate: rlax.clipped_surrogate_pg_loss.
- actors: -mean(min(ratio A, clip(ratio) A)) - bonus * mean(entropy) and its derivatives by autograd, with categorical
  distributions over the permitted options alone and normal ones for real numbers, by torch.distributions.
"""

import json
from pathlib import Path

import jax
import numpy as np
import rlax
import torch

jax.config.update("jax_enable_x64", False)
random = np.random.default_rng(11)
torch.set_default_dtype(torch.float64)


def floats(array):
    return [float(x) for x in np.asarray(array, dtype=np.float32).ravel()]


def trajectory(steps, terminated, discount, decay):
    rewards = random.standard_normal(steps).astype(np.float32)
    values = random.standard_normal(steps + 1).astype(np.float32)
    discounts = np.full(steps, discount, dtype=np.float32)
    if terminated:
        discounts[-1] = 0
    advantages = rlax.truncated_generalized_advantage_estimation(rewards, discounts, decay, values)
    return {"terminated": terminated, "rewards": floats(rewards), "values": floats(values),
            "advantages": floats(advantages)}


def surrogate(epsilon):
    ratios = np.exp(0.4 * random.standard_normal(16)).astype(np.float32)
    advantages = random.standard_normal(16).astype(np.float32)
    loss = rlax.clipped_surrogate_pg_loss(ratios, advantages, epsilon)
    gradient = jax.grad(lambda r: rlax.clipped_surrogate_pg_loss(r, advantages, epsilon))(ratios)
    # With respect to the logarithm of the ratio.
    return {"epsilon": epsilon, "ratios": floats(ratios), "advantages": floats(advantages), "loss": float(loss),
            "gradient": floats(gradient * ratios)}


def actor(choices, numbers, rows, epsilon, bonus):
    logit_count = sum(choices)
    outputs = torch.tensor(np.float32(1.5 * random.standard_normal((rows, logit_count + numbers))), dtype=torch.float64,
                           requires_grad=True)
    deviations = torch.tensor(np.float32(0.5 * random.standard_normal(numbers)), dtype=torch.float64, requires_grad=True)
    mask = random.random((rows, logit_count)) < 0.6
    integers = np.zeros((rows, len(choices)), dtype=int)
    drawn = np.float32(outputs.detach().numpy()[:, logit_count:] + random.standard_normal((rows, numbers)))
    advantages = random.standard_normal(rows).astype(np.float32)
    logs, entropies = [], []
    for row in range(rows):
        log, entropy, start = torch.zeros(()), torch.zeros(()), 0
        for choice, options in enumerate(choices):
            # At least one option is permitted, and a permitted one was taken.
            mask[row, start + random.integers(options)] = True
            permitted = np.flatnonzero(mask[row, start:start + options])
            integers[row, choice] = random.choice(permitted)
            categorical = torch.distributions.Categorical(logits=outputs[row, start + permitted])
            log = log + categorical.log_prob(torch.tensor(int(np.flatnonzero(permitted == integers[row, choice])[0])))
            entropy = entropy + categorical.entropy()
            start += options
        if numbers:
            normal = torch.distributions.Normal(outputs[row, logit_count:], deviations.exp())
            log = log + normal.log_prob(torch.tensor(drawn[row], dtype=torch.float64)).sum()
            entropy = entropy + normal.entropy().sum()
        logs.append(log)
        entropies.append(entropy)
    logs, entropies = torch.stack(logs), torch.stack(entropies)
    before = np.float32(logs.detach().numpy() - 0.3 * random.standard_normal(rows))
    ratio = (logs - torch.tensor(before, dtype=torch.float64)).exp()
    weights = torch.tensor(advantages, dtype=torch.float64)
    objective = torch.minimum(ratio * weights, ratio.clamp(1 - epsilon, 1 + epsilon) * weights)
    loss = -objective.mean() - bonus * entropies.mean()
    loss.backward()
    return {"choices": choices, "numbers": numbers, "rows": rows, "epsilon": epsilon, "bonus": bonus,
            "outputs": floats(outputs.detach()), "log_deviations": floats(deviations.detach()),
            "mask": [bool(x) for x in mask.ravel()], "integers": [int(x) for x in integers.ravel()],
            "drawn": floats(drawn), "advantages": floats(advantages), "before": floats(before),
            "log_probabilities": floats(logs.detach()), "entropies": floats(entropies.detach()), "loss": loss.item(),
            "gradient": floats(outputs.grad),
            "deviation_gradient": floats(deviations.grad if numbers else np.zeros(0))}


discount, decay = 0.97, 0.9
fixture = {
    "discount": discount, "decay": decay,
    "trajectories": [trajectory(steps, terminated, discount, decay)
                     for steps, terminated in [(7, True), (5, False), (1, True), (1, False), (10, False), (12, False)]],
    "surrogates": [surrogate(0.1), surrogate(0.3)],
    "actors": [actor([5], 0, 8, 0.2, 0.01), actor([2, 3], 0, 8, 0.2, 0.1), actor([], 2, 8, 0.2, 0.05),
               actor([4], 3, 8, 0.1, 0.02)],
}
folder = Path(__file__).parent.parent / "AgentsTests" / "Fixtures"
(folder / "ppo.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
