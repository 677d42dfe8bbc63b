"""Copies of a scenario's world, stepped together in memory that NumPy sees."""

import ctypes
import json
import os
from pathlib import Path

import numpy as np

from .library import BEGINS_ANEW, KEEPS_RECORDS, PURPOSES, EdgewiseError, GroupFrame, SharedFrame, check, library


class Handle:
    """An open handle of the library; the memory behind it lives as long as any array that shows it."""

    def __init__(self, value):
        self.value = value

    def __del__(self):
        library().edgewise_close(self.value)


class Group:
    """Agents that share their spaces; every array is a view of the library's own memory and never moves.

    Shapes begin with (environments, slots). `observations` and `masks` show the present; what they showed before the
    last step stays readable until the next one in the array that they were then.

    | array | type | last axis | meaning |
    |---|---|---|---|
    | `observations` | float32 | fields | what is seen now |
    | `masks` | bool | options of all choices | what is permitted now |
    | `active` | bool | | who is there now |
    | `choices` | int32 | choices | the action's integers: write them |
    | `numbers` | float32 | dimensions | the action's real numbers: write them |
    | `acted` | bool | | who was there in the last step |
    | `rewards` | float64 | | of the last step |
    | `terminated`, `truncated` | bool | | whose trajectory ended in the last step |
    | `last_observations`, `last_masks` | | | with `autoreset`, where an episode ended: the true last ones |
    """

    def __init__(self, number, description, environments, handle, layouts):
        self.name = description["name"]
        self.count = description["count"]
        self.fields = description["observation"]
        self.action = description["action"]
        options = choice_counts(self.action)
        dimensions = len(self.action.get("low", []))
        shape = (environments, self.count)
        self.idle_choices = np.array(description["idle"]["discrete"], np.int32).reshape(self.count, len(options))
        self.idle_numbers = np.array(description["idle"]["continuous"], np.float32).reshape(self.count, dimensions)
        widths = {
            "observations": (len(self.fields),), "masks": (sum(options),), "active": (),
            "choices": (len(options),), "numbers": (dimensions,), "acted": (), "rewards": (),
            "terminated": (), "truncated": (), "last_observations": (len(self.fields),),
            "last_masks": (sum(options),),
        }
        self._layouts = []
        for layout in layouts:
            views = {name: view(getattr(layout[number], name), shape + width, handle) for name, width in widths.items()}
            self._layouts.append(views)
        for name, array in self._layouts[0].items():
            setattr(self, name, array)

    def show(self, layout):
        """Lets `observations` and `masks` be the present ones."""
        views = self._layouts[layout]
        self.observations = views["observations"]
        self.masks = views["masks"]


