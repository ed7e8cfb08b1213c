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

  @Option(
    help: ArgumentHelp(
      "The solvers (default: \(Compare.usualSolvers), of a flow map with map before them).",
      valueName: "name,…"), completion: .odeSolvers)
  var solvers: String?

  static let usualSolvers = "euler,midpoint,rk4,dopri5"

  @Option(
    help: ArgumentHelp(
      "Where fixed steps end: uniform, shift:s, edm:ρ, cosine, best.", valueName: "grid"))
  var timeGrid: String?

  @Option(
    help: ArgumentHelp("Evaluations of solvers with fixed steps, or jumps.", valueName: "n,…"))
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
    _ = try jobs(solvers ?? Compare.usualSolvers)
    let grid = try grid()
    try refuseOut()
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
    let drawn = target?.distribution.sample(count: Compare.distanceCount, using: &targetRandom)
    // A named data set has its own units, the model those in which it works.
    let points = dataset == nil ? drawn : drawn.map { checkpoint.units.data?.applied(to: $0) ?? $0 }
    let space = checkpoint.experiment?.curvedSpace
    // The energy of ways along a curved space has no flat transport to be held against.
    let transport =
      space == nil
      ? points.map { OptimalTransport.assignment(from: noise.prefix($0.count), to: $0) } : nil
    let network = try model.field(of: checkpoint)
    let isMap = network.traits.isMap
    let jobs = try jobs(ofMap: isMap)
    // What a map is to reach is the flow of the data, not what its own velocity leads to.
    let exact =
      isMap && model.prediction == nil && model.scheduler == nil
      ? target.flatMap { try? model.experiment(of: checkpoint).exactField(to: $0) } : nil
    let reference: ReferenceSolve
    do { reference = try ReferenceSolve(exact ?? network, from: noise) } catch {
      throw Failure(code: .checkFailed, message: "the reference solve broke off: \(error)").exit()
    }
    let least = exact != nil ? .infinity : leastOfOrders(network, reference, noise, space)
    let setting = Setting(
      network: network, noise: noise, reference: reference, target: target, points: points,
      transport: transport, space: space, grid: grid, seed: seed)
    var lanes: [Lane] = []
    for job in jobs {
      var lane = try lane(job, setting, from: try model.source(of: checkpoint))
      lane.order = lanes.last { $0.solver == lane.solver }.flatMap {
        lane.order(after: $0, above: least)
      }
      lanes.append(lane)
    }
    let report = Report(
      reference: Reference(
        solver: ReferenceSolve.tableau.name, tolerance: ReferenceSolve.tolerance,
        nfe: reference.evaluations, error: reference.error, isExact: exact != nil),
      lanes: lanes, seed: seed,
      units: space?.name ?? checkpoint.units.name)
    if let out { try Output.file(out, WorkPrecisionPlot(lanes).text) }
    if options.json { return try Output.json(report) }
    if out != "-" { try Output.data(report.text { options.emphasised($0, .heading) }) }
  }

  /// Refuses what cannot be drawn into.
  private func refuseOut() throws {
    if let out, out != "-", !out.hasSuffix(".svg"), !POSIXFile.isSpecial(out) {
      throw Failure.usage(
        "--out: \(Output.visible(out)) must end in .svg, or be -", option: "--out")
    }
    if options.json && out == "-" { throw Failure.usage("--json needs --out FILE for the picture") }
  }

  /// What all lanes share.
  private struct Setting {
    let network: LearnedField
    let noise: Batch
    let reference: ReferenceSolve
    let target: Dataset?
    let points: Batch?
    let transport: Assignment?
    let space: (any Space)?
    let grid: TimeGrid
    let seed: UInt64
  }

  /// One solver with one budget.
  private func lane(
    _ job: Job, _ setting: Setting, from source: any Distribution
  ) throws -> Lane {
    let (network, noise) = (setting.network, setting.noise)
    let control = try job.control(
      on: setting.grid, of: network, from: source, seed: setting.seed)
    let clock = ContinuousClock()
    let start = clock.now
    let end = try job.solve(network, control, noise)
    let elapsed = clock.now - start
    return Lane(
      solver: job.name, control: control, nfe: end.evaluations,
      error: end.state.rootMeanSquareDistance(to: setting.reference.ends, on: setting.space),
      reference: setting.reference.error, toleranceReached: end.toleranceReached,
      w2: setting.points.map {
        Wasserstein.w2(end.state.prefix($0.count), $0, on: setting.space)
      },
      npe: job.isMap
        ? nil
        : setting.transport.flatMap {
          Compare.npe(network, noise, job.tableau, control, $0, setting.target, source)
        },
      milliseconds: Double(elapsed.components.seconds) * 1e3
        + Double(elapsed.components.attoseconds) * 1e-15)
  }

  /// The error below which a slope is no order; against the flow of the data errors are the network's too,
  /// and there is none. The rounding is the distance between the ends of the same steps in Float and in Double.
  private func leastOfOrders(
    _ network: any DivergenceField, _ reference: ReferenceSolve, _ noise: Batch,
    _ space: (any Space)?
  ) -> Double {
    func ends(_ field: any VelocityField) -> Batch {
      var field = field
      var integrator = Integrator(.rk4, control: .fixed(steps: 16), from: noise.prefix(256))
      integrator.finish(&field)
      return integrator.knot.x
    }
    return ReferenceSolve.leastOfOrders(
      rounding: ends(network).rootMeanSquareDistance(to: ends(network.inDouble), on: space),
      error: reference.error)
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
    _ transport: Assignment, _ target: Dataset?, _ source: any Distribution
  ) -> Estimate? {
    let starts = noise.prefix(transport.rowDuals.count)
    var energy = PathEnergy(field, from: starts, tableau, control: control)
    energy.finish()
    let npe = target?.normalisedEnergy(of: energy, from: source) {
      energy.normalised(by: transport)
    }
    return npe.flatMap { $0.mean.isFinite ? $0 : nil }
  }
}
