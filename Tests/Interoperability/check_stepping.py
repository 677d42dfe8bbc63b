"""What is stepped from Python is what `edgewise` plays, in memory that is never copied.

Usage: python check_stepping.py EDGEWISE
"""

import csv
import gc
import json
import subprocess
import sys
import tempfile
import tracemalloc

import h5py
import numpy as np

from reporting import conclude, ok, require
from scenarios import FILES, ROOT, cycles, step_return

import edgewise


def evaluated(tool, file, policy, episodes, seed, *settings):
    changes = [part for setting in settings for part in ("--set", f"scenario.{setting}")]
    output = subprocess.run(
        [tool, "evaluate", "--scenario", file, "--policy", policy, "--episodes", str(episodes), "--seed", str(seed),
         "--format", "json", *changes], check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(output.stdout)["policies"][0]["episode_returns"]


def played(worlds, episodes, seed, act):
    worlds.seed(seed)
    returns = []
    for _ in range(episodes):
        worlds.reset()
        total = 0.0
        while True:
            act()
            worlds.step()
            total += step_return(worlds)
            if worlds.over[0]:
                break
        returns.append(total)
    return returns


def check_random(tool):
    for file in FILES:
        worlds = edgewise.Worlds(file)
        worlds.play("random")
        require(
            played(worlds, 2, 21, worlds.act) == evaluated(tool, file, "random", 2, 21),
            f"{file}: returns of random play differ from those of evaluate")
    ok(f"returns of random play equal evaluate's bit for bit on {len(FILES)} scenarios")


def check_local(tool):
    """The rule `local`, written in Python from masks and labels alone, against the tool's own."""
    file = "Environments/vehicular/highway-offloading.yaml"
    worlds = edgewise.Worlds(file)
    group = worlds.groups[0]
    device = group.action["labels"].index("device at full speed")

    def act():
        group.choices[0, :, 0] = np.where(group.masks[0, :, device], device, 0)

    require(played(worlds, 3, 4, act) == evaluated(tool, file, "local", 3, 4), "the rule local differs")
    ok("a rule written in Python returns what the tool's own does, bit for bit")


def check_checkpoint(tool):
    """A released policy acts through the library as it does in the tool, beside h5py's own HDF5 in this process."""
    file, policy = "Environments/classic-control/CartPole-v1-positions.yaml", "Checkpoints/CartPole-v1-positions-dqn.h5"
    with h5py.File(ROOT / policy) as stored:
        require("policy" in stored, f"{policy} has no policy")
    worlds = edgewise.Worlds(file)
    worlds.play(ROOT / policy)
    require(played(worlds, 3, 8, worlds.act) == evaluated(tool, file, policy, 3, 8), "the checkpoint acts otherwise")
    ok("a checkpoint with a memory returns what it does in the tool, bit for bit")


def check_rollouts(tool, folder):
    """Rewards and observations of a rollout's table, played again in Python from its actions."""
    count = 0
    for file in FILES:
        table = f"{folder}/rollout.csv"
        subprocess.run(
            [tool, "rollout", "--scenario", file, "--policy", "random", "--seed", "6", "--output", table], check=True,
            capture_output=True, cwd=ROOT)
        rows = list(csv.DictReader(open(table)))
        if not {"group", "agent", "action", "terminated"} <= set(rows[0]):
            continue
        worlds = edgewise.Worlds(file, seed=6)
        worlds.reset()
        shown = list(rows[0])[4:]
        place = 0
        while place < len(rows):
            step = rows[place:place + worlds.agents]
            agents = [(group, slot) for group in worlds.groups for slot in range(group.count)]
            for (group, slot), row in zip(agents, step, strict=True):
                values = row["action"].split()
                integers = group.choices.shape[-1]
                group.choices[0, slot] = [int(value) for value in values[:integers]]
                group.numbers[0, slot] = [np.float32(value) for value in values[integers:]]
            worlds.step()
            for (group, slot), row in zip(agents, step, strict=True):
                require(float(row["reward"]) == group.rewards[0, slot], f"{file}, row {place}: another reward")
                require(row["terminated"] == str(int(group.terminated[0, slot])), f"{file}, row {place}: another end")
                seen = [float(row[name]) for name, _ in zip(shown, group.fields)]
                require(np.array_equal(seen, group.observations[0, slot].astype(float)), f"{file}, row {place}: seen")
            place += worlds.agents
        require(worlds.over[0], f"{file}: the table ends before the episode")
        count += 1
    require(count >= 10, f"only {count} tables show every action")
    ok(f"{count} rollouts played again in Python, every reward and observation equal")


def addresses(worlds):
    return [array.__array_interface__["data"][0] for group in worlds.groups
            for views in group._layouts for array in views.values() if array.size]


def check_memory():
    """Arrays are the library's memory: they stay where they are, and nothing is copied or allocated in a step."""
    for file in FILES:
        worlds = edgewise.Worlds(file, 4, autoreset=True)
        worlds.reset()
        worlds.play("random")
        noted = addresses(worlds)
        for step in range(cycles(worlds.agents)):
            shown = [group.observations for group in worlds.groups]
            before = [array.copy() for array in shown]
            worlds.act()
            worlds.step()
            require(all(map(np.array_equal, shown, before)), f"{file}: what was seen changed within the next step")
            require(
                all(old is not new.observations for old, new in zip(shown, worlds.groups)), f"{file}: not alternating")
        require(addresses(worlds) == noted, f"{file}: memory moved")
    envs = edgewise.make_vec("classic-control/CartPole-v1", 4096, copy=False)
    envs.reset(seed=0)
    buffer = envs.action_buffers[0]
    for _ in range(3):
        observations, rewards = envs.step(buffer)[:2]
        require(not observations.flags.owndata and not rewards.flags.owndata, "a returned array is a copy")
    for step in range(200):
        buffer[:] = step % 2
        envs.step(None)
    tracemalloc.start()
    start = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    for step in range(200):
        buffer[:] = step % 2
        envs.step(None)
    peak = tracemalloc.get_traced_memory()[1] - start
    tracemalloc.stop()
    # Where episodes end the mask of those that did is copied, a byte an environment; nothing of 4 bytes or more is.
    require(peak < 4096 * 4, f"200 steps of 4096 environments needed {peak} bytes at once")
    ok(f"memory stays where it is on {len(FILES)} scenarios; 4096 environments step with at most {peak} bytes made")


def check_states():
    """Where nothing is hidden, a state is all observations; it is written where the caller wants it."""
    count = 0
    for file in FILES:
        worlds = edgewise.Worlds(file, 3)
        worlds.reset()
        out = np.full((3, worlds.description["state_count"]), np.nan, np.float32)
        require(worlds.state(out) is out and not np.isnan(out).any(), f"{file}: a state was not written")
        require(not np.array_equal(out[0], out[1]), f"{file}: all states are one")
        seen = np.concatenate([group.observations.reshape(3, -1) for group in worlds.groups], axis=1)
        if file.startswith(("Environments/classic", "Environments/particle")) and seen.shape == out.shape:
            require(np.array_equal(out, seen), f"{file}: the state is not what all observe")
            count += 1
    require(count >= 10, f"only {count} states compared")
    ok(f"states of {len(FILES)} scenarios")


def check_lives():
    """An array keeps its memory after its worlds are gone."""
    worlds = edgewise.Worlds("classic-control/CartPole-v1", 64)
    worlds.reset()
    kept, copied = worlds.groups[0].observations, worlds.groups[0].observations.copy()
    del worlds
    gc.collect()
    others = [edgewise.Worlds("classic-control/CartPole-v1", 64) for _ in range(20)]
    for other in others:
        other.reset()
    require(np.array_equal(kept, copied), "memory was let go while an array showed it")
    ok("arrays outlive their worlds")


def check_seeds():
    file = "classic-control/CartPole-v1"

    def first(**settings):
        worlds = edgewise.Worlds(file, 3, **settings)
        worlds.reset()
        return worlds.groups[0].observations[:, 0].copy()

    require(np.array_equal(first(seed=5), first(seed=5)), "a seed gives two episodes")
    require(not np.array_equal(first(seed=5), first(seed=6)), "two seeds give one episode")
    require(not np.array_equal(first(seed=5), first(seed=5, purpose="training")), "training plays evaluation's episodes")
    worlds = edgewise.Worlds(file, 3)
    worlds.seed_each([7, 5, 7])
    worlds.reset()
    rows = worlds.groups[0].observations[:, 0]
    require(np.array_equal(rows[0], rows[2]) and np.array_equal(rows[1], first(seed=5)[0]), "seeds for each")
    ok("seeds: runs, purposes, and one for each environment")


def check_mistakes():
    """Every mistake is one sentence."""
    for words, make in (
        ("there is no such file", lambda: edgewise.Worlds("no-such/world")),
        ("did you mean", lambda: edgewise.Worlds("classic-control/CartPole-v1", overrides={"time_limit": 3})),
        ("cannot be stepped together", lambda: edgewise.Worlds("classic-control/CartPole-v1", 0)),
        ("write one of training", lambda: edgewise.Worlds("classic-control/CartPole-v1", purpose="fun")),
        ("whole number from 0", lambda: edgewise.Worlds("classic-control/CartPole-v1", seed=-1)),
        ("reset it first", lambda: edgewise.Worlds("classic-control/CartPole-v1").step()),
        ("no rule of that name", lambda: edgewise.Worlds("classic-control/CartPole-v1").play("fastest")),
        ("contiguous array", lambda: edgewise.Worlds("classic-control/CartPole-v1").state(np.ones((1, 4)))),
        ("has the shape", lambda: edgewise.Worlds("classic-control/CartPole-v1", 3).reset(np.ones(2))),
    ):
        try:
            make()
        except edgewise.EdgewiseError as error:
            require(words in str(error) and "\n" not in str(error), f"{words}: {error}")
        else:
            require(False, f"nothing was said of: {words}")
    ok("mistakes are told in one sentence")


def main():
    tool = sys.argv[1]
    check_random(tool)
    check_local(tool)
    check_checkpoint(tool)
    with tempfile.TemporaryDirectory() as folder:
        check_rollouts(tool, folder)
    check_memory()
    check_states()
    check_lives()
    check_seeds()
    check_mistakes()


conclude(main)
