"""Writes fixtures of layers, losses, optimizers and schedules to Tests/NeuralNetworksTests/Fixtures.

Usage: python make_layer_fixtures.py     (torch 2.13, rlax 0.1 with jax on the CPU)

Every number is PyTorch's or rlax's own, in float32 on one thread from fixed seeds, but for the equations that
neither has as a module (noise, dueling): these are composed of PyTorch's operations, with gradients by autograd.
"""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import rlax
import torch
from torch import nn
from torch.nn import functional as F

FIXTURES = Path(__file__).resolve().parent.parent / "NeuralNetworksTests" / "Fixtures"
ACTIVATIONS = {"identity": lambda x: x, "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
               "softplus": F.softplus, "silu": F.silu}


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).tolist() if tensors else []


def shorten(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [shorten(v) for v in value]
    if isinstance(value, dict):
        return {k: shorten(v) for k, v in value.items()}
    return value


def write(name, content):
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps({"origin": f"torch {torch.__version__}", **shorten(content)}) + "\n")
    print(path.name, path.stat().st_size)


def layer_case(kind, settings, parameters, rows, inputs, outputs, function, noise=(), state=None, steps=1):
    """Outputs of `function(x)` and the gradients of a weighted sum of them."""
    x = torch.randn(rows, inputs, requires_grad=True)
    y = function(x)
    y, final = y if isinstance(y, tuple) else (y, None)
    weights = torch.randn(rows, outputs)
    (y * weights).sum().backward()
    return {
        "kind": kind, **settings, "rows": rows, "steps": steps,
        "parameters": flat(parameters), "inputs": flat([x]), "noise": flat(list(noise)),
        "state": [] if state is None else flat([state]), "finalState": [] if final is None else flat([final]),
        "outputs": flat([y]), "weights": flat([weights]),
        "gradient": flat([p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]),
        "inputGradient": flat([x.grad]),
    }


def noisy_linear(x, p, e_in, e_out):
    weight = p[0] + p[1] * torch.outer(e_out, e_in)
    return F.linear(x, weight, p[2] + p[3] * e_out)


def noise_factors(count):
    x = torch.randn(count)
    return x.sign() * x.abs().sqrt()


def layers():
    torch.manual_seed(21)
    cases = []
    for activation in ACTIVATIONS:
        linear = nn.Linear(4, 3)
        cases.append(layer_case(
            "dense", {"widths": [4, 3], "activation": activation}, list(linear.parameters()), 5, 4, 3,
            lambda x: ACTIVATIONS[activation](linear(x))))
    norm = nn.LayerNorm(7)
    with torch.no_grad():
        norm.weight.normal_()
        norm.bias.normal_()
    cases.append(layer_case("layer_norm", {"widths": [7], "activation": "silu"}, list(norm.parameters()), 4, 7, 7,
                            lambda x: F.silu(norm(x))))

    p = [torch.randn(3, 5), torch.rand(3, 5), torch.randn(3), torch.rand(3)]
    p = [t.requires_grad_(True) for t in p]
    e_in, e_out = noise_factors(5), noise_factors(3)
    cases.append(layer_case("noisy_dense", {"widths": [5, 3], "activation": "tanh"}, p, 4, 5, 3,
                            lambda x: torch.tanh(noisy_linear(x, p, e_in, e_out)), noise=[e_in, e_out]))

    branches, atoms, half = [3, 2], 4, 3
    value, advantage = nn.Linear(half, atoms), nn.Linear(half, atoms * sum(branches))

    def dueling(x):
        v = value(x[:, :half])[:, None, :]
        streams = advantage(x[:, half:]).reshape(len(x), sum(branches), atoms).split(branches, dim=1)
        return torch.cat([v + a - a.mean(dim=1, keepdim=True) for a in streams], dim=1).reshape(len(x), -1)

    cases.append(layer_case(
        "dueling", {"widths": [2 * half], "activation": "identity", "branches": branches, "atoms": atoms},
        list(value.parameters()) + list(advantage.parameters()), 4, 2 * half, atoms * sum(branches), dueling))

    for steps, sequences in [(1, 3), (7, 2)]:
        gru = nn.GRU(4, 5)
        state = torch.randn(sequences, 5)

        def recur(x):
            y, final = gru(x.reshape(steps, sequences, 4), state[None])
            return y.reshape(steps * sequences, 5), final[0]

        cases.append(layer_case("gru", {"widths": [4, 5], "activation": "identity"}, list(gru.parameters()),
                                steps * sequences, 4, 5, recur, state=state, steps=steps))
    write("layers", {"cases": cases})


