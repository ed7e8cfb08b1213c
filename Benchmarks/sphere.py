#!/usr/bin/env python3
"""Optimiser steps a second of CPU on the sphere: six clusters, 3×64 SiLU, batch 256.

As flow_matching's notebook trains it: its geodesic path, a network of (x, t) whose output is projected on
to the tangent plane, the squared error, Adam, eager.
"""

import math

import peers

peers.one_core()
args = peers.arguments(__doc__, ["torch"])

import torch  # noqa: E402
from flow_matching.path import GeodesicProbPath  # noqa: E402
from flow_matching.path.scheduler import CondOTScheduler  # noqa: E402
from flow_matching.utils.manifolds import Sphere  # noqa: E402

BATCH, KAPPA = 256, 25.0
torch.set_num_threads(peers.threads())
torch.manual_seed(0)
layers = []
for inputs, outputs in zip([4, 64, 64, 64], [64, 64, 64, 3]):
    layers += [torch.nn.Linear(inputs, outputs), torch.nn.SiLU()]
model = torch.nn.Sequential(*layers[:-1])
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
manifold = Sphere()
path = GeodesicProbPath(scheduler=CondOTScheduler(), manifold=manifold)


def uniform(count):
    x = torch.randn(count, 3)
    return x / x.norm(dim=1, keepdim=True)


def clusters(count):
    """Six von Mises–Fisher distributions at the ends of the axes."""
    u = torch.rand(count)
    height = 1 + torch.log(u + (1 - u) * math.exp(-2 * KAPPA)) / KAPPA
    angle = 2 * math.pi * torch.rand(count)
    width = (1 - height**2).clamp(min=0).sqrt()
    near = torch.stack([width * angle.cos(), width * angle.sin(), height], 1)
    axis = torch.randint(0, 3, (count,))
    columns = (torch.arange(3)[None] + axis[:, None] + 1) % 3
    return torch.empty(count, 3).scatter_(1, columns, near) * (
        1 - 2 * torch.randint(0, 2, (count, 1))
    )


def step():
    optimizer.zero_grad()
    point = path.sample(t=torch.rand(BATCH), x_0=uniform(BATCH), x_1=clusters(BATCH))
    output = model(torch.cat([point.x_t, point.t], 1))
    velocity = output - (output * point.x_t).sum(1, keepdim=True) * point.x_t
    loss = torch.mean((velocity - point.dx_t) ** 2)
    loss.backward()
    optimizer.step()


for _ in range(20):
    step()
peers.report(peers.rate(step, 1, args.repeats))
