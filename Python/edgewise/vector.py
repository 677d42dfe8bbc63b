"""Copies of a scenario with one agent as a `gymnasium.vector.VectorEnv`."""

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode
from gymnasium.vector.utils import batch_space

from .library import EdgewiseError
from .single import only_group
from .spaces import action_space, observation_space, write
from .worlds import Worlds


class BatchedEnv(gymnasium.vector.VectorEnv):
    """Copies of a scenario's world with one agent each, stepped together.

    `autoreset_mode` is SAME_STEP, or DISABLED with `reset(options={"reset_mask": …})`. With SAME_STEP an ended
    environment shows the first observation of its next episode; `infos["final_obs"]` has the true last ones in the
    rows of `infos["_final_obs"]`, as `infos["final_info"]` has `action_mask` and, with `records`, `metrics`.

    `reset(seed=s)` lets environment i play the episodes of the i-th environment of the run of s, environment 0 those
    of `edgewise evaluate --seed s`; a list of seeds gives each environment a run of its own.

    With `copy=False` every returned array is a view of the library's memory, and `action_buffers` may be written
    instead of passing actions (`step(None)`): no array is copied. Observations alternate between two arrays, so that
    those returned by the last call stay as they are during the next step; rewards and flags do not.
    """

    def __init__(
        self, scenario, num_envs=1, *, autoreset_mode=AutoresetMode.SAME_STEP, copy=True, records=False, **settings
    ):
        mode = autoreset_mode if isinstance(autoreset_mode, AutoresetMode) else AutoresetMode(autoreset_mode)
        if mode == AutoresetMode.NEXT_STEP:
            raise EdgewiseError("autoreset_mode is NEXT_STEP; this environment knows SAME_STEP and DISABLED")
        self.worlds = Worlds(scenario, num_envs, autoreset=mode == AutoresetMode.SAME_STEP, records=records, **settings)
        self.num_envs = num_envs
        self.autoreset_mode = mode
        self.copy = copy
        self.metadata = {"render_modes": [], "autoreset_mode": mode}
        self._group = only_group(self.worlds)
        self._isSeeded = "seed" in settings
        self._records = records
        self.single_observation_space = observation_space(self._group.fields)
        self.single_action_space = action_space(self._group.action)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._masks = self.worlds.description["masks"] and self._group.masks.size > 0
        group, kind = self._group, self._group.action["kind"]
        choices = group.choices[:, 0] if kind == "multi_discrete" else group.choices[:, 0, :1].reshape(-1)
        numbers = group.numbers[:, 0]
        self.action_buffers = {"box": (numbers,), "hybrid": (choices, numbers)}.get(kind, (choices,))
        self._rewards, self._terminated, self._truncated = (
            array[:, 0] for array in (group.rewards, group.terminated, group.truncated))

    def reset(self, *, seed=None, options=None):
        chosen = (options or {}).get("reset_mask")
        if isinstance(seed, (list, tuple, np.ndarray)):
            if len(seed) != self.num_envs or any(one is None for one in seed):
                raise EdgewiseError(f"seed has {len(seed)} entries; give a number for each of {self.num_envs} environments")
            super().reset(seed=int(seed[0]))
            self.worlds.seed_each(seed)
        else:
            super().reset(seed=seed)
            if seed is not None:
                self.worlds.seed(seed)
            elif not self._isSeeded:
                self.worlds.seed(int(self.np_random.integers(1 << 63)))
        self._isSeeded = True
        self.worlds.reset(chosen)
        return self._out(self._group.observations[:, 0]), self._infos()

    def step(self, actions):
        if actions is not None:
            parts = actions if len(self.action_buffers) == 2 else (actions,)
            for buffer, part in zip(self.action_buffers, parts, strict=True):
                if part is not buffer:
                    write(buffer, part)
        replaced = self.worlds.step()
        infos = self._infos()
        if replaced > 0:
            infos["forbidden_choices"] = replaced
        if self._records and self.worlds.terms.size > 0:
            infos["reward_terms"] = self._out(self.worlds.terms[:, 0])
        over = self.worlds.over
        if self.autoreset_mode == AutoresetMode.SAME_STEP and over.any():
            self._addFinal(infos, over.copy())
        return (
            self._out(self._group.observations[:, 0]), self._out(self._rewards), self._out(self._terminated),
            self._out(self._truncated), infos,
        )

    def _out(self, array):
        return array.copy() if self.copy else array

    def _infos(self):
        return {"action_mask": self._out(self._group.masks[:, 0].view(np.int8))} if self._masks else {}

    def _addFinal(self, infos, over):
        infos["final_obs"] = self._out(self._group.last_observations[:, 0])
        infos["_final_obs"] = over
        final = {}
        if self._masks:
            final["action_mask"] = self._out(self._group.last_masks[:, 0].view(np.int8))
            final["_action_mask"] = over
        if self._records:
            metrics = np.full(self.num_envs, None, object)
            for index in np.flatnonzero(over):
                metrics[index] = self.worlds.metrics(int(index))
            final["metrics"], final["_metrics"] = metrics, over
        infos["final_info"], infos["_final_info"] = final, over

    def return_bounds(self):
        """For each environment a number that no policy's return can exceed in its episode; nan where none is known."""
        bounds = (self.worlds.return_bound(index) for index in range(self.num_envs))
        return np.array([np.nan if bound is None else bound for bound in bounds])
