"""Figures against SciPy and NumPy, from the definitions and not from our code.

Skipped where these are missing (pip install numpy scipy), and in CI, whose machine has neither.
"""

import json
import os
import struct
import unittest

from headless import Headless

try:
    import numpy
    from scipy.integrate import solve_ivp
    from scipy.stats import norm, qmc
except ImportError:
    numpy = None

WHY = None
if numpy is None:
    WHY = "needs NumPy and SciPy: pip install numpy scipy"
elif os.environ.get("CI"):
    WHY = "oracles are run by hand, not in CI"


# --- networks -----------------------------------------------------------------------------------


def read_safetensors(raw):
    """The network's float32 arrays in a file by name."""
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    data = raw[8 + size :]
    return {
        name: numpy.frombuffer(data[slice(*entry["data_offsets"])], "<f4")
        .reshape(entry["shape"]).astype(float)
        for name, entry in header.items() if name.startswith("net.")
    }  # fmt: skip


def silu(z):
    s = 1 / (1 + numpy.exp(-z))
    return z * s, s * (1 + z * (1 - s))


def tanh(z):
    y = numpy.tanh(z)
    return y, 1 - y * y


ACTIVATIONS = {"silu": silu, "tanh": tanh}


class Network:
    """An MLP of (x, y, t) as PyTorch saves it, with the Jacobian by x and y."""

    def __init__(self, raw, activation):
        tensors = read_safetensors(raw)
        count = len(tensors) // 2
        self.layers = [
            (tensors[f"net.{2 * k}.weight"], tensors[f"net.{2 * k}.bias"]) for k in range(count)
        ]
        self.activation = activation

    def __call__(self, x, t):
        value = numpy.concatenate([x, numpy.full((len(x), 1), t)], 1)
        jacobian = numpy.broadcast_to(numpy.eye(3)[:, :2], (len(x), 3, 2))
        for k, (weight, bias) in enumerate(self.layers):
            value = value @ weight.T + bias
            jacobian = weight @ jacobian
            if k < len(self.layers) - 1:
                value, slope = self.activation(value)
                jacobian = slope[:, :, None] * jacobian
        return value, jacobian


# --- paths: α, σ and their rates ----------------------------------------------------------------


def variance_preserving(t):
    low, high = 0.1, 20.0
    total = 0.5 * (1 - t) ** 2 * (high - low) + (1 - t) * low
    rate = -(1 - t) * (high - low) - low
    alpha, sigma = numpy.exp(-total / 2), numpy.sqrt(-numpy.expm1(-total))
    return alpha, sigma, -0.5 * rate * alpha, 0.5 * rate * numpy.exp(-total) / sigma


SCHEDULERS = {
    "conditional-ot": lambda t: (t, 1 - t, 1, -1),
    "polynomial-2": lambda t: (t * t, 1 - t * t, 2 * t, -2 * t),
    "cosine": lambda t: (
        numpy.sin(numpy.pi * t / 2), numpy.cos(numpy.pi * t / 2),
        numpy.pi / 2 * numpy.cos(numpy.pi * t / 2), -numpy.pi / 2 * numpy.sin(numpy.pi * t / 2)),
    "linear-vp": lambda t: (t, numpy.sqrt(1 - t * t), 1, -t / numpy.sqrt(1 - t * t)),
    "vp": variance_preserving,
}  # fmt: skip


def conversion(prediction, schedule, t):
    """The velocity is a·x + b·(what is predicted)."""
    if prediction == "velocity":
        return 0, 1
    alpha, sigma, alpha_rate, sigma_rate = schedule(t)
    determinant = alpha_rate * sigma - sigma_rate * alpha
    if prediction == "target":
        return sigma_rate / sigma, determinant / sigma
    if prediction == "source":
        return alpha_rate / alpha, -determinant / alpha
    return alpha_rate / alpha, sigma * determinant / alpha


def log_density(network, prediction, schedule, points):
    """log p₁ by DOP853 to 1e-10, each piece between the ends of the conversions by itself."""

    def rate(t, state):
        x = state.reshape(3, -1)[:2].T
        # Where α or σ vanishes the conversion, and the network, keep their nearest time.
        t = t if prediction == "velocity" else min(max(t, 0.01), 0.99)
        a, b = conversion(prediction, schedule, t)
        value, jacobian = network(x, t)
        trace = jacobian[:, 0, 0] + jacobian[:, 1, 1]
        return numpy.concatenate([(a * x + b * value).T.ravel(), 2 * a + b * trace])

    state = numpy.concatenate([points.T.ravel(), numpy.zeros(len(points))])
    for start, end in ((1, 0.99), (0.99, 0.01), (0.01, 0)):
        solution = solve_ivp(rate, (start, end), state, "DOP853", rtol=1e-10, atol=1e-11)
        assert solution.success, solution.message
        state = solution.y[:, -1]
    x, change = state.reshape(3, -1)[:2].T, state.reshape(3, -1)[2]
    # The third coordinate went from 0 at t = 1 to −∫₀¹ ∇·u dt at t = 0.
    return -0.5 * (x * x).sum(1) - numpy.log(2 * numpy.pi) + change


