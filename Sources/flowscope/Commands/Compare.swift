import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// Solvers side by side from the same noise.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare solvers on a checkpoint: error against work, from the same noise.",
    discussion: """
      The endpoint error is the root mean square distance of 1 024 particles from a reference: the \
      network's sums in Double, each particle solved by DOP853 at tolerance 1e-10. The reference has \
      an error of its own, and no row is told apart below it: such a row reads ≤. The order is the \
      slope between two rows whose errors are no rounding of the network's. NPE is \
      how far the energy of the paths is from that of the optimal transport, relative to it.

        flowscope compare moons.safetensors
        flowscope compare moons.safetensors --solvers euler,rk4,dopri5 --nfe 8,16,32 --json
        flowscope compare moons.safetensors --out work.svg
        flowscope compare words.safetensors --solvers plain,eta:1,corrector:1,redraw --nfe 8,32,128

      Where letters jump the error is the share of words that the data cannot yield, beside that of the \
      exact posterior; `redraw` spends half of its evaluations on drawing single letters anew.
      """)

  /// The particles whose error counts, and how many W2 compares.
  static let errorCount = 1024
  static let distanceCount = 1000

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("The solvers.", valueName: "name,…"), completion: .odeSolvers)
  var solvers = Compare.usualSolvers

  static let usualSolvers = "euler,midpoint,rk4,dopri5"

  @Option(help: ArgumentHelp("Evaluations of solvers with equal steps.", valueName: "n,…"))
  var nfe = "4,8,16,32,64"

  @Option(help: ArgumentHelp("Tolerances of adaptive solvers.", valueName: "number,…"))
  var tolerances = "1e-1,1e-2,1e-3,1e-4"

  @Option(
    help: ArgumentHelp(
      "The target that W2 is taken to (default: the checkpoint's).", valueName: "name"),
    completion: .datasets)
  var dataset: String?

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of the noise (default: the checkpoint's).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("Draw error against work into this SVG file.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var overwrite: OverwriteOptions

  @OptionGroup var options: ReportOptions

  func run() throws {
    if let run = try LetterRun(try model.open(quiet: true), model.checkpoint) {
      return try compareLetters(run, seed: seed ?? run.experiment.seed)
    }
    let jobs = try jobs()
    if let out, out != "-", !out.hasSuffix(".svg"), !POSIXFile.isSpecial(out) {
      throw Failure.usage(
        "--out: \(Output.visible(out)) must end in .svg, or be -", option: "--out")
    }
    if options.json && out == "-" { throw Failure.usage("--json needs --out FILE for the picture") }
    let out = try out.map { try overwrite.place($0) }
    let checkpoint = try model.load(quiet: options.quiet)
    let target = try target(of: checkpoint)
    if let target, !options.quiet {
      checkpoint.warn(model.checkpoint, beside: try model.experiment(of: checkpoint), on: target)
    }
    let seed = seed ?? checkpoint.experiment?.seed ?? 0
    let random = Random(seed: seed)
    var noiseRandom = random.stream("compare noise")
    let noise = try model.source(of: checkpoint).sample(
      count: Compare.errorCount, using: &noiseRandom)
    var targetRandom = random.stream("compare target")
    let points = target?.distribution.sample(count: Compare.distanceCount, using: &targetRandom)
    let space = checkpoint.experiment?.curvedSpace
    // The energy of ways along a curved space has no flat transport to be held against.
    let transport =
      space == nil
      ? points.map { OptimalTransport.assignment(from: noise.prefix($0.count), to: $0) } : nil
    let network = try model.field(of: checkpoint)
    var field: any VelocityField = network
    let reference: ReferenceSolve
    do { reference = try ReferenceSolve(network, from: noise) } catch {
      throw Failure(code: .checkFailed, message: "the reference solve broke off: \(error)").exit()
    }
    let least = ReferenceSolve.leastOfOrders(
      scale: reference.ends.spread, error: reference.error)
    let common = Common(
      noise: noise, reference: reference, points: points, transport: transport, space: space)
    var lanes: [Lane] = []
    for (tableau, control) in jobs {
      var lane = try measure(&field, tableau, control, common)
      lane.order = lanes.last { $0.solver == lane.solver }.flatMap {
        lane.order(after: $0, above: least)
      }
      lanes.append(lane)
    }
    let report = Report(
      reference: Reference(
        solver: ReferenceSolve.tableau.name, tolerance: ReferenceSolve.tolerance,
        nfe: reference.evaluations, error: reference.error), lanes: lanes, seed: seed)
    if let out { try Output.file(out, WorkPrecisionPlot(lanes).text) }
    if options.json { return try Output.json(report) }
    if out != "-" { try Output.data(report.text { options.emphasised($0, .heading) }) }
  }

  /// What all lanes start from and are measured by.
  private struct Common {
    let noise: Batch
    let reference: ReferenceSolve
    /// Of the target; nil where it is not known.
    let points: Batch?
    /// The optimal transport between the first of the noise and them; nil in curved spaces.
    let transport: Assignment?
    let space: (any Space)?
  }

  /// A lane with what it costs and how far off it ends; its order is not known yet.
  private func measure(
    _ field: inout any VelocityField, _ tableau: ButcherTableau, _ control: StepControl,
    _ common: Common
  ) throws -> Lane {
    let clock = ContinuousClock()
    let start = clock.now
    let end = try solve(&field, tableau, control, common.noise)
    let elapsed = (clock.now - start).components
    let places = end.knot.x
    return Lane(
      solver: tableau.name, control: control, nfe: end.evaluations,
      error: places.rootMeanSquareDistance(to: common.reference.ends, on: common.space),
      reference: common.reference.error, toleranceReached: end.toleranceReached,
      w2: common.points.map { Wasserstein.w2(places.prefix($0.count), $0, on: common.space) },
      npe: common.transport.flatMap { Compare.npe(field, common.noise, tableau, control, $0) },
      milliseconds: Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) * 1e-15)
  }

  private func solve(
    _ field: inout any VelocityField, _ tableau: ButcherTableau, _ control: StepControl,
    _ noise: Batch
  ) throws -> Integrator {
    var integrator = Integrator(tableau, control: control, from: noise)
    integrator.finish(&field)
    if case .failed(let failure) = integrator.status {
      throw Failure(
        code: .checkFailed, message: "the solve with \(tableau.name) broke off: \(failure)"
      ).exit()
    }
    return integrator
  }

  private func target(of checkpoint: StoredRun) throws -> Dataset? {
    if let dataset {
      let named = try Failure.named("--dataset") { try DatasetCatalog.named(dataset) }
      try model.requireSpace(of: checkpoint, named)
      return named
    }
    do { return try checkpoint.dataset() } catch {
      throw Failure.file(error, model.checkpoint, isInput: true)
    }
  }

  /// Every solver with every budget that it can keep to, in the order in which they were given.
  private func jobs() throws -> [(ButcherTableau, StepControl)] {
    let budgets = try numbers(nfe, "--nfe", in: 1...100_000).map { Int($0) }
    let tolerances = try numbers(tolerances, "--tolerances", in: 1e-12...0.1)
    var jobs: [(ButcherTableau, StepControl)] = []
    for name in solvers.split(separator: ",", omittingEmptySubsequences: false) {
      let tableau = try Failure.named("--solvers") { try ButcherTableau.named(String(name)) }
      if tableau.hasErrorEstimate {
        jobs += tolerances.map { (tableau, .adaptive(relative: $0, absolute: $0)) }
      } else {
        let steps = budgets.map { $0 / tableau.evaluationsPerStep }.filter { $0 > 0 }
        jobs += steps.map { (tableau, .fixed(steps: $0)) }
      }
    }
    if jobs.isEmpty { throw Failure.usage("--nfe leaves no solver a step: give more evaluations") }
    return jobs
  }

  func numbers(
    _ text: String, _ option: String, in range: ClosedRange<Double>
  ) throws -> [Double] {
    // 1k and 1_000 are numbers here as they are elsewhere.
    let values = text.split(separator: ",", omittingEmptySubsequences: false).map {
      WholeNumber(String($0)).map { Double($0.value) } ?? Double($0) ?? .nan
    }
    guard values.allSatisfy({ range.contains($0) }) else {
      throw Failure.usage(
        "\(option) needs numbers from \(range.lowerBound) to \(range.upperBound) with commas between"
      )
    }
    return values
  }

  /// The normalised path energy by the same method; not part of the lane's time.
  private static func npe(
    _ field: any VelocityField, _ noise: Batch, _ tableau: ButcherTableau, _ control: StepControl,
    _ transport: Assignment
  ) -> Estimate? {
    let starts = noise.prefix(transport.rowDuals.count)
    var energy = PathEnergy(field, from: starts, tableau, control: control)
    energy.finish()
    return energy.normalised(by: transport).flatMap { $0.mean.isFinite ? $0 : nil }
  }
}