class Worlds:
    """Copies of a scenario's world, all agents of all copies at once.

    Nothing is copied between NumPy and the library: write `groups[g].choices` and `groups[g].numbers`, call `step`,
    read the other arrays.

    - `scenario`: a file, or an id such as "vehicular/trace-offloading".
    - `overrides`: keys of the scenario to set anew, `{"time.steps": 100}`.
    - `control`: how agents are controlled, as the scenario's key `control`: "central" makes all agents one.
    - `autoreset`: an ended environment begins its next episode within the same step.
    - `records`: `terms` has every agent's reward terms, and metrics of ended episodes are kept.
    - `purpose`: "evaluation" plays the episodes of `edgewise evaluate`; learners take "training", whose seeds differ.
    """

    def __init__(
        self, scenario, environments=1, *, overrides=None, control=None, autoreset=False, records=False,
        purpose="evaluation", seed=0,
    ):
        if purpose not in PURPOSES:
            raise EdgewiseError(f"purpose is {purpose!r}; write one of {', '.join(PURPOSES)}")
        settings = [f"{key}={yaml_text(value)}" for key, value in (overrides or {}).items()]
        if control is not None:
            settings.append(f"control={control}")
        self._library = library()
        self._purpose = PURPOSES[purpose]
        self._handle = self._open(find(scenario), settings, environments, autoreset, records)
        self.environments = environments
        self.autoreset = autoreset
        self.description = json.loads(self._text(self._library.edgewise_describe))
        self.groups = self._groups()
        self.agents = sum(group.count for group in self.groups)
        self.term_names = [term["name"] for term in self.description["reward_terms"]]
        shared = SharedFrame()
        check(self._library.edgewise_shared(self._handle.value, ctypes.byref(shared)))
        self.over = view(shared.over, (environments,), self._handle)
        terms = (environments, self.agents, len(self.term_names)) if records else (0, 0, 0)
        self.terms = view(shared.terms, terms, self._handle)
        self._layout = ctypes.c_int32()
        self._replaced = ctypes.c_int64()
        self._layout_place = ctypes.byref(self._layout)
        self._replaced_place = ctypes.byref(self._replaced)
        self._shown = 0
        self.seed(seed)

    def _open(self, path, settings, environments, autoreset, records):
        texts = (ctypes.c_char_p * max(1, len(settings)))(*[text.encode() for text in settings])
        options = (BEGINS_ANEW if autoreset else 0) | (KEEPS_RECORDS if records else 0)
        handle = ctypes.c_int64()
        check(self._library.edgewise_open(
            os.fsencode(path), texts, len(settings), environments, options, ctypes.byref(handle)))
        return Handle(handle.value)

    def _groups(self):
        layouts = [[], []]
        for layout, frames in enumerate(layouts):
            for number in range(len(self.description["groups"])):
                frames.append(GroupFrame())
                check(self._library.edgewise_frame(self._handle.value, layout, number, ctypes.byref(frames[-1])))
        return [
            Group(number, description, self.environments, self._handle, layouts)
            for number, description in enumerate(self.description["groups"])
        ]

    def _text(self, function, *arguments):
        text = ctypes.c_char_p()
        check(function(self._handle.value, *arguments, ctypes.byref(text)))
        return text.value.decode()

    def seed(self, seed):
        """Environment i will play the episodes of a run's i-th environment, from the first.

        Environment 0 then plays the episodes of `edgewise evaluate --seed`, in their order.
        """
        check(self._library.edgewise_seed(self._handle.value, self._purpose, seed_value(seed)))

    def seed_each(self, seeds):
        """Environment i will play the episodes of the first environment of the run of seeds[i], from the first."""
        values = (ctypes.c_uint64 * len(seeds))(*map(seed_value, seeds))
        check(self._library.edgewise_seed_each(self._handle.value, self._purpose, values, len(seeds)))

    def reset(self, chosen=None):
        """Begins the next episode in every environment, or where the bool array `chosen` says so."""
        pointer = None
        if chosen is not None:
            chosen = np.ascontiguousarray(chosen, np.bool_)
            if chosen.shape != (self.environments,):
                raise EdgewiseError(f"chosen has the shape {chosen.shape}, not {(self.environments,)}")
            pointer = chosen.ctypes.data_as(ctypes.POINTER(ctypes.c_bool))
        check(self._library.edgewise_reset(self._handle.value, pointer, self._layout_place))
        self._show()

    def step(self):
        """Takes one step with the actions in the groups' arrays; returns how many forbidden choices were replaced.

        A choice that is no option, or a number that is not finite, is refused. A number outside its range becomes the
        range's nearer end, a choice that the mask forbids the idle one; the arrays hold what was done.
        """
        status = self._library.edgewise_step(self._handle.value, self._layout_place, self._replaced_place)
        if status != 0:
            check(status)
        self._show()
        return self._replaced.value

    def _show(self):
        layout = self._layout.value
        if layout != self._shown:
            for group in self.groups:
                group.show(layout)
            self._shown = layout

    def play(self, policy):
        """Lets a rule, or the policy in a checkpoint (.h5), decide in `act`."""
        check(self._library.edgewise_play(self._handle.value, os.fsencode(policy)))

    def act(self):
        """Writes that policy's actions into the groups' arrays."""
        check(self._library.edgewise_act(self._handle.value))

    def state(self, out=None):
        """What a central critic may see, float32 (environments, state_count), written into `out` where it is given."""
        shape = (self.environments, self.description["state_count"])
        out = np.empty(shape, np.float32) if out is None else out
        if out.shape != shape or out.dtype != np.float32 or not out.flags.c_contiguous:
            raise EdgewiseError(f"out is {out.dtype} {out.shape}; give a contiguous array of float32 {shape}")
        pointer = out.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        check(self._library.edgewise_state(self._handle.value, pointer, out.size))
        return out

    def metrics(self, environment=0):
        """The metrics of an environment's episode; of the ended one where it has just ended."""
        return json.loads(self._text(self._library.edgewise_metrics, environment))

    def return_bound(self, environment=0):
        """A number that no policy's return can exceed in an environment's episode, or None where none is known."""
        bound, known = ctypes.c_double(), ctypes.c_bool()
        check(self._library.edgewise_return_bound(
            self._handle.value, environment, ctypes.byref(bound), ctypes.byref(known)))
        return bound.value if known.value else None


def view(pointer, shape, handle):
    """The array that a pointer means, which keeps the handle open while anything shows it."""
    kind = pointer._type_
    size = int(np.prod(shape))
    if size == 0 or not pointer:
        return np.zeros((*shape[:-1], 0) if shape else shape, np.dtype(kind))
    memory = (kind * size).from_address(ctypes.addressof(pointer.contents))
    memory.handle = handle
    return np.frombuffer(memory, np.dtype(kind)).reshape(shape)


def choice_counts(action):
    """The number of options of each integer of an action."""
    if "labels" in action:
        return [len(action["labels"])]
    return action.get("options", [])


def find(scenario):
    """The file that a path or an id means: as given, else beside this checkout's `Environments`."""
    text = os.fspath(scenario)
    if Path(text).is_file():
        return text
    beside = Path(__file__).resolve().parent.parent.parent / "Environments" / f"{text}.yaml"
    return str(beside) if beside.is_file() else text


def yaml_text(value):
    """A value as YAML; a text as it stands."""
    return value if isinstance(value, str) else json.dumps(value)


def seed_value(seed):
    """A seed as the library takes it."""
    seed = int(seed)
    if not 0 <= seed < 1 << 64:
        raise EdgewiseError(f"the seed is {seed}; write a whole number from 0 to 2^64 - 1")
    return seed