@unittest.skipIf(WHY, WHY)
class LogDensity(Headless):
    def compare(self, prediction, scheduler, activation, seed, tolerance=1e-3):
        """Half of the points from the data's eight clusters, half from a wide Gaussian."""
        self.succeeds(
            "train", "--steps", "600", "--widths", "16,16", "--batch", "128", "--quiet",
            "--prediction", prediction, "--scheduler", scheduler, "--activation", activation,
            "--seed", str(seed), "--out", f"network-{seed}.safetensors",
        )  # fmt: skip
        random = numpy.random.default_rng(seed)
        points = 1.5 * random.standard_normal((16, 2))
        angle = numpy.pi / 4 * numpy.arange(8)
        centres = 2 * numpy.stack([numpy.cos(angle), numpy.sin(angle)], 1)
        points[:8] = centres + 0.2 * random.standard_normal((8, 2))
        self.write("points.csv", "".join(f"{x!r},{y!r}\n" for x, y in points.tolist()))
        network = Network(self.read(f"network-{seed}.safetensors"), ACTIVATIONS[activation])
        wanted = log_density(network, prediction, SCHEDULERS[scheduler], points)
        out = self.succeeds(
            "likelihood", f"network-{seed}.safetensors", "--data", "points.csv", "--out", "-"
        )
        rows = [line.split(",") for line in out.splitlines()]
        found = numpy.array([float(row[-1]) for row in rows if row[0][-1].isdigit()])
        self.assertEqual(found.shape, wanted.shape, out)
        # A quarter-trained network of the target sends some points far from the noise.
        worst = (numpy.abs(found - wanted) / numpy.maximum(1, numpy.abs(wanted) / 100)).max()
        self.assertLess(worst, tolerance, f"log p is {worst:.1e} off, of {wanted.min():.0f}")

    def every(self, prediction):
        for s, scheduler in enumerate(SCHEDULERS):
            for a, activation in enumerate(ACTIVATIONS):
                with self.subTest(scheduler=scheduler, activation=activation):
                    self.compare(prediction, scheduler, activation, seed=10 * s + a)

    def test_of_networks_that_predict_the_velocity(self):
        self.every("velocity")

    def test_of_networks_that_predict_the_target(self):
        self.every("target")

    def test_of_networks_that_predict_the_source(self):
        self.every("source")

    def test_of_networks_that_predict_the_score(self):
        self.every("score")


# --- floors -------------------------------------------------------------------------------------


def distances(points):
    """The largest and the smallest positive distance of two points."""
    largest, smallest = 0.0, numpy.inf
    for k in range(len(points)):
        d = numpy.hypot(*(points[k + 1 :] - points[k]).T)
        d = d[d > 0]
        if len(d):
            largest, smallest = max(largest, d.max()), min(smallest, d.min())
    return largest, smallest


