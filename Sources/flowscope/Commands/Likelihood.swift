import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// log p of given points under a trained network.
struct Likelihood: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Compute log p of points under a checkpoint.",
    discussion: """
      Integrates points and log p together from the data back to the noise. By default every point \
      has steps of its own, until the estimated error of its log p is below 0.001 nats; where that \
      cannot be had (SELU and ReLU have kinks, where the divergence jumps) a line says for how many \
      points. A solver that is named is taken as it is, whatever its error.

        flowscope likelihood moons.safetensors --data points.npy
        flowscope likelihood moons.safetensors --data points.csv --out logp.csv --json
        flowscope likelihood classes.safetensors --data points.csv --label right --guidance 2
      """)

  /// How the divergence is obtained.
  enum Divergence: String, ExpressibleByArgument, CaseIterable {
    case exact, hutchinson

    /// With probes of the least variance.
    var method: DivergenceMethod { self == .exact ? .exact : .rademacher }
  }

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The points: an npy or CSV file.", valueName: "file"), completion: .file())
  var data: String

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var notationOptions: NotationOptions

  @Option(
    help: "The divergence: exact, or hutchinson's estimate (default: exact up to 16 coordinates).")
  var divergence: Divergence?

  @OptionGroup var solver: SolverOptions

  @OptionGroup var guidance: GuidanceOptions

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "The seed of the estimate's probes (default: the checkpoint's).",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64?

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Where log p goes: .npy, .csv with x and y, or - for CSV.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var overwrite: OverwriteOptions

  @Flag(
    help:
      "Integrate p over a grid of 200×200 around the points, or over the whole of a curved space: 1 for a flow that is solved well."
  )
  var integral = false

  @OptionGroup var report: ReportOptions

  mutating func take(_ settings: Settings) throws { try solver.fill(from: settings) }

  func run() throws {
    if report.json && out == "-" { throw Failure.usage("--json needs --out FILE for log p") }
    let out = try out.map { try overwrite.place($0) }
    let method = try method()
    let stored = try model.open(quiet: report.quiet)
    if stored.weights.shape.letters != nil {
      throw Failure.usage("words have no density: evaluate tells how many are those of the data")
    }
    let flow = try guidance.flow(of: stored, model)
    if integral && flow.traits.hasExactDensity {
      let title = try model.experiment(of: stored).kind.shortTitle
      throw Failure.usage("--integral is of a velocity field; a \(title)'s density is exact")
    }
    if integral && stored.experiment?.curvedSpace == nil && stored.dimension != 2 {
      throw Failure.usage(
        "--integral is a grid of the plane; points of \(stored.dimension) coordinates have none",
        option: "--integral")
    }
    let source = try model.knownSource(of: stored)
    let units = stored.units.data
    let read = ReadShare()
    var reader = try columns.points(
      of: data, in: notationOptions.place(of: stored), limit: units == nil ? .single : .double,
      quiet: report.quiet, opening: read.open)
    let isArray = out?.hasSuffix(".npy") == true
    let names = isArray ? [] : stored.units.columns(reader.notation, dimension: reader.dimension)
    let writer = try out.map { try PointWriter($0, columns: names + ["log_p"]) }
    var random = Random(seed: seed ?? stored.experiment?.seed ?? 0).stream("likelihood")
    var tally = Tally(method, units)
    var progress = WorkProgress(
      "likelihood", isShown: !report.quiet && !(out == "-" && ProgressLine.sharesTerminal))
    defer { progress.finish() }
    var before = 0.0
    while let piece = try next(&reader) {
      let points = units?.applied(to: piece.points) ?? piece.points
      let known = try density(flow, points, from: source, method, seed: random.next()) { share in
        progress.update(
          read.share.map { before + ($0 - before) * share }, "\(tally.total) points done")
      }
      before = read.share ?? 0
      let values = tally.note(known, points)
      try writer?.append(
        isArray ? values : values.indices.flatMap { piece.numbers.point($0) + [values[$0]] })
    }
    try writer?.finish()
    progress.finish()
    tally.tell(report, stored.weights.shape.activation)
    let space = stored.experiment?.curvedSpace
    let mass =
      integral
      ? tally.mass(of: flow, from: source, on: space, method) { progress.update($0, "integral") }
      : nil
    progress.finish()
    let result = Result(tally, space: stored.experiment?.space, integral: mass)
    if report.json { return try Output.json(result) }
    if out != "-" { try Output.data(result.text) }
  }

  /// What is known of all points so far.
  fileprivate struct Tally {
    private(set) var total = 0
    private(set) var lost = 0
    private(set) var accuracy: Accuracy
    private var bounds = PointBounds()
    private var sum = 0.0
    /// dz = dx/deviation: the density of x is that of z times the determinant.
    private let change: Double

    init(_ method: LikelihoodMethod, _ units: Standardisation?) {
      accuracy = Accuracy(method)
      change = units?.deviations.reduce(0) { $0 + log($1) } ?? 0
    }

    /// Takes in the points of a chunk, in the model's units; returns log p in the file's.
    mutating func note(_ known: LikelihoodValues, _ points: Batch) -> [Double] {
      accuracy.note(known)
      let values = known.values.map { $0 - change }
      total += values.count
      bounds.note(points)
      for value in values {
        if value.isFinite { sum += value } else { lost += 1 }
      }
      return values
    }

    /// The mean over the points that were not lost; nil where those say nothing of the others.
    var mean: Double? {
      let isKnown = total > lost && Double(lost) <= Evaluation.lostLimit * Double(total)
      return isKnown ? sum / Double(total - lost) : nil
    }

    /// ∫p over a curved space, or around the points.
    func mass(
      of flow: LearnedField, from source: any DensityDistribution, on space: (any Space)?,
      _ method: LikelihoodMethod, _ progress: (Double) -> Void
    ) -> Double? {
      guard let space else { return bounds.integral(of: flow, from: source, method, progress) }
      return SpaceMass(space).integral(of: flow, from: source, method, progress)
    }

    /// What went wrong, if anything did.
    func tell(_ report: ReportOptions, _ activation: Activation) {
      if lost > 0 { report.message("flowscope: \(lost) points left the numbers on the way") }
      if let text = accuracy.complaint(activation) { report.message(text) }
      if mean == nil, lost > 0 {
        report.message(
          "flowscope: the mean is unknown where more than \(Evaluation.lostPercent) of the points are lost"
        )
      }
    }
  }

  /// How log p is solved for: as the options say, or to a bound.
  private func method() throws -> LikelihoodMethod {
    if solver.isMap || solver.grid.map({ $0 != .uniform }) == true {
      let option = solver.isMap ? "--solver" : "--time-grid"
      throw Failure.usage(
        "log p is solved for backwards in steps of its own: leave out \(option)", option: option)
    }
    guard solver.isGiven else { return .usual }
    let (tableau, control) = try solver.method(fallback: .rk4, steps: 50)
    return .solved(tableau, control)
  }

  /// log p₁ of a chunk of points, with a seed for its probes.
  private func density(
    _ flow: LearnedField, _ points: Batch, from source: any DensityDistribution,
    _ method: LikelihoodMethod, seed: UInt64, _ progress: (Double) -> Void
  ) throws -> LikelihoodValues {
    let divergence = divergence?.method ?? .usual(dimension: points.dimension)
    var random = Random(seed: seed).stream("probes")
    let probes = divergence.probes(dimension: points.dimension, count: points.count, using: &random)
    let known = flow.logDensity(
      of: points, from: source, method, probes: probes, progress: progress)
    guard let failure = known.failure else { return known }
    throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
  }

  private func next(_ reader: inout FilePoints) throws -> FilePoints.Piece? {
    do throws(FileFailure) { return try reader.next(Sample.chunk) } catch {
      throw Failure.file(error, data, isInput: true)
    }
  }

  /// The mean over the points that were not lost; null where it is not known.
  struct Result: Encodable {
    let meanLogP: Double?
    let nll: Double?
    let points: Int
    /// The points that left the numbers on the way.
    let lost: Int
    let accuracy: Accuracy
    /// "file": densities are per area in the file's units, whatever the model was trained in; or the
    /// curved space against whose area they are.
    let units: String
    let integral: Double?

    fileprivate init(_ tally: Tally, space: String?, integral: Double?) {
      units = space ?? "file"
      meanLogP = tally.mean
      nll = tally.mean.map { -$0 }
      (points, lost, accuracy) = (tally.total, tally.lost, tally.accuracy)
      self.integral = integral
    }

    /// The same for people.
    var text: String {
      let missing =
        lost > 0 ? ", \(lost) of them lost" + (meanLogP == nil ? "" : ", not in the mean") : ""
      let mean = meanLogP.map { "\($0)" } ?? "unknown"
      let measure = units == "file" ? "in the file's units" : "by area of the \(units)"
      return "points      \(points)\(missing)\nmean log p  \(mean) nats, \(measure)\n"
        + accuracy.text + (integral.map { "integral    \($0)\n" } ?? "")
    }

    enum CodingKeys: CodingKey {
      case meanLogP, nll, points, lost, logPError, logPErrorBound, logPAboveBound, integral, units
    }

    // By hand: an unknown number is null, not a key that is missing.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(meanLogP, forKey: .meanLogP)
      try container.encode(nll, forKey: .nll)
      try container.encode(points, forKey: .points)
      try container.encode(lost, forKey: .lost)
      try container.encode(units, forKey: .units)
      try container.encode(accuracy.worst, forKey: .logPError)
      try container.encode(accuracy.bound, forKey: .logPErrorBound)
      try container.encode(accuracy.bound == nil ? nil : accuracy.above, forKey: .logPAboveBound)
      try container.encode(integral, forKey: .integral)
    }
  }
}
