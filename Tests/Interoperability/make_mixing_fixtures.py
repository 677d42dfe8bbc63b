"""Writes Tests/AgentsTests/Fixtures/mixing.json: QMIX's mixing network and its gradients by PyTorch's autograd.

Usage: python make_mixing_fixtures.py     (torch 2.13.0, numpy 2.4.6)

The network is that of Rashid et al. 2018, figure 2, written with torch.nn: hypernetworks for W1 and W2 (linear, or with a
hidden layer of ReLU), a linear one for b1, one with a hidden layer for b2; magnitudes of the weights; ELU. For a batch of
states and agents' values: Q_tot, and of sum(slopes * Q_tot) the derivatives by the values and by all parameters, in
PyTorch's order, hypernetwork after hypernetwork.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn


def hypernetwork(inputs, hidden, outputs):
    if hidden == 0:
        return nn.Sequential(nn.Linear(inputs, outputs))
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, outputs))


def floats(tensor):
    return [float(x) for x in tensor.detach().numpy().astype(np.float32).ravel()]


def case(agents, state_count, embedding, hidden, rows):
    networks = [
        hypernetwork(state_count, hidden, agents * embedding),
        hypernetwork(state_count, 0, embedding),
        hypernetwork(state_count, hidden, embedding),
        hypernetwork(state_count, embedding, 1),
    ]
    states = torch.randn(rows, state_count)
    values = (2 * torch.randn(rows, agents)).requires_grad_()
    slopes = torch.randn(rows)
    first, first_bias, last, last_bias = (network(states) for network in networks)
    hidden_units = torch.nn.functional.elu(
        torch.bmm(values.unsqueeze(1), first.abs().view(rows, agents, embedding)).squeeze(1) + first_bias)
    totals = (hidden_units * last.abs()).sum(dim=1) + last_bias.squeeze(1)
    (slopes * totals).sum().backward()
    parameters = [p for network in networks for p in network.parameters()]
    return {
        "agents": agents, "state_count": state_count, "embedding": embedding, "hidden": hidden, "rows": rows,
        "parameters": sum((floats(p) for p in parameters), []),
        "states": floats(states), "values": floats(values), "slopes": floats(slopes), "totals": floats(totals),
        "value_gradients": floats(values.grad), "gradients": sum((floats(p.grad) for p in parameters), []),
    }


torch.manual_seed(5)
fixture = [case(3, 7, 4, 0, 6), case(2, 5, 3, 6, 8), case(1, 2, 5, 3, 1)]
folder = Path(__file__).parent.parent / "AgentsTests" / "Fixtures"
(folder / "mixing.json").write_text(json.dumps(fixture, separators=(",", ":")) + "\n")
