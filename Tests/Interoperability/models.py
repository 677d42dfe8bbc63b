"""What the checks share: models run by ONNX Runtime, and answers compared within the bundle's tolerance."""

import numpy as np
import onnxruntime

from reporting import require

TOLERANCE = 1e-4


def load(path):
    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(session, observation, mask):
    """The values and actions of a model for float32 [batch, n] and bool [batch, m]."""
    values, actions = session.run(["q_values", "action"], {"observation": observation, "action_mask": mask})
    require(values.dtype == np.float32 and values.shape == mask.shape, "q_values are not float32 [batch, m]")
    require(actions.dtype == np.int64 and actions.shape == mask.shape[:1], "actions are not int64 [batch]")
    return values, actions


def compare(what, mask, ours, theirs):
    """Compares (values, actions) of two runtimes; returns the largest difference in units of max(1, |x|).

    Actions may differ only where the two chosen values lie closer than the tolerance. NaN never agrees.
    """
    allowed = np.maximum(1.0, np.abs(theirs[0].astype(np.float64)))
    difference = np.abs(ours[0].astype(np.float64) - theirs[0].astype(np.float64)) / allowed
    bad = np.argwhere(~(difference <= TOLERANCE))
    require(
        len(bad) == 0,
        lambda: f"{what}: row {bad[0][0]}, action {bad[0][1]}: {ours[0][tuple(bad[0])]} against "
        f"{theirs[0][tuple(bad[0])]} ({len(bad)} values differ)",
    )
    rows = np.arange(len(mask))
    for name, actions in (("ours", ours[1]), ("theirs", theirs[1])):
        require(bool(np.all(mask[rows, actions])), f"{what}: {name} chose an action that its mask forbids")
    different = np.flatnonzero(ours[1] != theirs[1])
    for row in different:
        gap = abs(float(theirs[0][row, ours[1][row]]) - float(theirs[0][row, theirs[1][row]]))
        limit = TOLERANCE * max(1.0, abs(float(theirs[0][row, theirs[1][row]])))
        require(gap <= limit, f"{what}: row {row}: action {ours[1][row]} against {theirs[1][row]}, {gap} apart")
    return float(difference.max(initial=0.0)), len(different)
