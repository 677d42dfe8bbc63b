"""Compares our own answers to 10,000 random observations, masks and states for each model with ONNX Runtime's.

Usage: python check_answers.py DIR     (requirements.txt)

DIR is what the Swift test `InteroperabilityTests` writes under EDGEWISE_INTEROP_DIR: `bundle/` and
`answers/<model>/` with a file for each input and output of the model, little-endian, row after row:
`observation.f32`, `action_mask.u8`, `state_in.f32`, `q_values.f32` or `logits.f32`, `action.i64` and so on.
"""

import json
import sys
from pathlib import Path

import numpy as np

from actions import Actions
from models import Rows, compare, load, run
from reporting import conclude, fail, ok, require

LEAST_ROWS = 10_000
FILES = {"float32": ("f32", "<f4"), "int64": ("i64", "<i8"), "bool": ("u8", np.uint8)}


def read(folder, ports):
    """The columns of a model's inputs or outputs by name."""
    columns = {}
    for port in ports:
        suffix, kind = FILES[port["type"]]
        column = np.fromfile(folder / f"{port['name']}.{suffix}", dtype=kind).reshape(-1, *port["shape"][1:])
        columns[port["name"]] = column.astype(bool) if port["type"] == "bool" else column
    return columns


def check_model(folder, bundle, file, group):
    actions = Actions(group)
    inputs, outputs = read(folder, group["inputs"]), read(folder, group["outputs"])
    counts = {len(column) for column in (*inputs.values(), *outputs.values())}
    require(len(counts) == 1 and min(counts) >= LEAST_ROWS, f"{folder} holds {sorted(counts)} rows, not {LEAST_ROWS}")
    rows = Rows(inputs["observation"], inputs.get("action_mask"), inputs.get("state_in"))
    ours = actions.answer(outputs)
    worst, ties = compare(file, actions, rows, ours, run(load(bundle / file), actions, rows))
    ok(f"{file}: our answers and ONNX Runtime's agree to {worst:.1e} on {len(rows)} rows, {ties} ties")


def main():
    if len(sys.argv) != 2:
        fail("usage: check_answers.py DIR")
    folder = Path(sys.argv[1])
    bundle = folder / "bundle"
    require((bundle / "policy.json").is_file(), f"{bundle} is not a bundle: it has no policy.json")
    contract = json.loads((bundle / "policy.json").read_text())
    for group in contract["groups"]:
        for model in group["models"]:
            answers = folder / "answers" / model["file"].removesuffix(".onnx")
            require(answers.is_dir(), f"there are no answers in {answers}")
            check_model(answers, bundle, model["file"], group)


if __name__ == "__main__":
    conclude(main)
