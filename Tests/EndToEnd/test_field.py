"""Exact fields at points against NumPy, from the definitions and not from our code, to 1e-9.

Skipped without NumPy (pip install numpy), and in CI, whose machine has none.
"""

import io
import json
import os
import unittest

from headless import Headless

try:
    import numpy
except ImportError:
    numpy = None

WHY = None
if numpy is None:
    WHY = "needs NumPy: pip install numpy"
elif os.environ.get("CI"):
    WHY = "oracles are run by hand, not in CI"


# --- the plane ----------------------------------------------------------------------------------


def plane(x, t, means, deviation):
    """The marginal of x_t = t x₁ + (1 − t) x₀ from N(0, I) to equal Gaussians, or to points."""
    variance = (1 - t) ** 2 + (t * deviation) ** 2
    away = x[:, None, :] - t * means[None]
    logs = -0.5 * (away**2).sum(2) / variance
    top = logs.max(1, keepdims=True)
    weights = numpy.exp(logs - top)
    total = weights.sum(1, keepdims=True)
    shares = weights / total
    mean = lambda values: (shares[:, :, None] * values).sum(1)
    rate = (t * deviation**2 - (1 - t)) / variance
    slopes = -away / variance
    score = mean(slopes)
    ways = means[None] + rate * away
    velocity = mean(ways)
    spread = (shares * (ways * (slopes - score[:, None])).sum(2)).sum(1)
    count = len(means)
    return {
        "velocity": velocity,
        "score": score,
        "divergence": 2 * rate + spread,
        "log-density": (top + numpy.log(total))[:, 0]
        - numpy.log(2 * numpy.pi * variance * count),
        "target": mean(means[None] + t * deviation**2 / variance * away),
        "source": mean((1 - t) / variance * away),
    }


# --- the sphere ---------------------------------------------------------------------------------


def vectors(degrees):
    a, b = numpy.radians(degrees).T
    return numpy.stack([numpy.cos(b) * numpy.cos(a), numpy.cos(b) * numpy.sin(a), numpy.sin(b)], 1)


def sphere(x, t, points):
    """w_i ∝ sin(θ_i/s)/sin θ_i within sπ, u = Σ w_i log_x(x_i)/(s Σ w_i), s = 1 − t."""
    s = 1 - t
    cosine = x @ points.T
    across = points[None] - cosine[:, :, None] * x[:, None]
    sine = numpy.linalg.norm(across, axis=2)
    angle = numpy.arctan2(sine, cosine)
    ways = across * (angle / sine)[:, :, None]
    reached = angle < s * numpy.pi
    weight = numpy.where(reached, numpy.sin(angle / s) / sine, 0)
    change = numpy.where(
        reached,
        numpy.cos(angle / s) / (s * sine) - numpy.sin(angle / s) * cosine / sine**2, 0)
    mass = weight.sum(1)
    slope = -(change / angle)[:, :, None] * ways
    score = slope.sum(1) / mass[:, None]
    velocity = (weight[:, :, None] * ways).sum(1) / (s * mass)[:, None]
    spread = (slope * ways).sum(2) - weight * (1 + angle * cosine / sine)
    divergence = spread.sum(1) / (s * mass) - (velocity * score).sum(1)

    def end(time):
        length = numpy.linalg.norm(velocity, axis=1, keepdims=True)
        return numpy.cos(time * length) * x + numpy.sin(time * length) / length * velocity

    return {
        "velocity": velocity, "score": score, "divergence": divergence,
        "log-density": numpy.log(mass / len(points) / (4 * numpy.pi * s)),
        "target": end(1 - t), "source": end(-t),
    }  # fmt: skip


# --- the torus ----------------------------------------------------------------------------------


def wrap(angle):
    return (angle + numpy.pi) % (2 * numpy.pi) - numpy.pi


def torus_points(x, t, points):
    """The mean of wrap(x_i − x)/s over the points within sπ in both angles, s = 1 − t."""
    s = 1 - t
    ways = wrap(points[None] - x[:, None])
    near = (numpy.abs(ways).max(2) <= s * numpy.pi).astype(float)
    count = near.sum(1)
    velocity = (near[:, :, None] * ways).sum(1) / (s * count)[:, None]
    return {
        "velocity": velocity,
        "divergence": numpy.full(len(x), -2 / s),
        "log-density": numpy.log(count / len(points)) - 2 * numpy.log(2 * numpy.pi * s),
        "target": wrap(x + (1 - t) * velocity), "source": wrap(x - t * velocity),
        "score": numpy.zeros_like(x),
    }  # fmt: skip


