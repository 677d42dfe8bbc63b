"""Every scenario as gymnasium sees it: check_env, and our VectorEnv beside gymnasium's own vectorisation.

Usage: python check_gymnasium.py
"""

import functools
import warnings

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv

from reporting import conclude, ok, require
from scenarios import FILES

import edgewise


def with_one_agent():
    """What can be one agent, as (scenario, settings): scenarios with one agent, and all others centrally controlled."""
    found, refused = [], []
    for file in FILES:
        worlds = edgewise.Worlds(file)
        if worlds.agents == 1:
            found.append((file, {}))
        elif not (any(group.choices.size for group in worlds.groups) and any(group.numbers.size for group in worlds.groups)):
            found.append((file, {"control": "central"}))
        else:
            refused.append(file)
    for file in refused:
        for settings in ({"control": "central"}, {}):
            try:
                edgewise.make(file, **settings)
            except edgewise.EdgewiseError as error:
                require("control" in str(error), f"{file} {settings}: {error}")
            else:
                require(False, f"{file} {settings} was made, with choices and numbers of many agents in one")
    return found


def check_one(file, settings):
    check_env(edgewise.make(file, **settings))
    check_env(edgewise.make(file, records=True, **settings))
    env = edgewise.make(file, **settings)
    env.action_space.seed(5)
    observation, info = env.reset(seed=5)
    bound = env.return_bound()
    is_over, total, steps = False, 0.0, 0
    while not is_over and steps < 1200:
        require(observation in env.observation_space, f"{file}, step {steps}: an observation outside its space")
        action = env.action_space.sample(info.get("action_mask"))
        require(action in env.action_space, f"{file}: a sampled action outside its space")
        observation, reward, terminated, truncated, info = env.step(action)
        require("forbidden_choices" not in info, f"{file}, step {steps}: a permitted action was called forbidden")
        require(type(reward) is float and type(terminated) is bool, f"{file}: types of a step")
        is_over, total, steps = terminated or truncated, total + reward, steps + 1
    if is_over:
        require("metrics" in info, f"{file}: no metrics at the end")
        require(bound is None or total <= bound + 1e-9 * max(1, abs(bound)), f"{file}: {total} passes the bound {bound}")
        try:
            env.step(action)
        except edgewise.EdgewiseError as error:
            require("reset it first" in str(error), str(error))
        else:
            require(False, f"{file}: an ended episode was stepped on")


def same(a, b):
    return np.array_equal(np.asarray(a), np.asarray(b))


def check_vector(file, settings):
    """Our SAME_STEP against gymnasium's loop over our own single environments, bit for bit."""
    seeds = [3, 14, 15]
    ours = edgewise.make_vec(file, 3, **settings)
    theirs = SyncVectorEnv(
        [lambda: edgewise.make(file, **settings)] * 3, autoreset_mode=AutoresetMode.SAME_STEP, copy=True)
    require(ours.metadata["autoreset_mode"] == AutoresetMode.SAME_STEP, f"{file}: the mode is not declared")
    require(ours.observation_space == theirs.observation_space, f"{file}: batched observation spaces differ")
    require(ours.action_space == theirs.action_space, f"{file}: batched action spaces differ")
    first, _ = ours.reset(seed=seeds)
    other, _ = theirs.reset(seed=seeds)
    require(same(first, other), f"{file}: first observations differ")
    ours.action_space.seed(1)
    ended = 0
    for step in range(230):
        actions = ours.action_space.sample()
        a, b = ours.step(actions), theirs.step(actions)
        for name, one, two in zip(("observations", "rewards", "terminated", "truncated"), a, b):
            require(same(one, two), f"{file}, step {step}: {name} differ")
        require(("_final_obs" in a[4]) == ("_final_obs" in b[4]), f"{file}, step {step}: only one has final_obs")
        if "_final_obs" in a[4]:
            rows = np.flatnonzero(a[4]["_final_obs"])
            ended += len(rows)
            require(same(a[4]["_final_obs"], b[4]["_final_obs"]), f"{file}, step {step}: ends differ")
            for row in rows:
                require(same(a[4]["final_obs"][row], b[4]["final_obs"][row]), f"{file}, step {step}: final_obs differ")
                require(not same(a[4]["final_obs"][row], a[0][row]), f"{file}, step {step}: final_obs is the reset one")
        if ended > 6:
            break
    return ended


