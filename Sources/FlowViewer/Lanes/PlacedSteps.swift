import FlowMatching

/// Where a lane's fixed steps may be placed.
extension LaneSettings {
  /// The most steps of which the best are looked for.
  static let mostBestSteps = 128

  /// Whether it takes fixed steps that a grid may place.
  var isPlaced: Bool { letters == nil && isDeterministic && !isAdaptive }

  /// Why there are no best steps of such settings, wherever they are used; nil where there are.
  var bestComplaint: String? {
    if method.isMap { return "best is of solvers, not of a map's jumps" }
    if !isPlaced { return "best is of a solver's fixed steps" }
    return steps > LaneSettings.mostBestSteps
      ? "best is found for \(LaneSettings.mostBestSteps) steps at most" : nil
  }

  /// Whether it asks for the best steps and takes equal ones until they are found.
  var isBeingPlaced: Bool { isPlaced && grid == .best && gridTimes == nil }

  /// Whether its steps are of one number of them alone: those of another number are another grid.
  var hasOwnTimes: Bool {
    guard isPlaced else { return false }
    return switch grid {
    case .best, .list: true
    case nil, .uniform, .shift, .edm, .cosine: false
    }
  }

  /// Where steps end, in a word or two, for lanes that differ by nothing else.
  var gridName: String {
    switch grid {
    case nil, .uniform: "equal steps"
    case .list: "own grid"
    case let grid?: "\(grid)"
    }
  }

  /// What tells curves of error against work apart by where steps end.
  var gridOfCurve: String {
    guard isPlaced, let grid else { return "" }
    return "/\(grid)" + (grid == .best ? " \(steps)" : "")
  }

  /// Where its steps end; nil for equal ones, for the best while they are being looked for, and where no grid
  /// places them.
  var gridTimes: [Double]? {
    guard isPlaced else { return nil }
    guard grid == .best else { return grid?.times(steps: steps) }
    return bestTimes.flatMap { $0.count == steps + 1 ? $0 : nil }
  }

  /// The jumps of a flow map; nil where a solver follows.
  var jumps: [Double]? {
    guard method.isMap else { return nil }
    return gridTimes ?? TimeGrid.uniform.times(steps: steps)
  }
}

extension AppState {
  /// Why the best steps of a lane cannot be looked for; nil where they can.
  func bestComplaint(_ settings: LaneSettings) -> String? {
    if turning != nil { return "best is found in flat spaces alone" }
    if !traits.needsSolver || traits.tokens != nil { return "best is of a solver's fixed steps" }
    return settings.bestComplaint
  }

  /// The same with equal steps where the best cannot be looked for.
  func withPossibleGrid(_ settings: LaneSettings) -> LaneSettings {
    guard settings.grid == .best, bestComplaint(settings) != nil else { return settings }
    var settings = settings
    settings.grid = nil
    return settings
  }
}