def arc(x, low, length, reach):
    """Of the arc [low, low + length] within reach of x: its length, ∫(y − x)dy, and at which ends."""
    size, moment = numpy.zeros_like(x), numpy.zeros_like(x)
    above, below = numpy.zeros_like(x), numpy.zeros_like(x)
    for turn in range(-3, 4):
        start = low + 2 * numpy.pi * turn - x
        a, b = numpy.maximum(start, -reach), numpy.minimum(start + length, reach)
        inside = b > a
        size += numpy.where(inside, b - a, 0)
        moment += numpy.where(inside, (b * b - a * a) / 2, 0)
        above += (start < reach) & (reach < start + length)
        below += (start < -reach) & (-reach < start + length)
    return size, moment, above, below


def torus_board(x, t, squares, side):
    """The marginal to a uniform density on squares by their lower corners."""
    s = 1 - t
    reach = s * numpy.pi
    mass = numpy.zeros(len(x))
    flow, slope = numpy.zeros_like(x), numpy.zeros_like(x)
    spread = numpy.zeros(len(x))
    for corner in squares:
        a, b = (arc(x[:, i], corner[i], side, reach) for i in (0, 1))
        mass += a[0] * b[0]
        flow += numpy.stack([a[1] * b[0], a[0] * b[1]], 1)
        slope += numpy.stack([(a[2] - a[3]) * b[0], a[0] * (b[2] - b[3])], 1)
        # d/dx ∫(y − x)dy over [x − r, x + r] is r at an end that lies within, and −1 everywhere.
        spread += (reach * (a[2] + a[3]) - a[0]) * b[0] + a[0] * (reach * (b[2] + b[3]) - b[0])
    velocity = flow / (s * mass)[:, None]
    score = slope / mass[:, None]
    area = len(squares) * side * side
    return {
        "velocity": velocity, "score": score,
        "divergence": spread / (s * mass) - (velocity * score).sum(1),
        "log-density": numpy.log(mass / area) - 2 * numpy.log(2 * reach),
        "target": wrap(x + (1 - t) * velocity), "source": wrap(x - t * velocity),
    }  # fmt: skip


