"""Checks a bundle of `edgewise export` without our code.

Usage: python check_bundle.py BUNDLE_DIR [CHECKPOINT.h5]     (requirements.txt)

Digests; onnx's full check and strict shape inference; the contract against the models; golden.json against ONNX
Runtime; batches of 0, 1 and 7. With the checkpoint also: a forward pass in NumPy from the weights that h5py reads,
against ONNX Runtime on 10,000 random observations, masks and states for each model.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import onnx

import numpy_network
from actions import Actions
from models import TOLERANCE, Rows, compare, load, run
from reporting import conclude, fail, ok, require

RANDOM_ROWS = 10_000
SEQUENCES, STEPS = 50, 40
VALUE_KINDS = {"expected", "categorical", "quantile"}
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
        indices = [entry["index"] for entry in group["observation"]]
        require(indices == list(range(len(indices))) and indices, f"fields of {group['name']} are not in order")
        check_ports(group)
        for field in group["observation"]:
            require(set(field) == {"index", "name", "unit", "low", "high", "meaning"}, f"a field lacks a part: {field}")
        agents = sorted(agent for model in group["models"] for agent in model["agents"])
        require(agents == list(range(group["agents"])), f"the models of {group['name']} act for the agents {agents}")
        for model in group["models"]:
            owners[model["file"]] = group
    present = sorted(p.name for p in bundle.glob("*.onnx"))
    require(sorted(owners) == present, f"policy.json names the models {sorted(owners)}, the folder holds {present}")
    inputs = {port["name"] for group in contract["groups"] for port in group["inputs"]}
    refused = contract["refuse_before_inference"]
    require(set(refused) == inputs, f"policy.json says what to refuse of {sorted(refused)}, the inputs are {inputs}")
    ok(f"policy.json gives every field, action and agent of {len(contract['groups'])} groups, {len(owners)} models")
    return contract, owners


def check_ports(group):
    """Inputs and outputs must be those that the description of actions, values and memory asks for."""
    actions = Actions(group)
    if actions.values_name:
        described = group[actions.values_name]
        fits = described.get("kind") in VALUE_KINDS if actions.policy == "argmax-q" else set(described) == {"meaning"}
        require(fits and described["meaning"], f"{group['name']} describes {actions.values_name} by {described}")
    inputs = [{"name": "observation", "type": "float32", "shape": ["batch", len(group["observation"])]}]
    if actions.mask_count:
        inputs.append({"name": "action_mask", "type": "bool", "shape": ["batch", actions.mask_count]})
    outputs = []
    if actions.choices:
        shape = ["batch", actions.choices] if actions.kind == "multi-discrete" else ["batch"]
        outputs.append({"name": actions.integers_name, "type": "int64", "shape": shape})
    if actions.reals_name:
        outputs.append({"name": actions.reals_name, "type": "float32", "shape": ["batch", len(actions.low)]})
    if actions.values_name:
        outputs.append({"name": actions.values_name, "type": "float32", "shape": ["batch", actions.count]})
    if "memory" in group:
        memory = group["memory"]
        for ports, name in ((inputs, memory["input"]), (outputs, memory["output"])):
            ports.append({"name": name, "type": "float32", "shape": ["batch", memory["width"]]})
    for side, expected in (("inputs", inputs), ("outputs", outputs)):
        require(group[side] == expected, f"{group['name']} has the {side} {group[side]}, not {expected}")


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
    actions = Actions(group)
    kinds = {"float32": np.float32, "int64": np.int64, "bool": bool}
    columns = {}
    for side in ("inputs", "outputs"):
        ports = {port["name"]: kinds[port["type"]] for port in group[side]}
        require(set(golden[side]) == set(ports), f"{name}: golden.json has the {side} {sorted(golden[side])}")
        columns |= {port: np.array(golden[side][port], dtype=kind) for port, kind in ports.items()}
    require(len({len(column) for column in columns.values()}) == 1, f"{name}: golden columns of unequal length")
    rows = Rows(columns["observation"], columns.get("action_mask"), columns.get("state_in"))
    ours = actions.answer({port["name"]: columns[port["name"]] for port in group["outputs"]})
    require(len(rows) >= 32, f"{name} has {len(rows)} golden rows, fewer than 32")
    won = check_winners(name, actions, ours)
    for field in group["observation"]:
        for bound in ("low", "high"):
            if field[bound] is not None:
                there = np.any(rows.observation[:, field["index"]] == np.float32(field[bound]))
                require(there, f"{name}: no golden row has {field['name']} at its {bound} bound")
    if rows.state is not None:
        begun = np.all(rows.state == 0, axis=1)
        require(begun.any() and not begun.all(), f"{name}: golden rows either all begin a trajectory or none does")
    masked = count_masked_bests(actions, rows, ours)
    maskable = any(options > 1 for options in actions.options[: actions.choices])
    require(masked or not maskable, f"{name}: no golden row masks the best action")
    worst, ties = compare(f"{name}, golden.json", actions, rows, ours, run(session, actions, rows))
    ok(
        f"{name}: {len(rows)} golden rows agree with ONNX Runtime to {worst:.1e}, {ties} ties, {masked} masked bests, "
        f"{won} of {actions.count} options win"
    )


def check_winners(name, actions, answer):
    """Every option of every choice wins once; returns how many options win, levels included."""
    won = 0
    for branch, options in enumerate(actions.options):
        winners = set(answer.choices[:, branch].tolist())
        missing = set(range(options)) - winners
        if branch < actions.choices:
            require(not missing, f"{name}: no golden row is won by the options {sorted(missing)} of choice {branch}")
        won += len(winners)
    return won


def count_masked_bests(actions, rows, answer):
    """The rows in which the best option of some choice is masked."""
    masked = np.zeros(len(rows), dtype=bool)
    for columns in actions.columns()[: actions.choices]:
        best = columns.start + np.argmax(answer.values[:, columns], axis=1)
        masked |= ~rows.mask[np.arange(len(rows)), best]
    return int(masked.sum())


def check_batches(name, session, group):
    actions = Actions(group)
    rows = random_rows(np.random.default_rng(1), group, actions, 7)
    whole = run(session, actions, rows)
    for count in (0, 1, 7):
        part = rows[:count]
        compare(f"{name}, a batch of {count}", actions, part, run(session, actions, part), whole[:count])
    ok(f"{name}: takes batches of 0, 1 and 7")


def random_rows(random, group, actions, count):
    """Random observations and masks; a third of the states begins a trajectory, the others lie in [−1, 1]."""
    state = None
    if "memory" in group:
        state = random.uniform(-1, 1, (count, group["memory"]["width"])).astype(np.float32)
        state[random.random(count) < 1 / 3] = 0
    return Rows(random_observations(random, group, count), actions.random_mask(random, count), state)


def random_observations(random, group, rows):
    """Uniform over each range; standard normal, three times as wide, where a range has no end."""
    columns = []
    for field in group["observation"]:
        if field["low"] is None or field["high"] is None:
            columns.append(3 * random.standard_normal(rows))
        else:
            columns.append(random.uniform(field["low"], field["high"], rows))
    return np.stack(columns, axis=1).astype(np.float32)


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
            actions = Actions(group)
            networks = checkpoint[f"agents/{name}/network"].asstr()[:]
            for model in group["models"]:
                file = model["file"]
                network = set(networks[model["agents"]])
                require(len(network) == 1, f"{file} stands for the networks {sorted(network)}")
                rows = random_rows(random, group, actions, RANDOM_ROWS)
                network, session = network.pop(), load(bundle / file)
                outputs, state = numpy_network.forward(checkpoint, name, network, rows.observation, rows.state)
                ours = actions.act(outputs, rows.mask, state)
                theirs = run(session, actions, rows)
                worst, ties = compare(f"{file} against {path.name}", actions, rows, ours, theirs)
                ok(
                    f"{file}: NumPy on the checkpoint's weights and ONNX Runtime agree to {worst:.1e} on "
                    f"{RANDOM_ROWS} random rows, {ties} ties"
                )
                if "memory" in group:
                    check_memory(checkpoint, network, session, file, group, actions)


def check_memory(checkpoint, network, session, file, group, actions):
    """Trajectories from zeros, each runtime carrying its own state from step to step."""
    random = np.random.default_rng(3)
    width = group["memory"]["width"]
    ours, theirs = np.zeros((SEQUENCES, width)), np.zeros((SEQUENCES, width), dtype=np.float32)
    worst = 0.0
    for step in range(STEPS):
        rows = Rows(random_observations(random, group, SEQUENCES), actions.random_mask(random, SEQUENCES), theirs)
        outputs, ours = numpy_network.forward(checkpoint, group["name"], network, rows.observation, ours)
        answer = run(session, actions, rows)
        expected = actions.act(outputs, rows.mask, ours)
        worst = max(worst, compare(f"{file}, step {step} of a trajectory", actions, rows, expected, answer)[0])
        theirs = answer.state
    ok(f"{file}: {SEQUENCES} trajectories of {STEPS} steps, each with its own memory, agree to {worst:.1e}")


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
