"""Checks a bundle of `edgewise export` without our code.

Usage: python check_bundle.py BUNDLE_DIR [CHECKPOINT.h5]     (requirements.txt)

Digests; onnx's full check and strict shape inference; the contract against the models; golden.json against ONNX
Runtime; batches of 0, 1 and 7. With the checkpoint also: a forward pass in NumPy from the weights that h5py reads,
against ONNX Runtime on 10,000 random observations and masks for each model.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx

from models import TOLERANCE, compare, load, run
from reporting import conclude, fail, ok, require

RANDOM_ROWS = 10_000
ACTIVATIONS = {"identity": lambda x: x, "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh}
ELEMENT_TYPES = {1: "float32", 7: "int64", 9: "bool"}


def check_sums(bundle):
    listed = {}
    for line in (bundle / "SHA256SUMS").read_text().splitlines():
        digest, name = line[:64], line[66:]
        require(line[64:66] == "  " and name, f"SHA256SUMS has the line {line!r}")
        listed[name] = digest
    require(list(listed) == sorted(listed), "SHA256SUMS is not sorted by name")
    present = sorted(p.name for p in bundle.iterdir() if p.name != "SHA256SUMS")
    require(sorted(listed) == present, f"SHA256SUMS lists {sorted(listed)}, the folder holds {present}")
    for name, digest in listed.items():
        found = hashlib.sha256((bundle / name).read_bytes()).hexdigest()
        require(found == digest, f"{name} has the SHA-256 {found}, not {digest}")
    ok(f"{len(listed)} files have the digests of SHA256SUMS")


def read_contract(bundle):
    """The contract, and for each model file its group."""
    contract = json.loads((bundle / "policy.json").read_text())
    require(contract["schema"] == "edgewise.policy/1", f"policy.json has the schema {contract['schema']}")
    require(contract["tolerance"]["value"] == TOLERANCE, "policy.json promises another tolerance")
    owners = {}
    for group in contract["groups"]:
        for kind in ("observation", "actions"):
            indices = [entry["index"] for entry in group[kind]]
            require(indices == list(range(len(indices))) and indices, f"{kind} of {group['name']} are not in order")
        for field in group["observation"]:
            require(set(field) == {"index", "name", "unit", "low", "high", "meaning"}, f"a field lacks a part: {field}")
        agents = sorted(agent for model in group["models"] for agent in model["agents"])
        require(agents == list(range(group["agents"])), f"the models of {group['name']} act for the agents {agents}")
        for model in group["models"]:
            owners[model["file"]] = group
    present = sorted(p.name for p in bundle.glob("*.onnx"))
    require(sorted(owners) == present, f"policy.json names the models {sorted(owners)}, the folder holds {present}")
    ok(f"policy.json gives every field, action and agent of {len(contract['groups'])} groups, {len(owners)} models")
    return contract, owners


def describe(value):
    tensor = value.type.tensor_type
    shape = [d.dim_param or d.dim_value for d in tensor.shape.dim]
    return {"name": value.name, "type": ELEMENT_TYPES.get(tensor.elem_type), "shape": shape}


def check_model(path, contract, group):
    model = onnx.load(path)
    try:
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception as error:
        fail(f"{path.name}: onnx refuses it: {' '.join(str(error).split())}")
    versions = {"ir_version": model.ir_version, "opset": model.opset_import[0].version}
    require(versions == contract["onnx"], f"{path.name} has {versions}, policy.json says {contract['onnx']}")
    for side in ("input", "output"):
        found = [describe(value) for value in getattr(model.graph, side)]
        require(found == group[side + "s"], f"{path.name} has the {side}s {found}, policy.json {group[side + 's']}")
    remarks = {entry.key: entry.value for entry in model.metadata_props}
    expected = {
        "edgewise.format": contract["schema"],
        "edgewise.algorithm": contract["algorithm"],
        "edgewise.group": group["name"],
        "edgewise.scenario_id": contract["scenario"]["id"],
        "edgewise.scenario_sha256": contract["scenario"]["sha256"],
        "edgewise.checkpoint_sha256": contract["checkpoint"]["sha256"],
        "edgewise.policy": group["policy"],
    }
    for key, value in expected.items():
        require(remarks.get(key) == value, f"{path.name} says {key} = {remarks.get(key)}, policy.json says {value}")
    for key, part in (("edgewise.observation_schema", "observation"), ("edgewise.action_schema", "actions")):
        require(json.loads(remarks[key]) == group[part], f"{path.name}: {key} contradicts policy.json")
    ok(f"{path.name}: passes onnx's full check and strict shape inference, agrees with policy.json")


def check_golden(name, session, golden, group):
    observation = np.array(golden["inputs"]["observation"], dtype=np.float32)
    mask = np.array(golden["inputs"]["action_mask"], dtype=bool)
    ours = (
        np.array(golden["outputs"]["q_values"], dtype=np.float32),
        np.array(golden["outputs"]["action"], dtype=np.int64),
    )
    require(len(observation) >= 32, f"{name} has {len(observation)} golden rows, fewer than 32")
    missing = set(range(len(group["actions"]))) - set(ours[1].tolist())
    require(not missing, f"{name}: no golden row is won by the actions {sorted(missing)}")
    for field in group["observation"]:
        for bound in ("low", "high"):
            if field[bound] is not None:
                there = np.any(observation[:, field["index"]] == np.float32(field[bound]))
                require(there, f"{name}: no golden row has {field['name']} at its {bound} bound")
    best = np.argmax(ours[0], axis=1)
    masked = int(np.sum(~mask[np.arange(len(mask)), best]))
    require(masked or mask.shape[1] == 1, f"{name}: no golden row masks the best action")
    worst, ties = compare(f"{name}, golden.json", mask, ours, run(session, observation, mask))
    ok(f"{name}: {len(mask)} golden rows agree with ONNX Runtime to {worst:.1e}, {ties} ties, {masked} masked bests")


def check_batches(name, session, group):
    random = np.random.default_rng(1)
    observation = random_observations(random, group, 7)
    mask = np.ones((7, len(group["actions"])), dtype=bool)
    whole = run(session, observation, mask)
    for rows in (0, 1, 7):
        part = run(session, observation[:rows], mask[:rows])
        compare(f"{name}, a batch of {rows}", mask[:rows], part, (whole[0][:rows], whole[1][:rows]))
    ok(f"{name}: takes batches of 0, 1 and 7")


def random_observations(random, group, rows):
    """Uniform over each range; standard normal, three times as wide, where a range has no end."""
    columns = []
    for field in group["observation"]:
        if field["low"] is None or field["high"] is None:
            columns.append(3 * random.standard_normal(rows))
        else:
            columns.append(random.uniform(field["low"], field["high"], rows))
    return np.stack(columns, axis=1).astype(np.float32)


def numpy_forward(checkpoint, group, network, observation):
    """The network's outputs in float64, from the weights as they lie in the file."""
    normalization = checkpoint[f"normalization/{group}"]
    x = (observation.astype(np.float64) - normalization["offset"][:]) / normalization["scale"][:]
    record = checkpoint[f"policy/{group}/{network}"]
    for index in range(len(record)):
        layer = record[f"layers.{index}"]
        weight = layer["weight"][:].astype(np.float64)
        x = ACTIVATIONS[layer.attrs["activation"]](x @ weight.T + layer["bias"][:])
    return x


