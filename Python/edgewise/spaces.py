"""Gymnasium's spaces for a group's observations and actions."""

import operator

import gymnasium.spaces as spaces
import numpy as np

from .worlds import choice_counts


def observation_space(fields):
    """A Box with each field's range; infinite ends stay infinite."""
    low = np.array([-np.inf if field["low"] is None else field["low"] for field in fields], np.float32)
    high = np.array([np.inf if field["high"] is None else field["high"] for field in fields], np.float32)
    return spaces.Box(low, high, dtype=np.float32)


def action_space(action):
    """Discrete, MultiDiscrete, Box, or for hybrid actions Tuple((Discrete, Box))."""
    kind = action["kind"]
    if kind == "discrete":
        return spaces.Discrete(len(action["labels"]))
    if kind == "multi_discrete":
        return spaces.MultiDiscrete(np.array(action["options"], np.int64), dtype=np.int32)
    box = spaces.Box(np.array(action["low"], np.float32), np.array(action["high"], np.float32), dtype=np.float32)
    return box if kind == "box" else spaces.Tuple((spaces.Discrete(len(action["labels"])), box))


def sampling_mask(action, options):
    """One agent's mask in the form that `action_space.sample(mask)` takes; None where nothing can be masked."""
    kind = action["kind"]
    if kind == "box":
        return None
    options = options.astype(np.int8)
    if kind == "discrete":
        return options
    if kind == "hybrid":
        return (options, None)
    ends = np.cumsum(choice_counts(action))[:-1]
    return tuple(np.split(options, ends))


def writer(action, choices, numbers):
    """A function that writes one agent's action, a member of its space, into its rows of the frame."""
    kind = action["kind"]
    if kind == "discrete":
        def write_choice(value):
            choices[0] = operator.index(value)
        return write_choice
    if kind == "hybrid":
        def write_both(value):
            choices[0] = operator.index(value[0])
            write(numbers, value[1])
        return write_both
    target = numbers if kind == "box" else choices
    return lambda value: write(target, value)


def write(buffer, values):
    """Writes numbers where the library reads them; fractions are no choices."""
    np.copyto(buffer, values, casting="same_kind")
