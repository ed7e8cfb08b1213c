#!/usr/bin/env python3
"""Trains small networks in PyTorch with one slip each on purpose, for `flowscope doctor` to name.

usage: Benchmarks/doctor_networks.py FOLDER [--seeds 0-9] [--slips NAME,…] [--data NAME,…] [--steps N] [--batch N]

Each is torchcfm's MLP, net.0, net.2, net.4, two hidden layers of 64, trained by conditional flow
matching for 1 000 steps of 128 points with Adam; no file says its activation or anything else. Three
data sets: eight Gaussians, FFJORD's moons, and a cloud of 500 points, FOLDER/cloud.csv, five of which lie
far off. FOLDER/DATA-SLIP-SEED.safetensors is one network. Networks of the same activation are trained side by
side, each on draws of its own, as one batch of matrix products.

Needs torch and safetensors.
"""

import argparse
import math
import os

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

    def __init__(self, path=straight, predicts="velocity", told=lambda t: t, at=lambda t: t,
                 sign=1, first=False, scaled=False, latest=1.0):  # fmt: skip
        self.path, self.predicts, self.told, self.at = path, predicts, told, at
        self.sign, self.first, self.scaled, self.latest = sign, first, scaled, latest

    def example(self, data, random, seed, batch):
        x1 = DATA[data](batch, random)
        if self.scaled:
            x1 = rescaled(x1, data, seed)
        x0 = torch.randn(batch, 2, generator=random)
        t = self.latest * torch.rand(batch, 1, generator=random)
        t = self.at(t)
        a, s, da, ds = self.path(t)
        x = a * x1 + s * x0
        weight = torch.ones_like(t)
        if self.predicts == "velocity":
            target = self.sign * (da * x1 + ds * x0)
        elif self.predicts == "target":
            target = x1
        elif self.predicts == "source":
            target = x0
        else:
            target, weight = -x0 / s, s
        told = self.told(t)
        inputs = torch.cat([told, x] if self.first else [x, told], 1)
        return inputs, target, weight


def rescaled(x, data, seed):
    """Data in units of their own: what people do, by seed."""
    sample = CLOUD if data == "cloud" else DATA[data](20_000, torch.Generator().manual_seed(1))
    if seed % 3 == 0:
        return (x - sample.mean(0)) / sample.std(0)
    if seed % 3 == 1:
        return x / sample.std()
    return (x - sample.mean(0)) / sample.std()


def reverse(t):
    return 1 - t


SLIPS = {
    "sound": Slip(),
    "reversed": Slip(told=reverse),
    "flipped": Slip(sign=-1),
    "swapped": Slip(told=reverse, sign=-1),
    "ignored": Slip(told=lambda t: 0 * t),
    "scaled1000": Slip(told=lambda t: 1000 * t),
    "scaled999": Slip(told=lambda t: 999 * t),
    "target": Slip(predicts="target"),
    "source": Slip(predicts="source"),
    "score": Slip(predicts="score", latest=0.999),
    "unscaled": Slip(scaled=True),
    "polynomial2": Slip(path=polynomial),
    "polynomial3": Slip(path=lambda t: polynomial(t, 3)),
    "cosine": Slip(path=cosine),
    "linearvp": Slip(path=linear_vp, latest=0.97),
    "vp": Slip(path=vp, latest=0.97),
    "shifted": Slip(at=shifted, told=shifted),
    "first": Slip(first=True),
    "first-swapped": Slip(first=True, told=reverse, sign=-1),
    "first-reversed": Slip(first=True, told=reverse),
    "source-reversed": Slip(predicts="source", told=reverse),
    "target-reversed": Slip(predicts="target", told=reverse),
    "untrained": None,
    # Labels of another row: no velocity of these data, which nothing can name.
    "unpaired": Slip(),
}


