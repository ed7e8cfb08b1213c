import FlowMatching

/// A group of particles that keeps its colour at every t and in every lane.
extension Particles {
  /// Particles among which a group is sought; more would keep the key waiting.
  private static let tagCandidates = 1 << 16
  /// The greatest group: a larger one hides the rest.
  private static let tagLimit = 512

  /// The followed particle (the first, where none is) with its nearest neighbours, one in sixteen of
  /// all, and what the group is called; nil where there is none.
  func group(at positions: Batch, on space: (any Space)?) -> (particles: [Int], name: String)? {
    let count = min(positions.count, Particles.tagCandidates)
    let centre = positions.point((picked ?? 0) % count)
    // A particle that left the numbers has no neighbours.
    guard centre.allSatisfy(\.isFinite) else { return nil }
    let squares = Particles.squaredDistances(positions.prefix(count), to: centre, on: space)
    let size = min(Particles.tagLimit, max(16, count / 16))
    let nearest = squares.indices.sorted { squares[$0] < squares[$1] }.prefix(size)
    let name = "\(size) particles near " + (picked == nil ? "the first" : "the followed one")
    return (nearest.sorted(), name)
  }

  /// |x − c|² of every point, by a curved space's own distance.
  private static func squaredDistances(
    _ points: Batch, to centre: [Double], on space: (any Space)?
  ) -> [Double] {
    if let space {
      let copies = Batch(
        dimension: points.dimension,
        values: centre.flatMap { [Double](repeating: $0, count: points.count) })
      return space.squaredDistances(points, copies)
    }
    return (0..<points.count).map { j in
      centre.indices.reduce(0) {
        $0 + (points[$1, j] - centre[$1]) * (points[$1, j] - centre[$1])
      }
    }
  }
}
