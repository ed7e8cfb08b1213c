import FlowMatching
import TerminalCanvas

/// What is seen, in names and numbers: enough to see it again beside the network's weights.
public struct SavedState: Codable, Sendable, Hashable {
  /// The file of the weights on show, beside this one.
  public let network: String
  /// What was trained, and the step of the weights.
  public let experiment: Experiment
  public let step: Int
  /// The networks of lanes that follow other weights, beside this file.
  public struct Beside: Codable, Sendable, Hashable {
    let lane: Int
    let title: String
    public let network: String
  }
  public let beside: [Beside]?
  /// The clock.
  let t, speed: Double
  let mode: Clock.Mode
  /// The particles: which noise, how many, and the one that is followed.
  let noiseIndex, particles: Int
  let picked: Int?
  /// The group that keeps its colour, as it is in the noise.
  let tagged: [Int]?
  /// One solver a lane, and the lane that keys act on.
  let lanes: [LaneSettings]
  let focused: Int
  let matching: AppState.Matching
  /// What the plots show, and how large.
  let scenery: Scenery
  let viewports: [Viewport]
  let areLinked: Bool
  let expanded: PaneName?
  let cross: [Double]
  /// The part of training in the charts, and the share of the columns that the plot has.
  let chartSpan: ChartSpan?
  let plotShare: Double?
  /// The looks.
  let map: String
  let variant: ThemeVariant
  let showsAxes, isPlain: Bool
  /// How the body of a curved space stands and turns: both angles and its speed, in degrees.
  var turn: [Double]?
  /// The observation of which a posterior is shown.
  var observation: [Double]?
}

extension AppState {
  /// What lanes follow beside the weights on show: what they keep, and the training beside.
  public var trainingsBeside: [(lane: Int, training: KeptTraining)] {
    lanes.all.enumerated().compactMap { index, lane in
      if let kept = kept(lane.settings) { return (index, kept) }
      guard isMatching(index), let rival = lanes.ensemble.rival else { return nil }
      return (
        index,
        KeptTraining(
          title: Objective.flowMatching.title, experiment: experiment.kind.rival ?? experiment,
          step: training.report.rival?.step ?? 0, weights: rival.weights,
          instructionSet: options.instructionSet)
      )
    }
  }

  /// What is seen now, with the weights in files of these names: those on show, and what
  /// `trainingsBeside` tells.
  public func saved(network: String, beside names: [String] = []) -> SavedState {
    let beside = zip(trainingsBeside, names).map { other, name in
      SavedState.Beside(lane: other.lane, title: other.training.title, network: name)
    }
    return SavedState(
      network: network, experiment: experiment, step: lanes.ensemble.weightsStep,
      beside: beside.isEmpty ? nil : beside, t: playback.clock.t,
      speed: playback.clock.speed, mode: playback.clock.mode, noiseIndex: particles.noiseIndex,
      particles: particleCount,
      picked: particles.picked, tagged: particles.tagged.isEmpty ? nil : particles.tagged,
      lanes: lanes.all.map(\.settings.withExperimentsWeights), focused: lanes.focused,
      matching: lanes.matching,
      scenery: look.scenery, viewports: window.viewports, areLinked: window.areLinked,
      expanded: window.expanded,
      cross: [probes.cross.x, probes.cross.y],
      // What was held is gone with the run.
      chartSpan: charts.span == .tail ? .tail : nil, plotShare: window.plotShare,
      map: look.appearance.map.name,
      variant: look.appearance.variant,
      showsAxes: look.appearance.showsAxes, isPlain: look.appearance.isPlain,
      turn: turning.map { [$0.around, $0.lean, $0.speed] },
      observation: observing?.observation)
  }

