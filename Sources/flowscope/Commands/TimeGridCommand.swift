import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// Where the steps of a solver go.
struct TimeGridCommand: TakesSettings {
  static let configuration = CommandConfiguration(
    commandName: "time-grid",
    abstract: "Find the steps of a solver that lead nearest to a flow's own ends.",
    discussion: """
      Knots are chosen by dynamic programming, each step's error carried to t = 1 by the flow itself, and \
      held against equal steps on points that had no part in the choice: the better of both is printed. \
      The sigmas are 1 − t, as programs for diffusions have them. Without a checkpoint the flow is the \
      exact one of the experiment.

        flowscope time-grid moons.safetensors --steps 8
        flowscope time-grid moons.safetensors --steps 8 --solver euler --json
        flowscope time-grid --dataset 8gaussians --steps 8
        flowscope sample moons.safetensors --solver midpoint --time-grid best --steps 8
      """)

  @Argument(
    help: ArgumentHelp("A checkpoint, or a PyTorch network.", valueName: "checkpoint"),
    completion: .file())
  var checkpoint: String?

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var options: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var solver: SolverOptions
  @OptionGroup var readingOptions: ReadingOptions
  @OptionGroup var report: ReportOptions

  mutating func take(_ settings: Settings) throws {
    if checkpoint == nil { try presetOption.fill(&options, from: settings, beside: target) }
  }

  func run() throws {
    if solver.grid != nil {
      throw Failure.usage("the grid is what is looked for: leave out --time-grid")
    }
    if solver.isMap {
      throw Failure.usage(
        "the best grid is of a solver: leave out --solver map", option: "--solver")
    }
    let (tableau, control) = try solver.method(steps: 8)
    guard case .fixed(let steps) = control else {
      throw Failure.usage(
        "\(tableau.name) chooses its own steps: a grid is of solvers with fixed ones")
    }
    let (flow, source, seed) = try checkpoint.map(learned) ?? exact()
    let best = try SolverOptions.best(tableau, steps, of: flow, from: source, seed: seed)
    if report.json {
      return try Output.json(
        Result(
          times: best.times, sigmas: best.sigmas, solver: tableau.name, steps: steps, seed: seed,
          error: best.error, uniformError: best.uniformError))
    }
    func row(_ name: String, _ values: [Double]) -> String {
      name.padding(toLength: 8, withPad: " ", startingAt: 0)
        + values.map { TableFigure.text($0, digits: 5) }.joined(separator: ",") + "\n"
    }
    try Output.data(row("times", best.times) + row("sigmas", best.sigmas))
    report.message(
      "\(tableau.name), \(steps) steps: error \(TableFigure.text(best.error, digits: 3)), equal steps "
        + "\(TableFigure.text(best.uniformError, digits: 3))"
        + (best.isBetter ? "" : "; none was found that is better"))
  }

  /// The exact field of the options.
  private func exact() throws -> (any DivergenceField, any Distribution, UInt64) {
    try readingOptions.refuse("of a checkpoint")
    var experiment = try presetOption.experiment(options, beside: target)
    let dataset = try target.dataset(
      of: experiment, source: options.sourceFile, quiet: report.quiet)
    experiment.dataset = dataset.name
    try ExperimentOptions.validate(experiment, to: dataset)
    guard case .plane(let field) = try AskedField(exactOf: experiment, to: dataset) else {
      throw Failure.usage("a grid is found for flows in the plane")
    }
    do throws(UnknownName) {
      return (field, try experiment.sourceDistribution(to: dataset), experiment.seed)
    } catch { throw Failure.usage(error.description) }
  }

  /// The flow of a checkpoint.
  private func learned(
    _ path: String
  ) throws -> (any DivergenceField, any Distribution, UInt64) {
    let given = try options.experiment()
    var reading = try readingOptions.reading()
    if options.given["activation"] != nil { reading.activation = given.activation }
    if options.given["prediction"] != nil { reading.prediction = given.prediction }
    if options.given["scheduler"] != nil { reading.scheduler = given.scheduler }
    do throws(FileFailure) {
      let stored = try StoredRun(reading: path, as: reading)
      if !report.quiet { stored.announce(path) }
      let experiment = stored.experiment(beside: given)
      guard experiment.traits.needsSolver, experiment.traits.tokens == nil else {
        throw FileFailure.malformed("its flow takes no steps of a solver")
      }
      guard !experiment.learnsPosterior else {
        throw FileFailure.malformed(
          "it has learned a posterior, a flow for every observation, of which each has a best grid of its own"
        )
      }
      let known = ["activation", "prediction", "scheduler", "seed"]
      let isOurs = stored.experiment != nil
      let others =
        (presetOption.preset == nil ? [] : ["preset"]) + target.given
        + options.given.names.filter { isOurs ? $0 != "seed" : !known.contains($0) }
      if let other = others.first {
        throw FileFailure.malformed("it says how it was trained: leave out --\(other)")
      }
      let dataset = try stored.dataset()
      let source =
        try dataset.map { data throws(FileFailure) -> any Distribution in
          do throws(UnknownName) { return try experiment.sourceDistribution(to: data) } catch {
            throw .malformed(error.description)
          }
        } ?? StandardNormal(dimension: experiment.dimension)
      let seed = options.given["seed"] == nil ? stored.experiment?.seed ?? 0 : given.seed
      return (experiment.velocityField(of: stored.weights), source, seed)
    } catch { throw Failure.file(error, path, isInput: true) }
  }

  /// What was found.
  struct Result: Encodable {
    let times, sigmas: [Double]
    let solver: String
    let steps: Int
    let seed: UInt64
    /// RMS distances from the flow's own ends, on points that had no part in the choice.
    let error, uniformError: Double
  }
}
