"""Writes Tests/FederationTests/Fixtures/aggregation.json: what Flower's functions and strategies make of updates.

Usage: python make_aggregation_fixtures.py     (flwr 1.41.0, numpy 2.4.6)

The functions get updates of float32 values, some of them far away, and compute in float64. The strategies FedAvgM,
FedAdam and FedYogi run over several rounds from one initial model, each round's updates drawn around the strategy's
own model, rounded to float32; every round's model is written.
"""

import json
from pathlib import Path

import numpy as np
from flwr.common import Code, FitRes, Status, ndarrays_to_parameters, parameters_to_ndarrays
from flwr.server.client_proxy import ClientProxy
from flwr.server.strategy import FedAdam, FedAvgM, FedYogi
from flwr.server.strategy.aggregate import (
    aggregate, aggregate_bulyan, aggregate_krum, aggregate_median, aggregate_trimmed_avg)

ROUNDS = 6


class Proxy(ClientProxy):
    """A client that is only its number."""

    def get_properties(self, *_): raise NotImplementedError
    def get_parameters(self, *_): raise NotImplementedError
    def fit(self, *_): raise NotImplementedError
    def evaluate(self, *_): raise NotImplementedError
    def reconnect(self, *_): raise NotImplementedError


def single(values):
    """Numbers with few digits that 32 bits hold as they are written."""
    return np.round(values, 3).astype(np.float32)


def short(values):
    return [float(str(x)) for x in np.asarray(values, np.float32).ravel()]


def long(values):
    return [float(x) for x in np.asarray(values, np.float64).ravel()]


def functions(generator, clients, size, liars):
    updates = single(generator.normal(0, 1, (clients, size)) + generator.normal(0, 2, size))
    for liar in generator.permutation(clients)[:liars]:
        updates[liar] = single(generator.normal(0, 1, size) * 10.0 ** generator.uniform(1, 2))
    samples = [int(x) for x in generator.integers(1, 1000, clients)]
    results = [([row.astype(np.float64)], weight) for row, weight in zip(updates, samples)]
    case = {
        "updates": [short(row) for row in updates], "samples": samples, "liars": liars,
        "mean": long(aggregate(results)[0]), "median": long(aggregate_median(results)[0]),
        "trimmed": [
            {"trim": trim, "mean": long(aggregate_trimmed_avg(results, trim)[0])}
            for trim in (0.0, 0.1, 0.2, 0.3, 0.45)],
        "krum": long(aggregate_krum(results, liars, 0)[0]),
        "multi_krum": [
            {"keep": keep, "mean": long(aggregate_krum(results, liars, keep)[0])}
            for keep in range(1, clients - liars + 1)],
    }
    if clients >= 4 * liars + 3:
        case["bulyan"] = long(aggregate_bulyan(list(results), liars, aggregate_krum, to_keep=0)[0])
    return case


def rounds(generator, name, make, keys):
    size, clients = 9, 4
    model = single(generator.normal(0, 1, size))
    strategy = make([model.astype(np.float64)])
    case = {"rule": name, "keys": keys, "model": short(model), "rounds": []}
    for number in range(1, ROUNDS + 1):
        updates = single(model + generator.normal(0, 0.3, (clients, size)) + 0.1)
        samples = [int(x) for x in generator.integers(1, 100, clients)]
        results = [
            (Proxy(str(client)), FitRes(
                Status(Code.OK, ""), ndarrays_to_parameters([row.astype(np.float64)]), samples[client], {}))
            for client, row in enumerate(updates)]
        parameters, _ = strategy.aggregate_fit(number, results, [])
        model = parameters_to_ndarrays(parameters)[0]
        case["rounds"].append({"updates": [short(row) for row in updates], "samples": samples, "model": long(model)})
    return case


def strategies(generator):
    for rate, momentum in ((1.0, 0.0), (1.0, 0.9), (0.5, 0.5)):
        yield rounds(
            generator, "fedavgm",
            lambda model: FedAvgM(
                initial_parameters=ndarrays_to_parameters(model), server_learning_rate=rate, server_momentum=momentum),
            {"server_learning_rate": rate, "momentum": momentum})
    for name, strategy in (("fedadam", FedAdam), ("fedyogi", FedYogi)):
        for rate, beta1, beta2, tau in ((0.1, 0.9, 0.99, 1e-3), (0.01, 0.0, 0.5, 1e-2), (0.3, 0.5, 0.9, 0.5)):
            yield rounds(
                generator, name,
                lambda model: strategy(
                    initial_parameters=ndarrays_to_parameters(model), eta=rate, beta_1=beta1, beta_2=beta2, tau=tau),
                {"server_learning_rate": rate, "beta1": beta1, "beta2": beta2, "tau": tau})


generator = np.random.default_rng(16)
fixture = {
    "functions": [
        functions(generator, clients, size, liars)
        for clients, size, liars in ((3, 5, 0), (5, 17, 1), (7, 33, 1), (11, 20, 2), (16, 16, 3), (20, 7, 2))],
    "strategies": list(strategies(generator)),
}
folder = Path(__file__).parent.parent / "FederationTests" / "Fixtures"
(folder / "aggregation.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
