"""Writes Tests/BaselinesTests/Fixtures/transport.json: entropic transport plans and their limits by POT.

Usage: python make_transport_fixtures.py     (POT 0.9.7.post1, numpy 2.4.6)

`exact`: plans between masses a and b of equal sum by ot.sinkhorn(method="sinkhorn_log"), and the least cost of any plan
by ot.emd2. `bounded`: the entropic plan that sends all of a with at most b arriving, by
ot.partial.entropic_partial_wasserstein with m = sum(a), and the least cost by ot.emd2 with a source that costs nothing
for what stays free.
"""

import json
from pathlib import Path

import numpy as np
import ot

random = np.random.default_rng(11)


def numbers(array):
    return [float(x) for x in np.asarray(array).ravel()]


def exact(sources, sinks, regularization):
    a, b = random.dirichlet(np.ones(sources)), random.dirichlet(np.ones(sinks))
    costs = random.random((sources, sinks))
    plan, log = ot.sinkhorn(
        a, b, costs, regularization, method="sinkhorn_log", numItermax=10_000_000, stopThr=1e-13, log=True)
    assert log["err"][-1] < 1e-12, log["err"][-1]
    return {
        "regularization": regularization, "masses": numbers(a), "capacities": numbers(b), "costs": numbers(costs),
        "plan": numbers(plan), "least": float(ot.emd2(a, b, costs)),
    }


def bounded(sources, sinks, regularization, slack):
    a, b = random.random(sources) + 0.1, random.random(sinks) + 0.1
    b *= slack * a.sum() / b.sum()
    costs = random.random((sources, sinks))
    plan, log = ot.partial.entropic_partial_wasserstein(
        a, b, costs, regularization, m=a.sum(), numItermax=2_000_000, stopThr=1e-14, log=True)
    assert np.abs(plan.sum(axis=1) - a).max() < 1e-9 and (plan.sum(axis=0) - b).max() < 1e-9
    extended = np.vstack([costs, np.zeros(sinks)])
    least = ot.emd2(np.append(a, b.sum() - a.sum()), b, extended)
    return {
        "regularization": regularization, "masses": numbers(a), "capacities": numbers(b), "costs": numbers(costs),
        "plan": numbers(plan), "least": float(least),
    }


fixture = {
    "exact": [exact(2, 2, 0.5), exact(5, 7, 0.1), exact(8, 3, 0.02), exact(6, 6, 0.005), exact(1, 4, 0.1)],
    "bounded": [bounded(4, 3, 0.2, 1.3), bounded(6, 4, 0.1, 1.1), bounded(3, 5, 0.05, 3)],
}
folder = Path(__file__).parent.parent / "BaselinesTests" / "Fixtures"
(folder / "transport.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
