"""Commands with options and values in no sensible combination."""

from hostile_files import HOSTILE

COMMANDS = ("train", "sample", "likelihood", "evaluate", "compare", "inspect", "render", "theory", "config",
            "list", "version", "help", "runs", "field", "doctor", "time-grid", "tour", "trian", "", HOSTILE)  # fmt: skip
OPTIONS = ("--steps", "--seed", "--widths", "--batch", "--learning-rate", "--dataset", "--data", "--columns",
           "--solver", "--tolerance", "--count", "--out", "--resume", "--coupling", "--path", "--source",
           "--scheduler", "--prediction", "--model", "--nfe", "--size", "--keys", "--json", "--quiet",
           "--preset", "--checkpoint-every", "--metrics", "--activation", "--tolerances", "--solvers",
           "--space", "--period", "--vectors", "--words", "--stochasticity", "--corrector", "--temperature",
           "--reversed-time", "--flipped-sign", "--time-scale", "--data-scale", "--input-order", "--at", "--t",
           "--labels", "--label", "--guidance", "--guidance-interval", "--guide", "--label-dropout", "--observations", "--given", "--simulations",
           "--objective", "--gamma", "--epsilon", "--added-noise", "--time-grid", "--time-density", "--map-share", "--map-power", "--map-teacher", "--map-tangent", "--time-weight",
           "--quantity", "--exact", "--from", "--reverse", "--standardise", "--loss", "--colour", "-n", "-o", "-q", "--", "-",
           "--" + HOSTILE)  # fmt: skip
VALUES = ("0", "1", "-1", "3", "1e12", "1e999", "nan", "inf", "64,64", ",", "", HOSTILE, "x" * 5000, "moons",
          "ot", "rk4", "1,1", "80x24", "1x1", "99999999999999999999", "0x10", "1_0", "5k", "/dev/null",
          "nowhere/at/all", "points.csv", "ours.safetensors", ".", "é", "sinkhorn:0", "realnvp:99",
          "affine:1e400", "mahalanobis:-1", "mean-flow", "shift:1e400", "0.5,0.5", "power:-1", "best", "dopri5", "1e-400",
          "session.keys", "sphere", "interpolant", "sqrt:1", "sine:-1", "product:1e400", "interpolant.safetensors",
          "three-processes", "map", "map.safetensors", "lagrangian", "still", "logit-normal:0,1e400", "wrong-tangent", "classes", "classes.safetensors", "upper", "0.2,0.8", "guidance-noise", "all", "gaussians-16d", "many.csv", "many.safetensors",
          "torus", "posterior.safetensors", "two-moons-posterior", "globe.safetensors", "letters.safetensors", "molecules.safetensors", "dw4", "equivariant", "orbit", "list.txt", "words", "sphere-land", "360",
          "time-point", "divergence", "tokens-checkerboard:1", "wrapped-gaussian:0")  # fmt: skip


def wrong_line(draw):
    """A command with options and values in no sensible combination; nothing that runs for long."""
    command = draw.choice(COMMANDS)
    words = [draw.choice((draw.choice(OPTIONS), draw.choice(VALUES))) for _ in range(draw.randint(0, 7))]
    if command == "train":
        words += ["--steps", "2", "--dry-run"]
    return [command, *words]
