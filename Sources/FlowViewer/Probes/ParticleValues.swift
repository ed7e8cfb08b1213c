import FlowMatching

/// Numbers of the particles on show that can be their colour.
extension AppState {
  /// Particles that carry a log-density; more would take more memory than the picture needs.
  static let densityCarriers = 8192

  /// |dx/dt| of every particle at the lane's time, by the difference along its path.
  func speeds(of lane: Int) -> [Double]? {
    let solve = lanes.ensemble.lanes[lane]
    let t = lanes.all[lane].t
    // The ways of an SDE have no speed.
    guard solve.count == lanes.all[lane].positions.count, solve.knows(t),
      solve.settings.isDeterministic
    else { return nil }
    let (from, to) = (max(0, t - 0.005), min(solve.frontier, t + 0.005))
    guard to > from else { return nil }
    let (before, after) = (solve.position(at: from), solve.position(at: to))
    let n = solve.count
    return (0..<n).map { j in
      var square = 0.0
      for i in 0..<before.dimension {
        let change = after.values[i * n + j] - before.values[i * n + j]
        square += change * change
      }
      return square.squareRoot() / (to - from)
    }
  }

  /// log p_t of the first particles at the lane's time, carried along their paths; nil until known.
  var carriedDensity: (positions: Batch, values: ArraySlice<Double>)? {
    guard let carrier = probes.carrier, carrier.solve.knows(focusedLane.t),
      !carrier.solve.trajectory.times.isEmpty
    else { return nil }
    let state = carrier.solve.position(at: focusedLane.t)
    let (n, d) = (state.count, state.dimension - 1)
    return (
      Batch(dimension: d, values: Array(state.values[0..<d * n])),
      state.values[d * n..<(d + 1) * n]
    )
  }

  private var wantsCarrier: Bool {
    look.scenery.view == .particles && look.scenery.colouring == .logDensity && !isComparing
  }

  /// At once while the log-densities of the particles are on their way.
  var carrierDelay: Double? {
    wantsCarrier && !(probes.carrier.map { $0.solve.isOver } ?? false) ? 0 : nil
  }

  mutating func advanceCarrier(_ budget: inout Int) {
    guard wantsCarrier else {
      probes.update(.carrier(nil))
      return
    }
    let settings = focusedLane.settings
    let isCurrent =
      probes.carrier.map {
        $0.solve.weightsStep == lanes.ensemble.weightsStep && $0.settings == settings
          && $0.noiseIndex == particles.noiseIndex && $0.count == particleCount
      } ?? false
    // While newer weights replace a parked picture the old numbers are finished first.
    if !isCurrent, probes.carrier.map({ $0.solve.isOver || $0.settings != settings }) ?? true {
      let start = particles.noise.prefix(AppState.densityCarriers)
      let state = DensityFlow.state(
        start, logDensity: scene.source.knownLogDensity(start))
      let solve = Solve(
        followedFlow, carrying: .density, weightsStep: lanes.ensemble.weightsStep,
        settings: settings,
        noise: state, memoryLimit: 16 << 20,
        chunkSize: Solve.chunkSizeWithDensity(for: shownNetwork.weights.shape))
      probes.update(
        .carrier(
          Carrier(
            solve: solve, settings: settings, noiseIndex: particles.noiseIndex,
            count: particleCount)))
    }
    if probes.advanceCarrier(budget: &budget) { revision += 1 }
  }
}

/// A solve of (x, log p) beside the focused lane's, and what it belongs to.
struct Carrier: Sendable {
  var solve: Solve
  let settings: LaneSettings
  let noiseIndex: Int
  let count: Int
}
