import FlowMatching

/// The best steps of a lane's method, and what its steps would err by everywhere, on what the lane follows: those
/// of the exact flow need not be better than equal ones on a learned one.
struct GridStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let method: String
    let steps: Int
    let followed: LaneSettings.Followed
    let generation: Int
    /// Of the weights; 0 of a flow that is known.
    var weightsStep: Int
  }

  /// The points that choose and judge: few of them, those that are torn apart, make up most of an error.
  static let points = 512

  let key: Key
  private var search: BestGridSearch
  private let cost: Int

  /// A search that has not begun, of a field that costs so many evaluations of a network.
  init(
    _ key: Key, _ field: any VelocityField, _ tableau: ButcherTableau, noise: Batch, cost: Int
  ) {
    self.key = key
    self.cost = max(1, cost)
    search = BestGridSearch(
      field, tableau, steps: key.steps, from: noise.prefix(GridStudy.points))
  }

  var isOver: Bool { search.isOver }
  /// nil where the flow could not be followed.
  var grid: BestTimeGrid? { search.result }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      // One piece at a time: the search counts its own evaluations.
      var piece = 1
      search.advance(budget: &piece)
      budget -= (1 - piece) * cost
    }
  }
}

extension AppState {
  /// A lane with what is to be found for it.
  private typealias GridWish = (lane: Int, key: GridStudy.Key)

  /// What is to be found for a lane; nil where its steps cannot be placed.
  private func gridKey(_ settings: LaneSettings) -> GridStudy.Key? {
    guard bestComplaint(settings) == nil, particles.noise.count > 1 else { return nil }
    let isKnown = settings.followsKnown || settings.keepsWeights
    return GridStudy.Key(
      method: settings.method.name, steps: settings.steps, followed: settings.followed,
      generation: training.generation, weightsStep: isKnown ? 0 : lanes.ensemble.weightsStep)
  }

  /// The lanes whose steps are to be the best ones.
  private var gridWishes: [GridWish] {
    lanes.all.indices.compactMap { index in
      let settings = lanes.all[index].settings
      guard settings.grid == .best else { return nil }
      return gridKey(settings).map { (index, $0) }
    }
  }

  /// Those among them that have the steps of other weights, the oldest first.
  private var staleGrids: [GridWish] {
    gridWishes.filter {
      let lane = lanes.all[$0.lane]
      return !lane.settings.isBeingPlaced && lane.placedStep != $0.key.weightsStep
    }.sorted { lanes.all[$0.lane].placedStep ?? -1 < lanes.all[$1.lane].placedStep ?? -1 }
  }

  /// The focused lane while the chart of t is among the panes.
  private var chartedGrid: GridWish? {
    guard layout.rect(of: .steps) != nil else { return nil }
    return gridKey(focusedLane.settings).map { (lanes.focused, $0) }
  }

  /// What is to be looked for next: at once for a lane that has no steps yet, then, where nothing is at work,
  /// for newer weights and for the chart.
  private var nextGrid: GridWish? {
    let running = probes.grid.running?.key
    let asking = gridWishes.filter { lanes.all[$0.lane].settings.isBeingPlaced }
    if let first = asking.first {
      return asking.contains { $0.key.isAlike(running) } ? nil : first
    }
    guard running == nil else { return nil }
    if now >= probes.grid.nextTime, let stale = staleGrids.first { return stale }
    return chartedGrid.flatMap { probes.grid.wants($0.key, now: now) ? $0 : nil }
  }

  /// At once while there is something to find; newer weights alone wait for their time.
  var gridDelay: Double? {
    if probes.grid.running != nil || nextGrid != nil { return 0 }
    let charted = chartedGrid.flatMap { probes.grid.delay(for: $0.key, now: now) }
    return staleGrids.isEmpty ? charted : max(0, probes.grid.nextTime - now)
  }

  mutating func advanceGrid(_ budget: inout Int) {
    placeFound(isBetweenPasses: isParked)
    if let next = nextGrid { beginGrid(next.key, lanes.all[next.lane].settings) }
    guard probes.advanceGrid(budget: &budget) else { return }
    revision += 1
    placeFound(isBetweenPasses: isParked)
  }

  private mutating func beginGrid(_ key: GridStudy.Key, _ settings: LaneSettings) {
    let fields = lanes.ensemble.fields
    let known =
      settings.velocity == .exact && settings.guidance == nil
      ? fields.target?.exactField(under: settings.scheduler ?? experiment.scheduler) : nil
    let study = GridStudy(
      key, known ?? fields.flow(settings).inDouble, settings.solver, noise: particles.noise,
      cost: known == nil ? 4 * fields.cost(settings) : scene.exactCost)
    probes.update(.grid(study, until: now + 10))
  }

  /// Gives every lane that waits for them the steps that were found last, equal ones where none could be;
  /// those of a moment ago do until there are newer ones. A pass under way keeps its steps as it keeps its
  /// weights.
  mutating func placeFound(isBetweenPasses: Bool) {
    guard let study = probes.grid.shown else { return }
    for wish in gridWishes where study.key.isAlike(wish.key) {
      let before = lanes.all[wish.lane]
      guard before.placedStep != study.key.weightsStep,
        before.settings.isBeingPlaced || isBetweenPasses
      else { continue }
      lanes.update(.place(study.grid?.times, lane: wish.lane, step: study.key.weightsStep))
      let settings = lanes.all[wish.lane].settings
      if study.grid == nil { say("time grid", "equal steps: the flow could not be followed") }
      guard settings != before.settings else { continue }
      playback.filmFrames = []
      playback.positionsAreCurrent = false
      forgetStudy(dropping: settings.curve)
      // W2 was of equal steps until now.
      if !isComparing { dueEffects.append(.trainer(.measureWith(settings))) }
    }
  }

  /// What is known of the focused lane's steps.
  var shownGrid: BestTimeGrid? {
    probes.grid.shown(of: gridKey(focusedLane.settings))?.grid
  }
}
