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
    let found: (report: Report, tensors: [SafetensorsHeader.Entry]?)
    do throws(FileFailure) { found = try inspect() } catch {
      throw Failure.file(error, file, isInput: true)
    }
    guard let tensors = found.tensors else {
      return try options.json ? Output.json(found.report) : Output.data(found.report.text)
    }
    // A header may name a million: a piece of them at a time is made text.
    let pieces = stride(from: 0, to: tensors.count, by: 1000).lazy.map {
      tensors[$0..<min($0 + 1000, tensors.count)].map(Report.Tensor.init)
    }
    guard options.json else {
      try Output.data(found.report.text)
      let width = min(60, tensors.lazy.map(\.name.count).max() ?? 0)
      for piece in pieces { try Output.data(piece.map { $0.line(width: width) }.joined()) }
      return
    }
    // Of the keys in their order the tensors are last.
    let report = try Output.jsonText(found.report).text
    try Output.data(TerminalText.json(report.dropLast() + ",\"tensors\":["))
    var separator = ""
    for piece in pieces {
      let text = try Output.jsonText(piece).text
      try Output.data(TerminalText.json(separator + text.dropFirst().dropLast()))
      separator = ","
    }
    try Output.data("]}\n")
  }

  private func inspect() throws(FileFailure) -> (Report, [SafetensorsHeader.Entry]?) {
    let source = PeekedSource(try Input.source(file))
    let first = try source.peek(FileKind.byteCount)
    let kind = FileKind(first)
    if case .npy = kind {
      let header = try NpyHeader(reading: source)
      var report = Report(format: "npy")
      report.shape = header.shape
      report.type = header.descr
      report.fortranOrder = header.isFortranOrder
      return (report, nil)
    }
    let isText = [".csv", ".tsv", ".txt", ".dat"].contains(where: file.lowercased().hasSuffix)
    if kind == nil && (isText || file == "-" && !Inspect.beginsSafetensors(first)) {
      let points = try CsvColumns(reading: source)
      var report = Report(format: "csv")
      report.shape = [points.rows, points.columns]
      report.names = points.names
      report.fields =
        points.separator.words + (points.hasRowNames ? ", rows begin with their names" : "")
      return (report, nil)
    }
    if let advice = kind?.adviceForNetworks { throw .malformed(advice) }
    var experiment: Experiment?
    let header = try SafetensorsHeader(reading: source) { metadata throws(FileFailure) in
      experiment = try WeightCodecs.experiment(of: metadata)
    }
    var report = Report(format: "safetensors")
    report.metadata = header.metadata
    report.parameters = header.entries.lazy.filter { !$0.name.hasPrefix("trainer.") }
      .filter { $0.name.hasSuffix(".weight") || $0.name.hasSuffix(".bias") }
      .reduce(0) { $0 + $1.shape.reduce(1, *) }
    report.experiment = experiment
    return (report, header.entries)
  }

  /// Whether the first bytes are a length below 2³² and white space or a brace, which no text begins
  /// with.
  private static func beginsSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[4..<8].allSatisfy { $0 == 0 }
      && [0x7b, 0x20, 0x09, 0x0a, 0x0d].contains(bytes[8])
  }

  /// What was found beside tensors; only what the format has.
  struct Report: Encodable {
    struct Tensor: Encodable {
      let name: String
      let type: String
      let shape: [Int]
      let bytes: Int

      init(_ entry: SafetensorsHeader.Entry) {
        name = entry.name
        type = entry.type.rawValue
        shape = entry.shape
        bytes = entry.range.count
      }

      /// A line for people, the names in columns so wide.
      func line(width: Int) -> String {
        let name = FileFailure.printable(name)
        return name + String(repeating: " ", count: max(width - name.count, 0) + 2) + type
          + String(repeating: " ", count: max(6 - type.count, 0)) + NpyHeader.text(shape) + "\n"
      }
    }

    let format: String
    var shape: [Int]?
    var type: String?
    var fortranOrder: Bool?
    var names: [String]?
    var fields: String?
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
      return lines.joined(separator: "\n") + "\n"
    }
  }
}
