#!/usr/bin/env python3
"""Trains small networks in PyTorch with one slip each on purpose, for `flowscope doctor` to name.

usage: Benchmarks/doctor_networks.py FOLDER [--seeds 0-9] [--slips NAME,…] [--data NAME,…] [--steps N] [--batch N]

Each is torchcfm's MLP, net.0 … net.6, three hidden layers of 64, trained by conditional flow matching for
5 000 steps of 128 points with Adam, its rate falling to a hundredth; no file says its activation or
anything else. Three data sets: eight Gaussians, FFJORD's moons, and a cloud of 500 points, FOLDER/cloud.csv,
five of which lie far off. FOLDER/DATA-SLIP-SEED.safetensors is one network. All networks of one seed and
data set are trained side by side, each on draws of its own, as one batch of matrix products: leaving slips
out changes the others.

The networks in Tests/EndToEnd/doctor are those of seed hash_of(data, slip) % 8; of pairs and variants, which were
trained for two seeds, 0 or 5 by hash_of(data, slip) % 2. No verdict had a part in that.

Needs torch and safetensors.
"""

import argparse
import math
import os
import time

import torch
from safetensors.torch import save_file

WIDTH, RATE = 64, 3e-3
ACTIVATIONS = ["selu", "silu", "elu", "gelu", "relu", "tanh", "softplus", "silu", "selu", "silu"]
FUNCTIONS = {
    "selu": torch.nn.functional.selu,
    "silu": torch.nn.functional.silu,
    "elu": torch.nn.functional.elu,
    "gelu": torch.nn.functional.gelu,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "softplus": torch.nn.functional.softplus,
}


# The data.
def eight_gaussians(count, random):
    angle = torch.randint(0, 8, (count,), generator=random) * (math.pi / 4)
    centre = 2 * torch.stack([angle.cos(), angle.sin()], 1)
    return centre + 0.2 * torch.randn(count, 2, generator=random)


def moons(count, random):
    angle = math.pi * torch.rand(count, generator=random)
    outer = torch.rand(count, generator=random) < 0.5
    x = torch.where(outer, angle.cos(), 1 - angle.cos())
    y = torch.where(outer, angle.sin(), 0.5 - angle.sin())
    points = torch.stack([x, y], 1) + 0.1 * torch.randn(count, 2, generator=random)
    return 2 * points + torch.tensor([-1.0, -0.2])


def cloud_points():
    """An arc, two blobs and a bar, off the origin, wider than high, and five points far away."""
    random = torch.Generator().manual_seed(7)
    arc = math.pi * torch.rand(200, generator=random)
    parts = [
        torch.stack([3 * arc.cos(), 1.5 * arc.sin()], 1),
        torch.tensor([-2.0, -2.0]) + 0.3 * torch.randn(100, 2, generator=random),
        torch.tensor([3.5, -1.0]) + 0.2 * torch.randn(120, 2, generator=random),
        torch.stack([2 * torch.rand(75, generator=random) - 1, torch.full((75,), -0.5)], 1),
    ]
    points = torch.cat(parts) + 0.08 * torch.randn(495, 2, generator=random)
    far = torch.tensor([[31.0, 4], [-27, 22], [9, -38], [40, -6], [-12, 35]])
    return torch.cat([points, far]) + torch.tensor([1.0, 0.5])


CLOUD = cloud_points()
DATA = {
    "8gaussians": eight_gaussians,
    "moons": moons,
    "cloud": lambda count, random: CLOUD[torch.randint(0, 500, (count,), generator=random)],
}


# The paths: (alpha, sigma, their rates) at t.
def straight(t):
    return t, 1 - t, torch.ones_like(t), -torch.ones_like(t)


def polynomial(t, n=2):
    return t**n, 1 - t**n, n * t ** (n - 1), -n * t ** (n - 1)


def cubic(t):
    return polynomial(t, 3)


def cosine(t):
    half = math.pi / 2
    return (half * t).sin(), (half * t).cos(), half * (half * t).cos(), -half * (half * t).sin()


def linear_vp(t):
    s = (1 - t * t).sqrt()
    return t, s, torch.ones_like(t), -t / s


def vp(t, low=0.1, high=20.0):
    decay = 0.5 * (1 - t) ** 2 * (high - low) + (1 - t) * low
    rate = -(1 - t) * (high - low) - low
    a, s = (-decay / 2).exp(), (-torch.expm1(-decay)).sqrt()
    return a, s, -0.5 * rate * a, 0.5 * rate * (-decay).exp() / s


