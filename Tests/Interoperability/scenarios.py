"""Every scenario file of this checkout, and the package that opens them."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Python"))

FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "Environments").rglob("*.yaml"))


def cycles(agents):
    """How many steps of a scenario with so many agents are enough, so that all scenarios together stay quick."""
    return min(200, max(20, 2000 // agents))


def step_return(worlds, environment=0):
    """The mean reward over those who were there in the last step, in the order in which `evaluate` adds."""
    total, present = 0.0, 0
    for group in worlds.groups:
        part = 0.0
        for was_there, reward in zip(group.acted[environment].tolist(), group.rewards[environment].tolist()):
            if was_there:
                part += reward
                present += 1
        total += part
    return total / present if present else 0.0
