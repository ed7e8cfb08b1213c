#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A distribution on the circle of angles in [−π, π), from which those of the torus are made.
public enum CircleFactor: Sendable, Hashable {
  /// Uniform on [low, low + length), 0 < length ≤ 2π, over the cut too.
  case arc(low: Double, length: Double)
  /// N(mean, deviation²) wrapped around the circle.
  case normal(mean: Double, deviation: Double)

  /// log p by angle.
  func logDensity(_ angle: Double) -> Double {
    switch self {
    case .arc(let low, let length):
      return CircleFactor.distance(from: low, on: angle) < length ? -log(length) : -.infinity
    case .normal(let mean, let deviation):
      let offset = Torus.wrap(angle - mean)
      let terms = WrappedNormal.turns(deviation).map { turn in
        let z = (offset + 2 * .pi * turn) / deviation
        return -0.5 * z * z
      }
      return logSumExp(terms) - log(deviation) - NormalInterval.logRoot
    }
  }

  /// One draw, in [−π, π).
  func draw(using random: inout Random) -> Double {
    switch self {
    case .arc(let low, let length): Torus.wrap(low + length * random.uniform())
    case .normal(let mean, let deviation): Torus.wrap(mean + deviation * random.normal())
    }
  }

  /// The way from `low` on to `angle`, in [0, 2π).
  private static func distance(from low: Double, on angle: Double) -> Double {
    let way = Torus.wrap(angle - low)
    return way < 0 ? way + 2 * .pi : way
  }

  /// What lies within ±reach of an angle, 0 < reach ≤ π.
  struct Part {
    /// The logarithm of its probability P; −∞ where nothing lies there.
    var logMass: Double
    /// E[y] of the ways y to it.
    var mean: Double
    /// The densities at the ends, f(angle ± reach)/P.
    var above, below: Double
  }

  /// The part within ±reach of an angle.
  func part(around angle: Double, within reach: Double) -> Part {
    switch self {
    case .arc(let low, let length): arcPart(Torus.wrap(low - angle), length, reach)
    case .normal(let mean, let deviation):
      normalPart(Torus.wrap(mean - angle), deviation, reach)
    }
  }

  /// The way from an angle to the nearest point of an arc; for normals that to the mean.
  func nearest(to angle: Double) -> Double {
    switch self {
    case .normal(let mean, _): return Torus.wrap(mean - angle)
    case .arc(let low, let length):
      if CircleFactor.distance(from: low, on: angle) < length { return 0 }
      let (first, last) = (Torus.wrap(low - angle), Torus.wrap(low + length - angle))
      return abs(first) < abs(last) ? first : last
    }
  }

  private func arcPart(_ low: Double, _ length: Double, _ reach: Double) -> Part {
    var (mass, moment, above, below) = (0.0, 0.0, 0.0, 0.0)
    for turn in -1...1 {
      let start = low + 2 * .pi * Double(turn)
      let (from, to) = (max(-reach, start), min(reach, start + length))
      if from < to {
        mass += to - from
        moment += 0.5 * (to - from) * (to + from)
      }
      if start <= reach && reach < start + length { above = 1 }
      if start <= -reach && -reach < start + length { below = 1 }
    }
    guard mass > 0 else { return Part(logMass: -.infinity, mean: 0, above: 0, below: 0) }
    return Part(
      logMass: log(mass / length), mean: moment / mass, above: above / mass, below: below / mass)
  }

  private func normalPart(_ mean: Double, _ deviation: Double, _ reach: Double) -> Part {
    let turns = WrappedNormal.turns(deviation)
    let parts = turns.map { turn in
      let centre = mean + 2 * .pi * turn
      return NormalInterval((-reach - centre) / deviation, (reach - centre) / deviation)
    }
    let logDensity = logSumExp(parts.map(\.logMeanDensity))
    var fraction = 0.0
    for part in parts { fraction += exp(part.logMeanDensity - logDensity) * part.fraction }
    func end(_ place: Double) -> Double {
      let terms = turns.map { turn in
        let z = (place - mean - 2 * .pi * turn) / deviation
        return -0.5 * z * z
      }
      return exp(logSumExp(terms) - NormalInterval.logRoot - logDensity) / (2 * reach)
    }
    return Part(
      logMass: logDensity + log(2 * reach / deviation), mean: reach * (2 * fraction - 1),
      above: end(reach), below: end(-reach))
  }
}
