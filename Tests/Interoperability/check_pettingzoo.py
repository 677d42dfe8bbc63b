"""Every scenario as PettingZoo sees it.

Usage: python check_pettingzoo.py
"""

import contextlib
import io
import re
import warnings

import numpy as np
from pettingzoo.test import parallel_api_test, parallel_seed_test

from reporting import conclude, ok, require
from scenarios import FILES, ROOT, cycles, step_return

import edgewise


def check_tests(file):
    agents = edgewise.Worlds(file).agents
    with contextlib.redirect_stdout(io.StringIO()):
        parallel_api_test(edgewise.parallel_env(file), cycles(agents))
        parallel_seed_test(lambda: edgewise.parallel_env(file), cycles(agents))


def sampled(env, infos):
    return {agent: env.action_space(agent).sample(infos[agent].get("action_mask")) for agent in env.agents}


def check_episode(file, limit=None, **settings):
    """One episode: members of spaces, masks in both places, who is there, rewards that are the world's."""
    env = edgewise.parallel_env(file, records=True, **settings)
    observations, infos = env.reset(seed=3)
    for agent in env.possible_agents:
        env.action_space(agent).seed(hash(agent) % 1000)
    gone, came, steps = set(), 0, 0
    limit = limit or cycles(len(env.possible_agents))
    while env.agents and steps < limit:
        before = list(env.agents)
        for agent in before:
            require(observations[agent] in env.observation_space(agent), f"{file}: {agent} sees what is not in its space")
            if isinstance(observations[agent], dict):
                masks = observations[agent]["action_mask"], infos[agent]["action_mask"]
                require(np.array_equal(*masks) and masks[0].any(), f"{file}: masks of {agent}")
        observations, rewards, terminated, truncated, infos = env.step(sampled(env, infos))
        require(set(rewards) == set(before) | set(env.agents), f"{file}: who is told of the step")
        by_terms = [
            sum(term["weight"] * infos[agent]["reward_terms"][term["name"]]
                for term in env.worlds.description["reward_terms"])
            for agent in before if "reward_terms" in infos[agent]
        ]
        if by_terms:
            told = [rewards[agent] for agent in before]
            require(np.allclose(by_terms, told, rtol=1e-9, atol=1e-9), f"{file}: rewards are not their terms")
        mean = sum(rewards[agent] for agent in before) / len(before)
        require(abs(mean - step_return(env.worlds)) < 1e-9 * max(1, abs(mean)), f"{file}: rewards are not the world's")
        ended = {agent for agent in before if terminated[agent] or truncated[agent]}
        require(set(before) - ended <= set(env.agents) and not ended & set(env.agents), f"{file}: who stays")
        came += len(set(env.agents) - set(before))
        gone |= ended
        require(not gone & set(env.agents), f"{file}: someone came back")
        steps += 1
    return came, len(gone)


def check_populations():
    """Vehicles leave and others come into their slots under names of their own."""
    highway = "vehicular/highway-offloading"
    came, gone = check_episode(highway, limit=200)
    require(came > 5 and gone > 5, f"{came} vehicles came and {gone} left")
    env = edgewise.parallel_env(highway)
    env.reset(seed=3)
    while env.agents:
        env.step({})
    again = [name for name in env.possible_agents if "." in name]
    require(again, "no slot was taken a second time")
    require(env.observation_space(again[0]) == env.observation_space(again[0].split(".")[0]), "another's space")


def check_slots():
    """Every slot an agent: the same agents to the end, nothing seen and nothing to choose where nobody is."""
    sparse = {"overrides": {"mobility.flow_per_lane_hz": 0.05}, "population": "slots"}
    with contextlib.redirect_stdout(io.StringIO()):
        parallel_api_test(edgewise.parallel_env("vehicular/highway-offloading", **sparse), 200)
        parallel_seed_test(lambda: edgewise.parallel_env("vehicular/highway-offloading", **sparse), 200)
    env = edgewise.parallel_env("vehicular/highway-offloading", **sparse)
    observations, infos = env.reset(seed=3)
    everyone, empty, left = list(env.possible_agents), 0, 0
    while True:
        require(env.agents == everyone == list(observations), "the agents changed")
        for agent in everyone:
            require(observations[agent] in env.observation_space(agent), f"{agent} sees what is not in its space")
            left += infos[agent].get("left", False)
            if not infos[agent]["active"]:
                mask = observations[agent]["action_mask"]
                require(mask.sum() == 1 and mask[0] == 1, f"an empty slot may do more than idle: {mask}")
                empty += 1
        observations, rewards, terminated, truncated, infos = env.step(sampled(env, infos))
        mean = [rewards[agent] for agent, was in zip(everyone, env.worlds.groups[0].acted[0]) if was]
        require(not mean or abs(np.mean(mean) - step_return(env.worlds)) < 1e-9, "rewards are not the world's")
        if not env.agents:
            break
        require(not any(terminated.values()) and not any(truncated.values()), "an agent ended before the episode")
    require(all(terminated[agent] != truncated[agent] for agent in everyone), "the end ends everyone, in one way")
    require(empty > 500 and left > 0, f"{empty} empty slots, {left} left")


def check_idle():
    """An agent without an action idles."""
    a, b = (edgewise.parallel_env("vehicular/trace-offloading") for _ in range(2))
    a.reset(seed=1)
    b.reset(seed=1)
    for _ in range(50):
        one, two = a.step({}), b.step({agent: 0 for agent in b.agents})
        require(one[1] == two[1], "agents without an action did not idle")


def check_readme():
    """The examples of Python/README.md run as they stand."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "Python" / "README.md").read_text(), re.S)
    require(len(blocks) >= 4, f"{len(blocks)} examples")
    for block in blocks:
        exec(block, {"edgewise": edgewise})


def main():
    warnings.filterwarnings("ignore", message="No agents present but not all")
    for file in FILES:
        check_tests(file)
    ok(f"PettingZoo's parallel_api_test and parallel_seed_test on {len(FILES)} scenarios")
    for file in FILES:
        check_episode(file)
        check_episode(file, masks="info")
    ok("observations in their spaces, masks in observation and info, rewards the world's and their terms' sum")
    check_populations()
    check_slots()
    check_idle()
    ok("agents that come and go")
    check_readme()
    ok("the examples of Python/README.md run")


conclude(main)
