"""Solves with HiGHS the programs that our bounds wrote, and compares the optima with ours.

Usage: python check_programs.py DIR     (requirements.txt)

DIR is the folder `programs` that the Swift test `ProgramRecordingTests` writes under EDGEWISE_INTEROP_DIR: LP files, and
`programs.tsv` with a line for each: file, our optimum (nan where only the bound is known), our lower bound.
"""

import math
import sys
from pathlib import Path

import highspy

from reporting import conclude, ok, require

TOLERANCE = 1e-6
SECONDS = 120


def solve(path):
    """The optimum of a program."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 1e-7)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    solver.setOptionValue("time_limit", float(SECONDS))
    require(solver.readModel(str(path)) == highspy.HighsStatus.kOk, f"{path.name} is not read by HiGHS")
    solver.run()
    status = solver.getModelStatus()
    require(status == highspy.HighsModelStatus.kOptimal, lambda: f"{path.name} ends as {status}")
    return solver.getInfo().objective_function_value


def main():
    folder = Path(sys.argv[1])
    rows = [line.split("\t") for line in (folder / "programs.tsv").read_text().splitlines()]
    require(len(rows) >= 40, f"programs.tsv has {len(rows)} programs, not 40")
    known = bounded = 0
    worst = 0.0
    closest = []
    for name, optimum, bound in rows:
        theirs, optimum, bound = solve(folder / name), float(optimum), float(bound)
        scale = max(1.0, abs(theirs))
        require(bound <= theirs + TOLERANCE * scale, lambda: f"{name}: our bound {bound} lies above the optimum {theirs}")
        bounded += 1
        if math.isnan(optimum):
            closest.append((theirs - bound) / scale)
            continue
        difference = abs(theirs - optimum) / scale
        worst = max(worst, difference)
        require(difference <= TOLERANCE, lambda: f"{name}: our optimum {optimum}, that of HiGHS {theirs}")
        known += 1
    ok(f"{known} optima of schedules and servers agree with those of HiGHS to {worst:.1e}")
    ok(f"{bounded} lower bounds hold")
    require(max(closest) <= 0.02, lambda: f"a Lagrangian bound lies {max(closest):.1%} under its relaxed program")
    ok(f"Lagrangian bounds come within {max(closest):.1e} of the relaxed optima of HiGHS")


if __name__ == "__main__":
    conclude(main)