def shifted(t, shift=3.0):
    noise = 1 - t
    return 1 - shift * noise / (1 + (shift - 1) * noise)


class Slip:
    """How a network is trained: everything right but for what is said."""

    def __init__(self, path=straight, predicts="velocity", told=(0, 1), shifted=False,
                 sign=1, first=False, scaled=False, latest=1.0):  # fmt: skip
        self.path, self.predicts, self.told, self.shifted = path, predicts, told, shifted
        self.sign, self.first, self.scaled, self.latest = sign, first, scaled, latest


REVERSED = (1, -1)
SLIPS = {
    "sound": Slip(),
    "reversed": Slip(told=REVERSED),
    "flipped": Slip(sign=-1),
    "swapped": Slip(told=REVERSED, sign=-1),
    "ignored": Slip(told=(0, 0)),
    "scaled1000": Slip(told=(0, 1000)),
    "target": Slip(predicts="target"),
    "source": Slip(predicts="source"),
    "score": Slip(predicts="score", latest=0.999),
    "unscaled": Slip(scaled=True),
    "polynomial2": Slip(path=polynomial),
    "cosine": Slip(path=cosine),
    "linearvp": Slip(path=linear_vp, latest=0.97),
    "vp": Slip(path=vp, latest=0.97),
    # t is shifted where the points are made, and what the network is told once more.
    "shifted": Slip(shifted=True),
    "first": Slip(first=True),
    # Labels of another row: no velocity of these data, which nothing can name.
    "unpaired": Slip(),
}
# Pairs and variants of slips.
MORE = {
    "scaled999": Slip(told=(0, 999)),
    "polynomial3": Slip(path=cubic),
    "first-swapped": Slip(first=True, told=REVERSED, sign=-1),
    "first-reversed": Slip(first=True, told=REVERSED),
    "source-reversed": Slip(predicts="source", told=REVERSED),
    "target-reversed": Slip(predicts="target", told=REVERSED),
    "untrained": None,
}


def slip_of(name):
    return (SLIPS | MORE)[name]


def units(data, seed):
    """The mean and deviation that data are given in units of their own: what people do, by seed."""
    sample = CLOUD if data == "cloud" else DATA[data](20_000, torch.Generator().manual_seed(1))
    mean, zero = sample.mean(0), torch.zeros(2)
    return [(mean, sample.std(0)), (zero, sample.std()), (mean, sample.std())][seed % 3]


class Examples:
    """What so many networks are shown, each draws of its own: inputs, targets and weights."""

    def __init__(self, names, data, seed):
        self.data, self.count = data, len(names)
        self.random = torch.Generator().manual_seed(hash_of(data, seed))
        slips = [slip_of(name) or SLIPS["sound"] for name in names]

        def column(values):
            return torch.tensor(values, dtype=torch.float32).view(-1, 1, 1)

        self.paths = {}
        for k, slip in enumerate(slips):
            self.paths.setdefault(slip.path, []).append(k)
        self.paths = {path: torch.tensor(rows) for path, rows in self.paths.items()}
        self.latest = column([slip.latest for slip in slips])
        self.told = column([slip.told[0] for slip in slips]), column([s.told[1] for s in slips])
        self.shifted = torch.tensor([k for k, s in enumerate(slips) if s.shifted], dtype=int)
        self.first = torch.tensor([k for k, s in enumerate(slips) if s.first], dtype=int)
        self.unpaired = [k for k, name in enumerate(names) if name == "unpaired"]
        # target = (by path) velocity, or x1, or x0 …
        self.velocity = column([s.sign * (s.predicts == "velocity") for s in slips])
        self.end = column([s.predicts == "target" for s in slips])
        self.start = column([(s.predicts == "source") for s in slips])
        # … or the score −x0/σ, times σ, which the error then is weighted with.
        self.score = column([s.predicts == "score" for s in slips])
        mean, deviation = units(data, seed)
        self.mean = torch.stack([mean * s.scaled for s in slips]).unsqueeze(1)
        self.deviation = torch.stack(
            [deviation.expand(2) if s.scaled else torch.ones(2) for s in slips]
        ).unsqueeze(1)

    def __call__(self, batch):
        k, random = self.count, self.random
        x1 = DATA[self.data](k * batch, random).view(k, batch, 2)
        x1 = (x1 - self.mean) / self.deviation
        x0 = torch.randn(k, batch, 2, generator=random)
        t = self.latest * torch.rand(k, batch, 1, generator=random)
        t[self.shifted] = shifted(t[self.shifted])
        at = torch.empty(4, k, batch, 1)
        for path, rows in self.paths.items():
            at[:, rows] = torch.stack(path(t[rows]))
        a, s, da, ds = at
        weight = 1 + self.score * (s - 1)
        target = self.velocity * (da * x1 + ds * x0) + self.end * x1 + self.start * x0
        target = target - self.score * x0 / weight
        for row in self.unpaired:
            target[row] = target[row][torch.randperm(batch, generator=random)]
        told = self.told[0] + self.told[1] * t
        told[self.shifted] = shifted(told[self.shifted])
        inputs = torch.cat([a * x1 + s * x0, told], 2)
        inputs[self.first] = inputs[self.first].roll(1, 2)
        return inputs, target, weight


