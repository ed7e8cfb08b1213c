import FlowMatching

/// A group of particles that keeps its colour at every t and in every lane.
extension AppState {
  /// Particles among which a group is sought; more would keep the key waiting.
  private static let tagCandidates = 1 << 16
  /// The greatest group: a larger one hides the rest.
  private static let tagLimit = 512

  /// Tags the followed particle (the first, where none is) with its nearest neighbours of this t, one
  /// in sixteen of all; or lets the group go.
  mutating func tag() {
    guard particles.tagged.isEmpty else {
      particles.tagged = []
      return say("group", "none")
    }
    let positions = focusedLane.positions
    let count = min(positions.count, AppState.tagCandidates)
    let centre = positions.point((particles.picked ?? 0) % count)
    // A particle that left the numbers has no neighbours.
    guard centre.allSatisfy(\.isFinite) else { return say("group", "none") }
    let squares = squaredDistances(positions.prefix(count), to: centre)
    let size = min(AppState.tagLimit, max(16, count / 16))
    let nearest = squares.indices.sorted { squares[$0] < squares[$1] }.prefix(size)
    particles.tagged = nearest.sorted()
    say(
      "group",
      "\(size) particles near " + (particles.picked == nil ? "the first" : "the followed one"))
  }

  /// |x − c|² of every point, by the space's own distance.
  func squaredDistances(_ points: Batch, to centre: [Double]) -> [Double] {
    if let space = experiment.curvedSpace {
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
