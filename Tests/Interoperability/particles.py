"""Worlds of mpe2 whose states are injected and read, and the records of their episodes.

A record file holds episodes of 25 steps, little-endian. An episode begins with the state it starts from: positions and
velocities of the agents, positions of the landmarks, number of the goal, words last said (float64). Each step has the
actions of all agents (float32, one number each where they are discrete), then positions, velocities and words after it,
the rewards (float64) and the observations (float32).
"""

from dataclasses import dataclass, field

import numpy as np
from mpe2 import simple_adversary_v3, simple_speaker_listener_v4, simple_spread_v3, simple_tag_v3

STEPS = 25
MODULES = {
    "simple_spread": simple_spread_v3,
    "simple_speaker_listener": simple_speaker_listener_v4,
    "simple_tag": simple_tag_v3,
    "simple_adversary": simple_adversary_v3,
}


@dataclass
class Case:
    """One kind of world: its name, its numbers of bodies and whether its actions are real numbers."""

    world: str
    is_continuous: bool
    counts: dict = field(default_factory=dict)

    @property
    def name(self):
        sizes = "".join(f"-{count}" for count in self.counts.values())
        return f"{self.world}{sizes}-{'continuous' if self.is_continuous else 'discrete'}"


DEFAULTS = [Case(world, continuous) for world in MODULES for continuous in (False, True)]
LARGER = [
    Case("simple_spread", False, {"N": 6}),
    Case("simple_tag", True, {"num_adversaries": 4, "num_good": 2, "num_obstacles": 3}),
    Case("simple_adversary", False, {"N": 3}),
]


class Peer:
    """A world of mpe2."""

    def __init__(self, case):
        self.case = case
        self.env = MODULES[case.world].parallel_env(
            **case.counts, max_cycles=STEPS + 1, continuous_actions=case.is_continuous
        )
        self.env.reset(seed=0)
        self.names = self.env.possible_agents
        self.world = self.env.unwrapped.world
        self.words = 3 if case.world == "simple_speaker_listener" else 0
        self.has_goal = case.world in ("simple_speaker_listener", "simple_adversary")
        agents, landmarks = len(self.names), len(self.world.landmarks)
        spaces = [self.env.action_space(name) for name in self.names]
        self.action_sizes = [space.shape[0] if case.is_continuous else 1 for space in spaces]
        self.options = [1 if case.is_continuous else int(space.n) for space in spaces]
        observed = sum(self.env.observation_space(name).shape[0] for name in self.names)
        self.start = np.dtype(
            [("positions", "<f8", (agents, 2)), ("velocities", "<f8", (agents, 2)),
             ("landmarks", "<f8", (landmarks, 2)), ("goal", "<f8"), ("words", "<f8", (self.words,))]
        )
        self.step_type = np.dtype(
            [("actions", "<f4", (sum(self.action_sizes),)), ("positions", "<f8", (agents, 2)),
             ("velocities", "<f8", (agents, 2)), ("words", "<f8", (self.words,)), ("rewards", "<f8", (agents,)),
             ("observations", "<f4", (observed,))]
        )
        self.episode = np.dtype([("start", self.start), ("steps", self.step_type, (STEPS,))])

    def inject(self, start):
        """Begins an episode at a state."""
        self.env.reset()
        for place, agent in enumerate(self.world.agents):
            agent.state.p_pos = start["positions"][place].copy()
            agent.state.p_vel = start["velocities"][place].copy()
        for place, landmark in enumerate(self.world.landmarks):
            landmark.state.p_pos = start["landmarks"][place].copy()
        if self.has_goal:
            goal = self.world.landmarks[int(start["goal"])]
            if self.words:
                self.world.agents[0].goal_b = goal
                self.world.agents[0].state.c = start["words"].copy()
            else:
                for agent in self.world.agents:
                    agent.goal_a = goal

    def play(self, actions, record):
        """Takes a step and writes what came of it."""
        ends = np.cumsum(self.action_sizes)
        parts = np.split(actions, ends[:-1])
        given = {
            name: part if self.case.is_continuous else int(part[0]) for name, part in zip(self.names, parts)
        }
        observations, rewards, terminated, _, _ = self.env.step(given)
        if any(terminated.values()):
            raise SystemExit(f"{self.case.name} ends by itself")
        record["actions"] = actions
        record["positions"] = [agent.state.p_pos for agent in self.world.agents]
        record["velocities"] = [agent.state.p_vel for agent in self.world.agents]
        if self.words:
            record["words"] = self.world.agents[0].state.c
        record["rewards"] = [rewards[name] for name in self.names]
        record["observations"] = np.concatenate([observations[name] for name in self.names])
