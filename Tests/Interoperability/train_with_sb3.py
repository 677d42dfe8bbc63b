"""Stable-Baselines3's DQN learns in Edgewise's environments; not part of `make test`, as it takes minutes.

Usage: python train_with_sb3.py [cartpole] [vehicle]

Needs stable-baselines3 (2.9.2 was used). Training, the choice of the best policy and the final evaluation play
episodes whose seeds never meet; the final ones are those of `edgewise evaluate --seed 0`.

- cartpole: the hyperparameters of rl-baselines3-zoo, 50,000 steps. Level: a mean return of at least 475 over 100
  episodes, at which Gymnasium calls CartPole-v1 solved.
- vehicle: one vehicle of highway-offloading under central control, 60,000 steps. Level: at least 98 % of the way from
  `random` to the best of the rules `local`, `edge` and `greedy-cost`, on the same 100 episodes.
"""

import copy
import sys
import time

import gymnasium
import numpy as np
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback

from reporting import ok, require
from scenarios import step_return

import edgewise


def mean_return(env, choose, seed, episodes):
    returns = []
    for episode in range(episodes):
        observation, _ = env.reset(seed=seed) if episode == 0 else env.reset()
        total, is_over = 0.0, False
        while not is_over:
            observation, reward, terminated, truncated, _ = env.step(choose(observation))
            total, is_over = total + reward, terminated or truncated
        returns.append(total)
    return float(np.mean(returns)), float(np.std(returns, ddof=1))


def greedy(model):
    return lambda observation: int(model.predict(observation, deterministic=True)[0])


class KeepBest(BaseCallback):
    """Keeps the policy that earned most in 20 selection episodes."""

    def __init__(self, env, every):
        super().__init__()
        self.env, self.every, self.best, self.parameters = env, every, -np.inf, None

    def _on_step(self):
        if self.num_timesteps % self.every == 0:
            mean, _ = mean_return(self.env, greedy(self.model), 0, 20)
            if mean >= self.best:
                self.best, self.parameters = mean, copy.deepcopy(self.model.policy.state_dict())
        return True


def train(make, steps, **settings):
    start = time.perf_counter()
    model = DQN("MlpPolicy", make("training"), seed=1, verbose=0, **settings)
    keeper = KeepBest(make("selection"), steps // 20)
    model.learn(steps, callback=keeper)
    model.policy.load_state_dict(keeper.parameters)
    seconds = time.perf_counter() - start
    mean, sd = mean_return(make("evaluation"), greedy(model), 0, 100)
    return mean, sd, seconds


def rule_return(scenario, rule, episodes=100, **settings):
    worlds = edgewise.Worlds(scenario, seed=0, **settings)
    worlds.play(rule)
    total = 0.0
    for _ in range(episodes):
        worlds.reset()
        while not worlds.over[0]:
            worlds.act()
            worlds.step()
            total += step_return(worlds)
    return total / episodes


def cartpole():
    mean, sd, seconds = train(
        lambda purpose: edgewise.make("classic-control/CartPole-v1", purpose=purpose), 50_000, learning_rate=2.3e-3,
        batch_size=64, buffer_size=100_000, learning_starts=1000, gamma=0.99, target_update_interval=10,
        train_freq=256, gradient_steps=128, exploration_fraction=0.16, exploration_final_eps=0.04,
        policy_kwargs={"net_arch": [256, 256]})
    require(mean >= 475, f"CartPole-v1: {mean:.1f} (sd {sd:.1f}) after {seconds:.0f} s, less than 475")
    ok(f"CartPole-v1: SB3's DQN returns {mean:.1f} (sd {sd:.1f}) over 100 episodes after {seconds:.0f} s")


def vehicle():
    scenario = "vehicular/highway-offloading"
    settings = {"control": "central", "overrides": {"mobility.slots": 1}}

    def make(purpose):
        return gymnasium.wrappers.RescaleObservation(
            edgewise.make(scenario, purpose=purpose, **settings), np.float32(-1), np.float32(1))

    mean, sd, seconds = train(
        make, 60_000, learning_rate=5e-4, batch_size=64, buffer_size=60_000, learning_starts=2000, gamma=0.9,
        target_update_interval=500, train_freq=4, gradient_steps=2, exploration_fraction=0.3,
        exploration_final_eps=0.05, policy_kwargs={"net_arch": [128, 128]})
    rules = {rule: rule_return(scenario, rule, **settings) for rule in ("random", "local", "edge", "greedy-cost")}
    told = ", ".join(f"{rule} {value:.2f}" for rule, value in rules.items())
    score = (mean - rules["random"]) / (max(rules.values()) - rules["random"])
    result = f"{mean:.2f} (sd {sd:.2f}), {100 * score:.1f} % of the way, after {seconds:.0f} s; {told}"
    require(score >= 0.98, f"one vehicle: SB3's DQN returns {result}")
    ok(f"one vehicle: SB3's DQN returns {result}")


torch.set_num_threads(1)
for name in sys.argv[1:] or ["cartpole", "vehicle"]:
    {"cartpole": cartpole, "vehicle": vehicle}[name]()
