#!/usr/bin/env python3
"""Optimiser steps a second of CPU of a mean flow on moons: half of a batch jumps from t to r > t.

The target of a jump is v + (r − t)·dū/dt, dū/dt a derivative along (v, 1, 0) by torch.func.jvp or jax.jvp
and held; the other half has r = t. torch is eager, jax compiles a lax.scan over many steps, data and all.
"""

import peers

peers.one_core()
args = peers.arguments(__doc__, ["torch", "jax"])
network = dict(peers.SMALL, activation="silu", inputs=4)
batch, jumps = network["batch"], network["batch"] // 2


def torch_step():
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = peers.torch_network(torch, network)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def mean(x, t, r):
        return model(torch.cat([x, t, r], 1))

    def step():
        optimizer.zero_grad()
        x0, x1 = torch.randn(batch, 2), peers.torch_moons(torch, batch)
        t, r = torch.rand(batch, 1), torch.rand(batch, 1)
        r[jumps:] = t[jumps:]
        t, r = torch.minimum(t, r), torch.maximum(t, r)
        x, target = (1 - t) * x0 + t * x1, x1 - x0
        with torch.no_grad():
            first = x[:jumps], t[:jumps], r[:jumps]
            along = target[:jumps], torch.ones(jumps, 1), torch.zeros(jumps, 1)
            _, change = torch.func.jvp(mean, first, along)
            target[:jumps] += (r - t)[:jumps] * change
        loss = torch.mean((mean(x, t, r) - target) ** 2)
        loss.backward()
        optimizer.step()

    return step, 1


def jax_step():
    import jax
    import jax.numpy as jnp

    weights, mean = peers.jax_network(jax, network, jax.random.PRNGKey(0))
    each = jax.tree_util.tree_map
    together = 50

    def draw(key):
        keys = jax.random.split(key, 6)
        x0 = jax.random.normal(keys[0], (batch, 2))
        coin = jax.random.randint(keys[1], (batch,), 0, 2)
        u = jax.random.uniform(keys[2], (batch,))
        sign = 1 - 2 * coin
        arc = [jnp.cos(jnp.pi * u) * sign + coin, jnp.sin(jnp.pi * u) * sign + coin / 2]
        clean = jnp.stack(arc, 1) + 0.1 * jax.random.normal(keys[3], (batch, 2))
        x1 = 2 * clean - jnp.array([1.0, 0.2])
        a = jax.random.uniform(keys[4], (batch, 1))
        b = a.at[:jumps].set(jax.random.uniform(keys[5], (jumps, 1)))
        t, r = jnp.minimum(a, b), jnp.maximum(a, b)
        return (1 - t) * x0 + t * x1, t, r, x1 - x0

    def loss(weights, x, t, r, v):
        def jump(x, t):
            return mean(weights, x, jnp.concatenate([t, r[:jumps]], 1))

        held = jax.lax.stop_gradient
        _, change = jax.jvp(jump, (x[:jumps], t[:jumps]), (v[:jumps], jnp.ones((jumps, 1))))
        target = v.at[:jumps].add((r - t)[:jumps] * held(change))
        return jnp.mean((mean(weights, x, jnp.concatenate([t, r], 1)) - target) ** 2)

    def step(state, _):
        weights, first, second, count, key = state
        key, part = jax.random.split(key)
        gradient = jax.grad(loss)(weights, *draw(part))
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
for _ in range(20):
    work()
peers.report(peers.rate(work, amount, args.repeats))
