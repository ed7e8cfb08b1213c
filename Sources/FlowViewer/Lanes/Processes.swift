import FlowMatching

/// Lanes that carry particles along one p_t in ways of different nature: flow, diffusion, jumps.
extension AppState {
  /// Whether the lanes show natures rather than solvers: points leap in one of them at least.
  var comparesProcesses: Bool {
    isComparing && turning == nil && scene.exact != nil
      && lanes.all.contains { $0.settings.leaps }
  }

  /// Whether lanes show the whole ways of a few particles.
  var showsWays: Bool {
    isComparing && turning == nil && scene.axes == nil && traits.tokens == nil
      && traits.needsSolver && look.scenery.trails
  }

  /// The nature of a lane's paths in a word.
  static func nature(_ settings: LaneSettings) -> String {
    switch settings.method.way {
    case .flow, .map: "smooth"
    case .diffusion: "rough"
    case .jumps: "leaping"
    case .teleport: "another p_t"
    }
  }

  /// A few particles whose ways are shown, the same in every lane: those that start near the middle, from
  /// where there is far to go, each in another direction.
  var wayfarers: [Int] { AppState.wayfarers(of: particles.noise.prefix(256)) }

  static let wayfarerCount = 6

  static func wayfarers(of noise: Batch) -> [Int] {
    guard noise.dimension == 2 else { return Array(0..<min(wayfarerCount, noise.count)) }
    let middle = (0..<2).map { row in
      (0..<noise.count).reduce(0) { $0 + noise[row, $1] } / Double(max(1, noise.count))
    }
    let radii = (0..<noise.count).map { j -> Double in
      let (x, y) = (noise[0, j] - middle[0], noise[1, j] - middle[1])
      return (x * x + y * y).squareRoot()
    }
    // Of noise with deviation 1 two in seven are within .8.
    let near = radii.indices.sorted { radii[$0] < radii[$1] }.prefix(max(1, noise.count * 2 / 7))
    var chosen: [Int] = []
    for sector in 0..<wayfarerCount {
      let best = near.filter { !chosen.contains($0) }.max { a, b in
        aim(a, sector, noise, middle) < aim(b, sector, noise, middle)
      }
      if let best { chosen.append(best) }
    }
    return chosen
  }

  /// How far a start lies in the direction of a sector.
  private static func aim(
    _ j: Int, _ sector: Int, _ noise: Batch, _ middle: [Double]
  ) -> Double {
    // cos and sin of sixths of a turn.
    let directions = [
      (1.0, 0.0), (0.5, 0.866), (-0.5, 0.866), (-1.0, 0.0), (-0.5, -0.866), (0.5, -0.866),
    ]
    let (x, y) = directions[sector % directions.count]
    return x * (noise[0, j] - middle[0]) + y * (noise[1, j] - middle[1])
  }
}

extension Solve {
  /// The places of some of the first points at every knot up to t, `2×k` each, with its time.
  func ways(of points: [Int], to t: Double) -> [(t: Double, places: Batch)] {
    guard !trajectory.times.isEmpty, let last = points.max(), last < count else { return [] }
    var first = Batch(dimension: trajectory.dimension, count: last + 1)
    return trajectory.times.prefix { $0 <= t + 1e-12 }.map { time in
      trajectory.positionOfFirst(at: time, into: &first)
      return (time, Batch(points: points.map(first.point)))
    }
  }
}
