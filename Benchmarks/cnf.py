#!/usr/bin/env python3
"""Training steps a second of CPU of a continuous normalizing flow by maximum likelihood on moons.

Data go back from t = 1 to 0 in Euler steps with the exact trace, and the gradient goes back through
the steps; torch solves with torchdiffeq, jax takes two forward derivatives, compiled.
"""

import math

import peers

peers.one_core()
args = peers.arguments(__doc__, ["torch", "jax"], steps=dict(type=int, default=20))
network = dict(peers.SMALL, activation="silu")


def torch_step():
    import torch
    from torchdiffeq import odeint

    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = peers.torch_network(torch, network)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    grid = torch.linspace(1, 0, args.steps + 1)

    def rate(t, state):
        x = state[0]
        u = model(torch.cat([x, t.expand(len(x), 1)], 1))
        trace = sum(
            torch.autograd.grad(u[:, k].sum(), x, create_graph=True)[0][:, k] for k in range(2)
        )
        return u, trace

    def step():
        x = peers.torch_moons(torch, network["batch"]).requires_grad_(True)
        z, change = odeint(rate, (x, torch.zeros(len(x))), grid, method="euler")
        # From t = 1 to 0 the integral of the trace is minus that from 0 to 1.
        log_p = -(z[-1] ** 2).sum(1) / 2 - math.log(2 * math.pi) + change[-1]
        loss = -log_p.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return step


def jax_step():
    import jax
    import jax.numpy as jnp

    weights, velocity = peers.jax_network(jax, network, jax.random.PRNGKey(0))
    count, h = network["batch"], 1 / args.steps
    axes = [jnp.zeros((count, 2)).at[:, k].set(1) for k in range(2)]

    def moons(key):
        keys = jax.random.split(key, 3)
        angle = math.pi * jax.random.uniform(keys[0], (count,))
        inner = jax.random.bernoulli(keys[1], 0.5, (count,)).astype(jnp.float32)
        sign = 1 - 2 * inner
        arc = jnp.stack([jnp.cos(angle) * sign + inner, jnp.sin(angle) * sign + inner / 2], 1)
        noise = 0.1 * jax.random.normal(keys[2], (count, 2))
        return 2 * (arc + noise) - jnp.array([1.0, 0.2])

    def loss(weights, data):
        def euler(state, k):
            x, change = state
            t = 1 - k * h
            parts = [jax.jvp(lambda y: velocity(weights, y, t), (x,), (axis,)) for axis in axes]
            trace = parts[0][1][:, 0] + parts[1][1][:, 1]
            return (x - h * parts[0][0], change + h * trace), None

        start = (data, jnp.zeros(count))
        (z, change), _ = jax.lax.scan(euler, start, jnp.arange(args.steps))
        return jnp.mean((z**2).sum(1) / 2 + change) + math.log(2 * math.pi)

    @jax.jit
    def step(state, key):
        weights, first, second, k = state
        value, gradient = jax.value_and_grad(loss)(weights, moons(key))
        tree = jax.tree_util.tree_map
        first = tree(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = tree(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
        a, b = 1 - 0.9 ** (k + 1), 1 - 0.999 ** (k + 1)
        weights = tree(
            lambda w, m, v: w - 1e-3 * (m / a) / (jnp.sqrt(v / b) + 1e-8), weights, first, second
        )
        return (weights, first, second, k + 1), value

    zeros = jax.tree_util.tree_map(jnp.zeros_like, weights)
    state = [(weights, zeros, zeros, 0.0)]
    keys = [jax.random.PRNGKey(1)]

    def work():
        keys[0], key = jax.random.split(keys[0])
        state[0], value = step(state[0], key)
        return value.block_until_ready()

    return work


peers.report(peers.rate(torch_step() if args.library == "torch" else jax_step(), 1, args.repeats))
