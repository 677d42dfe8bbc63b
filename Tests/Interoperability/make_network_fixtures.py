"""Writes the PyTorch fixtures of Tests/NeuralNetworksTests/Fixtures.

Usage: python make_network_fixtures.py     (torch 2.13, the CPU build is enough)

Every number is PyTorch's own: forward outputs, losses, gradients by autograd, clipping and Adam, in float32
on one thread from fixed seeds.
"""

import json
from pathlib import Path

import torch
from torch import nn

FIXTURES = Path(__file__).resolve().parent.parent / "NeuralNetworksTests" / "Fixtures"
ACTIVATIONS = {"identity": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh}


def build(widths, activation, output_activation):
    modules = []
    for i in range(len(widths) - 1):
        last = i == len(widths) - 2
        modules.append(nn.Linear(widths[i], widths[i + 1]))
        modules.append(ACTIVATIONS[output_activation if last else activation]())
    return nn.Sequential(*modules)


def flat(tensors):
    return torch.cat([t.detach().reshape(-1) for t in tensors]).tolist()


def write(name, content):
    content = {"origin": f"torch {torch.__version__}", **content}
    path = FIXTURES / f"{name}.json"
    path.write_text(json.dumps(content) + "\n")
    print(path.name, path.stat().st_size)


def network(name, seed, widths, activation, output_activation, batch, loss, threshold):
    """Forward, loss, parameter and input gradients, clipping, and 100 Adam steps on one batch."""
    torch.manual_seed(seed)
    net = build(widths, activation, output_activation)
    x = torch.randn(batch, widths[0])
    # Large targets in the first half, so that errors lie on both sides of the threshold.
    y = torch.randn(batch, widths[-1]) * torch.linspace(5, 0.2, batch)[:, None]
    criterion = nn.MSELoss() if loss == "mse" else nn.HuberLoss(delta=threshold)
    content = {
        "widths": widths,
        "activation": activation,
        "outputActivation": output_activation,
        "batch": batch,
        "loss": loss,
        "threshold": threshold,
        "parameters": flat(net.parameters()),
        "inputs": flat([x]),
        "targets": flat([y]),
    }
    x.requires_grad_(True)
    out = net(x)
    value = criterion(out, y)
    value.backward()
    errors = (out - y).abs()
    content["outputs"] = flat([out])
    content["lossValue"] = value.item()
    content["beyondThreshold"] = int((errors > threshold).sum())
    content["gradient"] = flat([p.grad for p in net.parameters()])
    content["inputGradient"] = flat([x.grad])

    maximum = 0.5 * sum(float((p.grad.double() ** 2).sum()) for p in net.parameters()) ** 0.5
    content["clipMaximum"] = maximum
    content["clipNorm"] = torch.nn.utils.clip_grad_norm_(net.parameters(), maximum).item()
    content["clippedGradient"] = flat([p.grad for p in net.parameters()])

    x = x.detach()
    optimizer = torch.optim.Adam(net.parameters())
    losses = []
    content["adamCheckpoints"] = {}
    for step in range(1, 101):
        optimizer.zero_grad()
        value = criterion(net(x), y)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), maximum)
        optimizer.step()
        losses.append(value.item())
        if step in (1, 10, 100):
            content["adamCheckpoints"][str(step)] = flat(net.parameters())
    content["adamLosses"] = losses
    write(name, content)


def losses():
    """Loss and derivative for single errors, with means over several batch sizes."""
    errors = torch.tensor([-7.0, -3.0, -1.5, -1.0, -0.25, 0.0, 0.5, 1.0, 1.25, 3.0, 40.0], requires_grad=True)
    zero = torch.zeros_like(errors)
    content = {"errors": errors.tolist(), "cases": []}
    for kind, threshold in [("mse", 1.0), ("huber", 1.0), ("huber", 0.5), ("huber", 2.5)]:
        criterion = nn.MSELoss if kind == "mse" else (lambda reduction: nn.HuberLoss(reduction, threshold))
        values = criterion(reduction="none")(errors, zero)
        derivatives = torch.autograd.grad(values.sum(), errors)[0]
        content["cases"].append({
            "loss": kind,
            "threshold": threshold,
            "values": values.tolist(),
            "derivatives": derivatives.tolist(),
            "mean": criterion(reduction="mean")(errors, zero).item(),
        })
    write("losses", content)


def adam():
    """100 Adam steps with given gradients, some of them zero, and settings other than the defaults."""
    torch.manual_seed(5)
    count, steps = 13, 100
    parameters = torch.randn(count, requires_grad=True)
    gradients = torch.randn(steps, count) * torch.logspace(-6, 2, count)
    gradients[:, 3] = 0
    gradients[50:, 7] = 0
    settings = {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.99, "epsilon": 1e-5}
    content = {"settings": settings, "initial": parameters.tolist()}
    content.update(gradients=flat([gradients]), after={})
    optimizer = torch.optim.Adam(
        [parameters], lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]),
        eps=settings["epsilon"])
    for step in range(steps):
        parameters.grad = gradients[step].clone()
        optimizer.step()
        if step + 1 in (1, 2, 50, 100):
            content["after"][str(step + 1)] = parameters.tolist()
    write("adam", content)


def main():
    torch.set_num_threads(1)
    FIXTURES.mkdir(parents=True, exist_ok=True)
    network("relu-mse", 1, [5, 12, 9, 3], "relu", "identity", 8, "mse", 1.0)
    network("relu-huber", 2, [4, 16, 16, 2], "relu", "identity", 6, "huber", 1.0)
    network("tanh-huber", 3, [3, 10, 7, 4], "tanh", "identity", 7, "huber", 0.5)
    network("tanh-tanh-mse", 4, [6, 11, 2], "tanh", "tanh", 5, "mse", 1.0)
    losses()
    adam()


if __name__ == "__main__":
    main()
