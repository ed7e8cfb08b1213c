import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// What is wrong with a network.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out what is wrong with a network: how its file has to be read.",
    discussion: """
      The network is asked on the way from noise to its data and compared with the exact field, under every \
      slip that people make: time reversed, sign flipped, another prediction, units, schedule, order of inputs, and \
      sensible pairs of them. A residual of 1 is as good as no motion. The verdict names the slip, says by how \
      much the next one is worse, and which options read the file rightly, in every command. What the file does \
      not say, its activation, is found out too.

        flowscope doctor net.safetensors --dataset 8gaussians
        flowscope doctor net.safetensors --data points.csv --json
        flowscope doctor net.safetensors --data points.csv --follow

      The exit code is 0 for a sound network and 1 where a slip is named, where it is not trained, and where \
      nothing can be told.
      """)

  @OptionGroup var model: ModelOptions

  @Option(
    help: ArgumentHelp(
      "What it should have learned (default: the checkpoint's).", valueName: "name"),
    completion: .datasets)
  var dataset: String?

  @Option(
    help: ArgumentHelp(
      "The points of this npy or CSV file are what it should have learned.", valueName: "file"),
    completion: .file())
  var data: String?

  @OptionGroup var columns: ColumnOptions

  @Flag(help: "Look again whenever the file is rewritten, a line a version, until Ctrl-C.")
  var follow = false

  @Option(
    name: [.customShort("s", allowingJoined: true), .long], help: "What all draws derive from.",
    transform: WholeNumber.parseUnsigned)
  var seed: UInt64 = 0

  @OptionGroup var report: ReportOptions

  func run() throws {
    if data != nil, dataset != nil {
      throw Failure.usage(
        "--data FILE and --dataset NAME are two targets: give one of them", option: "--dataset")
    }
    if columns.columns != nil, data == nil { throw Failure.usage("--columns needs --data FILE") }
    if follow { return try DoctorWatch(self).run() }
    let examination = try examine()
    if report.json {
      try Output.json(DoctorReport(examination))
    } else {
      try DoctorPage(examination, report).show()
    }
    if examination.diagnosis.verdict != .sound { throw ExitCode(Failure.Code.checkFailed.rawValue) }
  }

  /// Everything that is found out about the file as it is now.
  func examine() throws -> DoctorExamination {
    let stored = try model.open(quiet: true, otherwise: .silu)
    return try DoctorExamination(
      stored, model, to: try target(of: stored), seed: seed, data: data,
      dataset: data == nil ? dataset : nil)
  }

  /// What the network should have learned.
  private func target(of stored: StoredRun) throws -> Dataset {
    if let data {
      var points = try columns.points(
        of: data, in: PointPlace(dimension: stored.dimension), limit: .double,
        quiet: report.quiet || report.json)
      do throws(FileFailure) {
        return Dataset(name: Input.name(of: data), points: try points.all())
      } catch { throw Failure.file(error, data, isInput: true) }
    }
    if let dataset {
      let named = try Failure.named("--dataset") { try DatasetCatalog.named(dataset) }
      if named.space == nil { try model.requireDimension(of: stored, named) }
      return named
    }
    do throws(FileFailure) {
      if let own = try stored.dataset() { return own }
    } catch { throw Failure.file(error, model.checkpoint, isInput: true) }
    throw Failure.usage(
      "the file does not say what it was trained on: add --dataset NAME or --data FILE")
  }
}

/// `doctor --follow`: a line for every version of a file, its table where somebody looks.
struct DoctorWatch {
  private let command: Doctor

  init(_ command: Doctor) throws {
    guard command.model.checkpoint != "-" else {
      throw Failure.usage("--follow needs a file that is rewritten, not standard input")
    }
    self.command = command
  }

  /// Looks at the file again and again; a version that cannot be read is told and passed over.
  func run() throws {
    let path = command.model.checkpoint
    var seen: POSIXFile.Version?
    var isSaid = false
    while true {
      if let version = POSIXFile.version(of: path), version != seen {
        seen = version
        do {
          let examination = try command.examine()
          if command.report.json {
            try Output.json(DoctorReport(examination))
          } else {
            try Output.data(DoctorReport(examination).line + "\n")
          }
        } catch let error as ExitCode where error.rawValue == Failure.Code.badData.rawValue {
          // It may be half written: its next version says.
        }
      } else if seen == nil, !isSaid {
        isSaid = true
        command.report.message("waiting for \(Output.visible(path))")
      }
      usleep(500_000)
    }
  }
}
