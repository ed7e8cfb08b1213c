#!/usr/bin/env python3
"""Optimiser steps a second of CPU: fresh data, forward, loss, backward, Adam.

torch is eager, as the tutorials run it: with torchcfm for the small network (--coupling ot is its
tutorial of OT-CFM, from eight Gaussians to moons), with flow_matching's path for the wide one. jax compiles a
lax.scan over many steps, data and all.
"""

import peers

peers.one_core()
args = peers.arguments(
    __doc__,
    ["torch", "jax"],
    network=dict(choices=peers.NETWORKS, default="small"),
    coupling=dict(choices=["independent", "ot"], default="independent"),
    cores=dict(choices=["one", "two"], default="one"),
)
network = peers.NETWORKS[args.network]
batch = network["batch"]


def torch_step():
    import torch

    torch.set_num_threads(peers.threads())
    torch.manual_seed(0)
    model = peers.torch_network(torch, network)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    if args.network == "small":
        from torchcfm import conditional_flow_matching as cfm

        matchers = {
            "independent": cfm.ConditionalFlowMatcher,
            "ot": cfm.ExactOptimalTransportConditionalFlowMatcher,
        }
        matcher = matchers[args.coupling](sigma=0.0)

        def draw():
            if args.coupling == "ot":
                ends = peers.torchcfm_gaussians(torch, batch), peers.torchcfm_moons(torch, batch)
            else:
                ends = torch.randn(batch, 2), peers.torch_moons(torch, batch)
            return matcher.sample_location_and_conditional_flow(*ends)

    else:
        from flow_matching.path import CondOTProbPath

        path = CondOTProbPath()

        def draw():
            x0, x1 = torch.randn(batch, 2), peers.torch_checkerboard(torch, batch)
            point = path.sample(t=torch.rand(batch), x_0=x0, x_1=x1)
            return point.t, point.x_t, point.dx_t

    def step():
        optimizer.zero_grad()
        t, x, velocity = draw()
        loss = torch.mean((model(torch.cat([x, t[:, None]], 1)) - velocity) ** 2)
        loss.backward()
        optimizer.step()

    return step, 1


def jax_step():
    import jax
    import jax.numpy as jnp

    weights, velocity = peers.jax_network(jax, network, jax.random.PRNGKey(0))
    each = jax.tree_util.tree_map
    together = 50 if args.network == "small" else 2

    def draw(key):
        keys = jax.random.split(key, 5)
        x0 = jax.random.normal(keys[0], (batch, 2))
        coin = jax.random.randint(keys[1], (batch,), 0, 2)
        u = jax.random.uniform(keys[2], (batch,))
        if args.network == "small":
            sign = 1 - 2 * coin
            arc = [jnp.cos(jnp.pi * u) * sign + coin, jnp.sin(jnp.pi * u) * sign + coin / 2]
            clean = jnp.stack(arc, 1) + 0.1 * jax.random.normal(keys[3], (batch, 2))
            x1 = 2 * clean - jnp.array([1.0, 0.2])
        else:
            x = 4 * u - 2
            y = jax.random.uniform(keys[3], (batch,)) - 2 * coin + jnp.floor(x) % 2
            x1 = 2 * jnp.stack([x, y], 1)
        t = jax.random.uniform(keys[4], (batch, 1))
        return t, (1 - t) * x0 + t * x1, x1 - x0

    def step(state, _):
        weights, first, second, count, key = state
        key, part = jax.random.split(key)
        t, x, target = draw(part)
        gradient = jax.grad(lambda w: jnp.mean((velocity(w, x, t) - target) ** 2))(weights)
        count = count + 1
        first = each(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = each(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        size = 1e-3 / (1 - 0.9**count)
        root = 1 / jnp.sqrt(1 - 0.999**count)
        weights = each(
            lambda w, m, v: w - size * m / (jnp.sqrt(v) * root + 1e-8), weights, first, second
        )
        return (weights, first, second, count, key), None

    many = jax.jit(lambda state: jax.lax.scan(step, state, None, length=together)[0])
    zeros = each(jnp.zeros_like, weights)
    state = [(weights, zeros, zeros, jnp.float32(0), jax.random.PRNGKey(1))]

    def steps():
        state[0] = jax.block_until_ready(many(state[0]))

    return steps, together


work, amount = torch_step() if args.library == "torch" else jax_step()
for _ in range(20 if args.network == "small" else 2):
    work()
peers.report(peers.rate(work, amount, args.repeats))
