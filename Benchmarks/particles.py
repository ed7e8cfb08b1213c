#!/usr/bin/env python3
"""Optimiser steps a second of CPU: four particles in the plane, equivariant, batch 256, in eager PyTorch.

The same network as flowscope's dw4: a pair's features through 3×64 SiLU, a hidden layer but the first reading
the pair's units, half the sum of those of the pairs that share a particle, and those of the pair that shares
none; pairs of noise and data up to motions and 24 permutations.
"""

import itertools

import peers

peers.one_core()
args = peers.arguments(__doc__, ["torch"])
batch = 256


def torch_step():
    import torch

    torch.set_num_threads(peers.threads())
    torch.manual_seed(0)
    pairs = torch.tensor([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)])
    orders = torch.tensor(list(itertools.permutations(range(4))))
    bells = 0.6 * torch.arange(16.0)

    class Forces(torch.nn.Module):
        def __init__(self):
            super().__init__()
            sizes = [(20, 64), (192, 64), (192, 64), (64, 1)]
            self.layers = torch.nn.ModuleList(torch.nn.Linear(*size) for size in sizes)

        def forward(self, t, x):
            ways = x[:, pairs[:, 0]] - x[:, pairs[:, 1]]
            s = (ways.square().sum(-1, keepdim=True) + 0.01).sqrt()
            times = torch.stack([t, torch.cos(torch.pi * t), torch.cos(2 * torch.pi * t)], -1)
            h = torch.cat(
                [
                    0.25 * s - 1,
                    torch.exp(-0.5 * ((s - bells) / 0.6) ** 2),
                    times[:, None].expand(-1, 6, -1),
                ],
                -1,
            )
            h = torch.nn.functional.silu(self.layers[0](h))
            for layer in self.layers[1:-1]:
                other = h.flip(1)
                shared = 0.5 * (h.sum(1, keepdim=True) - h - other)
                h = torch.nn.functional.silu(layer(torch.cat([h, shared, other], -1)))
            push = self.layers[-1](h) * ways
            v = torch.zeros_like(x)
            return v.index_add(1, pairs[:, 0], push).index_add(1, pairs[:, 1], -push)

    # Molecules to draw from, as a table: what they are does not change the work.
    table = 2.5 * torch.randn(65536, 4, 2)
    table -= table.mean(1, keepdim=True)

    def align(x0, x1):
        a, b = torch.view_as_complex(x0), torch.view_as_complex(x1)
        moved = torch.stack([b, b.conj()])[:, :, orders]
        sums = (a.conj()[None, :, None] * moved).sum(-1)
        best = sums.abs().permute(1, 0, 2).reshape(batch, -1).argmax(-1)
        every = torch.arange(batch)
        chosen = moved.permute(1, 0, 2, 3).reshape(batch, -1, 4)[every, best]
        along = sums.permute(1, 0, 2).reshape(batch, -1)[every, best]
        return torch.view_as_real(chosen * (along.conj() / along.abs())[:, None])

    model = Forces()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad()
        x0 = 2 * torch.randn(batch, 4, 2)
        x0 -= x0.mean(1, keepdim=True)
        x1 = align(x0, table[torch.randint(len(table), (batch,))])
        t = torch.rand(batch)
        x = x0 + t[:, None, None] * (x1 - x0)
        loss = (model(t, x) - (x1 - x0)).square().mean()
        loss.backward()
        optimizer.step()

    return step


work = torch_step()
for _ in range(20):
    work()
peers.report(peers.rate(work, 1, args.repeats))