@unittest.skipIf(WHY, WHY)
class ExactFields(Headless):
    def setUp(self):
        super().setUp()
        self.random = numpy.random.default_rng(5)

    def save(self, name, values):
        numpy.save(self.path(name), values)

    def found(self, quantity, t, *arguments):
        text = self.succeeds(
            "field", "--at", "at.npy", "--t", str(t), "--quantity", quantity, "--json", "-q",
            *arguments)  # fmt: skip
        report = json.loads(text)
        self.assertTrue(report["exact"])
        self.assertEqual(report["quantity"], quantity)
        return numpy.array(report["values"], float)

    def agrees(self, wanted, t, *arguments, isAngle=False):
        for quantity, values in wanted.items():
            found = self.found(quantity, t, *arguments)
            values = values[:, None] if values.ndim == 1 else values
            self.assertEqual(found.shape, values.shape)
            difference = found - values
            if isAngle and quantity in ("target", "source"):
                difference = wrap(difference)
            size = numpy.maximum(1, numpy.abs(values))
            worst = (numpy.abs(difference) / size).max()
            self.assertLess(worst, 1e-9, f"{quantity} at {t}: {worst}")

    def test_the_plane_to_a_catalogue_mixture_and_to_points_of_a_file(self):
        x = self.random.normal(size=(50, 2)) * 1.5
        self.save("at.npy", x)
        angles = 2 * numpy.pi * numpy.arange(8) / 8
        means = 2 * numpy.stack([numpy.cos(angles), numpy.sin(angles)], 1)
        points = self.random.normal(size=(40, 2)) + 0.5
        self.save("data.npy", points)
        for t in (0, 0.3, 0.85):
            self.agrees(plane(x, t, means, 0.2), t, "--dataset", "8gaussians")
            self.agrees(plane(x, t, points, 0.0), t, "--data", "data.npy")

    def test_standardised_points_come_in_the_units_of_the_file(self):
        scale, shift = numpy.array([3e-3, 40.0]), numpy.array([10.0, -7.0])
        inner = self.random.normal(size=(60, 2))
        self.save("data.npy", inner * scale + shift)
        mean, deviation = (inner * scale + shift).mean(0), (inner * scale + shift).std(0)
        x = self.random.normal(size=(20, 2))
        places = x * deviation + mean
        self.save("at.npy", places)
        x = (places - mean) / deviation
        t = 0.6
        points = (inner * scale + shift - mean) / deviation
        wanted = plane(x, t, points, 0.0)
        wanted["velocity"] = wanted["velocity"] * deviation
        wanted["score"] = wanted["score"] / deviation
        wanted["log-density"] = wanted["log-density"] - numpy.log(deviation).sum()
        wanted["target"] = wanted["target"] * deviation + mean
        del wanted["source"]
        self.agrees(wanted, t, "--data", "data.npy", "--standardise")

    def test_the_sphere_by_unit_vectors_and_by_degrees(self):
        degrees = numpy.stack(
            [self.random.uniform(-180, 180, 30), self.random.uniform(-75, 75, 30)], 1)  # fmt: skip
        places = numpy.stack(
            [self.random.uniform(-180, 180, 40), self.random.uniform(-75, 75, 40)], 1)  # fmt: skip
        points, x = vectors(degrees), vectors(places)
        self.save("vectors.npy", points)
        self.save("degrees.npy", degrees)
        for t in (0.0, 0.35, 0.7):
            self.save("at.npy", x)
            wanted = sphere(x, t, points)
            self.agrees(wanted, t, "--data", "vectors.npy", "--space", "sphere")
            # Rates of longitude and latitude, and slopes by them.
            self.save("at.npy", places)
            a, b = numpy.radians(places).T
            east = numpy.stack([-numpy.sin(a), numpy.cos(a), 0 * a], 1)
            north = numpy.stack(
                [-numpy.sin(b) * numpy.cos(a), -numpy.sin(b) * numpy.sin(a), numpy.cos(b)], 1)  # fmt: skip
            parts = lambda v: numpy.stack([(v * east).sum(1), (v * north).sum(1)], 1)
            width = numpy.stack([numpy.cos(b), 1 + 0 * b], 1)
            self.agrees(
                {
                    "velocity": numpy.degrees(parts(wanted["velocity"]) / width),
                    "score": numpy.radians(parts(wanted["score"]) * width),
                    "divergence": wanted["divergence"],
                    "log-density": wanted["log-density"],
                }, t, "--data", "degrees.npy", "--space", "sphere")  # fmt: skip

    def test_the_torus_to_points_and_to_the_checkerboard(self):
        points = self.random.uniform(-numpy.pi, numpy.pi, (30, 2))
        x = self.random.uniform(-numpy.pi, numpy.pi, (60, 2))
        self.save("at.npy", x)
        self.save("data.npy", points)
        side = numpy.pi / 2
        squares = [
            (numpy.pi / 8 + side * i, -numpy.pi / 8 + side * j)
            for i in range(-2, 2) for j in range(-2, 2) if (i + j) % 2 == 0
        ]  # fmt: skip
        for t in (0.1, 0.4, 0.75):
            wanted = torus_board(x, t, squares, side)
            self.agrees(wanted, t, "--dataset", "torus-checkerboard", isAngle=True)
        for t in (0.05, 0.3):
            wanted = torus_points(x, t, points)
            self.agrees(wanted, t, "--data", "data.npy", "--space", "torus", isAngle=True)
        # The same in degrees.
        self.save("at.npy", numpy.degrees(x))
        self.save("data.npy", numpy.degrees(points))
        wanted = {"velocity": numpy.degrees(torus_points(x, 0.3, points)["velocity"])}
        self.agrees(wanted, 0.3, "--data", "data.npy", "--space", "torus", "--period", "360")

    def test_files_hold_what_json_says(self):
        self.save("at.npy", self.random.normal(size=(7, 2)))
        wanted = self.found("velocity", 0.5, "--dataset", "moons")
        common = ["field", "--dataset", "moons", "--at", "at.npy", "--t", "0.5"]
        self.succeeds(*common, "--out", "v.npy")
        self.assertTrue(numpy.array_equal(numpy.load(self.path("v.npy")), wanted))
        lines = self.succeeds(*common).split("\n")
        self.assertEqual(lines[0], "dx,dy")
        self.assertTrue(
            numpy.array_equal(numpy.loadtxt(io.StringIO("\n".join(lines[1:])), delimiter=","), wanted))
