"""Writes the Gymnasium fixtures of Tests/ClassicControlTests/Fixtures.

Usage: python make_cartpole_fixture.py     (requirements.txt)

cartpole-10000.bin: 10,000 single steps of CartPole-v1 from injected states. A record is state (4 float64), next state
(4 float64), action, reward and terminated (uint8 each).
cartpole-episodes.bin: 16 episodes of CartPole-v1 with its time limit, 4 of them balanced to the end. An episode is its
number of steps (uint32), the first state (4 float64), then for each step action, terminated and truncated (uint8 each)
and the next state (4 float64). All little-endian.
"""

import math
import struct
from pathlib import Path

import gymnasium
import numpy as np

FIXTURES = Path(__file__).resolve().parent.parent / "ClassicControlTests" / "Fixtures"
POSITION_LIMIT = 2.4
ANGLE_LIMIT = 12 * 2 * math.pi / 360


def injected_states(count):
    """A third anywhere, a third near a limit of the position, a third near a limit of the angle."""
    random = np.random.default_rng(20)
    states = random.uniform(
        [-POSITION_LIMIT, -3, -ANGLE_LIMIT, -3.5], [POSITION_LIMIT, 3, ANGLE_LIMIT, 3.5], size=(count, 4)
    )
    for column, limit in ((0, POSITION_LIMIT), (2, ANGLE_LIMIT)):
        rows = slice(column // 2, count, 3)
        sign = random.choice([-1.0, 1.0], size=states[rows].shape[0])
        states[rows, column] = sign * (limit - random.uniform(0, 0.05 * limit, size=sign.size))
    return states, random.integers(0, 2, size=count)


def write_steps():
    env = gymnasium.make("CartPole-v1").unwrapped
    env.reset(seed=0)
    states, actions = injected_states(10_000)
    data = bytearray()
    ends = 0
    for state, action in zip(states, actions):
        env.state = np.array(state, dtype=np.float64)
        env.steps_beyond_terminated = None
        _, reward, terminated, truncated, _ = env.step(int(action))
        if reward not in (0.0, 1.0) or truncated:
            raise SystemExit(f"a step from {state} gave reward {reward} and truncated {truncated}")
        following = np.asarray(env.state, dtype=np.float64)
        data += struct.pack("<4d4d3B", *state, *following, int(action), int(reward), int(terminated))
        ends += int(terminated)
    (FIXTURES / "cartpole-10000.bin").write_bytes(data)
    print(f"ok: cartpole-10000.bin, {len(data)} bytes, {ends} steps end an episode")


def write_episodes():
    env = gymnasium.make("CartPole-v1")
    random = np.random.default_rng(21)
    data = bytearray()
    lengths = []
    for seed in range(16):
        env.reset(seed=seed)
        record = bytearray(struct.pack("<4d", *env.unwrapped.state))
        balanced = seed % 4 == 0
        steps = 0
        over = False
        while not over:
            x, velocity, angle, turning = env.unwrapped.state
            lean = angle + 0.3 * turning + 0.03 * x + 0.08 * velocity
            action = int(lean > 0) if balanced else int(random.integers(0, 2))
            _, _, terminated, truncated, _ = env.step(action)
            record += struct.pack("<3B4d", action, int(terminated), int(truncated), *env.unwrapped.state)
            steps += 1
            over = terminated or truncated
        data += struct.pack("<I", steps) + record
        lengths.append(steps)
    (FIXTURES / "cartpole-episodes.bin").write_bytes(data)
    print(f"ok: cartpole-episodes.bin, {len(data)} bytes, lengths {lengths}")


if __name__ == "__main__":
    print(f"ok: Gymnasium {gymnasium.__version__}, NumPy {np.__version__}")
    write_steps()
    write_episodes()
