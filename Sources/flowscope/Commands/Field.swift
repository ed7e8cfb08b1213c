import ArgumentParser
import FileFormats
import FlowMatching

/// A field at given points.
struct Field: TakesSettings {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a checkpoint's field, or the exact one, at given points.",
    discussion: """
      Without a checkpoint, and with --exact, it is the exact marginal field of the experiment, in \
      double precision. Everything is in the units of the file of points: a velocity is the rate of its \
      numbers, a score the slope of log p by them; divergence and log p on a curved space are those of \
      the space. The target and the source are E[X₁ | x] and E[X₀ | x]; on a curved space the ends of \
      the geodesic that the velocity begins.

        flowscope field moons.safetensors --at points.csv --t 0.5
        flowscope field --dataset moons --at points.npy --t 0.5 --quantity score --out score.npy
        flowscope field --dataset torus-checkerboard --at angles.csv --t 0.7 --json
        flowscope field land.safetensors --exact --at places.csv --t 0.9
        flowscope field --dataset two-classes --at points.csv --t 0.5 --label right --guidance 2
        flowscope field --data mine.csv --space sphere --at places.csv --t 0.5
      """)

  @Argument(
    help: ArgumentHelp("A checkpoint, or a PyTorch network.", valueName: "checkpoint"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("The points: an npy or CSV file; - reads CSV.", valueName: "file"),
    completion: .file())
  var at: String

  @Option(help: ArgumentHelp("Two columns of a CSV file of --at.", valueName: "A,B"))
  var atColumns: String?

  @Option(name: .customLong("t"), help: ArgumentHelp("The time, 0 to 1.", valueName: "number"))
  var time: Double

  @Option(
    help: ArgumentHelp(
      "What is asked: \(FieldQuantity.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var quantity = FieldQuantity.velocity

  @Flag(help: "The exact field of the experiment, not the one that a checkpoint has learned.")
  var exact = false

  @OptionGroup var presetOption: PresetOption
  @OptionGroup var options: ExperimentOptions
  @OptionGroup var target: TargetOptions
  @OptionGroup var readingOptions: ReadingOptions
  @OptionGroup var guidance: GuidanceOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("Where the numbers go: .npy, .csv, or - for CSV.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var overwrite: OverwriteOptions
  @OptionGroup var report: ReportOptions

  mutating func take(_ settings: Settings) throws {
    // A checkpoint of ours says everything.
    if checkpoint == nil { try presetOption.fill(&options, from: settings, beside: target) }
  }

  func run() throws {
    guard (0...1).contains(time) else {
      throw Failure.usage("--t must be 0 to 1, not \(time)", option: "--t")
    }
    if at == "-" && (target.data == "-" || options.sourceFile == "-") {
      throw Failure.usage("--at and another file cannot both read standard input", option: "--at")
    }
    if report.json && out == "-" {
      throw Failure.usage("--json prints the numbers itself: leave out --out -", option: "--out")
    }
    let out = try out.map { try overwrite.place($0) }
    let asked = try Asked(self)
    if asked.field.isQuadrature {
      report.message(
        "flowscope: the exact field to \(asked.dataset) is a quadrature over its density: near t = 1 "
          + "it is no more exact than its nodes are close")
    }
    var reader = try ColumnOptions.points(
      of: at, columns: atColumns, option: "--at-columns", in: asked.place,
      limit: asked.standard == nil ? .single : .double, quiet: report.quiet)
    let units = FieldUnits(
      notation: reader.notation, standard: asked.standard,
      names: asked.units.columns(reader.notation, dimension: reader.dimension))
    let columns = units.columns(quantity)
    let writer =
      report.json && out == nil ? nil : try PointWriter(out ?? "-", columns: columns)
    var rows: [[Double?]] = []
    while let piece = try next(&reader) {
      let points = units.standard?.applied(to: piece.points) ?? piece.points
      let found = units.restored(try asked.field.values(of: quantity, at: points, time), at: points)
      try writer?.append(found.interleaved)
      if report.json {
        rows += (0..<found.count).map { j in found.point(j).map { $0.isFinite ? $0 : nil } }
      }
    }
    try writer?.finish()
    guard report.json else { return }
    try Output.json(
      Result(
        quantity: quantity.rawValue, t: time, exact: asked.isExact,
        quadrature: asked.field.isQuadrature, dataset: asked.dataset,
        space: asked.place.space?.name ?? Experiment.plane, columns: columns, values: rows))
  }

  private func next(_ reader: inout FilePoints) throws -> FilePoints.Piece? {
    do throws(FileFailure) { return try reader.next(1 << 12) } catch {
      throw Failure.file(error, at, isInput: true)
    }
  }

  /// What was found; a number that is none is null.
  struct Result: Encodable {
    let quantity: String
    let t: Double
    let exact: Bool
    /// Whether the exact field is a quadrature over a density.
    let quadrature: Bool
    let dataset: String
    let space: String
    let columns: [String]
    /// A row for each point.
    let values: [[Double?]]
  }
}

extension FieldQuantity: ExpressibleByArgument {}

/// What the options of `field` ask, and in which units.
private struct Asked {
  let field: AskedField
  /// How the points of the field were standardised.
  let standard: Standardisation?
  let place: PointPlace
  /// What the coordinates of its points are called.
  let units: Units
  let dataset: String
  let isExact: Bool

  init(_ command: Field) throws {
    self = try command.checkpoint.map { try Asked(command, $0) } ?? Asked(exact: command)
  }

  /// That of the options alone.
  private init(exact command: Field) throws {
    try command.readingOptions.refuse("of a checkpoint")
    var experiment = try command.presetOption.experiment(command.options, beside: command.target)
    let dataset = try command.target.dataset(
      of: experiment, source: command.options.sourceFile, labels: command.options.labels,
      quiet: command.report.quiet)
    try command.options.note(dataset, ofFile: command.target.data != nil, in: &experiment)
    try ExperimentOptions.validate(experiment, to: dataset)
    field = try Asked.exact(command, experiment, dataset)
    standard = dataset.units
    place = try Asked.place(command, experiment, dataset.notation)
    units = Units(of: dataset)
    self.dataset = dataset.name
    isExact = true
  }

  /// That of a checkpoint.
  private init(_ command: Field, _ checkpoint: String) throws {
    let given = try command.options.experiment()
    var reading = try command.readingOptions.reading()
    for name in ["activation", "prediction", "scheduler"]
    where command.options.given[name] != nil {
      if name == "activation" { reading.activation = given.activation }
      if name == "prediction" { reading.prediction = given.prediction }
      if name == "scheduler" { reading.scheduler = given.scheduler }
    }
    let stored: StoredRun
    let own: Dataset?
    do throws(FileFailure) {
      stored = try StoredRun(reading: checkpoint, as: reading)
      own = try stored.dataset()
    } catch { throw Failure.file(error, checkpoint, isInput: true) }
    if !command.report.quiet { stored.announce(checkpoint) }
    if stored.experiment != nil {
      let names = command.options.given.names
      let other = names.first ?? command.target.given.first
      if let other = command.presetOption.preset == nil ? other : "preset" {
        throw Failure.usage(
          "\(Output.visible(checkpoint)) says how it was trained: leave out --\(other)",
          option: "--\(other)")
      }
    }
    var experiment = stored.experiment(beside: given)
    let named =
      stored.experiment == nil
        && (command.target.data != nil || command.options.given["dataset"] != nil)
      ? try command.target.dataset(of: given, source: nil, quiet: command.report.quiet) : nil
    let dataset = own ?? named
    if let dataset { experiment.dataset = dataset.name }
    if command.exact {
      guard let dataset else {
        throw Failure.usage(
          "the file does not say what it was trained on: add --dataset NAME or --data FILE")
      }
      field = try Asked.exact(command, experiment, dataset)
    } else {
      field = .learned(
        try command.guidance.flow(of: stored, in: experiment, Output.visible(checkpoint)),
        experiment, dataset)
    }
    place = try Asked.place(command, experiment, stored.units.notation)
    units = stored.units
    standard = stored.units.data
    self.dataset = dataset?.name ?? ""
    isExact = command.exact
  }

  /// The exact field of what is asked: of a class of the data set, and guided.
  private static func exact(
    _ command: Field, _ experiment: Experiment, _ dataset: Dataset
  ) throws -> AskedField {
    if command.guidance.guide != nil {
      throw Failure.usage(
        "--guide is of a checkpoint: the exact field is guided by that of all data",
        option: "--guide")
    }
    let asked = try command.guidance.guidance(
      among: dataset.classNames, of: Output.visible(dataset.name))
    return try AskedField(exactOf: experiment, to: dataset, asked)
  }

  private static func place(
    _ command: Field, _ experiment: Experiment, _ known: PointNotation?
  ) throws -> PointPlace {
    var place = try command.target.notationOptions.place(
      in: experiment.curvedSpace, otherwise: known)
    place.dimension = experiment.dimension
    return place
  }
}
