import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension StateFigure {
  /// What plots and panes show, and of lanes what no number of theirs says.
  static let ofLooks: [StateFigure] =
    [
      StateFigure("coloured by start") { $0.look.scenery.colouring == .angle ? 1 : 0 },
      StateFigure("heat is log p") { $0.fieldHeat == .logDensity ? 1 : 0 },
      StateFigure("greatest field error") { state in
        state.probes.errorCurve.shown?.points.map(\.error).max()
      },
      StateFigure("least divergence") { state in
        state.heat(of: .divergence)?.min().map(Double.init)
      },
      StateFigure("crease") { state in state.heat(of: .divergence).flatMap { _ in state.crease } },
      StateFigure("scatter of losses") { state in
        let points = state.training.report.history.points.suffix(100)
        guard points.count > 10 else { return nil }
        let squares = points.map { ($0.raw - $0.average) * ($0.raw - $0.average) }
        return (squares.reduce(0, +) / Double(squares.count)).squareRoot()
      },
      // The greatest area of the grid's squares over the least, at the lane's t.
      StateFigure("areas apart") { state in
        guard let logs = state.warped?.logDeterminants, logs.allSatisfy(\.isFinite),
          let least = logs.min(), let most = logs.max()
        else { return nil }
        return exp(most - least)
      },
      StateFigure("mass on the space") { $0.probes.spaceDensity.shown?.picture.integral },
    ] + (1...4).flatMap(ofWays)

  private static func ofWays(_ number: Int) -> [StateFigure] {
    return [
      StateFigure("overshoot \(number)", lane(number) { $0.guidedFigure(ofLane: $1)?.overshoot }),
      StateFigure("off the class \(number)", lane(number) { $0.guidedFigure(ofLane: $1)?.outside }),
      // The longest accepted step over the shortest, but the last, which ends where t does.
      StateFigure(
        "uneven steps \(number)",
        lane(number) { state, index -> Double? in
          let steps = state.lanes.ensemble.lanes[index].attempts.filter(\.accepted).map(\.h)
            .dropLast()
          guard let least = steps.min(), let most = steps.max(), least > 0 else { return nil }
          return most / least
        }),
      // How many times as long the ways are as the straight ones from start to end.
      StateFigure("bend \(number)", lane(number) { $0.bend(ofLane: $1) }),
      // How long the ways are.
      StateFigure("way \(number)", lane(number) { $0.length(ofLane: $1) }),
      // How far particles end from where they began.
      StateFigure("return \(number)", lane(number) { $0.move(ofLane: $1) }),
      // The least |x| on the way.
      StateFigure("depth \(number)", lane(number) { $0.depth(ofLane: $1) }),
    ]
  }
}

extension AppState {
  /// The heat of the field view, where it is that one.
  fileprivate func heat(of kind: FieldHeat) -> [Float]? {
    probes.shownField.flatMap { $0.request.heat == kind ? $0.heat.filter(\.isFinite) : nil }
  }

  /// The greatest change of the heat's slope between neighbours, over the usual one: large where it has
  /// kinks or jumps.
  fileprivate var crease: Double? {
    guard let picture = probes.shownField else { return nil }
    let heat = picture.heat
    let columns = picture.request.grid.columns
    var changes: [Float] = []
    for i in 1..<max(2, heat.count - 1) where i % columns > 0 && i % columns < columns - 1 {
      changes.append(abs(heat[i + 1] - 2 * heat[i] + heat[i - 1]))
    }
    changes.sort()
    guard changes.count > 100, changes[changes.count / 2] > 0 else { return nil }
    return Double(changes[changes.count * 99 / 100] / changes[changes.count / 2])
  }

  /// Times of a way that are looked at.
  private static let stops = (0...20).map { Double($0) / 20 }

  /// A lane's places along its way, a few particles of them; nil before it is solved.
  private func way(ofLane index: Int) -> [Batch]? {
    let solve = lanes.ensemble.lanes[index]
    guard traits.tokens == nil, solve.knows(1), !solve.trajectory.times.isEmpty else { return nil }
    return AppState.stops.map { solve.position(at: $0).prefix(200) }
  }

  private func lengths(_ from: Batch, _ to: Batch) -> [Double] {
    (0..<from.count).map { j in
      (0..<from.dimension).reduce(0) {
        $0 + (to[$1, j] - from[$1, j]) * (to[$1, j] - from[$1, j])
      }.squareRoot()
    }
  }

  fileprivate func length(ofLane index: Int) -> Double? {
    guard let way = way(ofLane: index) else { return nil }
    let length = zip(way, way.dropFirst()).map { lengths($0, $1).reduce(0, +) }.reduce(0, +)
    return length / Double(way[0].count)
  }

  fileprivate func bend(ofLane index: Int) -> Double? {
    guard let length = length(ofLane: index), let straight = move(ofLane: index) else { return nil }
    return straight > 0 ? length / straight : nil
  }

  fileprivate func move(ofLane index: Int) -> Double? {
    guard let way = way(ofLane: index) else { return nil }
    return lengths(way[0], way[way.count - 1]).reduce(0, +) / Double(way[0].count)
  }

  fileprivate func depth(ofLane index: Int) -> Double? {
    way(ofLane: index)?.flatMap { points in
      (0..<points.count).map { j in
        (0..<points.dimension).reduce(0) { $0 + points[$1, j] * points[$1, j] }.squareRoot()
      }
    }.min()
  }
}