class Networks:
    """So many networks side by side, each with PyTorch's initial weights."""

    def __init__(self, names, activation, random):
        self.activation, self.names = FUNCTIONS[activation], names
        self.weights, self.biases = [], []
        for inputs, outputs in [(3, WIDTH), (WIDTH, WIDTH), (WIDTH, WIDTH), (WIDTH, 2)]:
            bound = 1 / math.sqrt(inputs)
            w = torch.rand(len(names), inputs, outputs, generator=random)
            b = torch.rand(len(names), 1, outputs, generator=random)
            self.weights.append(torch.nn.Parameter(bound * (2 * w - 1)))
            self.biases.append(torch.nn.Parameter(bound * (2 * b - 1)))

    def parameters(self):
        return self.weights + self.biases

    def __call__(self, x):
        for k, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(b, x, w)
            if k < len(self.weights) - 1:
                x = self.activation(x)
        return x

    def state_dict(self, k):
        tensors = {}
        for layer, (w, b) in enumerate(zip(self.weights, self.biases)):
            tensors[f"net.{2 * layer}.weight"] = w[k].detach().T.contiguous()
            tensors[f"net.{2 * layer}.bias"] = b[k, 0].detach().clone()
        return tensors


def hash_of(*parts):
    value = 1469598103934665603
    for byte in "/".join(map(str, parts)).encode():
        value = (value ^ byte) * 1099511628211 % (1 << 63)
    return value


def train(names, data, seed, steps, batch, folder):
    examples = Examples(names, data, seed)
    networks = Networks(names, ACTIVATIONS[seed % 10], examples.random)
    optimizer = torch.optim.Adam(networks.parameters(), lr=RATE, fused=True)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=RATE / 100)
    learning = torch.tensor([slip_of(name) is not None for name in names])
    for _ in range(steps):
        inputs, targets, weights = examples(batch)
        error = weights * (networks(inputs) - targets)
        # Summed over networks: each has the gradient that it would have alone.
        loss = error.square().mean((1, 2)) * learning
        optimizer.zero_grad()
        loss.sum().backward()
        clip(networks.parameters())
        optimizer.step()
        schedule.step()
    for k, name in enumerate(names):
        save_file(networks.state_dict(k), os.path.join(folder, f"{data}-{name}-{seed}.safetensors"))


def clip(parameters, most=10.0):
    """Each network's own gradient to a norm of at most 10: the ends of the VP paths throw it off."""
    square = sum(torch.linalg.vector_norm(p.grad, dim=(1, 2)).square() for p in parameters)
    factor = (most / square.sqrt().clamp(min=most)).view(-1, 1, 1)
    for p in parameters:
        p.grad.mul_(factor)


def numbers(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seeds", type=numbers, default=range(10))
    parser.add_argument("--slips", type=lambda s: s.split(","), default=[*SLIPS, *MORE])
    parser.add_argument("--data", type=lambda s: s.split(","), default=list(DATA))
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=128)
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.folder, exist_ok=True)
    with open(os.path.join(args.folder, "cloud.csv"), "w") as file:
        file.write("x,y\n" + "".join(f"{x:.5f},{y:.5f}\n" for x, y in CLOUD.tolist()))
    for seed in args.seeds:
        for data in args.data:
            began = time.monotonic()
            for group in SLIPS, MORE:
                names = [name for name in group if name in args.slips]
                if names:
                    train(names, data, seed, args.steps, args.batch, args.folder)
            print(f"seed {seed}, {data}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
