"""Checks that h5py alone reads a checkpoint as it is described.

Usage: python check_checkpoint.py CHECKPOINT.h5     (requirements.txt)

Root attributes; the parameters, kind and settings of every layer of every network; what its outputs mean; the mapping
of agents and their actions; the normaliser; scenario and experiment texts with their digests; no times of objects.
"""

import hashlib
import re
import sys
from pathlib import Path

import h5py
import numpy as np

from reporting import conclude, fail, ok, require

ACTIVATIONS = {"identity", "relu", "tanh", "sigmoid", "softplus", "silu"}
# What networks are called, by what their outputs are.
HEADS = {"argmax-q": "q", "actor": "actor"}
ACTION_DATASETS = {
    "discrete": ("action_labels",),
    "multi-discrete": ("action_options",),
    "box": ("action_low", "action_high"),
    "hybrid": ("action_labels", "action_low", "action_high"),
}


def text(holder, name):
    value = holder.attrs.get(name)
    require(isinstance(value, str), f"the attribute {name} of {holder.name} is {value!r}, not a text")
    return value


def scalar_text(group, name):
    require(name in group, f"{group.name} has no {name}")
    value = group[name].asstr()[()]
    require(isinstance(value, str), f"{group.name}/{name} is not a text")
    return value


def check_root(file):
    require(text(file, "format") == "edgewise-checkpoint", f"the format is {file.attrs['format']}")
    version = file.attrs.get("format_version")
    require(isinstance(version, (int, np.integer)), f"format_version is {version!r}, not an integer")
    require(version == 1, f"the format version is {version}, not 1")
    for name in ("policy", "agents", "normalization"):
        require(isinstance(file.get(name), h5py.Group), f"there is no group /{name}")
    ok(f"format edgewise-checkpoint, version {version}, groups {', '.join(file)}")


def floats(dataset, shape):
    require(
        dataset.dtype == np.dtype("<f4") and dataset.shape == shape,
        f"{dataset.name} is {dataset.dtype} of shape {dataset.shape}, not float32 of shape {shape}",
    )
    values = dataset[:]
    require(bool(np.all(np.isfinite(values))), f"{dataset.name} holds values that are not finite")
    return values


def number(holder, name, least, kind=(float, np.floating)):
    value = holder.attrs.get(name)
    require(isinstance(value, kind), f"the attribute {name} of {holder.name} is {value!r}")
    require(np.isfinite(value) and value >= least, f"the attribute {name} of {holder.name} is {value}")
    return value


def integer(holder, name, least):
    return int(number(holder, name, least, (int, np.integer)))


def affine(prefix, outputs, inputs, noisy):
    """The parameters of an affine map and their shapes, in their order."""
    endings = ("_mu", "_sigma") if noisy else ("",)
    weights = [(f"{prefix}weight{ending}", (outputs, inputs)) for ending in endings]
    return weights + [(f"{prefix}bias{ending}", (outputs,)) for ending in endings]


def activation(layer):
    require(text(layer, "activation") in ACTIVATIONS, f"{layer.name} has the activation {layer.attrs['activation']}")


def dense(layer, inputs):
    activation(layer)
    outputs = len(layer["bias"])
    return affine("", outputs, inputs, False), outputs


def noisy_dense(layer, inputs):
    activation(layer)
    number(layer, "initial_sigma", 0)
    outputs = len(layer["bias_mu"])
    return affine("", outputs, inputs, True), outputs


def layer_norm(layer, inputs):
    activation(layer)
    require(number(layer, "epsilon", 0) > 0, f"{layer.name} has the epsilon 0")
    return [("weight", (inputs,)), ("bias", (inputs,))], inputs


def dueling(layer, inputs):
    atoms = integer(layer, "atoms", 1)
    branches = [int(options) for options in layer.attrs["branches"]]
    require(branches and min(branches) > 0, f"{layer.name} has the branches {branches}")
    streams = text(layer, "streams")
    require(streams == "joint" or (streams == "separate" and inputs % 2 == 0), f"{layer.name} has {streams} streams")
    noisy = "initial_sigma" in layer.attrs
    if noisy:
        number(layer, "initial_sigma", 0)
    width = inputs // 2 if streams == "separate" else inputs
    outputs = sum(branches) * atoms
    return affine("value_", atoms, width, noisy) + affine("advantage_", outputs, width, noisy), outputs