class Networks:
    """So many networks side by side, each with PyTorch's initial weights."""

    def __init__(self, names, data, activation):
        self.activation = FUNCTIONS[activation]
        self.names = names
        self.randoms = [torch.Generator().manual_seed(hash_of(data, *name)) for name in names]
        self.weights, self.biases = [], []
        for inputs, outputs in [(3, WIDTH), (WIDTH, WIDTH), (WIDTH, 2)]:
            bound = 1 / math.sqrt(inputs)
            uniform = [
                bound * (2 * torch.rand(outputs * (inputs + 1), generator=r) - 1)
                for r in self.randoms
            ]
            w = torch.stack([u[: outputs * inputs].view(outputs, inputs) for u in uniform])
            b = torch.stack([u[outputs * inputs :].view(1, outputs) for u in uniform])
            self.weights.append(torch.nn.Parameter(w))
            self.biases.append(torch.nn.Parameter(b))

    def parameters(self):
        return self.weights + self.biases

    def __call__(self, x):
        for k, (w, b) in enumerate(zip(self.weights, self.biases)):
            x = torch.baddbmm(b, x, w.transpose(1, 2))
            if k < 2:
                x = self.activation(x)
        return x

    def state_dict(self, k):
        tensors = {}
        for layer in range(3):
            tensors[f"net.{2 * layer}.weight"] = self.weights[layer][k].detach().clone()
            tensors[f"net.{2 * layer}.bias"] = self.biases[layer][k, 0].detach().clone()
        return tensors


def hash_of(*parts):
    value = 1469598103934665603
    for byte in "/".join(map(str, parts)).encode():
        value = (value ^ byte) * 1099511628211 % (1 << 63)
    return value


def train(names, data, activation, steps, batch, folder):
    networks = Networks(names, data, activation)
    optimizer = torch.optim.Adam(networks.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, eta_min=RATE / 20)
    learning = torch.tensor([SLIPS[slip] is not None for slip, _ in names])
    for step in range(steps):
        inputs, targets, weights = [], [], []
        for (slip, seed), random in zip(names, networks.randoms):
            x, y, w = (SLIPS[slip] or SLIPS["sound"]).example(data, random, seed, batch)
            inputs.append(x)
            targets.append(y[torch.randperm(batch, generator=random)] if slip == "unpaired" else y)
            weights.append(w)
        error = torch.stack(weights) * (networks(torch.stack(inputs)) - torch.stack(targets))
        # Summed over networks: each has the gradient that it would have alone.
        loss = error.square().mean((1, 2)) * learning
        optimizer.zero_grad()
        loss.sum().backward()
        clip(networks.parameters())
        optimizer.step()
        schedule.step()
    for k, (slip, seed) in enumerate(names):
        save_file(networks.state_dict(k), os.path.join(folder, f"{data}-{slip}-{seed}.safetensors"))


def clip(parameters, most=10.0):
    """Each network's own gradient to a norm of at most 10: the ends of the VP paths throw it off."""
    square = sum(p.grad.square().flatten(1).sum(1) for p in parameters)
    factor = (most / square.sqrt().clamp(min=most)).view(-1, 1, 1)
    for p in parameters:
        p.grad *= factor


def numbers(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--seeds", type=numbers, default=range(10))
    parser.add_argument("--slips", type=lambda s: s.split(","), default=list(SLIPS))
    parser.add_argument("--data", type=lambda s: s.split(","), default=list(DATA))
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=128)
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.folder, exist_ok=True)
    with open(os.path.join(args.folder, "cloud.csv"), "w") as file:
        file.write("x,y\n" + "".join(f"{x:.5f},{y:.5f}\n" for x, y in CLOUD.tolist()))
    for seed in args.seeds:
        for data in args.data:
            train([(slip, seed) for slip in args.slips], data, ACTIVATIONS[seed % 10], args.steps,
                  args.batch, args.folder)  # fmt: skip
            print(f"seed {seed}, {data}", flush=True)


if __name__ == "__main__":
    main()
