"""What the checks share: models run by ONNX Runtime, and answers compared within the bundle's tolerance."""

import numpy as np
import onnxruntime

from reporting import require

TOLERANCE = 1e-4


class Rows:
    """What goes into a model: observations [rows, n], a mask [rows, m] or None, a state [rows, s] or None."""

    def __init__(self, observation, mask=None, state=None):
        self.observation, self.mask, self.state = observation, mask, state

    def __len__(self):
        return len(self.observation)

    def __getitem__(self, rows):
        parts = (self.observation, self.mask, self.state)
        return Rows(*(None if part is None else part[rows] for part in parts))

    def inputs(self):
        parts = {"observation": self.observation, "action_mask": self.mask, "state_in": self.state}
        return {name: part for name, part in parts.items() if part is not None}


def load(path):
    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(session, actions, rows):
    """ONNX Runtime's answer to rows."""
    names = [output.name for output in session.get_outputs()]
    outputs = dict(zip(names, session.run(names, rows.inputs())))
    answer = actions.answer(outputs)
    require((answer.state is None) == (rows.state is None), "state_in and state_out do not come together")
    if answer.state is not None:
        fits = answer.state.dtype == np.float32 and answer.state.shape == rows.state.shape
        require(fits, f"state_out is {answer.state.shape}")
    require(len(answer.choices) == len(rows), f"{len(answer.choices)} actions for {len(rows)} rows")
    return answer


def largest_difference(what, ours, theirs, width=1.0):
    """The largest difference in units of max(width, |x|), which must be within the tolerance. NaN never agrees."""
    allowed = np.maximum(width, np.abs(theirs.astype(np.float64)))
    difference = np.abs(ours.astype(np.float64) - theirs.astype(np.float64)) / allowed
    bad = np.argwhere(~(difference <= TOLERANCE))
    require(
        len(bad) == 0,
        lambda: f"{what}: row {bad[0][0]}, column {bad[0][1]}: {ours[tuple(bad[0])]} against "
        f"{theirs[tuple(bad[0])]} ({len(bad)} values differ)",
    )
    return float(difference.max(initial=0.0))


def compare(what, actions, rows, ours, theirs):
    """Compares two answers to the same rows; returns the largest difference and the number of ties.

    Options of a branch may differ only where the two chosen values lie closer than the tolerance. A squashed number
    is as uncertain as its range is wide: its derivative by an output is at most half of that.
    """
    worst = largest_difference(f"{what}, {actions.values_name}", ours.values, theirs.values)
    if actions.squashed:
        half = actions.high.astype(np.float64) / 2 - actions.low.astype(np.float64) / 2
        worst = max(worst, largest_difference(f"{what}, numbers", ours.reals, theirs.reals, np.maximum(1.0, half)))
    if theirs.state is not None:
        worst = max(worst, largest_difference(f"{what}, state_out", ours.state, theirs.state))
    permitted = actions.permitted(rows.mask, len(rows))
    all_rows = np.arange(len(rows))
    ties = 0
    for branch, columns in enumerate(actions.columns()):
        for name, answer in (("ours", ours), ("theirs", theirs)):
            allowed = permitted[all_rows, columns.start + answer.choices[:, branch]]
            require(bool(np.all(allowed)), f"{what}: {name} chose an option of branch {branch} that the mask forbids")
        for row in np.flatnonzero(ours.choices[:, branch] != theirs.choices[:, branch]):
            pair = [columns.start + answer.choices[row, branch] for answer in (ours, theirs)]
            a, b = (float(theirs.values[row, column]) for column in pair)
            require(
                abs(a - b) <= TOLERANCE * max(1.0, abs(b)),
                f"{what}: row {row}: options {pair[0]} against {pair[1]}, {abs(a - b)} apart",
            )
            ties += 1
    return worst, ties
