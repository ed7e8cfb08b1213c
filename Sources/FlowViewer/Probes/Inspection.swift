import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One particle's way from noise to data, by a solve of its own with the lane's settings.
struct Inspection: Sendable {
  /// Which particle of which noise, with which weights and steps.
  struct Key: Sendable, Hashable {
    let index: Int
    let noiseIndex: Int
    let count: Int
    let weightsStep: Int
    let generation: Int
    let settings: LaneSettings
  }

  /// Where the particle is at a time, and how fast.
  struct Moment: Sendable {
    let t: Double
    let point: [Double]
    let speed: Double
  }

  let key: Key
  /// The way in even steps of t; empty until the solve is over.
  private(set) var moments: [Moment] = []
  /// The ends of a map's jumps with the start before them: each chord is a mean velocity.
  private(set) var chords: [[Double]] = []
  /// Of a flow map: where the same particle is along its own velocity ū(x, t, t), in even steps of t.
  private(set) var path: [[Double]] = []
  private var solve: Solve
  private static let count = 65

  init(_ key: Key, _ fields: LaneFields, start: [Double]) {
    self.key = key
    solve = Solve(
      fields, weightsStep: key.weightsStep, settings: key.settings,
      noise: Batch(points: [start]), memoryLimit: 1 << 20)
  }

  var isOver: Bool { !moments.isEmpty }

  mutating func advance(_ network: any DivergenceField, budget: inout Int) {
    guard !isOver else { return }
    solve.advance(to: 1, budget: &budget)
    guard solve.isOver else { return }
    guard !solve.trajectory.times.isEmpty else {
      // A field that is not finite at the start leaves no way to show.
      let nowhere = [Double](repeating: .nan, count: solve.trajectory.dimension)
      moments = [Moment(t: 0, point: nowhere, speed: .nan)]
      return
    }
    if let jumps = key.settings.jumps {
      followVelocity(network)
      chords = jumps.map { solve.position(at: $0).values }
    }
    var network = network
    var x = Batch(dimension: solve.trajectory.dimension, count: 1)
    var v = x
    moments = (0..<Inspection.count).map { step in
      let t = Double(step) / Double(Inspection.count - 1)
      solve.trajectory.position(at: t, into: &x)
      network.evaluate(x, at: .shared(t), into: &v)
      let speed = v.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return Moment(t: t, point: x.values, speed: speed)
    }
  }

  /// By Runge–Kutta in as many steps as there are moments.
  private mutating func followVelocity(_ network: any DivergenceField) {
    var field: any VelocityField = network
    var x = Batch(dimension: solve.trajectory.dimension, count: 1)
    solve.trajectory.position(at: 0, into: &x)
    var way = Integrator(.rk4, control: .fixed(steps: Inspection.count - 1), from: x)
    path = [x.values]
    while way.status == .running {
      let t = way.knot.t
      _ = way.advance(&field, budget: .max)
      if way.knot.t > t { path.append(way.knot.x.values) }
    }
  }

