"""What the peers' benchmarks share: the clock, the networks, the data. One core, unless said."""

import argparse
import json
import math
import os
import statistics
import sys
import time

SMALL = dict(width=64, depth=3, batch=256, activation="selu")
WIDE = dict(width=512, depth=4, batch=4096, activation="silu")
NETWORKS = {"small": SMALL, "wide": WIDE}


def threads():
    return 2 if "two" in sys.argv[1:] else 1


def one_core():
    """Before a library is imported: no extra threads, for XLA by force."""
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads())
    if "jax" in sys.argv[1:]:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def arguments(description, libraries, **extra):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("library", choices=libraries)
    parser.add_argument("--repeats", type=int, default=5)
    for name, options in extra.items():
        parser.add_argument("--" + name, **options)
    return parser.parse_args()


def units(network):
    return [network.get("inputs", 3)] + [network["width"]] * network["depth"] + [2]


def rate(work, amount, repeats, seconds=1.0):
    """`work` does `amount` of something: the median amount a second of CPU, after a warm-up.

    With two threads a second is one of the clock on the wall.
    """
    clock = time.process_time if threads() == 1 else time.perf_counter
    work()
    start = clock()
    work()
    calls = max(1, round(seconds / max(clock() - start, 1e-6)))
    rates = []
    for _ in range(repeats):
        start = clock()
        for _ in range(calls):
            work()
        rates.append(amount * calls / (clock() - start))
    return statistics.median(rates)


def report(value):
    print(json.dumps({"value": value}))


def torch_network(torch, network):
    """The libraries' own shape: linear layers with an activation between them."""
    sizes = units(network)
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, outputs), activation(torch, network)]
    return torch.nn.Sequential(*layers[:-1])


def activation(torch, network):
    return torch.nn.SELU() if network["activation"] == "selu" else torch.nn.SiLU()


def torch_arcs(torch, count, noise):
    angle = math.pi * torch.rand(count)
    inner = torch.randint(2, (count,)).float()
    sign = 1 - 2 * inner
    arc = [torch.cos(angle) * sign + inner, torch.sin(angle) * sign + inner / 2]
    return torch.stack(arc, 1) + noise * torch.randn(count, 2)


def torch_moons(torch, count):
    return 2 * torch_arcs(torch, count, 0.1) - torch.tensor([1.0, 0.2])


def torchcfm_moons(torch, count):
    return 3 * torch_arcs(torch, count, 0.2) - 1


def torchcfm_gaussians(torch, count):
    turn = 2 * math.pi * torch.randint(8, (count,)) / 8
    centres = 5 * torch.stack([torch.cos(turn), torch.sin(turn)], 1)
    return centres + 0.1**0.25 * torch.randn(count, 2)


def torch_checkerboard(torch, count):
    x = 4 * torch.rand(count) - 2
    y = torch.rand(count) - 2 * torch.randint(2, (count,)) + torch.floor(x) % 2
    return 2 * torch.stack([x, y], 1)


def jax_network(jax, network, key):
    """Weights as a list of (matrix, bias), and the function that evaluates them."""
    sizes = units(network)
    weights = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        key, part = jax.random.split(key)
        bound = inputs**-0.5
        matrix = jax.random.uniform(part, (inputs, outputs), minval=-bound, maxval=bound)
        weights.append((matrix, jax.numpy.zeros(outputs)))
    bend = jax.nn.selu if network["activation"] == "selu" else jax.nn.silu

    def velocity(weights, x, t):
        # Times are a column for each; one time for all stands alone.
        columns = jax.numpy.reshape(t, (-1, sizes[0] - x.shape[1]))
        time = jax.numpy.broadcast_to(columns, (x.shape[0], columns.shape[1]))
        values = jax.numpy.concatenate([x, time], 1)
        for matrix, bias in weights[:-1]:
            values = bend(values @ matrix + bias)
        return values @ weights[-1][0] + weights[-1][1]

    return weights, velocity