def distributions():
    """Cross entropy, the projection on a support, quantile regression and expectations."""
    torch.manual_seed(22)
    rows, count = 3, 11
    logits = (4 * torch.randn(rows, count)).requires_grad_(True)
    targets = torch.softmax(torch.randn(rows, count), dim=-1)
    losses = -(targets * F.log_softmax(logits, dim=-1)).sum(-1)
    losses.sum().backward()
    support = torch.linspace(-2, 3, count)
    content = {"crossEntropy": {
        "count": count, "logits": flat([logits]), "targets": flat([targets]), "losses": losses.tolist(),
        "gradient": flat([logits.grad]), "minimum": -2.0, "maximum": 3.0,
        "expectations": (torch.softmax(logits, -1) @ support).tolist()}}

    cases = []
    # Between atoms, on atoms (discount 1, reward a multiple of the distance), beyond either end, terminal.
    for reward, discount in [(0.3, 0.9), (0.5, 1.0), (0.0, 1.0), (4.0, 0.99), (-9.0, 0.5), (-0.7, 0.0), (1.0, 0.0)]:
        p = torch.softmax(2 * torch.randn(count), dim=-1)
        z = jnp.asarray(support.numpy())
        projected = rlax.categorical_l2_project(reward + discount * z, jnp.asarray(p.numpy()), z)
        cases.append({"reward": reward, "discount": discount, "probabilities": p.tolist(),
                      "projected": [float(v) for v in projected]})
    content["projection"] = {"minimum": -2.0, "maximum": 3.0, "count": count, "cases": cases}

    cases = []
    for threshold in [1.0, 0.4, 0.0]:
        quantiles, samples = 2 * torch.randn(6), 2 * torch.randn(9)
        tau = (jnp.arange(6) + 0.5) / 6

        def loss(q):
            return rlax.quantile_regression_loss(q, tau, jnp.asarray(samples.numpy()), huber_param=threshold)

        value, gradient = jax.value_and_grad(loss)(jnp.asarray(quantiles.numpy()))
        cases.append({"threshold": threshold, "quantiles": quantiles.tolist(), "targets": samples.tolist(),
                      "loss": float(value), "gradient": [float(g) for g in gradient]})
    content["quantile"] = cases
    write("distributions", content)


def optimizers():
    """100 steps along given gradients, by settings."""
    torch.manual_seed(23)
    count, steps = 9, 100
    initial = torch.randn(count)
    gradients = torch.randn(steps, count) * torch.logspace(-3, 1, count)
    gradients[:, 3] = 0
    settings = [
        ("sgd", {}), ("sgd", {"momentum": 0.9}), ("sgd", {"momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
        ("rmsprop", {}), ("rmsprop", {"alpha": 0.9, "eps": 1e-5, "momentum": 0.7}),
        ("rmsprop", {"alpha": 0.95, "eps": 0.01, "centered": True, "momentum": 0.5}),
        ("rmsprop", {"centered": True, "eps": 0.01}),
        ("adam", {}), ("adamw", {"weight_decay": 0.2}), ("adamw", {"betas": [0.8, 0.99], "eps": 1e-5}),
    ]
    makers = {"sgd": torch.optim.SGD, "rmsprop": torch.optim.RMSprop, "adam": torch.optim.Adam,
              "adamw": torch.optim.AdamW}
    cases = []
    for kind, options in settings:
        parameters = initial.clone().requires_grad_(True)
        optimizer = makers[kind]([parameters], lr=0.01, **options)
        after = {}
        for step in range(steps):
            parameters.grad = gradients[step].clone()
            optimizer.step()
            if step + 1 in (1, 2, 100):
                after[str(step + 1)] = parameters.tolist()
        cases.append({"kind": kind, "options": {
            "momentum": options.get("momentum", 0.0), "nesterov": options.get("nesterov", False),
            "weightDecay": options.get("weight_decay", 0.01 if kind == "adamw" else 0.0),
            "alpha": options.get("alpha", 0.99), "epsilon": options.get("eps", 1e-8),
            "centered": options.get("centered", False), "betas": options.get("betas", [0.9, 0.999]),
        }, "after": after})
    clipped = gradients[0].clone()
    holder = nn.Parameter(initial.clone())
    holder.grad = clipped
    nn.utils.clip_grad_value_([holder], 0.5)
    write("optimizers", {"learningRate": 0.01, "initial": initial.tolist(), "gradients": flat([gradients]),
                         "cases": cases, "clipValue": 0.5, "clipped": holder.grad.tolist()})


def schedules():
    """Learning rates of the first steps of each scheduler, alone and behind a warm-up."""
    from torch.optim import lr_scheduler as s
    steps, cases = 25, []
    kinds = {
        "constant": lambda o: s.ConstantLR(o, factor=1.0, total_iters=0),
        "linear": lambda o: s.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=15),
        "step": lambda o: s.StepLR(o, step_size=4, gamma=0.5),
        "exponential": lambda o: s.ExponentialLR(o, gamma=0.9),
        "cosine": lambda o: s.CosineAnnealingLR(o, T_max=12, eta_min=0.02),
    }
    for warm_up in [0, 5]:
        for kind, make in kinds.items():
            optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
            if warm_up:
                scheduler = s.SequentialLR(optimizer, [
                    s.LinearLR(optimizer, start_factor=1 / warm_up, end_factor=1.0, total_iters=warm_up - 1),
                    make(optimizer)], milestones=[warm_up])
            else:
                scheduler = make(optimizer)
            rates = []
            for _ in range(warm_up + 12 if kind == "cosine" else steps):
                rates.append(optimizer.param_groups[0]["lr"])
                optimizer.step()
                scheduler.step()
            cases.append({"kind": kind, "warmUp": warm_up, "rates": rates})
    write("schedules", {"initial": 0.2, "cases": cases})


def main():
    torch.set_num_threads(1)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    layers()
    distributions()
    optimizers()
    schedules()


if __name__ == "__main__":
    main()
