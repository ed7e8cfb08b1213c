import ArgumentParser
import FileFormats
import FlowMatching
import Foundation

/// What a file holds.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a file holds: tensors and metadata, the shape of npy and CSV.",
    discussion: """
      Reads the header alone of safetensors and npy files, so that their size does not matter.

        flowscope inspect moons.safetensors
        flowscope inspect points.npy --json
      """)

  @Argument(
    help: ArgumentHelp(
      "A safetensors, npy or CSV file; - reads standard input.", valueName: "file"),
    completion: .file())
  var file: String

  @OptionGroup var options: ReportOptions

  func run() throws {
    let report: Report
    do throws(FileFailure) { report = try inspect() } catch {
      throw Failure.file(error, file, isInput: true)
    }
    try options.json ? Output.json(report) : Output.data(report.text)
  }

  private func inspect() throws(FileFailure) -> Report {
    let source = PeekedSource(try Input.source(file))
    let first = try source.peek(FileKind.byteCount)
    let kind = FileKind(first)
    if case .npy = kind {
      let header = try NpyHeader(reading: source)
      var report = Report(format: "npy")
      report.shape = header.shape
      report.type = header.descr
      report.fortranOrder = header.isFortranOrder
      return report
    }
    let isText = [".csv", ".tsv", ".txt", ".dat"].contains(where: file.lowercased().hasSuffix)
    if kind == nil && (isText || file == "-" && !Inspect.beginsSafetensors(first)) {
      let points = try CsvColumns(reading: source)
      var report = Report(format: "csv")
      report.shape = [points.rows, points.columns]
      report.names = points.names
      report.fields = points.separator.words
      return report
    }
    if let advice = kind?.adviceForNetworks { throw .malformed(advice) }
    let header = try SafetensorsHeader(reading: source)
    var report = Report(format: "safetensors")
    report.tensors = header.entries.map {
      Report.Tensor(
        name: $0.name, type: $0.type.rawValue, shape: $0.shape, bytes: $0.range.count)
    }
    report.metadata = header.metadata
    report.parameters = header.entries.filter { !$0.name.hasPrefix("trainer.") }
      .filter { $0.name.hasSuffix(".weight") || $0.name.hasSuffix(".bias") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
    if let text = header.metadata["experiment"] {
      report.experiment = try ExperimentJSON.decode(Array(text.utf8))
    }
    return report
  }

  /// Whether the first bytes are a length below 2³² and white space or a brace, which no text begins
  /// with.
  private static func beginsSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[4..<8].allSatisfy { $0 == 0 }
      && [0x7b, 0x20, 0x09, 0x0a, 0x0d].contains(bytes[8])
  }

  /// What was found; only what the format has.
  struct Report: Encodable {
    struct Tensor: Encodable {
      let name: String
      let type: String
      let shape: [Int]
      let bytes: Int
    }

    let format: String
    var shape: [Int]?
    var type: String?
    var fortranOrder: Bool?
    var names: [String]?
    var fields: String?
    var tensors: [Tensor]?
    var parameters: Int?
    var metadata: [String: String]?
    var experiment: Experiment?

    init(format: String) { self.format = format }

    /// The same for people, names with their controls escaped.
    var text: String {
      var lines = ["format      \(format)"]
      if let shape { lines.append("shape       \(NpyHeader.text(shape))") }
      if let type { lines.append("type        \(FileFailure.printable(type))") }
      if let fortranOrder { lines.append("order       \(fortranOrder ? "Fortran" : "C")") }
      if let fields { lines.append("fields      \(fields)") }
      if let names {
        lines.append("columns     \(names.map(FileFailure.printable).joined(separator: ", "))")
      }
      if let parameters { lines.append("parameters  \(parameters)") }
      for (key, value) in (metadata ?? [:]).sorted(by: { $0.key < $1.key }) {
        let name = FileFailure.printable(key)
        lines.append(
          name.padding(toLength: max(12, name.count + 2), withPad: " ", startingAt: 0)
            + FileFailure.printable(value))
      }
      let width = (tensors ?? []).map(\.name.count).max() ?? 0
      for tensor in tensors ?? [] {
        let name = FileFailure.printable(tensor.name)
        lines.append(
          name.padding(toLength: max(min(width, 60), name.count) + 2, withPad: " ", startingAt: 0)
            + tensor.type.padding(toLength: 6, withPad: " ", startingAt: 0)
            + NpyHeader.text(tensor.shape))
      }
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
