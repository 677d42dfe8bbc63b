"""Checks that h5py alone reads a checkpoint as it is described.

Usage: python check_checkpoint.py CHECKPOINT.h5     (requirements.txt)

Root attributes; weights, biases, layer kinds and activations of every network; the mapping of agents; the normaliser;
scenario and experiment texts with their digests; no times of objects.
"""

import hashlib
import re
import sys
from pathlib import Path

import h5py
import numpy as np

from reporting import conclude, fail, ok, require

KINDS = {"dense": ("weight", "bias")}
ACTIVATIONS = {"identity", "relu", "tanh"}


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


def check_network(network):
    """Follows the layers and returns the number of inputs, outputs and parameters."""
    inputs = width = int(network.attrs["inputs"])
    names = list(network.attrs["layers"])
    require(names == [f"layers.{i}" for i in range(len(names))] and names, f"{network.name} lists the layers {names}")
    require(sorted(network) == sorted(names), f"{network.name} lists the layers {names} and holds {list(network)}")
    count = 0
    for name in names:
        layer = network[name]
        kind = text(layer, "kind")
        require(kind in KINDS, f"{layer.name} is of the unknown kind {kind}")
        require(text(layer, "activation") in ACTIVATIONS, f"{layer.name} has the activation {layer.attrs['activation']}")
        require(tuple(layer) == KINDS[kind], f"{layer.name} holds {list(layer)}, not {list(KINDS[kind])}")
        outputs = layer["bias"].shape[0]
        count += floats(layer["weight"], (outputs, width)).size + floats(layer["bias"], (outputs,)).size
        width = outputs
    require(width == int(network.attrs["outputs"]), f"{network.name} ends with {width} values")
    return inputs, width, count


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
        text(file["policy"][name], "head")
        routing = agents["network"].asstr()[:]
        require(set(routing) == set(file["policy"][name]), f"{name}: agents use {set(routing)}")
        for network in sorted(set(routing)):
            inputs, outputs, count = check_network(file["policy"][name][network])
            require(inputs == len(fields), f"{name}/{network} reads {inputs} values of {len(fields)}")
            require(outputs == len(agents["action_labels"]), f"{name}/{network} gives {outputs} values")
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
