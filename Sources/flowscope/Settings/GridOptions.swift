import FlowMatching

/// Where steps and jumps end.
extension SolverOptions {
  /// Whether a flow map's jumps were asked for.
  var isMap: Bool { solver == SolverOptions.map }

  /// Fixed steps where the grid puts them; those of the best grid are found by `best`.
  func placed(_ control: StepControl, _ tableau: ButcherTableau) throws -> StepControl {
    guard let grid else { return control }
    guard case .fixed(let count) = control else {
      throw Failure.usage(
        "\(tableau.name) chooses its own steps: --time-grid is of solvers with fixed ones",
        option: "--time-grid")
    }
    return try times(of: grid, steps: count).map { .grid($0) } ?? control
  }

  /// The times of a grid; nil for equal steps and for the best.
  private func times(of grid: TimeGrid, steps count: Int) throws -> [Double]? {
    switch grid {
    case .uniform, .best: return nil
    case .list(let times):
      if let steps, steps != times.count - 1 {
        throw Failure.usage(
          "--time-grid has \(times.count - 1) steps, not \(steps): leave out --steps",
          option: "--time-grid")
      }
      return times
    case .shift, .edm, .cosine: return grid.times(steps: count)
    }
  }

  /// Steps on the best grid of a flow from a source, where that was asked for.
  func best(
    _ control: StepControl, _ tableau: ButcherTableau, of flow: any DivergenceField,
    from source: any Distribution, seed: UInt64
  ) throws -> StepControl {
    guard grid == .best, case .fixed(let steps) = control else { return control }
    return .grid(try SolverOptions.best(tableau, steps, of: flow, from: source, seed: seed).times)
  }

  /// The points that choose and judge a grid, and the most steps that one is found for.
  static let gridPoints = 512
  static let mostGridSteps = 128

  /// The best grid of so many steps.
  static func best(
    _ tableau: ButcherTableau, _ steps: Int, of flow: any DivergenceField,
    from source: any Distribution, seed: UInt64
  ) throws -> BestTimeGrid {
    guard steps <= mostGridSteps else {
      throw Failure.usage(
        "the best grid is found for \(mostGridSteps) steps at most, not \(steps)",
        option: "--time-grid")
    }
    if flow.regularity.space != nil {
      throw Failure.usage(
        "the best grid is found for flows in the plane", option: "--time-grid")
    }
    var random = Random(seed: seed).stream("time grid")
    let noise = source.sample(count: gridPoints, using: &random)
    guard let best = BestTimeGrid(flow.inDouble, tableau, steps: steps, from: noise) else {
      throw Failure(
        code: .checkFailed, message: "the flow cannot be followed so far that steps could be judged"
      ).exit()
    }
    return best
  }

  /// The times of a flow map's jumps, by which its points are carried unless another solver was asked for;
  /// nil where a solver follows. `jumpsForward` is false where only a solver can do what is asked.
  func jumps(of traits: FlowTraits, jumpsForward: Bool = true) throws -> [Double]? {
    guard traits.isMap else {
      if isMap {
        throw Failure.usage(
          "this flow was not learned as a map: choose another solver", option: "--solver")
      }
      return nil
    }
    if isMap && !jumpsForward {
      throw Failure.usage(
        "a map jumps forwards, and adds no noise: choose another solver", option: "--solver")
    }
    guard jumpsForward, isMap || (solver == nil && tolerance == nil) else { return nil }
    if grid == .best {
      throw Failure.usage(
        "the best grid is of solvers, not of a map's jumps", option: "--time-grid")
    }
    let count = steps ?? 1
    return try grid.flatMap { try times(of: $0, steps: count) }
      ?? TimeGrid.uniform.times(steps: count)
  }
}