def check_modes():
    cart = "classic-control/CartPole-v1"
    envs = edgewise.make_vec(cart, 4, autoreset_mode=AutoresetMode.DISABLED)
    require(envs.metadata["autoreset_mode"] == AutoresetMode.DISABLED, "the mode is not declared")
    envs.reset(seed=1)
    over = np.zeros(4, bool)
    while not over.any():
        observations, _, terminated, truncated, _ = envs.step(np.ones(4, np.int64))
        over = terminated | truncated
    after, _ = envs.reset(options={"reset_mask": over})
    require(np.array_equal(after[~over], observations[~over]), "a masked reset touched the others")
    require((np.abs(after[over]) <= 0.05).all() and over.any(), "a masked reset did not reset")
    envs.step(np.ones(4, np.int64))
    try:
        edgewise.make_vec(cart, 2, autoreset_mode="NextStep")
    except edgewise.EdgewiseError as error:
        require("SAME_STEP" in str(error), str(error))
    else:
        require(False, "NEXT_STEP was taken")
    try:
        envs.step(np.full(4, 0.5))
    except TypeError:
        pass
    else:
        require(False, "half a choice was taken")
    wrapped = gymnasium.wrappers.vector.RecordEpisodeStatistics(edgewise.make_vec(cart, 8))
    wrapped.reset(seed=0)
    lengths = []
    for _ in range(300):
        infos = wrapped.step(wrapped.action_space.sample())[4]
        if "episode" in infos:
            lengths += infos["episode"]["l"][infos["_episode"]].tolist()
    require(len(lengths) > 40 and 10 < np.mean(lengths) < 40, f"random CartPole episodes of {np.mean(lengths)} steps")


def check_processes():
    """Worlds in processes of their own are the same worlds."""
    make = functools.partial(edgewise.make, "classic-control/CartPole-v1")
    apart = AsyncVectorEnv([make, make], autoreset_mode=AutoresetMode.SAME_STEP)
    together = edgewise.make_vec("classic-control/CartPole-v1", 2)
    first = apart.reset(seed=[4, 9])[0], together.reset(seed=[4, 9])[0]
    require(same(*first), "first observations in processes differ")
    for step in range(60):
        a, b = apart.step(np.full(2, step % 2)), together.step(np.full(2, step % 2))
        require(all(map(same, a[:4], b[:4])), f"step {step} in processes differs")
    apart.close()


def check_forbidden():
    """An action that the mask forbids idles, and says so."""
    env = edgewise.make("vehicular/trace-offloading", overrides={"mobility.slots": 1})
    require(isinstance(env.action_space, gymnasium.spaces.Discrete), "one vehicle has one choice")
    _, info = env.reset(seed=2)
    twin = edgewise.make("vehicular/trace-offloading", overrides={"mobility.slots": 1})
    twin.reset(seed=2)
    found = 0
    for _ in range(150):
        forbidden = np.flatnonzero(info["action_mask"] == 0)
        action = int(forbidden[-1]) if len(forbidden) else 0
        require(same(env.action_masks(), info["action_mask"]), "action_masks and info differ")
        a = env.step(action)
        b = twin.step(0)
        require(same(a[0], b[0]) and a[1:4] == b[1:4], "a forbidden action did not idle")
        require(a[4].get("forbidden_choices", 0) == (1 if len(forbidden) else 0), "a forbidden action was not counted")
        found += len(forbidden) > 0
        info = a[4]
        if a[2] or a[3]:
            _, info = env.reset()
            twin.reset()
    require(found > 20, f"only {found} steps forbade something")


def main():
    warnings.filterwarnings("ignore", message=".*(infinity|symmetric and normalized|values are equal).*")
    one_agent = with_one_agent()
    try:
        edgewise.make("classic-control/CartPole-v1").step(0.5)
    except TypeError:
        pass
    else:
        require(False, "half a choice was taken")
    for file, settings in one_agent:
        check_one(file, settings)
    ok(f"gymnasium's check_env and an episode in bounds on {len(one_agent)} scenarios with one agent or one for all")
    ended = sum(check_vector(file, settings) for file, settings in one_agent)
    require(ended > 20, f"only {ended} episodes ended")
    ok(f"VectorEnv as SyncVectorEnv with SAME_STEP, bit for bit, over {ended} ended episodes")
    check_modes()
    check_forbidden()
    check_processes()
    ok("autoreset modes, masked resets, forbidden actions, processes")


conclude(main)
