import FlowMatching

extension Compare {
  /// A solver with one budget, or so many jumps of a flow map.
  struct Job {
    let name: String
    /// The method; of jumps what is not asked.
    let tableau: ButcherTableau
    fileprivate let plain: StepControl

    var isMap: Bool { name == SolverOptions.map }

    /// Whether no best grid can be found for it.
    fileprivate var isTooLongForBest: Bool {
      guard case .fixed(let steps) = plain else { return false }
      return isMap || steps > SolverOptions.mostGridSteps
    }

    /// Its steps where a grid puts them; the best grid is found for each by itself.
    func control(
      on grid: TimeGrid, of flow: LearnedField, from source: any Distribution, seed: UInt64
    ) throws -> StepControl {
      guard case .fixed(let steps) = plain else { return plain }
      if grid == .best {
        return .grid(
          try SolverOptions.best(tableau, steps, of: flow, from: source, seed: seed).times)
      }
      return grid == .uniform ? plain : grid.times(steps: steps).map { .grid($0) } ?? plain
    }

    /// Carries the noise.
    func solve(
      _ flow: LearnedField, _ control: StepControl, _ noise: Batch
    ) throws -> any Transport {
      var plan = TransportPlan(tableau, control: control)
      if isMap {
        plan.jumps =
          if case .grid(let times) = control { times } else {
            TimeGrid.uniform.times(steps: control.steps ?? 1)
          }
      }
      var transport = flow.transport(noise, as: .points, from: 0, to: 1, plan)
      transport.finish()
      if let failure = transport.failure {
        throw Failure(
          code: .checkFailed, message: "the solve with \(name) broke off: \(failure)"
        ).exit()
      }
      return transport
    }
  }

  /// Every solver with every budget that it can keep to, in the order in which they were given.
  func jobs(_ solvers: String) throws -> [Job] {
    let budgets = try numbers(nfe, "--nfe", in: 1...100_000).map { Int($0) }
    let tolerances = try numbers(tolerances, "--tolerances", in: 1e-12...0.1)
    var jobs: [Job] = []
    for part in solvers.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part)
      if name == SolverOptions.map {
        jobs += budgets.map { Job(name: name, tableau: .euler, plain: .fixed(steps: $0)) }
        continue
      }
      let tableau = try Failure.named("--solvers") { try ButcherTableau.named(name) }
      if tableau.hasErrorEstimate {
        jobs += tolerances.map {
          Job(name: name, tableau: tableau, plain: .adaptive(relative: $0, absolute: $0))
        }
      } else {
        let steps = budgets.map { $0 / tableau.evaluationsPerStep }.filter { $0 > 0 }
        jobs += steps.map { Job(name: name, tableau: tableau, plain: .fixed(steps: $0)) }
      }
    }
    if jobs.isEmpty { throw Failure.usage("--nfe leaves no solver a step: give more evaluations") }
    return jobs
  }

  /// Those of a flow, which may be a map.
  func jobs(ofMap isMap: Bool) throws -> [Job] {
    let jobs = try jobs(solvers ?? (isMap ? SolverOptions.map + "," : "") + Compare.usualSolvers)
    let grid = try grid()
    if grid == .best, let long = jobs.first(where: \.isTooLongForBest) {
      throw Failure.usage(
        "the best grid is found for \(SolverOptions.mostGridSteps) steps of a solver at most, not for "
          + "\(long.plain.steps ?? 0) of \(long.name): give other --nfe or --solvers",
        option: "--time-grid")
    }
    if !isMap, jobs.contains(where: \.isMap) {
      throw Failure.usage("this flow was not learned as a map: leave out map", option: "--solvers")
    }
    return jobs
  }

  /// The grid of fixed steps; a list is of one number of steps, where many are compared.
  func grid() throws -> TimeGrid {
    guard let timeGrid else { return .uniform }
    guard let grid = TimeGrid(timeGrid) else {
      throw Failure.usage(
        "--time-grid must be uniform, shift:s, edm:ρ, cosine or best, not “\(Output.visible(timeGrid))”",
        option: "--time-grid")
    }
    if case .list = grid {
      throw Failure.usage(
        "given times are of one number of steps: sample and evaluate take them",
        option: "--time-grid")
    }
    return grid
  }
}
