import ArgumentParser
import FileFormats
import FlowMatching
import Foundation
import TerminalCanvas

/// The checkpoints below a folder.
struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the checkpoints below a folder: data set, steps, loss, excess, W2, date.",
    discussion: """
      The newest first. The loss is the average of the run at that step; excess and W2 are measured \
      of the file's weights, as train does after its last step, which takes a moment for each: \
      --quick leaves them out. A run on standardised points has its numbers in their units. Files \
      that are no checkpoints are named after them; links to folders are not followed.

        flowscope runs experiments
        flowscope runs experiments --quick
        flowscope runs --json . | jq -r '.runs[].file'
      """)

  @Argument(
    help: ArgumentHelp("Where to look, in folders within too.", valueName: "folder"),
    completion: .directory)
  var folder = "."

  @Flag(help: "Read only what the files say: without excess and W2.")
  var quick = false

  @OptionGroup var options: ReportOptions

  func run() throws {
    guard POSIXFile.isDirectory(folder) else {
      let isThere = POSIXFile.version(of: folder) != nil
      throw Failure.file(
        .noInput(isThere ? "it is no folder" : "no such file or directory"), folder, isInput: true)
    }
    let found = Runs.checkpoints(below: folder, "").sorted {
      ($1.seconds, $0.file) < ($0.seconds, $1.file)
    }
    var report = Report(folder: folder, runs: [], others: [])
    for (index, entry) in found.enumerated() {
      options.progress("\(index + 1)/\(found.count)  \(entry.file)")
      let date = Date(timeIntervalSince1970: Double(entry.seconds))
      do throws(FileFailure) {
        let summary = try RunSummary(Runs.path(folder, entry.file), measuring: !quick)
        if summary.dataset != nil {
          report.runs.append(Report.Run(entry.file, summary, date))
        } else {
          report.others.append(
            Report.Other(
              file: entry.file, kind: "foreign", reason: "not of this program"))
        }
      } catch {
        report.others.append(
          Report.Other(file: entry.file, kind: "broken", reason: "\(error)"))
      }
    }
    options.progress("")
    try options.json ? Output.json(report) : Output.data(table(report))
  }

  /// The safetensors files below a folder with the time when each was written, by their paths in it.
  private static func checkpoints(
    below root: String, _ folder: String
  ) -> [(file: String, seconds: Int)] {
    POSIXFile.names(in: path(root, folder)).sorted().flatMap { name in
      // Hidden are what a save has not finished yet, and folders such as .git.
      if name.hasPrefix(".") { return [(file: String, seconds: Int)]() }
      let file = folder.isEmpty ? name : folder + "/" + name
      let whole = path(root, file)
      if POSIXFile.isDirectory(whole) {
        return POSIXFile.isLink(whole) ? [] : checkpoints(below: root, file)
      }
      guard name.hasSuffix(".safetensors") else { return [] }
      return [(file: file, seconds: POSIXFile.version(of: whole)?.seconds ?? 0)]
    }
  }

  private static func path(_ root: String, _ file: String) -> String {
    file.isEmpty ? root : root.hasSuffix("/") ? root + file : root + "/" + file
  }

  // MARK: For people

  private func table(_ report: Report) -> TerminalText {
    let header = ["file", "data set", "steps", "loss", "excess", "W2", "written"]
    let rows = report.runs.map { run in
      [
        Output.visible(run.file), run.dataset + (run.isStandardised ? " (standardised)" : ""),
        run.steps.map { "\($0)" } ?? "unknown", Runs.number(run.loss, 4),
        quick ? "" : Runs.number(run.excessLoss, 4), quick ? "" : Runs.number(run.w2, 3),
        Runs.time(run.written),
      ]
    }
    let columns = header.indices.filter { !quick || ![4, 5].contains($0) }
    let widths = columns.map { column in
      ([header] + rows).map { CellText.columns($0[column]) }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      zip(columns, widths).map { column, width in
        let space = String(repeating: " ", count: width - CellText.columns(cells[column]))
        return (2...5).contains(column) ? space + cells[column] : cells[column] + space
      }.joined(separator: "  ")
    }
    var lines = rows.map { TerminalText(line($0)) }
    if !rows.isEmpty { lines.insert(options.emphasised(line(header), .heading), at: 0) }
    lines += report.others.map {
      TerminalText("\(Output.visible($0.file)): \($0.kind): \(FileFailure.printable($0.reason))")
    }
    if lines.isEmpty { lines = [TerminalText("no checkpoint below \(Output.visible(folder))")] }
    return lines.lines
  }

  private static func number(_ value: Double?, _ decimals: Int) -> String {
    value.map { String(format: "%.\(decimals)f", $0) } ?? "unknown"
  }

  /// A time as people here write it: 2026-11-26 02:03.
  private static func time(_ date: Date) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm"
    return format.string(from: date)
  }
}

extension Runs {
  /// What `runs --json` prints, the newest first.
  fileprivate struct Report: Encodable {
    /// A checkpoint; an unknown number is null.
    struct Run: Encodable {
      let file, dataset: String
      let steps: Int?
      let loss, excessLoss, w2: Double?
      let isStandardised: Bool
      let written: Date

      init(_ file: String, _ summary: RunSummary, _ date: Date) {
        self.file = file
        dataset = summary.dataset ?? ""
        (steps, loss, excessLoss) = (summary.steps, summary.loss, summary.excess)
        (w2, isStandardised, written) = (summary.w2, summary.isStandardised, date)
      }

      enum CodingKeys: CodingKey {
        case file, dataset, steps, loss, excessLoss, w2, units, date
      }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(dataset, forKey: .dataset)
        try container.encode(steps, forKey: .steps)
        try container.encode(loss, forKey: .loss)
        try container.encode(excessLoss, forKey: .excessLoss)
        try container.encode(w2, forKey: .w2)
        try container.encode(Units.name(isStandardised: isStandardised), forKey: .units)
        try container.encode(written.formatted(.iso8601), forKey: .date)
      }
    }

    /// A safetensors file that is no checkpoint of this program, or one that cannot be read.
    struct Other: Encodable {
      let file, kind, reason: String
    }

    let folder: String
    var runs: [Run]
    var others: [Other]
  }
}
