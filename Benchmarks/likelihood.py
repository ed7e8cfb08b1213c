#!/usr/bin/env python3
"""Velocities with their exact divergence a second of CPU, in midpoint solves from data to noise.

torch is flow_matching's compute_likelihood; jax takes two forward derivatives, compiled.
"""

import peers

peers.one_core()
args = peers.arguments(
    __doc__,
    ["torch", "jax"],
    count=dict(type=int, default=40_000),
    steps=dict(type=int, default=5),
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
    data = torch.randn(args.count, 2)
    return lambda: solver.compute_likelihood(
        x_1=data.clone(),
        log_p0=lambda x: -(x * x).sum(1) / 2,
        step_size=h,
        method="midpoint",
        exact_divergence=True,
    )


def jax_solve():
    import jax
    import jax.numpy as jnp

    weights, velocity = peers.jax_network(jax, peers.SMALL, jax.random.PRNGKey(0))
    data = jax.random.normal(jax.random.PRNGKey(1), (args.count, 2))
    axes = [jnp.zeros_like(data).at[:, k].set(1) for k in range(2)]

    def both(x, t):
        parts = [jax.jvp(lambda y: velocity(weights, y, t), (x,), (axis,)) for axis in axes]
        return parts[0][0], parts[0][1][:, 0] + parts[1][1][:, 1]

    def step(k, state):
        x, logarithm = state
        t = 1 - k * h
        slope, _ = both(x, t)
        slope, divergence = both(x - h / 2 * slope, t - h / 2)
        return x - h * slope, logarithm - h * divergence

    start = jnp.zeros(args.count)
    solve = jax.jit(lambda x: jax.lax.fori_loop(0, args.steps, step, (x, start)))
    return lambda: jax.block_until_ready(solve(data))


work = torch_solve() if args.library == "torch" else jax_solve()
peers.report(peers.rate(work, 2 * args.count * args.steps, args.repeats))