def floor(points, draws=3072, seed=0):
    """∫₀^∞ E tr Var(X₁ | ρX₁ + X₀) dρ / 2 of equally likely points from N(0, I).

    The trapezoidal rule in log ρ, from where nothing is known of X₁ to where everything is. With X₁′
    a second draw given the same Y = ρX₁ + X₀, E tr Var is the mean of |X₁ − X₁′|² over pairs of which
    X₁ lies farther out: what a far point adds is then no rare event of the near ones' noise. Far
    points are drawn more often, X₀ from a quasi-random sequence.
    """
    random = numpy.random.default_rng(seed)
    far = numpy.linalg.norm(points - numpy.median(points, 0), axis=1)
    order = numpy.argsort(far, kind="stable")
    points, far = points[order], far[order] + 1e-9 * far.max()
    n = len(points)
    counts = 4 + (draws * far / far.sum()).astype(int)
    owner = numpy.repeat(numpy.arange(n), counts)
    share = 1 / (n * counts[owner])
    place = numpy.concatenate([numpy.arange(count) for count in counts])
    sequence = qmc.Sobol(2, seed=seed).random(1 << int(numpy.ceil(numpy.log2(counts.max()))))
    largest, smallest = distances(points)
    step = 0.3
    nodes = numpy.exp(
        numpy.arange(numpy.log(1e-3 / largest), numpy.log(20 / smallest) + step, step))  # fmt: skip
    values = numpy.zeros(len(nodes))
    blocks = numpy.array_split(numpy.arange(len(owner)), max(1, len(owner) * n // 200_000))
    for block in blocks:
        apart = points[owner[block], None, :] - points[None, :, :]
        square = (apart**2).sum(-1)
        nearer = square * (numpy.arange(n)[None, :] < owner[block, None])
        for k, rho in enumerate(nodes):
            uniform = (sequence[place[block]] + random.random((n, 2))[owner[block]]) % 1
            noise = norm.ppf(numpy.clip(uniform, 1e-12, 1 - 1e-12))
            # −½|y − ρx_j|² for y = ρx_i + z, with x_i − x_j formed first: no cancellation.
            log = -0.5 * rho**2 * square - rho * (apart @ noise[:, :, None])[..., 0]
            weight = numpy.exp(log - log.max(-1, keepdims=True))
            values[k] += share[block] @ ((weight * nearer).sum(-1) / weight.sum(-1))
    # Below the first node the variance is that of all points.
    values = values * nodes
    below = points.var(0).sum() * nodes[0]
    return 0.5 * (below + step * (values.sum() - 0.5 * values[0]))


def clouds():
    random = numpy.random.default_rng(13)
    normal = random.standard_normal
    angle = numpy.pi * random.random(400)
    yield "thousandths", 1e-3 * normal((200, 2))
    yield "millions", 1e6 * normal((200, 2))
    yield "a pair 1e6 apart", numpy.array([[0.0, 0.0], [1e6, 0.0]])
    yield "one outlier", numpy.concatenate([normal((60, 2)), [[1e4, -1e4]]])
    yield "heavy tails", random.standard_t(1.2, (300, 2))
    yield "duplicates", numpy.repeat(normal((20, 2)), numpy.arange(1, 21), 0)
    yield "a line", numpy.stack([random.random(150), numpy.full(150, 3.0)], 1)
    yield "tiny cluster and a far one", numpy.concatenate(
        [1e-3 * normal((100, 2)), 1e3 + normal((50, 2))])  # fmt: skip
    yield "mean 1000, spread 1e-3", 1000 + 1e-3 * normal((150, 2))
    yield "eight decades", numpy.exp(
        random.uniform(numpy.log(1e-4), numpy.log(1e4), (120, 1))) * normal((120, 2))  # fmt: skip
    yield "a noisy arc", numpy.stack([numpy.cos(angle), numpy.sin(angle)], 1) + 0.05 * normal(
        (400, 2))  # fmt: skip


@unittest.skipIf(WHY, WHY)
class Floors(Headless):
    def test_the_quadrature_itself_knows_two_points(self):
        # By one-dimensional quadrature: X₁ = ±½ and 1 apart, ∫ E[¼ sech²] dρ.
        z, weight = numpy.polynomial.hermite_e.hermegauss(200)
        weight = weight / weight.sum()
        rho = numpy.exp(numpy.arange(-12, 5, 0.02))
        p = 1 / (1 + numpy.exp(-rho[:, None] * (z + rho[:, None] / 2)))
        wanted = 0.5 * (0.02 * rho * ((p * (1 - p)) @ weight)).sum()
        self.assertAlmostEqual(floor(numpy.array([[0.0, 0], [1, 0]])) / wanted, 1, delta=3e-3)

    def test_awkward_clouds_to_2_percent(self):
        unknown = []
        for name, points in clouds():
            with self.subTest(name):
                self.write("cloud.csv", "".join(f"{x!r},{y!r}\n" for x, y in points.tolist()))
                report = json.loads(self.succeeds(
                    "train", "--data", "cloud.csv", "--steps", "1", "--widths", "8", "--batch",
                    "16", "--json"))  # fmt: skip
                if report["floor"] is None:
                    unknown.append((name, len(points)))
                    continue
                wanted = floor(points)
                self.assertAlmostEqual(report["floor"] / wanted, 1, delta=0.02, msg=(
                    f"{report['floor']:.6g} for {wanted:.6g}"))  # fmt: skip
        self.assertLessEqual(len(unknown), 1, unknown)
        self.assertTrue(all(count > 1000 for _, count in unknown), unknown)


if __name__ == "__main__":
    unittest.main()
