"""A scenario with one agent as a `gymnasium.Env`."""

import gymnasium
from gymnasium.envs.registration import EnvSpec

from .library import EdgewiseError
from .spaces import action_space, observation_space, sampling_mask, writer
from .worlds import Worlds


def only_group(worlds):
    """The one group of a scenario with one agent."""
    if worlds.agents != 1:
        raise EdgewiseError(
            f"{worlds.description['id']} has {worlds.agents} agents; make them one with control=\"central\", or use "
            "edgewise.parallel_env, or edgewise.Worlds for all at once")
    return worlds.groups[0]


class SingleEnv(gymnasium.Env):
    """One agent in one copy of a scenario's world.

    After `reset(seed=s)` it plays the episodes of `edgewise evaluate --seed s`, in their order: each further `reset()`
    begins the next one. Without any seed the first is drawn from the operating system.

    `info` has `action_mask`, in the form that `action_space.sample(mask)` takes, where the scenario forbids options;
    `forbidden_choices` where a forbidden one was chosen (the agent then idled); with `records` the step's
    `reward_terms`; and `metrics` when the episode has ended. `action_masks()` is what sb3-contrib's MaskablePPO asks.
    """

    metadata = {"render_modes": []}

    def __init__(self, scenario, *, render_mode=None, **settings):
        if render_mode is not None:
            raise EdgewiseError(f"render_mode is {render_mode!r}; nothing is drawn here, leave it out")
        self.worlds = Worlds(scenario, 1, **settings)
        self.render_mode = None
        self._group = only_group(self.worlds)
        self._isSeeded = "seed" in settings
        self.observation_space = observation_space(self._group.fields)
        self.action_space = action_space(self._group.action)
        group = self._group
        self._write = writer(group.action, group.choices[0, 0], group.numbers[0, 0])
        self._rewards, self._terminated, self._truncated = (
            array.reshape(-1) for array in (group.rewards, group.terminated, group.truncated))
        self._masks = self.worlds.description["masks"] and self._group.masks.size > 0
        self.spec = EnvSpec(
            self.worlds.description["id"], entry_point="edgewise.single:SingleEnv",
            kwargs={"scenario": scenario, **settings})

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is not None:
            self.worlds.seed(seed)
        elif not self._isSeeded:
            self.worlds.seed(int(self.np_random.integers(1 << 63)))
        self._isSeeded = True
        self.worlds.reset()
        return self._group.observations[0, 0].copy(), self._info()

    def step(self, action):
        self._write(action)
        replaced = self.worlds.step()
        info = self._info()
        if replaced > 0:
            info["forbidden_choices"] = replaced
        if self.worlds.terms.size > 0:
            info["reward_terms"] = dict(zip(self.worlds.term_names, self.worlds.terms[0, 0].tolist()))
        if self.worlds.over.item(0):
            info["metrics"] = self.worlds.metrics()
        return (
            self._group.observations[0, 0].copy(), self._rewards.item(0), self._terminated.item(0),
            self._truncated.item(0), info,
        )

    def _info(self):
        return {"action_mask": sampling_mask(self._group.action, self._group.masks[0, 0])} if self._masks else {}

    def action_masks(self):
        """Which options are permitted now, all choices one after another."""
        return self._group.masks[0, 0].copy()

    def return_bound(self):
        """A number that no policy's return can exceed in this episode, or None where none is known."""
        return self.worlds.return_bound()
