"""A scenario as a `pettingzoo.ParallelEnv`."""

import gymnasium.spaces as spaces
import numpy as np
from pettingzoo import ParallelEnv

from .library import EdgewiseError
from .spaces import action_space, observation_space, sampling_mask, writer
from .worlds import Worlds, choice_counts


class ManyAgentsEnv(ParallelEnv):
    """All agents of one copy of a scenario's world.

    Agents are called by their group and slot: `vehicle_3`. Where agents come and go, whoever leaves is terminated and
    never returns; the next one in the same slot is another agent, `vehicle_3.1`, who stands in `agents` from then on.
    `possible_agents` begins with one name for each slot and grows by those who came later. `agents` is empty when the
    episode is over, and while nobody is there; `step({})` then lets time go on until someone comes. For learners that
    want the same agents all the time, `population="slots"` makes every slot an agent that stays to the end:
    `infos[agent]` says with `active` whether someone is there and with `left` whose trajectory just ended, which no
    flag does before the episode's end. An empty slot sees the values of its fields' ranges nearest to 0, and may idle.

    Masks follow PettingZoo's convention: where a scenario forbids options of a single choice, an observation is
    `{"observation": …, "action_mask": …}` (`masks="info"` leaves it a plain array). In `infos[agent]["action_mask"]`
    the mask always stands in the form that `action_space(agent).sample(mask)` takes.

    An agent without an entry in `step`'s actions idles. After `reset(seed=s)` the episodes of
    `edgewise evaluate --seed s` are played, in their order.
    """

    def __init__(self, scenario, *, masks="observation", population="occupants", render_mode=None, **settings):
        if render_mode is not None:
            raise EdgewiseError(f"render_mode is {render_mode!r}; nothing is drawn here, leave it out")
        if masks not in ("observation", "info"):
            raise EdgewiseError(f"masks is {masks!r}; write 'observation' or 'info'")
        if population not in ("occupants", "slots"):
            raise EdgewiseError(f"population is {population!r}; write 'occupants' or 'slots'")
        self.worlds = Worlds(scenario, 1, **settings)
        self.metadata = {"name": self.worlds.description["id"], "render_modes": [], "is_parallelizable": True}
        self.render_mode = None
        self._isSeeded = "seed" in settings
        self._forbids = self.worlds.description["masks"]
        self._keepsSlots = population == "slots"
        self._groups = self.worlds.groups
        self._slots = [(group, slot) for group in self._groups for slot in range(group.count)]
        self._writers = [
            writer(group.action, group.choices[0, slot], group.numbers[0, slot]) for group, slot in self._slots]
        self._inObservation = [
            masks == "observation" and self._forbids and group.action["kind"] == "discrete" for group, _ in self._slots]
        self._names = [f"{group.name}_{slot}" for group, slot in self._slots]
        self._places = {name: place for place, name in enumerate(self._names)}
        self.possible_agents = list(self._names)
        self._observation_spaces, self._action_spaces = {}, {}
        self._occupants = [0] * len(self._slots)
        self._present = [None] * len(self._slots)
        self.agents = []

    def observation_space(self, agent):
        if agent not in self._observation_spaces:
            place = self._places[agent]
            group, _ = self._slots[place]
            space = observation_space(group.fields)
            if self._inObservation[place]:
                count = len(group.action["labels"])
                space = spaces.Dict({"observation": space, "action_mask": spaces.Box(0, 1, (count,), np.int8)})
            self._observation_spaces[agent] = space
        return self._observation_spaces[agent]

    def action_space(self, agent):
        if agent not in self._action_spaces:
            self._action_spaces[agent] = action_space(self._slots[self._places[agent]][0].action)
        return self._action_spaces[agent]

    def reset(self, seed=None, options=None):
        if seed is not None:
            self.worlds.seed(seed)
        elif not self._isSeeded:
            self.worlds.seed(int(np.random.default_rng().integers(1 << 63)))
        self._isSeeded = True
        self.worlds.reset()
        self._occupants = [0] * len(self._slots)
        self._present = [None] * len(self._slots)
        self.agents = []
        observations, infos = {}, {}
        for place, (group, slot) in enumerate(self._slots):
            if group.active[0, slot] or self._keepsSlots:
                name = self._enter(place)
                observations[name], infos[name] = self._observe(place), self._info(place)
        return observations, infos

    def step(self, actions):
        for group in self._groups:
            group.choices[0], group.numbers[0] = group.idle_choices, group.idle_numbers
        for place, name in enumerate(self._present):
            if name is not None and name in actions:
                self._writers[place](actions[name])
        before = [group.observations for group in self._groups], [group.masks for group in self._groups]
        self.worlds.step()
        is_over = bool(self.worlds.over[0])
        results = {}, {}, {}, {}, {}
        first = 0
        for number, group in enumerate(self._groups):
            rows = before[0][number], before[1][number]
            for slot in range(group.count):
                if self._keepsSlots:
                    self._settle_slot(first + slot, is_over, results)
                else:
                    self._settle(first + slot, rows, is_over, results)
            first += group.count
        return results

    def _settle(self, place, before, is_over, results):
        """Enters what the step brought whoever is or was in a slot."""
        observations, rewards, terminations, truncations, infos = results
        group, slot = self._slots[place]
        name, is_there = self._present[place], bool(group.active[0, slot])
        if name is not None:
            terminated, truncated = bool(group.terminated[0, slot]), bool(group.truncated[0, slot])
            has_ended = terminated or truncated or is_over or not is_there
            # The row of one who left may already show who came: what the leaver saw last is what it saw before.
            seen = before if terminated and not is_over else (group.observations, group.masks)
            observations[name] = self._observe(place, *seen)
            rewards[name] = float(group.rewards[0, slot])
            terminations[name] = terminated
            truncations[name] = truncated or (has_ended and not terminated)
            infos[name] = self._info(place, seen[1]) | self._terms(place)
            if has_ended:
                self._present[place] = None
                self.agents.remove(name)
                name = None
        if name is None and is_there and not is_over:
            name = self._enter(place)
            observations[name], infos[name] = self._observe(place), self._info(place)
            rewards[name], terminations[name], truncations[name] = 0.0, False, False

    def _settle_slot(self, place, is_over, results):
        """Enters what the step brought a slot that is an agent all the time."""
        observations, rewards, terminations, truncations, infos = results
        group, slot = self._slots[place]
        name = self._present[place]
        if name is None:
            return
        terminated, truncated = bool(group.terminated[0, slot]), bool(group.truncated[0, slot])
        observations[name] = self._observe(place)
        rewards[name] = float(group.rewards[0, slot])
        terminations[name] = terminated and is_over
        truncations[name] = is_over and not terminated
        infos[name] = self._info(place) | self._terms(place)
        infos[name]["left"] = terminated or truncated
        if is_over:
            self._present[place] = None
            self.agents.remove(name)

    def _enter(self, place):
        """Names whoever came into a slot."""
        number = self._occupants[place]
        name = self._names[place] if number == 0 else f"{self._names[place]}.{number}"
        if name not in self._places:
            self._places[name] = place
            self.possible_agents.append(name)
        self._occupants[place] = number + 1
        self._present[place] = name
        self.agents.append(name)
        return name

    def _observe(self, place, observations=None, masks=None):
        group, slot = self._slots[place]
        if self._keepsSlots and not group.active[0, slot]:
            seen = self._nothing(place)
        else:
            seen = (group.observations if observations is None else observations)[0, slot].copy()
        if not self._inObservation[place]:
            return seen
        return {"observation": seen, "action_mask": self._mask(place, masks).astype(np.int8)}

    def _nothing(self, place):
        """What is seen in an empty slot."""
        space = self.observation_space(self._names[place])
        space = space["observation"] if self._inObservation[place] else space
        return np.clip(np.zeros(space.shape, np.float32), space.low, space.high)

    def _mask(self, place, masks=None):
        """Which options are permitted; in an empty slot the idle one."""
        group, slot = self._slots[place]
        if not self._keepsSlots or group.active[0, slot]:
            return (group.masks if masks is None else masks)[0, slot]
        mask = np.zeros(group.masks.shape[-1], np.bool_)
        first = 0
        for options, idle in zip(choice_counts(group.action), group.idle_choices[slot]):
            mask[first + idle] = True
            first += options
        return mask

    def _info(self, place, masks=None):
        group, slot = self._slots[place]
        info = {"active": bool(group.active[0, slot])} if self._keepsSlots else {}
        if self._forbids and group.masks.size > 0:
            info["action_mask"] = sampling_mask(group.action, self._mask(place, masks))
        return info

    def _terms(self, place):
        if self.worlds.terms.size == 0:
            return {}
        return {"reward_terms": dict(zip(self.worlds.term_names, self.worlds.terms[0, place].tolist()))}

    @property
    def state_space(self):
        """Where `state()` lies."""
        return spaces.Box(-np.inf, np.inf, (self.worlds.description["state_count"],), np.float32)

    def state(self):
        """What a central critic may see."""
        return self.worlds.state()[0]

    def metrics(self):
        """The metrics of this episode so far."""
        return self.worlds.metrics()

    def return_bound(self):
        """A number that no policy's return can exceed in this episode, or None where none is known."""
        return self.worlds.return_bound()
