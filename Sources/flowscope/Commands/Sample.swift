import ArgumentParser
import FileFormats
import FlowMatching

/// Draws from a trained network, or pushes given points through it.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw samples from a checkpoint, or push points through its flow.",
    discussion: """
      Points go from noise (t = 0) to data (t = 1), with --reverse from data to noise. The ending \
      of --out chooses npy or CSV; - prints CSV.

        flowscope sample moons.safetensors --count 10000 --out samples.npy
        flowscope sample net.safetensors --activation selu --solver dopri5 --tolerance 1e-6
        flowscope sample moons.safetensors --from points.csv --reverse --out noise.csv
      """)

  /// As many points are solved together; with an adaptive solver they share their steps.
  static let chunk = 1 << 16

  @OptionGroup var model: ModelOptions

  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: "How many samples to draw, 1 to 1000000000 (default: 1000).",
    transform: WholeNumber.parse)
  var count: Int?

  @Option(help: ArgumentHelp("Push the points of this npy or CSV file.", valueName: "file"))
  var from: String?

  @OptionGroup var columns: ColumnOptions

  @Flag(help: "From data to noise.")
  var reverse = false

  @OptionGroup var solver: SolverOptions

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of the noise (default: the checkpoint's).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the points go: .npy, .csv, or - for CSV.", valueName: "file"))
  var out = "-"

  @OptionGroup var overwrite: OverwriteOptions

  @OptionGroup var report: ReportOptions

  func run() throws {
    if let count, !(1...1_000_000_000).contains(count) {
      throw Failure.usage("--count must be 1 to 1000000000")
    }
    if from != nil && count != nil {
      throw Failure.usage("--count draws, --from pushes the points of a file: give one of them")
    }
    if report.json && out == "-" { throw Failure.usage("--json needs --out FILE for the points") }
    let out = try overwrite.place(out)
    let (tableau, control) = try solver.method()
    let stored = try model.open(quiet: report.quiet)
    let seed = seed ?? stored.experiment?.seed ?? 0
    let points = try source(stored, seed: seed)
    let writer = try PointWriter(out, columns: ["x", "y"])
    let carry = try carrier(stored, tableau, control)
    var (total, lost, most) = (0, 0, 0)
    while let chunk = try points(Sample.chunk) {
      let end = try carry(chunk)
      let units = reverse ? stored.units.source : stored.units.data
      total += chunk.count
      lost += end.lost
      most = max(most, end.evaluations)
      try writer.append((units?.restored(end.points) ?? end.points).interleaved)
    }
    try writer.finish()
    if lost > 0 { report.message("flowscope: \(lost) points left the numbers on the way") }
    let result = Result(
      count: total, lost: lost, nfe: most, out: out, seed: seed,
      solver: stored.isCouplings ? CouplingCheckpoint.model : tableau.name)
    if report.json { return try Output.json(result) }
    if !report.quiet && out != "-" {
      Output.message("\(total) points to \(Output.visible(out)), NFE \(most), seed \(seed)")
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
  }

  /// What carries a chunk of points from one end of the flow to the other.
  private func carrier(
    _ stored: StoredModel, _ tableau: ButcherTableau, _ control: StepControl
  ) throws -> (Batch) throws -> (points: Batch, lost: Int, evaluations: Int) {
    switch stored {
    case .couplings(let checkpoint):
      var flow = RealNVP(checkpoint.weights)
      return { chunk in
        var (points, ignored) = (chunk, [Double](repeating: 0, count: chunk.count))
        if reverse {
          flow.pull(&points, logDeterminant: &ignored)
        } else {
          flow.push(&points, logDeterminant: &ignored)
        }
        return (points, 0, flow.couplings)
      }
    case .velocity(let checkpoint):
      var field: any VelocityField = try model.field(of: checkpoint)
      return { chunk in
        var integrator = Integrator(
          tableau, control: control, from: chunk, start: reverse ? 1 : 0, end: reverse ? 0 : 1)
        integrator.finish(&field)
        if case .failed(let failure) = integrator.status {
          throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
        }
        return (integrator.knot.x, integrator.lostCount, integrator.evaluations)
      }
    }
  }

  /// Where points come from, a chunk at a time: nil when there are no more.
  private func source(
    _ stored: StoredModel, seed: UInt64
  ) throws -> (Int) throws -> Batch? {
    if let from {
      let units = reverse ? stored.units.data : stored.units.source
      var reader = try columns.reader(
        of: from, limit: units == nil ? .single : .double, quiet: report.quiet)
      return { most in
        do throws(FileFailure) {
          let values = try reader.next(most)
          if values.isEmpty { return nil }
          let points = Batch(interleaved: values)
          return units?.applied(to: points) ?? points
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

  private func distribution(_ stored: StoredModel) throws -> any Distribution {
    guard reverse else {
      guard case .velocity(let checkpoint) = stored else { return StandardNormal(dimension: 2) }
      return try model.source(of: checkpoint)
    }
    do throws(FileFailure) {
      if let dataset = try stored.dataset() { return dataset.distribution }
    } catch { throw Failure.file(error, model.checkpoint, isInput: true) }
    throw Failure.usage("--reverse needs points to start from: give --from FILE")
  }
}