  /// Arranges what was saved, parked at its time; numbers outside their range take its nearest end.
  public mutating func restore(_ saved: SavedState) {
    func bounded<N: Comparable>(_ value: N, _ range: ClosedRange<N>) -> N {
      min(range.upperBound, max(range.lowerBound, value))
    }
    look.scenery = saved.scenery.bounded
    lanes.update(.match(saved.matching))
    playback.clock.mode = saved.mode
    playback.clock.speed = bounded(saved.speed, 1 / 16...16)
    particles.update(.number(saved.noiseIndex))
    particles.update(.choose(saved.particles))
    var settings = saved.lanes.map { withPossibleGrid($0.bounded) }
    for (other, training) in zip(saved.beside ?? [], options.beside)
    where settings.indices.contains(other.lane) {
      var training = training
      training.title = other.title
      settings[other.lane].training = .kept(lanes.nextKept)
      lanes.update(.keep(training))
    }
    let count = min(4, max(1, settings.count))
    if count > 1 {
      lanes.update(.settle(solo: lanes.soloSettings, compared: settings))
    } else if let lane = settings.first {
      lanes.update(.settle(solo: lane))
    }
    _ = setLanes(count)
    forgetMeaningless()
    lanes.update(.focus(bounded(saved.focused, 0...lanes.all.count - 1)))
    setNoise(count: particleCount)
    window.update(.recall(saved.viewports.map(\.bounded)))
    window.update(.restore(areLinked: saved.areLinked, plotShare: saved.plotShare))
    window.update(.expand(saved.expanded))
    particles.update(.restore(picked: saved.picked, tagged: saved.tagged ?? []))
    charts.span = saved.chartSpan == .tail ? .tail : .whole
    if saved.cross.count == 2 { probes.update(.cross(x: saved.cross[0], y: saved.cross[1])) }
    look.appearance.map = ColorMap.sequential.first { $0.name == saved.map } ?? look.appearance.map
    look.appearance.variant = saved.variant
    look.appearance.showsAxes = saved.showsAxes
    look.appearance.isPlain = saved.isPlain
    if let turn = saved.turn, turn.count == 3, var body = turning {
      body.turn(around: turn[0] - body.around, lean: turn[1] - body.lean)
      body.speed = bounded(turn[2].isFinite ? turn[2] : 0, -60...60)
      turning = body
    }
    if let observation = saved.observation, observation.count == observing?.columns.count,
      observation.allSatisfy({ $0.isFinite && abs($0) < 1e300 })
    {
      observe(observation)
    }
    playback.openingEnd = nil
    playback.clock.seek(saved.t)
    dialogue.flash = nil
  }
}

extension LaneSettings {
  /// The same along what the experiment itself learns.
  var withExperimentsWeights: LaneSettings {
    var settings = self
    settings.training = nil
    return settings
  }

  /// The same with every number in its range and a solver that there is.
  var bounded: LaneSettings {
    var settings = self
    settings.training = nil
    settings.velocity = velocity.map { velocity in velocity.with(number: velocity.number ?? 0) }
    settings.noise = noise.flatMap { noise in
      try? NoiseSchedule.named(noise.name, scale: min(100, max(0, noise.scale ?? 1)))
    }
    settings.steps = min(256, max(1, steps))
    // Times are of so many steps, and the best ones of weights that may be others by now.
    if case .list(let times)? = grid, times.count != settings.steps + 1 { settings.grid = nil }
    settings.bestTimes = nil
    settings.toleranceExponent = min(-1, max(-9, toleranceExponent))
    return settings
  }
}

extension Scenery {
  /// The same with a coordinate and a number of pairs that there are.
  var bounded: Scenery {
    var scenery = self
    scenery.coordinate = min(1, max(0, coordinate))
    if !AppState.pairCounts.contains(pairs) { scenery.pairs = AppState.pairCounts[1] }
    return scenery
  }
}

extension Viewport {
  /// The same with a zoom and a middle inside their ranges.
  var bounded: Viewport {
    var viewport = Viewport.fitted
    viewport.magnify(by: zoom, aroundX: 0, y: 0)
    viewport.pan(x: x * viewport.zoom, y: y * viewport.zoom)
    return viewport
  }
}