def check_against_checkpoint(path, contract, bundle):
    import h5py

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    require(
        contract["checkpoint"]["sha256"] == digest,
        f"the bundle was made of the checkpoint {contract['checkpoint']['sha256']}, {path.name} is {digest}",
    )
    random = np.random.default_rng(2)
    with h5py.File(path, "r") as checkpoint:
        for group in contract["groups"]:
            name = group["name"]
            networks = checkpoint[f"agents/{name}/network"].asstr()[:]
            for model in group["models"]:
                file = model["file"]
                network = set(networks[model["agents"]])
                require(len(network) == 1, f"{file} stands for the networks {sorted(network)}")
                observation = random_observations(random, group, RANDOM_ROWS)
                mask = random.random((RANDOM_ROWS, len(group["actions"]))) < 0.5
                mask[np.arange(RANDOM_ROWS), random.integers(0, mask.shape[1], RANDOM_ROWS)] = True
                values = numpy_forward(checkpoint, name, network.pop(), observation)
                actions = np.argmax(np.where(mask, values, -np.inf), axis=1)
                theirs = run(load(bundle / file), observation, mask)
                worst, ties = compare(f"{file} against {path.name}", mask, (values, actions), theirs)
                ok(
                    f"{file}: NumPy on the checkpoint's weights and ONNX Runtime agree to {worst:.1e} on "
                    f"{RANDOM_ROWS} random rows, {ties} ties"
                )


def main():
    if len(sys.argv) not in (2, 3):
        fail("usage: check_bundle.py BUNDLE_DIR [CHECKPOINT.h5]")
    bundle = Path(sys.argv[1])
    for name in ("SHA256SUMS", "policy.json", "golden.json"):
        require((bundle / name).is_file(), f"{bundle} is not a bundle: it has no {name}")
    check_sums(bundle)
    contract, owners = read_contract(bundle)
    golden = json.loads((bundle / "golden.json").read_text())
    require(golden["schema"] == "edgewise.golden/1", f"golden.json has the schema {golden['schema']}")
    require(sorted(golden["models"]) == sorted(owners), "golden.json and policy.json name different models")
    for name in sorted(owners):
        check_model(bundle / name, contract, owners[name])
        session = load(bundle / name)
        check_golden(name, session, golden["models"][name], owners[name])
        check_batches(name, session, owners[name])
    if len(sys.argv) == 3:
        check_against_checkpoint(Path(sys.argv[2]), contract, bundle)


if __name__ == "__main__":
    conclude(main)
