import FlowMatching
import TerminalCanvas

/// A grid of straight lines over the source, to be carried through the flow.
enum WarpGrid {
  /// Lines of either direction, their distance, and points on each.
  static let lines = 13
  static let spacing = 0.5
  static let pointsPerLine = 73

  /// All points: first the lines along y, then those along x; line after line, `2×n`.
  static let points: Batch = {
    let count = 2 * lines * pointsPerLine
    var points = Batch(dimension: 2, count: count)
    let half = Double(lines - 1) / 2 * spacing
    for line in 0..<lines {
      let fixed = Double(line) * spacing - half
      for k in 0..<pointsPerLine {
        let along = (2 * Double(k) / Double(pointsPerLine - 1) - 1) * half
        let (first, second) = (line * pointsPerLine + k, (lines + line) * pointsPerLine + k)
        points[0, first] = fixed
        points[1, first] = along
        points[0, second] = along
        points[1, second] = fixed
      }
    }
    return points
  }()
}

extension AppState {
  /// The grid at the lane's time: its points, and ln|det ∂ψ_t| at each; nil until it is known.
  var warped: (points: Batch, logDeterminants: [Double])? {
    guard let warp = probes.warp, warp.knows(focusedLane.t), !warp.trajectory.times.isEmpty else {
      return nil
    }
    var state = Batch(dimension: 3, count: warp.count)
    warp.trajectory.position(at: focusedLane.t, into: &state)
    let n = state.count
    // The state's last row is −∫∇·v, and ln|det ∂ψ| = ∫∇·v (Liouville).
    return (
      Batch(dimension: 2, values: Array(state.values[0..<2 * n])),
      state.values[2 * n..<3 * n].map { -$0 }
    )
  }

  /// Whether the grid is still on its way.
  var isWarping: Bool {
    look.scenery.view == .warp
      && (probes.nextWarp != nil || !(probes.warp?.isOver ?? false) || !isWarpCurrent)
  }

  /// At once while it is.
  var warpDelay: Double? { isWarping ? 0 : nil }

  /// Whether the newest grid is that of the weights and the solver on show.
  private var isWarpCurrent: Bool {
    let newest = probes.nextWarp ?? probes.warp
    return newest?.weightsStep == lanes.ensemble.weightsStep
      && newest?.settings == focusedLane.settings
  }

  mutating func advanceWarp(_ budget: inout Int) {
    guard look.scenery.view == .warp else {
      probes.update(.warp(nil))
      return
    }
    let settings = focusedLane.settings
    let newest = probes.nextWarp ?? probes.warp
    if !isWarpCurrent, newest.map({ $0.isOver || $0.settings != settings }) ?? true {
      let points = WarpGrid.points
      let state = DensityFlow.state(
        points, logDensity: [Double](repeating: 0, count: points.count))
      let fresh = Solve(
        followedFlow, carrying: .density, weightsStep: lanes.ensemble.weightsStep,
        settings: settings,
        noise: state, memoryLimit: 16 << 20,
        chunkSize: Solve.chunkSizeWithDensity(for: shownNetwork.weights.shape))
      probes.update(.warp(fresh))
    }
    let cost = shownNetwork.traits.hasExactDensity ? 1 : BackwardDensity.costOfDivergence
    if probes.advanceWarp(cost: cost, budget: &budget) { revision += 1 }
  }
}
