#!/usr/bin/env python3
"""Milliseconds of CPU for one exact assignment of eight Gaussians to two moons, by POT's emd.

The matrix of costs is made before and not counted. emd's limit of iterations is raised: with its
default it ends before the optimum at 4096 points.
"""

import statistics
import time

import peers

peers.one_core()
args = peers.arguments(__doc__, ["pot"], count=dict(type=int, default=256))

import numpy  # noqa: E402  (one_core comes first)
import ot  # noqa: E402

random = numpy.random.default_rng(0)


def clouds(count):
    turn = 2 * numpy.pi * random.integers(0, 8, count) / 8
    centres = 5 * numpy.stack([numpy.cos(turn), numpy.sin(turn)], 1)
    source = centres + 0.1**0.25 * random.standard_normal((count, 2))
    angle, inner = numpy.pi * random.random(count), random.integers(0, 2, count)
    sign = 1 - 2 * inner
    arc = [numpy.cos(angle) * sign + inner, numpy.sin(angle) * sign + inner / 2]
    noisy = numpy.stack(arc, 1) + 0.2 * random.standard_normal((count, 2))
    return source, 3 * noisy - 1


def milliseconds():
    source, target = clouds(args.count)
    costs = ((source[:, None] - target[None]) ** 2).sum(-1)
    share = numpy.full(args.count, 1 / args.count)
    start = time.process_time()
    ot.emd(share, share, costs, numItermax=100_000_000)
    return 1e3 * (time.process_time() - start)


milliseconds()
peers.report(statistics.median(milliseconds() for _ in range(args.repeats)))
