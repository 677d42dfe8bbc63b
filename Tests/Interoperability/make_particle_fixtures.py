"""Writes the mpe2 fixtures of the particle worlds in Tests/ParticleWorldTests/Fixtures.

Usage: python make_particle_fixtures.py     (requirements.txt)

NAME-discrete.bin and NAME-continuous.bin: six episodes each, as `particles.py` describes them, from random states: every
second one crowded, so that several bodies touch at once.
"""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from particles import DEFAULTS, STEPS, Peer

FIXTURES = Path(__file__).resolve().parent.parent / "ParticleWorldTests" / "Fixtures"
EPISODES = 6


def random_start(random, peer, is_crowded):
    start = np.zeros((), peer.start)
    extent = 0.25 if is_crowded else 1
    start["positions"] = random.uniform(-extent, extent, start["positions"].shape)
    start["velocities"] = random.uniform(-1, 1, start["velocities"].shape)
    start["landmarks"] = random.uniform(-1, 1, start["landmarks"].shape)
    if peer.has_goal:
        start["goal"] = random.integers(len(start["landmarks"]))
    if peer.words:
        start["velocities"][0] = 0
    start["words"] = random.uniform(0, 1, start["words"].shape)
    return start


def random_actions(random, peer):
    if peer.case.is_continuous:
        return random.uniform(0, 1, sum(peer.action_sizes)).astype(np.float32)
    return np.array([random.integers(options) for options in peer.options], np.float32)


def write(case):
    random = np.random.default_rng(31)
    peer = Peer(case)
    episodes = np.zeros(EPISODES, peer.episode)
    for number, episode in enumerate(episodes):
        episode["start"] = random_start(random, peer, number % 2 == 1)
        peer.inject(episode["start"])
        for step in range(STEPS):
            peer.play(random_actions(random, peer), episode["steps"][step])
    data = episodes.tobytes()
    (FIXTURES / f"{case.name}.bin").write_bytes(data)
    print(f"ok: {case.name}.bin, {len(data)} bytes")


if __name__ == "__main__":
    print(f"ok: mpe2 {version('mpe2')}, NumPy {np.__version__}")
    FIXTURES.mkdir(exist_ok=True)
    for case in DEFAULTS:
        write(case)
