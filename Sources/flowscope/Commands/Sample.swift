import ArgumentParser
import FileFormats
import FlowMatching

/// Draws from a trained network, or pushes given points through it.
struct Sample: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Draw samples from a checkpoint, or push points through its flow.",
    discussion: """
      Points go from noise (t = 0) to data (t = 1), with --reverse from data to noise. The ending \
      of --out chooses npy or CSV; - prints CSV. The solvers \
      \(StochasticMethods.all.map(\.name).joined(separator: " and ")) solve an SDE of the same marginals \
      instead, dX = (u + ½g²s)dt + g dW, with the noise g of --added-noise. --log-density carries \
      log p along: the density of each point where it arrives. A flow map jumps, --steps times; with \
      another solver its velocity is followed.

        flowscope sample moons.safetensors --count 10000 --out samples.npy
        flowscope sample net.safetensors --activation selu --solver dopri5 --tolerance 1e-6
        flowscope sample moons.safetensors --from points.csv --reverse --out noise.csv
        flowscope sample moons.safetensors --solver euler-maruyama --added-noise linear:1
        flowscope sample moons.safetensors --log-density --out with_log_p.npy
        flowscope sample classes.safetensors --label right --guidance 2 --out right.npy
        flowscope sample moons.safetensors --solver midpoint --steps 8 --time-grid best
      """)

  /// As many points are solved together; with an adaptive solver they share their steps.
  static let chunk = 1 << 16

  @OptionGroup var model: ModelOptions

  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: "How many samples to draw, 1 to 1000000000 (default: 1000).",
    transform: WholeNumber.parse)
  var count: Int?

  @Option(
    help: ArgumentHelp("Push the points of this npy or CSV file.", valueName: "file"),
    completion: .file())
  var from: String?

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var notationOptions: NotationOptions

  @Flag(help: "From data to noise.")
  var reverse = false

  @Option(
    help: ArgumentHelp(
      "Where on the way points stop, after 0: t up to 1, or of a population a time between its first and its "
        + "last (default: the end).", valueName: "time"))
  var until: Double?

  @OptionGroup var solver: SolverOptions

  @OptionGroup var letters: LetterOptions

  @OptionGroup var guidance: GuidanceOptions

  @Option(
    help: ArgumentHelp(
      "The noise g(t) of a stochastic solver: none, linear:g, square-root:g, sine:g "
        + "(default: square-root:1).", valueName: "name:scale"), completion: .noises)
  var addedNoise: String?

  @Option(
    help: ArgumentHelp(
      "The diffusion ε of an interpolant, dX = (b + εs)dt + √(2ε)dW, with --reverse backwards; 0 is its "
        + "ODE.", valueName: "number"))
  var epsilon: Double?

  @Flag(
    help: ArgumentHelp(
      "Add a last column, log p of each point in nats; without a solver every point has steps of "
        + "its own at tolerance 1e-7."))
  var logDensity = false

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of the noise (default: the checkpoint's).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("Where the points go: .npy, .csv, or - for CSV.", valueName: "file"),
    completion: .file())
  var out = "-"

  @OptionGroup var overwrite: OverwriteOptions

  @OptionGroup var report: ReportOptions

  mutating func take(_ settings: Settings) throws {
    try solver.fill(from: settings)
    try letters.fill(from: settings)
  }

  func run() throws {
    try refuse()
    if let run = try LetterRun(try model.open(quiet: true), model.checkpoint) {
      try guidance.refuse("words have no classes")
      return try sampleLetters(
        run, seed: seed ?? run.experiment.seed, out: try overwrite.place(out))
    }
    try letters.refuse()
    let method = try method()
    let out = try overwrite.place(out)
    let stored = try model.open(quiet: report.quiet)
    let pictures = try pictures(of: stored)
    let seed = seed ?? stored.experiment?.seed ?? 0
    let notation = try notationOptions.notation(of: stored)
    let read = ReadShare()
    let points = try source(stored, seed: seed, read)
    var carrier = try FlowCarrier(
      stored, model, guidance, method, reverse: reverse, until: end(stored), seed: seed)
    let writer =
      try pictures.map { try $0.writer(out) }
      ?? PointWriter(
        out,
        columns: stored.units.columns(notation, dimension: stored.dimension)
          + (logDensity ? ["log_p"] : []))
    let units = reverse ? stored.units.source : stored.units.data
    var tally = Tally()
    var progress = WorkProgress(
      "sample", isShown: !report.quiet && !(out == "-" && ProgressLine.sharesTerminal))
    defer { progress.finish() }
    var before = 0.0
    while let chunk = try points(Sample.chunk) {
      let after =
        from == nil ? Double(tally.total + chunk.count) / Double(count ?? 1000) : read.share
      let end = try carrier.carry(chunk) { share in
        progress.update(after.map { before + ($0 - before) * share }, "\(tally.total) points done")
      }
      before = after ?? 0
      tally.note(end)
      try writer.append(pictures?.rows(end.points) ?? end.rows(in: units, notation))
    }
    try writer.finish()
    progress.finish()
    tally.tell(report)
    let used = carrier.method
    let tolerance = carrier.needsSolver ? used.tolerance : nil
    let result = Result(
      count: tally.total, lost: tally.lost, nfe: tally.evaluations, out: out, seed: seed,
      solver: carrier.needsSolver ? used.name : stored.weights.model.name,
      addedNoise: used.noise.map { "\($0.name)" + ($0.scale.map { ":\($0)" } ?? "") },
      tolerance: tolerance,
      toleranceReached: tally.toleranceReached > 0 ? tally.toleranceReached : tolerance,
      label: guidance.label, guidance: guidance.guidance.flatMap { Double($0) },
      given: try guidance.observation(
        among: model.experiment(of: stored).traits.observed, of: Output.visible(model.checkpoint)))
    if report.json { return try Output.json(result) }
    if !report.quiet && out != "-" {
      Output.message(
        "\(tally.total) points to \(Output.visible(out)), NFE \(tally.evaluations), seed \(seed)")
    }
  }

  /// Refuses what does not go together, whatever the file holds.
  private func refuse() throws {
    if let count, !(1...1_000_000_000).contains(count) {
      throw Failure.usage("--count must be 1 to 1000000000")
    }
    if from != nil && count != nil {
      throw Failure.usage("--count draws, --from pushes the points of a file: give one of them")
    }
    if report.json && out == "-" { throw Failure.usage("--json needs --out FILE for the points") }
    if until != nil && (reverse || logDensity) {
      throw Failure.usage(
        "--until goes from the start on, without --reverse and --log-density", option: "--until")
    }
    if logDensity && reverse {
      throw Failure.usage(
        "--log-density is of points that arrive at the data; for given data use likelihood")
    }
  }

  /// How points are carried.
  private func method() throws -> SampleMethod {
    if let epsilon, !(0...1e6).contains(epsilon) {
      throw Failure.usage("--epsilon must be 0 to 1e6", option: "--epsilon")
    }
    let method = try SampleMethod(
      solver, addedNoise: addedNoise, epsilon: epsilon, logDensity: logDensity)
    if reverse && method.isStochastic && epsilon == nil {
      throw Failure.usage("an SDE is solved forwards, from noise to data: leave out --reverse")
    }
    return method
  }

  /// What became of all points so far.
  private struct Tally {
    private(set) var total = 0
    private(set) var lost = 0
    /// The most of a chunk.
    private(set) var evaluations = 0
    private(set) var toleranceReached = 0.0

    mutating func note(_ end: FlowCarrier.End) {
      total += end.points.count
      lost += end.lost
      evaluations = max(evaluations, end.evaluations)
      toleranceReached = max(toleranceReached, end.toleranceReached ?? 0)
    }

    /// What went wrong, if anything did.
    func tell(_ report: ReportOptions) {
      if lost > 0 { report.message("flowscope: \(lost) points left the numbers on the way") }
      if toleranceReached > 0 {
        report.message(
          "flowscope: the network's rounding ends at tolerance \(Accuracy.short(toleranceReached)): "
            + "smaller steps do not lower the estimated error any more")
      }
    }
  }

  /// What was done.
  struct Result: Encodable {
    let count: Int
    let lost: Int
    let nfe: Int
    let out: String
    let seed: UInt64
    let solver: String
    /// The noise that was added on the way; nil for an ODE.
    let addedNoise: String?
    /// The tolerance that was asked for, and the one that the network's rounding allowed.
    let tolerance, toleranceReached: Double?
    /// The class as it was asked for, and the weight of guidance; nil without.
    let label: String?
    let guidance: Double?
    /// What was observed, of a posterior.
    let given: [Double]?
  }

  /// Where points come from, a chunk at a time: nil when there are no more.
  private func source(
    _ stored: StoredRun, seed: UInt64, _ read: ReadShare
  ) throws -> (Int) throws -> Batch? {
    if let from {
      let units = reverse ? stored.units.data : stored.units.source
      var reader = try columns.points(
        of: from, in: notationOptions.place(of: stored), limit: units == nil ? .single : .double,
        quiet: report.quiet, opening: read.open)
      return { most in
        do throws(FileFailure) {
          let piece = try reader.next(most)
          return piece.map { units?.applied(to: $0.points) ?? $0.points }
        } catch { throw Failure.file(error, from, isInput: true) }
      }
    }
    let distribution = try distribution(stored)
    var random = Random(seed: seed).stream("samples")
    var left = count ?? 1000
    return { most in
      guard left > 0 else { return nil }
      let draws = min(most, left)
      left -= draws
      return distribution.sample(count: draws, using: &random)
    }
  }

  private func distribution(_ stored: StoredRun) throws -> any Distribution {
    guard reverse else { return try model.source(of: stored) }
    let observation = try guidance.observation(
      among: model.experiment(of: stored).traits.observed, of: Output.visible(model.checkpoint))
    do throws(FileFailure) {
      if let dataset = try stored.dataset() {
        if let observation {
          guard let posterior = dataset.given(observation) else {
            throw .malformed(
              "the posterior is not known, of which --reverse draws: give --from FILE")
          }
          return posterior.distribution
        }
        let label = guidance.label.flatMap {
          Experiment.label(named: $0, among: dataset.classNames)
        }
        return label.map(dataset.part)?.distribution ?? dataset.distribution
      }
    } catch { throw Failure.file(error, model.checkpoint, isInput: true) }
    throw Failure.usage("--reverse needs points to start from: give --from FILE")
  }
}