  /// How far the jumps of a map end from where its own velocity leads; nil of what is no map.
  var miss: Double? {
    guard let a = moments.last?.point, let b = path.last else { return nil }
    return zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The length of the way, and the distance of its ends, by a space's distance or the plane's.
  func length(on space: (any Space)?) -> (way: Double, chord: Double) {
    guard let first = moments.first, let last = moments.last else { return (0, 0) }
    func distance(_ a: Moment, _ b: Moment) -> Double {
      if let space {
        let squares = space.squaredDistances(Batch(points: [a.point]), Batch(points: [b.point]))
        return squares[0].squareRoot()
      }
      return zip(a.point, b.point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    var way = 0.0
    for (a, b) in zip(moments, moments.dropFirst()) { way += distance(a, b) }
    return (way, distance(first, last))
  }
}

extension AppState {
  /// The particle that is followed now, if it can be: in a single plot of particles.
  var followed: Int? {
    guard let picked = particles.picked, look.scenery.view == .particles, !isComparing else {
      return nil
    }
    return picked < focusedLane.positions.count ? picked : nil
  }

  /// Follows the particle nearest to a cell, or none where none is near.
  mutating func pick(x: Int, y: Int, axes: PlotAxes) {
    let positions = projection.picture(focusedLane.positions)
    let place = (Double(2 * (x - axes.rect.x) + 1), Double(4 * (y - axes.rect.y) + 2))
    var best: (index: Int, square: Double)?
    for j in 0..<positions.count {
      let dx = axes.dotX(positions[0, j]) - place.0
      let dy = axes.dotY(positions[1, j]) - place.1
      let square = dx * dx + dy * dy
      if square < best?.square ?? 64 { best = (j, square) }
    }
    follow(best?.index)
  }

  /// Follows a particle of the noise, or none.
  mutating func follow(_ index: Int?) {
    change(Particles.Change.follow(index))
    keepFocusVisible()
  }

  private var inspectionKey: Inspection.Key? {
    // With noise the particle's way is not one that could be solved alone.
    guard let followed, followed < particles.noise.count, focusedLane.settings.isDeterministic
    else {
      return nil
    }
    return Inspection.Key(
      index: followed, noiseIndex: particles.noiseIndex, count: particles.noise.count,
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation,
      settings: focusedLane.settings)
  }

  /// At once while the way of the particle is being solved.
  var inspectionDelay: Double? {
    guard let inspectionKey else { return nil }
    let isOnItsWay =
      particles.inspection?.isOver != true && particles.shownInspection?.key != inspectionKey
    return isOnItsWay ? 0 : nil
  }

  mutating func advanceInspection(_ budget: inout Int) {
    let key = inspectionKey
    if particles.advance(key, lanes.ensemble.fields, budget: &budget) { revision += 1 }
  }

  /// |v − u*| at the particle, where the exact field is known.
  func localError(_ place: [Double]) -> Double? {
    let known: (any VelocityField)? = turning == nil ? followedExact : exactOnSpace
    guard var exact = known else { return nil }
    var network = followedFlow
    let point = Batch(points: [place])
    var (v, u) = (point, point)
    network.evaluate(point, at: .shared(focusedLane.t), into: &v)
    exact.evaluate(point, at: .shared(focusedLane.t), into: &u)
    return zip(v.values, u.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// What the target of a lane consists of, where that is a few components or points: their means,
  /// covariances and weights.
  private func components(ofLane index: Int) -> GaussianMixture.Components? {
    if case .points(let count) = lanes.all[index].settings.velocity {
      return GaussianMixture.Components(points: scene.someData.prefix(count))
    }
    if let mixture = scene.mixture, mixture.means.count <= 64 {
      return GaussianMixture.Components(mixture)
    }
    let cloud = dataset.distribution as? PointCloud
    return cloud.flatMap {
      $0.points.count <= 64 ? GaussianMixture.Components(points: $0.points) : nil
    }
  }

  /// Where X₁ may lie given X_t = x: the target's components with their probabilities, most
  /// probable first; nil where the target is not a small mixture, or X₀ not independent noise.
  ///
  /// w_j ∝ q_j N(x; αν_j, α²B_j + σ²I).
  func posterior(
    x: Double, y: Double, lane: Int? = nil
  ) -> [(weight: Double, x: Double, y: Double)]? {
    let index = lane ?? lanes.focused
    guard scene.axes == nil, let mixture = components(ofLane: index),
      experiment.source == Source.gaussian,
      experiment.coupling == .independent
    else { return nil }
    let scheduler = lanes.all[index].settings.scheduler
    let t = lanes.all[index].t
    let path = scheduler?.coefficients(at: t) ?? experiment.pathCoefficients(at: t)
    let a = path.alpha
    // At the end of the way single points would have no width at all.
    let s = max(1e-3, (path.sigma * path.sigma + path.noise * path.noise).squareRoot())
    let logs = mixture.means.indices.map { j -> Double in
      let (mean, b) = (mixture.means[j], mixture.covariances[j])
      let (xx, xy, yy) = (a * a * b[0] + s * s, a * a * b[1], a * a * b[3] + s * s)
      let determinant = max(1e-300, xx * yy - xy * xy)
      let (dx, dy) = (x - a * mean[0], y - a * mean[1])
      let square = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant
      return log(mixture.weights[j]) - square / 2 - log(determinant) / 2
    }
    let greatest = logs.max() ?? 0
    let weights = logs.map { exp($0 - greatest) }
    let total = weights.reduce(0, +)
    guard total.isFinite, total > 0 else { return nil }
    return zip(weights, mixture.means).map { ($0 / total, $1[0], $1[1]) }
      .sorted { $0.weight > $1.weight }
  }
}

extension GaussianMixture {
  /// The parts of a mixture, or of points that are equally likely.
  struct Components {
    let weights: [Double]
    let means, covariances: [[Double]]

    init(_ mixture: GaussianMixture) {
      weights = mixture.weights
      means = mixture.means
      covariances = mixture.covariances
    }

    init(points: Batch) {
      let count = points.count
      weights = [Double](repeating: 1 / Double(count), count: count)
      means = (0..<count).map(points.point)
      covariances = [[Double]](repeating: [0, 0, 0, 0], count: count)
    }
  }
}
