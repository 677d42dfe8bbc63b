"""Writes Tests/BaselinesTests/Fixtures/transport.json: entropic transport plans and their limits by POT.

Usage: python make_transport_fixtures.py     (POT 0.9.7.post1, numpy 2.4.6, scipy 1.17.1)

`exact`: plans between masses a and b of equal sum by ot.sinkhorn(method="sinkhorn_log"), and the least cost of any plan
by ot.emd2. `bounded`: the entropic plan that sends all of a with at most b arriving, by
ot.partial.entropic_partial_wasserstein with m = sum(a), and the least cost by ot.emd2 with a source that costs nothing
for what stays free. `linked`: sinks that take more than b at a price, and links of which edges take different amounts; the dual

    max over g in [-price, 0], h <= 0 of  -eps sum_i a_i log sum_e exp((g_j + r_e h_l - C_e)/eps) + sum b g + sum T h

by scipy's L-BFGS-B, and from it the plan.
"""

import json
from pathlib import Path

import numpy as np
import ot
from scipy.optimize import minimize
from scipy.special import logsumexp

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


def linked(sources, sinks, links, regularization, price):
    a, b = random.random(sources) + 0.1, random.random(sinks) + 0.1
    b *= 0.9 * a.sum() / b.sum()
    costs = random.random((sources, sinks))
    uses = random.random((sources, sinks)) * np.exp(2 * random.random((sources, sinks)))
    # The last sink is reached without a link.
    over = random.integers(links, size=(sources, sinks))
    over[:, -1] = -1
    uses[:, -1] = 0
    share = np.exp(-costs / regularization)
    share *= a[:, None] / share.sum(axis=1, keepdims=True)
    capacities = np.array([0.5 * (share * uses)[over == link].sum() for link in range(links)])

    def exponents(x):
        g, h = x[:sinks], np.append(x[sinks:], 0)
        return (g[None, :] + uses * h[over] - costs) / regularization

    def plan_of(x):
        e = exponents(x)
        return a[:, None] * np.exp(e - logsumexp(e, axis=1, keepdims=True))

    def negative(x):
        value = -regularization * (a * logsumexp(exponents(x), axis=1)).sum() + b @ x[:sinks] + capacities @ x[sinks:]
        plan = plan_of(x)
        slope = np.append(b - plan.sum(axis=0), capacities - [(plan * uses)[over == l].sum() for l in range(links)])
        return -value, -slope

    bounds = [(-price, 0)] * sinks + [(None, 0)] * links
    x = np.zeros(sinks + links)
    for _ in range(20):
        x = minimize(
            negative, x, jac=True, method="L-BFGS-B", bounds=bounds,
            options={"maxiter": 100_000, "maxfun": 1_000_000, "ftol": 0, "gtol": 1e-11, "maxls": 100}).x
    slope = -negative(x)[1]
    low, high = np.array([-price] * sinks + [-np.inf] * links), np.zeros(sinks + links)
    # Optimal: no slope inside, none that points inwards at a bound.
    residual = np.abs(x - np.clip(x + slope, low, high)).max()
    assert residual < 1e-8, residual
    return {
        "regularization": regularization, "price": price, "masses": numbers(a), "capacities": numbers(b),
        "costs": numbers(costs), "uses": numbers(uses), "over": [int(l) for l in over.ravel()],
        "link_capacities": numbers(capacities), "plan": numbers(plan_of(x)), "sink_potentials": numbers(x[:sinks]),
        "link_potentials": numbers(x[sinks:]),
    }


fixture = {
    "exact": [exact(2, 2, 0.5), exact(5, 7, 0.1), exact(8, 3, 0.02), exact(6, 6, 0.005), exact(1, 4, 0.1)],
    "bounded": [bounded(4, 3, 0.2, 1.3), bounded(6, 4, 0.1, 1.1), bounded(3, 5, 0.05, 3)],
    "linked": [linked(6, 4, 2, 0.2, 0.5), linked(9, 5, 3, 0.1, 1), linked(4, 3, 1, 0.3, 0.05)],
}
folder = Path(__file__).parent.parent / "BaselinesTests" / "Fixtures"
(folder / "transport.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
