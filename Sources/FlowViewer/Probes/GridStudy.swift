import FlowMatching

/// The best steps of a lane's method, and what its steps would err by everywhere: on the exact flow where it
/// is known, else on what the lane follows.
struct GridStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let method: String
    let steps: Int
    let followed: LaneSettings.Followed
    let training: LaneSettings.Training?
    let generation: Int
    /// Of the weights; 0 of a flow that is known.
    let weightsStep: Int

    func isAlike(_ other: Key?) -> Bool {
      other.map {
        (method, steps, followed) == ($0.method, $0.steps, $0.followed)
          && (training, generation) == ($0.training, $0.generation)
      } ?? false
    }
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
  /// What is to be found for a lane; nil where its steps are not fixed ones of a solver.
  private func gridKey(_ settings: LaneSettings) -> GridStudy.Key? {
    guard settings.isPlaced, settings.jumps == nil, settings.steps <= LaneSettings.mostBestSteps,
      turning == nil, traits.tokens == nil, traits.needsSolver, particles.noise.count > 1
    else { return nil }
    return GridStudy.Key(
      method: settings.method.name, steps: settings.steps, followed: settings.followed,
      training: settings.training, generation: training.generation,
      weightsStep: knownFlow(settings) == nil ? lanes.ensemble.weightsStep : 0)
  }

  /// The exact flow that a lane's weights tend to, or that it follows.
  private func knownFlow(_ settings: LaneSettings) -> (any VelocityField)? {
    guard scene.exact != nil, settings.training == nil, settings.guidance == nil,
      settings.velocity == nil || settings.velocity == .exact
    else { return nil }
    var experiment = experiment
    experiment.scheduler = settings.scheduler ?? experiment.scheduler
    return experiment.exactField(to: dataset)
  }

  /// The lanes that ask for the best steps and have none.
  private var askingLanes: [Int] {
    lanes.all.indices.filter {
      let settings = lanes.all[$0].settings
      return settings.grid == .best && settings.bestTimes == nil && gridKey(settings) != nil
    }
  }

  /// At once while a lane asks; for the chart alone that of newer weights waits.
  var gridDelay: Double? {
    if !askingLanes.isEmpty { return 0 }
    guard layout.rect(of: .steps) != nil else { return nil }
    return gridKey(focusedLane.settings).flatMap { probes.grid.delay(for: $0, now: now) }
  }

  mutating func advanceGrid(_ budget: inout Int) {
    placeFound()
    let asking = askingLanes.first ?? (layout.rect(of: .steps) == nil ? nil : lanes.focused)
    guard let asking, let key = gridKey(lanes.all[asking].settings) else { return }
    if probes.grid.wants(key, now: now) { beginGrid(key, lanes.all[asking].settings) }
    guard probes.advanceGrid(budget: &budget) else { return }
    revision += 1
    placeFound()
  }

  private mutating func beginGrid(_ key: GridStudy.Key, _ settings: LaneSettings) {
    let known = knownFlow(settings)
    let study = GridStudy(
      key, known ?? lanes.ensemble.fields.flow(settings).inDouble, settings.solver,
      noise: particles.noise,
      cost: known == nil ? 4 * lanes.ensemble.fields.cost(settings) : scene.exactCost)
    probes.update(.grid(study, until: now + 10))
  }

  /// Gives every lane that asks the steps that were found for it, equal ones where none could be.
  private mutating func placeFound() {
    guard let study = probes.grid.shown else { return }
    for index in askingLanes where gridKey(lanes.all[index].settings) == study.key {
      let times = study.grid?.times ?? TimeGrid.uniform.times(steps: study.key.steps)
      lanes.update(.place(times ?? [0, 1], lane: index))
      playback.filmFrames = []
      playback.positionsAreCurrent = false
      forgetStudy()
    }
  }

  /// What is known of the focused lane's steps.
  var shownGrid: BestTimeGrid? {
    probes.grid.shown(of: gridKey(focusedLane.settings))?.grid
  }
}
