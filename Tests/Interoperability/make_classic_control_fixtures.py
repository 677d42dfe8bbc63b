"""Writes the Gymnasium fixtures of Acrobot, MountainCar and Pendulum in Tests/ClassicControlTests/Fixtures.

Usage: python make_classic_control_fixtures.py     (requirements.txt)

NAME-10000.bin: 10,000 single steps from injected states. A record is state, action, next state and reward (float64
each) and terminated (uint8), little-endian.
"""

import struct
from pathlib import Path

import gymnasium
import numpy as np

FIXTURES = Path(__file__).resolve().parent.parent / "ClassicControlTests" / "Fixtures"
PI = np.pi


def write(name, identity, low, high, draw):
    env = gymnasium.make(identity).unwrapped
    env.reset(seed=0)
    random = np.random.default_rng(30)
    data = bytearray()
    ends = 0
    for _ in range(10_000):
        state = random.uniform(low, high)
        action = draw(random)
        env.state = np.array(state, dtype=np.float64)
        given = np.array([action], dtype=np.float32) if isinstance(action, np.float32) else action
        _, reward, terminated, truncated, _ = env.step(given)
        if truncated:
            raise SystemExit(f"{identity} truncates by itself")
        following = np.asarray(env.state, dtype=np.float64)
        count = len(state)
        data += struct.pack(f"<{2 * count + 2}dB", *state, float(action), *following, float(reward), int(terminated))
        ends += int(terminated)
    (FIXTURES / f"{name}-10000.bin").write_bytes(data)
    print(f"ok: {name}-10000.bin, {len(data)} bytes, {ends} steps end an episode")


def integer(random):
    return int(random.integers(0, 3))


if __name__ == "__main__":
    print(f"ok: Gymnasium {gymnasium.__version__}, NumPy {np.__version__}")
    write("acrobot", "Acrobot-v1", [-PI, -PI, -4 * PI, -9 * PI], [PI, PI, 4 * PI, 9 * PI], integer)
    write("mountain-car", "MountainCar-v0", [-1.2, -0.07], [0.6, 0.07], integer)
    write("pendulum", "Pendulum-v1", [-3 * PI, -8], [3 * PI, 8], lambda random: np.float32(random.uniform(-2.5, 2.5)))
