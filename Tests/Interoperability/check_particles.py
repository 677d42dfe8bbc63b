"""Replays in mpe2 the episodes that our particle worlds played, and compares every step.

Usage: python check_particles.py DIR     (requirements.txt)

DIR is the folder `particles` that the Swift test `ParticleRecordingTests` writes under EDGEWISE_INTEROP_DIR, with a
record file for each kind of world as `particles.py` describes it: 500 episodes of 25 steps from random states.
"""

import sys
from pathlib import Path

import numpy as np

from particles import DEFAULTS, LARGER, STEPS, Peer
from reporting import conclude, fail, ok, require

TOLERANCE = 1e-9
LEAST_EPISODES = 500


def check(folder, case):
    peer = Peer(case)
    episodes = np.fromfile(folder / f"{case.name}.bin", dtype=peer.episode)
    require(len(episodes) >= LEAST_EPISODES, f"{case.name}.bin holds {len(episodes)} episodes, not {LEAST_EPISODES}")
    worst = 0.0
    theirs = np.zeros((), peer.step_type)
    for number, episode in enumerate(episodes):
        peer.inject(episode["start"])
        for step in range(STEPS):
            ours = episode["steps"][step]
            peer.play(ours["actions"], theirs)
            for part in ("positions", "velocities", "words", "rewards", "observations"):
                difference = float(np.max(np.abs(ours[part] - theirs[part]), initial=0))
                worst = max(worst, difference)
                # Written so that what is not a number fails.
                require(difference <= TOLERANCE,
                        lambda: f"{case.name}, episode {number}, step {step}: {part} differ by {difference:.1e}")
    ok(f"{case.name}: {len(episodes) * STEPS} steps agree with mpe2's to {worst:.1e}")


def main():
    if len(sys.argv) != 2:
        fail("usage: check_particles.py DIR")
    folder = Path(sys.argv[1])
    require(folder.is_dir(), f"{folder} is missing; run make swift-tests first, which writes it")
    for case in DEFAULTS + LARGER:
        check(folder, case)


if __name__ == "__main__":
    conclude(main)
