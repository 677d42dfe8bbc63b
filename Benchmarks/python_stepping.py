"""Batched stepping from Python beside `edgewise benchmark environments`, on every scenario.

Usage: python python_stepping.py EDGEWISE [--rounds N] [--seconds S]

Both step the same numbers of copies with random actions, resets included, by turns. Where a scenario forbids options,
both draw among the permitted ones in each step; elsewhere both write actions that were drawn beforehand. A ratio is the
median over the rounds of Python's rate over the tool's, with the least and the greatest.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Python"))

import numpy as np

import edgewise


def tool_rates(tool, seconds):
    output = subprocess.run(
        [tool, "benchmark", "environments", "--seconds", str(seconds), "--repeats", "3", "--format", "json"],
        check=True, capture_output=True, text=True, cwd=ROOT)
    rates = {}
    for row in json.loads(output.stdout)["rows"]:
        scenario, copies, _ = row["work"].split(", ")
        rates[scenario, int(copies.split()[0])] = row["median"]
    return rates


def stepper(scenario, copies):
    """A function that takes one batched step."""
    worlds, drawing = (edgewise.Worlds(scenario, copies, autoreset=True) for _ in range(2))
    worlds.reset()
    if worlds.description["masks"]:
        worlds.play("random")

        def step(_):
            worlds.act()
            worlds.step()
        return step
    drawing.reset()
    drawing.play("random")
    pools = []
    for _ in range(8):
        drawing.act()
        pools.append([(group.choices.copy(), group.numbers.copy()) for group in drawing.groups])
    parts = [(group.choices, group.numbers) for group in worlds.groups]

    def step(turn):
        for (choices, numbers), (some, others) in zip(parts, pools[turn & 7]):
            if choices.size:
                choices[...] = some
            if numbers.size:
                numbers[...] = others
        worlds.step()
    return step


def python_rate(scenario, copies, seconds):
    step = stepper(scenario, copies)
    turns, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step(turns)
        turns += 1
    rates = []
    for _ in range(3):
        start = time.perf_counter()
        for turn in range(turns):
            step(turn)
        rates.append(copies * turns / (time.perf_counter() - start))
    return statistics.median(rates)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("edgewise")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=0.2)
    options = parser.parse_args()
    tool = os.path.realpath(options.edgewise)
    os.environ.setdefault("EDGEWISE_LIBRARY", f"{os.path.dirname(tool)}/libEdgewiseEnvironments.so")
    found = {}
    for _ in range(options.rounds):
        for (scenario, copies), rate in tool_rates(tool, options.seconds).items():
            ours = python_rate(f"{ROOT}/Environments/{scenario}.yaml", copies, options.seconds)
            found.setdefault((scenario, copies), []).append((ours, rate))
    print("| scenario | copies | Python, steps/s | edgewise, steps/s | ratio |\n|---|---|---|---|---|")
    for (scenario, copies), pairs in found.items():
        ratios = sorted(ours / rate for ours, rate in pairs)
        ours, rate = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        print(f"| {scenario} | {copies:,} | {ours:,.0f} | {rate:,.0f} | {np.median(ratios):.2f} "
              f"({ratios[0]:.2f} to {ratios[-1]:.2f}) |", flush=True)


main()
