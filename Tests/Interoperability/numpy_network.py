"""A policy's forward pass in float64, from the weights as they lie in a checkpoint: every kind of layer and head."""

import numpy as np

from reporting import require


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


ACTIVATIONS = {
    "identity": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "softplus": lambda x: np.logaddexp(0, x),
    "silu": lambda x: x * sigmoid(x),
}


def parameter(layer, name):
    return layer[name][:].astype(np.float64)


def affine(layer, x, prefix=""):
    """x Wᵀ + b with the means where there is noise."""
    suffix = "_mu" if f"{prefix}weight_mu" in layer else ""
    return x @ parameter(layer, f"{prefix}weight{suffix}").T + parameter(layer, f"{prefix}bias{suffix}")


def dense(layer, x):
    return ACTIVATIONS[layer.attrs["activation"]](affine(layer, x))


def layer_norm(layer, x):
    standard = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + layer.attrs["epsilon"])
    return ACTIVATIONS[layer.attrs["activation"]](standard * parameter(layer, "weight") + parameter(layer, "bias"))


def dueling(layer, x):
    """Q = V + A − mean A, the mean over the options of each branch."""
    half = x.shape[1] // 2
    of_value, of_advantage = (x[:, :half], x[:, half:]) if layer.attrs["streams"] == "separate" else (x, x)
    atoms = int(layer.attrs["atoms"])
    value = affine(layer, of_value, "value_").reshape(len(x), 1, atoms)
    advantage = affine(layer, of_advantage, "advantage_").reshape(len(x), -1, atoms)
    ends = np.cumsum([int(options) for options in layer.attrs["branches"]])
    require(ends[-1] == advantage.shape[1], f"{layer.name} has {advantage.shape[1]} options")
    parts = [part - part.mean(axis=1, keepdims=True) for part in np.split(advantage, ends[:-1], axis=1)]
    return (value + np.concatenate(parts, axis=1)).reshape(len(x), -1)


def gru(layer, x, state):
    """One step of PyTorch's GRU; the gates lie in the order r, z, n."""
    of_input = x @ parameter(layer, "weight_ih").T + parameter(layer, "bias_ih")
    of_state = state @ parameter(layer, "weight_hh").T + parameter(layer, "bias_hh")
    (ir, iz, candidate), (hr, hz, held) = np.split(of_input, 3, axis=1), np.split(of_state, 3, axis=1)
    reset, update = sigmoid(ir + hr), sigmoid(iz + hz)
    fresh = np.tanh(candidate + reset * held)
    return (1 - update) * fresh + update * state


LAYERS = {"dense": dense, "noisy_dense": dense, "layer_norm": layer_norm, "dueling": dueling}


def action_values(networks, outputs):
    """The values [rows, options] that the head of a group's networks makes of outputs [rows, options · atoms]."""
    kind = networks.attrs.get("values", "expected")
    if kind == "expected":
        return outputs
    atoms = int(networks.attrs["atoms"])
    outputs = outputs.reshape(len(outputs), -1, atoms)
    if kind == "quantile":
        return outputs.mean(axis=2)
    require(kind == "categorical", f"{networks.name} has the unknown head {kind}")
    powers = np.exp(outputs - outputs.max(axis=2, keepdims=True))
    support = np.linspace(networks.attrs["minimum"], networks.attrs["maximum"], atoms)
    return (powers / powers.sum(axis=2, keepdims=True)) @ support


def forward(checkpoint, group, network, observation, state=None):
    """The values and the new state, None without memory, of a group's network."""
    normalization = checkpoint[f"normalization/{group}"]
    x = (observation.astype(np.float64) - normalization["offset"][:]) / normalization["scale"][:]
    networks = checkpoint[f"policy/{group}"]
    record = networks[network]
    first, states = 0, []
    for index in range(len(record)):
        layer = record[f"layers.{index}"]
        kind = layer.attrs["kind"]
        if kind == "gru":
            width = layer["weight_hh"].shape[1]
            x = gru(layer, x, state[:, first : first + width].astype(np.float64))
            first += width
            states.append(x)
        else:
            require(kind in LAYERS, f"{layer.name} is of the unknown kind {kind}")
            x = LAYERS[kind](layer, x)
    require(first == (0 if state is None else state.shape[1]), f"{record.name} keeps {first} values of state")
    return action_values(networks, x), np.concatenate(states, axis=1) if states else None
