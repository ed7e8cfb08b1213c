#!/usr/bin/env python3
"""Optimiser steps a second of CPU of discrete flow matching on the checkerboard of 128 letters.

With flow_matching's path and loss, batch 4096, letters from uniform noise. `example` is the network of
its notebook: each letter embedded in 128 numbers, then four layers of 128; `gathered` is ours, whose first
layer has a row for every letter of every position and is looked up too.
"""

import peers

peers.one_core()
args = peers.arguments(
    __doc__, ["torch"], network=dict(choices=["example", "gathered"], default="example")
)

import torch
from flow_matching.loss import MixturePathGeneralizedKL
from flow_matching.path import MixtureDiscreteProbPath
from flow_matching.path.scheduler import PolynomialConvexScheduler

LETTERS, LENGTH, WIDTH, BATCH = 128, 2, 128, 4096


def hidden(depth):
    layers = []
    for _ in range(depth):
        layers += [torch.nn.SiLU(), torch.nn.Linear(WIDTH, WIDTH)]
    return layers + [torch.nn.SiLU(), torch.nn.Linear(WIDTH, LETTERS * LENGTH)]


class Example(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.time = torch.nn.Linear(1, 1)
        self.letters = torch.nn.Embedding(LETTERS, WIDTH)
        self.main = torch.nn.Sequential(
            torch.nn.SiLU(), torch.nn.Linear(WIDTH * LENGTH + 1, WIDTH), *hidden(2)
        )

    def forward(self, x, t):
        rows = self.letters(x).reshape(len(x), LENGTH * WIDTH)
        values = self.main(torch.cat([rows, self.time(t[:, None])], 1))
        return values.reshape(len(x), LENGTH, LETTERS)


class Gathered(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.letters = torch.nn.Embedding(LENGTH * LETTERS, WIDTH)
        self.time = torch.nn.Linear(3, WIDTH)
        self.main = torch.nn.Sequential(*hidden(2))
        self.register_buffer("starts", LETTERS * torch.arange(LENGTH))

    def forward(self, x, t):
        angle = torch.pi * t
        times = self.time(torch.stack([t, torch.sin(angle), torch.cos(angle)], 1))
        values = self.main(self.letters(x + self.starts).sum(1) + times)
        return values.reshape(len(x), LENGTH, LETTERS)


def board():
    side = LETTERS // 4
    a = torch.randint(LETTERS, (BATCH,))
    square = 2 * torch.randint(2, (BATCH,)) + a // side % 2
    return torch.stack([a, square * side + torch.randint(side, (BATCH,))], 1)


torch.set_num_threads(peers.threads())
torch.manual_seed(0)
model = Example() if args.network == "example" else Gathered()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
path = MixtureDiscreteProbPath(scheduler=PolynomialConvexScheduler(n=2.0))
loss_of = MixturePathGeneralizedKL(path=path)


def step():
    optimizer.zero_grad()
    x1 = board()
    t = torch.rand(BATCH) * 0.999
    sample = path.sample(t=t, x_0=torch.randint_like(x1, LETTERS), x_1=x1)
    loss = loss_of(logits=model(sample.x_t, t), x_1=x1, x_t=sample.x_t, t=t)
    loss.backward()
    optimizer.step()


for _ in range(3):
    step()
peers.report(peers.rate(step, 1, args.repeats))
