import FlowMatching
import TerminalCanvas

/// How the target of the objective scatters at some places: Cov(target | x, t).
struct NoisePicture: Sendable {
  /// What was asked for.
  struct Request: TimedKey, Hashable {
    var t: Double
    /// Of the map that carries the targets; 0 where none does.
    var weightsStep: Int
    let generation: Int
    let training: LaneSettings.Training?
  }

  /// A place with a covariance ((a, b), (b, c)).
  struct Ellipse: Sendable {
    let x, y: Double
    let a, b, c: Double

    /// The points of one standard deviation, times `scale`, around once: L(cos, sin) with LLᵀ the covariance.
    func rim(scale: Double) -> [(Double, Double)] {
      // A turn of 15° at a time.
      let turn = (0.965_925_826_289_068_3, 0.258_819_045_102_520_74)
      let first = max(a, 1e-300).squareRoot()
      let (across, second) = (b / first, max(0, c - b * b / (first * first)).squareRoot())
      var direction = (1.0, 0.0)
      return (0...24).map { _ in
        let point = (
          x + scale * first * direction.0,
          y + scale * (across * direction.0 + second * direction.1)
        )
        direction = (
          direction.0 * turn.0 - direction.1 * turn.1, direction.0 * turn.1 + direction.1 * turn.0
        )
        return point
      }
    }
  }

  /// A place with the mean of what pairs mean there, which is the marginal field, and what single pairs mean,
  /// one after the other.
  struct Targets: Sendable {
    let x, y: Double
    let mean: (x: Double, y: Double)
    let draws: [(x: Double, y: Double)]
  }

  let request: Request
  fileprivate(set) var ellipses: [Ellipse] = []
  /// Of some of the places; none where a map carries the targets.
  fileprivate(set) var targets: [Targets] = []

  /// The mean variance of a coordinate: of flow matching the least loss at t.
  var floor: Double {
    ellipses.isEmpty
      ? 0
      : ellipses.reduce(0) { $0 + 0.5 * ($1.a + $1.c) } / Double(ellipses.count)
  }
}

/// Computes the ellipses, one place at a time.
struct NoiseProbe: KeyedWork {
  private(set) var picture: NoisePicture
  private let posterior: VelocityPosterior
  /// The map whose Jacobian carries the noise of mean flows; nil for targets that are v_c alone.
  private let map: (any MapFlow)?
  private let places: Batch
  private var done = 0
  static let count = 64
  /// So many places have targets, and so many pairs are drawn for each.
  static let (targetPlaces, draws) = (14, 64)

  init(
    _ request: NoisePicture.Request, _ posterior: VelocityPosterior, map: (any MapFlow)?,
    places: Batch
  ) {
    picture = NoisePicture(request: request)
    self.posterior = posterior
    self.map = map
    self.places = places.prefix(NoiseProbe.count)
  }

  var key: NoisePicture.Request { picture.request }
  var isOver: Bool { done == places.count }

  mutating func advance(budget: inout Int) {
    let t = min(picture.request.t, 0.98)
    while !isOver, budget > 0 {
      let x = places.point(done)
      var c = posterior.moments(at: x, t).covariance
      if let map {
        let columns = map.jacobian(Batch(points: [x]), from: t, to: 1).map { $0.point(0) }
        c = VelocityPosterior.carried(c, along: columns)
      }
      if c.allSatisfy(\.isFinite) {
        picture.ellipses.append(.init(x: x[0], y: x[1], a: c[0], b: c[1], c: c[3]))
      }
      if map == nil, done < NoiseProbe.targetPlaces {
        var random = Random(seed: 0).stream("targets").stream("\(done)")
        let mean = posterior.moments(at: x, t).mean
        let draws = posterior.draws(NoiseProbe.draws, at: x, t, using: &random)
        picture.targets.append(
          .init(
            x: x[0], y: x[1], mean: (mean[0], mean[1]), draws: draws.map { ($0[0], $0[1]) }))
      }
      done += 1
      budget -= 40 + posterior.mixture.weights.count
    }
  }
}
