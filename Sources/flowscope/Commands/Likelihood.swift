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
      """)

  /// How the divergence is obtained.
  enum Divergence: String, ExpressibleByArgument, CaseIterable {
    case exact, hutchinson
  }

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp("The points: an npy or CSV file.", valueName: "file"), completion: .file())
  var data: String

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var notationOptions: NotationOptions

  @Option(help: "The divergence: exact, or hutchinson's estimate.")
  var divergence = Divergence.exact

  @OptionGroup var solver: SolverOptions

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
    if integral && stored.layers != nil {
      throw Failure.usage("--integral is of a velocity field; a RealNVP's density is exact")
    }
    let density = try density(stored, method)
    let units = stored.units.data
    let read = ReadShare()
    var reader = try columns.points(
      of: data, in: notationOptions.place(of: stored), limit: units == nil ? .single : .double,
      quiet: report.quiet, opening: read.open)
    let isArray = out?.hasSuffix(".npy") == true
    let names = isArray ? [] : reader.notation?.columns ?? ["x", "y"]
    let writer = try out.map { try PointWriter($0, columns: names + ["log_p"]) }
    var random = Random(seed: seed ?? stored.experiment?.seed ?? 0).stream("likelihood")
    var (sum, total, lost) = (0.0, 0, 0)
    var accuracy = Accuracy(method)
    var bounds = Bounds()
    // dz = dx/deviation: the density of x is that of z times the determinant.
    let change = units?.deviations.reduce(0) { $0 + log($1) } ?? 0
    var progress = WorkProgress(
      "likelihood", isShown: !report.quiet && !(out == "-" && ProgressLine.sharesTerminal))
    defer { progress.finish() }
    var before = 0.0
    while let piece = try next(&reader) {
      let points = units?.applied(to: piece.points) ?? piece.points
      let known = try density(points, random.next()) { share in
        progress.update(
          read.share.map { before + ($0 - before) * share }, "\(total) points done")
      }
      before = read.share ?? 0
      accuracy.note(known)
      let values = known.values.map { $0 - change }
      total += values.count
      bounds.note(points)
      for value in values {
        if value.isFinite { sum += value } else { lost += 1 }
      }
      try writer?.append(
        isArray ? values : values.indices.flatMap { piece.numbers.point($0) + [values[$0]] })
    }
    try writer?.finish()
    progress.finish()
    if lost > 0 { report.message("flowscope: \(lost) points left the numbers on the way") }
    if let text = accuracy.complaint(stored.weights.shape.activation) { report.message(text) }
    let isKnown = total > lost && Double(lost) <= Evaluation.lostLimit * Double(total)
    let mean = isKnown ? sum / Double(total - lost) : nil
    if !isKnown, lost > 0 {
      report.message(
        "flowscope: the mean is unknown where more than \(Evaluation.lostPercent) of the points are lost"
      )
    }
    let result = Result(
      meanLogP: mean, nll: mean.map { -$0 }, points: total, lost: lost,
      accuracy: accuracy, units: stored.experiment?.space ?? "file",
      integral: try integral ? mass(stored, bounds, method, &progress) : nil)
    progress.finish()
    if report.json { return try Output.json(result) }
    if out != "-" {
      let text = mean.map { "\($0)" } ?? "unknown"
      let measure = stored.experiment?.space.map { "by area of the \($0)" } ?? "in the file's units"
      let mass = result.integral.map { "integral    \($0)\n" } ?? ""
      let missing =
        lost > 0 ? ", \(lost) of them lost" + (mean == nil ? "" : ", not in the mean") : ""
      try Output.data(
        "points      \(total)\(missing)\nmean log p  \(text) nats, \(measure)\n"
          + accuracy.text + mass)
    }
  }

  /// How log p is solved for: as the options say, or to a bound.
  private func method() throws -> LikelihoodMethod {
    guard solver.isGiven else { return .usual }
    let (tableau, control) = try solver.method(fallback: .rk4, steps: 50)
    return .solved(tableau, control)
  }

  /// What computes log p₁ of a chunk of points, with a seed for its probes.
  private func density(
    _ stored: StoredRun, _ method: LikelihoodMethod
  ) throws -> (Batch, UInt64, (Double) -> Void) throws -> LikelihoodValues {
    if let layers = stored.layers {
      var flow = RealNVP(layers)
      return { chunk, _, _ in
        LikelihoodValues(values: flow.logDensity(chunk), errors: nil, evaluations: flow.layers)
      }
    }
    let field = try model.field(of: stored)
    let source = try model.knownSource(of: stored)
    let divergence = divergence == .exact ? DivergenceMethod.exact : .rademacher
    return { chunk, seed, progress in
      var random = Random(seed: seed).stream("probes")
      let known = method(
        field, of: chunk, source: source,
        probes: divergence.probes(
          dimension: chunk.dimension, count: chunk.count, using: &random),
        progress: progress)
      guard let failure = known.failure else { return known }
      throw Failure(code: .checkFailed, message: "the solve broke off: \(failure)").exit()
    }
  }

  private func mass(
    _ stored: StoredRun, _ bounds: Bounds, _ method: LikelihoodMethod,
    _ progress: inout WorkProgress
  ) throws -> Double? {
    if let space = stored.experiment?.curvedSpace {
      return SpaceMass(space).integral(
        of: try model.field(of: stored), from: try model.knownSource(of: stored), method
      ) { progress.update($0, "integral") }
    }
    return bounds.integral(
      of: try model.field(of: stored), from: try model.knownSource(of: stored), method
    ) { progress.update($0, "integral") }
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

/// ∫p over a curved space.
private struct SpaceMass {
  /// Nodes along a half circle: as many as tell edges of a degree or two.
  static let resolution = 120
  let space: any Space

  init(_ space: any Space) { self.space = space }

  /// The integral by a quadrature over the whole space; nil where a node was lost.
  func integral(
    of field: some DivergenceField, from source: any DensityDistribution,
    _ method: LikelihoodMethod, _ progress: (Double) -> Void
  ) -> Double? {
    var density =
      switch method {
      case .within:
        SpaceDensity(
          field, source: source, on: space, resolution: SpaceMass.resolution, tolerance: 1e-5)
      case .solved(let tableau, let control):
        SpaceDensity(
          field, source: source, on: space, resolution: SpaceMass.resolution, tableau,
          control: control)
      }
    while density.status == .running {
      _ = density.advance(budget: 1 << 16)
      progress(density.progress)
    }
    return density.integral.flatMap { $0.isFinite ? $0 : nil }
  }
}

/// The rectangle around points.
private struct Bounds {
  private var low = [Double](repeating: .infinity, count: 2)
  private var high = [Double](repeating: -.infinity, count: 2)

  mutating func note(_ points: Batch) {
    for i in 0..<2 {
      for j in 0..<points.count {
        low[i] = min(low[i], points[i, j])
        high[i] = max(high[i], points[i, j])
      }
    }
  }

  /// ∫p over the rectangle, wider by half its extent and by 1 at least on every side; nil where a
  /// cell was lost.
  func integral(
    of field: some DivergenceField, from source: any DensityDistribution,
    _ method: LikelihoodMethod, _ progress: (Double) -> Void
  ) -> Double? {
    guard low[0] <= high[0] else { return nil }
    let ranges = (0..<2).map { i in
      let margin = max(1, 0.5 * (high[i] - low[i]))
      return low[i] - margin...high[i] + margin
    }
    var grid =
      switch method {
      case .within:
        DensityGrid(
          field, source: source, x: ranges[0], y: ranges[1], columns: 200, rows: 200,
          tolerance: 1e-5)
      case .solved(let tableau, let control):
        DensityGrid(
          field, source: source, x: ranges[0], y: ranges[1], columns: 200, rows: 200, tableau,
          control: control)
      }
    while grid.status == .running {
      _ = grid.advance(budget: 1 << 16)
      progress(grid.progress)
    }
    return grid.integral.flatMap { $0.isFinite ? $0 : nil }
  }
}
