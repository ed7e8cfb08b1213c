#!/usr/bin/env python3
"""Evaluations of the velocity a second of CPU in midpoint solves of many particles.

torch is flow_matching's ODESolver.sample; jax compiles the whole solve.
"""

import peers

peers.one_core()
args = peers.arguments(
    __doc__,
    ["torch", "jax"],
    count=dict(type=int, default=100_000),
    steps=dict(type=int, default=20),
)
h = 1 / args.steps


def torch_solve():
    import torch
    from flow_matching.solver import ODESolver
    from flow_matching.utils import ModelWrapper

    torch.set_num_threads(1)
    torch.manual_seed(0)

    class Field(ModelWrapper):
        def forward(self, x, t, **_):
            return self.model(torch.cat([x, t.reshape(-1, 1).expand(x.shape[0], 1)], 1))

    solver = ODESolver(velocity_model=Field(peers.torch_network(torch, peers.SMALL)))
    noise, ends = torch.randn(args.count, 2), torch.tensor([0.0, 1.0])
    return lambda: solver.sample(x_init=noise, step_size=h, method="midpoint", time_grid=ends)


def jax_solve():
    import jax

    weights, velocity = peers.jax_network(jax, peers.SMALL, jax.random.PRNGKey(0))
    noise = jax.random.normal(jax.random.PRNGKey(1), (args.count, 2))

    def step(k, x):
        half = x + h / 2 * velocity(weights, x, k * h)
        return x + h * velocity(weights, half, k * h + h / 2)

    solve = jax.jit(lambda x: jax.lax.fori_loop(0, args.steps, step, x))
    return lambda: jax.block_until_ready(solve(noise))


work = torch_solve() if args.library == "torch" else jax_solve()
peers.report(peers.rate(work, 2 * args.count * args.steps, args.repeats))