def gru(layer, inputs):
    gates = len(layer["bias_ih"])
    require(gates % 3 == 0, f"{layer.name} has {gates} rows, which are not three gates")
    shapes = [("weight_ih", (gates, inputs)), ("weight_hh", (gates, gates // 3))]
    return shapes + [("bias_ih", (gates,)), ("bias_hh", (gates,))], gates // 3


KINDS = {"dense": dense, "noisy_dense": noisy_dense, "layer_norm": layer_norm, "dueling": dueling, "gru": gru}


def check_network(network):
    """Follows the layers and returns the number of inputs, outputs and parameters."""
    inputs = width = integer(network, "inputs", 1)
    names = list(network.attrs["layers"])
    require(names == [f"layers.{i}" for i in range(len(names))] and names, f"{network.name} lists the layers {names}")
    require(sorted(network) == sorted(names), f"{network.name} lists the layers {names} and holds {list(network)}")
    count = 0
    for name in names:
        layer = network[name]
        kind = text(layer, "kind")
        require(kind in KINDS, f"{layer.name} is of the unknown kind {kind}")
        shapes, width = KINDS[kind](layer, width)
        require(list(layer) == [name for name, _ in shapes], f"{layer.name} holds {list(layer)}, not {shapes}")
        count += sum(floats(layer[name], shape).size for name, shape in shapes)
    require(width == integer(network, "outputs", 1), f"{network.name} ends with {width} values")
    return inputs, width, count


def check_actions(agents, head):
    """The number of options of all choices and levels; an actor has its real numbers without levels."""
    kind = text(agents, "action_kind")
    require(kind in ACTION_DATASETS, f"{agents.name} has actions of the unknown kind {kind}")
    present = {name for name in agents if name.startswith("action_")}
    require(present == set(ACTION_DATASETS[kind]), f"{agents.name} describes {kind} actions by {sorted(present)}")
    options = len(agents["action_labels"]) if "action_labels" in agents else 0
    if "action_options" in agents:
        require(bool(np.all(agents["action_options"][:] > 0)), f"{agents.name} has a choice without options")
        options = int(agents["action_options"][:].sum())
    if "action_low" in agents:
        low, high = agents["action_low"][:], agents["action_high"][:]
        require(low.shape == high.shape and bool(np.all(low <= high)), f"{agents.name}: action_low exceeds action_high")
        require(head == "argmax-q" or "action_levels" not in agents.attrs, f"{agents.name} has levels for an actor")
        options += len(low) * (integer(agents, "action_levels", 2) if head == "argmax-q" else 1)
    return options


def check_head(networks):
    """The kind of policy, and the number of outputs for each option."""
    head = text(networks, "head")
    require(head in HEADS, f"{networks.name} has the unknown head {head}")
    names = {name.split("-")[0] for name in networks}
    require(names == {HEADS[head]}, f"{networks.name} of the head {head} holds {sorted(networks)}")
    values = networks.attrs.get("values", "expected")
    require(values in ("expected", "categorical", "quantile"), f"{networks.name} has values of the kind {values}")
    if values == "expected":
        return head, 1
    require(head == "argmax-q", f"{networks.name} is an actor with distributions of values")
    if values == "categorical":
        low, high = number(networks, "minimum", -np.inf), number(networks, "maximum", -np.inf)
        require(low < high, f"{networks.name} has atoms from {low} to {high}")
    return head, integer(networks, "atoms", 1 if values == "quantile" else 2)


def check_groups(file):
    text(file["policy"], "algorithm")
    names = list(file["agents"].attrs["groups"])
    require(names, "/agents lists no group")
    for name in names:
        agents = file["agents"][name]
        fields = agents["observation_names"].asstr()[:]
        for part in ("observation_units", "observation_meanings"):
            require(len(agents[part]) == len(fields), f"{agents.name}/{part} does not fit observation_names")
        low, high = agents["observation_low"][:], agents["observation_high"][:]
        require(low.shape == high.shape == fields.shape and bool(np.all(low <= high)), f"{name}: low exceeds high")
        normalization = file["normalization"][name]
        floats(normalization["offset"], (len(fields),))
        scale = floats(normalization["scale"], (len(fields),))
        require(bool(np.all(scale > 0)), f"{normalization.name}/scale is not positive")
        head, atoms = check_head(file["policy"][name])
        wanted = check_actions(agents, head) * atoms
        routing = agents["network"].asstr()[:]
        require(set(routing) == set(file["policy"][name]), f"{name}: agents use {set(routing)}")
        for network in sorted(set(routing)):
            inputs, outputs, count = check_network(file["policy"][name][network])
            require(inputs == len(fields), f"{name}/{network} reads {inputs} values of {len(fields)}")
            require(outputs == wanted, f"{name}/{network} gives {outputs} values, not {wanted}")
            ok(f"/policy/{name}/{network}: {inputs} values to {outputs}, {count} float32 parameters in PyTorch's order")
        ok(f"/agents/{name}: {len(routing)} agents, {len(fields)} fields with units, ranges and normaliser")


def check_texts(file):
    for name in ("scenario", "experiment"):
        require(name in file, f"there is no group /{name}")
        content = scalar_text(file[name], "text")
        digest = scalar_text(file[name], "sha256")
        require(content.strip(), f"/{name}/text is empty")
        require(re.fullmatch("[0-9a-f]{64}", digest), f"/{name}/sha256 is {digest!r}, not 64 hexadecimal digits")
        of_text = hashlib.sha256(content.encode()).hexdigest() == digest
        ok(f"/{name}: {len(content)} characters, SHA-256 {digest[:12]}… of the {'text' if of_text else 'resolved file'}")


def check_times(file):
    objects = []
    file.visititems(lambda name, item: objects.append(item))
    for item in objects:
        time = h5py.h5g.get_objinfo(item.id).mtime
        require(time == 0, f"{item.name} carries the time {time}")
    ok(f"{len(objects)} objects without a time")


def main():
    if len(sys.argv) != 2:
        fail("usage: check_checkpoint.py CHECKPOINT.h5")
    path = Path(sys.argv[1])
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        fail(f"h5py cannot open {path}: {error}")
    with file:
        check_root(file)
        check_groups(file)
        check_texts(file)
        check_times(file)


if __name__ == "__main__":
    conclude(main)
