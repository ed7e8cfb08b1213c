import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// The identities of the theory, tried in numbers.
struct Theory: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the identities of flow matching in numbers.",
    discussion: """
      Each identity is tried on the exact field of a data set; the residual is how far its two sides \
      are apart. A negative control is a false statement and passes when its residual exceeds its \
      bound. What is a mean of random draws is bounded in standard errors so that fewer than one run \
      in 10 000 fails by chance. The exit code is 1 if a check fails.

        flowscope theory
        flowscope theory --dataset moons --scheduler cosine --seed 7
        flowscope theory --checkpoint run.safetensors
        flowscope theory --data points.csv
        flowscope theory --json

      With a checkpoint, those are tried that hold for every flow: its density has mass 1, its \
      divergence is the growth of volumes, and so on.
      """)

  @Option(
    help: ArgumentHelp(
      "The data set; its exact field must be known (default: the checkpoint's, or "
        + "\(DatasetCatalog.eightGaussians.name)).", valueName: "name"), completion: .datasets)
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "The schedule: \(Scheduler.all.map(\.name).joined(separator: ", ")) (default: the "
        + "checkpoint's, or \(Scheduler.conditionalOT.name)).", valueName: "name"),
    completion: .schedulers)
  var scheduler: String?

  @Option(
    help: ArgumentHelp("Try it on the points of this npy or CSV file.", valueName: "file"),
    completion: .file())
  var data: String?

  @OptionGroup var columns: ColumnOptions

  @Option(
    help: ArgumentHelp(
      "Where the points of --data lie: "
        + "\(([Experiment.plane] + Spaces.all.map(\.name)).joined(separator: ", ")).",
      valueName: "name"))
  var space: String?

  @OptionGroup var notationOptions: NotationOptions

  @Option(
    help: ArgumentHelp("Try the flow of this file on its own data.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Option(
    help: ArgumentHelp("A foreign network's activation.", valueName: "name"),
    completion: .activations)
  var activation: String?

  @Option(
    help: ArgumentHelp(
      "What a foreign network predicts: "
        + "\(Prediction.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"),
    completion: .predictions)
  var prediction: String?

  @OptionGroup var readingOptions: ReadingOptions

  @Option(
    name: [.customShort("s", allowingJoined: true), .long], help: "What all draws derive from.",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64 = 0

  @OptionGroup var report: ReportOptions

  func run() throws {
    try validateChoices()
    let learned = try checkpoint.map(learned)
    let data = try points() ?? learned?.2 ?? named()
    if data.space != nil { return try runCurved(data, learned) }
    if data.tokens != nil { return try runLetters(data) }
    if data.isOfParticles { return try runParticles(data) }
    let setting = try setting(data, learned)
    let checks = checks(self.data == nil).filter { $0.applies(to: setting) }
    let verdicts = checks.map { $0.verdict(in: setting) }
    if report.json {
      try Output.json(
        TheoryReport(
          dataset: setting.dataset.name, scheduler: setting.scheduler.name, seed: seed, checkpoint,
          verdicts))
    } else {
      try Output.data(table(subject(setting), checks.map(\.equation), verdicts))
    }
    try judge(verdicts, subject(setting))
  }

  /// Refuses options of which one would be passed over.
  private func validateChoices() throws {
    if data != nil, dataset != nil {
      throw Failure.usage(
        "--data FILE and --dataset NAME are two targets: give one of them", option: "--dataset")
    }
    if space != nil, data == nil { throw Failure.usage("--space is of the points of --data FILE") }
    if columns.columns != nil, data == nil { throw Failure.usage("--columns needs --data FILE") }
    for (option, given) in [("--activation", activation), ("--prediction", prediction)]
    where given != nil && checkpoint == nil {
      throw Failure.usage(
        "\(option) is of a foreign network: it needs --checkpoint FILE", option: option)
    }
    if checkpoint == nil { try readingOptions.refuse("of --checkpoint") }
  }

  /// Refuses another data set or schedule than the checkpoint's own.
  private func validate(_ own: Experiment) throws {
    for (option, given, held) in [
      ("--dataset", dataset, own.dataset), ("--scheduler", scheduler, own.scheduler.name),
      ("--prediction", prediction, own.prediction.rawValue),
    ] {
      if let given, given != held {
        throw Failure.usage(
          "\(Output.visible(checkpoint ?? "")) is tried on what it was trained with, "
            + "\(Output.visible(held)): leave out \(option)", option: option)
      }
    }
  }

  /// What the identities are tried on.
  private func subject(_ setting: TheorySetting) -> String {
    let field = checkpoint.map(Output.visible) ?? setting.scheduler.name
    return "\(setting.dataset.name), \(field)"
  }

  /// The flow of a checkpoint, and how it was trained.
  private func learned(_ path: String) throws -> (LearnedField, Experiment, Dataset?) {
    var reading = try readingOptions.reading()
    reading.activation = try ModelOptions.activation(activation)
    reading.prediction = try prediction.map {
      try Failure.choice("--prediction", "prediction", $0)
    }
    var given = Experiment()
    if let scheduler {
      given.scheduler = try Failure.named("--scheduler") { try Scheduler.named(scheduler) }
      reading.scheduler = given.scheduler
    }
    let named = try named()
    let stored: StoredRun
    let own: Dataset?
    do throws(FileFailure) {
      stored = try StoredRun(reading: path, as: reading)
      own = try stored.dataset()
    } catch { throw Failure.file(error, path, isInput: true) }
    if let trained = stored.experiment { try validate(trained) }
    let experiment = stored.experiment(beside: given)
    if !report.quiet {
      stored.announce(path)
      stored.warn(path, beside: given, on: named)
    }
    return (experiment.velocityField(of: stored.weights), experiment, own)
  }

  /// The data set of `--dataset`, or the usual one.
  private func named() throws -> Dataset {
    try Failure.named("--dataset") {
      try DatasetCatalog.named(dataset ?? DatasetCatalog.eightGaussians.name)
    }
  }

  /// The points of `--data` as a data set; nil where none was given.
  private func points() throws -> Dataset? {
    guard let data else { return nil }
    let place = try notationOptions.place(in: chosenSpace())
    var points = try columns.points(of: data, in: place, limit: .single, quiet: report.quiet)
    do throws(FileFailure) {
      return Dataset(
        name: Input.name(of: data), points: try points.all(), on: place.space, points.notation)
    } catch { throw Failure.file(error, data, isInput: true) }
  }

  /// The curved space of `--data`; nil for the plane.
  private func chosenSpace() throws -> (any Space)? {
    guard let space, space != Experiment.plane else { return nil }
    return try Failure.named("--space") { try Spaces.named(space) }
  }

  func judge(_ verdicts: [TheoryVerdict], _ subject: String) throws {
    let failed = verdicts.count { !$0.passes }
    guard failed > 0 else { return }
    throw Failure(
      code: .checkFailed,
      message: "\(failed) of \(verdicts.count) checks failed on \(subject)"
    ).exit()
  }

  private func setting(
    _ data: Dataset, _ learned: (LearnedField, Experiment, Dataset?)?
  ) throws -> TheorySetting {
    let schedule =
      try learned?.1.scheduler
      ?? Failure.named("--scheduler") {
        try Scheduler.named(scheduler ?? Scheduler.conditionalOT.name)
      }
    guard
      let setting = TheorySetting(
        dataset: data, scheduler: schedule, seed: seed, flow: learned?.0)
    else {
      let known = DatasetCatalog.all.filter { $0.hasExactField && $0.dimension == 2 }
      throw Failure.usage(
        "the exact field of \(data.name) is not known; use one of: "
          + known.map(\.name).joined(separator: ", "))
    }
    return setting
  }

  func table(
    _ subject: String, _ equations: [String], _ verdicts: [TheoryVerdict]
  ) -> TerminalText {
    let width = verdicts.map(\.name.count).max() ?? 0
    let rows = zip(equations, verdicts).map { equation, verdict in
      TerminalText(
        padded("\(verdict.number)", 3, right: true) + "  " + padded(verdict.name, width) + "  "
          + padded(scientific(verdict.residual), 8, right: true)
          + (verdict.control ? "  > " : "  ≤ ") + padded(scientific(verdict.bound), 7) + "  ")
        + (verdict.passes ? report.emphasised("pass", .good) : report.emphasised("FAIL", .bad))
        + "  \(equation)"
    }
    let passed = verdicts.count(where: \.passes)
    return
      report.emphasised("identities on \(subject), seed \(seed)", .heading)
      + "\n\n" + rows.lines
      + "\n\(passed) of \(verdicts.count) pass\n"
  }

  private func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
  }

  /// Two digits: "1.1e-08", "2.3".
  private func scientific(_ value: Double) -> String {
    value == 0 || (value >= 0.1 && value < 100)
      ? String(format: "%.2g", value) : String(format: "%.1e", value)
  }
}

/// What `theory --json` prints.
struct TheoryReport: Encodable {
  /// A verdict; a residual that is no finite number is null.
  struct Check: Encodable {
    let number: Int
    let name: String
    let residual: Double?
    let bound: Double
    let control, passes: Bool
  }

  let dataset, scheduler: String
  let seed: UInt64
  let checkpoint: String?
  let checks: [Check]

  init(
    dataset: String, scheduler: String, seed: UInt64, _ checkpoint: String?,
    _ verdicts: [TheoryVerdict]
  ) {
    self.checkpoint = checkpoint
    self.dataset = dataset
    self.scheduler = scheduler
    self.seed = seed
    checks = verdicts.map {
      Check(
        number: $0.number, name: $0.name, residual: $0.residual.isFinite ? $0.residual : nil,
        bound: $0.bound, control: $0.control, passes: $0.passes)
    }
  }
}
