"""Compares our own answers to 10,000 random observations and masks for each model with ONNX Runtime's.

Usage: python check_answers.py DIR     (requirements.txt)

DIR is what the Swift test `InteroperabilityTests` writes under EDGEWISE_INTEROP_DIR: `bundle/` and
`answers/<model>/{observation.f32,action_mask.u8,q_values.f32,action.i64}`, little-endian, row after row.
"""

import json
import sys
from pathlib import Path

import numpy as np

from models import compare, load, run
from reporting import conclude, fail, ok, require

LEAST_ROWS = 10_000


def check_model(folder, bundle, file, group):
    width, options = len(group["observation"]), len(group["actions"])
    observation = np.fromfile(folder / "observation.f32", dtype="<f4").reshape(-1, width)
    mask = np.fromfile(folder / "action_mask.u8", dtype=np.uint8).reshape(-1, options).astype(bool)
    values = np.fromfile(folder / "q_values.f32", dtype="<f4").reshape(-1, options)
    actions = np.fromfile(folder / "action.i64", dtype="<i8")
    rows = {len(observation), len(mask), len(values), len(actions)}
    require(len(rows) == 1 and min(rows) >= LEAST_ROWS, f"{folder} holds {sorted(rows)} rows, not {LEAST_ROWS}")
    worst, ties = compare(file, mask, (values, actions), run(load(bundle / file), observation, mask))
    ok(f"{file}: our answers and ONNX Runtime's agree to {worst:.1e} on {len(actions)} rows, {ties} ties")


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
