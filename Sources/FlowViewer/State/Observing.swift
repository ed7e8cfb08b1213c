import FlowMatching
import TerminalCanvas

/// The observation of which a posterior is shown, and what is known of it.
public struct Observing: Sendable {
  /// The data set of the usual observation.
  let usual: Dataset
  /// What is observed.
  let columns: [ObservedColumn]
  /// The observation, as it was measured.
  public private(set) var observation: [Double]
  /// Simulated observations, `m×n`, each column in units of its own spread.
  let simulated: Batch
  /// Draws of the exact posterior, `d×n`; nil where it is not known.
  private(set) var exact: Batch?
  /// The ranges of the first two columns in those units; where there is no second one, of nothing.
  let xRange, yRange: ClosedRange<Double>

  private static let drawCount = 4000

  /// The usual observation of a data set; nil where nothing is observed.
  init?(_ dataset: Dataset) {
    guard let simulations = dataset.simulations else { return nil }
    usual = dataset
    columns = simulations.columns
    var random = Random(seed: 0).stream("observing")
    var drawn = simulations.sample(count: 1500, using: &random).observations
    columns.standardise(&drawn)
    simulated = drawn
    observation = columns.usual
    xRange = Observing.range(simulated, row: 0)
    yRange = columns.count > 1 ? Observing.range(simulated, row: 1) : -1...1
    exact = Observing.draws(dataset, observation)
  }

  /// Whether posteriors are known at all.
  var knowsExact: Bool { exact != nil }

  /// Turns to another observation.
  mutating func turn(to observation: [Double], of dataset: Dataset) {
    self.observation = observation
    exact = Observing.draws(dataset, observation)
  }

  /// The first two observed numbers in units of their spread; 0 for a second one that is not there.
  var place: (x: Double, y: Double) {
    let own = columns.standardised(observation)
    return (own[0], own.count > 1 ? own[1] : 0)
  }

  /// The observation with its first two numbers at a place, held to where simulations lie.
  func observation(x: Double, y: Double) -> [Double] {
    func held(_ value: Double, _ range: ClosedRange<Double>) -> Double {
      min(range.upperBound, max(range.lowerBound, value))
    }
    var moved = columns.standardised(observation)
    moved[0] = held(x, xRange)
    if columns.count > 1 { moved[1] = held(y, yRange) }
    return columns.restored(moved)
  }

  private static func draws(_ dataset: Dataset, _ observation: [Double]) -> Batch? {
    var random = Random(seed: 0).stream("exact posterior")
    return dataset.simulations?.posterior(of: observation)?
      .sample(count: drawCount, using: &random)
  }

  private static func range(_ points: Batch, row: Int) -> ClosedRange<Double> {
    let values = points.values[row * points.count..<(row + 1) * points.count]
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    return low < high ? low...high : low - 1...high + 1
  }
}

/// What moves the observation.
extension AppState {
  /// Turns to an observation: the learned posterior follows with the weights on show, and so does the exact
  /// one; of what the simulator hardly yields there is none, and nothing moves.
  mutating func observe(_ wanted: [Double]) {
    guard var turned = observing, wanted != turned.observation else { return }
    if turned.knowsExact {
      guard let target = dataset.given(wanted) else {
        say("observation", "the simulator hardly yields this one")
        return
      }
      dataset = target
      scene = TargetScene(target, experiment)
    }
    turned.turn(to: wanted, of: dataset)
    observing = turned
    // The best steps are those of another flow.
    lanes.update(
      .revise {
        var settings = $0
        settings.bestTimes = nil
        return settings
      })
    lanes.update(.solve(makeEnsemble(keepsWeights: true, takingOver: false)))
    playback.filmFrames = []
    playback.positionsAreCurrent = false
    forgetProbes()
    forgetStudy()
    judgeAnew(forgetting: true)
    revision += 1
  }

  /// Turns to the observation at a cell of its pane.
  mutating func observe(column: Int, row: Int, in rect: Rect) {
    guard let observing else { return }
    let axes = observing.axes(in: rect.inset(by: 1))
    guard !axes.rect.isEmpty else { return }
    let place = axes.world(column: column, row: row)
    observe(observing.observation(x: place.x, y: place.y))
  }

  /// Moves it by shares of its plane.
  mutating func observe(movedBy x: Double, _ y: Double) {
    guard let observing else { return }
    let (now, width, height) = (
      observing.place, observing.xRange.upperBound - observing.xRange.lowerBound,
      observing.yRange.upperBound - observing.yRange.lowerBound
    )
    observe(observing.observation(x: now.x + x * width / 2, y: now.y + y * height / 2))
    say("observation", self.observing?.words ?? "")
  }

  /// Whether the training's own distance to the target is one to the target on show.
  var showsUsualObservation: Bool {
    observing.map { $0.observation == $0.columns.usual && $0.knowsExact } ?? true
  }
}

extension Observing {
  /// The plane of the first two columns on cells, in units of their spread.
  func axes(in inner: Rect) -> PlotAxes {
    let x = (xRange.upperBound - xRange.lowerBound) / Double(max(1, 2 * inner.width))
    let y = (yRange.upperBound - yRange.lowerBound) / Double(max(1, 4 * inner.height))
    let margin = 0.04 * (xRange.upperBound - xRange.lowerBound)
    // Not places of one plane but two measured numbers: each fills its side.
    return PlotAxes(
      rect: inner, x: xRange.lowerBound - margin...xRange.upperBound + margin, y: yRange,
      cellAspect: 2 * y / x, alignsTicks: false)
  }

  /// “x1 0.12, x2 -0.5”.
  var words: String {
    zip(columns, observation).prefix(3).map { column, value in
      column.name + " " + NumberFormat.significant(value, 3)
    }.joined(separator: ", ") + (columns.count > 3 ? ", …" : "")
  }

  /// “0.12, -0.5”.
  var numbers: String {
    observation.prefix(2).map { NumberFormat.significant($0, 3) }.joined(separator: ", ")
      + (columns.count > 2 ? ", …" : "")
  }
}
